# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries while a thousand messages a second come by mailslot, a minute in
all: what is left for them, and what is logged."""

import os
import time

import setups
from figures import Group, Line
from lab import mailslot, wait_for
from lab.traffic import Storm

RATE = 1000
SECONDS = 60
SECONDS_QUICK = 4
NUMBER = 20000      # of queries at a time
WINDOW = 16
WORKGROUP = 'LAB'
ALONE_SECONDS = 1   # without queries, for the CPU time of a message
# of stock's rate; of a message, at which a tenth of a processor goes; and of
# the log of a minute in bytes
LEAST = 0.9
CPU_US = 100
LOG = 20000


def chosen():
    """Both log as much as they do without a word on it in smb.conf."""
    module = setups.module(1, 'module, 1 alias, broadcast messages')
    module.options['messenger:broadcast messages'] = 'yes'
    return [setups.stock(1), module]


def _packets(stand):
    return mailslot.mixture(stand.host, stand.asker.address,
                            stand.setup.names[-1], WORKGROUP)


def _stormed(stand, seconds):
    """(seconds per query, messages a second that were sent)"""
    answered = 0
    used = 0.0
    with Storm(stand.asker, _packets(stand), RATE, mailslot.PORT, 2) as storm:
        start = time.monotonic()
        while time.monotonic() - start < seconds:
            load = stand.load(setups.COMPUTER, NUMBER, WINDOW)
            answered += NUMBER
            used += NUMBER / load.rate
        sent = storm.sent / (time.monotonic() - start)
    return used / answered, sent


def _alone(stand):
    """CPU time of a message, in microseconds."""
    before = stand.cpu_seconds()
    with Storm(stand.asker, _packets(stand), RATE, mailslot.PORT, 2) as storm:
        wait_for(lambda: storm.sent >= RATE * ALONE_SECONDS, 20.0,
                 'the storm')
    return (stand.cpu_seconds() - before) * 1e6 / storm.sent


def storm(rounds):
    """Unicast queries for the computer name, stock and module in turns."""
    quick = rounds <= 2
    seconds = (SECONDS_QUICK if quick else SECONDS) / rounds
    costs, alone, sent, logs = {}, {}, {}, {}
    server, asker = setups.processors()
    with setups.stands(*chosen()) as all_stands:
        for stand in all_stands:
            stand.start()
            os.sched_setaffinity(stand.nmbd.pid, {server})
        for stand in all_stands:
            stand.wait_answered()
            logs[stand.setup.label] = len(stand.nmbd.log)
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {asker})
        for turn in range(rounds):
            for stand in setups.rotated(all_stands, turn):
                cost, rate = _stormed(stand, seconds)
                label = stand.setup.label
                costs.setdefault(label, []).append(cost * 1e6)
                sent.setdefault(label, []).append(rate)
                alone.setdefault(label, []).append(_alone(stand))
        os.sched_setaffinity(0, allowed)
        for stand in all_stands:
            label = stand.setup.label
            logs[label] = len(stand.nmbd.log) - logs[label]
    labels = [setup.label for setup in chosen()]
    return [
        Group('Time per query under a storm of %d messages a second, us'
              % RATE, [Line(label, costs[label]) for label in labels],
              'Of the base, %.2f is %g of the rate of stock nmbd under the '
              'same storm.' % (1 / LEAST, LEAST)),
        Group('CPU time per message of that storm, us',
              [Line(labels[0], alone[labels[0]]),
               Line(labels[1], alone[labels[1]], limit=CPU_US)],
              'At %d us such a storm takes a tenth of a processor, so that '
              '%g of the rate is left, however busy the machine is.'
              % (CPU_US, LEAST)),
        Group('Messages a second of that storm',
              [Line(label, sent[label]) for label in labels], compare=False),
        Group('What all of it left in log.nmbd, bytes',
              [Line(labels[0], [logs[labels[0]]]),
               Line(labels[1], [logs[labels[1]]], limit=LOG)],
              compare=False)]
