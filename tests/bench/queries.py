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


def _load(stand, queries, window):
    """Seconds for so many queries for the computer name."""
    done = stand.asker.run([LOAD, stand.host.address, setups.COMPUTER, '3',
                            str(queries), str(window)], timeout=60)
    if done.returncode != 0:
        raise LabError('load: ' + done.stderr.strip())
    answered, lost, seconds = done.stdout.split()[:3]
    if lost != '0' or int(answered) != queries:
        raise AssertionError('%s: %s of %d queries got no answer'
                             % (stand.setup.label, lost, queries))
    return float(seconds)


def queries(rounds):
    """Unicast queries for the computer name."""
    number = 20000
    rate, cpu = {}, {}
    server, asker = setups.processors()
    with setups.stands(*_chosen()) as all_stands:
        for stand in all_stands:
            stand.start()
            os.sched_setaffinity(stand.nmbd.pid, {server})
        for stand in all_stands:
            stand.wait_answered()
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {asker})
        for turn in range(rounds + 1):
            for stand in setups.rotated(all_stands, turn):
                before = stand.cpu_seconds()
                seconds = _load(stand, number, WINDOW)
                used = stand.cpu_seconds() - before
                if turn > 0:  # the first is to warm up
                    label = stand.setup.label
                    rate.setdefault(label, []).append(number / seconds)
                    cpu.setdefault(label, []).append(used * 1e6 / number)
        os.sched_setaffinity(0, allowed)
        labels = [stand.setup.label for stand in all_stands]
    return [Group('Queries answered per second, %d at a time' % WINDOW,
                  [Line(label, rate[label]) for label in labels]),
            Group('CPU time per query, us',
                  [Line(label, cpu[label]) for label in labels])]


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


def _count(stand, process, dump, number):
    """Instructions in user space per query."""
    _callgrind(stand, process, '-i', 'on')
    _load(stand, number, 1)
    _callgrind(stand, process, '-i', 'off')
    _callgrind(stand, process, '-d')
    with open(stand.host.path('callgrind.%d' % dump)) as counts:
        match = re.search(r'^totals: ([1-9]\d*)', counts.read(), re.M)
    if not match:
        raise LabError('callgrind counted nothing')
    return int(match.group(1)) / number


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
                    min(_count(stand, process, 2 * turn + dump, number)
                        for dump in (1, 2)))
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)
    stock = {setups.stock().label, setups.stock(16).label}
    return [Group(
        'Instructions per query (callgrind, user space)',
        [Line(label, samples,
              ratio_limit=None if label in stock else 1.01)
         for label, samples in counts.items()],
        'nmbd searches a list of its names: each one it passes costs 23 '
        'instructions.', digits=4)]
