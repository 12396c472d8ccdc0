# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of the machine under one nmbd, switched on and off while it runs.

    fault = SendFails(host)
    nmbd = host.nmbd(modules='messenger', **fault.under())
    fault.begin(errno.EPERM)
    fault.end()

Each is a library of tests/preload that looks at a file.
"""

import os

from .nmbd import NMBD_MODULES_SO, test_preload


class _Fault:
    library = None
    variable = None

    def __init__(self, host):
        self.path = host.path(self.library)

    def under(self, modules=True):
        """Arguments of Host.nmbd() for an nmbd that this can befall;
        modules: whether it is to have the preload library as well."""
        preload = [test_preload(self.library)]
        if modules:
            preload.append(NMBD_MODULES_SO)
        return {'preload': preload, 'env': {self.variable: self.path}}

    def _write(self, text):
        with open(self.path + '.new', 'w') as flag:
            flag.write(text)
        os.rename(self.path + '.new', self.path)

    def end(self):
        os.unlink(self.path)


class SendFails(_Fault):
    """The kernel takes no packet to port 137 (of one address)."""

    library = 'failing_send'
    variable = 'FAILING_SEND'

    def begin(self, number, to=None):
        self._write('%d %s' % (number, to or ''))


class ClockSet(_Fault):
    """Somebody sets the clock; the end of it sets it right."""

    library = 'set_clock'
    variable = 'SET_CLOCK'

    def begin(self, seconds):
        self._write(str(seconds))
