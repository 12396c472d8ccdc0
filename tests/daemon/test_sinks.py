# SPDX-License-Identifier: GPL-3.0-or-later
"""Where events go: log.nmbd with a class of its own, the JSON log with holders
in it, on disks that are full and in places that are none."""

import json
import os
import shutil
import socket

from aliases import running
from evidence import (ALIAS, DUPLICATE, TREE, burst, completed, computer,
                      json_lines, take_names)
from lab import check, mounts, wait_for
from lab.nmbd import base_environment
from steps import (HOLDER, TERMINATED, check_failed, check_running, events,
                   pair, wait_state)

LOGROTATE = os.path.join(TREE, 'conf', 'messenger.logrotate')
STARTED = 'The Messenger service entered the running state.'


def _cycle(nmbd, times=1):
    """Some events: stop and start."""
    for _ in range(times):
        nmbd.ask('stop')
        nmbd.ask('start')


def _errors(nmbd, part):
    return [entry for entry in nmbd.log_entries(part) if entry.level == 0]


# The log

def test_class_raises_only_ours():
    """log level = 0 messenger:1 shows what the module does, and of nmbd no
    more than before."""
    with pair() as p:
        nmbd = running(p, {'log level': '0 messenger:1'})
        nmbd.ask('add OPERATOR')
        _cycle(nmbd)
        for text in (STARTED, 'OPERATOR was added', 'stopped state'):
            check.equal(nmbd.wait_log(text).level, 1, 'level of ' + text)
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0), 6.0,
                      'nmbd has its names')
        nmbd.smbcontrol('ping')  # nmbd logs each at level 1
        check.none([entry.text for entry in nmbd.log_entries()
                    if entry.level > 0
                    and not entry.function.startswith('sink_')],
                   'entries above level 0 that are not of an event')


def test_class_quiets_only_ours():
    with pair() as p:
        p.peer.refuse('OPERATOR', 3)
        nmbd = p.nmbd({'log level': '1 messenger:0'})
        wait_state(nmbd, 'running')
        nmbd.ask('add OPERATOR')
        completed(nmbd, 'alias-refused', 'OPERATOR')
        _cycle(nmbd)
        nmbd.smbcontrol('ping')
        nmbd.wait_log('PING')
        check.none(nmbd.log_entries('Messenger service'), 'information')
        check.none(nmbd.log_entries('OPERATOR could not be added'),
                   'warnings')
        # errors have level 0
        p.peer.refuse('ALPHA', 3)
        _cycle(nmbd)
        check.equal(nmbd.wait_log(TERMINATED).level, 0, 'level')


def test_class_is_known():
    """smbcontrol shows it and sets it while nmbd runs."""
    with pair() as p:
        nmbd = p.nmbd({'log level': '0'})
        wait_state(nmbd, 'running')
        check.contains(nmbd.smbcontrol('debuglevel'), 'messenger:0',
                       'debuglevel')
        _cycle(nmbd)
        check.none(nmbd.log_entries(STARTED), 'information')
        nmbd.smbcontrol('debug', '0 messenger:3')
        nmbd.wait_for(lambda: 'messenger:3' in nmbd.smbcontrol('debuglevel'),
                      2.0, 'the level is set')
        _cycle(nmbd)
        nmbd.wait_log(STARTED)
        check.none(nmbd.log_entries('nknown class'), 'complaints')


# The JSON log

def test_json_log_completed():
    """One line at once, and one more with the same number when the holder is
    known: both are the event as "events" has it then."""
    with pair() as p:
        path = p.alpha.path('events.json')
        computer(p.peer, 'ALPHA')
        p.peer.hold('ALPHA', 3)
        nmbd = p.nmbd({'messenger:json log': path,
                       'messenger:own names': 'no'})
        check_failed(wait_state(nmbd, 'failed'))
        event = completed(nmbd)
        lines = nmbd.wait_for(
            lambda: len(json_lines(path)) == 2 and json_lines(path), 2.0,
            'two lines')
        before = dict(event, holder={'address': HOLDER})
        before.pop('cause')
        check.equal(lines, [before, event], 'the lines')
        check.equal(event['cause'], DUPLICATE, 'cause')


def _keep_a_line(source, target):
    """The first event of a JSON log in a new file, as if it were older."""
    event = dict(json_lines(source)[0], seq=999)
    with open(target, 'w') as other:
        other.write(json.dumps(event) + '\n')
    return event


def test_json_log_removed():
    with pair() as p:
        path = p.alpha.path('events.json')
        nmbd = running(p, {'messenger:json log': path})
        os.unlink(path)
        nmbd.ask('stop')
        check.equal([line['event'] for line in json_lines(path)][-1],
                    'service-stopped', 'the last line')
        # a file in its place that is another one's, of another run
        os.rename(path, path + '.1')
        earlier = _keep_a_line(path + '.1', path)
        nmbd.ask('start')
        wait_state(nmbd, 'running')
        check.equal(json_lines(path)[0], earlier, 'the first line')
        check.equal(json_lines(path)[-1]['event'], 'service-started',
                    'the last line')
        check.none(_errors(nmbd, path), 'errors')


def test_json_log_by_sighup():
    """As logrotate's postrotate does it elsewhere: no line is lost."""
    with pair() as p:
        path = p.alpha.path('events.json')
        take_names(p.peer)
        p.peer.silent('*', 0)
        nmbd = running(p, {'messenger:json log': path})
        seen = []
        for turn in range(3):
            burst(p.alpha, 5)
            os.rename(path, path + '.%d' % turn)
            nmbd.hangup()
            wait_for(lambda: os.path.exists(path), 5.0, 'a new file')
            seen += json_lines(path + '.%d' % turn)
        burst(p.alpha, 5)
        seen += json_lines(path)
        check.equal(sorted({line['seq'] for line in seen}),
                    [event['seq'] for event in events(nmbd)], 'lines')


def test_json_log_on_a_full_disk():
    """Lines are lost, whole ones; one complaint; and it goes on when there is
    room again."""
    with pair() as p:
        take_names(p.peer)
        p.peer.silent('*', 0)
        folder = p.alpha.path('small')
        os.mkdir(folder)
        path = os.path.join(folder, 'events.json')
        copy = p.alpha.path('copy.json')
        nmbd = running(p, {'messenger:json log': path},
                       wrap=mounts.private(
                           'mount -t tmpfs -o size=16k tmpfs "$0"', folder))

        def inside(*args):
            done = p.alpha.run(mounts.inside(nmbd.pid) + list(args))
            check.equal(done.returncode, 0, '%s: %s' % (args, done.stderr))
            return done.stdout

        def lines():
            with open(copy, 'w') as target:
                target.write(inside('cat', path))
            return json_lines(copy)

        burst(p.alpha, 60)
        complaint = nmbd.wait_log('No space left')
        check.contains(complaint.text, path, 'the complaint')
        burst(p.alpha, 10)
        check.equal(len(_errors(nmbd, path)), 1, 'complaints')
        check.equal(len(nmbd.log_entries('TAKEN0000 could not be added')), 2,
                    'log entries')
        kept = lines()
        check.equal([line['seq'] for line in kept],
                    list(range(1, len(kept) + 1)), 'numbers')
        check.true(len(kept) > 20, '%d lines are kept' % len(kept))
        check.none(_errors(nmbd, 'works again'), 'good news')
        # room again: by truncation, as "copytruncate" does it
        inside('sh', '-c', ': >"$0"', path)
        last = events(nmbd)[-1]['seq']
        burst(p.alpha, 3)
        nmbd.wait_log('works again')
        check.equal([line['alias'] for line in lines()
                     if line['seq'] > last and 'cause' not in line],
                    ['TAKEN%04d' % at for at in range(3)], 'lines')
        check.equal(len(_errors(nmbd, 'works again')), 1, 'good news')
        # and the next time it is told again
        burst(p.alpha, 60)
        nmbd.wait_log('No space left', count=2)
        check.equal(len(_errors(nmbd, 'No space left')), 2, 'complaints')
        check_running(nmbd.json('status'))


def test_json_log_that_is_no_file():
    """A FIFO without a reader, one with a reader that does not read, a link,
    a folder, a socket, a device: one complaint, nothing is written, nothing
    waits."""
    with pair() as p:
        target = p.alpha.path('target')
        with open(target, 'w') as out:
            out.write('precious\n')
        path = p.alpha.path('place')
        take_names(p.peer)
        nmbd = running(p)
        reader = None

        def fifo():
            os.mkfifo(path)

        def read_fifo():
            nonlocal reader
            os.mkfifo(path)
            reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

        def unix_socket():
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
                sock.bind(path)

        for what, make in (
                ('fifo', fifo), ('fifo with a reader', read_fifo),
                ('link', lambda: os.symlink(target, path)),
                ('dangling link', lambda: os.symlink(target + '.2', path)),
                ('folder', lambda: os.mkdir(path)),
                ('socket', unix_socket),
                ('device', lambda: os.symlink('/dev/null', path))):
            make()
            before = len(nmbd.log_entries(path))
            p.alpha.configure({'messenger:json log': path}, 'messenger')
            nmbd.reload()
            nmbd.wait_log(path, count=before + 1)
            burst(p.alpha, 3)
            check.equal(len(nmbd.log_entries(path)), before + 1,
                        'complaints about a ' + what)
            check_running(nmbd.json('status'))
            if reader is not None:
                try:
                    check.equal(os.read(reader, 100), b'', 'in the FIFO')
                finally:
                    os.close(reader)
                    reader = None
            if os.path.isdir(path) and not os.path.islink(path):
                os.rmdir(path)
            else:
                os.unlink(path)
        with open(target) as source:
            check.equal(source.read(), 'precious\n', 'where the link led')
        check.true(not os.path.exists(target + '.2'), 'nothing is made there')


def test_each_fails_alone():
    """All sinks that can be switched, and none of them can be written: one
    line each, and the log and the ring have everything."""
    with pair() as p:
        p.peer.hold('ALPHA', 3)
        computer(p.peer, 'PLANT1')
        with open(p.alpha.path('state', 'eventlog'), 'w'):
            pass  # where a folder should be
        nmbd = p.nmbd({'messenger:json log': '/proc/nowhere/events.json',
                       'messenger:event log': 'System',
                       'messenger:journal': 'yes'},
                      wrap=mounts.private('mount -t tmpfs tmpfs "$0"; '
                                   'test ! -e /dev/log || '
                                   'mount --bind /dev/null /dev/log',
                                   '/run'))
        check_failed(wait_state(nmbd, 'failed'))
        check.equal(completed(nmbd)['cause'], ALIAS, 'cause')
        for _ in range(3):
            nmbd.ask('start')
        for sink in ('messenger:json log', 'messenger:event log',
                     'messenger:journal'):
            check.equal(len(_errors(nmbd, sink)), 1, 'complaints of ' + sink)
        check.equal(len(nmbd.log_entries(TERMINATED)), 4, 'log entries')
        check.equal(len(events(nmbd, 'service-failed')), 4, 'events')


def test_none_of_them():
    """Without options nothing is written beside the log."""
    with pair() as p:
        nmbd = running(p)
        _cycle(nmbd)
        check.true(not os.path.exists(p.alpha.path('state', 'eventlog')),
                   'no event log')


def test_switched_by_reload():
    """On, to another file, and off, with one nmbd."""
    with pair() as p:
        take_names(p.peer)
        nmbd = running(p)
        paths = [p.alpha.path('one.json'), p.alpha.path('two.json')]
        for path in paths:
            p.alpha.configure({'messenger:json log': path,
                               'messenger:event log': 'System'}, 'messenger')
            nmbd.reload()
            wait_for(lambda: os.path.exists(path), 3.0, path)
            burst(p.alpha)
        nmbd.ask('stop')
        tdb = p.alpha.path('state', 'eventlog', 'system.tdb')
        wait_for(lambda: os.path.exists(tdb), 3.0, tdb)
        numbers = [[line['seq'] for line in json_lines(path)]
                   for path in paths]
        check.true(numbers[0] and numbers[1]
                   and numbers[0][-1] < numbers[1][0], 'lines %s' % numbers)
        p.alpha.configure({}, 'messenger')
        nmbd.reload()
        sizes = [os.stat(path).st_size for path in paths]
        _cycle(nmbd)
        check.equal([os.stat(path).st_size for path in paths], sizes,
                    'sizes of the files after it was switched off')


# Who may read it

def test_json_log_of_the_folders_group():
    """On Debian /var/log/samba is of the group adm, whose members read
    log.nmbd there; so do they the file that is made beside it. One that was
    there before stays as it is."""
    adm = 4
    with pair() as p:
        folder = p.alpha.path('adm')
        os.mkdir(folder, 0o750)
        os.chown(folder, 0, adm)
        path = os.path.join(folder, 'messenger.json')
        nmbd = running(p, {'messenger:json log': path})

        def facts():
            found = os.stat(path)
            return oct(found.st_mode & 0o7777), found.st_uid, found.st_gid

        check.equal(facts(), ('0o640', 0, adm), 'a new file')
        os.rename(path, path + '.1')
        _cycle(nmbd)
        check.equal(facts(), ('0o640', 0, adm), 'the one after it')
        os.rename(path, path + '.2')
        _keep_a_line(path + '.2', path)
        os.chmod(path, 0o600)
        _cycle(nmbd)
        check.true(len(json_lines(path)) > 1, 'lines')
        check.equal(facts(), ('0o600', 0, 0), 'the one that was there')


# logrotate

def test_logrotate():
    if shutil.which('logrotate', path=base_environment()['PATH']) is None:
        raise check.Skip('logrotate is not installed')
    with pair() as p:
        path = p.alpha.path('messenger.json')
        os.chmod(p.alpha.directory, 0o755)
        conf = p.alpha.path('logrotate.conf')
        with open(LOGROTATE) as source, open(conf, 'w') as target:
            text = source.read()
            check.contains(text, '/var/log/samba/messenger.json', 'the file')
            target.write(text.replace('/var/log/samba/messenger.json', path))
        os.chmod(conf, 0o644)
        nmbd = running(p, {'messenger:json log': path})
        before = json_lines(path)
        done = p.alpha.run(['logrotate', '-f', '-s', p.alpha.path('status'),
                            conf])
        check.equal((done.returncode, done.stderr), (0, ''), 'logrotate')
        check.equal(json_lines(path + '.1'), before, 'the rotated file')
        _cycle(nmbd)
        wait_state(nmbd, 'running')
        check.equal([line['seq'] for line in json_lines(path)],
                    [event['seq'] for event in events(nmbd)
                     if event['seq'] > before[-1]['seq']],
                    'lines in the new file')
