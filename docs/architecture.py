#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws docs/architecture.svg: the folders of source/, and what is around
them.

    python3 docs/architecture.py >docs/architecture.svg

What a folder is for, which colour it has and where its arrows lead is read
from its wscript_build.  Here is only where it is put, and the outside.  Look
at the picture when a folder or an arrow is new.
"""

import os
import re
import sys
import textwrap

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, 'tests', 'static'))
import borders  # noqa: E402 (needs the path above)

WIDTH, HEIGHT = 860, 1348
LINE, CHARACTER = 16, 7.0   # of a text of 12 px, in a wide font
INK = '#1f2937'
BOLD = ' font-weight="bold"'
USES = ' stroke="%s" stroke-width="1.3"' % INK
PASSES = ' stroke="#2563eb" stroke-width="2.2"'

# room: (x, y, width, height)
ROOMS = {
    'tool': (236, 12, 206, 80),
    'control': (84, 226, 346, 64),
    'who': (454, 226, 214, 82),
    'nmbd': (454, 332, 214, 82),
    'namelist': (454, 438, 214, 82),
    'observe': (454, 544, 214, 82),
    'net': (454, 650, 214, 100),
    'sinks': (36, 318, 182, 220),
    'words': (242, 318, 188, 80),
    'names': (242, 426, 188, 82),
    'netbt': (242, 536, 188, 128),
    'rules': (242, 692, 188, 112),
    'aliases': (242, 832, 188, 96),
    'events': (242, 956, 188, 112),
    'arrivals': (36, 692, 182, 112),
    'mailslot': (36, 832, 182, 96),
    'client': (236, 118, 206, 76),
    'courier': (712, 112, 136, 180),
    'messages': (36, 956, 182, 112),
    'values': (242, 1096, 266, 96),
    'sources': (36, 1218, 632, 48),
}
# processes of their own, beside nmbd
ROOMS['remote'] = (712, ROOMS['values'][1] - 334, 136, 96)
ROOMS['rpc'] = (712, ROOMS['values'][1] - 226, 136, 112)
ROOMS['msrp'] = (712, ROOMS['values'][1] - 14, 136, 96)

# a library of one file, beside the folders: (x, y, width, height, kind,
# heading, text)
BOOTSTRAP = (454, 132, 214, 64, 'nmbd_host', 'bootstrap.c',
             'nmbd_modules.so: the way into nmbd, for any module.')

# the two that hold most of them
NMBD = (12, 108, 680, 1204)
MODULE = (24, 212, 656, 1088)

# what is not ours: (x, y, width, height, heading, text)
OUTSIDE = {
    'logs': (12, 12, 206, 80, 'Logs',
             "log.nmbd, systemd's journal, JSON lines, Samba's event log"),
    'systemd': (460, 12, 218, 80, 'systemd',
                'starts nmbd, with nmbd_modules.so in it (LD_PRELOAD)'),
    'smbd': (712, 12, 136, 80, 'smbd', 'receives messages'),
    'network': (712, 376, 136, 374, 'The network',
                'who else wants a name of ours, who refuses us one, and who '
                'that is; WINS servers; senders of messages'),
    'machine': (712, 1202, 136, 80, 'This machine',
                'smb.conf, who is logged on, the store'),
}

# what passes: (from, to, both ways?, where along the edge)
FLOWS = [
    ('sinks', 'logs', False, 60),
    ('client', 'control', True, None),
    ('systemd', 'bootstrap', False, None),
    ('rpc', 'module', True, None),
    ('network', 'smbd', False, None),
    ('smbd', 'courier', False, None),
    ('network', 'nmbd', True, None),
    ('network', 'observe', False, None),
    ('network', 'net', True, None),
    ('machine', 'sources', True, None),
]

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
    """Its heading, and the first sentence of its opening comment."""
    program = re.search(r"bld\.program\(.*?target='\.\./(\w+)'", borders.read(
        os.path.join(TOP, 'source', room, 'wscript_build')), re.S)
    return (room + '/' + (': ' + program.group(1) if program else ''),
            re.match(r'.*?\.(?=\s|$)', opening(room)).group())


def kind(room, may):
    if re.search(r'\bPure\b', opening(room)):
        return 'pure'
    return 'nmbd_host' if 'nmbd_host' in may else 'samba'


def reach(graph, start):
    """What can be reached from there, by one arrow or more."""
    found = set()
    todo = list(graph[start])
    while todo:
        room = todo.pop()
        if room not in found:
            found.add(room)
            todo += graph[room]
    return found


# would go across all of it: how the tool tells outcomes
UNDRAWN = [('remote', 'tool'), ('remote', 'client')]


def arrows(declared):
    """Of what is allowed, what no longer way allows as well."""
    graph = {room: [other for other in may if other in declared]
             for room, may in declared.items()}
    for room in sorted(graph):
        for other in sorted(graph[room]):
            if not any(other in reach(graph, between)
                       for between in graph[room]):
                yield room, other


def escape(text):
    return text.replace('&', '&amp;').replace('<', '&lt;')


def words(x, y, text, extra=''):
    return '<text x="%d" y="%d"%s>%s</text>' % (x, y, extra, escape(text))


def frame(place, fill, extra=''):
    return ('<rect x="%d" y="%d" width="%d" height="%d" rx="6" fill="%s" '
            'stroke="%s"%s/>' % (place + (fill, INK, extra)))


def box(place, fill, heading, text, extra=''):
    x, y, width, height = place
    yield frame(place, fill, extra)
    yield words(x + 10, y + 20, heading, BOLD)
    lines = textwrap.wrap(text, int((width - 16) / CHARACTER))
    if 30 + LINE * len(lines) > height:
        sys.exit('architecture.py: too much text for %s' % heading)
    for number, line in enumerate(lines):
        yield words(x + 10, y + 38 + LINE * number, line)


def overlap(start1, size1, start2, size2):
    """The middle of what both cover, or None."""
    low, high = max(start1, start2), min(start1 + size1, start2 + size2)
    return (low + high) / 2 if low < high else None


def arrow(start, end, both=False, at=None, extra=''):
    """From edge to edge: straight where they face each other."""
    x = at or overlap(start[0], start[2], end[0], end[2])
    y = None if x else overlap(start[1], start[3], end[1], end[3])
    line = []
    for place, other in ((start, end), (end, start)):
        across = place[0] + (place[2] if other[0] > place[0] else 0)
        down = place[1] + (place[3] if other[1] > place[1] else 0)
        line += [x or (across if y else place[0] + place[2] / 2),
                 y or down]
    return ('<path d="M %g %g L %g %g" fill="none" marker-end="url(#head)"'
            '%s%s/>' % (*line, ' marker-start="url(#head)"' if both else '',
                        extra))


def legend(y):
    x = 12
    for fill, text in KINDS.values():
        yield frame((x, y - 11, 20, 14), fill)
        yield words(x + 26, y, text)
        x += 26 + CHARACTER * len(text) + 20
    yield arrow((x, y - 7, 0, 6), (x + 28, y - 7, 0, 6), extra=USES)
    yield words(x + 34, y, 'may use')
    x += 34 + CHARACTER * 7 + 20
    yield arrow((x, y - 7, 0, 6), (x + 28, y - 7, 0, 6), extra=PASSES)
    yield words(x + 34, y, 'data')


def draw():
    declared = borders.declared()
    if set(declared) != set(ROOMS):
        sys.exit('architecture.py: a place is missing or too many: %s' % (
            ' '.join(sorted(set(declared) ^ set(ROOMS)))))
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<!-- SPDX-License-Identifier: GPL-3.0-or-later'
    yield '     Written by architecture.py: change that, not this. -->'
    yield ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" '
           'width="%d" height="%d" font-family="sans-serif" font-size="12" '
           'fill="%s">' % (WIDTH, HEIGHT, WIDTH, HEIGHT, INK))
    yield ('<title>nmbd-messenger: its folders, and what is around '
           'them</title>')
    yield ('<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" '
           'markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" '
           'orient="auto-start-reverse"><path d="M 0 0 L 10 5 L 0 10 z" '
           'fill="%s"/></marker></defs>' % INK)
    yield '<rect width="%d" height="%d" fill="#ffffff"/>' % (WIDTH, HEIGHT)
    yield frame(NMBD, '#f3f4f6')
    yield words(ROOMS['control'][0], NMBD[1] + 34, 'nmbd', BOLD)
    yield words(ROOMS['control'][0], NMBD[1] + 34 + LINE,
                'as the distribution ships it')
    yield frame(MODULE, '#ffffff', ' stroke-dasharray="5 3"')
    bottom = MODULE[1] + MODULE[3] - 13
    yield words(ROOMS['sources'][0], bottom, 'messenger.so', BOLD)
    yield words(ROOMS['sources'][0] + 106, bottom,
                'messenger.c connects its folders: what one learns it hands '
                'to the others')
    for room, other in arrows(declared):
        if (room, other) in UNDRAWN:
            continue
        yield arrow(ROOMS[room], ROOMS[other], extra=USES)
    yield arrow(BOOTSTRAP[:4], MODULE, extra=PASSES)
    places = {**OUTSIDE, **ROOMS, 'bootstrap': BOOTSTRAP, 'module': MODULE}
    for start, end, both, at in FLOWS:
        yield arrow(places[start], places[end], both, at, PASSES)
    for room, place in ROOMS.items():
        yield from box(place, KINDS[kind(room, declared[room])][0],
                       *described(room))
    yield from box(BOOTSTRAP[:4], KINDS[BOOTSTRAP[4]][0], *BOOTSTRAP[5:])
    for place in OUTSIDE.values():
        yield from box(place[:4], '#ffffff', *place[4:])
    yield from legend(HEIGHT - 12)
    yield '</svg>'


if __name__ == '__main__':
    sys.stdout.write('\n'.join(draw()) + '\n')
