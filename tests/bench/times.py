# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a refusal takes to count, and names to be answered."""

import time
from concurrent.futures import ThreadPoolExecutor

import control
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


# Names that nobody refuses

def _seconds_until_answered(stand, capture):
    """From nmbd's first registration packet to an answer for the last name."""
    answered = stand.wait_answered()
    first = capture.wait_for(
        lambda: capture.requests(nbt.REGISTRATIONS,
                                 source=stand.host.address),
        2.0, 'the first registration')[0]
    capture.stop()
    return answered - first.time


def _start_all(all_stands):
    """Starts them one after the other; {label: seconds until answered}."""
    with ThreadPoolExecutor(len(all_stands)) as watchers:
        waiting = {}
        for stand in all_stands:
            capture = stand.host.capture()
            stand.start()
            waiting[stand.setup.label] = watchers.submit(
                _seconds_until_answered, stand, capture)
        return {label: future.result() for label, future in waiting.items()}


def names(rounds):
    """The computer name and 1, 16, 256 aliases: time, memory, `list`."""
    counts = (0, 1, 16, 256)
    chosen = [make(count) for count in counts
              for make in (setups.stock, setups.module)]
    chosen.insert(1, setups.preloaded())
    took = {setup.label: [] for setup in chosen}
    memory = {setup.label: [] for setup in chosen}
    lists = {}
    with setups.stands(*chosen) as all_stands:
        for turn in range(rounds):
            order = setups.rotated(all_stands, turn)
            for label, seconds in _start_all(order).items():
                took[label].append(seconds)
            for stand in order:
                memory[stand.setup.label].append(stand.rss_anon())
            for _ in range(3):
                for stand in order:
                    control.time_list(stand, lists)
            for stand in order:
                stand.stop()

    groups = []
    for count in counts:
        title = 'Computer name'
        if count:
            title += ' and %d alias%s' % (count, '' if count == 1 else 'es')
        groups.append(Group(
            title + ': from the first registration packet to an answer, s',
            [Line(setups.stock(count).label, took[setups.stock(count).label]),
             Line(setups.module(count).label,
                  took[setups.module(count).label], 5 if count else 1)]))
    groups[0].note = ('Asked every 20 ms, which helps stock nmbd: where '
                      'nothing else is on the wire, it takes 4 s.')
    groups.append(control.list_group(lists))
    for title, labels in (
            ('Memory (RssAnon), kB',
             [setups.stock().label, setups.preloaded().label,
              setups.module().label]),
            ('Memory with 256 aliases (RssAnon), kB',
             [setups.stock(256).label, setups.module(256).label])):
        groups.append(Group(title, [Line(label, memory[label])
                                    for label in labels]))
    groups.append(Group(
        'Memory for each of 256 aliases (RssAnon), kB',
        [Line(make(256).label,
              [(full - empty) / 256 for full, empty
               in zip(memory[make(256).label], memory[make().label])])
         for make in (setups.stock, setups.module)],
        'nmbd registers a netbios alias at <20>, <03> and <00>: three names.'))
    return groups
