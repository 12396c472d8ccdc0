#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws docs/architecture.svg: the folders of source/, and what is around
them.

    python3 docs/architecture.py >docs/architecture.svg

What a folder is for, which colour it has and what it uses is read from its
wscript_build.  Here is only where it is put, and the outside.  A folder uses
only folders of lower rows; one that does not is told here, not drawn.  Look
at the picture when a folder is new.
"""

import os
import re
import sys
import textwrap

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, 'tests', 'static'))
import borders  # noqa: E402 (needs the path above)

LINE, CHARACTER = 16, 7.0   # of a text of 12 px, in a wide font
INK = '#1f2937'
BOLD = ' font-weight="bold"'
PASSES = ' stroke="#2563eb" stroke-width="2.2"'

# x and width of each column
COLUMNS = {'tool': (24, 172), 'left': (248, 172), 'middle': (432, 172),
           'right': (616, 172), 'network': (836, 108)}
WIDTH = 956

# From the top; each uses only what is in the rows below it.
ROWS = [
    {'left right': 'control', 'tool': 'remote'},
    {'left right': 'answers', 'tool': 'tool'},
    {'left': 'words', 'middle': 'siblings', 'right': 'who',
     'tool': 'courier'},
    {'left': 'names', 'right': 'nmbd', 'tool': 'notify'},
    {'left': 'listing', 'tool': 'client'},
    {'left': 'netbt', 'middle': 'namelist', 'right': 'observe'},
    {'left middle': 'cluster', 'right': 'store'},
    {'left': 'rules', 'middle': 'sinks', 'right': 'arrivals'},
    {'left': 'events', 'middle': 'mailslot', 'right': 'net', 'tool': 'rpc'},
    {'left': 'aliases', 'middle': 'messages', 'right': 'sources',
     'tool': 'msrp'},
    {'left right': 'ring'},
    {'tool right': 'values'},
    {'tool right': 'arrays'},
]

# programs: heading, more of it, (first and last column), (first and last row)
PROGRAMS = [
    ('smbmessenger', '', ('tool', 'tool'), (0, 4)),
    ('rpcd_msgsvc', '', ('tool', 'tool'), (8, 9)),
    ('messenger.so', 'in nmbd, as the distribution ships it; messenger.c '
     'connects its folders', ('left', 'right'), (0, 10)),
]
HEAD = 26       # of a program
MARGIN = 12

# what is not ours, over the first row: column, heading, text
OUTSIDE = {
    'smbd': ('tool', 'smbd, a person',
             'hand over a message; type a command'),
    'systemd': ('left', 'systemd', 'starts nmbd with nmbd_modules.so in it'),
}
NETWORK = ('The network', 'who else wants a name of ours, who refuses us '
           'one, and who that is; WINS servers; senders of messages')
# a library of one file, beside the folders
BOOTSTRAP = ('middle right', 'nmbd_host', 'bootstrap.c',
             'nmbd_modules.so: the way into nmbd, for any module.')

# what passes over an edge: the network, and these rooms
FROM_NETWORK = {'nmbd': True, 'observe': False, 'arrivals': False,
                'net': True}

KINDS = {
    'pure': ('#dcfce7', 'only computes'),
    'samba': ('#dbeafe', "uses files, sockets, Samba's libraries"),
    'nmbd_host': ('#fde68a', 'reaches into nmbd'),
}


def opening(room):
    """The comment at the head of its wscript_build."""
    text = borders.read(os.path.join(TOP, 'source', room, 'wscript_build'))
    return ' '.join(line.lstrip('# ') for line in
                    text.split('\n\n')[0].splitlines()[1:]).strip()


def described(room):
    """The first sentence of its opening comment."""
    return re.match(r'.*?\.(?=\s|$)', opening(room)).group()


def kind(room, may):
    if re.search(r'\bPure\b', opening(room)):
        return 'pure'
    return 'nmbd_host' if 'nmbd_host' in may else 'samba'


def rows_are_kept(declared):
    row = {room: number for number, rooms in enumerate(ROWS)
           for room in rooms.values()}
    if set(declared) != set(row):
        sys.exit('architecture.py: a place is missing or too many: %s' % (
            ' '.join(sorted(set(declared) ^ set(row)))))
    for room, may in declared.items():
        for other in may:
            if other in row and row[other] <= row[room]:
                sys.exit('architecture.py: %s uses %s, which is not in a row '
                         'below it' % (room, other))


def escape(text):
    return text.replace('&', '&amp;').replace('<', '&lt;')


def words(x, y, text, extra=''):
    return '<text x="%d" y="%d"%s>%s</text>' % (x, y, extra, escape(text))


def frame(place, fill, extra=''):
    return ('<rect x="%d" y="%d" width="%d" height="%d" rx="6" fill="%s" '
            'stroke="%s"%s/>' % (place + (fill, INK, extra)))


def lines(text, width):
    return textwrap.wrap(text, int((width - 16) / CHARACTER))


def needed(text, width):
    """The height of a box with this text under its heading."""
    return 36 + LINE * len(lines(text, width))


def box(place, fill, heading, text):
    x, y, width = place[:3]
    yield frame(place, fill)
    yield words(x + 10, y + 20, heading, BOLD)
    for number, line in enumerate(lines(text, width)):
        yield words(x + 10, y + 38 + LINE * number, line)


def across(columns):
    """x and width from the first of these columns to the last."""
    names = columns.split()
    x = COLUMNS[names[0]][0]
    return x, sum(COLUMNS[names[-1]]) - x


def arrow(start, end, both=False):
    return ('<path d="M %g %g L %g %g" fill="none" marker-end="url(#head)"'
            '%s%s/>' % (*start, *end,
                        ' marker-start="url(#head)"' if both else '', PASSES))


def legend(y):
    x = MARGIN
    for fill, text in KINDS.values():
        yield frame((x, y - 11, 20, 14), fill)
        yield words(x + 26, y, text)
        x += 26 + CHARACTER * len(text) + 16
    yield arrow((x, y - 4), (x + 28, y - 4))
    yield words(x + 34, y, 'what passes')
    yield words(MARGIN, y + 22, 'Each folder uses only folders of lower rows.')


def placed(top):
    """{room: (x, y, width, height)}, and where the last row ends"""
    places = {}
    for rooms in ROWS:
        texts = {room: across(columns) for columns, room in rooms.items()}
        height = max(needed(described(room), width)
                     for room, (_, width) in texts.items())
        for room, (x, width) in texts.items():
            places[room] = (x, top, width, height)
        top += height + MARGIN
        # a program ends, or begins
        top += 8
    return places, top


def draw():
    declared = borders.declared()
    rows_are_kept(declared)
    over = {name: (*COLUMNS[column], heading, text)
            for name, (column, heading, text) in OUTSIDE.items()}
    boot = across(BOOTSTRAP[0])
    first = max([needed(text, width) for _, width, _, text in over.values()] +
                [needed(BOOTSTRAP[3], boot[1])])
    places, bottom = placed(MARGIN + first + 40 + HEAD)
    height = bottom + 44
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<!-- SPDX-License-Identifier: GPL-3.0-or-later'
    yield '     Written by architecture.py: change that, not this. -->'
    yield ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" '
           'width="%d" height="%d" font-family="sans-serif" font-size="12" '
           'fill="%s">' % (WIDTH, height, WIDTH, height, INK))
    yield ('<title>nmbd-messenger: its folders, and what is around '
           'them</title>')
    yield ('<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" '
           'markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" '
           'orient="auto-start-reverse"><path d="M 0 0 L 10 5 L 0 10 z" '
           'fill="%s"/></marker></defs>' % INK)
    yield '<rect width="%d" height="%d" fill="#ffffff"/>' % (WIDTH, height)
    frames = {}
    for name, what, columns, rows in PROGRAMS:
        x, width = across(' '.join(columns))
        y = places[list(ROWS[rows[0]].values())[0]][1]
        last = places[list(ROWS[rows[1]].values())[0]]
        frames[name] = (x - MARGIN, y - HEAD, width + 2 * MARGIN,
                        last[1] + last[3] - y + HEAD + MARGIN - 2)
        yield frame(frames[name], '#f3f4f6')
        yield words(x, y - 9, name, BOLD)
        yield words(x + 10 + int(8.2 * len(name)), y - 9, what)
    # what passes between programs, and to the outside
    for name, (x, width, heading, text) in over.items():
        place = (x, MARGIN, width, first)
        yield from box(place, '#ffffff', heading, text)
    yield from box((boot[0], MARGIN, boot[1], first), KINDS[BOOTSTRAP[1]][0],
                   *BOOTSTRAP[2:])
    below = MARGIN + first
    smbd, systemd = over['smbd'], over['systemd']
    yield arrow((smbd[0] + smbd[1] / 2, below),
                (smbd[0] + smbd[1] / 2, frames['smbmessenger'][1]))
    yield arrow((systemd[0] + systemd[1], MARGIN + first / 2),
                (boot[0], MARGIN + first / 2))
    yield arrow((boot[0] + boot[1] / 2, below),
                (boot[0] + boot[1] / 2, frames['messenger.so'][1]))
    for name in ('smbmessenger', 'rpcd_msgsvc'):
        x, y, width, deep = frames[name]
        yield arrow((x + width, y + deep / 2),
                    (frames['messenger.so'][0], y + deep / 2), True)
    x, width = COLUMNS['network']
    top, end = places['who'][1], places['net'][1] + places['net'][3]
    yield from box((x, top, width, end - top), '#ffffff', *NETWORK)
    for room, both in FROM_NETWORK.items():
        place = places[room]
        y = place[1] + place[3] / 2
        yield arrow((x, y), (place[0] + place[2], y), both)
    for room, place in places.items():
        yield from box(place, KINDS[kind(room, declared[room])][0],
                       room + '/', described(room))
    yield from legend(height - 32)
    yield '</svg>'


if __name__ == '__main__':
    sys.stdout.write('\n'.join(draw()) + '\n')
