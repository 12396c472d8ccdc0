# SPDX-License-Identifier: GPL-3.0-or-later
"""smbmessenger events --follow: each event once, in order, whatever becomes of
nmbd, of the ring and of the one who reads."""

import json
import os
import re
import signal
import subprocess
import threading

from aliases import running
from evidence import ALIAS, TOOL, burst, completed, computer, take_names
from lab import answers, check, wait_for
from steps import HOLDER, TERMINATED, events, pair, wait_state

RING = 256


class Follower:
    """The tool, and the lines that it has written."""

    def __init__(self, p, *args, what='events', env=None):
        self.lines = []
        self.notes = []
        self._json = '--json' in args
        self._line = {'events': 'event', 'messages': 'message'}[what]
        self.process = p.alpha.popen(
            [TOOL, '-s', p.alpha.conf, what, '--follow'] + list(args),
            env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._threads = [
            threading.Thread(target=self._read, args=pipe, daemon=True)
            for pipe in ((self.process.stdout, self.lines),
                         (self.process.stderr, self.notes))]
        for thread in self._threads:
            thread.start()

    @staticmethod
    def _read(stream, into):
        for line in stream:
            into.append(line.decode('utf-8'))

    def wait(self, number, seconds=5.0):
        """Waits for so many lines."""
        wait_for(lambda: len(self.lines) >= number, seconds,
                 '%d lines' % number, report=lambda: ''.join(
                     self.lines[-5:] + self.notes))
        return self.lines[:number]

    def wait_note(self, part, seconds=8.0):
        return wait_for(lambda: [line for line in self.notes if part in line],
                        seconds, 'a note %r' % part,
                        report=lambda: ''.join(self.notes))[0]

    def numbers(self):
        return [json.loads(line)['seq'] for line in list(self.lines)]

    def end(self):
        self.process.terminate()
        self.process.wait(5)
        for thread in self._threads:
            thread.join(5)
        self.process.stdout.close()
        self.process.stderr.close()
        if self._json:
            answers.lines(''.join(self.lines), self._line)


def _quick(p, silent=False):
    """nmbd that runs, and a peer that makes events quickly; if it is silent
    on who it is, they stay as they are."""
    take_names(p.peer)
    computer(p.peer, 'PLANT1')
    nmbd = running(p)
    if silent:
        p.peer.silent('*', 0)
    return nmbd


def _follower(p):
    """One that has told all there is, the start of the service."""
    f = Follower(p, '--json', '-n', '256')
    f.wait(2)
    return f


def test_text():
    """From the past few on, one line for each, as it happens."""
    with pair() as p:
        nmbd = _quick(p)
        f = Follower(p)
        f.wait(2)
        nmbd.ask('add OPERATOR')
        burst(p.alpha)
        lines = f.wait(4)
        for line, event, text in zip(
                lines, ('alias-registered', 'service-started',
                        'alias-registered', 'alias-refused'),
                ('ALPHA was added', 'running state', 'OPERATOR was added',
                 'TAKEN0000 could not be added: error 2297. TAKEN0000 is '
                 'held by ' + HOLDER)):
            check.true(re.match(r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC  %s +The '
                                % event, line), 'line %r' % line)
            check.contains(line, text, 'line')
        p.client.register(p.alpha.broadcast, 'ALPHA', 3)
        check.contains(f.wait(5)[4], HOLDER + ' wants it', 'line')
        f.end()
        check.equal((len(f.lines), f.notes), (5, []), 'lines and notes')


def test_text_of_other_names():
    """Names that are no aliases are called by their types."""
    with pair() as p:
        p.peer.hold('ALPHA', 0x00)
        nmbd = p.nmbd()
        completed(nmbd, 'name-refused')
        f = Follower(p)
        nmbd.wait_for(lambda: p.client.register(p.alpha.broadcast, 'ALPHA',
                                                0x20), 10.0, 'a refusal')
        for said in (' ALPHA<00> is held by %s (ALPHA).\n' % HOLDER,
                     ' The name is ALPHA<20>, the other computer %s.\n'
                     % HOLDER):
            wait_for(lambda: [line for line in f.lines if said in line], 5.0,
                     said, report=lambda: ''.join(f.lines))
        f.end()


def test_zone():
    """The one of who reads."""
    with pair() as p:
        running(p)
        f = Follower(p, env={'TZ': 'Asia/Kolkata'})
        check.contains(f.wait(1)[0], ' IST  ', 'line')
        f.end()


def test_json():
    """Objects as nmbd has them, one in a line; only new ones with -n 1."""
    with pair() as p:
        nmbd = _quick(p)
        f = Follower(p, '--json', '-n', '1')
        f.wait(1)
        nmbd.ask('add OPERATOR')
        nmbd.ask('stop')
        f.wait(5)
        check.equal([json.loads(line) for line in f.lines], events(nmbd)[1:],
                    'objects')
        f.end()
        check.equal(f.notes, [], 'notes')


def test_nothing_twice():
    """Events come one by one and in bursts, while it looks now and then."""
    with pair() as p:
        nmbd = _quick(p)
        f = _follower(p)
        for number in (1, 50, 2, 1, 90, 1):
            burst(p.alpha, number)
        last = events(nmbd)[-1]['seq']
        check.equal(last, 147, 'events')
        f.wait(last)
        f.end()
        check.equal(f.numbers(), list(range(1, last + 1)), 'numbers')
        check.equal(f.notes, [], 'notes')


def test_across_the_end_of_the_ring():
    """Stopped while 400 events happen: it says how many are missing, and goes
    on with the oldest there is."""
    with pair() as p:
        nmbd = _quick(p)
        f = _follower(p)
        burst(p.alpha, 3)
        f.wait(5)
        os.kill(f.process.pid, signal.SIGSTOP)
        for _ in range(4):
            burst(p.alpha, 100)
        last = nmbd.json('events 1')['last']
        check.equal(last, 405, 'events')
        os.kill(f.process.pid, signal.SIGCONT)
        f.wait(5 + RING)
        missing = last - 5 - RING
        check.equal(f.wait_note('missing').split(' ')[1], str(missing),
                    'the number that is missing')
        burst(p.alpha)
        f.wait(5 + RING + 1)
        f.end()
        check.equal(f.numbers(), list(range(1, 6))
                    + list(range(last - RING + 1, last + 2)), 'numbers')
        check.equal(len(f.notes), 1, 'notes')


def test_no_gap_is_none():
    """As many as the ring has, to the last one: nothing is missing."""
    with pair() as p:
        _quick(p)
        f = _follower(p)
        os.kill(f.process.pid, signal.SIGSTOP)
        burst(p.alpha, RING // 2)
        burst(p.alpha, RING // 2)
        os.kill(f.process.pid, signal.SIGCONT)
        f.wait(2 + RING)
        f.end()
        check.equal(f.numbers(), list(range(1, 3 + RING)), 'numbers')
        check.equal(f.notes, [], 'notes')


def _restart(p, f, before, after, kill=False):
    """nmbd ends after so many events and starts anew; all of the new run's
    are printed from the first one on."""
    nmbd = p.alpha.nmbds[-1]
    have = len(f.lines)
    if before:
        burst(p.alpha, before)
    told = f.wait(have + before)
    last = json.loads(told[-1])['seq']
    # what nmbd tells in its last moment is gone with it
    (nmbd.kill if kill else nmbd.stop)()
    f.wait_note('away')
    have = len(f.lines)
    nmbd = running(p)
    if after:
        burst(p.alpha, after)
    f.wait_note('restarted')
    f.wait(have + 2 + after)
    check.equal([json.loads(line)['seq'] for line in f.lines[have:]],
                list(range(1, 3 + after)),
                'numbers after the restart; %d before' % last)
    check.equal(events(nmbd),
                [json.loads(line) for line in f.lines[have:]], 'events')


def test_restart_with_fewer_events():
    """The new run has told fewer events than the old one had."""
    with pair() as p:
        _quick(p, silent=True)
        f = _follower(p)
        _restart(p, f, 20, 1)
        f.end()
        check.equal(len(f.notes), 2, 'notes %s' % f.notes)


def test_restart_with_more_events():
    """The new run has told more, before it is asked for the first time."""
    with pair() as p:
        _quick(p, silent=True)
        f = _follower(p)
        nmbd = p.alpha.nmbds[-1]
        nmbd.kill()
        f.wait_note('away')
        os.kill(f.process.pid, signal.SIGSTOP)
        have = len(f.lines)
        nmbd = running(p)
        burst(p.alpha, 30)
        os.kill(f.process.pid, signal.SIGCONT)
        f.wait(have + 32)
        check.equal([json.loads(line) for line in f.lines[have:]],
                    events(nmbd), 'events after the restart')
        f.end()
        check.equal(len(f.notes), 2, 'notes %s' % f.notes)


def test_restart_unseen():
    """It is not even noticed that nmbd was away: only the events tell."""
    with pair() as p:
        _quick(p, silent=True)
        f = _follower(p)
        os.kill(f.process.pid, signal.SIGSTOP)
        p.alpha.nmbds[-1].kill()
        have = len(f.lines)
        nmbd = running(p)
        for _ in range(4):
            burst(p.alpha, 100)
        os.kill(f.process.pid, signal.SIGCONT)
        f.wait(have + RING)
        f.wait_note('restarted')
        f.wait_note('%d events are missing' % (402 - RING))
        check.equal([json.loads(line)['seq'] for line in f.lines[have:]],
                    list(range(402 - RING + 1, 403)), 'numbers')
        burst(p.alpha)
        f.wait(have + RING + 1)
        check.equal(nmbd.json('events 1')['last'], 403, 'events')
        f.end()


def test_restart_twice():
    with pair() as p:
        _quick(p)
        f = _follower(p)
        _restart(p, f, 1, 0)
        have = len(f.notes)
        p.alpha.nmbds[-1].kill()
        wait_for(lambda: len(f.notes) > have, 8.0, 'a note')
        nmbd = running(p)
        wait_for(lambda: len(f.notes) > have + 1, 8.0, 'one more')
        last = events(nmbd)[-1]
        wait_for(lambda: json.loads(f.lines[-1]) == last, 5.0,
                 'the last event')
        f.end()
        check.equal(len(f.notes), 4, 'notes %s' % f.notes)


def test_completed_event():
    """What is learnt of the holder later is in "events"; the line is told
    once."""
    with pair() as p:
        nmbd = _quick(p)
        f = Follower(p, '--json', '-n', '1')
        f.wait(1)
        p.peer.hold('TAKEN0000', 3)
        burst(p.alpha)
        f.wait(2)
        check.equal(completed(nmbd, 'alias-refused')['cause'], ALIAS, 'cause')
        nmbd.ask('add OPERATOR')
        f.wait(3)
        f.end()
        check.equal(f.numbers(), [2, 3, 4], 'numbers')


def test_without_nmbd():
    """Nothing to follow from the start: exit code 3, as for any command."""
    with pair() as p:
        done = p.alpha.run([TOOL, '-s', p.alpha.conf, 'events', '-f'])
        check.equal((done.returncode, done.stdout), (3, ''),
                    'exit status and standard output')
        check.contains(done.stderr, 'nmbd is not running', 'standard error')
        nmbd = p.nmbd(modules=None)
        done = p.alpha.run([TOOL, '-s', p.alpha.conf, '-t', '2', 'events',
                            '-f'])
        check.equal((done.returncode, done.stdout), (3, ''),
                    'exit status and standard output')
        check.contains(done.stderr, 'without the module', 'standard error')
        check.equal(nmbd.running, True, 'nmbd runs')


def test_nmbd_that_hangs():
    """Stopped for longer than an answer may take: it waits, and goes on where
    it was."""
    with pair() as p:
        nmbd = _quick(p)
        f = Follower(p, '--json', '-n', '256', '-t', '1')
        f.wait(2)
        os.kill(nmbd.pid, signal.SIGSTOP)
        try:
            f.wait_note('away')
        finally:
            os.kill(nmbd.pid, signal.SIGCONT)
        burst(p.alpha, 3)
        f.wait(5)
        f.end()
        check.equal(f.numbers(), [1, 2, 3, 4, 5], 'numbers')


def test_nobody_reads_any_more():
    """Its output is closed: it ends with the next event."""
    with pair() as p:
        _quick(p)
        process = p.alpha.popen([TOOL, '-s', p.alpha.conf, 'events', '-f'],
                                stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
        check.contains(process.stdout.readline().decode(), 'ALPHA was added',
                       'the first line')
        process.stdout.close()
        burst(p.alpha)
        process.wait(5)
        check.contains((0, 1, -signal.SIGPIPE), process.returncode,
                       'exit status')
        process.stderr.close()


def test_output_that_cannot_be_written():
    with pair() as p:
        _quick(p)
        with open('/dev/full', 'w') as full:
            process = p.alpha.popen(
                [TOOL, '-s', p.alpha.conf, 'events', '-f'], stdout=full,
                stderr=subprocess.DEVNULL)
            process.wait(10)


def test_is_quiet():
    """Following, with nothing to tell, leaves nothing in nmbd's log."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        f = Follower(p)
        check.contains(f.wait(1)[0], TERMINATED, 'the line')
        completed(nmbd)
        log = nmbd.log
        before = _switches(nmbd)
        wait_for(lambda: _switches(nmbd) > before + 8, 8.0, 'it is asked')
        check.equal(nmbd.log, log, 'log')
        f.end()
        check.equal(len(f.lines), 1, 'lines')


def _switches(nmbd):
    with open('/proc/%d/status' % nmbd.pid) as status:
        return int(re.search(r'^voluntary_ctxt_switches:\t(\d+)$',
                             status.read(), re.M).group(1))
