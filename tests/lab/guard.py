# SPDX-License-Identifier: GPL-3.0-or-later
"""Clears up behind a lab, also when the lab's process was killed.

A fork of the lab's process, in a session of its own, with pipes as standard
input and output. The lab writes one line per thing it owns and waits for the
answer; the end of the pipe means that the lab has ended, in good order or by
a signal. What is then left is removed: processes in the lab's namespaces (those
that got away from their parent: the others had a death signal set) and its
directories.

Lines: "net PATH" a network namespace, "dir PATH" a directory tree.
"""

import os
import shutil
import signal
import sys
import time


class Guard:
    """The lab's end of the pipe."""

    def __init__(self):
        theirs_in, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                _be_the_guard(theirs_in, theirs_out)
            finally:
                os._exit(0)
        os.close(theirs_in)
        os.close(theirs_out)

    def own(self, kind, what):
        os.write(self._to, ('%s %s\n' % (kind, what)).encode())
        if os.read(self._from, 3) != b'ok\n':
            raise RuntimeError('the guard does not answer')

    def end(self):
        """Lets the guard do its work, and waits until it is done."""
        os.close(self._to)
        os.close(self._from)
        os.waitpid(self._pid, 0)


def _be_the_guard(source, target):
    """The guard's process: keeps nothing open of what the lab had open."""
    os.setsid()
    os.dup2(source, 0)
    os.dup2(target, 1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.closerange(3, os.sysconf('SC_OPEN_MAX'))
    os.chdir('/')
    main(os.fdopen(0))


def _processes_in(inodes):
    """The processes in one of these network namespaces."""
    found = []
    for entry in os.listdir('/proc'):
        if entry.isdigit() and int(entry) != os.getpid():
            try:
                if os.stat('/proc/%s/ns/net' % entry).st_ino in inodes:
                    found.append(int(entry))
            except OSError:
                pass
    return found


def _kill_processes_in(inodes, seconds=5.0):
    """Kills until none is left: a fork may slip through one round."""
    deadline = time.monotonic() + seconds
    while inodes and time.monotonic() < deadline:
        pids = _processes_in(inodes)
        if not pids:
            return
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.01)


def main(lines):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    # The open descriptors keep the inode numbers from being given to another
    # namespace while they serve here to find processes.
    descriptors, directories = [], []
    for line in iter(lines.readline, ''):
        kind, what = line.rstrip('\n').split(' ', 1)
        if kind == 'net':
            descriptors.append(os.open(what, os.O_RDONLY | os.O_CLOEXEC))
        else:
            directories.append(what)
        os.write(1, b'ok\n')
    _kill_processes_in({os.fstat(fd).st_ino for fd in descriptors})
    for directory in directories:
        shutil.rmtree(directory, ignore_errors=True)
