# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests: by smbcontrol, a process each as an administrator's are, and by one
client that stays connected."""

import os
import subprocess
import time

import setups
from figures import Group, Line
from lab import NMBD_MODULES_SO

AT_ONCE = 32
ASK = os.path.join(os.path.dirname(NMBD_MODULES_SO), '..', 'tests', 'bench',
                   'ask')


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
    """Adds a sample of `list` to {label: samples}; of stock nmbd, which has no
    list, a ping and what there is instead."""
    setup = stand.setup
    if setup.label == 'stock':
        samples.setdefault('stock, ping', []).append(
            _timed(stand, _command(stand, 'ping'), 'PONG'))
        samples.setdefault('stock, nmblookup -A', []).append(
            _timed(stand, ['nmblookup', '-s', stand.host.conf, '-A',
                           stand.host.address], setups.COMPUTER))
    elif setup.modules:
        samples.setdefault(setup.label, []).append(
            _timed(stand, _request(stand, 'list'), setup.names[-1]))


def list_group(samples):
    first = 'stock, ping'
    labels = [first, 'stock, nmblookup -A'] + [
        setups.module(count).label for count in (0, 1, 16, 256)]
    return Group('smbcontrol ... list, from its start to its end, ms',
                 [Line(label, samples[label], ratio_limit=None
                       if 'stock' in label else 1.5) for label in labels],
                 'Node status lists 25 names at most, and no state.')


def ask(stand, number, request):
    """Milliseconds of so many requests, one after the other."""
    done = stand.host.run([ASK, stand.host.conf, str(number), request],
                          timeout=120)
    times = [int(line) / 1000 for line in done.stdout.split()]
    if done.returncode != 0 or len(times) != number:
        raise AssertionError('%s: %s' % (request, done.stderr))
    return times


REQUESTS = (
    ('list', 20, 'list'),
    ('json list', 20, 'json list'),
    ('add', 3, 'add N#'),
    ('delete', 3, 'delete N#'),
)


def requests(rounds):
    """Requests by one client, with 1 to 4096 aliases."""
    counts = (1, 16, 256) if rounds == 1 else (1, 16, 256, 4096)
    chosen = [setups.module(count) for count in counts]
    took = {(setup.label, what): [] for setup in chosen
            for what, _, _ in REQUESTS}
    with setups.stands(*chosen) as all_stands:
        for stand in all_stands:
            stand.start()
        for stand in all_stands:
            stand.wait_answered(60.0)
        for turn in range(rounds):
            for what, number, request in REQUESTS:
                for stand in setups.rotated(all_stands, turn):
                    took[stand.setup.label, what] += ask(stand, number,
                                                         request)
    notes = {'add': 'RFC 1002 asks for three requests 250 ms apart.'}
    return [Group('%s, from the request to its answer, ms' % what,
                  [Line(setup.label, took[setup.label, what],
                        20 if (what, setup.label)
                        == ('list', setups.module(256).label) else None)
                   for setup in chosen], notes.get(what))
            for what, _, _ in REQUESTS]


def _restarted(stand, name):
    """Milliseconds until stock nmbd has one more alias."""
    start = time.monotonic()
    stand.stop()
    stand.setup.options['netbios aliases'] = name
    stand.setup.names = [setups.COMPUTER, name]
    stand.start()
    return (stand.wait_answered() - start) * 1000


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
    """add and delete, alone and many at once; stock nmbd's way beside it."""
    verbs = (('add', 'added'), ('delete', 'deleted'))
    alone, rate, cpu = ({verb: [] for verb, _ in verbs} for _ in range(3))
    restarts = []
    names = ['N%05d' % number for number in range(AT_ONCE)]
    with setups.stands(setups.stock(), setups.module()) as (stock, stand):
        for one in (stock, stand):
            one.start()
            one.wait_answered()
        for turn in range(rounds):
            restarts.append(_restarted(stock, 'ONE%d' % turn))
            for verb, expected in verbs:
                alone[verb].append(_timed(
                    stand, _request(stand, verb + ' ONE'), expected))
            for verb, expected in verbs:
                before = stand.cpu_seconds()
                seconds = _all_at_once(stand, verb, names, expected)
                used = stand.cpu_seconds() - before
                rate[verb].append(AT_ONCE / seconds)
                cpu[verb].append(used * 1000 / AT_ONCE)
    groups = [Group('One more alias: from the command to its end, ms',
                    [Line('stock, restart until answered', restarts),
                     Line('smbcontrol ... add', alone['add'])]),
              Group('One alias less, ms',
                    [Line('smbcontrol ... delete', alone['delete'])])]
    return groups + [
        Group(title, [Line(verb + ' NAME', samples[verb])
                      for verb, _ in verbs], note, compare=False)
        for title, samples, note in (
            ('Requests per second, %d smbcontrol started at once' % AT_ONCE,
             rate, 'The start of so many processes takes most of the time.'),
            ('CPU time of nmbd per request, ms', cpu, None))]
