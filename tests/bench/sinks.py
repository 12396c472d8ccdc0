# SPDX-License-Identifier: GPL-3.0-or-later
"""What an event costs nmbd in each of the places it is written to; and what
stock nmbd has for telling somebody, a program it starts."""

import os
import socket
import threading
import time

import setups
from control import ask
from figures import Group, Line
from lab import mounts, wait_for

ALIASES = 256
# `stop` releases each of them and the computer name, and then stops.
EVENTS = ALIASES + 2
NAMES = 100

NONE = 'no log'
SINKS = (
    (NONE, {}),
    ("Samba's log", {'log level': '0 messenger:1'}),
    ('JSON log', {'messenger:json log': 'events.json'}),
    ('journal', {'messenger:journal': 'yes'}),
)
# It takes the events that Windows numbers: of a `stop`, one.
EVENT_LOG = (
    (NONE, {}),
    ('event log', {'messenger:event log': 'System'}),
)


class SinkStand(setups.Stand):
    """A host with a journal that somebody reads."""

    def __init__(self, lab, number, label, options, aliases):
        setup = setups.module(aliases)
        setup.label = label
        setup.options.update({'log level': '0', 'messenger:journal': 'no'})
        setup.options.update(options)
        super().__init__(lab, number, setup)
        log = setup.options.get('messenger:json log')
        if log:
            setup.options['messenger:json log'] = self.host.path(log)
        os.makedirs(self.host.path('run', 'journal'))
        self._journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._journal.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self._journal.bind(self.host.path('run', 'journal', 'socket'))
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while self._journal.recv(1 << 16):
            pass

    def start(self):
        self.nmbd = self.host.nmbd(
            self.setup.options, 'messenger', wrap=mounts.private(
                'mount -t tmpfs tmpfs /run; mkdir /run/systemd; '
                'mount --bind "$0" /run/systemd', self.host.path('run')))

    def wait_registered(self):
        def registered():
            states = [alias['state'] for alias
                      in self.nmbd.json('list')['aliases']]
            return states == ['registered'] * len(self.setup.names)

        wait_for(registered, 20.0, '%s: all aliases are registered'
                 % self.setup.label, interval=0.1)


def _stop_service(stand):
    """(CPU time of nmbd, time to the answer) of `stop`, both in ms."""
    before = stand.cpu_seconds()
    (took,) = ask(stand, 1, 'stop')
    return (stand.cpu_seconds() - before) * 1000, took


def _stops(rounds, chosen, aliases):
    """({label: CPU times}, {label: times to the answer}) of `stop`, ms."""
    cpu, took = {}, {}
    with setups.Lab() as lab:
        stands = [SinkStand(lab, number, label, options, aliases)
                  for number, (label, options) in enumerate(chosen, 1)]
        for stand in stands:
            stand.start()
        for turn in range(rounds + 1):
            for stand in stands:
                stand.wait_registered()
            for stand in setups.rotated(stands, turn):
                used, until_answered = _stop_service(stand)
                if turn > 0:  # the first makes files and memory
                    cpu.setdefault(stand.setup.label, []).append(used)
                    took.setdefault(stand.setup.label, []).append(
                        until_answered)
            for stand in stands:
                ask(stand, 1, 'start')
    return cpu, took


def sinks(rounds):
    """`stop` with 256 aliases, each of which is an event; and with none."""
    cpu, took = _stops(rounds, SINKS, ALIASES)
    alone, _ = _stops(rounds, EVENT_LOG, 0)
    return [
        Group('CPU time of nmbd for "stop" with %d aliases, %d events, ms'
              % (ALIASES, EVENTS),
              [Line(label, cpu[label]) for label, _ in SINKS]),
        Group('The same, from the request to its answer, ms',
              [Line(label, took[label]) for label, _ in SINKS]),
        Group('CPU time of nmbd that an event costs in a log, us',
              [Line(label, [(with_it - without) * 1000 / EVENTS
                            for with_it, without in zip(cpu[label],
                                                        cpu[NONE])])
               for label, _ in SINKS[1:]],
              'The difference to "%s" in the same round: below nothing is '
              'noise.' % NONE, compare=False),
        Group('CPU time of nmbd for "stop" without aliases, one numbered '
              'event, ms',
              [Line(label, alone[label]) for label, _ in EVENT_LOG])
    ] + hooks(rounds)


class WinsStand(setups.Stand):
    """Stock nmbd as a WINS server, with a `wins hook` or without."""

    def __init__(self, lab, number, label, hook):
        setup = setups.stock()
        setup.label = label
        setup.options.update({'wins support': 'yes'})
        if hook:
            setup.options['wins hook'] = '/bin/true'
        super().__init__(lab, number, setup)
        self._next = 0

    def register(self):
        """Milliseconds until so many new names are registered, for each."""
        start = time.monotonic()
        for _ in range(NAMES):
            self._next += 1
            replies = self.client.register(
                self.host.address, 'W%05d' % self._next, 0, 5.0, False)
            if not replies or replies[0].packet.rcode != 0:
                raise AssertionError('%s: a name is not registered'
                                     % self.setup.label)
        return (time.monotonic() - start) * 1000 / NAMES


def hooks(rounds):
    took = {}
    with setups.Lab() as lab:
        stands = [WinsStand(lab, number, label, hook)
                  for number, (label, hook) in enumerate(
                      (('stock', False), ('stock, wins hook', True)), 1)]
        for stand in stands:
            stand.start()
            stand.wait_answered()
        for turn in range(rounds):
            for stand in setups.rotated(stands, turn):
                took.setdefault(stand.setup.label, []).append(
                    stand.register())
    return [Group('A name that comes to a WINS server, ms',
                  [Line(label, samples) for label, samples in took.items()],
                  'What stock nmbd has to tell somebody: it starts a program '
                  'for each name, and waits for the fork.')]
