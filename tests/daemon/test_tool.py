# SPDX-License-Identifier: GPL-3.0-or-later
"""smbmessenger, the administrator's tool: what it prints, and its exit
codes."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import time

from aliases import adding, running, table, wait_table
from evidence import computer
from lab import MESSENGER_SO, check, wait_for
from lab.nmbd import NMBD
from steps import HOLDER, events, holder_of, pair, wait_state

TOOL = os.path.join(os.path.dirname(MESSENGER_SO), 'smbmessenger')
COMPLETION = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))), 'conf', 'smbmessenger.completion')
COMMANDS = ('list', 'status', 'add', 'ensure', 'delete', 'start', 'stop',
            'events', 'explain', 'names', 'help')
HELD = ('added', 'registered')


def _tool(p, *args, **kwargs):
    return p.alpha.run([TOOL, '-s', p.alpha.conf] + list(args), **kwargs)


def _done(p, *args):
    """A command that works: its standard output."""
    done = _tool(p, *args)
    check.equal((done.returncode, done.stderr), (0, ''),
                'exit status and standard error of %s' % (args,))
    return done.stdout


def _fails(p, status, *args, **kwargs):
    """A command that does not: its standard error, of which each line tells
    who speaks or goes on with what it says."""
    done = _tool(p, *args, **kwargs)
    check.equal((done.returncode, done.stdout), (status, ''),
                'exit status and standard output of %s' % (args,))
    check.true(done.stderr.startswith('smbmessenger: '),
               'standard error %r' % done.stderr)
    check.true(done.stderr.endswith('\n'), 'end of %r' % done.stderr)
    return done.stderr


def _in_json(p, status, *args):
    """The same with --json: nothing on standard error, one object."""
    done = _tool(p, '--json', *args)
    check.equal((done.returncode, done.stderr), (status, ''),
                'exit status and standard error of --json %s' % (args,))
    answer = json.loads(done.stdout)
    check.equal((answer['ok'], answer['exit_status']), (False, status),
                'ok and exit_status of %s' % (args,))
    check.true(answer['message'], 'message of %s' % (args,))
    return answer


# Exit statuses

def _statuses():
    """{symbol: number}, as messenger.h has them."""
    top = os.path.dirname(os.path.dirname(COMPLETION))
    with open(os.path.join(top, 'include/public/messenger.h')) as header:
        found = re.search(r'enum exit_status \{(.*?)\};', header.read(), re.S)
    return {symbol: int(number) for symbol, number
            in re.findall(r'(EXIT_\w+) = (\d+)', found.group(1))}


def _ends(p, symbol, *args):
    for words in (args, ('--json',) + args):
        check.equal(_tool(p, *words).returncode, _statuses()[symbol],
                    'exit status of %s' % (words,))


def test_exit_statuses():
    """Each of the table, in text and in JSON."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        p.peer.refuse('BACKUP', 3)
        _ends(p, 'EXIT_NO_SERVICE', 'status')
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        _ends(p, 'EXIT_DOWN', 'status')
        _ends(p, 'EXIT_DOWN')
        _ends(p, 'EXIT_DONE', 'list')
        _ends(p, 'EXIT_REFUSED', 'start')
        nmbd.ask('stop')
        _ends(p, 'EXIT_DOWN', 'status')
        _ends(p, 'EXIT_REFUSED', 'add', 'OPERATOR')
        nmbd.stop()
        nmbd = p.nmbd({'netbios name': 'GAMMA',
                       'messenger:aliases': 'OPERATOR'})
        _ends(p, 'EXIT_DONE', 'ensure', 'OPERATOR')
        _ends(p, 'EXIT_DONE', 'status')
        _ends(p, 'EXIT_DONE')
        _ends(p, 'EXIT_REFUSED', 'add', 'BACKUP')
        # a name that was refused and is gone is no trouble of the service
        _ends(p, 'EXIT_DONE', 'status')
        p.alpha.configure({'netbios name': 'GAMMA',
                           'messenger:aliases': 'OPERATOR BACKUP'},
                          'messenger')
        nmbd.reload()
        nmbd.wait_for(lambda: nmbd.json('status')['condition'] == 'degraded',
                      3.0, 'an alias is refused')
        _ends(p, 'EXIT_REFUSED', 'status')
        _ends(p, 'EXIT_REFUSED')
        _ends(p, 'EXIT_DONE', 'explain')
        _ends(p, 'EXIT_USAGE', 'nonsense')
        _ends(p, 'EXIT_USAGE', 'add')


def test_no_command():
    """Status and list."""
    with pair() as p:
        nmbd = running(p)
        check.equal(_done(p), nmbd.ask(), 'standard output')
        check.equal(json.loads(_done(p, '--json')), nmbd.json('status'),
                    'in JSON')


# Questions

def test_list():
    """A table that a person reads: aligned, the computer first, holders
    shown."""
    with pair() as p:
        p.peer.refuse('BACKUP', 3)
        nmbd = running(p, {'messenger:aliases': 'AA BACKUP FIFTEEN-LETTERS'})
        wait_table(nmbd, {'AA': HELD, 'BACKUP': ('added', 'refused'),
                          'FIFTEEN-LETTERS': HELD})
        out = _done(p, 'list')
        lines = [line for line in out.splitlines() if line.strip()]
        heads = [at for at, line in enumerate(lines)
                 if re.match(r'NAME +KIND +STATE +', line)]
        check.equal(len(heads), 1, 'head lines in %r' % out)
        head, rows = lines[heads[0]], lines[heads[0] + 1:]
        check.equal([row.split()[0] for row in rows][0], 'ALPHA',
                    'the first row')
        check.equal(sorted(row.split()[0] for row in rows[1:]),
                    ['AA', 'BACKUP', 'FIFTEEN-LETTERS'], 'the other rows')
        for title, words in (('KIND', ('computer', 'configured')),
                             ('STATE', ('registered', 'refused')),
                             ('SUBNETS', ('10.88.0.2',))):
            at = head.index(title)
            for row in rows:
                check.true(row[at:].startswith(words), '%s in %r'
                           % (title, row))
                check.equal(row[at - 1], ' ', 'before %s in %r'
                            % (title, row))
        (refused,) = [row for row in rows if row.startswith('BACKUP')]
        check.contains(refused, HOLDER, 'the row of the refused one')
        for line in out.splitlines():
            check.true(len(line) <= 80, 'line of %d columns: %r'
                       % (len(line), line))
        check.equal(out, nmbd.ask('list'), 'the answer of smbcontrol')


def test_questions_in_json():
    with pair() as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        check.equal(json.loads(_done(p, '--json', 'list')),
                    nmbd.json('list'), 'list')
        check.equal(json.loads(_done(p, 'status', '--json')),
                    nmbd.json('status'), 'status')
        check.equal(json.loads(_done(p, '--json', 'events')),
                    nmbd.json('events'), 'events')
        check.equal(_done(p, 'status'), nmbd.ask('status'), 'status as text')


def test_events():
    with pair() as p:
        held = {'N%d' % at: HELD for at in range(8)}
        nmbd = running(p, {'messenger:aliases': ' '.join(held)})
        for _ in range(2):
            wait_table(nmbd, held)
            nmbd.ask('stop')
            nmbd.ask('start')
        wait_table(nmbd, held)
        check.true(len(events(nmbd)) > 40, 'there are many events')

        def number(*args):
            return len(json.loads(_done(p, '--json', 'events',
                                        *args))['events'])

        check.equal([number(), number('-n', '3'), number('--number=30')],
                    [20, 3, 30], 'numbers of events')
        check.equal(json.loads(_done(p, '--json', 'events', '-n3'))['events'],
                    events(nmbd)[-3:], 'the last three')
        nmbd.ask('stop')
        check.contains(_done(p, 'events', '-n', '1'), 'stopped state',
                       'the last one as text')


# Orders

@check.alone
def test_add_several():
    """Both registered in about 0.75 s: they do not wait for one another."""
    with pair() as p:
        nmbd = running(p)
        started = time.monotonic()
        out = _done(p, 'add', 'OPERATOR', 'helpdesk', 'Front Desk')
        check.between(time.monotonic() - started, 0.70, 1.4,
                      'seconds for three names')
        check.equal(sorted(out.splitlines()),
                    ['Front Desk: added', 'OPERATOR: added',
                     'helpdesk: added'], 'standard output')
        wait_table(nmbd, {'OPERATOR': HELD, 'HELPDESK': HELD,
                          'FRONT DESK': HELD})
        text = p.bravo.nmblookup('-B', p.alpha.broadcast, 'OPERATOR#03')
        check.contains(text, '10.88.0.2 OPERATOR<03>', 'nmblookup')
        text = p.bravo.nmblookup('-A', '10.88.0.2')
        check.contains(text, 'HELPDESK        <03>', 'nmblookup -A')
        out = _done(p, 'delete', 'OPERATOR', 'HELPDESK', 'Front Desk')
        check.equal(sorted(out.splitlines()),
                    ['Front Desk: deleted', 'HELPDESK: deleted',
                     'OPERATOR: deleted'], 'standard output')
        check.equal(list(table(nmbd)), ['ALPHA'], 'aliases')


def test_refused():
    """Exit code 1; number, name, text and holder on standard error."""
    with pair() as p:
        p.peer.refuse('OPERATOR', 3)
        nmbd = running(p)
        text = _fails(p, 1, 'add', 'OPERATOR')
        for part in ('OPERATOR', '2297', 'NERR_DuplicateName',
                     'in use on the network', HOLDER):
            check.contains(text, part, 'standard error')
        check.equal(text.count('\n'), 1, 'lines of %r' % text)
        # one of several: the others are done, and all are told of
        done = _tool(p, 'add', 'HELPDESK', 'OPERATOR', 'FRONTDESK')
        check.equal(done.returncode, 1, 'exit status')
        check.equal(sorted(done.stdout.splitlines()),
                    ['FRONTDESK: added', 'HELPDESK: added'],
                    'standard output')
        check.equal((done.stderr.count('\n'), '2297' in done.stderr),
                    (1, True), 'standard error %r' % done.stderr)
        wait_table(nmbd, {'HELPDESK': HELD, 'FRONTDESK': HELD})


def test_codes():
    with pair() as p:
        nmbd = running(p, {'messenger:max aliases': '1'})
        for code, name, args in (
                (2276, 'NERR_AlreadyExists', ('add', 'ALPHA')),
                (2277, 'NERR_TooManyNames', ('add', 'ONE', 'TWO', 'THREE')),
                (2278, 'NERR_DelComputerName', ('delete', 'ALPHA')),
                (2285, 'NERR_NotLocalName', ('delete', 'NOBODY')),
                (87, 'ERROR_INVALID_PARAMETER', ('add', 'SIXTEEN-LETTERS-')),
                (123, 'ERROR_INVALID_NAME', ('add', 'A*B')),
                (123, 'ERROR_INVALID_NAME', ('delete', 'A/B'))):
            done = _tool(p, *args)
            check.equal(done.returncode, 1, 'exit status of %s' % (args,))
            check.contains(done.stderr, 'error %d (%s): ' % (code, name),
                           'standard error of %s' % (args,))
        check.true(_done(p, 'stop').strip(), 'something is printed')
        wait_state(nmbd, 'stopped')
        for args in (('add', 'ONE'), ('delete', 'ONE')):
            check.contains(_fails(p, 1, *args),
                           'error 2284 (NERR_MsgNotStarted): ',
                           'standard error of %s' % (args,))
        check.true(_done(p, 'start').strip(), 'something is printed')
        check.equal(nmbd.json('status')['service']['state'], 'running',
                    'state after start')
        nmbd.ask('stop')
        p.peer.refuse('ALPHA', 3)
        text = _fails(p, 1, 'start')
        check.contains(text, '2270', 'standard error of start')
        check.contains(text, HOLDER, 'standard error of start')


def test_orders_in_json():
    """One object per name, as nmbd gave it; the exit codes are the same."""
    with pair() as p:
        p.peer.refuse('OPERATOR', 3)
        running(p)
        done = _tool(p, '--json', 'add', 'OPERATOR', 'HELPDESK')
        check.equal((done.returncode, done.stderr), (1, ''),
                    'exit status and standard error')
        answers = {answer['name']: answer for answer in
                   map(json.loads, done.stdout.splitlines())}
        check.equal({name: (answer['ok'], answer['code'],
                            holder_of(answer))
                     for name, answer in answers.items()},
                    {'OPERATOR': (False, 2297, HOLDER),
                     'HELPDESK': (True, 0, None)}, 'answers')
        answer = json.loads(_done(p, '--json', 'delete', 'HELPDESK'))
        check.equal((answer['ok'], answer['name']), (True, 'HELPDESK'),
                    'answer')


def test_refused_by_a_computer():
    """Who holds it is asked, and named in the answer."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('OPERATOR', 3)
        nmbd = running(p)
        said = 'It is held by %s, the computer PLANT1.\n' % HOLDER
        check.contains(_fails(p, 1, 'add', 'OPERATOR'), said,
                       'standard error')
        answer = json.loads(_tool(p, '--json', 'ensure', 'OPERATOR').stdout)
        check.equal({key: answer['holder'].get(key)
                     for key in ('address', 'computer', 'group')},
                    {'address': HOLDER, 'computer': 'PLANT1', 'group': 'LAB'},
                    'holder')
        check.contains(answer['holder']['names'], 'OPERATOR<03>', 'names')
        check.contains(nmbd.ask('add OPERATOR'), said, 'smbcontrol')
        p.peer.refuse('ALPHA', 3)
        nmbd.ask('stop')
        check.contains(_fails(p, 1, 'start'), said, 'start')
        text = _fails(p, 1, 'add', 'HELPDESK')
        check.contains(text, 'error 2284 ', 'add while failed')
        check.contains(text, 'error 2270: ALPHA is held by %s, the computer '
                       'PLANT1.\n' % HOLDER, 'add while failed')


@check.alone
def test_refused_by_a_silent_holder():
    """The answer does not wait for one that says nothing for long."""
    with pair() as p:
        p.peer.refuse('OPERATOR', 3)
        p.peer.silent('*', 0)
        running(p)
        started = time.monotonic()
        text = _fails(p, 1, 'add', 'OPERATOR')
        check.between(time.monotonic() - started, 0.0, 2.5, 'seconds')
        check.contains(text, 'It is held by %s.\n' % HOLDER, 'standard error')


# What is so already

def test_if_missing():
    with pair() as p:
        p.peer.refuse('BACKUP', 3)
        nmbd = running(p, {'messenger:aliases': 'PRINT'})
        wait_table(nmbd, {'PRINT': HELD})
        for name, said in (('OPERATOR', 'added'),
                           ('operator', 'is there already'),
                           ('PRINT', 'is there already'),
                           ('ALPHA', 'is there already')):
            check.equal(_done(p, 'add', '--if-missing', name),
                        '%s: %s\n' % (name, said), 'standard output')
        answers = [json.loads(_done(p, '--json', 'add', '--if-missing', name))
                   for name in ('OPERATOR', 'HELPDESK')]
        check.equal([(answer['ok'], answer['code'], answer['changed'])
                     for answer in answers],
                    [(True, 2276, False), (True, 0, True)], 'in JSON')
        check.contains(_fails(p, 1, 'add', '--if-missing', 'BACKUP'), '2297',
                       'one that another has')
        check.contains(_fails(p, 1, 'add', 'OPERATOR'), '2276',
                       'without --if-missing')
        check.equal(len(p.capture.registrations('OPERATOR', 3)), 3,
                    'requests')


def test_if_present():
    with pair() as p:
        running(p)
        _done(p, 'add', 'OPERATOR')
        for said in ('deleted', 'is not there'):
            check.equal(_done(p, 'delete', '--if-present', 'OPERATOR'),
                        'OPERATOR: %s\n' % said, 'standard output')
        answer = json.loads(_done(p, '--json', 'delete', '--if-present', 'X'))
        check.equal((answer['ok'], answer['changed']), (True, False),
                    'in JSON')
        check.contains(_fails(p, 1, 'delete', 'X'), '2285',
                       'without --if-present')
        check.contains(_fails(p, 1, 'delete', '--if-present', 'ALPHA'),
                       '2278', 'the computer name')


def test_ensure():
    """When it says so, the alias is registered."""
    with pair() as p:
        rule = p.peer.refuse('PRINT', 3)
        nmbd = running(p, {'messenger:aliases': 'PRINT'})
        wait_table(nmbd, {'PRINT': ('added', 'refused')})
        check.contains(_fails(p, 1, 'ensure', 'PRINT'), HOLDER, 'refused')
        p.peer.forget(rule)
        check.equal(_done(p, 'ensure', 'PRINT'), 'PRINT: added\n',
                    'it is tried again')
        wait_table(nmbd, {'PRINT': HELD})
        for said in ('added', 'is already registered'):
            check.equal(_done(p, 'ensure', 'OPERATOR'),
                        'OPERATOR: %s\n' % said, 'standard output')
        answer = json.loads(_done(p, '--json', 'ensure', 'OPERATOR'))
        check.equal((answer['ok'], answer['changed']), (True, False),
                    'in JSON')


def test_ensure_waits_for_another_one():
    """An add is under way: ensure has the same outcome, at the same time."""
    with pair() as p:
        nmbd = running(p)
        add = adding(p, nmbd)
        check.equal(_done(p, 'ensure', 'OPERATOR'), 'OPERATOR: registered\n',
                    'standard output')
        check.equal(table(nmbd)['OPERATOR'], HELD, 'the alias')
        check.equal(add.answer()['ok'], True, 'the add')
        check.equal(len(p.capture.registrations('OPERATOR', 3)), 3,
                    'requests')


def test_start_and_stop_again():
    with pair() as p:
        nmbd = running(p)
        for command, word in (('start', 'is running already'),
                              ('stop', 'stopped'),
                              ('stop', 'is stopped already'),
                              ('start', 'running')):
            check.equal(_done(p, command), 'Messenger service: %s\n' % word,
                        'standard output of ' + command)
        answer = json.loads(_done(p, '--json', 'start'))
        check.equal((answer['ok'], answer['code'], answer['changed']),
                    (True, 2271, False), 'in JSON')
        # Windows' numbers for who asks for them
        check.contains(nmbd.ask('start'), '2271', 'smbcontrol')
        nmbd.ask('stop')
        check.contains(nmbd.ask('stop'), '2284', 'smbcontrol')


def test_right_after_a_start():
    """What is asked at once waits for the service; nothing is asked twice."""
    with pair() as p:
        nmbd = p.nmbd()
        check.equal(_done(p, 'add', 'OPERATOR', 'HELPDESK').splitlines(),
                    ['OPERATOR: added', 'HELPDESK: added'], 'add')
        for command, said in ((('add', 'X'), 'X: added'),
                              (('start',), 'Messenger service: running'),
                              (('ensure', 'OPERATOR'),
                               'OPERATOR: registered'),
                              (('delete', 'OPERATOR'), 'OPERATOR: deleted')):
            nmbd.stop()
            nmbd = p.nmbd()
            check.equal(_done(p, *command), said + '\n', 'standard output')


def test_right_after_a_start_that_fails():
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('ALPHA', 3)
        p.nmbd()
        text = _fails(p, 1, 'add', 'OPERATOR')
        check.contains(text, 'error 2284 ', 'add')
        check.contains(text, 'ALPHA is held by ' + HOLDER, 'add')
        check.none(p.capture.registrations('OPERATOR', 3), 'requests')


def test_very_early():
    """nmbd has its pid file, and no ear for messages yet."""
    with pair() as p:
        for _ in range(3):
            nmbd = p.nmbd(wait_up=False)
            wait_for(lambda: os.path.exists(p.alpha.path('pid', 'nmbd.pid')),
                     5.0, 'the pid file', interval=0.001)
            check.equal(_done(p, 'ensure', 'OPERATOR').split(': ')[0],
                        'OPERATOR', 'standard output')
            nmbd.stop()


# Names

def test_types():
    """A name may be written with its type; there is only one for aliases."""
    with pair() as p:
        nmbd = running(p)
        check.equal(_done(p, 'add', 'OPERATOR#03', 'Night Shift<03>'),
                    'OPERATOR: added\nNight Shift: added\n',
                    'standard output')
        wait_table(nmbd, {'OPERATOR': HELD, 'NIGHT SHIFT': HELD})
        check.equal(_done(p, 'ensure', 'operator<03>'),
                    'operator: is already registered\n', 'ensure')
        for command in ('add', 'delete', 'ensure'):
            text = _fails(p, 1, command, 'OPERATOR#20')
            check.equal(text, 'smbmessenger: OPERATOR#20: error 123 '
                        '(ERROR_INVALID_NAME): A message alias has the type '
                        '03, and 20 is another one. What is called '
                        'OPERATOR#20 is written OPERATOR#20<03>.\n', command)
        check.equal(_done(p, 'add', 'ROOM#12<03>', 'GATE#3'),
                    'ROOM#12: added\nGATE#3: added\n', 'with a #')
        check.equal(_done(p, 'delete', 'OPERATOR<03>'), 'OPERATOR: deleted\n',
                    'delete')


def test_names_that_cannot_be():
    """Sentences, not the protocol."""
    with pair() as p:
        running(p)
        for name, shown, code in (('', '""', 123), (' ', ' ', 123),
                                  ('a\tb', 'a?b', 123), ('a*b', 'a*b', 123),
                                  ('x' * 16, 'x' * 16, 87),
                                  ('x' * 300, 'x' * 300, 87)):
            for command in ('add', 'delete', 'ensure'):
                text = _fails(p, 1, command, name)
                check.true(text.startswith('smbmessenger: %s: error %d ('
                                           % (shown, code)),
                           'standard error %r' % text)
                check.lacks(text, 'known are', 'standard error')
                done = _tool(p, '--json', command, name)
                answer = json.loads(done.stdout)
                check.equal((done.returncode, answer['ok'], answer['name'],
                             answer['code']), (1, False, name, code),
                            'in JSON')
        check.equal(_done(p, 'add', 'OP', 'OP', 'op'), 'OP: added\n',
                    'a name that is given twice')


# On a terminal

def _on_terminal(p, columns, *args):
    """(exit status, lines) of the tool on a terminal of so many columns."""
    reader, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ,
                struct.pack('HHHH', 24, columns, 0, 0))
    process = p.alpha.popen([TOOL, '-s', p.alpha.conf] + list(args),
                            stdout=terminal, stderr=terminal)
    os.close(terminal)
    said = b''
    try:
        while True:
            some = os.read(reader, 4096)
            if not some:
                break
            said += some
    except OSError:
        pass  # its end
    os.close(reader)
    return process.wait(10), said.decode().replace('\r\n', '\n').splitlines()


def test_terminal():
    """Lines that are too long are folded at blanks, in a table below its last
    column; what fits stays as it is."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('BACKUP', 3)
        nmbd = running(p, {'messenger:aliases': 'BACKUP'})
        wait_table(nmbd, {'BACKUP': ('added', 'refused')})
        piped = _fails(p, 1, 'add', 'BACKUP')
        check.equal(piped.count('\n'), 1, 'lines in a pipe')
        for columns in (80, 50):
            status, lines = _on_terminal(p, columns, 'add', 'BACKUP')
            check.equal(status, 1, 'exit status')
            check.true(len(lines) > 1, 'lines %s' % lines)
            check.equal(' '.join(line.strip() for line in lines),
                        piped.rstrip('\n'), 'text')
            for line in lines:
                check.true(len(line) <= columns, 'a line %r' % line)
        status, lines = _on_terminal(p, 200, 'list')
        check.equal('\n'.join(lines) + '\n', _done(p, 'list'), 'list')
        status, lines = _on_terminal(p, 60, 'list')
        at = lines[2].index('SUBNETS')
        (row,) = [at for at, line in enumerate(lines)
                  if line.startswith('BACKUP')]
        check.true(lines[row + 1].startswith(' ' * at),
                   'what goes on in %r' % lines)
        check.equal(_on_terminal(p, 80, '--json', 'list')[1][0][:12],
                    '{"aliases":[', 'JSON')


def test_odd_names():
    """As the shell gives them; one that looks like an option goes behind
    "--"."""
    with pair() as p:
        nmbd = running(p)
        names = ['-dash', "o'neill", 'j\u00f6rg', '$HOME', 'a b']
        done = _tool(p, 'add', '--', *names)
        check.equal((done.returncode, done.stderr), (0, ''),
                    'exit status and standard error')
        wait_table(nmbd, {name.upper(): HELD for name in names})
        for name in ('', ' ', 'x' * 300, 'a\nb', 'a\tb', '\x1b[31m',
                     'add NAME'):
            done = _tool(p, 'add', '--', name)
            check.true(done.returncode in (1, 2) or name == 'add NAME',
                       'exit status for %r: %d' % (name, done.returncode))
            check.lacks(done.stdout + done.stderr, '\x1b', 'output')
        _done(p, 'list')


# Wrong usage

def test_usage():
    """Exit code 2, one line on standard error, and nothing is asked of
    nmbd."""
    with pair() as p:
        nmbd = running(p)
        for args in (('unknown',), ('add',), ('delete',), ('list', 'X'),
                     ('status', 'X'), ('start', 'X'), ('stop', 'X'),
                     ('events', 'X'), ('list', '-n', '3'),
                     ('events', '-n', '257'), ('events', '-n', '-1'),
                     ('events', '-n', '0'), ('events', '-n', 'many'),
                     ('-t', '0', 'list'), ('-t', '-1', 'list'),
                     ('-t', 'soon', 'list'), ('--nonsense', 'list'),
                     ('list', '-x'), ('LIST',), ('',), ('ensure',),
                     ('list', '--follow'), ('list', '--if-missing'),
                     ('ensure', '-n1', 'X'),
                     ('add', '--if-present', 'X'), ('-s', '/etc', 'list'),
                     ('delete', '--if-missing', 'X')):
            text = _fails(p, 2, *args)
            check.equal(text.count('\n'), 1, 'lines of %r' % text)
            _in_json(p, 2, *args)
        check.equal(list(table(nmbd)), ['ALPHA'], 'aliases')


def test_help():
    with pair() as p:
        for args in (('--help',), ('-h',), ('help',), ('--help', 'list')):
            done = p.alpha.run([TOOL] + list(args))
            check.equal((done.returncode, done.stderr), (0, ''),
                        'exit status and standard error')
            for word in COMMANDS + ('--json', '--timeout', '--configfile',
                                    '-n', 'NAME', 'Exit status'):
                check.contains(done.stdout, word, 'help')
            for line in done.stdout.splitlines():
                check.true(len(line) <= 80, 'line of %d columns: %r'
                           % (len(line), line))
        done = p.alpha.run([TOOL, '--version'])
        check.equal((done.returncode, done.stderr), (0, ''),
                    'exit status and standard error')
        check.true(re.match(r'smbmessenger \d+\.\d+', done.stdout),
                   'version %r' % done.stdout)


# Nobody to ask

def test_nobody_to_ask():
    """Exit code 3, and for each reason a line of its own that says what to
    do."""
    said = {}
    with pair() as p:
        said['down'] = _fails(p, 3, 'list')
        check.contains(said['down'], 'nmbd is not running', 'nmbd down')
        nmbd = p.nmbd(modules=None)
        started = time.monotonic()
        said['module'] = _fails(p, 3, 'list')
        check.between(time.monotonic() - started, 0.0, 3.0,
                      'seconds to see that there is no module')
        check.contains(said['module'], 'set "nmbd:modules', 'no module')
        check.contains(_in_json(p, 3, 'status')['message'], 'nmbd:modules',
                       'in JSON')
        _fails(p, 3, 'add', 'OPERATOR')
        nmbd.kill()
        # its pid file is still there
        check.equal(_fails(p, 3, 'list'), said['down'], 'nmbd killed')
        nmbd = running(p)
        os.kill(nmbd.pid, signal.SIGSTOP)
        try:
            started = time.monotonic()
            said['time'] = _fails(p, 3, '-t', '1', 'list')
            check.between(time.monotonic() - started, 0.9, 3.0,
                          'seconds with -t 1')
        finally:
            os.kill(nmbd.pid, signal.SIGCONT)
        check.contains(said['time'], '-t', 'time-out')
        said['root'] = _nobody(p, 'list')
        check.contains(said['root'], 'root', 'not root')
        said['conf'] = p.alpha.run([TOOL, '-s', p.alpha.path('missing.conf'),
                                    'list'])
        check.equal(said['conf'].returncode, 3, 'exit status')
        said['conf'] = said['conf'].stderr
        check.contains(said['conf'], 'smb.conf', 'no smb.conf')
        check.equal(len(set(said.values())), len(said),
                    'different lines %s' % said)
        # and after all that it works
        _done(p, 'list')


def test_no_module():
    """What is wrong, as far as this machine shows it."""
    with pair() as p:
        nmbd = p.nmbd({'nmbd:modules': 'mesenger'}, modules=None,
                      preload=True)
        text = _fails(p, 3, 'list')
        check.contains(text, 'no "messenger" but "mesenger"', 'misspelt')
        check.contains(text, 'log.nmbd', 'misspelt')
        nmbd.stop()
        nmbd = p.nmbd(preload=False)
        check.contains(_fails(p, 3, 'list'), 'LD_PRELOAD', 'not preloaded')
        nmbd.stop()
        nmbd = p.nmbd(modules='observer')
        p.alpha.configure({}, 'messenger')
        text = _fails(p, 3, 'list')
        check.contains(text, 'changed since its start', 'not restarted')


def test_no_interface():
    """nmbd waits for one before it listens to anybody."""
    with pair() as p:
        p.alpha.namespace.ip('addr flush dev eth0')
        p.nmbd({'interfaces': None, 'bind interfaces only': None},
               wait_up=False)
        wait_for(lambda: 'waits for a network interface' in _tool(
            p, '-t', '1', 'list').stderr, 8.0, 'what nmbd waits for')
        answer = _in_json(p, 3, '-t', '1', 'add', 'OPERATOR')
        check.contains(answer['message'], 'waits for a network interface',
                       'in JSON')
        p.alpha.namespace.ip('addr add 10.88.0.2/24 brd + dev eth0')


def _nobody(p, *args):
    done = p.alpha.run(['setpriv', '--reuid', '65534', '--regid', '65534',
                        '--clear-groups', '--', TOOL, '-s', p.alpha.conf]
                       + list(args))
    check.equal(done.returncode, 3, 'exit status of nobody\'s %s' % (args,))
    if '--json' in args:
        check.equal(done.stderr, '', 'standard error of %s' % (args,))
        answer = json.loads(done.stdout)
        check.equal((answer['ok'], answer['exit_status']), (False, 3),
                    'answer to %s' % (args,))
        return answer['message']
    check.equal(done.stdout, '', 'standard output of %s' % (args,))
    return done.stderr


def test_not_permitted():
    with pair() as p:
        nmbd = running(p)
        for args in (('add', 'OPERATOR'), ('delete', 'OPERATOR'), ('stop',),
                     ('status', '--json')):
            check.contains(_nobody(p, *args), 'not permitted', 'output')
        check.equal(table(nmbd), {'ALPHA': ('computer', 'registered')},
                    'aliases')
        # wrong usage is wrong usage, and help is for all
        done = p.alpha.run(['setpriv', '--reuid', '65534', '--', TOOL,
                            '--help'])
        check.equal(done.returncode, 0, 'exit status of --help')


def test_waits_no_longer_than_told():
    """An answer that needs longer than -t is no answer."""
    with pair() as p:
        nmbd = p.nmbd({'messenger:rfc timing': 'no'})
        wait_state(nmbd, 'running', 8.0)
        # four seconds of nmbd's own timing
        started = time.monotonic()
        text = _fails(p, 3, '-t', '1', 'add', 'OPERATOR')
        check.between(time.monotonic() - started, 0.9, 3.0, 'seconds')
        check.contains(text, 'in time', 'standard error')
        wait_table(nmbd, {'OPERATOR': HELD}, 8.0)


def test_nmbd_ends_meanwhile():
    """It answers no more, which is said when it is so, and not as if nmbd
    went on with it."""
    with pair() as p:
        for words in ((), ('--json',)):
            nmbd = p.nmbd({'messenger:rfc timing': 'no'})
            wait_state(nmbd, 'running', 8.0)
            asking = p.alpha.popen(
                [TOOL, '-s', p.alpha.conf, *words, 'add', 'OPERATOR'],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            wait_table(nmbd, {'OPERATOR': ('added', 'registering')})
            began = time.monotonic()
            nmbd.kill()
            out, errors = (text.decode() for text in asking.communicate())
            check.between(time.monotonic() - began, 0.0, 3.0, 'seconds')
            check.equal(asking.returncode, 3, 'exit status')
            check.contains(out + errors, 'has ended before it answered',
                           'said')
            check.equal(out == '', not words, 'standard output')


def test_output_that_cannot_be_written():
    with pair() as p:
        running(p)
        with open('/dev/full', 'w') as full:
            process = p.alpha.popen([TOOL, '-s', p.alpha.conf, 'list'],
                                    stdout=full, stderr=subprocess.PIPE)
            errors = process.communicate(timeout=10)[1].decode()
        check.equal(process.returncode, 1, 'exit status')
        check.contains(errors, 'standard output', 'standard error')


def test_leaves_nothing_behind():
    """No socket, no lock, no file of its own in Samba's folders."""
    def files(p):
        # nmbd writes browse.dat when it thinks it is time to
        return sorted(os.path.join(folder, name) for folder, _, names
                      in os.walk(p.alpha.directory) for name in names
                      if not name.startswith('browse.dat'))

    with pair() as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        before = files(p)
        check.true([path for path in before
                    if path.endswith('/%d' % nmbd.pid)],
                   'nmbd itself has message sockets in %s' % before)
        _done(p, 'add', 'HELPDESK')
        _done(p, 'list')
        _fails(p, 1, 'delete', 'NOBODY')
        check.equal(files(p), before, 'files')


def test_needs_only_what_samba_brings():
    """Every library it is linked with is one that nmbd has mapped, too."""
    with pair() as p:
        nmbd = running(p)
        mapped = {os.path.basename(path) for path in nmbd.maps()}
        done = p.alpha.run(['ldd', TOOL])
        linked = set(re.findall(r'^\s*(\S+) => ', done.stdout, re.M))
        check.true(len(linked) > 3, 'libraries in %r' % done.stdout)
        missing = {name for name in linked if 'san.so' not in name
                   and not any(name == other or other.startswith(name + '.')
                               or other.startswith(name.split('.so')[0]
                                                   + '-')
                               for other in mapped)}
        check.equal(missing, set(), 'libraries that ' + NMBD
                    + ' does not have')


# Completion

def _completions(p, *words):
    """What bash offers for the last of these words."""
    script = ('. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
              '_smbmessenger; printf "%s\\n" "${COMPREPLY[@]}"')
    wrapper = p.alpha.path('bin')
    os.makedirs(wrapper, exist_ok=True)
    program = os.path.join(wrapper, 'smbmessenger')
    with open(program, 'w') as target:
        target.write('#!/bin/sh\nexec %s -s %s "$@"\n'
                     % (TOOL, p.alpha.conf))
    os.chmod(program, 0o755)
    done = p.alpha.run(['bash', '-c', script, COMPLETION, 'smbmessenger']
                       + list(words),
                       env={'PATH': wrapper + ':/usr/sbin:/usr/bin:/bin'})
    check.equal((done.returncode, done.stderr), (0, ''), 'bash')
    return sorted(filter(None, done.stdout.split('\n')))


def test_completion():
    with pair() as p:
        nmbd = running(p)
        for name in ('OPERATOR', 'OPENING', 'HELPDESK', 'NIGHT SHIFT'):
            nmbd.ask('add ' + name)
        check.equal(set(COMMANDS) - set(_completions(p, '')), set(),
                    'commands that are not offered')
        check.equal(_completions(p, 'sta'), ['start', 'status'], 'for sta')
        check.equal(_completions(p, '--js'), ['--json'], 'for --js')
        check.equal(_completions(p, 'delete', ''),
                    ['HELPDESK', 'NIGHT\\ SHIFT', 'OPENING', 'OPERATOR'],
                    'for delete')
        for begun in ('ni', 'night\\ ', 'NIGHT\\ S'):
            check.equal(_completions(p, 'delete', begun), ['NIGHT\\ SHIFT'],
                        'for delete ' + begun)
        check.equal(_completions(p, 'delete', '"night s'), ['NIGHT SHIFT'],
                    'in quotes')
        check.equal(_completions(p, 'add', '--if'), ['--if-missing'],
                    'for add --if')
        check.equal(_completions(p, 'delete', '--if'), ['--if-present'],
                    'for delete --if')
        check.equal(_completions(p, '--json', 'delete', 'op'),
                    ['OPENING', 'OPERATOR'], 'for delete op')
        check.equal(_completions(p, 'add', ''), [], 'for add')
        nmbd.stop()
        check.equal(_completions(p, 'delete', ''), [], 'without nmbd')
