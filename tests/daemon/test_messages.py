# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that smbd receives: to an alias of ours they are kept, shown and
told; any other is refused. Stock smbd, stock smbclient -M on another host."""

import calendar
import json
import os
import resource
import socket
import time

from aliases import running
from evidence import TOOL, json_lines, tool
from lab import check, mounts, wait_for
from post import (kept, open_smbd, options, send, send_to, shown, wait_kept)
from steps import events, pair
from test_follow import Follower
from test_journal import machine, parse

LONGEST = 652       # characters, [MS-MSRP] 3.2.4.4


def _started(p, names=('OPERATOR',), **more):
    nmbd = running(p, options(p.alpha, **more))
    open_smbd(p)
    for name in names:
        check.equal(nmbd.json('add ' + name)['ok'], True, 'add ' + name)
    return nmbd


def _refusals(nmbd):
    return events(nmbd, 'message-refused')


def test_reaches_the_alias():
    """In the list at once, from whom, to whom, and when."""
    with pair() as p:
        nmbd = _started(p)
        check.equal(shown(p), 'There are no messages.\n', 'none yet')
        before = time.time()
        send(p, 'OPERATOR', 'The printer is on fire.\nPlease come.\n')
        found = wait_kept(nmbd, 1, 0.5)[0]
        moment = found.pop('time')
        check.true(abs(_seconds(moment) - before) < 10, 'time ' + moment)
        check.equal(found, {
            'seq': 1, 'from': 'Bob', 'to': 'OPERATOR', 'machine': 'bravo',
            'address': '10.88.0.9', 'via': 'smb',
            'text': 'The printer is on fire.\nPlease come.'}, 'message')
        send(p, 'ALPHA', 'two')
        text = shown(p)
        check.contains(text, '  to OPERATOR from Bob on bravo (10.88.0.9)\n'
                       '  The printer is on fire.\n  Please come.\n', 'text')
        check.contains(text, '  to ALPHA from Bob on bravo (10.88.0.9)\n'
                       '  two\n', 'text')
        check.lacks(shown(p, 'alpha'), 'printer', 'those to ALPHA')
        check.contains(shown(p, 'alpha', 'OPERATOR'), 'printer',
                       'those to both')
        check.equal(shown(p, 'NOBODY'), 'There are no such messages.\n',
                    'those to nobody')
        check.lacks(shown(p, '-n', '1'), 'printer', 'the last one')
        check.equal([m['to'] for m in json.loads(
            shown(p, '--json', 'operator'))['messages']], ['OPERATOR'],
                    'JSON of those to OPERATOR')
        answer = nmbd.ask('messages')
        check.contains(answer, 'Since nmbd was started: 2 received, '
                       '0 refused.', 'answer')
        check.equal(_refusals(nmbd), [], 'refusals')
        check.equal(events(nmbd, 'message-received'), [],
                    'received messages in the ring of events')
        check.equal([name for name in os.listdir('/tmp')
                     if name.startswith('msg.') and
                     os.stat('/tmp/' + name).st_mtime > before], [],
                    'files that are left')


def _seconds(moment):
    return calendar.timegm(time.strptime(moment[:19], '%Y-%m-%dT%H:%M:%S'))


def test_long_and_odd_texts():
    """What a shell, a terminal or a log would take for its own."""
    with pair() as p:
        nmbd = _started(p, ('OPERATOR', 'PRINT ROOM', 'M\u00dcLLER'))
        umlauts = '\u00e4\u00f6\u00fc \u00c4\u00d6\u00dc \u00df'
        texts = [
            ('OPERATOR', 'short', 'short'),
            ('OPERATOR', umlauts, umlauts),
            ('OPERATOR', '', ''),
            ('OPERATOR', '\n\n', ''),
            ('OPERATOR', '`id` $(id) ; rm -rf / & "a" \'b\' | > <',
             '`id` $(id) ; rm -rf / & "a" \'b\' | > <'),
            ('OPERATOR', '\x1b[2J\x1b]0;title\x07\tx', '.[2J.]0;title. x'),
            ('OPERATOR', 'one\n\ntwo\n  three\n', 'one\n\ntwo\n  three'),
            ('PRINT ROOM', 'blank', 'blank'),
            ('M\u00dcLLER', 'umlaut', 'umlaut'),
        ]
        for to, text, _ in texts:
            send(p, to, text)
        found = wait_kept(nmbd, len(texts))
        check.equal([(m['to'], m['text']) for m in found],
                    [(to, want) for to, _, want in texts], 'messages')
        check.equal(shown(p).count(' from Bob on bravo (10.88.0.9)\n'
                                   '  (no text)\n'), 2, 'without a text')
        long = 'x' * 1500
        send(p, 'OPERATOR', long, sender='Bob Smith; $(rm)')
        last = wait_kept(nmbd, len(texts) + 1)[-1]
        check.equal((len(last['text']), last['cut']),
                    (LONGEST, len(long) - LONGEST), 'length, and what is cut')
        check.equal(last['from'], 'Bob_Smith____rm_', 'sender')
        check.contains(shown(p, '-n', '1'),
                       '(%d more characters were cut off)'
                       % (len(long) - LONGEST), 'text')


def _smb(command, words, data):
    return (b'\xffSMB' + bytes([command]) + bytes(4) + b'\x08\x01\xc8'
            + bytes(20) + bytes([len(words) // 2]) + words
            + len(data).to_bytes(2, 'little') + data)


def _netbios(text, suffix):
    raw = text.ljust(15).encode() + bytes([suffix])
    return (b'\x20' + bytes(c for b in raw for c in
                            (65 + (b >> 4), 65 + (b & 15))) + b'\0')


class Session:
    """A session of NetBIOS's with ALPHA, under a name."""

    def __init__(self, p, to):
        self._sock = p.bravo.namespace.socket(socket.AF_INET,
                                              socket.SOCK_STREAM)
        self._sock.settimeout(10.0)
        self._sock.connect((p.alpha.address, 139))
        check.equal(self.put(0x81, _netbios(to, 3) + _netbios('BRAVO', 0))[:1],
                    b'\x82', 'answer to the session request')

    def put(self, kind, body):
        """Returns the answer; nothing: it was closed."""
        self._sock.sendall(bytes([kind, 0]) + len(body).to_bytes(2, 'big')
                           + body)
        try:
            head = self._sock.recv(4)
            return head + self._sock.recv(int.from_bytes(head[2:], 'big'))
        except ConnectionResetError:
            return b''

    def close(self):
        self._sock.close()


def _block(text):
    return b'\x01' + len(text).to_bytes(2, 'little') + text


def _raw(p, to, blocks):
    """SMBsendstrt, SMBsendtxt for each block, SMBsendend: more than smbclient
    sends."""
    session = Session(p, to)
    session.put(0, _smb(0xd5, b'', b'\x04bob\0\x04' + to.encode() + b'\0'))
    for block in blocks:
        session.put(0, _smb(0xd7, b'\0\0', _block(block)))
    session.put(0, _smb(0xd6, b'\0\0', b''))
    session.close()


def test_single_block():
    """SMBsends: smbd closes the session, unless something was negotiated."""
    with pair() as p:
        nmbd = _started(p)

        def sends(session, text):
            return session.put(0, _smb(
                0xd0, b'', b'\x04bob\0\x04OPERATOR\0' + _block(text)))

        session = Session(p, 'OPERATOR')
        check.equal(sends(session, b'too soon'), b'', 'answer')
        session.close()
        session = Session(p, 'OPERATOR')
        session.put(0, _smb(0x72, b'', b'\x02NT LM 0.12\0'))
        check.equal(sends(session, b'one block')[4:9], b'\xffSMB\xd0',
                    'answer')
        session.close()
        check.equal([m['text'] for m in wait_kept(nmbd, 1)], ['one block'],
                    'messages')


def test_many_blocks():
    """24 blocks, 3000 bytes, line ends as [MS-MSRP] has them."""
    with pair() as p:
        nmbd = _started(p)
        _raw(p, 'OPERATOR', [b'x' * 125] * 24)
        found = wait_kept(nmbd, 1)[0]
        check.equal((len(found['text']), found['cut']),
                    (LONGEST, 3000 - LONGEST), 'length, and what is cut')
        _raw(p, 'OPERATOR', [b'one\x14', b'\x84\x94\x81 \xe1\x14two\x14'])
        check.equal(wait_kept(nmbd, 2)[1]['text'],
                    'one\n\u00e4\u00f6\u00fc \u00df\ntwo', 'text')


def test_to_nobody():
    """A deleted alias, a name that never was one, the server's address: none
    is kept; counted, told once a minute at most."""
    with pair() as p:
        nmbd = _started(p)
        send(p, 'OPERATOR', 'one')
        wait_kept(nmbd, 1)
        nmbd.ask('delete OPERATOR')
        # whoever has sent before knows the address, and smbd takes any name
        send_to(p, 'OPERATOR', 'two')
        refused = nmbd.wait_for(lambda: _refusals(nmbd), 5.0, 'a refusal')
        check.equal({key: refused[0][key] for key in
                     ('from', 'to', 'machine', 'address', 'via', 'reason',
                      'count', 'severity', 'message')},
                    {'from': 'Bob', 'to': 'operator', 'machine': 'bravo',
                     'address': '10.88.0.9', 'via': 'smb', 'count': 1,
                     'reason': 'no such alias is registered here',
                     'severity': 'warning', 'message':
                     'A message from Bob to operator was refused.'}, 'event')
        check.lacks(refused[0], 'text', 'event')
        send_to(p, 'NEVER', 'three')
        send_to(p, '*SMBSERVER', 'four')
        send(p, p.alpha.address, 'five')
        nmbd.wait_for(lambda: nmbd.json('messages')['refused'] == 4, 5.0,
                      'four are counted')
        check.equal(len(_refusals(nmbd)), 1, 'events')
        check.equal(len(kept(nmbd)), 1, 'messages')
        # another host is told of by itself
        send_to(p, 'NEVER', 'six', host=p.lab.host('CHARLIE',
                                                   '10.88.0.10/24'))
        nmbd.wait_for(lambda: len(_refusals(nmbd)) == 2, 5.0,
                      'another event')
        check.lacks(nmbd.ask('messages'), 'two', 'messages')


def test_service_stopped():
    """Nothing is taken while it does not run."""
    with pair() as p:
        nmbd = _started(p)
        nmbd.ask('stop')
        send_to(p, 'ALPHA', 'one')
        nmbd.wait_for(lambda: nmbd.json('messages')['refused'] == 1, 5.0,
                      'it is counted')
        check.equal(_refusals(nmbd)[0]['reason'],
                    'the Messenger service is not running', 'reason')
        nmbd.ask('start')
        send(p, 'ALPHA', 'two')
        check.equal(wait_kept(nmbd, 1)[0]['text'], 'two', 'text')


def _journal(p):
    """A journal for what smbd starts; words before its command."""
    sock = p.alpha.namespace.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    folder = p.alpha.path('systemd')
    os.makedirs(os.path.join(folder, 'journal'))
    path = os.path.join(folder, 'journal', 'socket')
    sock.bind(path)
    os.chmod(path, 0o666)
    sock.settimeout(10.0)
    return sock, mounts.private(
        'mkdir -p /run/systemd; mount --bind "$0" /run/systemd', folder)


@check.alone
def test_without_nmbd():
    """The sender gets its answer at once, and the message is in the journal,
    as undelivered; so it is if nmbd hangs."""
    with pair() as p:
        p.alpha.configure(options(p.alpha))
        journal, wrap = _journal(p)
        open_smbd(p, wrap=wrap)
        start = time.monotonic()
        check.lacks(send_to(p, 'OPERATOR', 'one\ntwo\n'), 'NT_STATUS',
                    'what smbclient says')
        check.true(time.monotonic() - start < 3.0, 'sent at once')
        entry = parse(journal.recv(65536))
        check.equal({key: entry[key] for key in
                     ('FROM', 'TO', 'MACHINE', 'ADDRESS', 'VIA', 'PRIORITY',
                      'NMBD_EVENT', 'SYSLOG_IDENTIFIER', 'MESSAGE')},
                    {'FROM': 'Bob', 'TO': 'operator', 'MACHINE': 'bravo',
                     'ADDRESS': '10.88.0.9', 'VIA': 'smb', 'PRIORITY': '4',
                     'NMBD_EVENT': 'message-undelivered',
                     'SYSLOG_IDENTIFIER': 'smbmessenger', 'MESSAGE':
                     'A message from Bob to operator was not delivered.\n'
                     'Sent by Bob on bravo (10.88.0.9): nmbd is not running, '
                     'runs without the module, or has no socket for messages '
                     '(log.nmbd says why).\none\ntwo'}, 'entry')
        nmbd = running(p, options(p.alpha))
        os.kill(nmbd.pid, 19)
        start = time.monotonic()
        send_to(p, 'ALPHA', 'three')
        check.true(time.monotonic() - start < 6.0, 'sent before long')
        check.contains(parse(journal.recv(65536))['MESSAGE'], 'nmbd is busy',
                       'entry')
        os.kill(nmbd.pid, 18)
        # it was told of as not delivered: so it is not taken later either
        send(p, 'ALPHA', 'four')
        check.equal(wait_kept(nmbd, 1)[0]['text'], 'four', 'text')
        nmbd.stop()
        check.equal(os.path.exists(p.alpha.path('socket', 'messenger')),
                    False, 'the socket is left')
        journal.close()


def test_forged():
    """A local user who is not smbd's guest account is refused, and told."""
    with pair() as p:
        nmbd = _started(p)

        def deliver(*words, user=12345):
            with open(p.alpha.path('text'), 'w') as text:
                text.write('forged\n')
            os.chmod(p.alpha.path('text'), 0o666)
            os.chmod(p.alpha.directory, 0o777)
            return p.alpha.run(
                ['setpriv', '--reuid', str(user), '--clear-groups', TOOL,
                 '-s', p.alpha.conf, 'deliver', p.alpha.path('text')]
                + list(words))

        words = ('Boss', 'operator', 'bravo', '10.88.0.9')
        done = deliver(*words)
        check.equal((done.returncode, done.stderr), (1, 'smbmessenger: this '
                    'user may not hand in messages\n'), 'exit and error')
        check.equal(os.path.exists(p.alpha.path('text')), False, 'the file')
        event = nmbd.wait_for(lambda: _refusals(nmbd), 5.0, 'an event')[0]
        check.equal((event['from'], event['to'], event['address'],
                     event['reason']),
                    ('local user 12345', 'operator', '', 'only root and the guest account '
                     'hand in what smbd has received'), 'event')
        check.equal(deliver(*words, user=65534).returncode, 0, 'guest')
        check.equal(deliver(*words, user=0).returncode, 0, 'root')
        # a name that looks like an option, a machine that has none
        done = deliver('-x', 'operator', '', '10.88.0.9', user=0)
        check.equal((done.returncode, done.stderr), (0, ''), 'an odd sender')
        found = wait_kept(nmbd, 3)
        check.equal([(m['from'], m['machine']) for m in found],
                    [('Boss', 'bravo')] * 2 + [('-x', '')], 'messages')
        done = deliver('Bob', 'operator', '10.88.0.9', user=0)
        check.equal(done.returncode, 0, 'without a machine')
        done = deliver('Bob', 'nobody', 'bravo', '10.88.0.9', user=0)
        check.equal((done.returncode, done.stderr),
                    (1, 'smbmessenger: no such alias is registered here\n'),
                    'exit and error')
        _garbage(p, nmbd)


def _letter(text):
    """As deliver writes it, to OPERATOR."""
    parts = [b'Bob', b'operator', b'bravo', b'10.88.0.9', text]
    return (b'MSG1' + b''.join(len(part).to_bytes(2, 'big') for part in parts)
            + len(text).to_bytes(4, 'big') + b''.join(parts))


def _visitor(p):
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    sock.settimeout(10.0)
    sock.connect(p.alpha.path('socket', 'messenger'))
    return sock


def test_no_descriptors():
    """When nmbd has none left, messages wait and it does not spin."""
    with pair() as p:
        nmbd = _started(p)
        limit = resource.prlimit(nmbd.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(nmbd.pid, resource.RLIMIT_NOFILE, (3, limit[1]))
        with _visitor(p) as sock:
            sock.send(_letter(b'patience'))
            nmbd.wait_log('messages from smbd wait: Too many open files')
            began, used = time.monotonic(), _processor(nmbd.pid)
            while time.monotonic() - began < 1.5:
                check.true(p.client.query(p.alpha.address, 'OPERATOR', 3,
                                          False), 'nmbd answers')
            check.true(_processor(nmbd.pid) - used < 0.5, 'it spins')
            resource.prlimit(nmbd.pid, resource.RLIMIT_NOFILE, limit)
            check.equal(sock.recv(300), b'\0', 'the answer')
        check.equal(wait_kept(nmbd, 1)[0]['text'], 'patience', 'text')
        check.equal(nmbd.log.count('messages from smbd wait'), 1,
                    'it is told once')


def _processor(pid):
    """The seconds that it has computed."""
    with open('/proc/%d/stat' % pid) as source:
        words = source.read().rsplit(')', 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf('SC_CLK_TCK')


def test_socket_removed():
    """It comes back by itself, and when smb.conf is read; a folder that takes
    none is told of once."""
    with pair() as p:
        nmbd = _started(p)
        path = p.alpha.path('socket', 'messenger')
        for number in range(1, 4):
            os.unlink(path)
            if number == 2:
                nmbd.reload()
            wait_for(lambda: os.path.exists(path), 15.0, 'the socket')
            with _visitor(p) as sock:
                sock.send(_letter(b'%d' % number))
                check.equal(sock.recv(300), b'\0', 'the answer')
            check.equal(wait_kept(nmbd, number)[-1]['text'], '%d' % number,
                        'text')
        aside = p.alpha.path('aside')
        os.rename(p.alpha.path('socket'), aside)
        nmbd.wait_log('no messages are taken from smbd: the socket %s: No '
                      'such file or directory' % path, 15.0)
        os.rename(aside, p.alpha.path('socket'))
        wait_for(lambda: _answers(p), 15.0, 'the socket')
        check.equal(nmbd.log.count('no messages are taken'), 1,
                    'it is told once')
        nmbd.stop()
        check.equal(os.path.exists(path), False, 'the socket is left')


def _answers(p):
    try:
        with _visitor(p) as sock:
            sock.send(_letter(b'again'))
            return sock.recv(300) == b'\0'
    except OSError:
        return False


def _garbage(p, nmbd):
    """What is no letter, those who say nothing, and too many of them."""
    path = p.alpha.path('socket', 'messenger')
    visitors = []
    for number in range(100):
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        sock.settimeout(5.0)
        sock.connect(path)
        visitors.append(sock)
        if number % 3 == 0:
            sock.send(b'MSG1' + bytes([255] * (number % 200)))
            check.equal(sock.recv(300), b'\x01that is no message', 'answer')
    check.equal(nmbd.json('status')['service']['state'], 'running', 'state')
    check.equal(len(kept(nmbd)), 4, 'messages')
    for sock in visitors:
        sock.close()


def test_sinks():
    """In the journal with fields, in the JSON log; in Samba's log at level 3,
    and without its text."""
    with machine() as p:
        journal = p.journal()
        log = p.alpha.path('events.json')
        nmbd = running(p, options(p.alpha, **{'messenger:json log': log,
                                               'log level': '3'}))
        open_smbd(p)
        nmbd.ask('add OPERATOR')
        send(p, 'OPERATOR', 'secret\nnumber')
        wait_kept(nmbd, 1)
        entry = wait_for(lambda: [e for e in journal.entries if
                                  e['NMBD_EVENT'] == 'message-received'],
                         5.0, 'an entry')[0]
        check.equal({key: entry[key] for key in
                     ('FROM', 'TO', 'MACHINE', 'ADDRESS', 'VIA', 'PRIORITY')},
                    {'FROM': 'Bob', 'TO': 'OPERATOR', 'MACHINE': 'bravo',
                     'ADDRESS': '10.88.0.9', 'VIA': 'smb', 'PRIORITY': '6'},
                    'entry')
        check.equal(entry['MESSAGE'],
                    'A message from Bob to OPERATOR was received.\nSent by '
                    'Bob on bravo (10.88.0.9), via smb.\nsecret\nnumber',
                    'message')
        line = [one for one in json_lines(log)
                if one['event'] == 'message-received'][0]
        check.equal({key: line.get(key) for key in
                     ('seq', 'message_seq', 'from', 'to', 'text', 'source')},
                    {'seq': None, 'message_seq': 1, 'from': 'Bob',
                     'to': 'OPERATOR', 'text': 'secret\nnumber',
                     'source': 'Messenger'}, 'line')
        told = nmbd.log_entries('was received')
        check.equal([one.level for one in told], [3], 'level in log.nmbd')
        check.lacks(nmbd.log, 'secret', 'log.nmbd')


def test_private_smb_conf():
    """One that only root reads: the socket is where it is by default."""
    with pair() as p:
        nmbd = _started(p)
        os.chmod(p.alpha.directory, 0o755)
        os.chmod(p.alpha.conf, 0o600)

        def deliver(wrap):
            with open(p.alpha.path('text'), 'w') as text:
                text.write('hello\n')
            os.chmod(p.alpha.path('text'), 0o644)
            done = p.alpha.run(wrap + [
                'setpriv', '--reuid', '65534', '--clear-groups', TOOL, '-s',
                p.alpha.conf, 'deliver', p.alpha.path('text'), 'Bob',
                'operator', 'bravo', '10.88.0.9'])
            return done.returncode, done.stderr.splitlines()[-1:]

        check.equal(deliver(mounts.private(
            'mount -t tmpfs run /run; mkdir -p /run/samba/nmbd; '
            'mount --bind "$0" /run/samba/nmbd', p.alpha.path('socket'))),
                    (0, []), 'exit status')
        check.equal(wait_kept(nmbd, 1)[0]['text'], 'hello', 'text')
        check.equal(deliver(mounts.private('mount -t tmpfs run /run', '')),
                    (3, ['smbmessenger: smb.conf cannot be read by the user '
                         'who runs this, and where nmbd has its sockets by '
                         'default there is none for messages']), 'why')


def test_unreadable():
    """A message whose text cannot be read is no message without a text."""
    with pair() as p:
        nmbd = _started(p)
        os.mkdir(p.alpha.path('folder'))
        for name, why in (('nothing', 'No such file or directory'),
                          ('folder', 'not a plain file')):
            path = p.alpha.path(name)
            done = tool(p.alpha, 'deliver', path, 'Bob', 'operator', 'bravo',
                        '10.88.0.9')
            check.equal((done.returncode, done.stderr),
                        (1, 'smbmessenger: its text cannot be read from %s: '
                         '%s\n' % (path, why)), 'exit status, and why')
        check.equal(kept(nmbd), [], 'messages')


def test_chosen():
    """Those to an alias, as "add" takes its name; and so many of them, when
    following too."""
    with pair() as p:
        nmbd = _started(p, ('OPERATOR', 'k\u00fcche'))
        for to, text in (('k\u00fcche', 'one'), ('k\u00fcche', 'two'),
                         ('OPERATOR', 'three')):
            with open(p.alpha.path('text'), 'w') as target:
                target.write(text)
            check.equal(tool(p.alpha, 'deliver', p.alpha.path('text'), 'Bob',
                             to, 'bravo', '10.88.0.9').returncode, 0,
                        'deliver')
        wait_kept(nmbd, 3)
        for name in ('k\u00fcche', 'K\u00dcCHE', 'k\u00fcche#03',
                     'K\u00dcCHE<03>'):
            check.contains(shown(p, '-n', '1', name), '  two\n', name)
        check.contains(shown(p, 'operator#03'), '  three\n', 'shown')
        f = Follower(p, '--json', '-n', '1', 'k\u00fcche', what='messages')
        f.wait(1)
        check.equal(json.loads(f.lines[0])['text'], 'two', 'followed')
        f.end()


def test_follow():
    """Each once, in order, those that are wanted; over the end of the ring,
    and over a restart of nmbd."""
    with pair() as p:
        nmbd = _started(p)

        def hand_in(number, to='operator', first=0):
            for at in range(first, first + number):
                with open(p.alpha.path('text'), 'w') as text:
                    text.write('%d\n' % at)
                check.equal(tool(p.alpha, 'deliver', p.alpha.path('text'),
                                 'Bob', to, 'bravo', '10.0.%d.%d'
                                 % divmod(at, 200)).returncode, 0, 'deliver')

        hand_in(2)
        f = Follower(p, '--json', '-n', '1', 'OPERATOR', what='messages')
        f.wait(1)
        hand_in(2, 'alpha', 2)
        hand_in(3, first=4)
        f.wait(4)
        check.equal([json.loads(line)['text'] for line in f.lines],
                    ['1', '4', '5', '6'], 'texts')
        check.equal(f.numbers(), [2, 5, 6, 7], 'numbers')
        nmbd.kill()
        f.wait_note('away')
        nmbd = running(p, options(p.alpha))
        nmbd.ask('add OPERATOR')
        hand_in(2, first=7)
        f.wait(6)
        f.wait_note('nmbd was restarted; its messages are numbered from 1')
        check.equal([json.loads(line)['text'] for line in f.lines[4:]],
                    ['7', '8'], 'texts')
        f.end()
        text = Follower(p, what='messages')
        text.wait(4)
        check.equal(text.lines[1], '  7\n', 'line')
        text.end()
