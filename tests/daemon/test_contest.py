# SPDX-License-Identifier: GPL-3.0-or-later
"""Others who want our aliases: who tried to take one, how often, who demanded
it, and what was lost."""

import socket
import struct
import time

from aliases import running, table, wait_table
from evidence import ALIAS, completed, computer, tool
from lab import Lab, check, nbt, wait_for
from lab.traffic import Storm
from steps import (ADDRESS, HOLDER, alias_of, check_running, events,
                   pair, wait_state)

HELD = ('added', 'registered')


def _claim(client, p, name='ALPHA', suffix=3):
    """One broadcast claim, and nmbd's refusal."""
    replies = client.register(p.alpha.broadcast, name, suffix)
    check.equal([reply.packet.rcode for reply in replies], [6],
                'reply to a claim for ' + name)


def _counters(nmbd):
    return nmbd.json('status')['counters']


def _defended(nmbd):
    """(alias, claimant, count) of the alias-defended events."""
    return [(event['alias'], event.get('claimant', {}).get('address'),
             event['count']) for event in events(nmbd, 'alias-defended')]


# Defended

def test_defended():
    """One event for each host and alias; what follows within the minute is
    counted; two sockets of nmbd's hear each claim and it counts once."""
    with pair() as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        _claim(p.client, p)
        nmbd.wait_for(lambda: _defended(nmbd), 2.0, 'the event')
        for _ in range(20):
            _claim(p.client, p)
        other = p.lab.host('CHARLIE', '10.88.0.20/24').client()
        _claim(other, p)
        _claim(p.client, p, 'operator')
        nmbd.wait_for(lambda: len(_defended(nmbd)) == 3, 2.0, 'the events')
        check.equal(_defended(nmbd), [('ALPHA', HOLDER, 1),
                                      ('ALPHA', '10.88.0.20', 1),
                                      ('OPERATOR', HOLDER, 1)], 'events')
        check.equal(_counters(nmbd)['defences'], 23, 'defences')
        event = events(nmbd, 'alias-defended')[0]
        check.equal((event['severity'], event['source'], event['kind'],
                     event['message'], event['claimant']),
                    ('warning', 'Messenger', 'computer',
                     'The message alias ALPHA was defended.',
                     {'address': HOLDER}), 'the event')
        check.lacks(event, 'holder', 'the event')
        entry = nmbd.wait_log('tried to take')
        check.equal(entry.level, 1, 'level')
        check.contains(entry.text, '%s tried to take ALPHA<03>' % HOLDER,
                       'log entry')
        check.equal(len(nmbd.log_entries('tried to take')), 3, 'log entries')
        check_running(nmbd.json('status'))
        p.check_answered()
        p.check_answered('OPERATOR')


def test_defended_against_samba():
    """A stock nmbd of our name: it claims, is refused, and is told of."""
    with pair() as p:
        nmbd = running(p, {'messenger:aliases': 'PLANT1'})
        wait_table(nmbd, {'PLANT1': HELD})
        other = p.lab.host('PLANT1', '10.88.0.50/24')
        other.nmbd()
        nmbd.wait_for(lambda: _defended(nmbd), 5.0, 'the event')
        alias, claimant, count = _defended(nmbd)[0]
        check.equal((alias, claimant, count), ('PLANT1', other.address, 1),
                    'the event')
        check.equal(len(_defended(nmbd)), 1, 'events')
        check.equal(_counters(nmbd)['demands'], 0, 'demands')


def test_not_ours():
    """Claims for what we do not hold, or not as <03>, and for a group; our
    own claims; refusals, releases and refreshes of others."""
    with pair() as p:
        p.peer.refuse('REFUSED', 3)
        nmbd = running(p, {'messenger:aliases': 'REFUSED OPERATOR'})
        wait_table(nmbd, {'REFUSED': ('added', 'refused'), 'OPERATOR': HELD})
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0), 6.0,
                      'nmbd has registered ALPHA<00>')
        for name, suffix in (('NOBODY', 3), ('REFUSED', 3), ('OPERATOR', 0),
                             ('ALPHA', 0), ('ALPHA', 0x20), ('ALPH', 3),
                             ('ALPHAX', 3)):
            p.client.register(p.alpha.broadcast, name, suffix, 0.05)
        name = nbt.Name('OPERATOR', 3)
        for packet in (nbt.release(1, name, HOLDER),
                       nbt.query(2, name, True),
                       nbt.registration(3, nbt.Name('OPERATOR', 3, 'SCOPE'),
                                        HOLDER),
                       nbt.registration_reply(
                           nbt.registration(4, name, HOLDER), nbt.ACT_ERR)):
            p.peer.send(p.alpha.broadcast, packet)
        # what comes behind has been dealt with after them
        _claim(p.client, p)
        nmbd.wait_for(lambda: _defended(nmbd), 2.0, 'the event')
        check.equal([entry for entry in _defended(nmbd)
                     if entry[0] != 'OPERATOR'],
                    [('ALPHA', HOLDER, 1)], 'events')
        check.none(events(nmbd, 'alias-conflict'), 'demands')
        nmbd.ask('stop')
        check.equal(p.client.register(p.alpha.broadcast, 'ALPHA', 3, 0.2), [],
                    'replies while stopped')
        check.equal(len(events(nmbd, 'alias-defended')) <= 2, True, 'events')


# Demands

def test_conflict_demand():
    """nmbd drops it and keeps the name; who sent it is told."""
    with pair() as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        p.peer.send(ADDRESS, nbt.conflict_demand(0x77, nbt.Name('OPERATOR', 3),
                                                 HOLDER))
        nmbd.wait_for(lambda: events(nmbd, 'alias-conflict'), 2.0,
                      'the event')
        (event,) = events(nmbd, 'alias-conflict')
        check.equal((event['alias'], event['kind'], event['severity'],
                     event['claimant'], event['count'], event['message']),
                    ('OPERATOR', 'added', 'warning', {'address': HOLDER}, 1,
                     'The message alias OPERATOR was said to be in conflict.'),
                    'the event')
        entry = nmbd.wait_log('demanded')
        check.contains(entry.text, 'nmbd keeps it', 'log entry')
        # again, and by broadcast, and what is not ours or no demand
        for ident in range(5):
            p.peer.send(ADDRESS, nbt.conflict_demand(
                ident, nbt.Name('OPERATOR', 3), HOLDER))
            p.peer.send(p.alpha.broadcast, nbt.conflict_demand(
                0x100 + ident, nbt.Name('ALPHA', 3), HOLDER))
            p.peer.send(ADDRESS, nbt.conflict_demand(
                ident, nbt.Name('NOBODY', 3), HOLDER))
            p.peer.send(ADDRESS, nbt.conflict_demand(
                ident, nbt.Name('ALPHA', 0), HOLDER))
        nmbd.wait_for(lambda: _counters(nmbd)['demands'] == 11, 2.0,
                      'all are counted')
        check.equal([event['alias']
                     for event in events(nmbd, 'alias-conflict')],
                    ['OPERATOR', 'ALPHA'], 'events')
        check.equal(table(nmbd), {'ALPHA': ('computer', 'registered'),
                                  'OPERATOR': HELD}, 'aliases')
        p.check_answered()
        p.check_answered('OPERATOR')
        _claim(p.client, p, 'OPERATOR')


# Lost

def test_lost():
    """On a net that comes up somebody holds it: who, and why; the holder is
    asked there, too."""
    with pair() as p:
        charlie = p.lab.host('CHARLIE', '10.89.0.9/24')
        peer = charlie.peer()
        computer(peer, 'PLANT1')
        peer.hold('OPERATOR', 3)
        nmbd = running(p, {'interfaces': 'eth*'})
        nmbd.ask('add OPERATOR')
        p.alpha.add_interface('10.89.0.2/24')
        nmbd.reload()
        event = completed(nmbd, 'alias-lost', 'OPERATOR')
        check.equal((event['cause'], event['code'], event['code_name'],
                     event['subnet'], event['rcode'], event['severity'],
                     event['holder']['address'], event['holder']['computer'],
                     event['message']),
                    (ALIAS, 2297, 'NERR_DuplicateName', '10.89.0.2', 6,
                     'warning', '10.89.0.9', 'PLANT1',
                     'The message alias OPERATOR was lost: error 2297.'),
                    'the event')
        nmbd.wait_log('the holder 10.89.0.9 is PLANT1')
        p.check_silent('OPERATOR')


# Storms

STORMED = ('ALPHA', 'ONE', 'TWO')


class Place:
    """An nmbd on a net of its own, with a client and an attacker."""

    def __init__(self, lab, number, modules):
        net = '10.%d.0.' % number
        self.host = lab.host('PLACE%d' % number, net + '2/24')
        self.client = lab.host('CLIENT%d' % number, net + '9/24').client()
        self.attacker = lab.host('MALLORY%d' % number, net + '66/24')
        self.nmbd = self.host.nmbd({'netbios name': 'ALPHA',
                                    'netbios aliases': 'ONE TWO'}, modules)

    def wait_ready(self):
        self.nmbd.wait_for(
            lambda: self.client.query(self.host.broadcast, 'TWO', 0, True,
                                      0.5), 8.0, 'nmbd has its names')

    def packets(self):
        """Claims, demands, and refusals that nobody asked for."""
        packets = []
        for text in STORMED:
            name = nbt.Name(text, 3)
            claim = nbt.registration(0, name, self.attacker.address)
            packets += [
                (self.host.broadcast, nbt.encode(claim)),
                (self.host.address, nbt.encode(nbt.conflict_demand(
                    0, name, self.attacker.address))),
                (self.host.address, nbt.encode(nbt.registration_reply(
                    claim, nbt.ACT_ERR)))]
        return packets

    def query_rate(self, seconds):
        """Queries for a name of nmbd's that are answered in a second, one
        after another."""
        answered = 0
        ended = time.monotonic() + seconds
        while time.monotonic() < ended:
            if self.client.query(self.host.address, '__SAMBA__', 0x20, False,
                                 0.5):
                answered += 1
        return answered / seconds


@check.alone
def test_storm():
    """A thousand packets a second against our aliases: a handful of events
    and log lines, and nmbd answers others about as well as a stock one."""
    rates = {}
    with Lab() as lab:
        places = {'stock': Place(lab, 88, None),
                  'module': Place(lab, 89, 'messenger')}
        for place in places.values():
            place.wait_ready()
        for kind, place in places.items():
            with Storm(place.attacker, place.packets()) as storm:
                wait_for(lambda: storm.sent >= 200, 5.0, 'the storm')
                rates[kind] = place.query_rate(3.0)
            check.true(storm.sent >= 2000, 'packets sent: %d' % storm.sent)
        check.true(rates['module'] >= rates['stock'] / 2,
                   'queries answered a second: %s' % rates)
        # each of the three names: one event of each kind
        place, nmbd = places['module'], places['module'].nmbd
        found = events(nmbd, 'alias-defended') + events(nmbd,
                                                        'alias-conflict')
        check.equal(sorted((event['event'], event['alias'],
                            event['claimant']['address'])
                           for event in found),
                    sorted((event, alias, place.attacker.address)
                           for event in ('alias-defended', 'alias-conflict')
                           for alias in STORMED), 'events')
        check.true(len(nmbd.log.splitlines()) < 200,
                   '%d log lines' % len(nmbd.log.splitlines()))
        # nmbd hears a claim on two sockets
        counters = _counters(nmbd)
        for what in ('defences', 'demands'):
            check.between(counters[what], storm.sent / 6, storm.sent / 2.5,
                          what)
        check.equal(counters['refusals'], 0, 'refusals')
        check.equal(nmbd.json('status')['service']['state'], 'running',
                    'state')
        for name in STORMED:
            check.true(place.client.query(place.host.broadcast, name, 3, True,
                                          1.0), 'answer for ' + name)


def test_storm_of_refusals():
    """A holder that refuses each claim fifty times over, while the service
    is started again and again: one event for each start."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.refuse('ALPHA', 3, times=50)
        nmbd = p.nmbd()
        for number in range(1, 21):
            wait_state(nmbd, 'failed')
            check.equal(len(events(nmbd, 'service-failed')), number,
                        'events')
            check.equal(nmbd.json('start')['ok'], False, 'start')
        completed(nmbd)
        check.equal(len(nmbd.log_entries('terminated with')), 21,
                    'log entries')
        check.equal(_counters(nmbd)['failures'], 21, 'failures')
        check.true(len(p.peer.node_status_requests()) <= 42,
                   'node status requests: %d'
                   % len(p.peer.node_status_requests()))


def _checksum(data):
    total = sum(struct.unpack('>%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _from(source, to, raw):
    """A UDP packet from an address that is not the sender's own."""
    udp = struct.pack('>HHHH', nbt.PORT, nbt.PORT, 8 + len(raw), 0) + raw
    head = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(udp), 0, 0, 64, 17,
                       0, socket.inet_aton(source), socket.inet_aton(to))
    head = head[:10] + struct.pack('>H', _checksum(head)) + head[12:]
    return head + udp


def test_sources_without_number():
    """Claims from 250 addresses, most of them forged: one entry each for the
    first 64, and one for all the others, which is told once."""
    with pair() as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        raw = p.bravo.namespace.socket(socket.AF_INET, socket.SOCK_RAW,
                                       socket.IPPROTO_RAW)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sources = ['10.88.0.%d' % at for at in range(1, 255)
                   if '10.88.0.%d' % at != ADDRESS]
        with raw:
            for at, source in enumerate(sources):
                claim = nbt.registration(at, nbt.Name('OPERATOR', 3), source)
                raw.sendto(_from(source, p.alpha.broadcast,
                                 nbt.encode(claim)),
                           (p.alpha.broadcast, nbt.PORT))
                if at % 20 == 19:
                    nmbd.wait_for(lambda: _counters(nmbd)['defences']
                                  == at + 1, 3.0, 'it is counted')
        nmbd.wait_for(lambda: _counters(nmbd)['defences'] == len(sources),
                      3.0, 'all are counted')
        found = _defended(nmbd)
        check.equal(found, [('OPERATOR', source, 1)
                            for source in sources[:64]]
                    + [('OPERATOR', None, 1)], 'events')
        check.contains(nmbd.wait_log('More than 64 other hosts').text,
                       'OPERATOR<03>', 'log entry')
        # known ones stay known, new ones are among the others
        _claim(p.client, p, 'OPERATOR')
        _claim(p.client, p, 'ALPHA')
        nmbd.wait_for(lambda: _counters(nmbd)['defences']
                      == len(sources) + 2, 3.0, 'they are counted')
        check.equal(_defended(nmbd), found, 'events')
        p.check_answered('OPERATOR')
        check.equal(tool(p.alpha, 'status').returncode, 0, 'exit status')
        alias_of(nmbd.json('list'), 'OPERATOR')
