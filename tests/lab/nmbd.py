# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of the real nmbd on a host of the lab, and what one may ask it."""

import calendar
import json
import os
import re
import signal
import stat
import subprocess
import time
from typing import NamedTuple

from . import answers, messaging
from .netns import LabError
from .wait import wait_for

_TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def _from_environment(name, default):
    return os.path.abspath(os.environ.get(name)
                           or os.path.join(_TREE, 'build', default))


# What was built. The environment says where, for builds beside build/.
NMBD_MODULES_SO = _from_environment('NMBD_MODULES_SO',
                                    'source/nmbd_modules.so')
MESSENGER_SO = _from_environment('MESSENGER_SO', 'source/messenger.so')
TEST_MODULES_DIR = _from_environment('TEST_MODULES_DIR', 'tests/modules')
TEST_PRELOAD_DIR = _from_environment('TEST_PRELOAD_DIR', 'tests/preload')

NMBD = os.environ.get('NMBD', '/usr/sbin/nmbd')
SMBCONTROL = os.environ.get('SMBCONTROL', '/usr/bin/smbcontrol')

# Libraries that must stand before ours in LD_PRELOAD, such as libasan.so.
PRELOAD_FIRST = [name for name in
                 os.environ.get('LAB_PRELOAD_FIRST', '').split(':') if name]

# Requests that no other node of a cluster may answer.
_QUESTIONS = frozenset(('', 'list', 'status', 'condition', 'events', 'explain',
                        'names', 'nodes', 'messages', 'help'))

_PASSED_ON = ('ASAN_OPTIONS', 'GCOV_ERROR_FILE', 'LSAN_OPTIONS',
              'UBSAN_OPTIONS')

# Marks of a fault that must fail a test, whatever else it looks at.
_FAULTS = re.compile(r'INTERNAL ERROR|PANIC|AddressSanitizer'
                     r'|LeakSanitizer|runtime error:|symbol lookup error')

_LOG_HEADER = re.compile(r'^\[(\d+/\d+/\d+ \d+:\d+:\d+)(\.\d+)?, +(\d+)'
                         r'[^\]]*\] (\S+?)(?::\d+)?\((\w+)\)\s*$')


def test_module(name):
    return os.path.join(TEST_MODULES_DIR, name + '.so')


def test_preload(name):
    return os.path.join(TEST_PRELOAD_DIR, name + '.so')


def base_environment():
    """A small environment; times in logs are UTC."""
    env = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'TZ': 'UTC',
           'LC_ALL': 'C.UTF-8'}
    for name in _PASSED_ON:
        if name in os.environ:
            env[name] = os.environ[name]
    return env


def parse_log(text):
    """Samba's log format as LogEntry values."""
    entries = []
    for line in text.splitlines():
        head = _LOG_HEADER.match(line)
        if head:
            seconds = calendar.timegm(time.strptime(head.group(1),
                                                    '%Y/%m/%d %H:%M:%S'))
            entries.append(LogEntry(seconds + float(head.group(2) or 0),
                                    int(head.group(3)), head.group(5), ''))
        elif entries:
            last = entries[-1]
            entries[-1] = last._replace(
                text=(last.text + '\n' + line.strip()).strip())
    return entries


class LogEntry(NamedTuple):
    """One entry of a Samba log; `wall` is on the clock of time.time()."""

    wall: float
    level: int
    function: str
    text: str


def preload_value(libraries):
    """The LD_PRELOAD for these libraries."""
    return ':'.join(PRELOAD_FIRST + list(libraries))


class Nmbd:
    """nmbd in the foreground, as a child of the test.

    Made by Host.nmbd(); up when the constructor returns, unless wait_up is
    false. The log and everything else written before it started (an earlier
    run on the same host) is not part of its log.

    by_smbcontrol: it is asked by stock smbcontrol, not by the lab itself.
    """

    by_smbcontrol = False

    def __init__(self, host, preload, env, wait_up, wrap=()):
        self.host = host
        self.expected_to_end = False
        self._log_path = host.path('log.nmbd')
        self._errors_path = host.path('nmbd.stderr')
        self._log_start = self._size(self._log_path)
        self._errors_start = self._size(self._errors_path)
        self._node = None if host.clustered else messaging.NO_CLUSTER
        self._log_end = None  # where a later run on the host goes on
        self._socket = host.path('socket', 'unexpected')
        if os.path.exists(self._socket):
            os.unlink(self._socket)  # left by a run that was killed
        command = [NMBD, '-F', '--no-process-group', '-s', host.conf,
                   '-l', host.directory]
        extra = dict(env or {})
        if preload:
            extra['LD_PRELOAD'] = preload_value(preload)
        if extra:
            # The program that enters the namespace is not to be preloaded.
            command = (['env'] + ['%s=%s' % item for item in extra.items()]
                       + command)
        command = list(wrap) + command
        with open(self._errors_path, 'ab') as errors:
            self.started = time.monotonic()
            self._process = subprocess.Popen(
                host.namespace.command(command), stdin=subprocess.DEVNULL,
                stdout=errors, stderr=errors, env=base_environment(),
                cwd=host.directory)
        self.pid = self._process.pid
        if wait_up:
            self.wait_up()

    @staticmethod
    def _size(path):
        try:
            return os.stat(path).st_size
        except FileNotFoundError:
            return 0

    def wait_up(self, seconds=10.0):
        """Until it has opened its last socket and enters its loop."""
        def there():
            if not self.running:
                raise LabError('nmbd ended at start, status %s\n%s'
                               % (self._process.returncode, self.describe()))
            return (os.path.exists(self._socket)
                    and stat.S_ISSOCK(os.stat(self._socket).st_mode))

        self.wait_for(there, seconds, 'nmbd is up', interval=0.005)

    @property
    def running(self):
        return self._process.poll() is None

    # Looking at it

    def _tail_of(self, path, start, end=None):
        try:
            with open(path, 'rb') as source:
                source.seek(start)
                size = -1 if end is None else end - start
                return source.read(size).decode('utf-8', 'replace')
        except FileNotFoundError:
            return ''

    @property
    def log(self):
        """The text of its log."""
        return self._tail_of(self._log_path, self._log_start, self._log_end)

    @property
    def errors(self):
        """What it, or the dynamic linker, wrote to standard error."""
        return self._tail_of(self._errors_path, self._errors_start)

    def log_entries(self, text=None):
        """The entries of its log (that contain a text)."""
        return [entry for entry in parse_log(self.log)
                if text is None or text in entry.text]

    def describe(self, lines=30):
        """The end of its log and of its standard error, for a report."""
        out = []
        for title, text in (('log.nmbd', self.log), ('stderr', self.errors)):
            if text.strip():
                out.append('  --- %s of %s' % (title, self.host.name))
                out += ['  ' + line for line in text.splitlines()[-lines:]]
        return '\n'.join(out)

    def faults(self):
        """Lines that tell of a crash or of a finding of a sanitizer."""
        return [line for line in (self.log + self.errors).splitlines()
                if _FAULTS.search(line)]

    def maps(self):
        """The files that are mapped into it."""
        with open('/proc/%d/maps' % self.pid) as maps:
            return {line.split(None, 5)[5].strip() for line in maps
                    if line.count('/')}

    def wait_for(self, condition, seconds, what, interval=0.02):
        """wait_for() of the lab, with the log in the report."""
        return wait_for(condition, seconds, what, interval, self.describe)

    def wait_log(self, text, seconds=3.0, count=1):
        """Waits for log entries that contain a text; returns the first."""
        def there():
            found = self.log_entries(text)
            return found[0] if len(found) >= count else None

        return self.wait_for(there, seconds, 'log.nmbd says %r' % text)

    # Talking to it

    def smbcontrol(self, *args, seconds=10):
        """Stock smbcontrol against this nmbd: its standard output."""
        done = self.host.run([SMBCONTROL, '-s', self.host.conf, '-t',
                              str(seconds), 'nmbd'] + list(args),
                             timeout=seconds + 10)
        if done.returncode != 0:
            raise AssertionError('smbcontrol nmbd %s: status %d, %s'
                                 % (' '.join(args), done.returncode,
                                    (done.stdout + done.stderr).strip()))
        return done.stdout

    def _ears(self):
        """The folder of the sockets for messages; Debian has moved it."""
        places = [self.host.path(folder, 'msg.sock')
                  for folder in ('lock', 'private')]
        for place in places:
            if os.path.exists(os.path.join(place, str(self.pid))):
                return place
        raise AssertionError('nmbd has no ear for messages')

    def question(self, request=None, seconds=10):
        """Sends a request, and does not wait: a messaging.Question."""
        return messaging.Question(
            self._ears(), self.pid, messaging.DUMP_DOMAIN_LIST,
            messaging.request_data(request), self._node, seconds)

    def _ask_by_smbcontrol(self, request, seconds):
        """The answer to a request, without smbcontrol's "PID n: "."""
        out = self.smbcontrol('dump-domain-list',
                              *([] if request is None else [request]),
                              seconds=seconds)
        # on a cluster the number of the node is before that of the process
        prefix = re.match(r'PID (\d+:)?%d: ' % self.pid, out)
        if prefix is None:
            raise AssertionError('no answer to %r: %r' % (request, out))
        if prefix.group(1):
            self._node = int(prefix.group(1)[:-1])
        return out[prefix.end():]

    def _ask(self, request, seconds):
        """Likewise, without a process that starts for it."""
        with self.question(request, seconds) as question:
            data = question.answer(seconds)
        if data is None:
            raise AssertionError('no answer to %r within %g s'
                                 % (request, seconds))
        return messaging.answer_text(data)

    def ask(self, request=None, seconds=10):
        """The answer to a request."""
        word, _, asked = (request or '').strip(' ').partition(' ')
        in_json = word.lower() == 'json'
        verb = ((asked if in_json else word).split() or [''])[0].lower()
        if (self.by_smbcontrol or self._node is None
                or self.host.clustered and verb not in _QUESTIONS):
            answer = self._ask_by_smbcontrol(request, seconds)
        else:
            answer = self._ask(request, seconds)
        if in_json:
            answers.check_answer(asked, answer)
        return answer

    def json(self, request, seconds=10):
        """The answer to "json REQUEST" as Python has it."""
        answer = self.ask('json ' + request, seconds)
        try:
            return json.loads(answer)
        except ValueError:
            raise AssertionError('no JSON in answer to %r: %r'
                                 % (request, answer))

    def reload(self):
        """As "smbcontrol nmbd reload-config" does."""
        if self.by_smbcontrol or self.host.clustered:
            self.smbcontrol('reload-config')
            return
        messaging.Question(self._ears(), self.pid,
                           messaging.SMB_CONF_UPDATED, b'').close()

    # Ending it

    def _wait_end(self, seconds):
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError('nmbd does not end\n' + self.describe())
        if self._log_end is None:
            self._log_end = self._size(self._log_path)
        return status

    def stop(self, seconds=5.0):
        """SIGTERM; returns the exit status."""
        self.expected_to_end = True
        if self.running:
            self._process.terminate()
        return self._wait_end(seconds)

    def shutdown(self, seconds=5.0):
        """smbcontrol shutdown; returns the exit status."""
        self.expected_to_end = True
        self.smbcontrol('shutdown')
        return self._wait_end(seconds)

    def kill(self):
        self.expected_to_end = True
        self._process.send_signal(signal.SIGKILL)
        self._wait_end(5.0)

    def hangup(self):
        """SIGHUP."""
        self._process.send_signal(signal.SIGHUP)
