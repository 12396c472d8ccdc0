# SPDX-License-Identifier: GPL-3.0-or-later
"""Samba's own way to tell of a change of names: the `wins hook` of a WINS
server, a script that nmbd starts for each."""

import os

import setups
from lab import nbt

CHANGES = 100


def servers():
    """Without a hook, and for one with."""
    found = []
    for label in 'stock, no wins hook', 'stock, wins hook':
        setup = setups.stock(label=label)
        setup.options['wins support'] = 'yes'
        found.append(setup)
    return found


def install(stand):
    """Gives it a wins hook that does nothing."""
    path = stand.host.path('hook')
    with open(path, 'w') as script:
        script.write('#!/bin/sh\nexit 0\n')
    os.chmod(path, 0o755)
    stand.setup.options['wins hook'] = path


def _children_seconds(pid):
    """What the children that it has waited for have used."""
    with open('/proc/%d/stat' % pid) as status:
        fields = status.read().rsplit(')', 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf('SC_CLK_TCK')


def register(stand, turn):
    """CPU time of nmbd and its children for each new name in WINS, in us."""
    def used():
        return stand.cpu_seconds() + _children_seconds(stand.nmbd.pid)

    address, to = stand.asker.address, stand.host.address
    before = used()
    packets = [nbt.registration(
        stand.client.next_id(), nbt.Name('W%02d%05d' % (turn, number), 0x03),
        address, False) for number in range(CHANGES)]
    replies = stand.client.ask(to, packets,
                               lambda got: len(got) == CHANGES, 20.0)
    if [seen for seen in replies if seen.packet.rcode]:
        raise AssertionError('the WINS server refuses a name')
    # it answers first, and then runs the hook
    if len(replies) != CHANGES or not stand.client.query(
            to, setups.COMPUTER, 0x03, False, 20.0):
        raise AssertionError('the WINS server does not answer')
    return (used() - before) * 1e6 / CHANGES
