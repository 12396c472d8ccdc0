# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures: samples of one quantity for several setups, and how they look.

Knows nothing of what was measured. The setup that comes first in a group is
what the others are compared with, round by round: sample n of one against
sample n of the other, so that a slow minute of the machine slows both.
"""

import statistics

_HEADS = ('', 'median', 'range', 'of the first (range)', 'limit')
_ROW = '  %-27s%9s  %-15s  %-26s%s'


def _number(value):
    """Three digits that say something, never an exponent."""
    size = abs(value)
    if size >= 100:
        return '%.0f' % value
    for limit, digits in ((10, 1), (1, 2), (0.01, 3), (0.001, 4)):
        if size >= limit:
            return '%.*f' % (digits, value)
    return '%.5f' % value


def _range(values, text=_number):
    low, high = text(min(values)), text(max(values))
    return '' if low == high else '%s-%s' % (low, high)


class Line:
    """One setup's samples.

    limit: the largest median that is allowed; ratio_limit: the largest
    median of its ratios to the first line.
    """

    def __init__(self, label, samples, limit=None, ratio_limit=None):
        self.label = label
        self.samples = list(samples)
        self.limit = limit
        self.ratio_limit = ratio_limit

    def ratios(self, first):
        return [mine / other for mine, other
                in zip(self.samples, first.samples)]

    def kept(self, first):
        """Whether it is within its limits."""
        if (self.ratio_limit is not None and statistics.median(
                self.ratios(first)) > self.ratio_limit):
            return False
        return (self.limit is None
                or statistics.median(self.samples) <= self.limit)

    def cells(self, first, digits):
        """What a row of the table says, without its frame."""
        def text(value):
            return ('%.*f' % (digits, value) if 0.1 < value < 10
                    else _number(value))

        ratio = limit = ''
        if first not in (None, self):
            ratios = self.ratios(first)
            ratio = text(statistics.median(ratios))
            spread = _range(ratios, text)
            if spread:
                ratio += ' (%s)' % spread
        if self.limit is not None:
            limit = '%g' % self.limit
        elif self.ratio_limit is not None:
            limit = '%gx' % self.ratio_limit
        if limit:
            limit += ' kept' if self.kept(first) else ' BROKEN'
        return (self.label, _number(statistics.median(self.samples)),
                _range(self.samples), ratio, limit)


class Group:
    """A quantity: a title with its unit, and a line per setup.

    compare: whether the others are compared with the first; digits: of the
    ratios, behind the point.
    """

    def __init__(self, title, lines, note=None, compare=True, digits=2):
        self.title = title
        self.lines = lines
        self.note = note
        self._first = lines[0] if compare else None
        self._digits = digits

    def broken(self):
        """The lines beyond their limits."""
        return [line for line in self.lines if not line.kept(self._first)]

    def _head(self):
        count = len(self.lines[0].samples)
        return '%s (%d run%s)' % (self.title, count, '' if count == 1 else 's')

    def _cells(self):
        return [line.cells(self._first, self._digits) for line in self.lines]

    def text(self):
        out = [self._head()]
        out += [(_ROW % cells).rstrip() for cells in self._cells()]
        if self.note:
            out.append('  ' + self.note)
        return '\n'.join(out) + '\n'

    def markdown(self):
        out = ['## %s' % self._head(), '', '| %s |' % ' | '.join(_HEADS),
               '|---|--:|---|---|---|']
        out += ['| %s |' % ' | '.join(cells) for cells in self._cells()]
        if self.note:
            out += ['', self.note]
        return '\n'.join(out) + '\n'


def heads():
    """The line above the first group."""
    return _ROW % _HEADS
