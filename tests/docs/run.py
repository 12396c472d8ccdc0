#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the commands in the documents and compares what they print.

    python3 tests/docs/run.py [--write] [FILE...]

A block that begins with ```console is a session: lines after "# " are typed
by root on ALPHA, lines after "plant1$ " on another host, and what follows is
what must be printed. Times, process numbers and line numbers may differ; a
line "..." stands for any lines. What the network does meanwhile is told by
comments <!-- lab: WORDS --> before a block; the words are the functions
do_* below. Each document begins without a lab. A block that begins with a
word and a path (```sh /usr/local/sbin/x) is put into that file.

The files of the lab's host and those that the build installs lie where Debian
has them, by mounts that only this process and its children see. --write puts
what was printed into the documents, in place of blocks that have no "...".
Root only. The last line is "docs: N passed, N failed".
"""

import argparse
import glob
import os
import re
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, 'tests'), os.path.join(TOP, 'tests', 'docs')]

from installed import mount, own_mounts, unmount  # noqa: E402
from lab import Lab, LabError, nbt, wait_for  # noqa: E402

SERVER = '10.88.0.2'
PLANT1 = '10.88.0.9'
TWIN = '10.88.0.10'
WINS = '10.88.0.1'
JOURNALD = '/lib/systemd/systemd-journald'
PASSWORD = 'secret'

MS_BIND = 0x1000


# --- the lab ----------------------------------------------------------------

class Skip(Exception):
    """A command that this machine has nothing to run with."""


class Stage:
    """ALPHA, a Samba server, and PLANT1, an old Windows computer."""

    def __init__(self):
        self._open = None
        self.options = {}
        self._journald = None

    def close(self):
        if self._journald is not None:
            self._journald.terminate()
            self._journald.wait()
            self._journald = None
        for folder in ('/etc/samba', '/var/log/samba', '/var/lib/samba'):
            unmount(folder)
        if self._open is not None:
            lab, self._open = self._open, None
            lab.__exit__(None, None, None)

    def _new(self):
        self.close()
        self._open = self.lab = lab = Lab().__enter__()
        self.options = {'messenger:json log': '/var/log/samba/messenger.json'}
        self.alpha = lab.host('ALPHA', SERVER + '/24')
        self.plant = lab.host('PLANT1', PLANT1 + '/24')
        self.peer = self.plant.peer(mac=bytes.fromhex('00105a4c1f2e'))
        for suffix in (0x00, 0x03, 0x20):
            self.peer.hold('PLANT1', suffix)
        self.peer.hold('LAB', 0x00, group=True)
        mount('tmpfs', '/etc/samba', 'tmpfs')
        os.symlink(self.alpha.conf, '/etc/samba/smb.conf')
        mount(self.alpha.directory, '/var/log/samba', None, MS_BIND)
        mount(self.alpha.path('state'), '/var/lib/samba', None, MS_BIND)

    def _start(self):
        self.nmbd = self.alpha.nmbd(self.options, 'messenger')

    def _state(self, state):
        def there():
            return self.nmbd.json('status')['service']['state'] == state

        wait_for(there, 5.0, 'the service is ' + state)

    def _event(self, event, key=None, alias=None):
        """Waits for an event (that has a key by now, of an alias)."""
        def there():
            return [e for e in self.nmbd.json('events 256')['events']
                    if e['event'] == event and (not key or key in e)
                    and (not alias or e.get('alias') == alias)]

        wait_for(there, 5.0, event)

    def command(self, host, text):
        """What a command prints, both streams in their order."""
        alpha = host in ('', 'alpha')
        if alpha and 'journalctl' in text and self._journald is None:
            raise Skip('no systemd-journald')
        where = self.alpha if alpha else self.plant
        env = {'PATH': '/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin',
               'PAGER': 'cat'}
        if not alpha:
            text = ''.join(
                '%s() { command %s -s %s "$@"; }\n' % (name, name, where.conf)
                for name in ('nmblookup', 'smbclient')) + text
        done = where.run(['sh', '-c', 'exec 2>&1\n' + text], env=env,
                         timeout=40)
        return done.stdout.rstrip('\n')

    # What the documents ask for

    def do_running(self):
        """ALPHA runs with the module; nobody holds its name."""
        self._new()
        self._start()
        self._state('running')

    def do_conflict(self, *settings):
        """As running, but a user ALPHA is logged on at PLANT1."""
        self._new()
        self._set(settings)
        self.peer.hold('ALPHA', 0x03)
        self._start()
        self._event('service-failed', 'cause')

    def do_duplicate(self):
        """As running, but there is another Samba server ALPHA."""
        self._new()
        twin = self.lab.host('TWIN', TWIN + '/24')
        twin.nmbd({'netbios name': 'ALPHA'})
        wait_for(lambda: TWIN in self.plant.nmblookup(
            '-B', self.alpha.broadcast, 'ALPHA#03'), 10.0,
                 'the other ALPHA has its names')
        self._start()
        self._event('service-failed', 'cause')

    def do_wins(self):
        """ALPHA registers with a Samba WINS server."""
        self._new()
        self.lab.host('WINSSRV', WINS + '/24').nmbd({'wins support': 'yes'})
        self._set(['wins server = ' + WINS])
        self._start()
        self._state('running')

    def do_silent(self):
        """As conflict, but PLANT1 answers no node status."""
        self._new()
        self.peer.hold('ALPHA', 0x03)
        self.peer.node_status(answer=lambda request: None)
        self._start()
        self._event('service-failed', 'cause')

    def do_stock(self):
        """ALPHA runs without the module, and PLANT1 holds its name."""
        self._new()
        self.peer.hold('ALPHA', 0x03)
        self.nmbd = self.alpha.nmbd()
        self.nmbd.wait_log('Failed to register', 8.0, count=2)

    def do_settled(self):
        """ALPHA has claimed all of its names."""
        wait_for(lambda: 'registering' not in self.nmbd.ask('names'), 10.0,
                 'nothing is being claimed')

    def do_group(self):
        """ALPHA is to be ASIA, the name of others' workgroup."""
        self._new()
        other = self.lab.host('OFFICE', TWIN + '/24')
        other.nmbd({'workgroup': 'ASIA'})
        wait_for(lambda: TWIN in self.plant.nmblookup(
            '-B', self.alpha.broadcast, 'ASIA#00'), 10.0,
                 'the group ASIA is there')
        self._set(['netbios name = ASIA'])
        self._start()
        self._event('name-refused', 'cause')

    def do_masters(self):
        """ALPHA wants to be domain master, and another one is."""
        self._new()
        other = self.lab.host('OFFICE', TWIN + '/24')
        other.nmbd({'domain master': 'yes'})
        wait_for(lambda: TWIN in self.plant.nmblookup(
            '-B', self.alpha.broadcast, 'LAB#1b'), 15.0,
                 'the domain master is there')
        self._set(['domain master = yes'])
        self._start()
        self._event('name-refused', 'cause')

    def do_released(self):
        """PLANT1 no longer holds ALPHA."""
        self.peer.drop('ALPHA', 0x03)

    def do_holds(self, name):
        """PLANT1 holds an alias."""
        self.peer.hold(name, 0x03)

    def _set(self, words):
        """Lines of smb.conf: NAME = VALUE; NAME = VALUE"""
        for setting in filter(None, ' '.join(words).split('; ')):
            name, value = setting.split(' = ')
            self.options[name] = value

    def do_option(self, *words):
        """Lines of smb.conf, read again."""
        self._set(words)
        self.alpha.configure(self.options, 'messenger')
        self.nmbd.reload()
        self.nmbd.ask('status')     # the answer comes after the reload

    def do_story(self):
        """The computer name is lost on a new interface, and had again."""
        self._new()
        self._set(['messenger:restart interval = 3;',
                   'messenger:aliases = OPERATOR'])
        other = self.lab.host('BRAVO', '10.88.1.9/24').peer()
        other.hold('BRAVO', 0x00)
        other.hold('ALPHA', 0x03)
        self._start()
        self._event('alias-registered', alias='OPERATOR')
        self.alpha.add_interface('10.88.1.2/24')
        self.alpha.configure(self.options, 'messenger')
        self.nmbd.reload()
        self._event('service-failed', 'cause')
        other.drop('ALPHA', 0x03)
        wait_for(lambda: self.nmbd.json('events 1')['events'][0].get('alias')
                 == 'OPERATOR', 10.0, 'OPERATOR is there again')

    def do_refused(self, name):
        self.do_option('messenger:aliases', '=', name)
        self._event('alias-refused', 'cause')

    def do_registered(self, name):
        """smb.conf has an alias more, and ALPHA holds it."""
        self.do_option('messenger:aliases', '=', name)

        def there():
            return [a for a in self.nmbd.json('list')['aliases']
                    if a['name'] == name and a['state'] == 'registered']

        wait_for(there, 5.0, name + ' is registered')

    def do_claims(self, name):
        """PLANT1 tries to take an alias."""
        self.peer.send(self.alpha.broadcast, nbt.registration(
            77, nbt.Name(name, 0x03), PLANT1))
        self._event('alias-defended')

    def do_demands(self, name):
        """PLANT1 demands that an alias be given up."""
        self.peer.send(SERVER, nbt.conflict_demand(
            78, nbt.Name(name, 0x03), PLANT1))
        self._event('alias-conflict')

    def do_share(self, name, path):
        """A share in smb.conf."""
        with open(self.alpha.conf, 'a', encoding='utf-8') as conf:
            conf.write('[%s]\n\tpath = %s\n\tread only = yes\n'
                       '\tbrowseable = no\n' % (name, path))
        self.alpha.run(['smbcontrol', '-s', self.alpha.conf, 'smbd',
                        'reload-config'])

    def do_journal(self):
        """A journal, before the service is looked at."""
        if not os.path.exists(JOURNALD):
            return
        self._journald = subprocess.Popen(
            [JOURNALD], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        wait_for(lambda: os.path.exists('/run/systemd/journal/socket'), 10.0,
                 'journald is up')

    def do_delivered(self, number):
        """So many messages have been received."""
        wait_for(lambda: self.nmbd.json('messages')['received']
                 == int(number), 5.0, number + ' messages are there')

    def do_turned_away(self, number):
        """So many messages have been refused."""
        wait_for(lambda: self.nmbd.json('messages')['refused']
                 == int(number), 5.0, number + ' messages are refused')

    def do_again(self):
        """The service is told to try again."""
        self.nmbd.ask('start')
        time_is_up = time.monotonic() + 5.0
        while time.monotonic() < time_is_up:
            if 'cause' in self.nmbd.json('events 1')['events'][0]:
                break
        else:
            raise LabError('no second verdict')
        if self._journald is not None:
            # which writes what it was sent when it comes to it
            wait_for(lambda: 'Cause:' in self.command('', 'journalctl -o cat'),
                     5.0, 'the journal has it')

    def do_samba(self, *words):
        """smbd beside nmbd, with lines of smb.conf."""
        if words:
            self.do_option(*words)
        self.alpha.run(['smbpasswd', '-c', self.alpha.conf, '-s', '-a',
                        'root'], input=(PASSWORD + '\n') * 2)
        self.alpha.smbd()

        def listening():
            with self.plant.namespace.socket(
                    socket.AF_INET, socket.SOCK_STREAM) as sock:
                sock.settimeout(1.0)
                return sock.connect_ex((SERVER, 139)) == 0

        wait_for(listening, 10.0, 'smbd listens')


# --- the documents ----------------------------------------------------------

PROMPT = re.compile(r'^(?:# |(?P<host>[a-z0-9]+)\$ )(?P<text>.*)$')


class Command:
    def __init__(self, host, text, lines):
        self.host = host
        self.text = text
        self.lines = lines          # as they stand in the document
        self.expected = []


def commands_of(lines):
    """The commands of a block."""
    found = []
    for line in lines:
        match = PROMPT.match(line)
        if found and found[-1].text.endswith('\\') and not match:
            found[-1].lines.append(line)
            found[-1].text = found[-1].text[:-1] + line.strip()
        elif match:
            found.append(Command(match.group('host') or '',
                                 match.group('text'), [line]))
        elif found:
            found[-1].expected.append(line)
        else:
            raise AssertionError('a block begins without a command: ' + line)
    return found


def rough(text):
    """Without what differs from run to run."""
    for pattern, word in (
            (r'\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?', 'TIME'),
            (r'\b[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \S+ nmbd\[\d+\]', 'TIME'),
            (r'\b[A-Z][a-z]{2} +[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}', 'TIME'),
            (r'\b\d{10}(\.\d+)?\b', 'SECONDS'),
            (r'\.c:\d+\(', '.c('), (r'\bPID \d+', 'PID'),
            (r'(seconds) \d+', r'\1 N'), (r' +$', '')):
        text = re.sub(pattern, word, text, flags=re.M)
    return text


def fits(expected, printed):
    """Whether the lines are those expected."""
    pattern = '\n'.join(
        r'(?:.*\n)*?.*' if line.strip() == '...' else re.escape(rough(line))
        for line in expected)
    return re.fullmatch(pattern, rough('\n'.join(printed))) is not None


class Player:
    def __init__(self, write):
        self.write = write
        self.stage = Stage()
        self.passed = 0
        self.failed = 0
        self.skipped = 0

    def _complain(self, path, number, text):
        print('%s:%d: %s' % (path, number, text), flush=True)
        self.failed += 1

    def _direct(self, path, number, words):
        try:
            getattr(self.stage, 'do_' + words[0])(*words[1:])
        except (AssertionError, AttributeError, LabError, OSError) as error:
            self._complain(path, number, 'lab: %s: %s'
                           % (' '.join(words), error))

    def _run(self, path, number, command):
        """The lines it prints, or None."""
        try:
            printed = self.stage.command(command.host,
                                         command.text).splitlines()
        except Skip:
            self.skipped += 1
            return None
        except (AttributeError, OSError, subprocess.SubprocessError) as error:
            self._complain(path, number, '%s: %s' % (command.text, error))
            return None
        if fits(command.expected, printed):
            self.passed += 1
            return None
        if self.write and '...' not in command.expected:
            self.passed += 1
            return printed
        self._complain(path, number, '%s\n     prints\n%s'
                       % (command.text, '\n'.join(
                           '       ' + line for line in printed)))
        return None

    def _block(self, path, number, lines):
        out = []
        commands = commands_of(lines)
        for at, command in enumerate(commands):
            # a blank line between two sessions is no output
            blank = (at + 1 < len(commands) and command.expected
                     and command.expected[-1] == '')
            if blank:
                command.expected.pop()
            printed = self._run(path, number, command)
            out += command.lines + (command.expected if printed is None
                                    else printed)
            out += [''] if blank else []
        return out

    def play(self, path):
        with open(os.path.join(TOP, path), encoding='utf-8') as source:
            lines = source.read().split('\n')
        out = []
        at = 0
        while at < len(lines):
            direction = re.match(r'<!-- lab: (.*) -->$', lines[at])
            if direction:
                self._direct(path, at + 1, direction.group(1).split())
            script = re.match(r'```\w+ (/\S+)$', lines[at])
            if lines[at] != '```console' and not script:
                out.append(lines[at])
                at += 1
                continue
            end = lines.index('```', at)
            inside = lines[at + 1:end]
            if script:
                self._install(script.group(1), inside)
            else:
                inside = self._block(path, at + 1, inside)
            out += [lines[at]] + inside + ['```']
            at = end + 1
        self.stage.close()
        if self.write and out != lines:
            with open(os.path.join(TOP, path), 'w',
                      encoding='utf-8') as target:
                target.write('\n'.join(out))

    @staticmethod
    def _install(path, lines):
        """A script as the document has it."""
        with open(path, 'w', encoding='utf-8') as target:
            target.write('\n'.join(lines) + '\n')
        os.chmod(path, 0o755)


def main():
    parser = argparse.ArgumentParser(
        description='Runs the commands in the documents.')
    parser.add_argument('--write', action='store_true',
                        help='put what they print into the documents')
    parser.add_argument('files', nargs='*', metavar='FILE')
    options = parser.parse_args()
    if os.geteuid() != 0:
        print('This makes network namespaces: run it as root.')
        return 1
    files = [os.path.relpath(os.path.abspath(name), TOP)
             for name in options.files]
    if not files:
        files = ['README.md'] + sorted(
            os.path.relpath(path, TOP)
            for path in glob.glob(os.path.join(TOP, 'docs', '*.md')))
    own_mounts()
    player = Player(options.write)
    try:
        for path in files:
            player.play(path)
    finally:
        player.stage.close()
    print('docs: %d passed, %d failed' % (player.passed, player.failed)
          + (', %d skipped' % player.skipped if player.skipped else ''))
    return 1 if player.failed or not player.passed else 0


if __name__ == '__main__':
    sys.exit(main())
