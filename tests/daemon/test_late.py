# SPDX-License-Identifier: GPL-3.0-or-later
"""Conflicts that come late, or from two sides at once; answers of WINS that
take their time or never come; and names that only look like ours.

A refusal counts for the five seconds in which stock nmbd would have heard it.
Two hosts that claim in the same moment have nothing to refuse each other:
both hold the name, and both are told.
"""

import socket
import threading
import time

from aliases import Request, verdict
from evidence import ALIAS, completed, computer
from lab import Lab, check, nbt, wait_for
from steps import (ADDRESS, ANSWERED, HOLDER, alias_of, check_running, events,
                   pair, wait_state)
from test_wins import site
from town import (SERVER, UNICAST, check_not_given_up, no_harm,
                  started, town, wait_alias, words)

SUCCESS = (True, 0, 'NERR_Success', None)
SECOND = '10.88.0.4'        # another WINS server


def _lost(nmbd, name, seconds=6.0):
    """Waits for the completed alias-lost event."""
    nmbd.wait_for(lambda: [event for event in events(nmbd, 'alias-lost')
                           if event['alias'] == name], seconds,
                  name + ' is lost')
    return completed(nmbd, 'alias-lost', name)


# A refusal that comes after the grant

def _late_alias(delay):
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.node_status([nbt.Listed(nbt.Name(*name)) for name in
                            (('PLANT1', 0), ('PLANT1', 0x20),
                             ('OPERATOR', 3))])
        p.peer.refuse('OPERATOR', 3, delay=delay)
        nmbd = started(p)
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        event = _lost(nmbd, 'OPERATOR', delay + 3.0)
        check.equal((event['code'], event['rcode'], event['subnet'],
                     event['holder']['address'], event['holder']['computer'],
                     event['cause']),
                    (2297, 6, ADDRESS, HOLDER, 'PLANT1', ALIAS),
                    'alias-lost')
        check.equal(len(events(nmbd, 'alias-lost')), 1, 'alias-lost events')
        wait_alias(nmbd, 'OPERATOR', 'refused')
        p.check_silent('OPERATOR')
        check.equal(nmbd.json('status')['service']['state'], 'running',
                    'state')


def test_late_refusal_of_an_alias():
    """A busy holder, or one behind a slow wireless link."""
    _late_alias(1.5)


def test_very_late_refusal_of_an_alias():
    _late_alias(4.0)


def test_late_refusal_with_b_bit():
    """As a node does that copies the B bit of the request."""
    with pair() as p:
        p.peer.refuse('OPERATOR', 3, delay=1.5, b_bit=True)
        nmbd = started(p)
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        check.equal(_lost(nmbd, 'OPERATOR')['holder']['address'], HOLDER,
                    'holder')


def test_late_refusal_of_the_computer_name():
    """Rule 1: 2270, with the holder, once; and the other aliases go."""
    with pair() as p:
        p.peer.node_status([nbt.Listed(nbt.Name('PLANT1', 0)),
                            nbt.Listed(nbt.Name('ALPHA', 3))])
        p.peer.refuse('ALPHA', 3, delay=1.5)
        nmbd = p.nmbd({'messenger:aliases': 'OPERATOR'})
        status = wait_state(nmbd, 'failed', 6.0)
        check.equal((status['service']['win32_exit_code'],
                     status['service']['service_exit_code']), (1066, 2270),
                    'exit codes')
        event = completed(nmbd)
        check.equal((event['code'], event['rcode'], event['subnet'],
                     event['holder']['address'], event['holder']['computer'],
                     event['cause']),
                    (2270, 6, ADDRESS, HOLDER, 'PLANT1', ALIAS),
                    'service-failed')
        check.equal(len(events(nmbd, 'service-failed')), 1, 'failures')
        for name in ('ALPHA', 'OPERATOR'):
            p.check_silent(name)


def test_late_refusal_of_a_restart():
    """Of a claim that "start" has made."""
    with pair() as p:
        nmbd = started(p)
        nmbd.ask('stop')
        p.peer.refuse('ALPHA', 3, delay=1.5)
        check.equal(nmbd.json('start')['ok'], True, 'start')
        wait_state(nmbd, 'failed', 6.0)
        check.equal(completed(nmbd)['holder']['address'], HOLDER, 'holder')


def test_stock_hears_late_refusals():
    """The yardstick: it has lost the name by then as well."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3, delay=1.5)
        nmbd = p.nmbd(modules=None)
        nmbd.wait_log('Failed to register my name ALPHA<03>', 8.0)
        check.equal(p.broadcast_answer(), None, 'answer by broadcast')


def test_late_answers_that_refuse_nothing():
    """Of another claim, of trouble, of success, of a name that is not ours:
    nothing of it takes a name away."""
    with pair() as p:
        def late(request):
            refusal = nbt.registration_reply(request, nbt.ACT_ERR)
            other = nbt.Name('ALPHB', 3)
            return [(1.5, reply) for reply in (
                nbt.registration_reply(request, nbt.ACT_ERR,
                                       ident=request.id ^ 0x2AAA),
                nbt.registration_reply(request, nbt.FMT_ERR),
                nbt.registration_reply(request, 0),
                nbt.registration_reply(nbt.registration(
                    request.id, other, ADDRESS), nbt.ACT_ERR),
                nbt.registration_reply(nbt.registration(
                    request.id, nbt.Name('ALPHA', 3, 'OTHER'), ADDRESS),
                    nbt.ACT_ERR))] + nbt.garbage(refusal)

        rule = p.peer.on(nbt.REGISTRATIONS, 'ALPHA', 3, late)
        nmbd = p.nmbd()
        wait_for(lambda: len(rule.requests) >= 3, 5.0, 'the claim')
        wait_state(nmbd, 'running')
        number = 3 * len(late(rule.requests[0].packet))
        wait_for(lambda: len(rule.replies) >= number, 6.0, 'late answers')
        p.check_answered()  # it has read them all
        no_harm(nmbd)


def test_late_refusal_of_what_was_given_up():
    """Deleted before the refusal comes: then there is nothing to lose, and
    the name can be added anew."""
    with pair() as p:
        rule = p.peer.refuse('OPERATOR', 3, delay=2.0, only={1})
        nmbd = started(p)
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        check.equal(nmbd.json('delete OPERATOR')['ok'], True, 'delete')
        rule.first_reply()
        p.check_silent('OPERATOR')
        check.none(events(nmbd, 'alias-lost'), 'alias-lost')
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        p.check_answered('OPERATOR')
        check.equal(nmbd.json('status')['service']['state'], 'running',
                    'state')


# Two that claim in the same moment

def _conflicts(nmbd, name):
    return [event for event in events(nmbd, 'alias-conflict')
            if event['alias'] == name]


def _claim_back(p, name, scope=''):
    """Lets the peer claim what it hears claimed, 100 ms after the first
    request, without a refusal."""
    packet = nbt.registration(0x4711, nbt.Name(name, 3, scope), HOLDER)

    def claim(_):
        timer = threading.Timer(0.1, p.peer.send, (p.alpha.broadcast, packet))
        timer.daemon = True
        timer.start()

    return p.peer.on(nbt.REGISTRATIONS, name, 3, claim, only={1})


def test_claimed_by_another_in_the_same_moment():
    """It does not refuse, so the name is ours; then it is told, and who."""
    with pair() as p:
        p.peer.node_status([nbt.Listed(nbt.Name(*name)) for name in
                            (('PLANT1', 0), ('PLANT1', 0x20),
                             ('OPERATOR', 3))])
        nmbd = started(p)
        _claim_back(p, 'OPERATOR')
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        event = completed(nmbd, 'alias-conflict', 'OPERATOR')
        check.equal((event['claimant']['address'], event['holder']['address'],
                     event['holder']['computer'], event['cause'],
                     event['severity']),
                    (HOLDER, HOLDER, 'PLANT1', ALIAS, 'warning'),
                    'alias-conflict')
        told = [event['event'] for event in events(nmbd)
                if event.get('alias') == 'OPERATOR']
        check.equal(told, ['alias-registered', 'alias-conflict'], 'events')
        check.contains(words(nmbd.log), HOLDER, 'log.nmbd')
        p.check_answered('OPERATOR')
        no_harm(nmbd)


def test_computer_name_claimed_in_the_same_moment():
    with pair() as p:
        p.peer.node_status([nbt.Listed(nbt.Name('ALPHA', suffix))
                            for suffix in (0, 3, 0x20)])
        _claim_back(p, 'ALPHA')
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        event = completed(nmbd, 'alias-conflict', 'ALPHA')
        check.equal((event['claimant']['address'], event['holder']['address'],
                     event['holder']['computer'], event['cause']),
                    (HOLDER, HOLDER, 'ALPHA', 'duplicate-computer-name'),
                    'alias-conflict')
        p.check_answered()
        no_harm(nmbd)


def test_claimed_in_the_same_moment_in_another_scope():
    with pair() as p:
        nmbd = started(p)
        _claim_back(p, 'OPERATOR', 'OTHER')
        _claim_back(p, 'HELPDESK')
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        check.equal(verdict(nmbd.json('add HELPDESK')), SUCCESS, 'answer')
        nmbd.wait_for(lambda: _conflicts(nmbd, 'HELPDESK'), 8.0,
                      'HELPDESK is in conflict')
        check.none(_conflicts(nmbd, 'OPERATOR'), 'conflicts of OPERATOR')


def test_claimed_in_the_same_moment_and_refused():
    """Whoever claims and refuses has it: a refusal and nothing more."""
    with pair() as p:
        p.peer.refuse('OPERATOR', 3, only={3})
        nmbd = started(p)
        _claim_back(p, 'OPERATOR')
        check.equal(verdict(nmbd.json('add OPERATOR'))[:2], (False, 2297),
                    'answer')
        completed(nmbd, 'alias-refused', 'OPERATOR')
        check.none(_conflicts(nmbd, 'OPERATOR'), 'conflicts')
        p.check_silent('OPERATOR')


def test_claims_from_an_address_of_ours():
    """From an interface of this machine that smb.conf does not name, before
    the grant and after: that is nobody else."""
    with pair(('10.88.0.2/24', '10.88.0.12/24')) as p:
        nmbd = started(p, {'interfaces': ADDRESS + '/24',
                           'bind interfaces only': 'no'})
        with p.alpha.namespace.socket(socket.AF_INET,
                                      socket.SOCK_DGRAM) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sock.bind(('10.88.0.12', 0))
            claim = nbt.registration(0x55, nbt.Name('OPERATOR', 3),
                                     '10.88.0.12')

            def send(_=None):
                sock.sendto(nbt.encode(claim), (p.alpha.broadcast, nbt.PORT))
                sock.sendto(nbt.encode(nbt.conflict_demand(
                    0x56, nbt.Name('OPERATOR', 3), '10.88.0.12')),
                    (ADDRESS, nbt.PORT))

            rule = p.peer.on(nbt.REGISTRATIONS, 'OPERATOR', 3, send, only={1})
            check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
            check.true(rule.requests, 'claims that the peer has heard')
            send()
        # claims and demands of somebody else's, which come behind them all
        p.client.register(p.alpha.broadcast, 'OPERATOR', 3)
        p.peer.send(ADDRESS, nbt.conflict_demand(
            0x57, nbt.Name('OPERATOR', 3), HOLDER))
        nmbd.wait_for(lambda: _defended(nmbd)
                      and _conflicts(nmbd, 'OPERATOR'), 3.0, 'the events')
        check.equal(_defended(nmbd), [('OPERATOR', HOLDER)],
                    'defended against')
        check.equal([event['claimant']['address']
                     for event in _conflicts(nmbd, 'OPERATOR')], [HOLDER],
                    'conflicts')
        no_harm(nmbd)


TWIN = '10.88.0.20'


def _first_claims(p, since):
    """When each of the twins has first claimed ALPHA<03>, or None."""
    found = {}
    for seen in p.capture.registrations('ALPHA', 3):
        if seen.time >= since and seen.source in (ADDRESS, TWIN):
            found.setdefault(seen.source, seen.time)
    return [found.get(address) for address in (ADDRESS, TWIN)]


def _claim_together(p, twins):
    """Starts the service of both so that neither has the name when the other
    asks for the last time; again, should the machine be too busy for it."""
    for _ in range(5):
        for nmbd in twins:
            nmbd.ask('stop')
            wait_state(nmbd, 'stopped')
        since = time.monotonic()
        requests = [Request(nmbd, 'start') for nmbd in twins]
        for request in requests:
            request.answer()
        first, second = wait_for(lambda: all(_first_claims(p, since))
                                 and _first_claims(p, since), 3.0,
                                 'both have claimed')
        if abs(first - second) < 0.2:
            return
    raise AssertionError('no two claims within 200 ms')


def test_clones_started_in_the_same_moment():
    """Two servers of one name: nobody has refused anything, so both run; each
    tells of the other.

    Trap: each holds the name when the other one's overwrite demand comes, and
    nmbd answers that as it answers a registration, with rcode 6. If that were
    a refusal, the two would take the name from each other.
    """
    with pair() as p:
        twin = p.lab.host('TWIN', TWIN + '/24')
        twins = []
        for host in (p.alpha, twin):
            nmbd = host.nmbd({'netbios name': 'ALPHA'}, 'messenger')
            wait_state(nmbd, 'running', 5.0)
            nmbd.ask('stop')
            twins.append(nmbd)
        _claim_together(p, twins)
        for nmbd, other in zip(twins, (TWIN, ADDRESS)):
            event = completed(nmbd, 'alias-conflict', 'ALPHA')
            check.equal((event['claimant']['address'],
                         event['holder']['address'],
                         event['holder']['computer'], event['cause']),
                        (other, other, 'ALPHA', 'duplicate-computer-name'),
                        'alias-conflict at ' + nmbd.host.name)
        for address in (ADDRESS, TWIN):
            wait_for(lambda: p.capture.demands('ALPHA', 3, address), 3.0,
                     address + ' has told the other')
        # behind the answers to the demands
        for nmbd, address in zip(twins, (ADDRESS, TWIN)):
            check.true(p.client.query(address, 'ALPHA', 3, False,
                                      barrier=ANSWERED),
                       'answer of ' + address)
            check.equal(nmbd.json('status')['service']['state'], 'running',
                        'state at ' + address)


def test_stock_clones_are_silent():
    """The yardstick: both hold it, and no log says so."""
    with pair() as p:
        twin = p.lab.host('TWIN', TWIN + '/24')
        twins = [host.nmbd({'netbios name': 'ALPHA'}, wait_up=False)
                 for host in (p.alpha, twin)]
        for nmbd, address in zip(twins, (ADDRESS, TWIN)):
            nmbd.wait_up()
            nmbd.wait_for(lambda: p.client.query(address, 'ALPHA', 3, False,
                                                 0.5), 8.0,
                          'ALPHA<03> at ' + address)

        def both():
            packet = nbt.query(p.client.next_id(), nbt.Name('ALPHA', 3), True)
            replies = p.client.ask(p.alpha.broadcast, [packet],
                                   lambda got: len(got) >= 2, 1.0)
            return {seen.source for seen in replies} == {ADDRESS, TWIN}

        twins[0].wait_for(both, 8.0, 'both answer by broadcast')
        for nmbd in twins:
            check.none(nmbd.log_entries('ALPHA<03>'), 'log entries')


# The other side learns it: RFC 1002's last word, the overwrite demand

def _check_demand(p, name, number=1, address=ADDRESS, interface='eth0'):
    """So many demands on an interface, each behind three requests."""
    demands = wait_for(
        lambda: len(p.capture.demands(name, 3, interface=interface))
        >= number and p.capture.demands(name, 3, interface=interface), 3.0,
        'overwrite demands for %s on %s' % (name, interface))
    check.equal(len(demands), number, 'demands')
    requests = p.capture.registrations(name, 3, interface=interface)
    check.equal(len(requests), 3 * number, 'requests')
    for at, seen in enumerate(demands):
        packet = seen.packet
        check.equal((packet.opcode, packet.broadcast, packet.flags & nbt.RD,
                     seen.source,
                     nbt.nb_addresses(packet.additional[0].rdata)),
                    (nbt.REGISTER, True, 0, address, [address]), 'the demand')
        check.between(seen.time - requests[3 * at + 2].time, 0.0, 1.0,
                      'seconds from the third request to the demand')


def test_overwrite_demand():
    """One for each grant; none for what is refused."""
    with pair() as p:
        p.peer.refuse('REFUSED', 3)
        nmbd = started(p)
        _check_demand(p, 'ALPHA')
        nmbd.ask('add REFUSED')
        for number in (1, 2):
            check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
            _check_demand(p, 'OPERATOR', number)
            nmbd.ask('delete OPERATOR')
        check.none(p.capture.demands('REFUSED', 3), 'demands for REFUSED')
        check.equal(len(p.capture.demands('ALPHA', 3)), 1,
                    'demands for ALPHA')
        for suffix in (0, 0x20):
            check.none(p.capture.demands('ALPHA', suffix),
                       'demands for ALPHA<%02x>' % suffix)


def test_overwrite_demand_on_each_net():
    """And none to a WINS server."""
    with Lab() as lab:
        alpha = lab.host('ALPHA', '10.88.0.2/24', '10.89.0.2/24')
        capture = alpha.capture()
        server = lab.host('WINSSRV', SERVER + '/24')
        server.namespace.ip('route add 10.89.0.0/24 via 10.88.0.2')
        wins = server.wins()
        nmbd = alpha.nmbd({'wins server': SERVER}, 'messenger')
        wait_state(nmbd, 'running', 5.0)
        for interface, address in (('eth0', '10.88.0.2'),
                                   ('eth1', '10.89.0.2')):
            found = wait_for(lambda: capture.demands(
                'ALPHA', 3, interface=interface), 3.0,
                'a demand on ' + interface)
            check.equal([(seen.source, seen.packet.broadcast)
                         for seen in found], [(address, True)],
                        'demands on ' + interface)
        wait_for(lambda: wins.addresses_of('ALPHA'), 3.0, 'ALPHA in WINS')
        check.none([seen for seen in wins.claims('ALPHA')
                    if seen.packet.opcode == nbt.REGISTER
                    and not seen.packet.flags & nbt.RD], 'demands in WINS')


def test_stock_sends_no_demand():
    with pair() as p:
        nmbd = p.nmbd(modules=None)
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0), 8.0,
                      'nmbd has registered ALPHA<00>')
        check.none(p.capture.demands('ALPHA', 3), 'demands')


def test_stock_and_a_demand():
    """What a stock nmbd that has the name makes of a demand: it answers as to
    a registration, once for each of two sockets, and keeps the name."""
    with pair() as p:
        nmbd = p.nmbd(modules=None)
        nmbd.wait_for(p.broadcast_answer, 8.0, 'ALPHA<03> by broadcast')
        demand = nbt.registration(0x55, nbt.Name('ALPHA', 3), HOLDER,
                                  demand=True)
        replies = p.client.ask(p.alpha.broadcast, [demand],
                               lambda got: len(got) >= 2, 1.0)
        check.equal([(seen.packet.opcode, seen.packet.rcode)
                     for seen in replies], [(nbt.REGISTER, nbt.ACT_ERR)] * 2,
                    'replies')
        p.check_answered()


def test_demand_of_another():
    """An alias that we hold: it stays ours, and who demanded it is told
    once."""
    with pair() as p:
        nmbd = started(p)
        p.peer.send(p.alpha.broadcast, nbt.registration(
            0x55, nbt.Name('ALPHA', 3), HOLDER, demand=True))

        def told():
            return [event for event in events(nmbd)
                    if event['event'] in ('alias-conflict', 'alias-defended')]

        nmbd.wait_for(told, 3.0, 'an event')
        p.check_answered()
        check.equal([(event['alias'], event['claimant']['address'])
                     for event in told()], [('ALPHA', HOLDER)], 'events')
        no_harm(nmbd)


# Names of another scope, of other letters, from another net

def _defended(nmbd):
    return [(event['alias'], event['claimant']['address'])
            for event in events(nmbd, 'alias-defended')]


def _scoped_claims(ours, others):
    """Claims in other scopes, then one in ours."""
    with pair() as p:
        charlie = p.lab.host('CHARLIE', '10.88.0.20/24').peer()
        nmbd = started(p, {'netbios scope': ours or None,
                           'messenger:aliases': 'OPERATOR'})
        wait_alias(nmbd, 'OPERATOR', 'registered')
        for scope in others:
            name = nbt.Name('OPERATOR', 3, scope)
            p.peer.send(p.alpha.broadcast,
                        nbt.registration(0x99, name, HOLDER))
            p.peer.send(ADDRESS, nbt.conflict_demand(0x9a, name, HOLDER))
        # what comes behind has been dealt with after them; nmbd compares
        # scopes without regard to case
        name = nbt.Name('OPERATOR', 3, ours.lower())
        charlie.send(p.alpha.broadcast,
                     nbt.registration(0x77, name, '10.88.0.20'))
        charlie.send(ADDRESS, nbt.conflict_demand(0x78, name, '10.88.0.20'))
        nmbd.wait_for(lambda: events(nmbd, 'alias-conflict')
                      and _defended(nmbd), 3.0, 'the events of our scope')
        check.equal(_defended(nmbd), [('OPERATOR', '10.88.0.20')],
                    'defended against')
        check.equal([(event['alias'], event['claimant']['address'])
                     for event in _conflicts(nmbd, 'OPERATOR')],
                    [('OPERATOR', '10.88.0.20')], 'conflicts')
        check.none([seen for seen in p.capture.replies('OPERATOR', 3, ADDRESS)
                    if seen.packet.name.scope.upper() != ours],
                   'refusals of nmbd in another scope')


def test_claims_of_another_scope():
    _scoped_claims('', ['OTHER', 'OTHER.SITE'])


def test_claims_of_another_scope_than_ours():
    _scoped_claims('PLANT', ['', 'OTHER', 'PLANT.SITE', 'PLAN'])


def test_stock_of_another_scope():
    """Another host of our name in another scope: both have it, and there is
    nothing to tell."""
    with pair() as p:
        nmbd = started(p)
        other = p.lab.host('ALPHA2', '10.88.0.50/24').nmbd(
            {'netbios name': 'ALPHA', 'netbios scope': 'OTHER'})

        def answered():
            packet = nbt.query(p.client.next_id(),
                               nbt.Name('ALPHA', 3, 'OTHER'), True)
            replies = p.client.ask(p.alpha.broadcast, [packet], bool, 0.5)
            return replies and replies[0].source == '10.88.0.50'

        other.wait_for(answered, 8.0, 'the other one has ALPHA<03>')
        check.none(_defended(nmbd), 'defended against')
        check.none(events(nmbd, 'alias-conflict'), 'conflicts')
        p.check_answered()
        no_harm(nmbd)


def test_refusals_of_another_scope():
    """An answer about an equal name of another scope is none to us."""
    with pair() as p:
        def elsewhere(request):
            name = nbt.Name(request.name.text, 3, 'OTHER')
            return nbt.registration_reply(
                nbt.registration(request.id, name, ADDRESS), nbt.ACT_ERR)

        for name in ('ALPHA', 'OPERATOR'):
            p.peer.on(nbt.REGISTRATIONS, name, 3, elsewhere)
        nmbd = started(p, {'messenger:aliases': 'OPERATOR'})
        wait_alias(nmbd, 'OPERATOR', 'registered')
        p.check_answered('OPERATOR')
        no_harm(nmbd)


def test_refusal_of_our_scope():
    """In other letters, which are the same scope to nmbd."""
    with pair() as p:
        p.peer.on(nbt.REGISTRATIONS, 'ALPHA', 3, lambda request: (
            nbt.registration_reply(nbt.registration(
                request.id, nbt.Name('ALPHA', 3, 'plant'), ADDRESS),
                nbt.ACT_ERR)))
        nmbd = p.nmbd({'netbios scope': 'PLANT'})
        wait_state(nmbd, 'failed', 4.0)
        check.equal(events(nmbd, 'service-failed')[0]['holder']['address'],
                    HOLDER, 'holder')


def test_refusal_in_small_letters():
    """nmbd takes alpha for ALPHA, so it is a refusal."""
    with pair() as p:
        for name in ('ALPHA', 'OPERATOR'):
            p.peer.on(nbt.REGISTRATIONS, name, 3, lambda request: (
                nbt.registration_reply(nbt.registration(
                    request.id, nbt.Name(request.name.text.lower(), 3),
                    ADDRESS), nbt.ACT_ERR)))
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed', 4.0)
        check.equal(events(nmbd, 'service-failed')[0]['holder']['address'],
                    HOLDER, 'holder')
        p.check_silent()


def test_claim_from_behind_a_router():
    """With the B bit, but not from a net of ours: nmbd refuses nothing, so
    there is nothing to tell."""
    with site(wins=False) as s:
        far = s.far('DELTA', '10.89.0.5').client()
        nmbd = s.nmbd({'wins server': None})
        check.equal(far.register(ADDRESS, 'ALPHA', 3, 0.3), [],
                    'replies of nmbd to DELTA')
        replies = s.client.register(s.alpha.broadcast, 'ALPHA', 3)
        check.equal([seen.packet.rcode for seen in replies], [6],
                    'replies of nmbd to BRAVO')
        nmbd.wait_for(lambda: ('ALPHA', '10.88.0.9') in _defended(nmbd), 2.0,
                      'the event about BRAVO')
        check.equal(_defended(nmbd), [('ALPHA', '10.88.0.9')],
                    'defended against')


# WINS servers that take their time

def _refused_by(nmbd, name, server=SERVER, rcode=6):
    """Waits until a WINS server's refusal is told, as refused or lost."""
    def told():
        return [event for event in events(nmbd)
                if event.get('alias') == name and event['event'] in
                ('alias-refused', 'alias-lost', 'service-failed')
                and event.get('rcode') == rcode]

    event = nmbd.wait_for(told, 8.0, 'the refusal of %s is told' % name)[-1]
    check.equal((event['subnet'], event.get('server')), (UNICAST, server),
                'who has refused ' + name)


def test_server_that_drops_questions():
    """A filter lets only port 137 through: our questions are lost, nmbd's
    registrations arrive. What the server says in the end counts, and Samba
    does not take it for dead."""
    for delay in (0.0, 1.5):
        with town() as p:
            p.wins.no_queries()
            p.wins.reject('OPERATOR', nbt.ACT_ERR, delay=delay)
            nmbd = started(p)
            nmbd.json('add OPERATOR')
            _refused_by(nmbd, 'OPERATOR')
            p.check_silent('OPERATOR')
            check_not_given_up(p.alpha, SERVER)
            check.equal(verdict(nmbd.json('add HELPDESK')), SUCCESS, 'answer')
            wait_for(lambda: p.wins.addresses_of('HELPDESK') == [ADDRESS],
                     5.0, 'HELPDESK is in WINS')
            check_not_given_up(p.alpha, SERVER)
            check_running(nmbd.json('status'))


def test_server_that_drops_questions_about_us():
    """Rule 1, as late as the answer comes."""
    with town() as p:
        p.wins.no_queries()
        p.wins.reject('ALPHA', nbt.ACT_ERR, delay=2.5)
        nmbd = p.nmbd()
        status = wait_state(nmbd, 'failed', 8.0)
        check.equal(status['service']['service_exit_code'], 2270, 'exit code')
        _refused_by(nmbd, 'ALPHA')
        check_not_given_up(p.alpha, SERVER)
        p.check_silent()


def test_two_servers_that_drop_questions():
    """One in each tag: both are told of each name, the refusal of the second
    counts, and neither is taken for dead."""
    with town(delay=1.2) as p:
        second = p.lab.host('WINSTWO', SECOND + '/24').wins(delay=0.5)
        p.wins.no_queries()
        second.no_queries()
        second.reject('HELPDESK', nbt.ACT_ERR, delay=0.5)
        nmbd = started(p, {'wins server': 'one:%s two:%s'
                           % (SERVER, SECOND)})
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        for server, wins in ((SERVER, p.wins), (SECOND, second)):
            wait_for(lambda: wins.addresses_of('OPERATOR') == [ADDRESS], 8.0,
                     'OPERATOR is in WINS at ' + server)
        check_not_given_up(p.alpha, SERVER, SECOND)
        nmbd.json('add HELPDESK')
        _refused_by(nmbd, 'HELPDESK', SECOND)
        p.check_silent('HELPDESK')
        check_not_given_up(p.alpha, SERVER, SECOND)
        p.check_answered('OPERATOR')


def test_slow_server():
    """It answers all, 2.5 s late: no verdict waits for it, it is not taken
    for dead, and what it refuses is lost then."""
    with town(delay=2.5) as p:
        p.wins.reject('OPERATOR', nbt.ACT_ERR, delay=2.5)
        nmbd = started(p, {'messenger:aliases': 'HELPDESK'})
        nmbd.json('add OPERATOR')
        _refused_by(nmbd, 'OPERATOR')
        wait_for(lambda: p.wins.addresses_of('HELPDESK') == [ADDRESS], 8.0,
                 'HELPDESK is in WINS')
        wait_alias(nmbd, 'HELPDESK', 'registered')
        check_not_given_up(p.alpha, SERVER)
        check_running(nmbd.json('status'))


# Claims that would not end

A_DAY = 86400


def test_wack_of_a_day_for_the_computer_name():
    """"Wait a day" keeps nobody from starting: the name is held on the net,
    and in WINS it is under way."""
    with town() as p:
        p.wins.wack('ALPHA', A_DAY)
        nmbd = started(p, seconds=8.0)
        p.check_answered()
        states = {entry['subnet']: entry['state'] for entry
                  in alias_of(nmbd.json('list'))['subnets']}
        check.equal(states[ADDRESS], 'registered', 'state on the net')
        check.contains(('registering', 'waiting'), states.get(UNICAST),
                       'state in WINS')
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        no_harm(nmbd)


def test_wack_of_a_day_for_an_alias():
    with town() as p:
        p.wins.wack('OPERATOR', A_DAY)
        nmbd = started(p)
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        wait_alias(nmbd, 'OPERATOR', 'registered')
        p.check_answered('OPERATOR')
        check.equal(nmbd.json('delete OPERATOR')['ok'], True, 'delete')
        wait_alias(nmbd, 'OPERATOR', None)
        p.check_silent('OPERATOR')


def test_wack_of_a_day_and_an_answer():
    """It is waited for no longer, but it is heard when it comes."""
    with town() as p:
        p.wins.wack('OPERATOR', A_DAY, then=nbt.ACT_ERR, after=3.0)
        p.wins.wack('HELPDESK', A_DAY, then=0, after=3.0)
        nmbd = started(p)
        requests = [Request(nmbd, 'add ' + name)
                    for name in ('OPERATOR', 'HELPDESK')]
        for request in requests:
            request.answer()
        _refused_by(nmbd, 'OPERATOR')
        p.check_silent('OPERATOR')
        wait_alias(nmbd, 'HELPDESK', 'registered')

        def granted():
            states = {entry['subnet']: entry['state'] for entry
                      in alias_of(nmbd.json('list'), 'HELPDESK')['subnets']}
            return states.get(UNICAST) == 'registered'

        nmbd.wait_for(granted, 5.0, 'HELPDESK is registered in WINS')


def test_wins_goes_while_a_claim_is_pending():
    """"wins server" is taken out of smb.conf: what was under way there is no
    longer waited for, and nothing of it is left in the list."""
    with town() as p:
        p.wins.no_registrations('OPERATOR', 3)
        nmbd = started(p)
        request = Request(nmbd, 'add OPERATOR')
        wait_for(lambda: p.wins.claims('OPERATOR'), 5.0, 'the claim in WINS')
        p.alpha.configure({}, 'messenger')
        nmbd.reload()
        wait_alias(nmbd, 'OPERATOR', 'registered')
        check.equal(verdict(request.answer()), SUCCESS, 'answer')
        for name in ('ALPHA', 'OPERATOR'):
            check.equal([(entry['subnet'], entry['state']) for entry in
                         alias_of(nmbd.json('list'), name)['subnets']],
                        [(ADDRESS, 'registered')], 'subnets of ' + name)
        p.check_answered('OPERATOR')
        check.equal(nmbd.json('delete OPERATOR')['ok'], True, 'delete')
        wait_alias(nmbd, 'OPERATOR', None)
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'add again')


def test_delete_cancels_an_addition():
    """While it is being claimed, at nmbd's own pace: whoever added it is told
    that it came to nothing, and it does not come back."""
    with pair() as p:
        nmbd = started(p, {'messenger:rfc timing': 'no'}, seconds=8.0)
        request = Request(nmbd, 'add OPERATOR')
        wait_for(lambda: p.capture.registrations('OPERATOR', 3), 5.0,
                 'the claim')
        check.equal(nmbd.json('delete OPERATOR')['ok'], True, 'delete')
        check.equal(request.answer()['ok'], False, 'answer to add')
        wait_alias(nmbd, 'OPERATOR', None)
        number = len(p.capture.registrations('OPERATOR', 3))
        # takes as long as the first one would have taken
        check.equal(verdict(nmbd.json('add HELPDESK')), SUCCESS, 'answer')
        check.equal(len(p.capture.registrations('OPERATOR', 3)), number,
                    'requests after the deletion')
        p.check_silent('OPERATOR')
        check.none(events(nmbd, 'alias-refused') + events(nmbd, 'alias-lost'),
                   'refusals')
