# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of this server that are no aliases: who refuses them is told, and
nmbd does as it always did."""

import socket
import time

from evidence import ALIAS, DUPLICATE, UNKNOWN, computer, tool
from lab import Lab, check, nbt
from sites import SERVER, UNICAST, site
from steps import (ADDRESS, HOLDER, events, pair, wait_state,
                   wall_of)

MAC = '02:00:00:00:00:01'
GROUP = 'group-of-that-name'
DOMAIN_MASTER = 'another-domain-master'


def refused(nmbd):
    """{(name, type): event} of the name-refused events."""
    return {(event['name'], event['type']): event
            for event in events(nmbd, 'name-refused')}


def told(nmbd, *names, seconds=8.0):
    """Waits until all of these names have an event with a cause."""
    def there():
        found = {key: event for key, event in refused(nmbd).items()
                 if 'cause' in event}
        check.equal(sorted(set(names) - set(found)), [], 'names not told of')
        return found

    return nmbd.wait_for(there, seconds, 'the events are completed',
                         interval=0.1)


def names(nmbd, subnet=ADDRESS):
    """{(name, type): state on a subnet} in "json names"."""
    return {(entry['name'], entry['type']): where['state']
            for entry in nmbd.json('names')['names']
            for where in entry['subnets'] if where['subnet'] == subnet}


def name_of(nmbd, name, suffix):
    found = [entry for entry in nmbd.json('names')['names']
             if (entry['name'], entry['type']) == (name, '%02x' % suffix)]
    check.equal(len(found), 1, 'entries for %s<%02x>' % (name, suffix))
    return found[0]


def settled(nmbd, seconds=10.0, **states):
    """Waits until nothing is being claimed any more."""
    def there():
        found = names(nmbd)
        check.lacks(list(found.values()), 'registering', 'states')
        return found

    return nmbd.wait_for(there, seconds, 'nmbd has claimed its names',
                         interval=0.1)


def check_event(event, name, suffix, cause, holder=HOLDER, subnet=ADDRESS):
    check.equal((event['event_id'], event['source'], event['severity'],
                 event['holder']['address'], event['subnet'],
                 event['cause']),
                (4321, 'NetBT', 'error', holder, subnet, cause), 'event')
    check.equal(event['message'],
                'The name "%s:%x" could not be registered on the interface '
                'with IP address %s. The computer with the IP address %s did '
                'not allow the name to be claimed by this computer.'
                % (name.ljust(15), suffix, ADDRESS, holder), 'the sentence')


@check.alone
def test_cloned_server():
    """ALPHA exists already: one event for each name, as soon as the packet is
    there, with the holder's own word for it."""
    with pair() as p:
        computer(p.peer, 'ALPHA')
        p.peer.hold('ALPHA', 3)
        rules = {suffix: p.peer.refuse('ALPHA', suffix)
                 for suffix in (0x00, 0x20)}
        nmbd = p.nmbd()
        found = told(nmbd, ('ALPHA', '00'), ('ALPHA', '20'))
        check.equal(len(events(nmbd, 'name-refused')), 2, 'events')
        for suffix, rule in rules.items():
            event = found['ALPHA', '%02x' % suffix]
            check_event(event, 'ALPHA', suffix, DUPLICATE)
            check.equal((event['rcode'], event['holder']['computer'],
                         event['holder']['group'], event['holder']['mac']),
                        (6, 'ALPHA', 'LAB', MAC), 'the holder')
            check.between(wall_of(event['time']) - rule.first_reply()[1],
                          -0.01, 0.1, 'seconds from the packet to the event')
            nmbd.wait_log('Failed to register my name ALPHA<%02x>' % suffix,
                          6.0)
        entry = nmbd.wait_log('The name "ALPHA          :20"')
        check.equal(entry.level, 0, 'level')
        check.contains(' '.join(entry.text.split()),
                       'ALPHA<20> is held by %s (subnet %s, rcode 6).'
                       % (HOLDER, ADDRESS), 'the entry')
        wait_state(nmbd, 'failed')
        settled(nmbd)
        states = names(nmbd)
        for suffix in ('00', '03', '20'):
            check.equal(states['ALPHA', suffix], 'conflict',
                        'state of ALPHA<%s>' % suffix)
        check.equal((states['LAB', '00'], states['LAB', '1e']),
                    ('registered', 'registered'), 'states of the group')
        entry = name_of(nmbd, 'ALPHA', 0x20)
        check.equal((entry['purpose'], entry['group'],
                     entry['in_node_status']),
                    ('File server', False, True), 'ALPHA<20>')
        check.equal(entry['subnets'],
                    [{'subnet': ADDRESS, 'state': 'conflict', 'rcode': 6,
                      'rcode_name': 'ACT_ERR',
                      'holder': found['ALPHA', '20']['holder']}], 'ALPHA<20>')
        # what node status says is the opposite
        check.contains(p.listed(), 'ALPHA<20>', 'node status')
        text = nmbd.ask('names')
        check.equal(text.count('nmbd still answers unicast queries'), 2,
                    'remarks')
        check.none([line for line in text.splitlines() if len(line) > 80],
                   'wide lines')
        check.equal(tool(p.alpha, 'names').stdout, text, 'smbmessenger names')
        check.contains(nmbd.ask('status'), '2 other names of this server in '
                       'conflict: smbmessenger names', 'status')
        check.equal(nmbd.json('status')['names_in_conflict'], 2, 'conflicts')
        findings = [(entry.get('name'), entry['cause'], entry['next'])
                    for entry in nmbd.json('explain')['findings']]
        check.contains(findings, ('ALPHA', DUPLICATE,
                                  'systemctl restart nmbd'), 'findings')
        explained = ' '.join(nmbd.ask('explain').split())
        for words in ('Clients that look up \\\\ALPHA by NetBIOS are sent to '
                      'the other computer.', '/etc/hostname', '"netbios name"'):
            check.contains(explained, words, 'explain')


def test_all_is_well():
    """What every server has: registered, and no event."""
    with pair() as p:
        nmbd = p.nmbd({'netbios aliases': 'BETA', 'local master': 'yes',
                       'preferred master': 'yes', 'domain master': 'yes'})

        def all_there():
            wanted = [('ALPHA', '00'), ('ALPHA', '20'), ('BETA', '00'),
                      ('BETA', '20'), ('LAB', '00'), ('LAB', '1b'),
                      ('LAB', '1d'), ('LAB', '1e'), ('..__MSBROWSE__.', '01'),
                      ('ALPHA', '03'), ('BETA', '03')]
            check.equal(names(nmbd), {key: 'registered' for key in wanted},
                        'names')
            return True

        nmbd.wait_for(all_there, 30.0, 'all is registered', interval=0.2)
        check.none([entry for entry in events(nmbd)
                    if entry['source'] == 'NetBT'], 'events')
        check.contains(nmbd.ask('explain'), 'there is nothing to do',
                       'explain')
        for name, suffix in (('LAB', 0x1b), ('LAB', 0x1d), ('LAB', 0x1e)):
            check.contains(p.listed(), '%s<%02x>' % (name, suffix),
                           'node status')


def test_one_of_two():
    """<20> alone, and on one of two subnets."""
    with pair(addresses=('10.88.0.2/24', '10.99.0.2/24')) as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('ALPHA', 0x20)
        nmbd = p.nmbd()
        event = told(nmbd, ('ALPHA', '20'))['ALPHA', '20']
        check_event(event, 'ALPHA', 0x20, ALIAS)
        check.equal(event['holder']['computer'], 'PLANT1', 'the holder')
        settled(nmbd)
        check.equal([(where['subnet'], where['state'])
                     for where in name_of(nmbd, 'ALPHA', 0x20)['subnets']],
                    [(ADDRESS, 'conflict'), ('10.99.0.2', 'registered')],
                    'ALPHA<20>')
        check.equal(names(nmbd)['ALPHA', '00'], 'registered', 'ALPHA<00>')
        check.lacks(nmbd.ask('names'), 'still answers', 'names')
        check.equal(len(events(nmbd, 'name-refused')), 1, 'events')
        wait_state(nmbd, 'running')


def test_five_bridges():
    """All of them are in the table; and not any more when they go at once,
    though nmbd keeps four of them in its list."""
    with pair() as p:
        bridges = ['172.%d.0.1' % (18 + number) for number in range(5)]
        for number, address in enumerate(bridges):
            p.alpha.add_bridge('br%d' % number, address + '/16')
        nmbd = p.nmbd({'interfaces': 'eth* br*'})

        def states():
            return {where['subnet']: where['state'] for where
                    in name_of(nmbd, 'ALPHA', 0x20)['subnets']}

        def all_there():
            check.equal(states(), {subnet: 'registered' for subnet
                                   in bridges + [ADDRESS]}, 'ALPHA<20>')
            return True

        nmbd.wait_for(all_there, 10.0, 'it is registered everywhere',
                      interval=0.1)
        p.alpha.namespace.ip(*['link del br%d' % number
                               for number in range(5)])

        def gone():
            check.equal(states(), {ADDRESS: 'registered'}, 'ALPHA<20>')
            return True

        nmbd.wait_for(gone, 5.0, 'the bridges are gone', interval=0.1)
        check.none([entry for entry in events(nmbd)
                    if entry['source'] == 'NetBT'], 'events')
        p.check_answered('ALPHA')


def test_group_of_that_name():
    """netbios name = ASIA, and others are in the group ASIA."""
    with pair() as p:
        server = p.lab.host('SERVER1', '10.88.0.50/24')
        other = server.nmbd({'workgroup': 'ASIA'})
        other.wait_for(lambda: p.client.query(
            server.broadcast, 'ASIA', 0x00, True), 8.0, 'ASIA<00> is there')
        nmbd = p.nmbd({'netbios name': 'ASIA'})
        event = told(nmbd, ('ASIA', '00'))['ASIA', '00']
        check_event(event, 'ASIA', 0x00, GROUP, server.address)
        check.equal((event['holder']['computer'], event['holder']['group']),
                    ('SERVER1', 'ASIA'), 'the holder')
        explained = ' '.join(nmbd.ask('explain').split())
        check.contains(explained, 'Give this server another "netbios name"',
                       'explain')
        settled(nmbd)
        check.equal(names(nmbd)['ASIA', '20'], 'registered', 'ASIA<20>')


def test_computer_of_our_group():
    """The other way about: a computer has the name of our workgroup."""
    with pair() as p:
        computer(p.peer, 'LAB', 'OTHERS')
        nmbd = p.nmbd()
        event = told(nmbd, ('LAB', '00'))['LAB', '00']
        check_event(event, 'LAB', 0x00, DUPLICATE)
        check.equal((event['group'], event['purpose']), (True, 'Workgroup'),
                    'the name')
        check.contains(' '.join(nmbd.ask('explain').split()),
                       'another "workgroup"', 'explain')
        check.equal(settled(nmbd)['LAB', '00'], 'conflict', 'LAB<00>')


def test_two_domain_masters():
    """Two Sambas: the second one asks before it claims, and claims nothing."""
    with pair() as p:
        server = p.lab.host('SERVER1', '10.88.0.50/24')
        other = server.nmbd({'domain master': 'yes'})
        other.wait_for(lambda: p.client.query(
            server.broadcast, 'LAB', 0x1b, True), 10.0, 'LAB<1b> is there')
        nmbd = p.nmbd({'domain master': 'yes'})
        event = told(nmbd, ('LAB', '1b'))['LAB', '1b']
        check_event(event, 'LAB', 0x1b, DOMAIN_MASTER, server.address)
        check.lacks(event, 'rcode', 'the event')
        check.equal(event['holder']['computer'], 'SERVER1', 'the holder')
        nmbd.wait_log('There is already a domain master browser')
        check.equal(names(nmbd)['LAB', '1b'], 'conflict', 'LAB<1b>')
        check.contains(nmbd.ask('explain'), 'domain master = no', 'explain')
        check.equal(p.capture.registrations('LAB', 0x1b,
                                            source=p.alpha.address), [],
                    'registrations')


def test_domain_master_that_refuses():
    """One that does not answer questions but refuses the claim, as a Windows
    domain controller on another port may be heard."""
    with pair() as p:
        computer(p.peer, 'PDC')
        p.peer.hold('LAB', 0x1b)
        p.peer.on({nbt.QUERY}, 'LAB', 0x1b, lambda request: None,
                  question_type=nbt.TYPE_NB)
        nmbd = p.nmbd({'domain master': 'yes'})
        event = told(nmbd, ('LAB', '1b'), seconds=12.0)['LAB', '1b']
        check_event(event, 'LAB', 0x1b, DOMAIN_MASTER)
        check.equal(event['rcode'], 6, 'rcode')
        nmbd.wait_log('Failed to become a domain master browser', 6.0)


def test_election_lost():
    """Another local master is normal: no event."""
    with pair() as p:
        server = p.lab.host('SERVER1', '10.88.0.50/24')
        other = server.nmbd({'local master': 'yes', 'os level': '65',
                             'preferred master': 'yes'})
        other.wait_log('is now a local master browser', 30.0)
        nmbd = p.nmbd({'local master': 'yes', 'preferred master': 'yes'})
        settled(nmbd)
        end = time.monotonic() + 6.0
        nmbd.wait_for(lambda: time.monotonic() > end, 8.0, 'an election')
        check.lacks(names(nmbd), ('LAB', '1d'), 'names')
        check.none([entry for entry in events(nmbd)
                    if entry['source'] == 'NetBT'], 'events')
        check.equal(nmbd.json('status')['names_in_conflict'], 0, 'conflicts')


def test_local_master_refused():
    """Somebody who is no master defends the name: in the table, and no
    event."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.refuse('LAB', 0x1d)
        nmbd = p.nmbd({'local master': 'yes', 'preferred master': 'yes'})

        def there():
            check.equal(names(nmbd).get(('LAB', '1d')), 'conflict',
                        'LAB<1d>')
            return name_of(nmbd, 'LAB', 0x1d)

        entry = nmbd.wait_for(there, 40.0, 'LAB<1d> is refused', interval=0.2)
        check.equal(entry['subnets'][0]['holder']['address'], HOLDER,
                    'the holder')
        check.none(events(nmbd, 'name-refused'), 'events')
        check.equal(nmbd.json('status')['names_in_conflict'], 0, 'conflicts')


def test_holder_that_says_nothing():
    with pair() as p:
        p.peer.silent()
        p.peer.refuse('ALPHA', 0x20)
        nmbd = p.nmbd()
        event = told(nmbd, ('ALPHA', '20'))['ALPHA', '20']
        check_event(event, 'ALPHA', 0x20, UNKNOWN)
        check.equal(event['holder'], {'address': HOLDER}, 'the holder')
        check.contains(nmbd.ask('explain'),
                       'First: ip neigh show %s\n'
                       'Then: systemctl restart nmbd\n' % HOLDER, 'explain')


def test_any_answer_fails_it():
    """RFC 1002 has an end node disregard a positive answer; stock nmbd gives
    the name up all the same, and that is told when it does."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.confirm('ALPHA', 0x20)
        nmbd = p.nmbd()
        event = told(nmbd, ('ALPHA', '20'))['ALPHA', '20']
        check_event(event, 'ALPHA', 0x20, 'not-the-holder')
        check.lacks(event, 'rcode', 'the event')
        nmbd.wait_log('Failed to register my name ALPHA<20>')


def test_old_fault_of_samba():
    """A refusal of <1b> with the B bit set is disregarded by nmbd, and is
    none here."""
    with pair() as p:
        p.peer.refuse('LAB', 0x1b, b_bit=True)
        nmbd = p.nmbd({'domain master': 'yes'})
        nmbd.wait_for(lambda: names(nmbd).get(('LAB', '1b')) == 'registered',
                      15.0, 'LAB<1b> is registered', interval=0.1)
        check.none(events(nmbd, 'name-refused'), 'events')


def test_switched_off_in_the_middle():
    with pair() as p:
        nmbd = p.nmbd()
        check.equal(names(nmbd)['ALPHA', '20'], 'registering', 'ALPHA<20>')
        p.alpha.configure({'messenger:own names': 'no'}, 'messenger')
        nmbd.reload()
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x20), 8.0,
                      'ALPHA<20> is answered')
        check.equal([entry['type'] for entry in nmbd.json('names')['names']],
                    ['03'], 'names')


def test_silent_wins_server():
    """nmbd takes silence for a grant after 20 s; the table does not."""
    with site(wins=False) as s:
        s.far('SILENT', SERVER).peer().silent()
        nmbd = s.nmbd(running=False)

        def there():
            found = [where for where in
                     name_of(nmbd, 'ALPHA', 0x20)['subnets']
                     if where['subnet'] == UNICAST]
            check.equal([(where['state'], where.get('reason'))
                         for where in found],
                        [('waiting', 'no WINS server answers')], 'ALPHA<20>')
            return True

        nmbd.wait_for(there, 35.0, 'nmbd has given up waiting',
                      interval=0.2)
        check.none(events(nmbd, 'name-refused'), 'events')


def test_switched_off():
    """messenger:own names = no: nothing is told; on again, what there is."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('ALPHA', 0x20)
        nmbd = p.nmbd({'messenger:own names': 'no'})
        nmbd.wait_log('Failed to register my name ALPHA<20>', 8.0)
        check.none(events(nmbd, 'name-refused'), 'events')
        check.equal([entry['type'] for entry in nmbd.json('names')['names']],
                    ['03'], 'names')
        check.contains(nmbd.ask('names'), 'messenger:own names = no', 'names')
        p.alpha.configure(None, 'messenger')
        nmbd.reload()

        def there():
            found = names(nmbd)
            check.equal((found.get(('ALPHA', '00')),
                         found.get(('ALPHA', '20'))),
                        ('registered', 'waiting'), 'names')
            return True

        nmbd.wait_for(there, 8.0, 'what nmbd has is in the table')


# Others

def _conflicts(nmbd):
    return [(event['name'], event['type'],
             event.get('claimant', {}).get('address'),
             event['event_id'], event['count'])
            for event in events(nmbd, 'name-conflict')]


def test_contested():
    """A claim, a conflict demand and a release of ALPHA<20>: each told once a
    minute, and counted; nmbd keeps the name."""
    with pair() as p:
        nmbd = p.nmbd()
        settled(nmbd)
        name = nbt.Name('ALPHA', 0x20)
        for _ in range(20):
            check.equal([reply.packet.rcode for reply in p.client.register(
                p.alpha.broadcast, 'ALPHA', 0x20)], [6], 'refusals')
        nmbd.wait_for(lambda: _conflicts(nmbd), 2.0, 'the event')
        check.equal(_conflicts(nmbd),
                    [('ALPHA', '20', HOLDER, 4319, 1)], 'events')
        event = events(nmbd, 'name-conflict')[0]
        check.equal((event['source'], event['severity'], event['message']),
                    ('NetBT', 'error', 'A duplicate name has been detected on '
                     'the TCP network.'), 'the event')
        check.contains(' '.join(nmbd.wait_log('tried to take').text.split()),
                       '%s tried to take ALPHA<20>; nmbd refused it.' % HOLDER,
                       'the entry')
        p.peer.send(p.alpha.address, nbt.conflict_demand(7, name, HOLDER))
        nmbd.wait_for(lambda: len(_conflicts(nmbd)) == 2, 2.0, 'the event')
        p.peer.send(p.alpha.broadcast, nbt.release(8, name, HOLDER))
        nmbd.wait_for(lambda: len(_conflicts(nmbd)) == 3, 2.0, 'the event')
        check.equal(_conflicts(nmbd)[1:],
                    [('ALPHA', '20', HOLDER, 4319, 1),
                     ('ALPHA', '20', HOLDER, 4320, 1)], 'events')
        check.equal(names(nmbd)['ALPHA', '20'], 'registered', 'ALPHA<20>')
        check.true(p.broadcast_answer('ALPHA', 0x20), 'answer')


def test_not_contested():
    """Other members of the group, other names, a WINS server's business, and
    what nmbd itself says."""
    with pair() as p:
        nmbd = p.nmbd()
        settled(nmbd)
        p.lab.host('SERVER1', '10.88.0.50/24').nmbd()
        for packet in (
                nbt.release(1, nbt.Name('BRAVO', 0x20), HOLDER),
                nbt.registration(2, nbt.Name('ALPHA', 0x20, 'SCOPE'), HOLDER),
                nbt.query(3, nbt.Name('ALPHA', 0x20), True)):
            p.peer.send(p.alpha.broadcast, packet)
        p.peer.send(p.alpha.address, nbt.registration(
            4, nbt.Name('ALPHA', 0x20), HOLDER, False))
        p.client.register(p.alpha.broadcast, 'ALPHA', 0x00)
        nmbd.wait_for(lambda: _conflicts(nmbd), 2.0, 'the event')
        check.equal(_conflicts(nmbd), [('ALPHA', '00', HOLDER, 4319, 1)],
                    'events')


@check.alone
def test_clones_started_together():
    """Neither has the name yet and may refuse it to the other; both are told
    of, when they have it."""
    with Lab() as lab:
        first = lab.host('ALPHA', '10.88.0.2/24')
        second = lab.host('BRAVO', '10.88.0.9/24')
        one = first.nmbd(None, 'messenger', wait_up=False)
        two = second.nmbd({'netbios name': 'ALPHA'}, 'messenger',
                          wait_up=False)
        for nmbd, other in ((one, second), (two, first)):
            nmbd.wait_up()

            def there():
                found = {event['type']: event for event in
                         events(nmbd, 'name-conflict')
                         + events(nmbd, 'name-refused')
                         if event['name'] == 'ALPHA' and 'cause' in event}
                check.equal(sorted(found), ['00', '20'], 'events')
                return found

            for event in nmbd.wait_for(there, 10.0,
                                       'the events').values():
                check.equal((event['holder']['address'],
                             event['holder']['computer'], event['cause']),
                            (other.address, 'ALPHA', DUPLICATE), 'event')


def test_storm():
    """A thousand refusals, claims and demands from many hosts: a bounded log,
    and the names stay."""
    with pair() as p:
        p.peer.refuse('ALPHA', 0x20, times=1000)
        nmbd = p.nmbd()
        told(nmbd, ('ALPHA', '20'))
        check.equal(len(events(nmbd, 'name-refused')), 1, 'events')
        settled(nmbd)
        p.bravo.namespace.ip(*['addr add 10.88.0.%d/24 dev eth0' % each
                               for each in range(100, 200)])
        for each in range(100, 200):
            with p.bravo.namespace.socket(socket.AF_INET,
                                          socket.SOCK_DGRAM) as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
                sock.bind(('10.88.0.%d' % each, 0))
                for ident in range(10):
                    sock.sendto(nbt.encode(nbt.registration(
                        ident, nbt.Name('ALPHA', 0x00),
                        '10.88.0.%d' % each)), (p.alpha.broadcast, nbt.PORT))
            p.check_answered('ALPHA')
        nmbd.wait_for(lambda: len(_conflicts(nmbd)) > 64, 3.0, 'the events')
        check.equal(len(_conflicts(nmbd)), 65, 'events')
        check.equal(_conflicts(nmbd)[-1][2], None, 'the last claimant')
        check.true(p.broadcast_answer('ALPHA', 0x00), 'answer')


# WINS

def test_name_of_the_wins_server():
    """A real Samba as WINS server, whose own name it is."""
    with site() as s:
        nmbd = s.nmbd({'netbios name': 'WINSSRV'}, running=False)
        event = told(nmbd, ('WINSSRV', '20'), seconds=12.0)['WINSSRV', '20']
        check.equal((event['subnet'], event['server'],
                     event['holder']['address'], event['holder']['computer'],
                     event['cause']),
                    (UNICAST, SERVER, SERVER, 'WINSSRV', DUPLICATE), 'event')
        check.contains((5, 6), event['rcode'], 'rcode')
        settled(nmbd)
        check.equal([(where['subnet'], where['state']) for where in
                     name_of(nmbd, 'WINSSRV', 0x20)['subnets']],
                    [(ADDRESS, 'registered'), (UNICAST, 'conflict')],
                    'WINSSRV<20>')


def test_granted_in_wins():
    with site() as s:
        nmbd = s.nmbd()
        settled(nmbd)

        def there():
            check.equal([names(nmbd, UNICAST).get(('ALPHA', suffix))
                         for suffix in ('00', '20')],
                        ['registered', 'registered'], 'states in WINS')
            return True

        nmbd.wait_for(there, 10.0, 'they are in WINS', interval=0.1)
        check.equal(s.in_wins('ALPHA', suffix=0x20), [ADDRESS],
                    'ALPHA<20> in WINS')
        check.none([entry for entry in events(nmbd)
                    if entry['source'] == 'NetBT'], 'events')


def test_stale_record():
    """The owner in WINS is gone, and nobody stands behind the record: the
    server finds that out in 21 s and refuses all the same."""
    with site() as s:
        owner = s.owner('BETA')
        owner.kill()
        nmbd = s.nmbd({'netbios aliases': 'BETA'}, running=False)
        event = told(nmbd, ('BETA', '20'), seconds=40.0)['BETA', '20']
        check.equal((event['subnet'], event['server'], event.get('holder'),
                     event['rcode'], event['cause']),
                    (UNICAST, SERVER, None, 5, 'stale-wins-record'), 'event')
        check.contains(' '.join(nmbd.wait_log('BETA           :20')
                                .text.split()),
                       'it has a record for 10.89.0.4, where no computer '
                       'holds the name', 'the entry')


def test_domain_master_in_wins():
    """With WINS nmbd asks there for the domain master, and nowhere else."""
    with site() as s:
        other = s.far('PLANT1', '10.89.0.7').nmbd(
            {'domain master': 'yes', 'wins server': SERVER})
        other.wait_for(lambda: s.in_wins('LAB', suffix=0x1b), 10.0,
                       'LAB<1b> is in WINS')
        nmbd = s.nmbd({'domain master': 'yes'})
        event = told(nmbd, ('LAB', '1b'))['LAB', '1b']
        check.equal((event['subnet'], event['server'],
                     event['holder']['address'], event['holder']['computer'],
                     event['cause']),
                    (UNICAST, SERVER, '10.89.0.7', 'PLANT1', DOMAIN_MASTER),
                    'event')


def test_domain_master_of_others():
    """A server that does not want to be one asks WINS as well, as a local
    master: that somebody is domain master is no conflict then."""
    with site() as s:
        other = s.far('PLANT1', '10.89.0.7').nmbd(
            {'domain master': 'yes', 'wins server': SERVER})
        other.wait_for(lambda: s.in_wins('LAB', suffix=0x1b), 10.0,
                       'LAB<1b> is in WINS')
        nmbd = s.nmbd({'local master': 'yes', 'preferred master': 'yes'})
        nmbd.wait_for(lambda: any(
            seen.destination == SERVER for seen in
            s.capture.requests({nbt.QUERY}, 'LAB', 0x1b)), 35.0,
            'it looks for its domain master', interval=0.2)
        check.none([entry for entry in events(nmbd)
                    if entry['source'] == 'NetBT'], 'events')


# Chatter

def test_registered_and_released():
    """With "log level = 3" each name that is granted or given up is told."""
    with pair() as p:
        nmbd = p.nmbd({'log level': '1 messenger:3'})
        settled(nmbd)
        found = [(event['name'], event['type'], event['subnet'],
                  event['severity'], event['source'])
                 for event in events(nmbd, 'name-registered')]
        check.equal(sorted(found),
                    [(name, suffix, ADDRESS, 'information', 'NetBT')
                     for name, suffix in (('ALPHA', '00'), ('ALPHA', '20'),
                                          ('LAB', '00'), ('LAB', '1e'))],
                    'events')
        entry = nmbd.wait_log('The name "ALPHA          :20" was registered')
        check.equal(entry.level, 3, 'level')
