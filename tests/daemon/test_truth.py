# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts that are true: who is named as the holder, why it has the name,
what a WINS server's answer means, and what was kept.

Whoever is named has said itself that it has the name. A record in WINS says
so for nobody; and an answer that tells of trouble there is no refusal.
"""

import socket

from aliases import verdict
from evidence import ALIAS, DUPLICATE, completed, computer, tool
from lab import Lab, check, mounts, nbt
from steps import (ADDRESS, ANSWERED, HOLDER, alias_of, check_running, events,
                   pair, wait_state)
from town import (SERVER, UNICAST, check_accuses_nobody, entry_of,
                  finding_of, json_log, no_harm, started, town, wait_alias,
                  words)
from trouble import held

STALE = '10.88.0.77'        # an address in a record of the WINS server
STALE_RECORD = 'stale-wins-record'
NOT_THE_HOLDER = 'not-the-holder'

RCODE_NAMES = {1: 'FMT_ERR', 2: 'SRV_ERR', 4: 'IMP_ERR', 5: 'RFS_ERR',
               6: 'ACT_ERR', 7: 'CFT_ERR'}
COULD_NOT = (1, 2, 4)       # the other side could not do what it was asked
REFUSALS = (5, 6, 7)


def _refusal_of(name, rcode=5, record=STALE, server=SERVER):
    return ('WINS server %s refuses %s<03> (rcode %d): it has a record for '
            '%s, where no computer holds the name'
            % (server, name, rcode, record))


# A record in WINS that nobody stands behind: that is WINS's trouble alone,
# and as with stock nmbd no name is given up for it

def _check_stale(nmbd, name, *innocent, record=STALE, address=ADDRESS,
                 seconds=8.0):
    """All that is told about a name that only a record stands against, once,
    and nobody is accused of it; the name is held on the net."""
    nmbd.wait_for(lambda: entry_of(nmbd, name, UNICAST)['state'] == 'refused',
                  seconds, 'WINS refuses ' + name)
    event = completed(nmbd, 'alias-refused', name)
    check.equal((event['cause'], event['subnet'], event['rcode'],
                 event.get('rcode_name'), event.get('server'),
                 event['severity']),
                (STALE_RECORD, UNICAST, 5, 'RFS_ERR', SERVER, 'warning'),
                'the event')
    nmbd.wait_for(lambda: _refusal_of(name, record=record)
                  in words(nmbd.log), 2.0,
                  'log.nmbd says who refuses what, and why')
    for text in ('events', 'explain'):
        check.contains(words(nmbd.ask(text)),
                       _refusal_of(name, record=record), text)
    finding = finding_of(nmbd, name)
    check.equal((finding['cause'], finding.get('server'),
                 finding.get('rcode_name'), finding.get('holder')),
                (STALE_RECORD, SERVER, 'RFS_ERR', None), 'the finding')
    entry = entry_of(nmbd, name, UNICAST)
    check.equal((entry['state'], entry['rcode'], entry.get('rcode_name'),
                 entry.get('server'), entry.get('holder')),
                ('refused', 5, 'RFS_ERR', SERVER, None), 'in WINS')
    # a server may refuse before the net has had its time to
    nmbd.wait_for(lambda: (alias_of(nmbd.json('list'), name)['state'],
                           entry_of(nmbd, name, address)['state'])
                  == ('registered', 'registered'), 3.0,
                  'the alias is registered, and on the net')
    check_accuses_nobody(nmbd, *innocent)
    check.equal([(told['event'], told['alias']) for told in events(nmbd)
                 if told.get('alias') == name
                 and told['event'] != 'alias-registered'],
                [('alias-refused', name)], 'events about ' + name)
    check.none(events(nmbd, 'service-failed'), 'service-failed')
    counters = nmbd.json('status')['counters']
    check.equal(counters['failures'], 0, 'failures')


def _stale_computer_name(delay, innocent=None):
    """The computer name of ALPHA, which WINS has for another address."""
    with town() as p:
        p.wins.record('ALPHA', STALE)
        p.wins.reject('ALPHA', nbt.RFS_ERR, delay=delay)
        if innocent is not None:
            innocent(p.neighbour('CHARLIE', STALE))
        nmbd = started(p, {'messenger:aliases': 'OPERATOR'})
        _check_stale(nmbd, 'ALPHA', 'OTHERPC')
        p.check_answered_by_broadcast()
        # the service runs, and whoever comes next has what he asks for
        wait_alias(nmbd, 'OPERATOR', 'registered')
        check.equal(verdict(nmbd.json('add HELPDESK')),
                    (True, 0, 'NERR_Success', None), 'answer for HELPDESK')
        check_running(nmbd.json('status'))


def _otherpc(peer):
    """A computer of another name, which has none of ours."""
    computer(peer, 'OTHERPC')
    peer.hold('OTHERPC', 3)


def _otherpc_that_says_no(peer):
    """To who asks it; nobody says no to a broadcast (RFC 1002, 5.1.4.2)."""
    _otherpc(peer)
    peer.on({nbt.QUERY}, 'ALPHA', 3, lambda request: (
        None if request.broadcast else nbt.negative_query_reply(request)),
            question_type=nbt.TYPE_NB)


def test_stale_record_where_nobody_is():
    """Our own address of before: told as the refusal of a WINS server. It
    comes after the silence of that address, as a Samba server's does."""
    _stale_computer_name(1.5)


def test_stale_record_refused_at_once():
    """Before that address could have been asked."""
    _stale_computer_name(0.0)


def test_stale_record_with_an_innocent_there():
    """Another computer has our old address now, and is silent about a name
    that it has not."""
    _stale_computer_name(1.5, _otherpc)


def test_stale_record_with_an_innocent_that_says_no():
    _stale_computer_name(1.5, _otherpc_that_says_no)


def test_stale_record_for_aliases():
    """One of smb.conf, and one by request, whose answer names nobody."""
    with town() as p:
        for name in ('OPERATOR', 'HELPDESK'):
            p.wins.record(name, STALE)
            p.wins.reject(name, nbt.RFS_ERR)
        _otherpc(p.neighbour('CHARLIE', STALE))
        nmbd = started(p, {'messenger:aliases': 'OPERATOR'})
        _check_stale(nmbd, 'OPERATOR', 'OTHERPC')
        check.equal(verdict(nmbd.json('add HELPDESK')),
                    (True, 0, 'NERR_Success', None), 'answer for HELPDESK')
        _check_stale(nmbd, 'HELPDESK', 'OTHERPC')
        check_running(nmbd.json('status'))
        for name in ('OPERATOR', 'HELPDESK'):
            p.check_answered_by_broadcast(name)
        # one that is deleted is no trouble to anybody
        check.equal(nmbd.json('delete HELPDESK')['ok'], True, 'delete')
        p.check_silent('HELPDESK')
        check.equal([finding['alias'] for finding
                     in nmbd.json('explain')['findings']], ['OPERATOR'],
                    'findings')


def test_two_stale_addresses():
    """A record of two addresses, an innocent at each."""
    second = '10.88.0.78'
    with town() as p:
        p.wins.record('ALPHA', STALE, second)
        p.wins.reject('ALPHA', nbt.RFS_ERR, delay=2.5)
        _otherpc(p.neighbour('CHARLIE', STALE))
        _otherpc(p.neighbour('DELTA', second))
        nmbd = started(p)
        nmbd.wait_for(lambda: entry_of(nmbd, 'ALPHA', UNICAST)['state']
                      == 'refused', 8.0, 'WINS refuses ALPHA')
        check.equal(completed(nmbd, 'alias-refused', 'ALPHA')['cause'],
                    STALE_RECORD, 'cause')
        check_accuses_nobody(nmbd, 'OTHERPC')
        check_running(nmbd.json('status'))


@check.seconds(60)
def test_stale_record_of_samba():
    """Samba's WINS server, which takes its time: BETA has moved, and another
    stock nmbd has the address that it had."""
    with Lab() as lab:
        server = lab.host('WINSSRV', SERVER + '/24')
        server.nmbd({'wins support': 'yes', 'dns proxy': 'no'})
        before = lab.host('BEFORE', ADDRESS + '/24')
        client = lab.host('BRAVO', HOLDER + '/24').client()

        def in_wins(name):
            packet = nbt.query(client.next_id(), nbt.Name(name, 3), False,
                               recursion=True)
            replies = client.ask(SERVER, [packet], bool, 2.0)
            return replies and replies[0].packet.rcode == 0

        nmbd = before.nmbd({'netbios name': 'BETA', 'wins server': SERVER})
        nmbd.wait_for(lambda: in_wins('BETA'), 5.0, 'BETA<03> is in WINS')
        nmbd.kill()
        before.namespace.ip('addr flush dev eth0')
        other = lab.host('OTHERPC', ADDRESS + '/24').nmbd(
            {'wins server': SERVER})
        other.wait_for(lambda: in_wins('OTHERPC'), 5.0,
                       'OTHERPC<03> is in WINS')
        moved = lab.host('BETA', '10.88.0.90/24')
        options = {'wins server': SERVER}
        options.update(json_log(moved))
        nmbd = moved.nmbd(options, 'messenger')
        wait_state(nmbd, 'running', 3.0)
        _check_stale(nmbd, 'BETA', 'OTHERPC', record=ADDRESS,
                     address='10.88.0.90', seconds=32.0)
        check.true(client.query('10.88.0.255', 'BETA', 3, True,
                                barrier=ANSWERED, source='10.88.0.90'),
                   'BETA<03> by broadcast')
        check_running(nmbd.json('status'), ['10.88.0.90'], 'BETA')


def test_stock_keeps_it_by_broadcast():
    """The yardstick: a line, and the name stays on the net. What stock nmbd
    answers for is what we answer for."""
    kept = {}
    with town() as p:
        p.wins.record('ALPHA', STALE)
        p.wins.reject('ALPHA', nbt.RFS_ERR)
        stock = p.nmbd(modules=None)
        stock.wait_log('rejected', 5.0)
        stock.wait_for(p.broadcast_answer, 6.0, 'ALPHA<03> by broadcast')
        kept['stock'] = held(p.client, ADDRESS, p.alpha.broadcast, ['ALPHA'])
        stock.stop()
        nmbd = started(p)
        _check_stale(nmbd, 'ALPHA')
        kept['ours'] = held(p.client, ADDRESS, p.alpha.broadcast, ['ALPHA'])
    check.contains(kept['stock'], ('ALPHA', 'broadcast'), 'held by stock')
    check.none(kept['stock'] - kept['ours'],
               'what stock holds and we gave up')


def test_stale_record_that_goes():
    """WINS is asked again, and has it as soon as the record is gone."""
    with town() as p:
        p.wins.record('ALPHA', STALE)
        rule = p.wins.reject('ALPHA', nbt.RFS_ERR)
        nmbd = started(p)
        _check_stale(nmbd, 'ALPHA')
        p.wins.forget(rule)
        p.wins.record('ALPHA')
        nmbd.reload()
        nmbd.wait_for(lambda: entry_of(nmbd, 'ALPHA', UNICAST)['state']
                      == 'registered', 10.0, 'ALPHA is registered in WINS')
        check.equal(p.wins.addresses_of('ALPHA'), [ADDRESS], 'WINS')
        check.equal(nmbd.json('explain')['findings'], [], 'findings')
        check.equal(len(events(nmbd, 'alias-refused')), 1, 'alias-refused')


# An owner that says itself that it has the name

def test_owner_that_says_so():
    """By a query: that is the holder."""
    with town() as p:
        owner = p.neighbour('CHARLIE', STALE)
        computer(owner, 'PLANT1')
        owner.hold('ALPHA', 3)
        # it is not on this net, as far as broadcasts go
        owner.on(nbt.REGISTRATIONS, None, None, lambda request: None)
        p.wins.record('ALPHA', STALE)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed', 6.0)
        event = completed(nmbd)
        check.equal((event['cause'], event['holder']['address'],
                     event['holder']['computer'], event['subnet']),
                    (ALIAS, STALE, 'PLANT1', UNICAST), 'the event')


def test_owner_that_lists_it():
    """By its node status alone; WINS has refused the name."""
    with town() as p:
        owner = p.neighbour('CHARLIE', STALE)
        computer(owner, 'PLANT1')
        owner.hold('ALPHA', 3)
        owner.on(nbt.REGISTRATIONS, None, None, lambda request: None)
        owner.on({nbt.QUERY}, 'ALPHA', 3, lambda request: None,
                 question_type=nbt.TYPE_NB)
        p.wins.record('ALPHA', STALE)
        p.wins.reject('ALPHA', nbt.ACT_ERR, delay=1.5)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed', 8.0)
        event = completed(nmbd)
        check.equal((event['cause'], event['holder']['address'],
                     event['holder']['computer'], event['rcode'],
                     event.get('rcode_name'), event.get('server')),
                    (ALIAS, STALE, 'PLANT1', 6, 'ACT_ERR', SERVER),
                    'the event')


# This machine is not its own duplicate

def test_own_address_elsewhere():
    """WINS has an address of ours that smb.conf does not name; nmbd answers
    there as well, because one of its sockets listens to all of them."""
    with town(('10.88.0.2/24', '10.91.0.2/24')) as p:
        for name in ('ALPHA', 'OPERATOR', 'HELPDESK'):
            p.wins.record(name, '10.91.0.2')
        nmbd = started(p, {'interfaces': '10.88.0.2/24',
                           'bind interfaces only': 'no',
                           'messenger:aliases': 'OPERATOR'})
        wait_alias(nmbd, 'OPERATOR', 'registered')
        check.equal(verdict(nmbd.json('add HELPDESK')),
                    (True, 0, 'NERR_Success', None), 'answer for HELPDESK')
        check_running(nmbd.json('status'))
        no_harm(nmbd)
        check_accuses_nobody(nmbd, '10.91.0.2')


def test_own_address_that_is_no_subnet():
    """As of a tunnel, or here of lo: nmbd makes no subnet of it."""
    with town() as p:
        p.alpha.namespace.ip('addr add 10.92.0.2/32 dev lo')
        p.wins.record('ALPHA', '10.92.0.2')
        nmbd = started(p, {'bind interfaces only': 'no'})
        no_harm(nmbd)
        check_accuses_nobody(nmbd, '10.92.0.2')


def test_own_address_and_stock():
    """The yardstick: stock nmbd has its name on the net and in WINS."""
    with town(('10.88.0.2/24', '10.91.0.2/24')) as p:
        p.wins.record('ALPHA', '10.91.0.2')
        nmbd = p.nmbd({'interfaces': '10.88.0.2/24',
                       'bind interfaces only': 'no'}, modules=None)
        nmbd.wait_for(p.broadcast_answer, 8.0, 'ALPHA<03> by broadcast')
        nmbd.wait_for(lambda: ADDRESS in (p.wins.addresses_of('ALPHA') or []),
                      5.0, 'ALPHA<03> is in WINS')
        check.none(nmbd.log_entries('ALPHA<03>'), 'log entries')


# What a WINS server's rcode means

def _trouble(rcode):
    return {1: 'WINS server %s answered format error (1): it may not be a '
               'WINS server' % SERVER,
            2: '(2)', 4: '(4)'}[rcode]


def _check_waiting_in_wins(p, nmbd, name, rcode):
    """Held on the net; in WINS it waits, and the list says for what."""
    wait_alias(nmbd, name, 'registered')

    def waiting():
        entry = entry_of(nmbd, name, UNICAST)
        check.equal(entry['state'], 'waiting', 'state in WINS')
        return entry

    entry = nmbd.wait_for(waiting, 5.0, name + ' waits in WINS')
    check.contains(entry['reason'], _trouble(rcode), 'reason')
    check.contains(entry['reason'], SERVER, 'reason')
    check.equal((entry.get('rcode_name'), entry.get('server'),
                 entry.get('holder')),
                (RCODE_NAMES[rcode], SERVER, None), name + ' in WINS')
    check.equal(entry_of(nmbd, name, ADDRESS)['state'], 'registered',
                'state on the net')
    p.check_answered_by_broadcast(name)


def test_server_that_could_not():
    """Format error, server error, unsupported: no verdict about the computer
    name, which is held on the net as with a server that is silent."""
    for rcode in COULD_NOT:
        with town() as p:
            p.wins.reject('ALPHA', rcode)
            nmbd = started(p)
            _check_waiting_in_wins(p, nmbd, 'ALPHA', rcode)
            no_harm(nmbd)
            text = words(nmbd.ask('explain'))
            check.contains(text, _trouble(rcode), 'explain')
            check.contains(text, SERVER, 'explain')
            check_accuses_nobody(nmbd)


def test_stock_and_a_server_that_could_not():
    with town() as p:
        p.wins.reject('ALPHA', nbt.FMT_ERR)
        nmbd = p.nmbd(modules=None)
        entry = nmbd.wait_log('rejected', 5.0)
        check.contains(entry.text, SERVER, 'the entry')
        nmbd.wait_for(p.broadcast_answer, 6.0, 'ALPHA<03> by broadcast')


def test_server_that_is_none():
    """A print server, say: format error to everything, questions too."""
    with town() as p:
        p.wins.on(range(16), None, None, lambda request: (
            None if request.broadcast
            else nbt.registration_reply(request, nbt.FMT_ERR)
            if request.opcode != nbt.QUERY
            else nbt.negative_query_reply(request, nbt.FMT_ERR)))
        nmbd = started(p, {'messenger:aliases': 'OPERATOR'})
        for name in ('ALPHA', 'OPERATOR'):
            _check_waiting_in_wins(p, nmbd, name, 1)
        check.equal(verdict(nmbd.json('add HELPDESK')),
                    (True, 0, 'NERR_Success', None), 'answer for HELPDESK')
        no_harm(nmbd)
        check_accuses_nobody(nmbd)


def test_aliases_and_rcodes():
    """Every rcode for an alias of smb.conf: three are refusals, three not."""
    names = {'%s' % RCODE_NAMES[rcode].replace('_', ''): rcode
             for rcode in COULD_NOT + REFUSALS}
    with town() as p:
        for name, rcode in names.items():
            p.wins.reject(name, rcode)
        nmbd = started(p, {'messenger:aliases': ' '.join(names)})
        for name, rcode in names.items():
            if rcode in COULD_NOT:
                _check_waiting_in_wins(p, nmbd, name, rcode)
                continue
            wait_alias(nmbd, name, 'refused')
            entry = entry_of(nmbd, name, UNICAST)
            told = [event for event in events(nmbd)
                    if event.get('alias') == name
                    and event['event'] in ('alias-refused', 'alias-lost')]
            check.equal(len(told), 1, 'events about ' + name)
            for what, value in (('list', entry), ('event', told[0]),
                                ('finding', finding_of(nmbd, name))):
                check.equal((value['rcode'], value.get('rcode_name'),
                             value.get('server'), value.get('holder')),
                            (rcode, RCODE_NAMES[rcode], SERVER, None),
                            '%s in %s' % (name, what))
            p.check_silent(name)
            text = words(nmbd.ask('explain'))
            check.contains(text, 'WINS server %s refuses %s<03> (rcode %d'
                           % (SERVER, name, rcode), 'explain')
        check_accuses_nobody(nmbd)
        check_running(nmbd.json('status'))


def test_computer_name_and_rcodes():
    """Refusals of a WINS server that has no record: rule 1, by the server."""
    for rcode in REFUSALS:
        with town() as p:
            p.wins.reject('ALPHA', rcode)
            nmbd = p.nmbd()
            status = wait_state(nmbd, 'failed', 6.0)
            check.equal(status['service']['service_exit_code'], 2270,
                        'exit code')
            event = events(nmbd, 'service-failed')[-1]
            check.equal((event['rcode'], event.get('rcode_name'),
                         event.get('server'), event.get('holder'),
                         event['subnet']),
                        (rcode, RCODE_NAMES[rcode], SERVER, None, UNICAST),
                        'service-failed')
            check.contains(words(nmbd.ask('explain')),
                           'WINS server %s refuses ALPHA<03> (rcode %d'
                           % (SERVER, rcode), 'explain')
            check_accuses_nobody(nmbd)


# What the rcode of a host on the net means

def test_broadcast_refusals():
    """5, 6 and 7: the names of the rcodes, and no server."""
    names = {'REFUSED%d' % rcode: rcode for rcode in REFUSALS}
    with pair() as p:
        for name, rcode in names.items():
            p.peer.refuse(name, 3, rcode)
        nmbd = started(p, {'messenger:aliases': ' '.join(names)})
        for name, rcode in names.items():
            wait_alias(nmbd, name, 'refused')
            event = completed(nmbd, 'alias-refused', name)
            entry = entry_of(nmbd, name, ADDRESS)
            for what, value in (('list', entry), ('event', event),
                                ('finding', finding_of(nmbd, name))):
                check.equal((value['rcode'], value.get('rcode_name'),
                             value.get('server')),
                            (rcode, RCODE_NAMES[rcode], None),
                            '%s in %s' % (name, what))
                check.equal(value['holder']['address'], HOLDER,
                            'holder of %s in %s' % (name, what))


def test_broadcast_rcodes_that_refuse_nothing():
    """1, 2 and 4: a host that did not understand holds no name. The log says
    that it has answered; the names are granted, the computer name too."""
    names = {'TROUBLE%d' % rcode: rcode for rcode in COULD_NOT}
    with pair() as p:
        p.peer.refuse('ALPHA', 3, nbt.FMT_ERR)
        for name, rcode in names.items():
            p.peer.refuse(name, 3, rcode)
        nmbd = started(p, dict(json_log(p.alpha), **{
            'messenger:aliases': ' '.join(names)}))
        for name, rcode in list(names.items()) + [('ALPHA', 1)]:
            wait_alias(nmbd, name, 'registered')
            p.check_answered(name)
            told = [words(entry.text) for entry
                    in nmbd.log_entries(name + '<03>')
                    if HOLDER in entry.text]
            check.true(told, 'log entries about %s and %s' % (name, HOLDER))
            check.contains(told[0], '(%d)' % rcode, 'the entry')
        no_harm(nmbd)
        check_accuses_nobody(nmbd)


def test_trouble_does_not_hide_a_refusal():
    """An rcode 1 of one host, then an rcode 6 of another: that one holds it,
    and it alone."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3, nbt.FMT_ERR)
        holder = p.lab.host('CHARLIE', '10.88.0.20/24').peer()
        computer(holder, 'PLANT1')
        holder.hold('ALPHA', 3)
        # the holder refuses the second request, after the trouble
        holder.on(nbt.REGISTRATIONS, 'ALPHA', 3, lambda request: None, {1})
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        event = completed(nmbd)
        check.equal((event['holder']['address'], event['rcode'],
                     event['cause']), ('10.88.0.20', 6, ALIAS),
                    'service-failed')


# Causes

def _listed(peer, number, *more):
    """A node status of so many names, PLANT1 first."""
    names = [nbt.Listed(nbt.Name('PLANT1', 0)),
             nbt.Listed(nbt.Name('PLANT1', 0x20))]
    names += [nbt.Listed(nbt.Name(name, suffix)) for name, suffix in more]
    names += [nbt.Listed(nbt.Name('SERVICE%02d' % at, 0x40))
              for at in range(number - len(names))]
    peer.node_status(names)


def test_not_the_holder():
    """A short node status without the alias: whoever has refused it there
    does not hold it. A list of 25 may have been cut."""
    cases = {'SHORT': (4, NOT_THE_HOLDER), 'JUSTSHORT': (24, NOT_THE_HOLDER),
             'FULL': (25, ALIAS), 'LISTED': (4, ALIAS)}
    with pair() as p:
        for at, (alias, (number, _)) in enumerate(cases.items()):
            peer = p.lab.host('H%d' % at, '10.88.0.%d/24' % (20 + at)).peer()
            peer.refuse(alias, 3)
            _listed(peer, number, *([(alias, 3)] if alias == 'LISTED' else
                                    [(alias, 0x1d)]))
        nmbd = started(p, {'messenger:aliases': ' '.join(cases)})
        for alias, (_, cause) in cases.items():
            event = completed(nmbd, 'alias-refused', alias)
            check.equal((event['cause'], event['holder']['computer']),
                        (cause, 'PLANT1'), alias)
            finding = finding_of(nmbd, alias)
            check.equal(finding['cause'], cause, 'finding about ' + alias)
            if cause == NOT_THE_HOLDER:
                for text in (finding['reason'], finding['advice']):
                    for phrase in ('a user of that name is logged on',
                                   'Log that user off',
                                   'It holds %s' % alias):
                        check.lacks(words(text), phrase, alias)


def test_not_the_holder_of_the_computer_name():
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        _listed(p.peer, 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        event = completed(nmbd)
        check.equal((event['cause'], event['holder']['address'],
                     event['holder']['computer']),
                    (NOT_THE_HOLDER, HOLDER, 'PLANT1'), 'service-failed')
        check.lacks(words(nmbd.ask('explain')), 'Log that user off',
                    'explain')


def test_alias_that_is_a_computer():
    """An alias of ours that is the name of another computer makes no two
    computers of one name; a computer name does."""
    phrase = 'two computers on this network have the same name'
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('PLANT1', 3)
        nmbd = started(p, {'messenger:aliases': 'PLANT1'})
        event = completed(nmbd, 'alias-refused', 'PLANT1')
        check.equal(event['cause'], DUPLICATE, 'cause')
        finding = finding_of(nmbd, 'PLANT1')
        check.contains(words(finding['reason']), 'PLANT1', 'reason')
        check.lacks(words(finding['reason']), phrase, 'reason')
        for what, text in (('explain', nmbd.ask('explain')),
                           ('log.nmbd', nmbd.log)):
            check.lacks(words(text), phrase, what)
            check.lacks(words(text), 'Give one of the two another name', what)
        nmbd.stop()
        computer(p.peer, 'ALPHA')
        p.peer.hold('ALPHA', 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        check.equal(completed(nmbd)['cause'], DUPLICATE, 'cause')
        check.contains(words(nmbd.ask('explain')), phrase, 'explain')


# Who is believed

class Mallory:
    """A host that is no WINS server, and sprays refusals with the numbers of
    what nmbd has asked of one: it can tell them from the broadcasts around."""

    def __init__(self, p):
        self._p = p
        self._sock = p.lab.host('MALLORY', '10.88.0.66/24').namespace.socket(
            socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.bind(('10.88.0.66', nbt.PORT))

    def spray(self, name, around):
        """Refusals with 60 numbers to each side, with and without B. The
        numbers of broadcasts are left out: any host may refuse those."""
        broadcast = {seen.packet.id for seen in self._p.capture.packets
                     if seen.packet and seen.packet.broadcast
                     and not seen.packet.response}
        for b_bit in (True, False):
            for ident in range(around - 60, around + 61):
                if ident in broadcast:
                    continue
                packet = nbt.registration_reply(
                    nbt.registration(ident & 0xFFFF, nbt.Name(name, 3),
                                     ADDRESS), nbt.ACT_ERR, b_bit)
                packet.flags &= ~nbt.AA
                self._sock.sendto(nbt.encode(packet), (ADDRESS, nbt.PORT))


def _spray_until(p, nmbd, mallory, name, done):
    """Sprays around each number of nmbd's to WINS, and once more after it."""
    seen = set()

    def sprayed():
        for claim in p.wins.claims(name):
            if claim.packet.id not in seen:
                seen.add(claim.packet.id)
                mallory.spray(name, claim.packet.id)
        return seen and done()

    nmbd.wait_for(sprayed, 8.0, 'the WINS server has answered')


def test_refusals_of_a_stranger_at_the_start():
    """Only the WINS server that was asked can refuse a name in WINS."""
    with town() as p:
        mallory = Mallory(p)
        rule = p.wins.to_me(nbt.REGISTRATIONS, 'ALPHA', lambda request: [
            (1.2, nbt.registration_reply(request, ttl=600))])
        nmbd = p.nmbd()
        _spray_until(p, nmbd, mallory, 'ALPHA', lambda: rule.replies)
        check_running(wait_state(nmbd, 'running', 5.0))
        no_harm(nmbd)
        check_accuses_nobody(nmbd)


def test_refusals_of_a_stranger_while_it_runs():
    """A running service that tells WINS of one more address."""
    with town() as p:
        mallory = Mallory(p)
        p.wins_host.namespace.ip('route add 10.91.0.0/24 via ' + ADDRESS)
        nmbd = started(p, {'interfaces': 'eth*',
                           'messenger:aliases': 'OPERATOR'})
        wait_alias(nmbd, 'OPERATOR', 'registered')
        nmbd.wait_for(lambda: p.wins.addresses_of('ALPHA') == [ADDRESS], 5.0,
                      'ALPHA<03> is in WINS')
        before = len(p.wins.claims('ALPHA'))
        rule = p.wins.to_me(nbt.REGISTRATIONS, None, lambda request: [
            (1.2, nbt.registration_reply(request, ttl=600))])
        p.alpha.add_interface('10.91.0.2/24')
        nmbd.reload()
        nmbd.wait_for(lambda: len(p.wins.claims('ALPHA')) > before, 5.0,
                      'ALPHA<03> is registered anew')
        claims = p.wins.claims('ALPHA')[before:]
        _spray_until(p, nmbd, mallory, 'ALPHA', lambda: [
            reply for reply in rule.replies
            if nbt.decode(reply[2]).id == claims[0].packet.id])
        # what was sprayed has been read by the time this is answered
        p.check_answered()
        p.check_answered('OPERATOR')
        no_harm(nmbd)
        check_accuses_nobody(nmbd)


# What was kept

def _check_not_kept(p, nmbd, why):
    done = tool(p.alpha, 'add', 'OPERATOR')
    check.equal((done.returncode, done.stdout),
                (0, 'OPERATOR: added, but not kept: %s\n' % why),
                'smbmessenger add')
    p.check_answered('OPERATOR')
    check.equal(alias_of(nmbd.json('list'), 'OPERATOR')['state'],
                'registered', 'OPERATOR in the list')
    told = [event for event in events(nmbd) if why in str(event)]
    check.equal(len(told), 1, 'events that say ' + why)
    check.equal(told[0]['severity'], 'warning', 'severity')
    answer = nmbd.json('add HELPDESK')
    check.equal((answer['ok'], answer['code'], answer['message']),
                (True, 0, 'added, but not kept: ' + why), 'json add')
    check_running(nmbd.json('status'))


def test_read_only_state_directory():
    with pair() as p:
        nmbd = started(p, wrap=mounts.private(
            'mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"',
            p.alpha.path('state')))
        _check_not_kept(p, nmbd, 'Read-only file system')


def test_full_state_directory():
    with pair() as p:
        nmbd = started(p, wrap=mounts.private(
            'mount -t tmpfs -o size=64k tmpfs "$0"', p.alpha.path('state')))
        _check_not_kept(p, nmbd, 'No space left on device')


def test_kept():
    """The same where there is room: nothing is added to "added"."""
    with pair() as p:
        nmbd = started(p)
        done = tool(p.alpha, 'add', 'OPERATOR')
        check.equal((done.returncode, done.stdout), (0, 'OPERATOR: added\n'),
                    'smbmessenger add')
        answer = nmbd.json('add HELPDESK')
        check.equal((answer['message'], answer.get('reason')),
                    ('added', None), 'json add')
        check.equal([event.get('reason') for event
                     in events(nmbd, 'alias-registered')], [None] * 3,
                    'reasons')
