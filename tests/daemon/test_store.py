# SPDX-License-Identifier: GPL-3.0-or-later
"""messenger:store: aliases added by request outlive nmbd, however it ends."""

import contextlib
import os
import random
import stat
import subprocess
import sys
import time

from aliases import (Request, about, check_code, running, table, verdict,
                     wait_table)
from lab import (NMBD_MODULES_SO, Lab, check, mounts, test_preload,
                 wait_for)
from steps import (HOLDER, alias_of, check_running, events, holder_of, pair,
                   subnet_of, wait_state)

HELD = ('added', 'registered')
FILE = 'messenger.tdb'


def _path(host):
    return host.path('state', FILE)


def _errors(nmbd, text=FILE):
    return [entry.text for entry in nmbd.log_entries(text)
            if entry.level == 0]


def _stored(p, *names):
    """A first run that leaves these names in the store; it is killed."""
    nmbd = running(p)
    for request in [Request(nmbd, 'add ' + name) for name in names]:
        check.equal(request.answer()['ok'], True, request.text)
    nmbd.kill()


# It survives

@check.seconds(40)
def test_slow_disk():
    """The answer waits for the disk, and then it is kept; nmbd does not, and
    what is deleted before it was written stays deleted."""
    names = ['SLOW%d' % number for number in range(8)]
    with pair() as p:
        nmbd = p.nmbd(preload=[test_preload('slow_disk'), NMBD_MODULES_SO],
                      env={'SLOW_DISK': p.alpha.path('state')})
        nmbd.wait_log('entered the running state')
        adds = [Request(nmbd, 'add ' + name) for name in names]
        for add in adds:
            check.equal(add.answer()['message'], 'added', add.text)
        deletes = [Request(nmbd, 'delete ' + name) for name in names[:4]]
        for delete in deletes:
            check.equal(delete.answer()['ok'], True, delete.text)
        # no verdict waits for the other: both are written, in their order
        add = Request(nmbd, 'add BRIEF')
        nmbd.wait_for(lambda: 'BRIEF' in table(nmbd), 3.0, 'it is claimed')
        check.equal(nmbd.json('delete BRIEF')['ok'], True, 'delete')
        add.answer()
        nmbd.kill()
        nmbd = running(p)
        wait_table(nmbd, {name: HELD for name in names[4:]})
        check.equal('BRIEF' in table(nmbd), False, 'BRIEF is there')
        check.none(_errors(nmbd), 'complaints')


def test_survives_kill():
    with pair() as p:
        _stored(p, 'OPERATOR', 'HELP DESK', 'J\u00dcRGEN')
        check.equal(oct(stat.S_IMODE(os.stat(_path(p.alpha)).st_mode)),
                    '0o640', 'mode of the file')
        nmbd = running(p)
        wait_table(nmbd, {'OPERATOR': HELD, 'HELP DESK': HELD,
                          'J\u00dcRGEN': HELD})
        for name in ('OPERATOR', 'HELP DESK', 'J\u00dcRGEN'):
            p.check_answered(name)
        check.equal(nmbd.json('delete OPERATOR')['ok'], True, 'delete')
        nmbd.kill()
        nmbd = running(p)
        wait_table(nmbd, {'HELP DESK': HELD, 'J\u00dcRGEN': HELD})
        p.check_silent('OPERATOR')
        check.none(_errors(nmbd), 'complaints')


def test_survives_a_proper_end():
    with pair() as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        check.equal(nmbd.stop(), 0, 'exit status')
        nmbd = running(p)
        wait_table(nmbd, {'OPERATOR': HELD})
        check.equal(nmbd.shutdown(), 0, 'exit status')
        nmbd = running(p)
        wait_table(nmbd, {'OPERATOR': HELD})


def test_survives_stop_and_start():
    """Of the service; and its failure."""
    with pair() as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        nmbd.ask('stop')
        p.check_silent('OPERATOR')
        nmbd.ask('start')
        wait_table(nmbd, {'OPERATOR': HELD})
        rule = p.peer.refuse('ALPHA', 3)
        nmbd.ask('stop')
        nmbd.ask('start')
        wait_state(nmbd, 'failed')
        p.check_silent('OPERATOR')
        p.peer.forget(rule)
        nmbd.ask('start')
        wait_table(nmbd, {'OPERATOR': HELD})


def test_refused_is_not_kept():
    with pair() as p:
        rule = p.peer.refuse('OPERATOR', 3)
        nmbd = running(p)
        check.equal(nmbd.json('add OPERATOR')['code'], 2297, 'code')
        p.peer.forget(rule)
        nmbd.kill()
        nmbd = running(p)
        nmbd.ask('add OTHER')
        check.none(about(p.capture, 'OPERATOR')[2:],
                   'packets about OPERATOR in the second run')
        check.equal(sorted(table(nmbd)), ['ALPHA', 'OTHER'], 'aliases')


def test_aliases_of_smb_conf_are_not_kept():
    with pair() as p:
        nmbd = running(p, {'messenger:aliases': 'OPERATOR'})
        wait_table(nmbd, {'OPERATOR': HELD})
        nmbd.kill()
        nmbd = running(p)
        nmbd.ask('add OTHER')
        check.equal(sorted(table(nmbd)), ['ALPHA', 'OTHER'], 'aliases')


def test_taken_by_another_meanwhile():
    """It is not forgotten: it is listed with its holder, and comes back."""
    with pair() as p:
        _stored(p, 'OPERATOR', 'HELPDESK')
        rule = p.peer.refuse('OPERATOR', 3)
        nmbd = running(p)
        wait_table(nmbd, {'OPERATOR': ('added', 'refused'), 'HELPDESK': HELD})
        entry = subnet_of(alias_of(nmbd.json('list'), 'OPERATOR'))
        check.equal(holder_of(entry), HOLDER, 'holder')
        check.equal([event['alias']
                     for event in events(nmbd, 'alias-refused')],
                    ['OPERATOR'], 'alias-refused events')
        check_running(nmbd.json('status'))
        nmbd.kill()
        p.peer.forget(rule)
        nmbd = running(p)
        wait_table(nmbd, {'OPERATOR': HELD, 'HELPDESK': HELD})


# store = no

def test_off():
    with pair() as p:
        off = {'messenger:store': 'no'}
        nmbd = running(p, off)
        nmbd.ask('add OPERATOR')
        check.equal(os.path.exists(_path(p.alpha)), False, 'a file')
        nmbd.ask('stop')
        nmbd.ask('start')
        nmbd.ask('add OTHER')
        check.equal(sorted(table(nmbd)), ['ALPHA', 'OTHER'],
                    'aliases after stop and start')
        nmbd.stop()
        nmbd = running(p, off)
        nmbd.ask('add THIRD')
        check.equal(sorted(table(nmbd)), ['ALPHA', 'THIRD'],
                    'aliases of the next run')
        check.equal(os.path.exists(_path(p.alpha)), False, 'a file')


def test_off_leaves_an_older_file_alone():
    with pair() as p:
        _stored(p, 'OPERATOR')
        with open(_path(p.alpha), 'rb') as source:
            before = source.read()
        nmbd = running(p, {'messenger:store': 'no'})
        nmbd.ask('add OTHER')
        check.equal(sorted(table(nmbd)), ['ALPHA', 'OTHER'], 'aliases')
        nmbd.stop()
        with open(_path(p.alpha), 'rb') as source:
            check.true(source.read() == before, 'the file is as before')


def test_switched_on_by_reload():
    """What is added from then on is kept."""
    with pair() as p:
        nmbd = running(p, {'messenger:store': 'no'})
        nmbd.ask('add BEFORE')
        p.alpha.configure({}, 'messenger')
        nmbd.reload()
        nmbd.wait_for(lambda: os.path.exists(_path(p.alpha)), 3.0,
                      'the file is there')
        nmbd.ask('add AFTER')
        nmbd.kill()
        nmbd = running(p)
        nmbd.wait_for(lambda: table(nmbd).get('AFTER') == HELD, 3.0,
                      'AFTER is there')


# A file that cannot be used

def _damaged(spoil, aside=True):
    """The service runs, one line says what happened to the file, and what is
    added from now on is kept."""
    with pair() as p:
        _stored(p, 'OPERATOR')
        path = _path(p.alpha)
        spoil(path)
        nmbd = running(p)
        errors = _errors(nmbd)
        check.equal(len(errors), 1, 'errors about the file %s' % errors)
        check.contains(errors[0], path, 'the error')
        check_running(nmbd.json('status'))
        check.equal(verdict(nmbd.json('add HELPDESK'))[0], True, 'add')
        check.lacks(table(nmbd), 'OPERATOR', 'aliases')
        if aside:
            check.true(os.path.exists(path + '.damaged'),
                       'the file is set aside')
            check.contains(errors[0], path + '.damaged', 'the error')
            nmbd.kill()
            nmbd = running(p)
            wait_table(nmbd, {'HELPDESK': HELD})
            check.none(_errors(nmbd), 'errors in the next run')
        check.equal(nmbd.json('delete HELPDESK')['ok'], True, 'delete')
        check_code(nmbd, 'delete HELPDESK', 2285, 'NERR_NotLocalName')


def _write(path, data):
    with open(path, 'wb') as target:
        target.write(data)


def _record(path):
    """Where in the file OPERATOR is."""
    with open(path, 'rb') as source:
        return source.read().index(b'OPERATOR')


def test_garbage():
    _damaged(lambda path: _write(path, random.Random(1).randbytes(5000)))


def test_text():
    _damaged(lambda path: _write(path, b'OPERATOR\nHELPDESK\n'))


def test_truncated():
    _damaged(lambda path: os.truncate(path, _record(path) + 4))


def test_overwritten_in_the_middle():
    def spoil(path):
        at = _record(path)
        with open(path, 'r+b') as target:
            target.seek(at - 100)
            target.write(b'\xa5' * 200)

    _damaged(spoil)


def test_damaged_twice():
    """One that was set aside before is in nobody's way."""
    def spoil(path):
        _write(path + '.damaged', b'the one before')
        _write(path, b'x' * 10000)

    _damaged(spoil)


def test_empty():
    """Nothing is in it, which is no damage."""
    with pair() as p:
        _write(_path(p.alpha), b'')
        nmbd = running(p)
        check.none(_errors(nmbd), 'errors')
        nmbd.ask('add OPERATOR')
        nmbd.kill()
        nmbd = running(p)
        wait_table(nmbd, {'OPERATOR': HELD})


def test_directory():
    """Nothing that could be set aside: the store is off, and that is said."""
    def spoil(path):
        os.unlink(path)
        os.mkdir(path)

    _damaged(spoil, aside=False)


def test_dangling_link():
    def spoil(path):
        os.unlink(path)
        os.symlink(path + '/nowhere/at/all', path)

    _damaged(spoil, aside=False)


def test_read_only_place():
    """The state directory on a file system that cannot be written."""
    with pair() as p:
        _stored(p, 'OPERATOR')
        state = p.alpha.path('state')
        nmbd = p.nmbd(wrap=mounts.private('mount --bind "$0" "$0"; '
                                          'mount -o remount,bind,ro "$0"',
                                          state))
        nmbd.wait_log('entered the running state')
        errors = _errors(nmbd)
        check.equal(len(errors), 1, 'errors about the file %s' % errors)
        check.contains(errors[0], _path(p.alpha), 'the error')
        check.equal(nmbd.json('add HELPDESK')['ok'], True, 'add')
        check.equal(nmbd.json('delete HELPDESK')['ok'], True, 'delete')
        check_running(nmbd.json('status'))
        check.equal(os.path.exists(_path(p.alpha) + '.damaged'), False,
                    'set aside')


def test_full_disk():
    """An addition that cannot be kept is held as long as nmbd lives, and who
    asked for it is told; with room again, the next one is kept."""
    with pair() as p:
        state = p.alpha.path('state')
        nmbd = p.nmbd(wrap=mounts.private('mount -t tmpfs -o size=64k '
                                          'tmpfs "$0"', state))
        nmbd.wait_log('entered the running state')
        answer = nmbd.json('add OPERATOR')
        check.equal((answer['ok'], answer['message']),
                    (True, 'added, but not kept: No space left on device'),
                    'add without room')
        p.check_answered('OPERATOR')
        check.true(_errors(nmbd), 'errors about the file')
        check_running(nmbd.json('status'))
        done = p.alpha.run(mounts.inside(nmbd.pid) +
                           ['mount', '-o', 'remount,size=4m', state])
        check.equal(done.returncode, 0, 'remount: ' + done.stderr)
        answer = nmbd.json('add HELPDESK')
        check.equal((answer['ok'], answer['message']), (True, 'added'),
                    'add with room')
        p.check_answered('HELPDESK')


@check.seconds(60)
def test_random_damage():
    """Whatever a bad disk makes of the file: nmbd and the service run, and
    each line in the list is a name."""
    rng = random.Random(20260)
    with pair() as p:
        _stored(p, 'OPERATOR', 'HELPDESK', 'FRONTDESK')
        path = _path(p.alpha)
        with open(path, 'rb') as source:
            good = source.read()
        for turn in range(5):
            data = bytearray(good)
            used = [at for at in range(len(good)) if good[at]]
            for _ in range(rng.choice((1, 3, 30))):
                data[rng.choice(used)] = rng.randrange(256)
            if turn == 3:
                del data[rng.randrange(len(data)):]
            _write(path, bytes(data))
            nmbd = running(p)
            check.equal(nmbd.json('add NEW%d' % turn)['ok'], True,
                        'add in turn %d' % turn)
            check.between(len(_errors(nmbd)), 0, 4, 'errors')
            p.check_answered('NEW%d' % turn)
            nmbd.kill()


# A file that another process has locked

_LOCKER = '''
import fcntl, sys
file = open(sys.argv[1], 'r+b')
fcntl.lockf(file, getattr(fcntl, sys.argv[2]))
print('locked', flush=True)
sys.stdin.read()
'''


@contextlib.contextmanager
def _locked(path, how='LOCK_EX'):
    """What somebody does with a tool in the middle of a transaction
    (LOCK_EX), or of reading (LOCK_SH); ends with release(), or the block."""
    locker = subprocess.Popen([sys.executable, '-c', _LOCKER, path, how],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def release():
        locker.stdin.close()
        check.equal(locker.wait(), 0, 'exit status of who had the lock')

    try:
        check.equal(locker.stdout.readline(), b'locked\n', 'the lock')
        yield release
    finally:
        locker.kill()
        locker.wait()
        locker.stdin.close()
        locker.stdout.close()


def _names_after_restart(p, nmbd):
    nmbd.kill()
    nmbd = running(p)
    check.equal(nmbd.json('add LAST')['ok'], True, 'add LAST')
    return sorted(set(table(nmbd)) - {'ALPHA', 'LAST'})


def _starts_while_locked(how):
    with pair() as p:
        _stored(p, 'OPERATOR', 'HELPDESK')
        with _locked(_path(p.alpha), how) as release:
            nmbd = running(p)
            p.check_answered()
            check.equal(sorted(table(nmbd)), ['ALPHA'], 'aliases')
            errors = _errors(nmbd)
            check.equal(len(errors), 1, 'lines about the file %s' % errors)
            check.contains(errors[0], 'locked', 'the line')
            # what is added meanwhile is as good as those
            request = Request(nmbd, 'add FRONTDESK')
            nmbd.wait_for(lambda: p.broadcast_answer('FRONTDESK'), 3.0,
                          'FRONTDESK is on the net')
            release()
            wait_table(nmbd, {'OPERATOR': HELD, 'HELPDESK': HELD,
                              'FRONTDESK': HELD})
            check.equal(request.answer()['message'], 'added', 'the answer')
        for name in ('OPERATOR', 'HELPDESK', 'FRONTDESK'):
            p.check_answered(name)
        check.equal(len(_errors(nmbd)), 1, 'lines about the file')
        check.equal(_names_after_restart(p, nmbd),
                    ['FRONTDESK', 'HELPDESK', 'OPERATOR'], 'aliases')


def test_locked_at_the_start():
    """By who changes it: nmbd does not wait, and the names follow."""
    _starts_while_locked('LOCK_EX')


def test_locked_at_the_start_by_a_reader():
    _starts_while_locked('LOCK_SH')


def _check_all_wait(requests):
    for request in requests:
        check.true(request.waits, request.text + ' waits while it is locked')


def _changes_while_locked(how):
    """Who asks is told when it is true: nmbd goes on meanwhile."""
    with pair() as p:
        _stored(p, 'OPERATOR')
        nmbd = running(p)
        wait_table(nmbd, {'OPERATOR': HELD})
        with _locked(_path(p.alpha), how) as release:
            requests = [Request(nmbd, 'add HELPDESK'),
                        Request(nmbd, 'delete OPERATOR')]
            nmbd.wait_for(lambda: p.broadcast_answer('HELPDESK'), 3.0,
                          'HELPDESK is on the net')
            _check_all_wait(requests)
            # nor is it gone as long as it would come back
            p.check_answered('OPERATOR')
            check_running(nmbd.json('status'))
            check.none(events(nmbd, 'alias-released'), 'alias-released')
            check.equal(len(_errors(nmbd)), 1, 'lines about the file')
            release()
            check.equal([request.answer()['message']
                         for request in requests], ['added', 'deleted'],
                        'answers')
        p.check_silent('OPERATOR')
        wait_table(nmbd, {'HELPDESK': HELD})
        check_code(nmbd, 'delete OPERATOR', 2285, 'NERR_NotLocalName')
        check.equal(_names_after_restart(p, nmbd), ['HELPDESK'], 'aliases')


def test_locked_for_a_moment():
    _changes_while_locked('LOCK_EX')


def test_locked_for_a_moment_by_a_reader():
    _changes_while_locked('LOCK_SH')


def test_locked_while_it_is_claimed():
    """That an alias is granted, or refused, is no answer to who wants it
    deleted."""
    with pair() as p:
        _stored(p, 'OPERATOR', 'HELPDESK')
        nmbd = running(p)
        wait_table(nmbd, {'OPERATOR': HELD, 'HELPDESK': HELD})
        nmbd.ask('stop')
        p.peer.refuse('HELPDESK', 3)
        with _locked(_path(p.alpha)) as release:
            check.equal(nmbd.json('start')['ok'], True, 'start')
            requests = [Request(nmbd, 'delete ' + name)
                        for name in ('OPERATOR', 'HELPDESK')]
            wait_table(nmbd, {'OPERATOR': HELD,
                              'HELPDESK': ('added', 'refused')})
            _check_all_wait(requests)
            release()
            check.equal([request.answer()['message']
                         for request in requests], ['deleted'] * 2,
                        'answers')
        wait_table(nmbd, {})
        check.equal(_names_after_restart(p, nmbd), [], 'aliases')


def test_wanted_while_it_is_deleted():
    """Who wants an alias that is about to be gone is not told that it is
    there."""
    with pair() as p:
        _stored(p, 'OPERATOR', 'HELPDESK')
        nmbd = running(p)
        wait_table(nmbd, {'OPERATOR': HELD, 'HELPDESK': HELD})
        with _locked(_path(p.alpha)) as release:
            requests = [Request(nmbd, text) for text in
                        ('delete OPERATOR', 'delete HELPDESK',
                         'ensure OPERATOR', 'add HELPDESK')]
            nmbd.ask('condition')  # messages are read in order
            _check_all_wait(requests)
            release()
            check.equal([request.answer()['message']
                         for request in requests],
                        ['deleted'] * 2 + ['added'] * 2, 'answers')
        wait_table(nmbd, {'OPERATOR': HELD, 'HELPDESK': HELD})


def test_locked_for_long():
    """What is told then is true, whatever becomes of the lock."""
    with pair() as p:
        _stored(p, 'OPERATOR')
        nmbd = running(p)
        wait_table(nmbd, {'OPERATOR': HELD})
        with _locked(_path(p.alpha)) as release:
            add, delete = (Request(nmbd, 'add HELPDESK'),
                           Request(nmbd, 'delete OPERATOR'))
            answer = add.answer()
            check.equal((answer['ok'], answer['message']),
                        (True, 'added, but not kept: Device or resource '
                               'busy'), 'add')
            answer = delete.answer()
            check.equal((answer['ok'], answer['code'], answer['reason']),
                        (False, 2140, 'Device or resource busy'), 'delete')
            check.equal([event.get('reason') for event
                         in events(nmbd, 'alias-registered')
                         if event['alias'] == 'HELPDESK'],
                        ['Device or resource busy'], 'reasons in the event')
            release()
        for name in ('OPERATOR', 'HELPDESK'):
            p.check_answered(name)
        check.equal(nmbd.json('add THIRD')['message'], 'added', 'add THIRD')
        check.equal(_names_after_restart(p, nmbd), ['OPERATOR', 'THIRD'],
                    'aliases')


def test_pipe():
    """Nor is a pipe waited for, which nobody writes to."""
    def spoil(path):
        os.unlink(path)
        os.mkfifo(path)

    _damaged(spoil, aside=False)


# A file that is open, and that somebody else changes

def _tdbtool(p, path, *words):
    done = p.alpha.run(['tdbtool', path] + list(words))
    check.equal(done.returncode, 0, 'tdbtool: ' + done.stderr)


def _changed_between(change, expected):
    """Two additions, and in between what somebody does with the file, with
    nobody's leave: what it has then and the second one are kept."""
    with pair() as p:
        nmbd = running(p)
        check.equal(nmbd.json('add BEFORE')['message'], 'added', 'add BEFORE')
        change(p, _path(p.alpha))
        check.equal(nmbd.json('add AFTER')['message'], 'added', 'add AFTER')
        check.none(_errors(nmbd), 'complaints')
        check.equal(_names_after_restart(p, nmbd), expected, 'aliases')


def test_changed_by_tdbtool():
    def change(p, path):
        _tdbtool(p, path, 'store', 'alias/TOOL', '\\01')
        _tdbtool(p, path, 'delete', 'alias/BEFORE')

    _changed_between(change, ['AFTER', 'TOOL'])


def test_replaced():
    def change(p, path):
        _tdbtool(p, path + '.new', 'create', path + '.new')
        _tdbtool(p, path + '.new', 'store', 'alias/TOOL', '\\01')
        os.rename(path + '.new', path)

    _changed_between(change, ['AFTER', 'TOOL'])


def test_removed():
    _changed_between(lambda p, path: os.unlink(path), ['AFTER'])


def test_copied_over():
    """By cp, of a copy with fewer names: the same file, cut and written."""
    def change(p, path):
        done = p.alpha.run(['tdbbackup', path])
        check.equal(done.returncode, 0, 'tdbbackup: ' + done.stderr)
        _tdbtool(p, path + '.bak', 'delete', 'alias/BEFORE')
        with open(path + '.bak', 'rb') as source:
            _write(path, source.read())

    _changed_between(change, ['AFTER'])


def test_switched_off_and_on():
    """The next store has the file of the one before."""
    with pair() as p:
        nmbd = running(p)
        check.equal(nmbd.json('add BEFORE')['message'], 'added', 'add BEFORE')
        for options in ({'messenger:store': 'no'}, {}):
            p.alpha.configure(options, 'messenger')
            nmbd.reload()
            nmbd.ask('condition')  # messages are read in order
        check.equal(nmbd.json('add AFTER')['message'], 'added', 'add AFTER')
        check.none(_errors(nmbd), 'complaints')
        check.equal(_names_after_restart(p, nmbd), ['AFTER', 'BEFORE'],
                    'aliases')


# Killed at any moment

class _Node:
    """A host whose nmbd is killed over and over, and what it must keep.

    certain: acknowledged additions. doubtful: names about which nmbd was
    asked, and killed before it answered.
    """

    def __init__(self, lab, number, rng):
        self.host = lab.host('NODE%d' % number,
                             '10.%d.0.2/24' % (88 + number))
        self.rng = rng
        self.names = ['N%dX%02d' % (number, at) for at in range(12)]
        self.certain = set()
        self.doubtful = set()
        self.nmbd = None
        self.requests = []

    def start(self):
        self.nmbd = self.host.nmbd(modules='messenger')

    def check(self):
        """What came back, once the service runs."""
        self.nmbd.wait_log('entered the running state')
        there = set(table(self.nmbd)) - {self.host.name}
        check.none(sorted(self.certain - there),
                   'acknowledged additions that were lost')
        check.none(sorted(there - self.certain - self.doubtful),
                   'acknowledged deletions that came back')
        check.none(_errors(self.nmbd), 'errors')
        self.certain = there
        self.doubtful = set()

    def settle(self):
        """Those that came back are held: they can be deleted."""
        self.nmbd.wait_for(
            lambda: 'registering' not in
            [state for _, state in table(self.nmbd).values()], 3.0,
            'what came back is registered')

    def ask(self):
        chosen = self.rng.sample(self.names, 4)
        self.requests = [
            (name, Request(self.nmbd,
                           ('delete ' if name in self.certain else 'add ')
                           + name)) for name in chosen]
        # so many of them are answered, and so much later
        self.answered = self.rng.choice((0, 0, 1, 2, 3, 4))
        self.later = self.rng.uniform(0.0, 0.03 if self.answered else 0.3)

    def _is_time(self):
        return (sum(not request.waits for _, request in self.requests)
                >= self.answered)

    def kill(self):
        wait_for(self._is_time, 10.0, '%d answers' % self.answered,
                 interval=0.002)
        time.sleep(self.later)  # the moment is what is random here
        self.nmbd.kill()
        for name, request in self.requests:
            answer = request.answer_or_none(0.05)
            if answer is None:
                self.doubtful.add(name)
                self.certain.discard(name)
            elif answer['ok'] and request.text.startswith('add'):
                self.certain.add(name)
            elif answer['ok']:
                self.certain.discard(name)


@check.seconds(200)
def test_killed_at_any_moment():
    """30 times kill -9 between additions and deletions: none that was
    acknowledged is lost or comes back."""
    rng = random.Random(9)
    with Lab() as lab:
        nodes = [_Node(lab, number, rng) for number in range(3)]
        known = {True: 0, False: 0}
        for turn in range(11):
            for node in nodes:
                node.start()
            for node in nodes:
                node.check()
            if turn == 10:
                break
            for node in nodes:
                node.settle()
            for node in nodes:
                node.ask()
            for node in nodes:
                node.kill()
                known[True] += 4 - len(node.doubtful)
                known[False] += len(node.doubtful)
        # both kinds must have occurred, or nothing was tried
        for kind, number in known.items():
            check.true(number >= 5, 'answered %s: %d requests'
                       % (kind, number))


def test_killed_again_and_again():
    """Without anything in between the same aliases come back each time."""
    with pair() as p:
        _stored(p, 'OPERATOR', 'HELPDESK')
        for turn in range(3):
            nmbd = p.nmbd()
            if turn == 2:
                nmbd.wait_log('entered the running state')
                wait_table(nmbd, {'OPERATOR': HELD, 'HELPDESK': HELD})
            nmbd.kill()
