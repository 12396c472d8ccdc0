# SPDX-License-Identifier: GPL-3.0-or-later
"""The holder of a refused name is asked who it is, and the event says why the
name could not be had."""

import shlex
import socket
import struct
import time

from aliases import running
from evidence import (ALIAS, DUPLICATE, UNKNOWN, all_refused, completed,
                      computer, names_of, status_requests, status_with, tool)
from lab import check, nbt, wait_for
from steps import (HOLDER, TERMINATED, alias_of, check_failed, check_running,
                   events, holder_of, pair, subnet_of, wait_state, wall_of)
from test_wins import OWNER, site

MAC = '02:00:00:00:00:01'


def _check_holder(event, cause, name, group='LAB', mac=MAC, address=HOLDER):
    holder = event['holder']
    check.equal((event['cause'], holder['address'], holder.get('computer'),
                 holder.get('group'), holder.get('mac')),
                (cause, address, name, group, mac), 'the holder and the cause')


# Who it is

def test_computer_of_the_same_name():
    """All of it: the first line at once, the facts later in the same record,
    in the log, in "events" and in explain."""
    with pair() as p:
        computer(p.peer, 'ALPHA')
        p.peer.hold('ALPHA', 3)
        # silent at first: it is asked again
        silence = p.peer.node_status(answer=lambda request: None)
        nmbd = p.nmbd({'messenger:own names': 'no'})
        nmbd.wait_log(TERMINATED)
        before = events(nmbd, 'service-failed')
        p.peer.forget(silence)
        check_failed(wait_state(nmbd, 'failed'))
        event = completed(nmbd)
        check.equal([(event.get('cause'), event['holder'])
                     for event in before], [(None, {'address': HOLDER})],
                    'the event before the holder has answered')
        _check_holder(event, DUPLICATE, 'ALPHA')
        check.equal(event['holder']['names'], names_of(p.peer), 'names')
        known = dict(event)
        known.pop('cause')
        known['holder'] = {'address': HOLDER}
        check.equal(known, before[0], 'the rest of the event')
        check.equal(len(events(nmbd, 'service-failed')), 1,
                    'service-failed events')
        # the log: the sentence at once, the facts by themselves
        first = nmbd.log_entries(TERMINATED)
        second = nmbd.log_entries(DUPLICATE)
        check.equal(([entry.level for entry in first],
                     [entry.level for entry in second]), ([0], [0]),
                    'levels of the log entries')
        check.lacks(first[0].text, 'Cause', 'the first entry')
        for word in (HOLDER, 'ALPHA', 'LAB', MAC, 'Give one of the two'):
            check.contains(second[0].text, word, 'the second entry')
        check.between(first[0].wall - wall_of(event['time']), -0.01, 0.3,
                      'seconds from the event to the first entry')
        asked = silence.requests[0].wall
        check.between(second[0].wall - asked, 0.45, 2.1,
                      'seconds from the first question to the second entry')
        # the ring as text
        text = nmbd.ask('events')
        for word in (TERMINATED, DUPLICATE, MAC):
            check.contains(text, word, 'events')
        # the list has all of it
        check.equal(subnet_of(alias_of(nmbd.json('list')))['holder'],
                    event['holder'], 'holder in the list')
        check.contains(nmbd.ask('status'), 'the computer ALPHA', 'status')
        check.equal(len(status_requests(p.peer)), 1, 'questions')


def test_other_computer():
    """Another name of its own, ours as <03>."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('ALPHA', 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        event = completed(nmbd)
        _check_holder(event, ALIAS, 'PLANT1')
        entry = nmbd.wait_log(ALIAS)
        check.contains(' '.join(entry.text.split()),
                       'PLANT1 (group LAB, MAC %s)' % MAC,
                       'log entry')
        check.equal(tool(p.alpha, 'explain').stdout, nmbd.ask('explain'),
                    'smbmessenger explain')


def test_causes():
    """What decides: a unique <00> or <20> that is the alias, in any place.
    Each alias is held by a host of its own, so that all is asked at once."""
    unique, group = 0, nbt.GROUP
    cases = {
        'SERVERONLY': ([('PLANT1', 0, unique), ('SERVERONLY', 0x20, unique),
                        ('SERVERONLY', 3, unique)], DUPLICATE, 'PLANT1'),
        'WORKSTATION': ([('SHOP', 0, group), ('WORKSTATION', 3, unique),
                         ('WORKSTATION', 0, unique)], DUPLICATE,
                        'WORKSTATION'),
        'GROUPNAME': ([('PLANT3', 0, unique), ('GROUPNAME', 0, group),
                       ('GROUPNAME', 3, unique)], ALIAS, 'PLANT3'),
        'LONGER': ([('LONGERNAME', 0, unique), ('LONGE', 0x20, unique),
                    ('LONGER', 3, unique)], ALIAS, 'LONGERNAME'),
        'NAMELESS': ([('NAMELESS', 3, unique)], ALIAS, None),
        'EMPTY': ([], UNKNOWN, None),
    }
    with pair() as p:
        for at, (alias, (listed, _, _)) in enumerate(cases.items()):
            peer = p.lab.host('H%d' % at, '10.88.0.%d/24' % (20 + at)).peer()
            peer.refuse(alias, 3)
            peer.node_status(answer=status_with(listed))
        nmbd = running(p, {'messenger:aliases': ' '.join(cases)})
        found = all_refused(nmbd, cases)
        for alias, (_, cause, name) in cases.items():
            event = found[alias]
            check.equal((event['cause'], event['holder'].get('computer')),
                        (cause, name), alias)
        check_running(nmbd.json('status'))


def test_second_samba_of_the_same_name():
    with pair() as p:
        other = p.lab.host('ALPHA2', '10.88.0.50/24')
        stock = other.nmbd({'netbios name': 'ALPHA'})
        stock.wait_for(lambda: p.client.query(p.alpha.broadcast, 'ALPHA', 3,
                                              True, 0.3), 8.0,
                       'the other Samba has ALPHA<03>')
        nmbd = p.nmbd()
        check_failed(wait_state(nmbd, 'failed'), other.address)
        event = completed(nmbd)
        # nmbd does not know its MAC address: zeros, which say nothing
        _check_holder(event, DUPLICATE, 'ALPHA', 'LAB', None, other.address)
        for name in ('ALPHA<00>', 'ALPHA<03>', 'ALPHA<20>', 'LAB<00>'):
            check.contains(event['holder']['names'], name, 'names')
        check.contains(nmbd.ask('explain'), 'netbios name', 'explain')


def test_samba_that_has_it_added():
    with pair() as p:
        other = p.lab.host('PLANT1', '10.88.0.50/24')
        theirs = other.nmbd({'messenger:aliases': 'ALPHA'}, 'messenger')
        theirs.wait_for(lambda: alias_of(theirs.json('list'))['state']
                        == 'registered', 5.0, 'PLANT1 has ALPHA<03>')
        nmbd = p.nmbd()
        check_failed(wait_state(nmbd, 'failed'), other.address)
        _check_holder(completed(nmbd), ALIAS, 'PLANT1', 'LAB', None,
                      other.address)
        text = ' '.join(nmbd.ask('explain').split())
        for word in ('PLANT1', 'net name ALPHA /delete', 'smbmessenger start'):
            check.contains(text, word, 'explain')
        # what it advises helps
        check.equal(theirs.json('delete ALPHA')['ok'], True, 'delete there')
        check.equal(tool(p.alpha, 'start').returncode, 0, 'exit status')
        check_running(wait_state(nmbd, 'running'))
        check.contains(nmbd.ask('explain'), 'nothing to do', 'explain')


def test_added_by_request():
    """A refusal by request: the event is completed, and it is in no list, but
    remembered."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('OPERATOR', 3)
        nmbd = running(p)
        answer = nmbd.json('add OPERATOR')
        check.equal((answer['ok'], holder_of(answer)), (False, HOLDER),
                    'json add')
        _check_holder(completed(nmbd, 'alias-refused', 'OPERATOR'), ALIAS,
                      'PLANT1')
        check.none([alias for alias in nmbd.json('list')['aliases']
                    if alias['name'] == 'OPERATOR'], 'of the list')
        check.equal([(finding['alias'], finding['cause'])
                     for finding in nmbd.json('explain')['findings']],
                    [('OPERATOR', ALIAS)], 'findings')


def test_explain():
    """For an alias of smb.conf: JSON and text, what it advises, what next."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        for name in ('OPERATOR', 'PLANT1'):
            p.peer.hold(name, 3)
        nmbd = running(p, {'messenger:aliases': 'OPERATOR PLANT1'})
        for name, cause in (('OPERATOR', ALIAS), ('PLANT1', DUPLICATE)):
            check.equal(completed(nmbd, 'alias-refused', name)['cause'],
                        cause, name)
        answer = nmbd.json('explain')
        check.equal(answer['state'], 'running', 'state')
        findings = {finding['alias']: finding
                    for finding in answer['findings']}
        check.equal(sorted(findings), ['OPERATOR', 'PLANT1'], 'findings')
        check.equal((findings['OPERATOR']['cause'],
                     findings['OPERATOR']['subnet'],
                     findings['OPERATOR']['rcode'],
                     findings['OPERATOR']['holder'],
                     findings['OPERATOR']['next']),
                    (ALIAS, '10.88.0.2', 6,
                     {'address': HOLDER, 'computer': 'PLANT1', 'group': 'LAB',
                      'mac': MAC, 'names': names_of(p.peer)},
                     'smbmessenger add OPERATOR'), 'the finding')
        check.equal(findings['PLANT1']['cause'], DUPLICATE, 'cause')
        text = nmbd.ask('explain')
        for line in text.splitlines():
            check.true(len(line) <= 80, 'columns of %r' % line)
            check.true(line.isprintable(), 'line %r' % line)
        for word in ('net name OPERATOR /delete', 'rename that computer',
                     'Then: smbmessenger add OPERATOR',
                     'the computer PLANT1 (group LAB, MAC %s)' % MAC):
            check.contains(' '.join(text.split()), word, 'explain')
        # the next command, typed, tells how it stands
        p.peer.drop('OPERATOR', 3)
        done = tool(p.alpha, *findings['OPERATOR']['next'].split()[1:])
        check.equal((done.returncode, done.stdout), (0, 'OPERATOR: added\n'),
                    'the next command')
        check.equal([finding['alias']
                     for finding in nmbd.json('explain')['findings']],
                    ['PLANT1'], 'findings')


# Who does not say

def test_silent_holder():
    """Unknown after 2 s, whatever is asked; one question, with the same
    transaction each time."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        p.peer.node_status(answer=lambda request: None)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        _check_holder(completed(nmbd), UNKNOWN, None, None, None)
        entry = nmbd.wait_log('Cause: unknown')
        first = nmbd.log_entries(TERMINATED)[0]
        check.between(entry.wall - first.wall, 1.9, 3.5,
                      'seconds from the first entry to the second')
        (asked,) = status_requests(p.peer).values()
        check.between(len(asked), 2, 4, 'requests')
        # it has just not answered that; and the look-up comes first
        text = nmbd.ask('explain')
        check.contains(text, 'First: ip neigh show %s\nThen: smbmessenger '
                             'start\n' % HOLDER, 'explain')
        check.lacks(text, 'nmblookup', 'explain')


def test_holder_without_name_service():
    """Its port is closed, and its host says so: no need to wait."""
    with pair() as p:
        charlie = p.lab.host('CHARLIE', '10.88.0.20/24')

        def answer(request):
            refusal = nbt.registration_reply(request, nbt.ACT_ERR)
            with charlie.namespace.socket(socket.AF_INET,
                                          socket.SOCK_DGRAM) as sock:
                sock.bind((charlie.address, nbt.PORT))
                sock.sendto(nbt.encode(refusal), (p.alpha.address, nbt.PORT))

        p.peer.on(nbt.REGISTRATIONS, 'ALPHA', 3, answer)
        nmbd = p.nmbd()
        check_failed(wait_state(nmbd, 'failed'), charlie.address)
        _check_holder(completed(nmbd), UNKNOWN, None, None, None,
                      charlie.address)
        entry = nmbd.wait_log('Cause: unknown')
        first = nmbd.log_entries(TERMINATED)[0]
        check.between(entry.wall - first.wall, -0.01, 1.0,
                      'seconds from the first entry to the second')


def test_one_question_at_a_time():
    """Sixty names are refused at once by one holder, which is slow: never
    are two questions under way, and each event gets its answer."""
    names = ['NAME%02d' % at for at in range(60)]
    with pair() as p:
        computer(p.peer, 'PLANT1')
        for name in names:
            p.peer.hold(name, 3)
        p.peer.node_status(answer=lambda request: [
            (0.3, nbt.node_status_reply(request, p.peer.listed(),
                                        p.peer.mac))])
        nmbd = running(p, {'messenger:aliases': ' '.join(names)})

        found = all_refused(nmbd, names, 8.0)
        check.equal({event['cause'] for event in found.values()}, {ALIAS},
                    'causes')
        spans = sorted((asked[0].time, asked[-1].time)
                       for asked in status_requests(p.peer).values())
        check.between(len(spans), 1, 20, 'questions')
        for (_, last), (following, _) in zip(spans, spans[1:]):
            check.true(following > last + 0.29,
                       'the answer comes before the next question: %s'
                       % spans)


def test_many_holders():
    """Forty names are refused at once from forty addresses, every other one of
    which is silent: not all are asked at once, but each is asked."""
    names = ['NAME%02d' % at for at in range(40)]
    address = {name: '10.88.0.%d' % (100 + at)
               for at, name in enumerate(names)}
    held = {each: name for name, each in address.items()}
    with pair() as p:
        p.bravo.namespace.ip(*['addr add %s/24 dev eth0' % each
                               for each in address.values()])

        def send(source, to, packet):
            with p.bravo.namespace.socket(socket.AF_INET,
                                          socket.SOCK_DGRAM) as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                sock.bind((source, nbt.PORT))
                sock.sendto(nbt.encode(packet), to)

        def refuse(request):
            source = address.get(request.name.text)
            if source is not None:
                send(source, (p.alpha.address, nbt.PORT),
                     nbt.registration_reply(request, nbt.ACT_ERR))

        def say_who(request):
            asked = p.peer.node_status_requests()[-1]
            if int(asked.destination.split('.')[3]) % 2:
                send(asked.destination, (asked.source, asked.source_port),
                     nbt.node_status_reply(request, [
                         nbt.Listed(nbt.Name('PLANT1', 0)),
                         nbt.Listed(nbt.Name(held[asked.destination], 3))]))

        p.peer.on(nbt.REGISTRATIONS, None, 3, refuse)
        p.peer.node_status(answer=say_who)
        nmbd = running(p, {'messenger:aliases': ' '.join(names)})
        for name, event in all_refused(nmbd, names, 10.0).items():
            check.equal((event['holder']['address'], event['cause']),
                        (address[name], ALIAS if names.index(name) % 2
                         else UNKNOWN), name)


# Who talks nonsense

def _bad_answers(good):
    """{name: answer() for a node status} of what must not be believed."""
    def thousand(request):
        return nbt.node_status_reply(request, [
            nbt.Listed(nbt.Name('N%04d' % at, 0)) for at in range(1000)])

    def cut(request):
        raw = nbt.encode(good(request))
        return [raw[:size] for size in range(0, len(raw) - 46, 7)]

    def wrong_transaction(request):
        reply = good(request)
        reply.id ^= 0x5555
        return reply

    def lying_count(request):
        reply = good(request)
        data = bytearray(reply.answers[0].rdata)
        data[0] = 255
        reply.answers[0].rdata = bytes(data)
        return reply

    def negative(request):
        return nbt.negative_query_reply(request)

    def other_type(request):
        reply = good(request)
        reply.answers[0].type = nbt.TYPE_NB
        return reply

    def request_again(request):
        return nbt.node_status_request(request.id)

    return {
        'THOUSAND': thousand,
        'CUT': cut,
        'TRANSACTION': wrong_transaction,
        'COUNT': lying_count,
        'NEGATIVE': negative,
        'TYPE': other_type,
        'REQUEST': request_again,
        'GARBAGE': lambda request: [
            raw for raw in nbt.garbage(good(request))
            if raw[13:45] == nbt.encode(good(request))[13:45]],
        'NOTHING': lambda request: b'',
        'LATE': lambda request: [(2.6, good(request))],
    }


def _odd_answers(good):
    """{name: answer() for a node status} of what may be believed: what it
    says of names is well formed, but the name it is about is not."""
    def bad_name(request):
        raw = nbt.encode(good(request))
        return raw[:13] + b'\xff' * 32 + raw[45:]

    def long_pointer(request):
        raw = nbt.encode(good(request))
        return raw[:12] + b'\xff\xff' + raw[46:]

    return {
        'LOOPING': lambda request: nbt.looping_name(good(request)),
        'LEADINGAWAY': long_pointer,
        'BADNAME': bad_name,
    }


def test_nonsense():
    """Nothing of it is believed, and nothing of it harms: each from a host
    of its own, all at once."""
    good = status_with([('PLANT1', 0, 0), ('LAB', 0, nbt.GROUP)])
    bad = _bad_answers(good)
    with pair() as p:
        rules = []
        for at, (alias, answer) in enumerate(bad.items()):
            peer = p.lab.host('H%d' % at, '10.88.0.%d/24' % (20 + at)).peer()
            peer.refuse(alias, 3)
            rules.append(peer.node_status(answer=answer))
        nmbd = running(p, {'messenger:aliases': ' '.join(bad)})
        for alias, event in all_refused(nmbd, bad).items():
            check.equal((event['cause'], event['holder'].get('names')),
                        (UNKNOWN, None), alias)
        for alias, rule in zip(bad, rules):
            check.true(rule.requests, 'requests to the holder of ' + alias)
        wait_for(lambda: rules[-1].replies, 3.0, 'the late answer')
        p.check_answered()
        check.equal(completed(nmbd, 'alias-refused', 'LATE')['cause'],
                    UNKNOWN, 'cause after the late answer')


def test_names_that_lead_nowhere():
    good = status_with([('PLANT1', 0, 0), ('LAB', 0, nbt.GROUP)]
                       + [(alias, 3, 0) for alias in _odd_answers(None)])
    odd = _odd_answers(good)
    with pair() as p:
        for at, (alias, answer) in enumerate(odd.items()):
            peer = p.lab.host('H%d' % at, '10.88.0.%d/24' % (20 + at)).peer()
            peer.refuse(alias, 3)
            peer.node_status(answer=answer)
        nmbd = running(p, {'messenger:aliases': ' '.join(odd)})
        for alias, event in all_refused(nmbd, odd).items():
            check.contains((UNKNOWN, ALIAS), event['cause'], alias)
            check.contains((None, 'PLANT1'),
                           event['holder'].get('computer'), alias)
        p.check_answered()


def test_the_truth_after_nonsense():
    """A good answer behind bad ones is taken, each question anew."""
    with pair() as p:
        good = status_with([('PLANT1', 0, 0), ('LAB', 0, nbt.GROUP),
                            ('ALPHA', 3, 0)])
        bad = _bad_answers(good)

        def answer(request):
            out = []
            for alias in ('CUT', 'TRANSACTION', 'COUNT', 'TYPE',
                          'REQUEST', 'GARBAGE', 'THOUSAND'):
                replies = bad[alias](request)
                out += replies if isinstance(replies, list) else [replies]
            return out + [good(request)]

        p.peer.refuse('ALPHA', 3)
        p.peer.node_status(answer=answer)
        nmbd = p.nmbd()
        for number in range(1, 4):
            wait_state(nmbd, 'failed')
            _check_holder(completed(nmbd), ALIAS, 'PLANT1')
            check.equal(len(events(nmbd, 'service-failed')), number, 'events')
            nmbd.ask('start')


def test_answers_of_others():
    """A third host that guesses the port, and even knows the transaction, is
    not believed."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('ALPHA', 3)
        liar = p.lab.host('CHARLIE', '10.88.0.20/24')
        sock = liar.namespace.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((liar.address, nbt.PORT))
        lie = status_with([('LIAR', 0, 0)])
        told = []

        def answer(request):
            asked = p.peer.node_status_requests()[-1]
            raw = nbt.encode(lie(request))
            sock.sendto(raw, (p.alpha.address, asked.source_port))
            sock.sendto(raw, (p.alpha.address, nbt.PORT))
            told.append(asked)
            return [(0.2, nbt.node_status_reply(request, p.peer.listed(),
                                                p.peer.mac))]

        with sock:
            p.peer.node_status(answer=answer)
            nmbd = p.nmbd()
            wait_state(nmbd, 'failed')
            _check_holder(completed(nmbd), ALIAS, 'PLANT1')
            check.true(told, 'lies')


def test_as_many_names_as_there_can_be():
    """255 names, for thirty refused aliases: the answer to "events" has them
    all."""
    names = ['NAME%02d' % at for at in range(30)]
    listed = ([('PLANT1', 0, 0), ('LAB', 0, nbt.GROUP)]
              + [('SERVICE%03d' % at, 0x40, 0) for at in range(253)])
    with pair() as p:
        for name in names:
            p.peer.refuse(name, 3)
        p.peer.node_status(answer=status_with(listed))
        nmbd = running(p, {'messenger:aliases': ' '.join(names)})
        for event in all_refused(nmbd, names).values():
            _check_holder(event, ALIAS, 'PLANT1')
            check.equal(len(event['holder']['names']), 255, 'names')
        done = tool(p.alpha, '--json', 'explain')
        check.equal(done.returncode, 0, 'exit status of explain')
        check.equal(done.stdout.count('SERVICE252<40>'), 30,
                    'names in explain')


def _controls(text):
    return [char for char in text
            if char < ' ' or '\x7f' <= char < '\xa0']


def test_names_that_try_to_write_the_log():
    """Control characters, quotes and bytes of no charset: one entry in the
    log, and JSON."""
    odd = b'EVIL\n[20/1] "\\'

    def answer(request):
        entries = (odd.ljust(15, b' ') + b'\0' + struct.pack('>H', 0x0400)
                   + b'\xff\xfe\x1b[2J\r\n\t\x7f\x00ABCD' + b'\0'
                   + struct.pack('>H', 0x8400)
                   + nbt.name_bytes(nbt.Name('ALPHA', 3))
                   + struct.pack('>H', 0x0400))
        reply = nbt.node_status_reply(request, [])
        reply.answers[0].rdata = (b'\x03' + entries + b'\x02\0\0\0\0\x01'
                                  + b'\0' * 40)
        return reply

    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        p.peer.node_status(answer=answer)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        event = completed(nmbd)
        check.equal(event['cause'], ALIAS, 'cause')
        for text in ([event['holder']['computer'], event['holder']['group']]
                     + event['holder']['names']):
            check.none(_controls(text), 'control characters in %r' % text)
        entry = nmbd.wait_log('EVIL')
        check.contains(entry.text, ALIAS, 'the entry')
        check.lacks(nmbd.log, '\x1b', 'log')
        for line in nmbd.ask('explain').split('\n'):
            check.none(_controls(line), 'control characters in %r' % line)


# WINS

def test_wins():
    """The owner is behind a router, and WINS has said who it is."""
    with site() as s:
        s.owner('OPERATOR')
        second = s.far('PLANT1', '10.89.0.7')
        theirs = second.nmbd({'wins server': '10.89.0.3',
                              'messenger:aliases': 'HELPDESK'}, 'messenger')
        theirs.wait_for(lambda: s.in_wins('HELPDESK'), 5.0,
                        'HELPDESK is in WINS')
        nmbd = s.nmbd({'messenger:aliases': 'OPERATOR HELPDESK'})
        event = completed(nmbd, 'alias-refused', 'OPERATOR')
        check.equal((event['cause'], event['holder']['address'],
                     event['holder']['computer'], event['holder']['group'],
                     event['subnet']),
                    (DUPLICATE, OWNER, 'CHARLIE', 'LAB', 'UNICAST_SUBNET'),
                    'the holder of OPERATOR')
        event = completed(nmbd, 'alias-refused', 'HELPDESK')
        check.equal((event['cause'], event['holder']['address'],
                     event['holder']['computer']),
                    (ALIAS, second.address, 'PLANT1'),
                    'the holder of HELPDESK')


def test_wins_computer_name():
    with site() as s:
        s.owner('ALPHA')
        nmbd = s.nmbd(running=False)
        wait_state(nmbd, 'failed', 5.0)
        event = completed(nmbd)
        check.equal((event['cause'], event['holder']['address'],
                     event['holder']['computer']),
                    (DUPLICATE, OWNER, 'CHARLIE'), 'the holder of ALPHA')


# What becomes of questions under way

def test_nmbd_ends_while_it_asks():
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        rule = p.peer.node_status(answer=lambda request: None)
        nmbd = p.nmbd()
        wait_for(lambda: rule.requests, 5.0, 'the question')
        started = time.monotonic()
        check.equal(nmbd.stop(), 0, 'exit status')
        check.between(time.monotonic() - started, 0, 1.5, 'seconds to end')


def test_held_again_before_the_answer():
    """The alias is ours by the time the holder answers: the event is
    completed, the alias is not touched."""
    with pair() as p:
        rule = p.peer.refuse('ALPHA', 3)
        p.peer.node_status(answer=lambda request: [
            (1.5, nbt.node_status_reply(request, [
                nbt.Listed(nbt.Name('PLANT1', 0)),
                nbt.Listed(nbt.Name('ALPHA', 3))]))])
        nmbd = p.nmbd()
        nmbd.wait_log(TERMINATED)
        p.peer.forget(rule)
        nmbd.ask('start')
        check_running(wait_state(nmbd, 'running'))
        check.equal(completed(nmbd)['cause'], ALIAS, 'cause')
        check_running(nmbd.json('status'))
        check.contains(nmbd.ask('explain'), 'nothing to do', 'explain')


def test_advice_for_an_alias_that_is_in_no_list():
    """One that was added by request and refused is gone: explain and status
    speak of it for an hour, and the log says itself what to do."""
    with pair() as p:
        p.peer.hold('PLANT1', 0x00)
        p.peer.hold('HELPDESK', 0x03)
        nmbd = p.nmbd({'log level': '1'})
        wait_state(nmbd, 'running')
        check.equal(nmbd.json('add HELPDESK')['code'], 2297, 'code')
        entry = nmbd.wait_log('Cause: alias-of-another-computer')
        check.contains(' '.join(entry.text.split()),
                       'delete the alias there (Windows: net name HELPDESK '
                       '/delete); or choose another alias here.', 'the entry')
        (finding,) = nmbd.json('explain')['findings']
        check.equal((finding['alias'], finding['kind'],
                     finding['holder']['computer'], finding['next']),
                    ('HELPDESK', 'added', 'PLANT1',
                     'smbmessenger add HELPDESK'), 'the finding')
        check.true('requested' in finding, 'when it was asked for')
        check.contains(nmbd.ask('explain'), 'HELPDESK was asked for at ',
                       'explain')
        check.lacks(nmbd.ask('explain'), 'nothing to do', 'explain')
        for words in ('HELPDESK<03>', 'What to do: smbmessenger explain'):
            check.contains(nmbd.ask('status'), words, 'status')
        check.equal(nmbd.json('status')['condition'], 'well', 'condition')
        nmbd.ask('delete HELPDESK')
        check.contains(nmbd.ask('explain'), 'nothing to do', 'explain')


def test_requests_that_nobody_refused():
    """No name, and no room: explain has them, too, whoever asked."""
    with pair() as p:
        nmbd = p.nmbd({'messenger:max aliases': '1'})
        wait_state(nmbd, 'running')
        check.equal(nmbd.json('add DAY')['code'], 0, 'code')
        check.equal(nmbd.json('add *X')['code'], 123, 'code')
        check.equal(nmbd.json('add NIGHT')['code'], 2277, 'code')
        check.equal([(finding['alias'], finding['state'], finding['code'])
                     for finding in nmbd.json('explain')['findings']],
                    [('*X', 'invalid', 123), ('NIGHT', 'refused', 2277)],
                    'findings')
        text = ' '.join(nmbd.ask('explain').split())
        check.contains(text, 'First: smbmessenger list Then: smbmessenger '
                             'add NIGHT', 'explain')
        nmbd.ask('delete DAY')
        check.equal(nmbd.json('add NIGHT')['code'], 0, 'code')
        check.equal([finding['alias'] for finding
                     in nmbd.json('explain')['findings']], ['*X'],
                    'findings')


def test_commands_can_be_typed():
    """A name is whatever somebody called it; root types what is printed."""
    with pair() as p:
        names = ('$(ID)', "A'B", 'A B')
        for name in names:
            p.peer.refuse(name, 3)
        nmbd = p.nmbd({'messenger:aliases':
                       ' '.join('"%s"' % name for name in names)})
        wait_state(nmbd, 'running')
        nmbd.wait_for(lambda: len(nmbd.json('explain')['findings']) ==
                      len(names), 4.0, 'all of them are refused')
        for finding in nmbd.json('explain')['findings']:
            check.equal(shlex.split(finding['next']),
                        ['smbmessenger', 'add', finding['alias']],
                        'words of the command')
