#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the daemon tests: real nmbd on private networks.

    tests/daemon/run.py [-j N] [--repeat N] [-l] [PATTERN...]

A test is a function test_* in a file test_*.py beside this one; its name is
FILE.FUNCTION without the two "test_". A pattern selects the names that
contain it, or match it with * and ?. Each test runs in a process of its own,
which a time limit can kill without harm to the others. Root only.
"""

import argparse
import ctypes
import fnmatch
import gc
import importlib
import os
import signal
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from lab import LabError, answers, check  # noqa: E402 (needs the path above)

EXIT_SKIPPED = 77
DEFAULT_SECONDS = 90
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


class Test:
    def __init__(self, module, function):
        self.name = '%s.%s' % (module.__name__[len('test_'):],
                               function.__name__[len('test_'):])
        self.function = function
        self.alone = getattr(function, 'alone', False)
        self.seconds = getattr(function, 'seconds', DEFAULT_SECONDS)
        self.script = getattr(function, 'script', None)

    def selected(self, patterns):
        """One that takes minutes has a script, which asks for it by name."""
        if not patterns:
            return self.script is None
        return any(
            pattern in self.name or fnmatch.fnmatch(self.name, pattern)
            for pattern in patterns)


def discover():
    tests = []
    for entry in sorted(os.listdir(HERE)):
        if entry.startswith('test_') and entry.endswith('.py'):
            module = importlib.import_module(entry[:-3])
            tests += [Test(module, value) for name, value
                      in vars(module).items()
                      if name.startswith('test_') and callable(value)
                      and value.__module__ == module.__name__]
    return tests


def run_here(test):
    """Runs a test in this process; prints why it failed."""
    try:
        test.function()
    except check.Skip as reason:
        print(reason)
        return EXIT_SKIPPED
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)
        expected = isinstance(error, AssertionError)
        for frame in frames:
            if not expected or frame.filename.startswith(HERE):
                if frame.name != 'run_here':
                    print('%s:%d: %s' % (os.path.relpath(frame.filename,
                                                         HERE),
                                         frame.lineno, frame.line))
        print(error if expected else '%s: %s' % (type(error).__name__, error))
        return 1
    return 0


def run_in_child(test, output, parent):
    """In the process of a test: runs it, and ends.

    The death of the runner is the death of the test, and that of its lab in
    turn.
    """
    status = 1
    try:
        if _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), 'no death signal')
        if os.getppid() != parent:
            os._exit(1)  # it died before
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(source, target)
        for source in nothing, output:
            os.close(source)
        status = run_here(test)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


class Running:
    """A test in its process."""

    def __init__(self, test, again=False):
        self.test = test
        self.again = again
        self.started = time.monotonic()
        self._output = tempfile.TemporaryFile()
        sys.stdout.flush()
        sys.stderr.flush()
        runner = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            run_in_child(test, self._output.fileno(), runner)

    def _status(self, flags=os.WNOHANG):
        """Its exit code, as subprocess has it, None: it runs."""
        pid, status = os.waitpid(self._pid, flags)
        return os.waitstatus_to_exitcode(status) if pid else None

    def finished(self):
        status = self._status()
        self.took = time.monotonic() - self.started
        if status is None and self.took > self.test.seconds:
            os.kill(self._pid, signal.SIGKILL)
            self._status(0)
            self.reason = 'killed after %d s\n' % self.test.seconds
            self.outcome = 'FAIL'
        elif status is None:
            return False
        else:
            self.reason = ''
            self.outcome = {0: 'ok', EXIT_SKIPPED: 'skip'}.get(status, 'FAIL')
            if status < 0:
                self.reason = 'died of signal %d\n' % -status
        self._output.seek(0)
        self.reason += self._output.read().decode('utf-8', 'replace')
        self._output.close()
        return True

    def report(self):
        line = '%-4s %s  %.1f s' % (self.outcome, self.test.name, self.took)
        if self.again:
            line += '  (second time, alone)'
        if self.outcome == 'skip':
            line += '  (%s)' % self.reason.strip()
        print(line)
        if self.outcome == 'FAIL':
            print('\n'.join('     ' + text
                            for text in self.reason.splitlines()))
        sys.stdout.flush()


def run_all(tests, jobs):
    """Runs the tests and returns the number of each outcome.

    A test that fails is shown, and run once more when no other is running:
    that verdict counts. What holds within so many milliseconds holds on a
    machine that has them.
    """
    waiting = sorted(tests, key=lambda test: test.alone)
    failed = []
    count = {'ok': 0, 'FAIL': 0, 'skip': 0}
    for finished in _run(waiting, jobs):
        finished.report()
        if finished.outcome == 'FAIL':
            failed.append(finished.test)
        else:
            count[finished.outcome] += 1
    for test in failed:
        for finished in _run([test], 1, again=True):
            finished.report()
            count[finished.outcome] += 1
    return count


def _run(waiting, jobs, again=False):
    """Yields each test when it has finished."""
    running = []
    while waiting or running:
        while (waiting and len(running) < jobs
               and not (running and (waiting[0].alone
                                     or running[0].test.alone))):
            running.append(Running(waiting.pop(0), again))
        time.sleep(0.01)
        for test in [test for test in running if test.finished()]:
            running.remove(test)
            yield test


def main():
    parser = argparse.ArgumentParser(
        description='Tests with real nmbd on private networks.')
    jobs = min(16, 4 * (os.cpu_count() or 1))  # they wait most of the time
    parser.add_argument('-j', type=int, default=jobs, metavar='N',
                        help='tests at a time (default %(default)s)')
    parser.add_argument('--repeat', type=int, default=1, metavar='N',
                        help='run the selection N times over')
    parser.add_argument('-l', action='store_true', help='list the tests')
    parser.add_argument('patterns', nargs='*', metavar='PATTERN')
    options = parser.parse_args()

    try:
        answers.validator_class()
    except LabError as error:
        print(error)
        return 1
    tests = discover()
    tests = [test for test in tests if test.selected(options.patterns)]
    if options.l:
        for test in tests:
            print(test.name)
        return 0
    if os.geteuid() != 0:
        print('These tests make network namespaces: run them as root.')
        return 1
    gc.freeze()  # what is there now is not looked at in each child
    count = run_all(tests * options.repeat, max(1, options.j))
    print('%d passed, %d failed' % (count['ok'], count['FAIL'])
          + (', %d skipped' % count['skip'] if count['skip'] else ''))
    return 1 if count['FAIL'] or not count['ok'] else 0


if __name__ == '__main__':
    sys.exit(main())
