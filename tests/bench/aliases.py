# SPDX-License-Identifier: GPL-3.0-or-later
"""What depends on the number of aliases: the time until they are answered,
list, add and delete, memory, and a query for one of them."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import setups
from figures import Group, Line

MANY = 256  # from here on, a query for one of them is measured
LIMITS_KB = {256: 2, 4096: 1.6}
LIST_LIMIT_MS = 20
AT_ONCE = 16

_ASKED = (('computer', 0), ('first alias', 1), ('last alias', -1))


class Samples:
    """Samples by quantity and label."""

    def __init__(self):
        self._samples = {}

    def add(self, what, label, value):
        self._samples.setdefault((what, label), []).append(value)

    def line(self, what, label, **kwargs):
        return Line(label, self._samples[(what, label)], **kwargs)

    def get(self, what, label):
        return self._samples.get((what, label), [])


# Until they are answered

def _until_answered(stand, capture):
    """(seconds from nmbd's first registration packet, from its start) to an
    answer for the last name."""
    first = capture.wait_for(
        lambda: capture.registrations(source=stand.host.address),
        20.0, 'the first registration')[0]
    capture.stop()
    answered = stand.wait_answered()
    return answered - first.time, answered - stand.nmbd.started


def _start_all(all_stands, samples):
    with ThreadPoolExecutor(len(all_stands)) as watchers:
        waiting = []
        for stand in all_stands:
            capture = stand.host.capture()
            stand.start()
            waiting.append((stand, watchers.submit(_until_answered, stand,
                                                   capture)))
        for stand, future in waiting:
            packet, start = future.result()
            samples.add('active', stand.setup.label, packet)
            samples.add('start', stand.setup.label, start)


# While they are there

def _timed(stand, command, expected):
    """Milliseconds that a command takes, with the start of its process."""
    start = time.monotonic()
    done = stand.host.run(command)
    took = (time.monotonic() - start) * 1000
    if expected not in done.stdout:
        raise AssertionError('%s: %s' % (' '.join(command),
                                         done.stdout + done.stderr))
    return took


def _list_process(stand, samples):
    host, setup = stand.host, stand.setup
    if setup.modules:
        command = ['smbcontrol', '-s', host.conf, 'nmbd', 'dump-domain-list',
                   'list']
    else:
        command = ['nmblookup', '-s', host.conf, '-A', host.address]
    samples.add('list process', setup.label,
                _timed(stand, command, setup.names[-1]))


def _list_connected(stand, samples):
    setup = stand.setup
    if not setup.modules:
        samples.add('list', setup.label, stand.load('*', 50, 1,
                                                    0).median_us / 1000)
        return
    for request in 'list', 'json list':
        samples.add('list', setup.label + ': ' + request, statistics.median(
            stand.ask(request, setup.names[-1], 20)))


def _changes(stand, samples):
    label = stand.setup.label
    for verb, expected in (('add', 'added'), ('delete', 'deleted')):
        (took,) = stand.ask(verb + ' ONE', 'ONE: ' + expected)
        samples.add('change', '%s: %s' % (label, verb), took)
    for verb, expected in (('add', 'added'), ('delete', 'deleted')):
        before = stand.cpu_seconds()
        stand.ask(verb + ' N%', expected, 1, AT_ONCE)
        samples.add('change cpu', '%s: %s' % (label, verb),
                    (stand.cpu_seconds() - before) * 1000 / AT_ONCE)


def _queries(stand, samples):
    stand.load(setups.COMPUTER, 500, 1)  # to warm up
    for what, at in _ASKED:
        label = '%s: %s' % (stand.setup.label, what)
        load = stand.load(stand.setup.names[at], 1000, 1)
        samples.add('latency', label, load.median_us)
        samples.add('cpu', label, load.cpu_us)


def _measure(all_stands, samples):
    for stand in all_stands:
        samples.add('memory', stand.setup.label, stand.rss_anon())
        samples.add('start cpu', stand.setup.label,
                    stand.cpu_seconds() * 1000)
    with_aliases = [stand for stand in all_stands if stand.setup.aliases]
    for _ in range(3):
        for stand in with_aliases:
            _list_process(stand, samples)
            _list_connected(stand, samples)
    for stand in with_aliases:
        if stand.setup.aliases >= MANY:
            _queries(stand, samples)
    for stand in with_aliases:
        if stand.setup.modules:
            _changes(stand, samples)


def _stop_all(all_stands, samples):
    for stand in all_stands:
        start = time.monotonic()
        stand.stop()
        samples.add('stop', stand.setup.label, time.monotonic() - start)


# The tables

def _pairs(counts):
    return [(setups.stock(count).label, setups.module(count).label)
            for count in counts]


def _table(title, samples, what, pairs, ours=('',), note=None, limit=None):
    """A stock line for each count, and a line of ours for each suffix."""
    lines = []
    for stock, module in pairs:
        lines.append(samples.line(what, stock, base=True))
        lines += [samples.line(what, module + suffix,
                               limit=limit and limit(module))
                  for suffix in ours]
    return Group(title, lines, note)


def _restarts(samples, counts):
    """A change of `netbios aliases` takes a restart."""
    for stock, _ in _pairs(counts):
        for stop, start, cpu in zip(samples.get('stop', stock),
                                    samples.get('start', stock),
                                    samples.get('start cpu', stock)):
            samples.add('change', stock + ': restart', (stop + start) * 1000)
            samples.add('change cpu', stock + ': restart', cpu)


def _per_alias(samples, stock, module, count):
    lines = []
    for none, many, limit in ((setups.stock().label, stock, None),
                              (setups.module().label, module,
                               LIMITS_KB.get(count))):
        lines.append(Line(many, [
            (after - before) / count for before, after
            in zip(samples.get('memory', none), samples.get('memory', many))],
                          limit))
    return lines


def _tables(samples, counts):
    with_aliases = [count for count in counts if count]
    pairs = _pairs(with_aliases)
    restarts = [(stock + ': restart', module) for stock, module in pairs]
    changes = ': add', ': delete'
    bounded = setups.module(MANY).label
    alone = setups.module().label

    yield _table(
        'From the first registration packet to an answer for the last name, '
        's', samples, 'active', _pairs(counts),
        note='Asked every 20 ms, which helps stock nmbd: where nothing else '
        'is on the wire, it takes 4 s.', limit=lambda label:
        1 if label == alone else 5 if len(with_aliases) > 1 else None)
    yield _table('CPU time of nmbd from its start until then, ms', samples,
                 'start cpu', _pairs(counts))
    yield _table(
        'A list by nmblookup -A or by smbcontrol, with its process, ms',
        samples, 'list process', pairs)
    yield _table(
        'A list over a connection that is there, round trip, ms', samples,
        'list', pairs, (': list', ': json list'),
        'Stock: a node status, which ends after 25 names.',
        lambda label: LIST_LIMIT_MS if label == bounded else None)
    yield _table(
        'Another alias: from the request to its answer, ms', samples,
        'change', restarts, changes,
        'RFC 1002 wants three requests 250 ms apart: 750 ms of an add. Stock '
        'nmbd takes a restart with other netbios aliases, until the last of '
        'them is answered.')
    yield _table(
        'Another alias: CPU time of nmbd, ms (ours: %d at once, each)'
        % AT_ONCE, samples, 'change cpu', restarts, changes)
    yield Group('Memory (RssAnon), kB', [
        samples.line('memory', setup.label) for setup in
        (setups.stock(), setups.preloaded(), setups.module())
        if samples.get('memory', setup.label)])
    yield from _tables_of_many(samples, with_aliases[-1])


def _tables_of_many(samples, count):
    ((stock, module),) = _pairs([count])
    yield Group('Memory (RssAnon) per alias, kB',
                _per_alias(samples, stock, module, count),
                'The last 256 events are kept as well, 0.3 kB each: the first '
                '256 aliases have one of each of them.')
    for what, title in (('latency', 'round trip'), ('cpu', 'CPU time')):
        yield Group('A query for one name of many, %s, us' % title, [
            samples.line(what, '%s: %s' % (label, asked), base=label == stock)
            for asked, _ in _ASKED for label in (stock, module)])


def _aliases(counts, rounds):
    chosen = [make(count) for count in counts
              for make in (setups.stock, setups.module)]
    if len(counts) > 2:
        chosen.insert(1, setups.preloaded())
    samples = Samples()
    with setups.stands(*chosen) as all_stands:
        for turn in range(rounds):
            order = setups.rotated(all_stands, turn)
            _start_all(order, samples)
            _measure(order, samples)
            _stop_all(order, samples)
    _restarts(samples, [count for count in counts if count])
    return list(_tables(samples, counts))


def aliases(rounds):
    return _aliases((0, 1, 16, 256), rounds)


def thousands(rounds):
    return _aliases((0, 4096), rounds)
