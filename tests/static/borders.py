#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of source/ and the arrows between them, from the includes.

    borders.py          fails on an include that its folder does not declare,
                        on a circle, on a folder or file that outgrew a head
    borders.py graph    prints the arrows, a folder a line

What a folder may include stands in its wscript_build and nowhere else: may=
of bld.room(), or the list that bld.includes_of() is given there.
"""

import glob
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
FILES_MAX = 16      # of a folder, its wscript_build not counted
LINES_MAX = 420     # of a file
# folders of include/, by the names they have in a declaration
HEADERS = {'public': 'public', 'samba': 'samba', 'nmbd': 'nmbd_host'}


def read(path):
    with open(path, encoding='utf-8') as source:
        return source.read()


def declared():
    """{room: what it may include}"""
    rooms = {}
    for path in glob.glob(os.path.join(TOP, 'source', '*', 'wscript_build')):
        text = read(path)
        may = re.search(r"may='([^']*)'", text)
        paths = re.search(r'includes_of\(\[([^]]*)\]', text)
        rooms[os.path.basename(os.path.dirname(path))] = (
            may.group(1).split() if may else
            re.findall(r"'(\w+)'", paths.group(1)) if paths else [])
    return rooms


def files():
    """{room: [path]}; the headers of include/ are rooms, too"""
    found = {name: glob.glob(os.path.join(TOP, 'include', folder, '*.h'))
             for folder, name in HEADERS.items()}
    for room in declared():
        found[room] = sorted(glob.glob(os.path.join(TOP, 'source', room,
                                                    '*.[ch]')))
    return found


def arrows():
    """(room, file, line, included room or None, included file)"""
    where = {}
    for room, paths in files().items():
        for path in paths:
            where[os.path.basename(path)] = room
    for room, paths in files().items():
        for path in paths:
            for number, line in enumerate(read(path).splitlines(), 1):
                match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
                if match:
                    yield (room, os.path.relpath(path, TOP), number,
                           where.get(match.group(1)), match.group(1))


def circle(graph):
    """A way from a node back to it, or None."""
    done, way = set(), []

    def walk(node):
        if node in way:
            return way[way.index(node):] + [node]
        if node in done:
            return None
        way.append(node)
        for other in graph.get(node, ()):
            found = walk(other)
            if found:
                return found
        done.add(way.pop())
        return None

    for node in sorted(graph):
        found = walk(node)
        if found:
            return found
    return None


def complaints():
    may = declared()
    graph = {}
    for room, path, line, other, name in arrows():
        graph.setdefault(path, set())
        if other is None:
            yield '%s:%d: "%s" is in no folder of source/ or include/' % (
                path, line, name)
        elif other not in (room, 'public') and (
                other not in may.get(room, ['samba'])):
            yield ('%s:%d: %s/ may not look into %s/ ("%s"): '
                   'source/%s/wscript_build allows %s' % (
                       path, line, room, other, name, room,
                       ' '.join(may.get(room, [])) or 'nothing'))
        elif other != room and name.endswith('_private.h') and (
                other in may):
            yield '%s:%d: "%s" is private to source/%s/' % (
                path, line, name, other)
        for target in (p for p in files().get(other, ())
                       if os.path.basename(p) == name):
            graph[path].add(os.path.relpath(target, TOP))
    for kind, found in (('folders', circle(may)), ('files', circle(graph))):
        if found:
            yield 'a circle of %s: %s' % (kind, ' -> '.join(found))
    for room, paths in files().items():
        if len(paths) > FILES_MAX:
            yield 'source/%s/ has %d files, more than %d' % (
                room, len(paths), FILES_MAX)
        for path in paths:
            lines = read(path).count('\n')
            if lines > LINES_MAX:
                yield '%s has %d lines, more than %d' % (
                    os.path.relpath(path, TOP), lines, LINES_MAX)


def main():
    if sys.argv[1:] == ['graph']:
        seen = {}
        for room, _, _, other, _ in arrows():
            seen.setdefault(room, set()).add(other)
        for room in sorted(seen):
            print('%-10s -> %s' % (room, ' '.join(sorted(
                name for name in seen[room] if name not in (None, room)))))
        return 0
    found = list(complaints())
    print('\n'.join(found) if found else 'no border is crossed')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
