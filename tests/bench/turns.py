# SPDX-License-Identifier: GPL-3.0-or-later
"""The longest turn of nmbd's loop: as long as one lasts, nobody is answered.

Counted inside of nmbd by tests/preload/turns.c: processor time, which does not
depend on what else the machine does, and whether the turn waited for anything.
"""

import mmap
import statistics
import struct
import time
from typing import NamedTuple

import setups
from figures import Group, Line
from lab import Lab, NMBD_MODULES_SO, nbt, test_preload

LIMITS_MS = {16: 1, 256: 1, 4096: 2}
AT_ONCE = 128
STORM = 2000
FILE_SERVER = 0x20  # a name that stays when the service stops
BURST = 50  # of the storm, until the next is asked whether it is through
SAME_AS_STOCK = 1.2
IDLE_SECONDS = 6  # what is done every five of them is among it

_FIGURES = struct.Struct('=4Q')


class Turn(NamedTuple):
    """The longest one of a while."""

    turns: int
    cpu_ms: float
    wall_ms: float
    waits: int


class TurningStand(setups.Stand):
    """A stand whose nmbd counts its turns."""

    def start(self):
        path = self.host.path('turns')
        with open(path, 'wb') as figures:
            figures.write(bytes(_FIGURES.size))
        preload = [test_preload('turns')] + self.setup.faults
        if self.setup.preload:
            preload.append(NMBD_MODULES_SO)
        self.nmbd = self.host.nmbd(self.setup.options, self.setup.modules,
                                   preload,
                                   dict(self.setup.env, TURNS=path),
                                   wrap=self.setup.wrap)
        with open(path, 'r+b') as figures:
            self._map = mmap.mmap(figures.fileno(), _FIGURES.size)

    def reset(self):
        self._map[:] = bytes(_FIGURES.size)

    def longest(self):
        """Since reset(); when nmbd is idle."""
        self.cpu_seconds()
        # the turn under way is counted when the next one begins
        self.load(setups.COMPUTER, 2, 1, FILE_SERVER)
        turns, cpu, wall, waits = _FIGURES.unpack(self._map[:])
        return Turn(turns, cpu / 1e6, wall / 1e6, waits)

    def during(self, function):
        self.cpu_seconds()
        self.load(setups.COMPUTER, 2, 1, FILE_SERVER)
        self.reset()
        function(self)
        return self.longest()


# What is done; each function returns when it is over.

def queries(stand):
    stand.load(setups.COMPUTER, 2000, 4)


def node_status(stand):
    stand.load('*', 500, 1, 0)


def foreign_claims(stand):
    client = stand.client
    for at in range(0, STORM, BURST):
        packets = [nbt.registration(client.next_id(),
                                    nbt.Name('OTHER%05d' % each, 0x03),
                                    stand.asker.address)
                   for each in range(at, at + BURST)]
        # nobody answers these; this is answered when they are read
        packets.append(nbt.query(client.next_id(),
                                 nbt.Name(setups.COMPUTER, 0x03), True))
        if not client.ask(stand.host.broadcast, packets,
                          lambda got: len(got) == 1, 5.0):
            raise AssertionError('nmbd does not answer any more')


def asking(request, expected=''):
    def ask(stand):
        stand.ask(request, expected, 3)

    return ask


class OneMessage:
    """smbcontrol has its answer in one message, and stock nmbd is asked for
    one that is as long: its ring buffer of log lines, of that size."""

    def __init__(self, request):
        self._request = request
        self._bytes = 0

    def ask(self, stand):
        self._bytes = len(stand.nmbd.smbcontrol(
            'dump-domain-list', self._request).encode())

    def ask_stock(self, stand):
        options = dict(stand.setup.options,
                       logging='file ringbuf:size=%d' % self._bytes)
        stand.host.configure(options, stand.setup.modules)
        stand.nmbd.reload()
        # behind the reload, which is not what is to be measured
        stand.nmbd.smbcontrol('ringbuf-log')
        stand.reset()
        stand.nmbd.smbcontrol('ringbuf-log')


def adds(stand):
    stand.ask('add N%', 'added', 1, AT_ONCE)


def deletes(stand):
    stand.ask('delete N%', 'deleted', 1, AT_ONCE)


def stop_service(stand):
    stand.ask('stop', 'stopped')
    stand.cpu_seconds()


def start_service(stand):
    stand.ask('start', 'running')
    stand.wait_answered(60.0)


def reload_changed(stand):
    """Every alias of smb.conf is another one.

    Stock reads them, and stays with those it began with.
    """
    names = ['B%05d' % number for number in range(stand.setup.aliases)]
    options = dict(stand.setup.options)
    options[stand.setup.option] = ' '.join(names)
    stand.host.configure(options, stand.setup.modules)
    if stand.setup.modules:
        stand.setup.names[1:] = names
    stand.nmbd.reload()
    stand.wait_answered(90.0)


def reload_same(stand):
    stand.nmbd.reload()
    stand.ask('status', '') if stand.setup.modules else queries(stand)


def idle(stand):
    time.sleep(IDLE_SECONDS)


ALIKE = (('idle', idle), ('queries', queries), ('node status', node_status),
         ('claims of others', foreign_claims),
         ('reload-config', reload_same))
MESSAGES = tuple((request + ', by smbcontrol', OneMessage(request))
                 for request in ('list', 'json list'))
CHANGED = (('reload, all other names', reload_changed),)
OURS = ALIKE + tuple((what, one.ask) for what, one in MESSAGES) + (
    ('list', asking('list', setups.COMPUTER)),
    ('json list', asking('json list', setups.COMPUTER)),
    ('all, as smbmessenger without a command', asking('')),
    ('status', asking('status')),
    ('json status', asking('json status')),
    ('condition', asking('condition')),
    ('explain', asking('explain')),
    ('json explain', asking('json explain')),
    ('names', asking('names', setups.COMPUTER)),
    ('json names', asking('json names', setups.COMPUTER)),
    ('events 256', asking('events 256')),
    ('json events 256', asking('json events 256')),
    ('%d adds' % AT_ONCE, adds),
    ('%d deletes' % AT_ONCE, deletes),
    ('stop', stop_service),
    ('start', start_service),
) + CHANGED
STOCK = ALIKE + tuple((what, one.ask_stock) for what, one in MESSAGES) + CHANGED


def _start(stand):
    stand.start()
    stand.wait_answered(90.0)
    return stand.longest()


def _measure(stand, actions, samples):
    def add(what, turn):
        samples.setdefault(what, []).append(turn.cpu_ms)

    add('nmbd\'s start', _start(stand))
    for what, function in actions:
        add(what, stand.during(function))
    stand.stop()


def _limit(what, count, stock):
    """Stock's own longest turn counts, where it is longer."""
    limit = LIMITS_MS[count]
    if what not in stock:
        return limit
    return max(limit, round(SAME_AS_STOCK * statistics.median(stock[what]), 2))


def _group(count, label, stock, ours):
    note = ('A limit is %g ms, or %g of stock where stock is slower, for the '
            'least of the runs: what the machine adds is not nmbd\'s.'
            % (LIMITS_MS[count], SAME_AS_STOCK))
    note += (' What smbcontrol asks for comes in one message, which Samba\'s '
             'messaging takes apart in one go, 1 kB at a time; stock is asked '
             'for its ring buffer of log lines, of as many bytes.')
    lines = [Line('stock: ' + what, cpu) for what, cpu in stock.items()]
    lines += [Line(what, cpu, _limit(what, count, stock), least=True)
              for what, cpu in ours.items()]
    return Group('CPU time of the longest turn of nmbd\'s loop, ms, %s' % label,
                 lines, note, compare=False)


def _turns(counts, rounds):
    groups = []
    for count in counts:
        stock, ours = {}, {}
        for _ in range(rounds):
            # ours first: stock is asked for as much as that has said
            for make, actions, samples in ((setups.module, OURS, ours),
                                           (setups.stock, STOCK, stock)):
                # a setup of its own: some of what is done changes it
                with Lab() as lab:
                    _measure(TurningStand(lab, 1, make(count)), actions,
                             samples)
        groups.append(_group(count, '%d aliases' % count, stock, ours))
    return groups


def turns(rounds):
    return _turns((16, 256), rounds)


def thousands(rounds):
    return _turns((4096,), rounds)
