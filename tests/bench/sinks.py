# SPDX-License-Identifier: GPL-3.0-or-later
"""What an event costs, by where it is written, beside Samba's own way to tell
of a change of names."""

import os
import re
import socket
import threading

import setups
import wins_hook
from figures import Group, Line
from lab import LabError, check, mounts

ALIASES = 256
EVENTS = ALIASES + 2  # of a stop: a name each, and the service
FAILURES = 100
QUEUE = 512           # datagrams in the journal's socket, as systemd sets it

_MARK, _END = b'mark', b'end'

_QUIET = {'log level': '0', 'messenger:journal': 'no'}


def _module(label, options=None):
    setup = setups.module(ALIASES, label)
    setup.options.update(dict(_QUIET, **(options or {})))
    return setup


class _Sink:
    """A setup, and how many events have arrived where it writes them."""

    def __init__(self, setup):
        self.setup = setup
        self.stand = None
        self.lost = 0

    def prepare(self, stand):
        """Called before nmbd starts."""
        self.stand = stand

    def arrived(self):
        return None

    def close(self):
        """Called when nmbd has ended."""


class _Lines(_Sink):
    """A file with a line of this form for each event."""

    def __init__(self, setup, path, pattern):
        super().__init__(setup)
        self._path = path
        self._pattern = pattern

    def prepare(self, stand):
        super().prepare(stand)
        stand.setup.options = {
            option: value.replace('@', stand.host.path(self._path))
            for option, value in stand.setup.options.items()}

    def arrived(self):
        with open(self.stand.host.path(self._path)) as lines:
            return len(re.findall(self._pattern, lines.read()))


class _Journal(_Sink):
    """A journal's socket that a thread reads, where only nmbd sees it."""

    def prepare(self, stand):
        super().prepare(stand)
        host = stand.host
        path = host.path('journal')
        os.mkdir(path)
        stand.setup.wrap = mounts.private(
            'mount -t tmpfs tmpfs /run; mkdir -p /run/systemd/journal; '
            'mount --bind "$0" /run/systemd/journal', path)
        done = host.run(['sh', '-c', 'echo %d >/proc/sys/net/unix/'
                         'max_dgram_qlen' % QUEUE])
        if done.returncode != 0:
            raise LabError('the length of the queue: ' + done.stderr)
        self._count = 0
        self._marked = threading.Event()
        self._socket = host.namespace.socket(socket.AF_UNIX,
                                             socket.SOCK_DGRAM)
        self._socket.bind(os.path.join(path, 'socket'))
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        while True:
            datagram = self._socket.recv(65536)
            if datagram == _END:
                return
            if datagram == _MARK:
                self._marked.set()
            else:
                self._count += 1

    def _send(self, datagram):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(datagram, self._socket.getsockname())

    def arrived(self):
        """Exact: what was sent before this is read before this."""
        self._marked.clear()
        self._send(_MARK)
        if not self._marked.wait(10.0):
            raise LabError('nobody reads the journal')
        return self._count

    def close(self):
        self._send(_END)
        self._thread.join()
        self._socket.close()


def _can_mount():
    """Not where the rest of the machine would see it."""
    try:
        return bool(mounts.private('true', ''))
    except check.Skip:
        return False


def _sinks():
    found = [
        _Sink(_module('no sink')),
        _Lines(_module('Samba log', {'log level': '0 messenger:1'}),
               'log.nmbd', r'\n\['),
        _Lines(_module('JSON log', {'messenger:json log': '@'}),
               'events.json', r'\n'),
    ]
    if _can_mount():
        found.append(_Journal(_module('journal',
                                      {'messenger:journal': 'yes'})))
    return found


def _failing():
    """The event log takes only what Windows' own would have: a failure."""
    return [_module('failed start: no sink'),
            _module('failed start: event log',
                    {'messenger:event log': 'System',
                     'eventlog list': 'System'})]


def _fail(stand):
    """CPU time of nmbd for each failed start, in us."""
    before = stand.cpu_seconds()
    stand.ask('start', '2270', FAILURES)
    return (stand.cpu_seconds() - before) * 1e6 / FAILURES


def _stop(sink):
    """CPU time of nmbd for each event of a stop, in us."""
    before, arrived = sink.stand.cpu_seconds(), sink.arrived()
    sink.stand.ask('stop', 'stopped')
    used = (sink.stand.cpu_seconds() - before) * 1e6 / EVENTS
    if arrived is not None:
        sink.lost += EVENTS - (sink.arrived() - arrived)
    return used


# All of them

class _Trial:
    """Everything that is measured, and its samples by label."""

    def __init__(self, all_stands, sinks):
        self.sinks = sinks
        self.failing = all_stands[len(sinks):-2]
        self.servers = all_stands[-2:]
        self.all = all_stands
        self.samples = {stand.setup.label: [] for stand in all_stands}

    def start(self):
        for sink, stand in zip(self.sinks, self.all):
            sink.prepare(stand)
        for stand in self.failing:
            stand.asker.peer().refuse(setups.COMPUTER, 0x03)
        for stand in self.all:
            stand.start()
        for stand in self.failing:
            stand.nmbd.wait_log('service-specific error 2270', 10.0)
        for stand in self.servers:
            stand.wait_answered()

    def turn(self, turn):
        if turn > 0:
            for sink in self.sinks:
                sink.stand.ask('start', 'running')
        for sink in self.sinks:
            sink.stand.wait_answered()
        for sink in setups.rotated(self.sinks, turn):
            self.samples[sink.setup.label].append(_stop(sink))
        for stand in setups.rotated(self.failing, turn):
            self.samples[stand.setup.label].append(_fail(stand))
        for stand in setups.rotated(self.servers, turn):
            self.samples[stand.setup.label].append(
                wins_hook.register(stand, turn))

    def stop(self):
        """Only the journal may lose some: nmbd does not wait for it."""
        failed = [entry.text for stand in self.all for entry
                  in stand.nmbd.log_entries('messenger:')
                  if 'messenger:journal' not in entry.text]
        failed += ['%s: %d events lost' % (sink.setup.label, sink.lost)
                   for sink in self.sinks
                   if sink.lost and not isinstance(sink, _Journal)]
        if not os.path.exists(self.failing[1].host.path(
                'state', 'eventlog', 'system.tdb')):
            failed.append('there is no event log')
        for stand in self.all:
            stand.stop()
        for sink in self.sinks:
            sink.close()
        if failed:
            raise AssertionError('a sink failed: ' + failed[0])

    def lines(self, stands):
        return [Line(stand.setup.label, self.samples[stand.setup.label])
                for stand in stands]

    def added(self, without, stand, label=None):
        """What one setup takes more than another."""
        return Line(label or stand.setup.label, [
            more - less for more, less
            in zip(self.samples[stand.setup.label],
                   self.samples[without.setup.label])])


def sinks(rounds):
    """An event on its way to each sink, beside a change in WINS."""
    chosen = _sinks()
    servers = wins_hook.servers()
    with setups.stands(*[sink.setup for sink in chosen] + _failing()
                       + servers) as all_stands:
        wins_hook.install(all_stands[-1])
        trial = _Trial(all_stands, chosen)
        trial.start()
        for turn in range(rounds + 1):
            trial.turn(turn)
        trial.stop()
    for samples in trial.samples.values():
        del samples[0]  # it was to warm up

    stopping = [sink.stand for sink in chosen]
    failing = trial.failing
    lost = ['%s: %d of %d events lost, for its socket was full.'
            % (sink.setup.label, sink.lost, (rounds + 1) * EVENTS)
            for sink in chosen if sink.lost]
    return [
        Group('CPU time per event of a stop that releases %d aliases, us'
              % ALIASES, trial.lines(stopping), ' '.join(lost) or None),
        Group('CPU time per start that fails, us', trial.lines(failing),
              'Of the events of a stop, the event log takes one, of each of '
              'these one.'),
        Group('CPU time that a sink adds to an event, us',
              [trial.added(*trial.servers,
                           'stock, wins hook, an empty script')]
              + [trial.added(stopping[0], stand) for stand in stopping[1:]]
              + [trial.added(*failing, 'event log')],
              'The stock way: per change of a name in WINS, with what the '
              'script takes. A range that goes down to nothing is within the '
              'noise.'),
    ]
