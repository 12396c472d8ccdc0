# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests by smbcontrol: a process each, as an administrator's are."""

import subprocess
import time

import setups
from figures import Group, Line

AT_ONCE = 32


def _command(stand, *words):
    return ['smbcontrol', '-s', stand.host.conf, 'nmbd'] + list(words)


def _request(stand, text):
    return _command(stand, 'dump-domain-list', text)


def _timed(stand, command, expected):
    """Milliseconds that a command takes, with the start of its process."""
    start = time.monotonic()
    done = stand.host.run(command)
    took = (time.monotonic() - start) * 1000
    if expected not in done.stdout:
        raise AssertionError('%s: %s' % (' '.join(command[3:]),
                                         done.stdout + done.stderr))
    return took


def time_list(stand, samples):
    """Adds a sample of `list` to {label: samples}; a ping to stock nmbd."""
    setup = stand.setup
    if setup.label == 'stock':
        samples.setdefault('stock, ping', []).append(
            _timed(stand, _command(stand, 'ping'), 'PONG'))
    elif setup.modules:
        samples.setdefault(setup.label, []).append(
            _timed(stand, _request(stand, 'list'), setup.names[-1]))


def list_group(samples):
    first = 'stock, ping'
    labels = [first] + [setups.module(count).label
                        for count in (0, 1, 16, 256)]
    return Group('smbcontrol ... list, from its start to its end, ms',
                 [Line(label, samples[label],
                       None if label == first else 50) for label in labels])


def _all_at_once(stand, verb, names, expected):
    """Seconds for one request per name, all started together."""
    start = time.monotonic()
    processes = [stand.host.popen(_request(stand, '%s %s' % (verb, name)),
                                  stdout=subprocess.PIPE,
                                  universal_newlines=True)
                 for name in names]
    answers = [process.communicate(timeout=60)[0] for process in processes]
    took = time.monotonic() - start
    for name, answer in zip(names, answers):
        if '%s: %s' % (name, expected) not in answer:
            raise AssertionError('%s %s: %r' % (verb, name, answer))
    return took


def changes(rounds):
    """add and delete, alone and many at once."""
    verbs = (('add', 'added'), ('delete', 'deleted'))
    alone, rate, cpu = ({verb: [] for verb, _ in verbs} for _ in range(3))
    names = ['N%05d' % number for number in range(AT_ONCE)]
    with setups.stands(setups.module()) as (stand,):
        stand.start()
        stand.wait_answered()
        for _ in range(rounds):
            for verb, expected in verbs:
                alone[verb].append(_timed(
                    stand, _request(stand, verb + ' ONE'), expected))
            for verb, expected in verbs:
                before = stand.cpu_seconds()
                seconds = _all_at_once(stand, verb, names, expected)
                used = stand.cpu_seconds() - before
                rate[verb].append(AT_ONCE / seconds)
                cpu[verb].append(used * 1000 / AT_ONCE)
    return [Group(title, [Line(verb + ' NAME', samples[verb])
                          for verb, _ in verbs], note, compare=False)
            for title, samples, note in (
                ('smbcontrol ... add and delete, from its start to its end, '
                 'ms', alone,
                 'Stock nmbd has no such requests: it takes a restart.'),
                ('Requests per second, %d smbcontrol started at once'
                 % AT_ONCE, rate,
                 'The start of so many processes takes most of the time.'),
                ('CPU time of nmbd per request, ms', cpu, None))]
