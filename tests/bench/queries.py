# SPDX-License-Identifier: GPL-3.0-or-later
"""What answering a query costs: rate, CPU time, latency."""

import os

import setups
from figures import Group, Line

WINDOW = 16
NUMBER = 20000
NUMBER_ALONE = 4000
FEW_ROUNDS = 3  # up to here, half as many


def chosen():
    return [setups.stock(), setups.preloaded(), setups.module(),
            setups.module(16), setups.stock(16)]


def queries(rounds):
    """Unicast queries for the computer name."""
    figures = {}
    share = 2 if rounds <= FEW_ROUNDS else 1

    def add(title, stand, value):
        figures.setdefault(title, {}).setdefault(stand.setup.label,
                                                 []).append(value)

    server, asker = setups.processors()
    with setups.stands(*chosen()) as all_stands:
        for stand in all_stands:
            stand.start()
            os.sched_setaffinity(stand.nmbd.pid, {server})
        for stand in all_stands:
            stand.wait_answered()
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {asker})
        for turn in range(rounds + 1):
            for stand in setups.rotated(all_stands, turn):
                many = stand.load(setups.COMPUTER, NUMBER // share, WINDOW)
                alone = stand.load(setups.COMPUTER, NUMBER_ALONE // share, 1)
                if turn == 0:
                    continue  # to warm up
                add('Queries answered per second, %d at a time' % WINDOW,
                    stand, many.rate)
                add('CPU time per query, us', stand, many.cpu_us)
                add('Latency of a query, one at a time, median of %d, us'
                    % (NUMBER_ALONE // share), stand, alone.median_us)
                add('Latency of a query, one at a time, 99th percentile, us',
                    stand, alone.p99_us)
        os.sched_setaffinity(0, allowed)
    labels = [setup.label for setup in chosen()]
    return [Group(title, [Line(label, lines[label]) for label in labels])
            for title, lines in figures.items()]
