# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd's journal, and syslog where there is none.

Neither is the machine's own here: nmbd runs in a mount namespace in which
/run/systemd/journal and /dev are the test's.
"""

import contextlib
import os
import re
import socket
import struct
import time

from evidence import (ALIAS, DUPLICATE, burst, completed, computer,
                      take_names)
from lab import Lab, check, mounts, nbt, wait_for
from steps import (ADDRESS, HOLDER, TERMINATED, Pair, check_failed,
                   check_running, events, wait_state)

# docs/events.md has them for those who search by them.
MESSAGE_IDS = {
    'service-started': 'e38743edf8ef4327a78005ee6c0dda34',
    'service-failed': '8c93946c945546a594279fb028d056ae',
    'service-stopped': '536d253de0c745398f3de0dd367619ad',
    'alias-registered': 'd11aaf96421a488cb2c98a2168988b5f',
    'alias-refused': 'e1e67165015447fa8bed4036763c4793',
    'alias-released': '185516bd5d3c48fb81a74d3cc765cc34',
    'alias-lost': 'eb7a08e8bc07420593ec38ae6f07740a',
    'alias-defended': 'dd5e8522b7de461caa08674023958f8b',
    'alias-conflict': '70eaf68c58154d51a88dcc1427d57121',
    'name-refused': 'e67dd36b10964da3ae1f092bb744e063',
    'name-conflict': '5a8dd79ff93f41e6b1fa2ddc23add533',
    'name-registered': 'a142637e120d45bb96f04fd08c76467b',
    'name-released': '1a6a0294e5e74715ae5523b768f7ea0f',
}

DEVICES = ('null', 'zero', 'full', 'random', 'urandom')


def parse(datagram):
    """An entry of the native protocol: "FIELD=value" lines, and "FIELD", the
    length in eight bytes and the value where that has line ends."""
    fields = {}
    at = 0
    while at < len(datagram):
        end = datagram.index(b'\n', at)
        line = datagram[at:end]
        at = end + 1
        if b'=' in line:
            name, value = line.split(b'=', 1)
        else:
            name = line
            (length,) = struct.unpack_from('<Q', datagram, at)
            value = datagram[at + 8:at + 8 + length]
            check.equal(len(value), length, 'length of ' + str(name))
            at += 8 + length
            check.equal(datagram[at:at + 1], b'\n', 'behind ' + str(name))
            at += 1
        name = name.decode('ascii')
        check.true(re.match('^[A-Z][A-Z0-9_]{0,63}$', name),
                   'field name %r' % name)
        check.lacks(fields, name, 'fields')
        fields[name] = value.decode('utf-8')
    return fields


class Machine(Pair):
    """ALPHA with a journal and a /dev of its own, BRAVO with a peer."""

    def __init__(self, lab):
        super().__init__(lab)
        self._sockets = []
        self._run = self.alpha.path('run')
        self._dev = self.alpha.path('dev')
        os.mkdir(self._run)
        os.mkdir(os.path.join(self._run, 'journal'))
        os.mkdir(self._dev)
        for device in DEVICES:
            with open(os.path.join(self._dev, device), 'w'):
                pass

    def nmbd(self, options=None, modules='messenger', **kwargs):
        wrap = mounts.private(
            # a machine that never ran systemd has no /run/systemd
            'mount -t tmpfs tmpfs /run; mkdir /run/systemd; '
            'mount --bind "$0" /run/systemd; for device in %s; do '
            'mount --bind /dev/$device "$1/$device"; done; '
            'mount --rbind "$1" /dev' % ' '.join(DEVICES),
            self._run, self._dev)
        return super().nmbd(options, modules, wrap=wrap, **kwargs)

    def _open(self, path):
        sock = self.alpha.namespace.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        sock.setblocking(False)
        sock.bind(path)
        os.chmod(path, 0o666)
        self._sockets.append(sock)
        return sock

    @property
    def journal_path(self):
        return os.path.join(self._run, 'journal', 'socket')

    @property
    def syslog_path(self):
        return os.path.join(self._dev, 'log')

    def journal(self, queue=None):
        """Starts a journal; for how many datagrams it has room."""
        if queue is not None:
            done = self.alpha.run(
                ['sh', '-c', 'echo %d >/proc/sys/net/unix/max_dgram_qlen'
                 % queue])
            check.equal(done.returncode, 0, 'queue: ' + done.stderr)
        return Reader(self._open(self.journal_path), parse)

    def syslog(self):
        return Reader(self._open(self.syslog_path),
                      lambda datagram: datagram.decode('utf-8'))

    def close(self):
        for sock in self._sockets:
            sock.close()


class Reader:
    """What has come in on a socket; senders: their process ids."""

    def __init__(self, sock, understand):
        self._sock = sock
        self._understand = understand
        self._entries = []
        self.senders = set()

    @property
    def entries(self):
        while True:
            try:
                data, ancillary, flags, _ = self._sock.recvmsg(65536, 256)
            except BlockingIOError:
                return self._entries
            check.true(not flags & socket.MSG_TRUNC, 'a whole datagram')
            for level, kind, value in ancillary:
                if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                    self.senders.add(struct.unpack('3i', value)[0])
            self._entries.append(self._understand(data))

    def wait(self, number, seconds=4.0):
        """Waits for so many entries; there must be no more."""
        found = wait_for(lambda: len(self.entries) >= number
                         and self.entries, seconds, '%d entries' % number,
                         report=lambda: '\n'.join(map(str, self.entries)))
        check.equal(len(found), number, 'entries')
        return found


@contextlib.contextmanager
def machine():
    with Lab() as lab:
        m = Machine(lab)
        try:
            yield m
        finally:
            m.close()


def _errors(nmbd):
    return nmbd.log_entries('messenger:journal')


# The journal

def test_fields_of_a_failure():
    """journalctl NERR=2270 finds it; the facts come as a second entry."""
    with machine() as m:
        computer(m.peer, 'ALPHA')
        m.peer.hold('ALPHA', 3)
        journal = m.journal()
        nmbd = m.nmbd({'messenger:own names': 'no'})
        check_failed(wait_state(nmbd, 'failed'))
        completed(nmbd)
        first, second = journal.wait(2)
        expected = {
            'MESSAGE_ID': MESSAGE_IDS['service-failed'], 'PRIORITY': '3',
            'SYSLOG_IDENTIFIER': 'nmbd', 'NMBD_EVENT': 'service-failed',
            'NMBD_SEQ': '1', 'NMBD_ALIAS': 'ALPHA', 'NMBD_KIND': 'computer',
            'NMBD_SUBNET': ADDRESS, 'NMBD_HOLDER': HOLDER, 'NERR': '2270',
            'EVENT_ID': '7024'}
        message = first.pop('MESSAGE')
        check.equal(first, expected, 'the first entry')
        check.equal(message.split('\n'), [
            TERMINATED, 'ALPHA<03> is held by %s (subnet %s, rcode 6).'
            % (HOLDER, ADDRESS), 'Rename one of the two computers or release '
            'the name there; then run:', 'smbmessenger start'], 'the message')
        message = second.pop('MESSAGE')
        expected.update({'NMBD_HOLDER_COMPUTER': 'ALPHA', 'CAUSE': DUPLICATE})
        check.equal(second, expected, 'the second entry')
        check.contains(message, 'Cause: ' + DUPLICATE, 'the message')
        check.equal(journal.senders, {nmbd.pid}, 'who sent it')
        check.none(_errors(nmbd), 'complaints')


def test_fields_of_a_name():
    """A name that is no alias has fields of its own."""
    with machine() as m:
        computer(m.peer, 'PLANT1')
        m.peer.hold('ALPHA', 0x20)
        journal = m.journal()
        nmbd = m.nmbd()
        wait_state(nmbd, 'running')
        entries = [entry for entry in journal.wait(4)
                   if 'NMBD_NAME' in entry]
        check.equal(len(entries), 2, 'entries')
        message = entries[0].pop('MESSAGE')
        check.contains(message.replace('\n', ' '),
                       'The name "ALPHA          :20" could not be '
                       'registered', 'the message')
        seq = entries[0].pop('NMBD_SEQ')
        expected = {
            'MESSAGE_ID': MESSAGE_IDS['name-refused'], 'PRIORITY': '3',
            'SYSLOG_IDENTIFIER': 'nmbd', 'NMBD_EVENT': 'name-refused',
            'NMBD_NAME': 'ALPHA', 'NMBD_NAME_TYPE': '20',
            'NMBD_SUBNET': ADDRESS, 'NMBD_HOLDER': HOLDER,
            'EVENT_ID': '4321'}
        check.equal(entries[0], expected, 'the first entry')
        entries[1].pop('MESSAGE')
        expected.update({'NMBD_HOLDER_COMPUTER': 'PLANT1', 'NMBD_SEQ': seq,
                         'CAUSE': ALIAS})
        check.equal(entries[1], expected, 'the second entry')


def test_each_kind():
    """A MESSAGE_ID for each kind of event about the service and its aliases,
    as documented, and one entry for each event."""
    with machine() as m:
        take_names(m.peer)
        computer(m.peer, 'PLANT1')
        rule = m.peer.refuse('ALPHA', 3)
        journal = m.journal()
        nmbd = m.nmbd({'interfaces': 'eth*'})
        wait_state(nmbd, 'failed')
        m.peer.forget(rule)
        nmbd.ask('start')
        wait_state(nmbd, 'running')
        nmbd.ask('add OPERATOR')
        burst(m.alpha)
        check.true(m.client.register(m.alpha.broadcast, 'ALPHA', 3),
                   'the defence')
        m.peer.send(ADDRESS, nbt.conflict_demand(1, nbt.Name('ALPHA', 3),
                                                 HOLDER))
        other = m.lab.host('CHARLIE', '10.89.0.9/24').peer()
        other.hold('OPERATOR', 3)
        m.alpha.add_interface('10.89.0.2/24')
        nmbd.reload()
        completed(nmbd, 'alias-lost')
        # (the queue of a socket is short: not all may wait in it)
        check.true(journal.entries, 'entries')
        nmbd.ask('delete OPERATOR')
        nmbd.ask('add HELPDESK')
        nmbd.ask('stop')
        told = events(nmbd)
        check.equal(sorted({event['event'] for event in told}),
                    sorted(kind for kind in MESSAGE_IDS
                           if not kind.startswith('name-')),
                    'kinds of events')
        asked = [event for event in told if 'cause' in event]
        entries = journal.wait(len(told) + len(asked))
        for event in told:
            mine = [entry for entry in entries
                    if entry['NMBD_SEQ'] == str(event['seq'])]
            check.equal(len(mine), 2 if event in asked else 1,
                        'entries of %s' % event)
            for entry in mine:
                check.equal(
                    (entry['NMBD_EVENT'], entry['MESSAGE_ID'],
                     entry.get('NMBD_ALIAS'), entry.get('NERR'),
                     entry.get('EVENT_ID'), entry.get('NMBD_CLAIMANT'),
                     entry['PRIORITY']),
                    (event['event'], MESSAGE_IDS[event['event']],
                     event.get('alias'), _text(event.get('code')),
                     _text(event.get('event_id')),
                     event.get('claimant', {}).get('address'),
                     {'error': '3', 'warning': '4',
                      'information': '6'}[event['severity']]), 'an entry')
            check.true(mine[0]['MESSAGE'].startswith(event['message']),
                       'message %r' % mine[0]['MESSAGE'])
            if event in asked:
                check.equal(mine[1]['CAUSE'], event['cause'], 'cause')


def _text(value):
    return None if value is None else str(value)


def test_no():
    with machine() as m:
        journal, syslog = m.journal(), m.syslog()
        nmbd = m.nmbd({'messenger:journal': 'no'})
        check_running(wait_state(nmbd, 'running'))
        m.alpha.configure({'messenger:journal': 'yes'}, 'messenger')
        nmbd.reload()

        def written():
            nmbd.ask('stop')
            return journal.entries

        wait_for(written, 4.0, 'it is switched on')
        check.equal([entry['NMBD_EVENT'] for entry in journal.entries],
                    ['alias-released', 'service-stopped'], 'entries')
        check.equal(syslog.entries, [], 'syslog')


def test_values_that_could_break_it():
    """A holder whose name has line ends and "="."""
    with machine() as m:
        def answer(request):
            reply = nbt.node_status_reply(request, [])
            reply.answers[0].rdata = (b'\x02A\nNERR=1\n=x\0y  \0\x04\0'
                                      + b'ALPHA          \x03\x04\0'
                                      + b'\0' * 46)
            return reply

        m.peer.refuse('ALPHA', 3)
        m.peer.node_status(answer=answer)
        journal = m.journal()
        nmbd = m.nmbd()
        wait_state(nmbd, 'failed')
        completed(nmbd)
        _, second = journal.wait(2)
        check.equal((second['NERR'], second['CAUSE']), ('2270', ALIAS),
                    'fields')
        check.true('\n' not in second['NMBD_HOLDER_COMPUTER'],
                   'the name %r' % second['NMBD_HOLDER_COMPUTER'])


# Full, hung, gone

def test_hung():
    """Nobody reads the socket: nmbd goes on answering, one line says that
    events are lost, and when somebody reads again it goes on."""
    with machine() as m:
        take_names(m.peer)
        m.peer.silent('*', 0)
        journal = m.journal()
        nmbd = m.nmbd()
        wait_state(nmbd, 'running')
        started = time.monotonic()
        for _ in range(4):
            burst(m.alpha, 30)
            m.check_answered()
        check.between(time.monotonic() - started, 0, 8.0, 'seconds')
        entry = nmbd.wait_log('messenger:journal')
        check.equal(entry.level, 0, 'level')
        check.equal(len(_errors(nmbd)), 1, 'complaints')
        check.equal(len(events(nmbd, 'alias-refused')), 120, 'events')
        # read all that waited; from here on it works
        before = len(journal.entries)
        check.between(before, 1, 119, 'entries that fitted in')
        burst(m.alpha)
        wait_for(lambda: len(journal.entries) > before, 3.0, 'new entries')
        check.equal(len(nmbd.log_entries('works again')), 1, 'good news')


def test_burst():
    """All that a stop has to tell waits for a journal that is busy, with the
    queue that systemd gives it."""
    names = ['A%05d' % number for number in range(256)]
    with machine() as m:
        journal = m.journal(queue=512)
        nmbd = m.nmbd({'messenger:aliases': ' '.join(names)})
        nmbd.wait_for(lambda: [alias['state'] for alias
                               in nmbd.json('list')['aliases']]
                      == ['registered'] * 257, 8.0, 'all are registered')
        before = len(journal.entries)
        nmbd.ask('stop')
        released = journal.wait(before + 258)[before:]
        check.equal({entry['NMBD_ALIAS'] for entry in released
                     if entry['NMBD_EVENT'] == 'alias-released'},
                    set(names + ['ALPHA']), 'aliases released')
        check.none(nmbd.log_entries('messenger:journal'), 'complaints')


def test_restarted():
    """systemd-journald is restarted: a new socket in the place of the old."""
    with machine() as m:
        take_names(m.peer)
        journal = m.journal()
        nmbd = m.nmbd()
        wait_state(nmbd, 'running')
        check.equal(len(journal.wait(2)), 2, 'entries')
        os.unlink(m.journal_path)
        nmbd.ask('add ONE')
        again = m.journal()
        nmbd.ask('add TWO')
        check.equal([entry['NMBD_ALIAS'] for entry in again.wait(1)],
                    ['TWO'], 'entries of the new journal')
        check.equal(len(journal.entries), 2, 'entries of the old one')
        check.none(_errors(nmbd), 'complaints')


# Syslog, or nothing

def test_syslog():
    """Where there is no journal: lines as syslog(3) writes them."""
    with machine() as m:
        computer(m.peer, 'PLANT1')
        m.peer.hold('ALPHA', 3)
        syslog = m.syslog()
        nmbd = m.nmbd()
        check_failed(wait_state(nmbd, 'failed'))
        completed(nmbd)
        nmbd.ask('stop')
        lines = syslog.wait(3)
        for line, priority, part in (
                (lines[0], 3, TERMINATED + ' ALPHA<03> is held by ' + HOLDER),
                (lines[1], 3, 'Cause: ' + ALIAS),
                (lines[2], 6, 'stopped state')):
            match = re.match(r'^<(\d+)>\w{3} [ \d]\d \d\d:\d\d:\d\d '
                             r'nmbd\[(\d+)\]: ', line)
            check.true(match, 'the head of %r' % line)
            check.equal((int(match.group(1)), int(match.group(2))),
                        (3 << 3 | priority, nmbd.pid), 'priority and pid')
            check.contains(line, part, 'line')
            check.lacks(line, '\n', 'line')
        check.none(_errors(nmbd), 'complaints')


def test_journal_comes_before_syslog():
    with machine() as m:
        journal, syslog = m.journal(), m.syslog()
        nmbd = m.nmbd()
        wait_state(nmbd, 'running')
        journal.wait(2)
        check.equal(syslog.entries, [], 'syslog')
        os.unlink(m.journal_path)
        nmbd.ask('stop')
        syslog.wait(2)


def test_hung_syslog():
    with machine() as m:
        take_names(m.peer)
        m.peer.silent('*', 0)
        syslog = m.syslog()
        nmbd = m.nmbd()
        wait_state(nmbd, 'running')
        burst(m.alpha, 60)
        m.check_answered()
        check.equal(len(_errors(nmbd)), 1, 'complaints')
        check.true(len(syslog.entries) < 60, 'lines that fitted in')


def test_neither():
    """auto: that is how it is, and no word of it. yes: one line says so."""
    with machine() as m:
        take_names(m.peer)
        nmbd = m.nmbd()
        check_running(wait_state(nmbd, 'running'))
        burst(m.alpha, 3)
        check.none(_errors(nmbd), 'complaints')
        check.equal(nmbd.stop(), 0, 'exit status')

        nmbd = m.nmbd({'messenger:journal': 'yes'})
        check_running(wait_state(nmbd, 'running'))
        burst(m.alpha, 3)
        (entry,) = _errors(nmbd)
        check.equal(entry.level, 0, 'level')
        journal = m.journal()
        burst(m.alpha)
        check.true(journal.entries, 'entries')
        nmbd.wait_log('works again')


def test_a_socket_nobody_has():
    """Its file is there, but the process is gone: the same as none."""
    with machine() as m:
        with contextlib.closing(socket.socket(socket.AF_UNIX,
                                              socket.SOCK_DGRAM)) as dead:
            dead.bind(m.journal_path)
        syslog = m.syslog()
        nmbd = m.nmbd()
        check_running(wait_state(nmbd, 'running'))
        check.contains(syslog.wait(2)[1], 'running state', 'syslog')
        check.none(_errors(nmbd), 'complaints')
