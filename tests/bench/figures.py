# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures: samples of one quantity for several setups, and how they look.

Knows nothing of what was measured. A line is compared with the base above it,
which is the first one of the group unless there are more, round by round:
sample n of one against sample n of the other, so that a slow minute of the
machine slows both.
"""

import statistics
import textwrap

_HEADS = ('', 'median', 'range', 'of the base (range)', 'limit')
_ROW = '  %-39s%8s  %-15s  %-26s%s'


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
    if low == high:
        return ''
    return ('%s to %s' if low.startswith('-') else '%s-%s') % (low, high)


def _ratio(mine, base):
    """Of nothing, nothing is the same."""
    if base == 0:
        return 1.0 if mine == 0 else float('inf')
    return mine / base


class Line:
    """One setup's samples.

    limit: the largest median that is allowed, or with least, the largest
    minimum; ratio_limit: the largest median of its ratios to the base; base:
    lines below are compared with it.
    """

    def __init__(self, label, samples, limit=None, ratio_limit=None,
                 base=False, least=False):
        self.label = label
        self.samples = list(samples)
        self.limit = limit
        self.ratio_limit = ratio_limit
        self.base = base
        self._typical = min if least else statistics.median

    def ratios(self, base):
        return [_ratio(mine, other) for mine, other
                in zip(self.samples, base.samples)]

    def kept(self, base):
        """Whether it is within its limits."""
        if (self.ratio_limit is not None and statistics.median(
                self.ratios(base)) > self.ratio_limit):
            return False
        return (self.limit is None
                or self._typical(self.samples) <= self.limit)

    def cells(self, base, digits):
        """What a row of the table says, without its frame."""
        def text(value):
            return ('%.*f' % (digits, value) if 0.1 < value < 10
                    else _number(value))

        ratio = limit = ''
        if base is not None:
            ratios = self.ratios(base)
            ratio = text(statistics.median(ratios))
            spread = _range(ratios, text)
            if spread:
                ratio += ' (%s)' % spread
        if self.limit is not None:
            limit = '%g' % self.limit
        elif self.ratio_limit is not None:
            limit = '%gx' % self.ratio_limit
        if limit:
            limit += ' kept' if self.kept(base) else ' BROKEN'
        return (self.label, _number(statistics.median(self.samples)),
                _range(self.samples), ratio, limit)


class Group:
    """A quantity: a title with its unit, and a line per setup.

    compare: whether lines are compared with their base; digits: of the
    ratios, behind the point.
    """

    def __init__(self, title, lines, note=None, compare=True, digits=2):
        self.title = title
        self.lines = lines
        self.note = note
        self._compare = compare
        self._digits = digits

    def _with_bases(self):
        """(line, its base); a base has none."""
        base = None
        for line in self.lines:
            if line.base or line is self.lines[0]:
                base = line
            alone = line is base or not self._compare
            yield line, None if alone else base

    def broken(self):
        """The lines beyond their limits."""
        return [line for line, base in self._with_bases()
                if not line.kept(base)]

    def _head(self):
        count = len(self.lines[0].samples)
        return '%s (%d run%s)' % (self.title, count, '' if count == 1 else 's')

    def _cells(self):
        return [line.cells(base, self._digits)
                for line, base in self._with_bases()]

    def text(self):
        out = [self._head()]
        out += [(_ROW % cells).rstrip() for cells in self._cells()]
        if self.note:
            out.append(textwrap.fill(self.note, 78, initial_indent='  ',
                                     subsequent_indent='  '))
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
