# SPDX-License-Identifier: GPL-3.0-or-later
"""The longest turn of nmbd's loop while something is wrong around it, or
somebody floods it."""

import os
import socket

import setups
from figures import Group, Line
from lab import (Lab, check, mailslot, mounts, nbt, test_preload,
                 wait_for)
from turns import (AT_ONCE, BURST, LIMITS_MS, SAME_AS_STOCK, STORM,
                   TurningStand)

ALIASES = 256
STARTS = 20
NAMES_OF_ONE = 250
LONG_MESSAGES = 240  # at once, and no more


class _Trouble:
    """A setup, what is wrong before nmbd starts, and what is done then."""

    label = None
    aliases = ALIASES
    options = {}

    def setup(self):
        setup = setups.module(self.aliases, self.label)
        setup.options.update(self.options)
        return setup

    def prepare(self, stand):
        """Before nmbd is started."""

    def wait(self, stand):
        stand.wait_answered(30.0)

    def act(self, stand):
        raise NotImplementedError


def _restart(stand):
    stand.ask('stop', 'stopped')
    stand.ask('start', 'running')
    stand.wait_answered(30.0)


class _WinsDead(_Trouble):
    label = 'WINS dead: stop and start'

    def prepare(self, stand):
        stand.setup.options['wins server'] = stand.asker.address
        stand.asker.peer().silent()

    def wait(self, stand):
        """The one that asks is the one that is silent."""
        stand.nmbd.wait_log('entered the running state', 10.0)

    def act(self, stand):
        stand.ask('stop', 'stopped')
        stand.ask('start', 'running')
        # each alias is asked for in WINS
        stand.ask('add N%', 'added', 1, AT_ONCE)


class _StockWinsDead(_WinsDead):
    """What stock does then with as many names: it sends all of them again."""

    label = 'stock: WINS dead: start'

    def setup(self):
        return setups.stock(self.aliases, self.label)

    def prepare(self, stand):
        stand.setup.options['wins server'] = stand.asker.address
        self._peer = stand.asker.peer()
        self._peer.silent()

    def wait(self, stand):
        pass

    def act(self, stand):
        def again():
            # four are broadcast
            return len(self._peer.registrations(setups.COMPUTER, 0x03)) > 6

        wait_for(again, 30.0, 'stock nmbd asks WINS for the third time')


class _Refused(_Trouble):
    label = 'start refused, %d times' % STARTS
    aliases = 0

    def prepare(self, stand):
        stand.asker.peer().refuse(setups.COMPUTER, 0x03)

    def wait(self, stand):
        stand.nmbd.wait_log('service-specific error 2270', 10.0)

    def act(self, stand):
        stand.ask('start', '2270', STARTS)


class _EventLogFull(_Refused):
    """Each start that is refused is an event for it."""

    label = 'event log full: start refused, %d times' % STARTS
    options = {'messenger:event log': 'System', 'eventlog list': 'System'}

    def wait(self, stand):
        super().wait(stand)
        # nothing goes before a record is so old, and there is no room
        for key, value in (('retention', 0xFFFFFFFF), ('maxsize', 1000)):
            done = stand.host.run(
                ['tdbtool', stand.host.path('state', 'eventlog',
                                            'system.tdb'),
                 'store', 'INFO/%s\\00' % key,
                 ''.join('\\%02x' % byte
                         for byte in value.to_bytes(4, 'little'))])
            if done.returncode != 0:
                raise AssertionError('tdbtool: ' + done.stderr)

    def act(self, stand):
        super().act(stand)
        stand.nmbd.wait_log('messenger:event log', 5.0)


class _JournalStopped(_Trouble):
    """Its socket is there, and full."""

    label = 'journal stopped: stop and start'
    options = {'messenger:journal': 'yes'}

    def prepare(self, stand):
        path = stand.host.path('journal')
        os.mkdir(path)
        stand.setup.wrap = mounts.private(
            'mount -t tmpfs tmpfs /run; mkdir -p /run/systemd/journal; '
            'mount --bind "$0" /run/systemd/journal', path)
        self._socket = stand.host.namespace.socket(socket.AF_UNIX,
                                                   socket.SOCK_DGRAM)
        self._socket.bind(os.path.join(path, 'socket'))

    def act(self, stand):
        _restart(stand)


class _DiskFull(_Trouble):
    label = 'JSON log on a full disk: stop and start'

    def prepare(self, stand):
        folder = stand.host.path('small')
        os.mkdir(folder)
        stand.setup.options['messenger:json log'] = os.path.join(
            folder, 'events.json')
        stand.setup.wrap = mounts.private(
            'mount -t tmpfs -o size=16k tmpfs "$0"', folder)

    def act(self, stand):
        _restart(stand)
        stand.nmbd.wait_log('No space left', 5.0)


def _flood(stand, packets):
    """Sends them, some at a time; the next when those are read."""
    client = stand.client
    for at in range(0, len(packets), BURST):
        burst = packets[at:at + BURST]
        asked = client.next_id()
        burst.append(nbt.query(asked, nbt.Name(setups.COMPUTER, 0x03), True))
        if not client.ask(stand.host.broadcast, burst,
                          lambda got: any(seen.packet.id == asked
                                          for seen in got), 5.0):
            raise AssertionError('nmbd does not answer any more')


class _Claims(_Trouble):
    """nmbd refuses each, and each is counted."""

    label = 'storm of claims for aliases of ours'

    def act(self, stand):
        _flood(stand, [nbt.registration(
            stand.client.next_id(),
            nbt.Name(stand.setup.names[1 + at % ALIASES], 0x03),
            stand.asker.address) for at in range(STORM)])


class _Refusals(_Trouble):
    """Late ones, of aliases that are held."""

    label = 'storm of refusals'

    def act(self, stand):
        packets = []
        for at in range(STORM):
            request = nbt.registration(
                stand.client.next_id(),
                nbt.Name(stand.setup.names[1 + at % ALIASES], 0x03),
                stand.host.address)
            packets.append(nbt.registration_reply(request, nbt.ACT_ERR))
        _flood(stand, packets)


class _AllRefused(_Trouble):
    """Of many that are added."""

    label = '%d adds, all refused' % AT_ONCE

    def prepare(self, stand):
        peer = stand.asker.peer()
        for at in range(AT_ONCE):
            peer.refuse('N%05d' % at, 0x03)

    def act(self, stand):
        stand.ask('add N%', '2297', 1, AT_ONCE)


class _Messages(_Trouble):
    label = 'storm of messages'

    def act(self, stand):
        with stand.asker.namespace.socket(socket.AF_INET,
                                          socket.SOCK_DGRAM) as sender:
            sender.bind((stand.asker.address, 138))
            for number in range(STORM):
                to = stand.setup.names[1 + number % ALIASES]
                message = mailslot.message('Bob', to, 'number %d' % number)
                sender.sendto(mailslot.datagram(
                    number, stand.asker.address, mailslot.UNIQUE, to, 0x03,
                    message), (stand.host.address, mailslot.PORT))
                if number % BURST == 0:
                    stand.load(setups.COMPUTER, 2, 1)
        if '"number ' not in stand.nmbd.ask('json messages'):
            raise AssertionError('no message has come')


def _letter(number, to):
    """The longest message, as smbd's hands it in; of some senders each, as
    there are limits for one."""
    parts = [b'Bob', to.encode(), b'BRAVO', b'10.90.1.%d' % (number // 50),
             '\u4e2d'.encode() * 652]
    return (b'MSG1' + b''.join(len(part).to_bytes(2, 'big') for part in parts)
            + len(parts[-1]).to_bytes(4, 'big') + b''.join(parts))


class _LongMessages(_Trouble):
    """As many as are let in, all of them asked for."""

    label = 'messages, %d of the longest' % LONG_MESSAGES

    def wait(self, stand):
        super().wait(stand)
        path = stand.host.path('socket', 'messenger')
        for number in range(LONG_MESSAGES):
            with socket.socket(socket.AF_UNIX,
                               socket.SOCK_SEQPACKET) as box:
                box.connect(path)
                box.send(_letter(number, stand.setup.names[1 + number]))
                if box.recv(256) != b'\0':
                    raise AssertionError('a message is refused')

    def act(self, stand):
        stand.ask('messages %d' % LONG_MESSAGES, 'the oldest first')
        stand.ask('json messages %d' % LONG_MESSAGES, '"messages"')


class _NamesRefused(_Trouble):
    """The names that nmbd itself has for each of its aliases, all held by
    another host: what is wrong is told of each."""

    label = '%d netbios aliases refused: explain' % ALIASES
    aliases = 0
    options = {'messenger:max aliases': str(2 * ALIASES)}

    def setup(self):
        setup = super().setup()
        self._names = ['N%05d' % number for number in range(ALIASES)]
        setup.options['netbios aliases'] = ' '.join(self._names)
        return setup

    def prepare(self, stand):
        peer = stand.asker.peer()
        for name in self._names:
            peer.hold(name, 0x00)
            peer.hold(name, 0x20)

    def wait(self, stand):
        wait_for(lambda: stand.nmbd.json('status')['names_in_conflict']
                 == 2 * ALIASES, 30.0, 'all of them are refused')

    def act(self, stand):
        stand.ask('explain', 'is held')
        stand.ask('json explain', '"findings"')


class _HolderOfMany(_Trouble):
    """As many names as a node status has room for: each alias that is refused
    is told of with all of them."""

    label = 'a holder of %d names: what JSON says of them' % NAMES_OF_ONE

    def prepare(self, stand):
        peer = stand.asker.peer()
        for name in stand.setup.names[1:1 + NAMES_OF_ONE]:
            peer.hold(name, 0x03)

    def wait(self, stand):
        last = stand.setup.names[NAMES_OF_ONE]
        wait_for(lambda: '"names"' in stand.nmbd.ask('json explain').split(
            '"%s"' % last)[-1], 30.0, 'who holds the last of them is known')

    def act(self, stand):
        for request in 'list', 'explain', 'events 256':
            stand.ask('json ' + request, '"schema"')


class _Sessions(_Trouble):
    """Of logind, whose files are read again when one comes or goes."""

    label = '%d sessions of users, another comes and goes' % ALIASES
    aliases = 0
    options = {'messenger:user aliases': 'logind',
               'messenger:max aliases': str(2 * ALIASES)}

    def _log_on(self, name):
        path = os.path.join(self._folder, 'sessions', name)
        with open(path + '.new', 'w') as session:
            session.write('UID=60000\nUSER=%s\nACTIVE=1\nSTATE=active\n'
                          'CLASS=user\n' % name)
        os.rename(path + '.new', path)

    def prepare(self, stand):
        self._folder = stand.host.path('systemd')
        os.makedirs(os.path.join(self._folder, 'sessions'))
        stand.setup.names += ['USER%05d' % at for at in range(ALIASES)]
        for name in stand.setup.names[1:]:
            self._log_on(name)
        stand.setup.wrap = mounts.private(
            'mount -t tmpfs tmpfs /run; mkdir /run/systemd; '
            'mount --bind "$0" /run/systemd', self._folder)

    def act(self, stand):
        def is_last(what):
            last, = stand.nmbd.json('events 1')['events']
            return (last['event'], last['alias']) == (what, 'ANOTHER')

        self._log_on('ANOTHER')
        wait_for(lambda: is_last('alias-registered'), 5.0, 'it has an alias')
        os.unlink(os.path.join(self._folder, 'sessions', 'ANOTHER'))
        wait_for(lambda: is_last('alias-released'), 5.0, 'it has none')


class _Store(_Trouble):
    label = '%d adds and deletes, kept' % AT_ONCE
    options = {'messenger:store': 'yes'}

    def act(self, stand):
        stand.ask('add N%', 'added', 1, AT_ONCE)
        stand.ask('delete N%', 'deleted', 1, AT_ONCE)


class _SlowDisk(_Store):
    label = 'an add that is kept, on a disk of 10 ms a call'

    def prepare(self, stand):
        stand.setup.faults = [test_preload('slow_disk')]
        stand.setup.env = {'SLOW_DISK': stand.host.path('state')}

    def act(self, stand):
        stand.ask('add ONE', 'added')


_TROUBLES = (_StockWinsDead, _WinsDead, _Refused, _AllRefused, _EventLogFull,
             _JournalStopped, _DiskFull, _Claims, _Refusals, _Messages, _LongMessages, _NamesRefused,
             _HolderOfMany, _Sessions, _Store)


def _one(trouble):
    """The longest turn."""
    with Lab() as lab:
        stand = TurningStand(lab, 1, trouble.setup())
        trouble.prepare(stand)
        stand.start()
        trouble.wait(stand)
        turn = stand.during(trouble.act)
        stand.stop()
        return turn


def _limit(label, stock):
    if label.startswith('stock'):
        return None
    return max(LIMITS_MS[ALIASES],
               round(SAME_AS_STOCK * min(stock.get(label, [0])), 2))


def troubles(rounds):
    samples = {}
    for _ in range(rounds):
        for trouble in _TROUBLES:
            try:
                turn = _one(trouble())
            except check.Skip:
                continue  # mounts would be seen outside
            samples.setdefault(trouble.label, []).append(turn.cpu_ms)
    stock = {_WinsDead.label: samples[_StockWinsDead.label]}
    slow = [_one(_SlowDisk()).wall_ms for _ in range(rounds)]
    return [Group('CPU time of the longest turn of nmbd\'s loop in trouble, '
                  'ms, %d aliases' % ALIASES,
                  [Line(label, cpu, _limit(label, stock), least=True)
                   for label, cpu in samples.items()],
                  'A limit is 1 ms, or %g of stock where stock is slower, for '
                  'the least of the runs: what the machine adds is not '
                  'nmbd\'s.' % SAME_AS_STOCK, compare=False),
            Group('Longest turn by the clock, ms',
                  [Line(_SlowDisk.label, slow, 5, least=True)],
                  'The store is written by a thread.')]
