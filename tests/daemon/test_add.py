# SPDX-License-Identifier: GPL-3.0-or-later
"""Aliases added and deleted by request: every code, all subnets or none."""

from aliases import (ADDED, NOT_STARTED, SUCCESS, Request, about, check_code,
                     nets, released, running, subnets_of, table, verdict,
                     wait_seen, wait_table)
from evidence import computer
from lab import check, nbt
from steps import (ADDRESS, HOLDER, alias_of, check_running, events, pair,
                   subnet_of, wait_state)

DUPLICATE = (2297, 'NERR_DuplicateName')


# Granted

def test_granted():
    with pair() as p:
        nmbd = running(p)
        check.equal(nmbd.ask('add operator'), 'operator: added\n', 'answer')
        # the answer came when the outcome was known
        alias = alias_of(nmbd.json('list'), 'OPERATOR')
        check.equal((alias['kind'], alias['state']), ('added', 'registered'),
                    'kind and state')
        check.equal(subnet_of(alias)['state'], 'registered', 'on the subnet')
        check.equal(len(p.capture.registrations('OPERATOR', 3)), 3,
                    'requests')
        check.none(p.capture.registrations('OPERATOR', 0), 'requests for <00>')
        check.none(p.capture.registrations('OPERATOR', 0x20),
                   'requests for <20>')
        p.check_answered('OPERATOR')
        check_running(nmbd.json('status'))
        added = events(nmbd, 'alias-registered')[-1]
        check.equal((added['alias'], added['kind']), ('OPERATOR', 'added'),
                    'the event')
        text = p.bravo.nmblookup('-A', ADDRESS)
        check.contains(text, 'OPERATOR        <03>', 'nmblookup -A')
        text = p.bravo.nmblookup('-B', p.alpha.broadcast, 'OPERATOR#03')
        check.contains(text, ADDRESS + ' OPERATOR<03>', 'nmblookup')


@check.alone
def test_granted_within_a_second():
    """RFC 1002's 0.75 s from the first request to the answer."""
    with pair() as p:
        nmbd = running(p)
        request = Request(nmbd, 'add OPERATOR')
        check.equal(verdict(request.answer()), SUCCESS, 'answer')
        first = p.capture.registrations('OPERATOR', 3)[0]
        check.between(request.answered - first.time, 0.70, 1.0,
                      'seconds from the first request to the answer')
        check.between(first.time - request.sent, 0.0, 0.3,
                      'seconds from the order to the first request')


def test_granted_on_three_subnets():
    with nets(3) as p:
        nmbd = running(p)
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        check.equal(subnets_of(nmbd, 'OPERATOR'),
                    {address: 'registered' for address in p.addresses},
                    'subnets')
        p.check_answered('OPERATOR')
        p.check_claimed('OPERATOR')


def test_several_at_a_time():
    """They do not wait for one another: eight in the time of one; and each
    gets its own answer."""
    with pair() as p:
        p.peer.refuse('THREE', 3)
        p.peer.refuse('SIX', 3, delay=0.1)
        nmbd = running(p)
        names = ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE', 'SIX', 'SEVEN',
                 'EIGHT']
        requests = [Request(nmbd, 'add ' + name) for name in names]
        for name, request in zip(names, requests):
            expected = SUCCESS
            if name in ('THREE', 'SIX'):
                expected = (False,) + DUPLICATE + (HOLDER,)
            answer = request.answer()
            check.equal(verdict(answer), expected, 'answer for ' + name)
            check.equal(answer['name'], name, 'name in the answer')
        check.between(max(request.answered for request in requests)
                      - requests[0].sent, 0.7, 3.0,
                      'seconds from the first order to the last answer')
        wait_table(nmbd, {name: ('added', 'registered') for name in names
                          if name not in ('THREE', 'SIX')})
        p.check_silent('THREE')
        p.check_silent('SIX')
        p.check_answered('EIGHT')


def test_names():
    """Upper-cased as nmbd does it, up to 15 bytes in the DOS charset."""
    with pair() as p:
        nmbd = running(p)
        given = {'fifteen-letters': 'FIFTEEN-LETTERS',
                 'Help Desk 2': 'HELP DESK 2',
                 'j\u00fcrgen\u00e4\u00f6\u00fc\u00c4\u00d6\u00dc'
                 '\u00e9\u00e8\u00e0':
                 'J\u00dcRGEN\u00c4\u00d6\u00dc\u00c4\u00d6\u00dc\u00c9'
                 '\u00c8\u00c0',
                 "o'neill!#$%&()-": "O'NEILL!#$%&()-",
                 'a': 'A'}
        requests = {name: Request(nmbd, 'add ' + name) for name in given}
        for name, request in requests.items():
            check.equal(verdict(request.answer()), SUCCESS,
                        'answer for ' + name)
        wait_table(nmbd, {name: ('added', 'registered')
                          for name in given.values()})
        for name in given.values():
            p.check_answered(name)
        for name, upper in given.items():
            for form in (name, upper):
                check.equal(verdict(nmbd.json('add ' + form))[1], 2276,
                            'code for ' + form)
        check.equal(nmbd.json('delete Help desk 2')['ok'], True, 'delete')
        p.check_silent('HELP DESK 2')


# Refused

def test_refused():
    with pair() as p:
        p.peer.refuse('OPERATOR', 3)
        nmbd = running(p)
        check.equal(verdict(nmbd.json('add OPERATOR')),
                    (False,) + DUPLICATE + (HOLDER,), 'answer')
        check.equal(list(table(nmbd)), ['ALPHA'], 'aliases')
        p.check_silent('OPERATOR')
        refused = events(nmbd, 'alias-refused')
        check.equal([(event['alias'], event['kind'], event['code'],
                      event['code_name'], event['subnet'], event['rcode'],
                      event['holder']['address']) for event in refused],
                    [('OPERATOR', 'added') + DUPLICATE
                     + (ADDRESS, 6, HOLDER)], 'alias-refused events')
        # never fatal to the service
        check_running(nmbd.json('status'))
        check.none(events(nmbd, 'service-failed'), 'service-failed')
        check.none(events(nmbd, 'alias-lost'), 'alias-lost')
        check_code(nmbd, 'add OPERATOR', *DUPLICATE, holder=HOLDER)
        check_code(nmbd, 'delete OPERATOR', 2285, 'NERR_NotLocalName')


@check.alone
def test_refused_at_once():
    with pair() as p:
        rule = p.peer.refuse('OPERATOR', 3)
        nmbd = running(p)
        request = Request(nmbd, 'add OPERATOR')
        check.equal(verdict(request.answer()),
                    (False,) + DUPLICATE + (HOLDER,), 'answer')
        check.between(request.answered - rule.first_reply()[0], 0.0, 0.2,
                      'seconds from the refusal to the answer')
        check.equal(len(rule.requests), 1, 'requests that the peer got')
        # what needs no network is answered at once as well; to start the
        # process that asks may take longer than that on a busy machine
        for text in ('add ALPHA', 'delete NOBODY', 'delete ALPHA', 'add *'):
            took = []
            for _ in range(3):
                request = Request(nmbd, text)
                request.answer()
                took.append(request.answered - request.sent)
            check.between(min(took), 0.0, 0.2, 'seconds for ' + text)


def test_refused_with_any_code_and_at_any_time():
    with pair() as p:
        names = ['POLICY', 'CONFLICT', 'BBIT', 'TWICE', 'SECOND', 'LATE']
        p.peer.refuse('POLICY', 3, rcode=nbt.RFS_ERR)
        p.peer.refuse('CONFLICT', 3, rcode=nbt.CFT_ERR)
        p.peer.refuse('BBIT', 3, b_bit=True)
        p.peer.refuse('TWICE', 3, times=2)
        p.peer.refuse('SECOND', 3, only=[2])
        p.peer.refuse('LATE', 3, only=[3], delay=0.1)
        nmbd = running(p)
        requests = [Request(nmbd, 'add ' + name) for name in names]
        for name, request in zip(names, requests):
            check.equal(verdict(request.answer()),
                        (False,) + DUPLICATE + (HOLDER,), 'for ' + name)
        check.equal(list(table(nmbd)), ['ALPHA'], 'aliases')
        for name in names:
            p.check_silent(name)
        check.equal({event['alias']: event['rcode']
                     for event in events(nmbd, 'alias-refused')},
                    {'POLICY': 5, 'CONFLICT': 7, 'BBIT': 6, 'TWICE': 6,
                     'SECOND': 6, 'LATE': 6}, 'rcodes of the events')
        check.equal(len(events(nmbd, 'alias-refused')), len(names), 'events')


def test_refused_then_free():
    """Another try is all it takes when the holder has gone."""
    with pair() as p:
        p.peer.hold('OPERATOR', 3)
        nmbd = running(p)
        check_code(nmbd, 'add OPERATOR', *DUPLICATE, holder=HOLDER)
        p.peer.drop('OPERATOR', 3)
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        p.check_answered('OPERATOR')


def test_refused_by_a_real_nmbd():
    """The holder is another stock nmbd, and one with the module."""
    with pair() as p:
        charlie = p.lab.host('CHARLIE', '10.88.0.3/24')
        delta = p.lab.host('DELTA', '10.88.0.4/24')
        stock = charlie.nmbd({'netbios aliases': 'OPERATOR'})
        other = delta.nmbd(modules='messenger')
        nmbd = running(p)
        wait_state(other, 'running')
        check.equal(verdict(other.json('add HELPDESK')), SUCCESS, 'HELPDESK')
        check_code(nmbd, 'add HELPDESK', *DUPLICATE, holder='10.88.0.4')
        stock.wait_for(lambda: p.client.query(p.alpha.broadcast, 'OPERATOR',
                                              3, True, 0.3), 8.0,
                       'stock nmbd holds OPERATOR')
        check_code(nmbd, 'add OPERATOR', *DUPLICATE, holder='10.88.0.3')
        check.equal(list(table(nmbd)), ['ALPHA'], 'aliases')
        # the next host gets it when the one before deletes it
        check.equal(other.json('delete HELPDESK')['ok'], True, 'delete')
        check.equal(verdict(nmbd.json('add HELPDESK')), SUCCESS, 'answer')
        check_code(other, 'add HELPDESK', *DUPLICATE, holder=ADDRESS)


# All subnets or none

def _rollback(number, **how):
    with nets(3) as p:
        nmbd = running(p)
        holder = p.nets[number]
        rule = holder.peer.refuse('OPERATOR', 3, **how)
        check.equal(verdict(nmbd.json('add OPERATOR')),
                    (False,) + DUPLICATE + (holder.holder,), 'answer')
        rule.first_reply()
        p.wait_silent(nmbd, 'OPERATOR')
        check.equal(list(table(nmbd)), ['ALPHA'], 'aliases')
        refused = events(nmbd, 'alias-refused')
        check.equal([(event['alias'], event['subnet'],
                      event['holder']['address']) for event in refused],
                    [('OPERATOR', holder.address, holder.holder)],
                    'alias-refused events')
        check.none(released(p.capture, 'OPERATOR', holder.interface),
                   'releases where it was refused')
        check_running(nmbd.json('status'), p.addresses)
        p.check_answered('ALPHA')
        # nothing of it is left to wake up later
        sent = len(p.capture.registrations('OPERATOR', 3))
        check.equal(verdict(nmbd.json('add OTHER')), SUCCESS, 'OTHER')
        check.equal(len(p.capture.registrations('OPERATOR', 3)), sent,
                    'requests for OPERATOR after the refusal')
        p.check_silent('OPERATOR')
        # and nothing stands in the way of another try
        holder.peer.forget(rule)
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        p.check_answered('OPERATOR')


def test_rollback_at_once():
    _rollback(1)


def test_rollback_first_subnet():
    _rollback(0)


def test_rollback_at_the_second_request():
    _rollback(2, only=[2])


def test_rollback_in_the_last_moment():
    """When the others have almost granted it."""
    _rollback(1, only=[3], delay=0.2)


def test_rollback_after_grants():
    """Granted by broadcast, then refused in WINS, which took its time: now
    others may have heard of it, so it is released on the net."""
    def answer(request):
        if request.broadcast:
            return None
        if request.name[:2] == ('OPERATOR', 3):
            return [(2.0, nbt.registration_reply(request, nbt.ACT_ERR))]
        return nbt.registration_reply(request, 0, ttl=600)

    with nets(2) as p:
        wins = p.nets[0]
        wins.peer.on(nbt.REGISTRATIONS, None, None, answer)
        wins.peer.on({nbt.QUERY}, None, 3, lambda request: (
            None if request.broadcast
            else nbt.negative_query_reply(request)))
        wins.host.namespace.ip('route add %s/32 via %s'
                               % (p.nets[1].address, wins.address))
        nmbd = p.nmbd({'wins server': wins.holder})
        wait_state(nmbd, 'running', 6.0)
        request = Request(nmbd, 'add OPERATOR')
        for net in p.nets:
            nmbd.wait_for(lambda: net.broadcast_answer('OPERATOR'), 2.5,
                          'granted on ' + net.interface)
        check.equal(verdict(request.answer()), SUCCESS, 'answer')
        check.equal(subnets_of(nmbd, 'OPERATOR')['UNICAST_SUBNET'],
                    'registering', 'state in WINS while that thinks')
        wait_table(nmbd, {'OPERATOR': ('added', 'refused')})
        check.equal([(event['alias'], event['code'], event['subnet'])
                     for event in events(nmbd, 'alias-lost')],
                    [('OPERATOR', 2297, 'UNICAST_SUBNET')], 'alias-lost')
        p.wait_silent(nmbd, 'OPERATOR')
        for net in p.nets:
            wait_seen(lambda: released(p.capture, 'OPERATOR', net.interface),
                      1, 'releases on ' + net.interface)


# Deleted

def test_deleted():
    with pair() as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        p.check_answered('OPERATOR')
        check.equal(nmbd.ask('delete operator'), 'operator: deleted\n',
                    'answer')
        check.equal(list(table(nmbd)), ['ALPHA'], 'aliases')
        p.check_silent('OPERATOR')
        check_code(nmbd, 'delete OPERATOR', 2285, 'NERR_NotLocalName')
        gone = events(nmbd, 'alias-released')
        check.equal([(event['alias'], event['kind']) for event in gone],
                    [('OPERATOR', 'added')], 'alias-released events')
        nmbd.ask('add OPERATOR')
        p.check_answered('OPERATOR')
        wait_table(nmbd, ADDED)


def test_released_by_broadcast_when_deleted():
    """One release per subnet, as RFC 1002 asks and stock nmbd omits."""
    with nets(2) as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        nmbd.ask('delete OPERATOR')
        p.check_silent('OPERATOR')
        # by then a repetition would have come
        nmbd.ask('add OTHER')
        nmbd.ask('delete OTHER')
        for net in p.nets:
            seen = released(p.capture, 'OPERATOR', net.interface)
            check.equal(len(seen), 1, 'releases on ' + net.interface)
            packet = seen[0].packet
            check.equal((seen[0].source, seen[0].destination,
                         nbt.nb_addresses(packet.additional[0].rdata)),
                        (net.address, net.broadcast, [net.address]),
                        'source, destination and address of the release')
        check.none([seen for seen in p.capture.requests({nbt.RELEASE})
                    if seen.packet.name.suffix != 3],
                   'releases of other names')


def _released_at_the_end(end):
    with nets(2) as p:
        nmbd = running(p)
        requests = [Request(nmbd, 'add ' + name)
                    for name in ('OPERATOR', 'HELPDESK')]
        for request in requests:
            check.equal(verdict(request.answer()), SUCCESS, request.text)
        check.equal(end(nmbd), 0, 'exit status')
        for name in ('ALPHA', 'OPERATOR', 'HELPDESK'):
            for net in p.nets:
                wait_seen(lambda: released(p.capture, name, net.interface), 1,
                          'releases of %s on %s' % (name, net.interface))


def test_released_by_broadcast_at_sigterm():
    _released_at_the_end(lambda nmbd: nmbd.stop())


def test_released_by_broadcast_at_shutdown():
    _released_at_the_end(lambda nmbd: nmbd.shutdown())


def test_released_by_broadcast_at_stop():
    with nets(2) as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        nmbd.ask('stop')
        for name in ('ALPHA', 'OPERATOR'):
            for net in p.nets:
                wait_seen(lambda: released(p.capture, name, net.interface), 1,
                          'releases of %s on %s' % (name, net.interface))
            p.check_silent(name)
        check.equal(table(nmbd), {}, 'aliases')


# Real names

def test_defended():
    """Against other registrants, as long as it is held and no longer."""
    with pair() as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        replies = p.client.register(p.alpha.broadcast, 'OPERATOR', 3)
        check.equal([(seen.source, seen.packet.rcode) for seen in replies],
                    [(ADDRESS, 6)], 'replies to a registration')
        # and against a release by somebody else
        p.peer.send(p.alpha.broadcast, nbt.release(
            7, nbt.Name('OPERATOR', 3), HOLDER))
        p.check_answered('OPERATOR')
        check.equal(table(nmbd)['OPERATOR'], ('added', 'registered'), 'state')
        nmbd.ask('delete OPERATOR')
        check.none(p.client.register(p.alpha.broadcast, 'OPERATOR', 3, 0.3),
                   'replies after it was deleted')


# Codes that need no refusal

def test_codes():
    with pair() as p:
        nmbd = running(p, {'messenger:max aliases': '3'})
        check_code(nmbd, 'add ALPHA', 2276, 'NERR_AlreadyExists')
        check_code(nmbd, 'delete ALPHA', 2278, 'NERR_DelComputerName')
        check_code(nmbd, 'delete NOBODY', 2285, 'NERR_NotLocalName')
        for name in ('SIXTEEN-LETTERS-', 'X' * 200):
            for verb in ('add ', 'delete '):
                check_code(nmbd, verb + name, 87, 'ERROR_INVALID_PARAMETER')
        check_code(nmbd, 'add *', 123, 'ERROR_INVALID_NAME')
        for name in ('*OPERATOR', 'OPER*TOR', 'A/B', 'A\\B', 'A:B', 'A?B',
                     'A"B', 'A<B', 'A>B', 'A|B', '\u4f60\u597d'):
            for verb in ('add ', 'delete '):
                check_code(nmbd, verb + name, 123, 'ERROR_INVALID_NAME')
        check.equal(list(table(nmbd)), ['ALPHA'], 'aliases')
        check.none(p.capture.registrations(None, 3, ADDRESS)[3:],
                   'requests but those for ALPHA')


def test_table_full():
    """messenger:max aliases counts what is in the table, and room that is
    made can be used again."""
    with pair() as p:
        nmbd = running(p, {'messenger:max aliases': '3'})
        nmbd.ask('add ONE')
        answers = [Request(nmbd, 'add ' + name).answer()
                   for name in ('TWO', 'THREE', 'FOUR', 'FIVE', 'SIX')]
        done = [answer['name'] for answer in answers if answer['ok']]
        check.equal([answer['code'] for answer in answers
                     if not answer['ok']], [2277] * (5 - len(done)), 'codes')
        check.true(done, 'there was room for another')
        check_code(nmbd, 'add SEVEN', 2277, 'NERR_TooManyNames')
        check_code(nmbd, 'add ONE', 2276, 'NERR_AlreadyExists')
        check_code(nmbd, 'delete SEVEN', 2285, 'NERR_NotLocalName')
        p.check_silent('SEVEN')
        held = set(table(nmbd))
        nmbd.ask('delete ONE')
        check.equal(verdict(nmbd.json('add SEVEN')), SUCCESS, 'answer')
        check.equal(set(table(nmbd)), held - {'ONE'} | {'SEVEN'}, 'aliases')
        check_code(nmbd, 'add ONE', 2277, 'NERR_TooManyNames')
        # raised by reload-config
        p.alpha.configure({'messenger:max aliases': '10'}, 'messenger')
        nmbd.reload()
        nmbd.wait_for(lambda: nmbd.json('add ONE')['ok'], 3.0, 'ONE has room')


def test_not_started():
    with pair() as p:
        rule = p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        check_code(nmbd, 'add OPERATOR', 2284, 'NERR_MsgNotStarted')
        check_code(nmbd, 'delete OPERATOR', 2284, 'NERR_MsgNotStarted')
        p.peer.forget(rule)
        nmbd.ask('start')
        wait_state(nmbd, 'running')
        nmbd.ask('stop')
        check_code(nmbd, 'add OPERATOR', 2284, 'NERR_MsgNotStarted')
        check_code(nmbd, 'delete OPERATOR', 2284, 'NERR_MsgNotStarted')
        check.none(about(p.capture, 'OPERATOR'), 'packets about OPERATOR')
        start = Request(nmbd, 'start')
        nmbd.wait_for(lambda: nmbd.json('status')['service']['state']
                      == 'starting', 2.0, 'the service starts')
        # it waits for the computer name, and is made then
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS,
                    'answer while starting')
        check.equal(start.answer()['ok'], True, 'start')
        wait_table(nmbd, {'OPERATOR': ('added', 'registered')})


def test_gone_with_a_failed_service():
    """A failed service releases what was added."""
    with pair() as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        p.check_answered('OPERATOR')
        p.peer.refuse('ALPHA', 3)
        nmbd.ask('stop')
        nmbd.ask('start')
        wait_state(nmbd, 'failed')
        p.check_silent('OPERATOR')
        p.check_silent()
        check_code(nmbd, 'add OPERATOR', 2284, 'NERR_MsgNotStarted')


def _kinds(nmbd):
    return {alias['name']: (alias['kind'], alias.get('kept'))
            for alias in nmbd.json('list')['aliases']}


def test_kinds():
    """One sees which aliases come back: of smb.conf, kept, or not kept; and
    the one who deletes an alias of smb.conf is told that it does."""
    with pair() as p:
        nmbd = running(p, {'messenger:aliases': 'DAY NIGHT'})
        nmbd.ask('add OPERATOR')
        wait_table(nmbd, {name: ('added', 'registered')
                          for name in ('DAY', 'NIGHT', 'OPERATOR')})
        check.equal(_kinds(nmbd), {'ALPHA': ('computer', None),
                                   'DAY': ('configured', None),
                                   'NIGHT': ('configured', None),
                                   'OPERATOR': ('added', True)}, 'kinds')
        check.contains(nmbd.json('delete NIGHT')['message'],
                       'deleted; it comes back with the next reload',
                       'answer to delete')
        check.equal(nmbd.json('delete OPERATOR')['message'], 'deleted',
                    'answer to delete')
        # of smb.conf from now on, and by request again when it is not
        nmbd.ask('add HELPDESK')
        for names, kind in (('HELPDESK', ('configured', None)),
                            ('DAY', ('added', True))):
            p.alpha.configure({'messenger:aliases': names}, 'messenger')
            nmbd.reload()
            nmbd.wait_for(lambda: _kinds(nmbd).get('HELPDESK') == kind, 3.0,
                          'HELPDESK is %s' % (kind,))


def test_not_kept():
    with pair() as p:
        nmbd = running(p, {'messenger:store': 'no'})
        nmbd.ask('add OPERATOR')
        check.equal(_kinds(nmbd)['OPERATOR'], ('added', False), 'kind')
        check.contains(nmbd.ask('list'), '(not kept)', 'list')


def test_ask_at_once():
    """Right after nmbd is up, as a script does: it waits for the start."""
    with pair() as p:
        nmbd = p.nmbd()
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'add')
        wait_table(nmbd, {'OPERATOR': ('added', 'registered')})


def test_ask_at_once_and_refused():
    """The service fails: nothing of the add is left."""
    with pair() as p:
        p.peer.hold('ALPHA', 3)
        nmbd = p.nmbd()
        check_code(nmbd, 'add OPERATOR', 2284, 'NERR_MsgNotStarted')
        check.none(about(p.capture, 'OPERATOR'), 'packets about OPERATOR')


def test_refused_by_whom():
    """The answer names the computer, and is there at once."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('OPERATOR', 3)
        nmbd = running(p)
        holder = nmbd.json('add OPERATOR')['holder']
        check.equal((holder['address'], holder['computer']),
                    (HOLDER, 'PLANT1'), 'holder')
        check.contains(nmbd.ask('add OPERATOR'),
                       'It is held by %s, the computer PLANT1.' % HOLDER,
                       'answer')
