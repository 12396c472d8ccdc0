# SPDX-License-Identifier: GPL-3.0-or-later
"""The longest turn of nmbd's loop, in which nobody is answered, of nmbd with
the module and of a stock one that hears the same.

Counted inside of both by tests/preload/turns.c: processor time, which does not
depend on what else the machine does.
"""

import mmap
import struct

from lab import NMBD_MODULES_SO, test_preload

LIMIT_MS = 5.0
SAME_AS_STOCK = 1.2

# Less than a long answer by smbcontrol: 256 events, of which each has more.
LONG_ANSWER = 256 * 256

# For who asks stock nmbd for its log lines, that is a message as long.
_OPTIONS = {'local master': 'no', 'log level': '0',
            'logging': 'file ringbuf:size=%d' % LONG_ANSWER}

# turns, longest by processor and by the clock in ns, waits
_FIGURES = struct.Struct('=4Q')


class _Figures:
    """Those of one nmbd, however often it is started."""

    def __init__(self, host):
        self.path = host.path('turns')
        with open(self.path, 'wb') as figures:
            figures.write(bytes(_FIGURES.size))
        with open(self.path, 'r+b') as figures:
            self._map = mmap.mmap(figures.fileno(), _FIGURES.size)

    def take(self):
        """(turns, longest in ms), and begins anew."""
        turns, cpu, _, _ = _FIGURES.unpack(self._map[:])
        self._map[:] = bytes(_FIGURES.size)
        return turns, cpu / 1e6


class Gaps:
    """Looks at the nmbd of a host, and starts a stock one beside it."""

    def __init__(self, host, stock):
        self._ours = _Figures(host)
        self._stock = _Figures(stock)
        self.host = stock
        self._nmbd = stock.nmbd(_OPTIONS, preload=[test_preload('turns')],
                                env={'TURNS': self._stock.path})

    def under(self):
        """Arguments for the nmbd with the module."""
        return {'preload': [test_preload('turns'), NMBD_MODULES_SO],
                'env': {'TURNS': self._ours.path}}

    def reload(self, values):
        """What the one reads anew, the other does as well."""
        self.host.configure(dict(values, **_OPTIONS))
        self._nmbd.hangup()

    def compare(self):
        """(what was found, whether it is too much), since the last time."""
        turns, ours = self._ours.take()
        _, stock = self._stock.take()
        return ('the longest of %d turns: %.2f ms (stock %.2f)'
                % (turns, ours, stock),
                ours > max(LIMIT_MS, SAME_AS_STOCK * stock))

    def stop(self):
        self._nmbd.stop(20.0)
