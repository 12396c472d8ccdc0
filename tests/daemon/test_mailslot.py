# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages in datagrams to \\MAILSLOT\\MESSNGR: to an alias, to the workgroup
and to everybody, once each; and whatever else comes to port 138."""

import socket

from aliases import running
from lab import check, mailslot
from lab.mailslot import BROADCAST, GROUP, UNIQUE
from lab.traffic import Storm
from post import kept, wait_kept
from steps import events, pair

YES = {'messenger:broadcast messages': 'yes'}


class Sender:
    """BRAVO, or another host, on port 138."""

    def __init__(self, host):
        self._host = host
        self._sock = host.namespace.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._sock.bind((host.address, 138))
        self.id = 0

    def send(self, address, *args, **kwargs):
        self.id += 1
        self._sock.sendto(mailslot.datagram(
            self.id, self._host.address, *args, **kwargs), (address, 138))

    def message(self, address, kind, to, suffix, text, sender='Bob',
                **kwargs):
        self.send(address, kind, to, suffix,
                  mailslot.message(sender, to, text, **kwargs))


def _texts(nmbd):
    return [(m['to'], m['text']) for m in kept(nmbd)]


def test_to_an_alias():
    """A datagram for one name: what it says, and how."""
    with pair() as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        bob = Sender(p.bravo)
        bob.message(p.alpha.address, UNIQUE, 'OPERATOR', 3,
                    '\u00e4\u00f6\u00fc\r\ntwo\x14three\x1b[2J',
                    sender='B\u00f6b')
        found = wait_kept(nmbd, 1)[0]
        del found['time']
        check.equal(found, {
            'seq': 1, 'from': 'B\u00f6b', 'to': 'OPERATOR',
            'machine': 'BRAVO', 'address': '10.88.0.9', 'via': 'mailslot',
            'text': '\u00e4\u00f6\u00fc\ntwo\nthree.[2J'}, 'message')
        bob.message(p.alpha.address, UNIQUE, 'operator', 3, 'lower',
                    slot=b'\\mailslot\\messngr')
        check.equal(wait_kept(nmbd, 2)[1]['text'], 'lower', 'text')


def test_everybody():
    """Once each, though nmbd reads them twice; not unless they are wanted."""
    with pair() as p:
        nmbd = running(p, YES)
        bob = Sender(p.bravo)
        bob.message(p.alpha.broadcast, GROUP, 'LAB', 0, 'one')
        bob.message(p.alpha.broadcast, GROUP, 'Lab', 3, 'two')
        bob.message(p.alpha.broadcast, BROADCAST, '*', 0, 'three')
        # not for us: no matter of ours
        bob.message(p.alpha.broadcast, GROUP, 'OTHER', 0, 'four')
        # two that are the same are two
        bob.message(p.alpha.broadcast, GROUP, 'LAB', 0, 'one')
        bob.message(p.alpha.address, UNIQUE, 'ALPHA', 3, 'last')
        wait_kept(nmbd, 5)
        check.equal(_texts(nmbd), [
            ('LAB', 'one'), ('Lab', 'two'), ('*', 'three'), ('LAB', 'one'),
            ('ALPHA', 'last')], 'messages')
        check.equal(events(nmbd, 'message-refused'), [], 'refusals')
        p.alpha.configure({}, 'messenger')
        nmbd.reload()
        nmbd.wait_for(lambda: 'not taken' in _refused(p, nmbd, bob), 5.0,
                      'a refusal')
        check.equal(len(kept(nmbd)), 5, 'messages')


def _refused(p, nmbd, bob):
    bob.message(p.alpha.broadcast, GROUP, 'LAB', 0, 'five')
    found = events(nmbd, 'message-refused')
    return found[0]['reason'] if found else ''


def test_not_for_us():
    """A name that is no alias is refused; what is malformed, in pieces, or to
    another mailslot does no harm."""
    with pair() as p:
        nmbd = running(p, YES)
        bob = Sender(p.bravo)
        to = p.alpha.address
        bob.message(to, UNIQUE, 'NOBODY', 3, 'foreign')
        event = nmbd.wait_for(lambda: events(nmbd, 'message-refused'), 5.0,
                              'an event')[0]
        check.equal((event['to'], event['via'], event['reason']),
                    ('NOBODY', 'mailslot',
                     'no such alias is registered here'), 'event')
        refused = nmbd.json('messages')['refused']
        bob.message(to, UNIQUE, 'ALPHA', 3, 'browse',
                    slot=b'\\MAILSLOT\\BROWSER')
        whole = mailslot.smb(b'Bob\0ALPHA\0pieces\0')
        bob.send(to, UNIQUE, 'ALPHA', 3, whole, flags=0x03)
        bob.send(to, UNIQUE, 'ALPHA', 3, whole, flags=0x00, offset=40)
        bob.send(to, UNIQUE, 'ALPHA', 0, whole)
        bob.send(to, 0x14, 'ALPHA', 3, whole)
        for smb in (whole[:-3], whole[:80], whole[:40], b'\xffSMB', b'',
                    whole.replace(b'ALPHA\0', b'ALPHA'),
                    whole + b'', mailslot.smb(b'Bob\0ALPHA\0a\0b\0')):
            bob.send(to, UNIQUE, 'ALPHA', 3, smb)
        bob.message(to, UNIQUE, 'ALPHA', 3, 'last')
        found = wait_kept(nmbd, 2)
        check.equal([m['text'] for m in found], ['pieces', 'last'], 'texts')
        check.true(nmbd.json('messages')['refused'] >= refused + 2,
                   'malformed ones are counted')
        check.equal(nmbd.json('status')['service']['state'], 'running',
                    'state')


def test_stopped():
    """Nothing is taken while the service does not run."""
    with pair() as p:
        nmbd = running(p, YES)
        nmbd.ask('stop')
        bob = Sender(p.bravo)
        bob.message(p.alpha.address, UNIQUE, 'ALPHA', 3, 'one')
        bob.message(p.alpha.broadcast, GROUP, 'LAB', 0, 'two')
        nmbd.wait_for(lambda: nmbd.json('messages')['refused'] == 2, 5.0,
                      'they are counted')
        check.equal(kept(nmbd), [], 'messages')


def test_many():
    """As many as there may be, and a line a minute on the others."""
    with pair() as p:
        nmbd = running(p, YES)
        bob = Sender(p.bravo)
        for number in range(1000):
            bob.message(p.alpha.address, UNIQUE, 'ALPHA', 3, str(number))
            if number % 50 == 49:
                p.client.query(p.alpha.address, 'ALPHA', 3, False)
        nmbd.wait_for(lambda: nmbd.json('messages')['refused'] > 100, 5.0,
                      'some are refused')
        received = nmbd.json('messages')['received']
        check.true(60 <= received <= 75, '%d are received' % received)
        refused = events(nmbd, 'message-refused')
        check.equal([e['reason'] for e in refused],
                    ['too many messages come'], 'reasons')
        check.true(len(nmbd.log) < 20000, 'log.nmbd is short')


def test_storm():
    """A thousand a second of all kinds: each query is answered, as by stock
    nmbd; what is kept, told and logged stays within its bounds."""
    with pair() as p:
        nmbd = running(p, YES)
        nmbd.ask('add OPERATOR')
        packets = mailslot.mixture(p.alpha, p.bravo.address, 'OPERATOR',
                                   'LAB')
        answered = asked = 0
        with Storm(p.bravo, packets, 1000, mailslot.PORT, 2) as storm:
            while storm.sent < 3000:
                asked += 1
                answered += p.client.query(p.alpha.address, 'OPERATOR', 3,
                                           False) is not None
        check.equal(answered, asked, 'answered')
        check.true(asked > 30, '%d are asked' % asked)
        p.client.query(p.alpha.address, 'OPERATOR', 3, False)
        found = nmbd.json('messages 256 after 0')
        check.true(60 <= found['received'] <= 75,
                   '%d are received' % found['received'])
        check.true(found['refused'] > 1500,
                   '%d are refused' % found['refused'])
        check.true(len(events(nmbd, 'message-refused')) <= 9,
                   'events: %r' % events(nmbd, 'message-refused'))
        check.true(len(nmbd.log) < 20000, 'log.nmbd is short')
        check.equal(nmbd.json('status')['service']['state'], 'running',
                    'state')
