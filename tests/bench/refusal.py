# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a refusal takes to count."""

import time

import setups
from figures import Group, Line
from lab import Lab, nbt


def _refused(stand, capture, text):
    """(ms from the refusal packet to the log entry, it names the holder)."""
    holder = stand.asker.address
    started = time.time()
    stand.start()
    entry = stand.nmbd.wait_log(text, 8.0)
    packet = capture.wait_for(
        lambda: [seen for seen in capture.replies(
            setups.COMPUTER, 0x03, holder, nbt.REGISTER)
            if seen.wall >= started], 2.0, 'the refusal')[0]
    named = any(holder in line.text for line in stand.nmbd.log_entries())
    stand.stop()
    return (entry.wall - packet.wall) * 1000, named


def refusal(rounds):
    """A computer name that another host refuses at once."""
    chosen = ((setups.stock(), 'Failed to register my name', None),
              (setups.module(), 'service-specific error 2270', 10))
    took, named = {}, {}
    with Lab() as lab:
        stand = setups.Stand(lab, 1, setups.stock())
        stand.asker.peer().refuse(setups.COMPUTER, 0x03)
        capture = stand.host.capture()
        for turn in range(rounds):
            for setup, text, _ in setups.rotated(chosen, turn):
                stand.setup = setup
                milliseconds, names = _refused(stand, capture, text)
                took.setdefault(setup.label, []).append(milliseconds)
                named[setup.label] = ('names the holder' if names
                                      else 'names no holder')
    return [Group('Refused computer name: from the refusal packet to the log '
                  'line, ms',
                  [Line('%s, %s' % (setup.label, named[setup.label]),
                        took[setup.label], limit)
                   for setup, _, limit in chosen])]
