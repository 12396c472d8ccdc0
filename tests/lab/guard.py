# SPDX-License-Identifier: GPL-3.0-or-later
"""Clears up behind a lab, also when the lab's process was killed.

Run as a program, in a session of its own, with pipes as standard input and
output. The lab writes one line per thing it owns and waits for the answer;
the end of the pipe means that the lab has ended, in good order or by a
signal. What is then left is removed: processes in the lab's namespaces (those
that got away from their parent: the others had a death signal set) and its
directories.

guard.c is the same, for where it was built.

Lines: "net PATH" a network namespace, "dir PATH" a directory tree.
"""

import os
import shutil
import signal
import subprocess
import sys
import time


class Guard:
    """The lab's end of the pipe.

    program: words that run it; None: this file.
    """

    def __init__(self, program=None):
        self._process = subprocess.Popen(
            program or [sys.executable, '-I', '-S', '-B', __file__],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, start_new_session=True, cwd='/')

    def own(self, kind, what):
        self._process.stdin.write(('%s %s\n' % (kind, what)).encode())
        self._process.stdin.flush()
        if self._process.stdout.readline() != b'ok\n':
            raise RuntimeError('the guard does not answer')

    def end(self):
        """Lets the guard do its work, and waits until it is done."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


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


def main():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    # The open descriptors keep the inode numbers from being given to another
    # namespace while they serve here to find processes.
    descriptors, directories = [], []
    for line in iter(sys.stdin.readline, ''):
        kind, what = line.rstrip('\n').split(' ', 1)
        if kind == 'net':
            descriptors.append(os.open(what, os.O_RDONLY | os.O_CLOEXEC))
        else:
            directories.append(what)
        os.write(1, b'ok\n')
    _kill_processes_in({os.fstat(fd).st_ino for fd in descriptors})
    for directory in directories:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == '__main__':
    main()
