# SPDX-License-Identifier: GPL-3.0-or-later
"""smbmessenger notify: messages on to terminals, desktops, mail and programs.
Stock smbd, stock smbclient -M on another host; what is seen by a process of
its own is a /run of the test's."""

import json
import os
import pty
import pwd
import select
import signal
import socket
import struct
import subprocess
import sys
import time
import tty

from aliases import running
from evidence import TOOL
from lab import check, mounts, wait_for
from post import open_smbd, options, send, wait_kept
from steps import pair
from test_mailslot import BROADCAST, GROUP, UNIQUE, Sender

# users that there are on every Debian, of which none is a person
USER = pwd.getpwnam('daemon')
OTHER = pwd.getpwnam('bin')

RUN = ('mount -t tmpfs run /run; cp "$0" /run/utmp; mkdir /run/user; '
       'mount --bind "$1" /run/user; mount --bind "$2" /usr/sbin; '
       'mkdir -p /run/systemd/sessions; '
       'mount --bind "$3" /run/systemd/sessions')


def _utmp(sessions):
    """The file of those who are logged on: [(user, line)]"""
    return b''.join(
        struct.pack('hxxi32s4s32s256shhiii4i20s', 7, os.getpid(),
                    line.encode(), b'', user.encode(), b'', 0, 0, 0, 0, 0,
                    0, 0, 0, 0, b'') for user, line in sessions)


class Terminal:
    """One that belongs to a user, as login(1) leaves it."""

    def __init__(self, user, mode=0o620):
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        os.chown(self.path, user.pw_uid, -1)
        os.chmod(self.path, mode)
        self._seen = b''
        self.session = (user.pw_name, self.path[len('/dev/'):])

    def seen(self):
        while select.select([self._master], [], [], 0)[0]:
            self._seen += os.read(self._master, 65536)
        return self._seen.decode()

    def fill(self):
        """Nobody reads any more: as with ^S."""
        os.set_blocking(self._slave, False)
        try:
            while True:
                os.write(self._slave, b'x')
        except BlockingIOError:
            pass

    def close(self):
        os.close(self._master)
        os.close(self._slave)


class Notify:
    """The process, with a /run and a sendmail of its own."""

    def __init__(self, p, sessions=()):
        self._p = p
        self._process = None
        self.state = p.alpha.path('notify-state')
        self._log = p.alpha.path('notify-log')
        self._folders = [p.alpha.path('run-user'), p.alpha.path('sbin'),
                         p.alpha.path('sessions')]
        for folder in self._folders + [self.state]:
            os.makedirs(folder, exist_ok=True)
            os.chmod(folder, 0o755)
        self._utmp = p.alpha.path('utmp')
        with open(self._utmp, 'wb') as target:
            target.write(_utmp(sessions))
        open(self._log, 'w').close()

    def program(self, name, script):
        """A program of root's; its path."""
        path = self._p.alpha.path(name)
        return self._write(path, script)

    def sendmail(self, script):
        self._write(os.path.join(self._folders[1], 'sendmail'), script)

    @staticmethod
    def _write(path, script):
        with open(path, 'w') as target:
            target.write('#!/bin/sh\n' + script)
        os.chmod(path, 0o755)
        return path

    def session(self, number, user, line):
        """One that logind knows, and utmp does not."""
        with open(os.path.join(self._folders[2], number), 'w') as target:
            target.write('UID=%d\nUSER=%s\nACTIVE=1\nSTATE=active\n'
                         'CLASS=user\nTYPE=tty\nTTY=%s\n'
                         % (user.pw_uid, user.pw_name, line))

    def bus_folder(self, user):
        path = os.path.join(self._folders[0], '%d' % user.pw_uid)
        os.makedirs(path, exist_ok=True)
        os.chown(path, user.pw_uid, -1)
        return path

    def start(self):
        words = mounts.private(RUN, self._utmp, *self._folders)
        # READY=1, as a service manager hears it
        path = self._p.alpha.path('ready')
        if os.path.exists(path):
            os.unlink(path)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            ready.bind(path)
            ready.settimeout(10.0)
            with open(self._log, 'a') as log:
                self._process = self._p.alpha.popen(
                    words + [TOOL, '-s', self._p.alpha.conf, 'notify'],
                    env=dict(os.environ, STATE_DIRECTORY=self.state,
                             NOTIFY_SOCKET=path),
                    stdout=log, stderr=log)
            check.equal(ready.recv(100), b'READY=1', 'it is ready')
        self.wait_state(None)
        return self

    def wait_state(self, seq, seconds=5.0):
        """It has handed on all messages up to this one; None: any."""
        path = os.path.join(self.state, 'messenger_notify.json')

        def there():
            if not os.path.exists(path):
                return None
            try:
                with open(path) as source:
                    found = json.load(source)
            except ValueError:
                return None
            if not isinstance(found, dict) or 'seq' not in found:
                return None
            return found if seq in (None, found['seq']) else None

        return wait_for(there, seconds, 'state %s' % seq,
                        report=self.log)

    def log(self):
        with open(self._log) as source:
            return source.read()

    def wait_log(self, text, seconds=5.0):
        wait_for(lambda: text in self.log(), seconds, repr(text),
                 report=self.log)

    def signal(self, number):
        os.kill(self._process.pid, number)

    def ends(self, seconds=10.0):
        return self._process.wait(seconds)

    def stop(self):
        self.signal(signal.SIGTERM)
        check.equal(self.ends(), 0, 'exit status; ' + self.log())


def _started(p, table, names=('OPERATOR',), **more):
    nmbd = running(p, options(p.alpha, **dict({'messenger:notify': table},
                                              **more)))
    open_smbd(p)
    for name in names:
        check.equal(nmbd.json('add ' + name)['ok'], True, 'add ' + name)
    return nmbd


def _read(path):
    if not os.path.exists(path):
        return ''
    with open(path) as source:
        return source.read()


def _wait_file(path, text, notify, seconds=5.0):
    wait_for(lambda: text in _read(path), seconds,
             '%r in %s' % (text, path),
             report=lambda: _read(path) + notify.log())


# Terminals

def test_terminals():
    """On those of whom the table names, but where mesg(1) says no; a stopped
    one delays no other for long; no escape sequence gets there."""
    with pair() as p:
        wanted = Terminal(USER)
        silent = Terminal(USER, 0o600)
        full = Terminal(OTHER)
        foreign = Terminal(pwd.getpwnam('games'))
        all_of_them = (full, wanted, silent, foreign)
        full.fill()
        _started(p, 'OPERATOR:wall=@daemon OPERATOR:wall=bin')
        notify = Notify(p, [t.session for t in all_of_them])
        notify.start()
        send(p, 'OPERATOR', 'Paper is \033[31mout\033[0m.\n\aCome.\n')
        wait_for(lambda: wanted.seen().endswith('\a'), 5.0, 'the banner',
                 report=notify.log)
        lines = wanted.seen().split('\r\n')
        check.true('it takes nothing' not in notify.log(),
                   'no wait for the one that is full')
        check.equal(lines[0], '', 'an empty line first')
        check.equal(lines[1], 'Message from Bob on bravo (10.88.0.9) to '
                    'OPERATOR', 'the title')
        check.lacks(wanted.seen(), '\033', 'escape sequences')
        check.contains(wanted.seen(), '  Paper is ', 'the text')
        check.contains(lines, '  .Come.', 'its second line')
        notify.wait_log('it takes nothing')
        check.equal(silent.seen(), '', 'where mesg says n')
        check.equal(foreign.seen(), '', 'of somebody else')
        notify.stop()
        for terminal in all_of_them:
            terminal.close()


def test_logind():
    """A terminal that utmp does not know; one that both know is written on
    once; a session without a terminal, and one whose user has left."""
    with pair() as p:
        one, both, left = Terminal(USER), Terminal(OTHER), Terminal(OTHER)
        _started(p, 'OPERATOR:wall=*')
        notify = Notify(p, [both.session])
        for number, terminal, user in (('c1', one, USER), ('c2', both, OTHER)):
            notify.session(number, user, terminal.session[1])
        notify.session('c3', USER, 'pts/99999')
        # login(1) gave it to somebody else since
        notify.session('c4', USER, left.session[1])
        notify.start()
        send(p, 'OPERATOR', 'hello')
        for terminal in (one, both):
            wait_for(lambda t=terminal: t.seen().endswith('\a'), 5.0,
                     'the banner', report=notify.log)
        notify.stop()
        check.equal((both.seen().count('hello'), left.seen()), (1, ''),
                    'once, and no terminal of another')
        check.lacks(notify.log(), 'wall', 'complaints')
        for terminal in (one, both, left):
            terminal.close()


def test_user_of_the_alias():
    """Without a name it is the user who is called like the alias."""
    with pair() as p:
        own, other = Terminal(USER), Terminal(OTHER)
        _started(p, '*:wall', ('DAEMON', 'OPERATOR'))
        notify = Notify(p, [own.session, other.session])
        notify.start()
        send(p, 'OPERATOR', 'for nobody here')
        notify.wait_log('*:wall: message 1 to OPERATOR: nobody of them is on '
                        'a terminal')
        send(p, 'DAEMON', 'for the daemon')
        wait_for(lambda: 'for the daemon' in own.seen(), 5.0, 'it',
                 report=notify.log)
        check.lacks(own.seen(), 'nobody', 'his own only')
        check.equal(other.seen(), '', 'of another')
        notify.stop()
        own.close()
        other.close()


def test_everybody():
    """A message to the workgroup, or to all, is for whoever is there."""
    with pair() as p:
        one, other = Terminal(USER), Terminal(OTHER)
        _started(p, '*:wall', ('OPERATOR',),
                 **{'messenger:broadcast messages': 'yes'})
        notify = Notify(p, [one.session, other.session])
        notify.start()
        bob = Sender(p.bravo)
        bob.message(p.alpha.broadcast, GROUP, 'LAB', 0, 'to the workgroup')
        bob.message(p.alpha.broadcast, BROADCAST, '*', 0, 'to all')
        for terminal in (one, other):
            for text in ('to the workgroup', 'to all'):
                wait_for(lambda: text in terminal.seen(), 5.0, text,
                         report=notify.log)
        bob.message(p.alpha.address, UNIQUE, 'OPERATOR', 3, 'to one')
        notify.wait_log('to OPERATOR: nobody of them is on a terminal')
        check.lacks(other.seen(), 'to one', 'a message to an alias')
        notify.stop()
        one.close()
        other.close()


# Desktops

def test_desktop():
    """On the user's own bus, as that user; markup is text."""
    for module in ('dbus', 'gi'):
        if subprocess.run([sys.executable, '-c', 'import ' + module],
                          stderr=subprocess.DEVNULL).returncode != 0:
            raise check.Skip('python3-%s is not installed' % module)
    with pair() as p:
        _started(p, 'OPERATOR:desktop=daemon')
        notify = Notify(p)
        folder = notify.bus_folder(USER)
        address = 'unix:path=%s/bus' % folder
        out = os.path.join(folder, 'notifications')
        started = []

        def as_user(*words):
            started.append(p.alpha.popen(
                ['setpriv', '--reuid=daemon', '--regid=daemon',
                 '--clear-groups'] + list(words)))

        os.chmod(os.path.dirname(folder), 0o755)
        as_user('dbus-daemon', '--session', '--nofork', '--address=' + address)
        wait_for(lambda: os.path.exists(folder + '/bus'), 5.0, 'the bus')

        def desktop():
            as_user(sys.executable, '-B',
                    os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                 'desktop.py'), address, out)
            wait_for(lambda: os.path.exists(out), 5.0, 'the desktop')

        desktop()
        notify.start()
        send(p, 'OPERATOR', 'a <b>bold</b> & brave one')
        _wait_file(out, 'brave', notify)
        check.equal(json.loads(_read(out)), {
            'app': 'smbmessenger', 'uid': USER.pw_uid, 'urgency': 2,
            'title': 'Message from Bob on bravo (10.88.0.9) to OPERATOR',
            'body': 'a &lt;b&gt;bold&lt;/b&gt; &amp; brave one'},
                    'the notification')
        started[1].kill()
        started[1].wait()
        send(p, 'OPERATOR', 'to nobody')
        notify.wait_log('OPERATOR:desktop=daemon: the desktop of daemon: ')
        # it is back, and the service need not know
        os.unlink(out)
        desktop()
        send(p, 'OPERATOR', 'and again')
        _wait_file(out, 'and again', notify)
        notify.stop()
        started[2].kill()
        started[2].wait()
        started[0].kill()
        started[0].wait()


# Mail and programs

def test_mail():
    """By sendmail, without a shell."""
    with pair() as p:
        _started(p, 'OPERATOR:mail=ops@example.org')
        notify = Notify(p)
        out = p.alpha.path('mail')
        notify.sendmail('echo "$@" >"%s.new"; cat >>"%s.new"; '
                        'mv "%s.new" "%s"\n' % (out, out, out, out))
        notify.start()
        send(p, 'OPERATOR', '$(touch /tmp/x) `id`\n.\nend\n', sender='Bo$b')
        _wait_file(out, 'end\n', notify)
        head, body = _read(out).split('\n\n', 1)
        check.equal(head.split('\n'), [
            '-i -- ops@example.org',
            'To: ops@example.org',
            'Subject: Message from Bo_b on bravo (10.88.0.9) to OPERATOR',
            'Auto-Submitted: auto-generated', 'MIME-Version: 1.0',
            'Content-Type: text/plain; charset=UTF-8',
            'Content-Transfer-Encoding: 8bit'], 'header')
        check.equal(body, '$(touch /tmp/x) `id`\n.\nend\n', 'text')
        notify.stop()


def test_programs():
    """The text on standard input, the rest in the environment; one that hangs
    is ended and delays none, one that fails is told of, one that others can
    write to is not run."""
    with pair() as p:
        notify = Notify(p)
        out = p.alpha.path('page')
        good = notify.program('good', 'env >"%s.new"; cat >>"%s.new"; '
                              'mv "%s.new" "%s"\n' % (out, out, out, out))
        bad = notify.program('bad', 'exit 3\n')
        hangs = notify.program('hangs', 'sleep 1000\n')
        open_to_all = notify.program('open', 'touch "%s.open"\n' % out)
        os.chmod(open_to_all, 0o777)
        nmbd = _started(p, ' '.join(
            'OPERATOR:exec=' + program for program
            in (hangs, bad, open_to_all, '/nowhere/page', good)))
        notify.start()
        send(p, 'OPERATOR', 'first\n')
        started = time.monotonic()
        _wait_file(out, 'first\n', notify, 3.0)
        message = wait_kept(nmbd, 1)[0]
        found = dict(line.split('=', 1) for line in
                     _read(out).split('\n') if line.startswith('MESSENGER_'))
        check.equal(found, {
            'MESSENGER_SEQ': '1', 'MESSENGER_TIME': message['time'],
            'MESSENGER_FROM': 'Bob', 'MESSENGER_TO': 'OPERATOR',
            'MESSENGER_MACHINE': 'bravo', 'MESSENGER_ADDRESS': '10.88.0.9',
            'MESSENGER_VIA': 'smb', 'MESSENGER_CUT': '0'}, 'environment')
        notify.wait_log('OPERATOR:exec=%s: message 1 from Bob: exit status 3'
                        % bad)
        notify.wait_log('OPERATOR:exec=%s: it is not run, since others than '
                        'root can write to it' % open_to_all)
        notify.wait_log('OPERATOR:exec=/nowhere/page: No such file or '
                        'directory')
        # more than may run of one: no matter of the others'
        bob = Sender(p.bravo)
        for number in range(10):
            bob.message(p.alpha.address, UNIQUE, 'OPERATOR', 3,
                        'another %d' % number)
        _wait_file(out, 'another 9', notify, 5.0)
        wait_for(lambda: notify.log().count(
            'OPERATOR:exec=/nowhere/page: No such file or directory') == 12,
                 5.0, 'a line at the start, and one for each message',
                 report=notify.log)
        check.lacks(notify.log(), '/nowhere/page: message', 'a second line')
        check.true(not os.path.exists(out + '.open'), 'it was not run')
        notify.wait_log('OPERATOR:exec=%s: message 1 from Bob: it was ended, '
                        'since it took more than 30 seconds' % hangs, 40.0)
        check.true(time.monotonic() - started > 28.0, 'not before')
        notify.stop()


test_programs.seconds = 90


# Restarts

def test_restarts():
    """What comes while it is away is handed on when it is back, once; what
    came before it was ever there is not.  nmbd may be restarted."""
    with pair() as p:
        notify = Notify(p)
        out = p.alpha.path('page')
        page = notify.program('pager', 'cat >>"%s"\n' % out)
        nmbd = _started(p, 'OPERATOR:exec=%s' % page)
        send(p, 'OPERATOR', 'long ago\n')
        wait_kept(nmbd, 1)
        notify.start()
        send(p, 'OPERATOR', 'one\n')
        _wait_file(out, 'one\n', notify)
        notify.wait_state(2)
        notify.stop()
        send(p, 'OPERATOR', 'two\n')
        wait_kept(nmbd, 3)
        notify.start()
        _wait_file(out, 'two\n', notify)
        check.equal(_read(out), 'one\ntwo\n', 'each once')
        check.equal(nmbd.stop(), 0, 'exit status of nmbd')
        notify.wait_log('nmbd is away; waiting for it')
        nmbd = running(p, options(p.alpha, **{
            'messenger:notify': 'OPERATOR:exec=%s' % page}))
        notify.wait_log('nmbd was restarted; its messages are numbered from 1 '
                        'again')
        check.equal(nmbd.json('ensure OPERATOR')['ok'], True, 'ensure')
        send(p, 'OPERATOR', 'three\n')
        _wait_file(out, 'three\n', notify)
        check.equal(_read(out), 'one\ntwo\nthree\n', 'each once')
        # both were away
        notify.wait_state(1)
        notify.stop()
        check.equal(nmbd.stop(), 0, 'exit status of nmbd')
        nmbd = running(p, options(p.alpha, **{
            'messenger:notify': 'OPERATOR:exec=%s' % page}))
        check.equal(nmbd.json('ensure OPERATOR')['ok'], True, 'ensure')
        send(p, 'OPERATOR', 'four\n')
        wait_kept(nmbd, 1)
        notify.start()
        _wait_file(out, 'four\n', notify)
        check.equal(_read(out), 'one\ntwo\nthree\nfour\n', 'each once')
        notify.stop()


def test_stopped_amid():
    """Ended while much is to be done: each entry goes on where it was, so none
    is told twice and none misses one, however slow another is."""
    with pair() as p:
        notify = Notify(p)
        outs = [p.alpha.path(name) for name in ('quick', 'slow', 'hangs')]
        programs = [notify.program(
            'page%d' % number, 'read line; echo "$line" >>"%s"; %s\n'
            % (outs[number], then))
            for number, then in enumerate(('true', 'sleep 1',
                                           'exec sleep 1000'))]
        nmbd = _started(p, ' '.join('OPERATOR:exec=' + path
                                    for path in programs))
        notify.start()
        bob = Sender(p.bravo)
        texts = ['number %d' % number for number in range(50)]
        for text in texts:
            bob.message(p.alpha.address, UNIQUE, 'OPERATOR', 3, text)
        wait_kept(nmbd, len(texts))
        _wait_file(outs[0], texts[-1], notify, 12.0)
        notify.stop()
        some = [_read(out).split('\n')[:-1] for out in outs]
        for number in (1, 2):
            check.true(4 <= len(some[number]) <
                       (len(texts), 5)[number - 1],
                       'some have begun: %r' % some[number])
        notify.wait_log('it was ended, since this service ends')
        notify.start()
        wait_for(lambda: len(_read(outs[1]).split('\n')) > len(texts), 30.0,
                 'all of them', report=lambda: _read(outs[1]))
        for out in outs[:2]:
            check.equal(sorted(_read(out).split('\n')[:-1]), sorted(texts),
                        'each once')
        wait_for(lambda: len(_read(outs[2]).split('\n')) > 8, 5.0, 'four more')
        check.equal(sorted(_read(outs[2]).split('\n')[:-1]), texts[:8],
                    'each once')
        notify.stop()


test_stopped_amid.seconds = 60


def test_killed():
    """kill -9: who was told is not told again."""
    with pair() as p:
        notify = Notify(p)
        out = p.alpha.path('page')
        page = notify.program('pager', 'cat >>"%s"\n' % out)
        nmbd = _started(p, 'OPERATOR:exec=%s' % page)
        notify.start()
        send(p, 'OPERATOR', 'one\n')
        _wait_file(out, 'one\n', notify)
        notify.wait_state(1)
        notify.signal(signal.SIGKILL)
        notify.ends()
        send(p, 'OPERATOR', 'two\n')
        wait_kept(nmbd, 2)
        notify.start()
        _wait_file(out, 'two\n', notify)
        check.equal(_read(out), 'one\ntwo\n', 'each once')
        notify.stop()


def test_damaged_state():
    """A file that says nothing, or what cannot be: told of, and what comes
    from now on is handed on."""
    with pair() as p:
        notify = Notify(p)
        out = p.alpha.path('page')
        page = notify.program('pager', 'cat >>"%s"\n' % out)
        nmbd = _started(p, 'OPERATOR:exec=%s' % page)
        path = os.path.join(notify.state, 'messenger_notify.json')
        instance = nmbd.json('messages')['instance']
        for number, content in enumerate((
                '', '{"instance":"', '{}', '[]',
                '{"instance":"%s","seq":-1}' % instance,
                '{"instance":"%s","seq":5000,"ahead":7}' % instance)):
            with open(path, 'w') as target:
                target.write(content)
            notify.start()
            notify.wait_state(number)
            send(p, 'OPERATOR', '%d\n' % number)
            _wait_file(out, '%d\n' % number, notify)
            notify.stop()
        check.equal(_read(out), '0\n1\n2\n3\n4\n5\n', 'each once')
        check.equal(notify.log().count(
            'messenger_notify.json: not as it was written; messages up to now '
            'count as handed on'), 5, 'it is said')


def test_state_cannot_be_written():
    """Told once; and tried again, though nothing else happens."""
    with pair() as p:
        notify = Notify(p)
        out = p.alpha.path('page')
        page = notify.program('pager', 'cat >>"%s"\n' % out)
        _started(p, 'OPERATOR:exec=%s' % page)
        notify.start()
        notify.wait_state(0)
        in_the_way = os.path.join(notify.state, 'messenger_notify.json.new')
        os.mkdir(in_the_way)
        for text in ('one\n', 'two\n'):
            send(p, 'OPERATOR', text)
            _wait_file(out, text, notify)
        notify.wait_log('after a restart people may be told again')
        os.rmdir(in_the_way)
        notify.wait_state(2, 10.0)
        check.equal(notify.log().count('people may be told again'), 1,
                    'it is said once')
        notify.stop()


def test_smb_conf():
    """What is wrong in the table is told, and the rest works; SIGHUP reads it
    again; one process has it."""
    with pair() as p:
        notify = Notify(p)
        out = p.alpha.path('page')
        page = notify.program('pager', 'cat >>"%s"\n' % out)
        nmbd = _started(p, 'OPERATOR:wal=x A*:wall OPERATOR:mail '
                        'OPERATOR:wall=a,b OPERATOR:wall=@nobodies '
                        'OPERATOR:desktop=noone OPERATOR:mail=x@y '
                        'OPERATOR:exec=/nowhere OPERATOR:exec=page "NIGHT SHIFT:exec=%s"' % page,
                        ('NIGHT SHIFT',))
        notify.start()
        for text in (
                "'OPERATOR:wal=x' is left out: an entry is ALIAS:ACTION or "
                'ALIAS:ACTION=TARGET, and the actions are wall, desktop, mail '
                'and exec',
                "'b' is left out: an entry is",
                'OPERATOR:wall=@nobodies: there is no such group\n',
                'OPERATOR:desktop=noone: there is no such user\n',
                'OPERATOR:mail=x@y: there is no /usr/sbin/sendmail: install '
                'a mail server\n',
                'OPERATOR:exec=/nowhere: No such file or directory\n',
                "'A*:wall' is left out: This is not a NetBIOS name",
                "'OPERATOR:mail' is left out: behind = stands a mail address",
                "'OPERATOR:exec=page' is left out: behind = stands the path "
                'of a program, from the root'):
            check.contains(notify.log(), text, 'complaints')
        send(p, 'NIGHT SHIFT', 'to the shift\n')
        _wait_file(out, 'to the shift\n', notify)
        second = p.alpha.run([TOOL, '-s', p.alpha.conf, 'notify'],
                             env=dict(os.environ,
                                      STATE_DIRECTORY=notify.state))
        check.equal((second.returncode, second.stderr.splitlines()[-1]),
                    (1, 'smbmessenger: another smbmessenger notify is '
                     'running; only one may'), 'a second one')
        p.alpha.configure(options(p.alpha, **{
            'messenger:notify': 'ALPHA:exec=' + page}), 'messenger')
        notify.signal(signal.SIGHUP)
        wait_for(lambda: (send(p, 'ALPHA', 'to alpha\n'),
                          'to alpha' in _read(out))[1], 10.0, 'the new table',
                 interval=0.3, report=notify.log)
        check.true(nmbd.running, 'nmbd is there')
        notify.stop()


def test_no_table():
    with pair() as p:
        running(p)
        done = p.alpha.run([TOOL, '-s', p.alpha.conf, 'notify'],
                           env=dict(os.environ,
                                    STATE_DIRECTORY=p.alpha.path('.')))
        check.equal(done.returncode, 2, 'exit status')
        check.contains(done.stderr, 'messenger:notify in smb.conf names '
                       'nobody: set it, as in messenger:notify = '
                       'OPERATOR:wall=@operators', 'what is said')
