#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stock nmbd and nmbd with the module, measured side by side in one run.

Root only; start it with script/bench, which builds first.
"""

import argparse
import os
import subprocess
import sys
import time

sys.dont_write_bytecode = True

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import aliases  # noqa: E402 (needs the path above)
import changes  # noqa: E402
import figures  # noqa: E402
import instructions  # noqa: E402
import pace  # noqa: E402
import queries  # noqa: E402
import refusal  # noqa: E402
import sinks  # noqa: E402
import storm  # noqa: E402
import troubles  # noqa: E402
import turns  # noqa: E402
from lab.ending import exit_status  # noqa: E402

# name, what, function, rounds, rounds of --quick
MEASUREMENTS = (
    ('refusal', 'a refused computer name', refusal.refusal, 7, 2),
    ('queries', 'queries per second, CPU time and latency of one',
     queries.queries, 9, 2),
    ('instructions', 'instructions, allocations, timers per packet',
     instructions.instructions, 2, 1),
    ('aliases', 'time to active, list, add, delete, memory, queries with 0 to '
     '256 aliases', aliases.aliases, 5, 1),
    ('thousands', 'the same with 4096; not with --quick', aliases.thousands,
     2, 0),
    ('changes', 'many adds and deletes at once, and the store',
     changes.changes, 5, 1),
    ('sinks', 'what an event costs in each sink', sinks.sinks, 9, 2),
    ('storm', 'queries under 1000 messages a second', storm.storm, 12, 2),
    ('turns', 'the longest turn of nmbd\'s loop, 16 and 256 aliases',
     turns.turns, 3, 1),
    ('long', 'the same with 4096; not with --quick', turns.thousands, 3, 0),
    ('troubles', 'the longest turn while something is wrong around it',
     troubles.troubles, 3, 1),
    ('pace', 'claims that 1, 4, 16 neighbours miss, by pace; not with --quick',
     pace.pace, 2, 0),
)

HOW = '''\
Medians and ranges of runs that take turns. "Of the base" divides a run by the
run of the base in the same round; the base is the nearest line above that has
no such ratio itself. A limit is for the median, with an x for the ratio.
Instructions depend least on the machine and its load.'''


def arguments():
    parser = argparse.ArgumentParser(
        prog='script/bench',
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description='Measures stock nmbd and nmbd with the module, side by '
        'side.\nExit code 1: a figure is beyond its limit.',
        epilog='names:\n' + '\n'.join(
            '  %-14s%s' % entry[:2] for entry in MEASUREMENTS))
    parser.add_argument('--quick', action='store_true',
                        help='few runs, under two minutes')
    parser.add_argument('--write', metavar='FILE',
                        help='write the result as Markdown, too')
    parser.add_argument('names', nargs='*', metavar='NAME',
                        help='measure only these')
    chosen = parser.parse_args()
    unknown = set(chosen.names) - {entry[0] for entry in MEASUREMENTS}
    if unknown:
        parser.error('unknown: %s; known are: %s'
                     % (' '.join(sorted(unknown)),
                        ' '.join(entry[0] for entry in MEASUREMENTS)))
    return chosen


def machine():
    """(when, Samba, machine) as lines for the head."""
    samba = subprocess.run(['/usr/sbin/nmbd', '--version'],
                           stdout=subprocess.PIPE,
                           universal_newlines=True).stdout.split()[-1]
    model = ''
    with open('/proc/cpuinfo') as cpuinfo:
        for line in cpuinfo:
            if line.startswith('model name'):
                model = ', ' + line.split(':', 1)[1].strip()
                break
    return (time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime()),
            'Samba %s' % samba,
            'Linux %s, %d CPUs%s' % (os.uname().release.split('-')[0],
                                     len(os.sched_getaffinity(0)), model))


def measure(chosen):
    groups = []
    for name, _, function, rounds, quick in MEASUREMENTS:
        if chosen.quick:
            rounds = quick or (name in chosen.names)
        if not rounds or chosen.names and name not in chosen.names:
            continue
        for group in function(int(rounds)):
            print(group.text(), flush=True)
            groups.append(group)
    return groups


def write(path, head, command, groups):
    with open(path, 'w') as out:
        out.write('# Benchmarks\n\n`%s`, %s\n\n%s\n\n'
                  % (command, ', '.join(head), HOW))
        out.write('\n'.join(group.markdown() for group in groups))


def main():
    chosen = arguments()
    head = machine()
    command = ' '.join(['script/bench'] + [
        word for word in sys.argv[1:]
        if not word.startswith('--write') and word != chosen.write])
    print('%s   %s\n%s\n%s\n\n%s\n\n%s' % (command, head[0], head[1], head[2],
                                         HOW, figures.heads()), flush=True)
    groups = measure(chosen)
    if chosen.write:
        write(chosen.write, head, command, groups)
    broken = [(group, line) for group in groups for line in group.broken()]
    for group, line in broken:
        print('bench: beyond its limit: %s: %s' % (group.title, line.label),
              file=sys.stderr)
    return 1 if broken else 0


if __name__ == '__main__':
    sys.exit(exit_status('bench', main))
