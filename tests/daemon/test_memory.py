# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that runs short for the module, while nmbd has enough.

What a request is answered meanwhile is not of interest; that nmbd lives, and
that all is as it should be when there is memory again, is.
"""

import os
import random

from lab import NMBD_MODULES_SO, check, test_preload
from steps import pair, wait_state

SEED = 20261125
QUESTIONS = ('list', 'status', 'events', 'explain', 'help', 'json list',
             'json status', 'json events', 'json explain', 'json help', '', 'x')
NAMES = ('ONE', 'TWO', 'THREE', 'FOUR', 'HELD')


class Shortage:
    def __init__(self, host):
        self.path = host.path('no_memory')

    def begin(self, one_in):
        with open(self.path + '.new', 'w') as flag:
            flag.write(str(one_in))
        os.rename(self.path + '.new', self.path)

    def end(self):
        os.unlink(self.path)


def _start(p, shortage, **options):
    values = {'messenger:aliases': 'OPERATOR TAKEN', 'log level': '1',
              'messenger:json log': p.alpha.path('events.json'),
              'messenger:event log': 'System'}
    values.update(options)
    return p.nmbd(values, preload=[test_preload('no_memory'),
                                   NMBD_MODULES_SO],
                  env={'NO_MEMORY': shortage.path})


def _send(p, *words):
    p.alpha.run(['smbcontrol', '-s', p.alpha.conf, '-t', '1', 'nmbd']
                + list(words), timeout=30)


def _recovers(p, nmbd):
    """The service runs with all of its aliases, and no other is in the way."""
    nmbd.ask('stop')
    check.equal(nmbd.json('start')['ok'], True, 'start')
    check.equal(nmbd.json('add LAST')['ok'], True, 'add')

    def complete():
        states = {alias['name']: alias['state'] for alias
                  in nmbd.json('list')['aliases']}
        for name in NAMES:
            if name in states:
                nmbd.ask('delete ' + name)
        return states == {'ALPHA': 'registered', 'OPERATOR': 'registered',
                          'TAKEN': 'refused', 'LAST': 'registered'}

    nmbd.wait_for(complete, 8.0, 'the list is as it should be')
    for name in ('ALPHA', 'OPERATOR', 'LAST'):
        check.true(p.broadcast_answer(name), name + ' is answered')
    nmbd.ask('delete LAST')


def test_requests_without_memory():
    """Requests of all kinds, refusals and reloads; each time another call
    fails."""
    rng = random.Random(SEED)
    with pair() as p:
        shortage = Shortage(p.alpha)
        p.peer.hold('HELD', 3)
        p.peer.hold('TAKEN', 3)
        nmbd = _start(p, shortage)
        wait_state(nmbd, 'running')
        for one_in in (3, 10, 40):
            shortage.begin(one_in)
            for _ in range(25):
                verb = rng.choice(('add', 'add', 'delete', 'question',
                                   'question', 'start', 'stop', 'reload',
                                   'status'))
                if verb in ('add', 'delete'):
                    _send(p, 'dump-domain-list',
                          '%s%s %s' % (rng.choice(('', 'json ')), verb,
                                       rng.choice(NAMES)))
                elif verb == 'question':
                    _send(p, 'dump-domain-list', rng.choice(QUESTIONS))
                elif verb == 'reload':
                    _send(p, 'reload-config')
                elif verb == 'status':
                    _send(p, 'rpc-dump-status')
                else:
                    _send(p, 'dump-domain-list', verb)
                check.true(nmbd.running, "nmbd runs")
            shortage.end()
            _recovers(p, nmbd)
        check.equal(nmbd.stop(), 0, 'exit status')


test_requests_without_memory.seconds = 240


def test_starts_without_memory():
    """Each start gets less far; nmbd itself starts each time."""
    with pair() as p:
        shortage = Shortage(p.alpha)
        p.peer.hold('TAKEN', 3)
        for one_in in (1, 2, 3, 5, 8, 13, 21, 34, 55, 89):
            shortage.begin(one_in)
            nmbd = _start(p, shortage)
            check.true(p.client.query(p.alpha.address, 'ALPHA', 0x20, False,
                                      5.0), 'ALPHA<20> is answered')
            _send(p, 'dump-domain-list', 'list')
            check.equal(nmbd.stop(), 0, 'exit status')
        shortage.end()
        nmbd = _start(p, shortage)
        wait_state(nmbd, 'running')
        _recovers(p, nmbd)
        check.equal(nmbd.stop(), 0, 'exit status')


test_starts_without_memory.seconds = 120
