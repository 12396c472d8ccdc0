#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws docs/terminal.svg: the first two sessions of README.md, which
tests/docs/run.py has written from a real run, as a terminal shows them.

    python3 docs/terminal.py >docs/terminal.svg
"""

import os
import re
import sys
import textwrap

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Beside the sessions, and not looking like one: "#" is root's prompt.
TITLES = ('Stock nmbd, two seconds after the refusal:',
          'With the module, one millisecond after it:')
COLUMNS, ADVANCE, LINE, MARGIN = 80, 7.8, 18, 16
STYLES = {'title': 'fill="#ffa657" font-style="italic"',
          'command': 'fill="#7ee787"',
          'output': 'fill="#e6edf3"'}


def escape(text):
    return text.replace('&', '&amp;').replace('<', '&lt;')


def sessions():
    with open(os.path.join(TOP, 'README.md'), encoding='utf-8') as readme:
        return re.findall(r'^```console\n(.*?)^```$', readme.read(),
                          re.M | re.S)[:len(TITLES)]


def wrapped(line):
    """At blanks, so that an address or a name stays in one piece."""
    return textwrap.wrap(line, COLUMNS, break_long_words=False,
                         break_on_hyphens=False, drop_whitespace=True,
                         subsequent_indent='  ') or ['']


def lines():
    """(kind, text) from the top to the bottom."""
    for title, session in zip(TITLES, sessions()):
        yield 'title', title
        for line in session.splitlines():
            for part in wrapped(line):
                yield 'command' if line.startswith('# ') else 'output', part
        yield 'output', ''


def draw():
    rows = list(lines())[:-1]
    width = int(COLUMNS * ADVANCE) + 2 * MARGIN
    height = len(rows) * LINE + 2 * MARGIN
    yield '<!-- SPDX-License-Identifier: GPL-3.0-or-later'
    yield '     Written by terminal.py: change that, not this. -->'
    yield ('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
           'viewBox="0 0 %d %d" font-family="monospace" font-size="13">'
           % (width, height, width, height))
    yield '<title>A refused computer name, told by stock nmbd and by us</title>'
    yield ('<rect width="%d" height="%d" rx="8" fill="#0d1117"/>'
           % (width, height))
    for number, (kind, text) in enumerate(rows):
        if text:
            yield ('<text x="%d" y="%d" %s xml:space="preserve">%s</text>'
                   % (MARGIN, MARGIN + (number + 0.75) * LINE, STYLES[kind],
                      escape(text)))
    yield '</svg>'


if __name__ == '__main__':
    sys.stdout.write('\n'.join(draw()) + '\n')
