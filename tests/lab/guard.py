# SPDX-License-Identifier: GPL-3.0-or-later
"""Clears up behind a lab, also when the lab's process was killed: guard.c, which
says what it does, and the lab's end of its pipes."""

import subprocess

from .built import built


class Guard:
    def __init__(self):
        self._process = subprocess.Popen(
            [built('guard')], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
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
