# SPDX-License-Identifier: GPL-3.0-or-later
"""What answering a query costs: rate, CPU time, and instructions."""

import os
import re
import stat
import subprocess

import setups
from figures import Group, Line
from lab import LabError, NMBD_MODULES_SO, wait_for

LOAD = os.path.join(os.path.dirname(NMBD_MODULES_SO), '..', 'tests', 'bench',
                    'load')
WINDOW = 16


def _chosen():
    return [setups.stock(), setups.preloaded(), setups.module(),
            setups.module(16), setups.stock(16)]


def _load(stand, queries, window, name=setups.COMPUTER):
    """(seconds, median and 99th percentile of the round trips in us) of so
    many queries for a name."""
    done = stand.asker.run([LOAD, stand.host.address, name, '3',
                            str(queries), str(window)], timeout=60)
    if done.returncode != 0:
        raise LabError('load: ' + done.stderr.strip())
    answered, lost, seconds, median, last = done.stdout.split()
    if lost != '0' or int(answered) != queries:
        raise AssertionError('%s: %s of %d queries got no answer'
                             % (stand.setup.label, lost, queries))
    return float(seconds), float(median), float(last)


def _pinned(all_stands, measure):
    """Runs measure() with each nmbd on one processor, and us on the other."""
    server, asker = setups.processors()
    allowed = os.sched_getaffinity(0)
    for stand in all_stands:
        os.sched_setaffinity(stand.nmbd.pid, {server})
    os.sched_setaffinity(0, {asker})
    try:
        measure()
    finally:
        os.sched_setaffinity(0, allowed)


def _cpu_us(stand, number, name=setups.COMPUTER):
    """nmbd's CPU time per query, and the seconds they took."""
    before = stand.cpu_seconds()
    seconds = _load(stand, number, WINDOW, name)[0]
    return (stand.cpu_seconds() - before) * 1e6 / number, seconds


def queries(rounds):
    """Unicast queries for the computer name."""
    number = 20000
    rate, cpu, latency, last = {}, {}, {}, {}
    with setups.stands(*_chosen()) as all_stands:
        def measure():
            for turn in range(rounds + 1):
                for stand in setups.rotated(all_stands, turn):
                    used, seconds = _cpu_us(stand, number)
                    _, median, slowest = _load(stand, 2000, 1)
                    if turn > 0:  # the first is to warm up
                        label = stand.setup.label
                        rate.setdefault(label, []).append(number / seconds)
                        cpu.setdefault(label, []).append(used)
                        latency.setdefault(label, []).append(median)
                        last.setdefault(label, []).append(slowest)

        for stand in all_stands:
            stand.start()
        for stand in all_stands:
            stand.wait_answered()
        _pinned(all_stands, measure)
        labels = [stand.setup.label for stand in all_stands]
    return [Group(title, [Line(label, samples[label]) for label in labels])
            for title, samples in (
                ('Queries answered per second, %d at a time' % WINDOW, rate),
                ('CPU time per query, us', cpu),
                ('Query to answer, one at a time: median, us', latency),
                ('Query to answer, one at a time: 99th percentile, us',
                 last))]


def places(rounds):
    """Queries for one of many names: nmbd searches a list of them."""
    count = 256 if rounds == 1 else 4096
    number = 5000
    cpu = {}
    with setups.stands(setups.stock(count),
                       setups.module(count)) as all_stands:
        def measure():
            for _ in range(rounds):
                for what, place in (('computer name', 0), ('first alias', 1),
                                    ('last alias', -1)):
                    for stand in all_stands:
                        used, _ = _cpu_us(stand, number,
                                          stand.setup.names[place])
                        cpu.setdefault(what, {}).setdefault(
                            stand.setup.label, []).append(used)

        for stand in all_stands:
            stand.start()
        for stand in all_stands:
            stand.wait_answered(90.0)
        _pinned(all_stands, measure)
    groups = [Group('CPU time per query for the %s, us' % what,
                    [Line(label, samples) for label, samples
                     in by_label.items()])
              for what, by_label in cpu.items()]
    groups[0].note = ('The newest of stock nmbd\'s names come first; the '
                      'module puts its own behind those of nmbd.')
    return groups


# Instructions

def _start_in_callgrind(stand):
    """nmbd under valgrind, not counting yet."""
    host, setup = stand.host, stand.setup
    host.configure(setup.options, setup.modules)
    command = ['valgrind', '-q', '--tool=callgrind', '--instr-atstart=no',
               '--callgrind-out-file=' + host.path('callgrind'),
               '--vgdb-prefix=' + host.path('vgdb'),
               '/usr/sbin/nmbd', '-F', '--no-process-group', '-s', host.conf,
               '-l', host.directory]
    if setup.preload:
        command = ['env', 'LD_PRELOAD=' + NMBD_MODULES_SO] + command
    with open(host.path('valgrind.log'), 'ab') as log:
        return host.popen(command, stdout=log, stderr=log)


def _wait_up(stand, process):
    def there():
        if process.poll() is not None:
            with open(stand.host.path('valgrind.log')) as log:
                raise LabError('nmbd ended under valgrind: ' + log.read())
        return stat.S_ISSOCK(os.stat(
            stand.host.path('socket', 'unexpected')).st_mode)

    def there_or_not():
        try:
            return there()
        except FileNotFoundError:
            return False

    wait_for(there_or_not, 60.0, 'nmbd is up under valgrind')


def _callgrind(stand, process, *args):
    done = subprocess.run(
        ['callgrind_control', '--vgdb-prefix=' + stand.host.path('vgdb')]
        + list(args) + [str(process.pid)], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, universal_newlines=True, timeout=30)
    if done.returncode != 0:
        raise LabError('callgrind_control: ' + done.stdout.strip())


# What allocates, and what starts a timer.
COUNTED = (('allocations', re.compile(r'(malloc|calloc|realloc)$')),
           ('timers', re.compile(r'tevent_common_add_timer(_v2)?$')))


def _calls(counts):
    """{function: calls of it} of a callgrind dump, whose names are written out
    once and numbered."""
    names, calls, called = {}, {}, None
    for line in counts.splitlines():
        name = re.match(r'c?fn=\((\d+)\)(?: (.*))?$', line)
        if name:
            if name.group(2):
                names[name.group(1)] = re.sub("'.*", '', name.group(2))
            if line[0] == 'c':
                called = names[name.group(1)]
        elif line.startswith('calls='):
            calls[called] = (calls.get(called, 0)
                             + int(line[6:].split()[0]))
    return calls


def _count(stand, process, dump, number):
    """(instructions in user space, allocations, timers) per query."""
    _callgrind(stand, process, '-i', 'on')
    _load(stand, number, 1)
    _callgrind(stand, process, '-i', 'off')
    _callgrind(stand, process, '-d')
    with open(stand.host.path('callgrind.%d' % dump)) as file:
        counts = file.read()
    match = re.search(r'^totals: ([1-9]\d*)', counts, re.M)
    if not match:
        raise LabError('callgrind counted nothing')
    calls = _calls(counts)
    return [int(match.group(1)) / number] + [
        sum(times for function, times in calls.items()
            if pattern.match(function)) / number for _, pattern in COUNTED]


def instructions(rounds):
    """Instructions per query; callgrind sees user space only.

    nmbd now and then does something else while it is counted, which can only
    add: the smaller of two counts is taken.
    """
    number = 1000 if rounds == 1 else 2000
    counts = {}
    with setups.stands(*_chosen()) as all_stands:
        processes = [_start_in_callgrind(stand) for stand in all_stands]
        for stand, process in zip(all_stands, processes):
            _wait_up(stand, process)
        for stand in all_stands:
            stand.wait_answered(60.0)
        for turn in range(rounds):
            for stand, process in zip(all_stands, processes):
                counts.setdefault(stand.setup.label, []).append(
                    [min(two) for two in zip(*(
                        _count(stand, process, 2 * turn + dump, number)
                        for dump in (1, 2)))])
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)
    stock = {setups.stock().label, setups.stock(16).label}
    notes = ('nmbd searches a list of its names: each one it passes costs 23 '
             'instructions.', None,
             "nmbd's own: one for each turn of its loop.")
    return [Group(
        title, [Line(label, [sample[at] for sample in samples],
                     ratio_limit=None if label in stock else limit)
                for label, samples in counts.items()], notes[at], digits=4)
        for at, (title, limit) in enumerate((
            ('Instructions per query (callgrind, user space)', 1.01),
            ('Allocations per query', 1.001),
            ('Timers per query', 1.001)))]
