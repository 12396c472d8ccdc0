#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Line coverage of source/, and what no test reaches against the list of it.

    python3 tests/coverage/check.py FOLDER

FOLDER is a build with --enable-coverage whose tests have been run. Each
function with lines that were not reached must stand in docs/coverage.md, in a
row "| file | function | ..."; one that stands there and was reached is
advice, for a run may reach more than another. The last line is
"coverage: N of N lines, P %"; below 90 % it is a failure, too.
"""

import json
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
TARGET = 90.0


def measured(folder):
    """[(file, [(line, times it was reached)])]"""
    done = subprocess.run(
        ['gcovr', '--root', TOP, '--filter', 'source/', '--object-directory',
         folder, '--json', '-', folder],
        cwd=TOP, stdout=subprocess.PIPE, universal_newlines=True)
    if done.returncode != 0:
        sys.exit('gcovr failed')
    return sorted(
        (os.path.relpath(entry['file'], 'source'),
         [(line['line_number'], line['count']) for line in entry['lines']
          if not line.get('gcovr/noncode')])
        for entry in json.loads(done.stdout)['files'])


def functions(name):
    """[(first line, last line, function)] of a source file in this style."""
    found = []
    function = None
    with open(os.path.join(TOP, 'source', name), encoding='utf-8') as source:
        for number, text in enumerate(source, 1):
            head = re.match(r'[A-Za-z_].*?\b(\w+)\(', text)
            if head:
                first, function = number, head.group(1)
            elif text.startswith('}') and function is not None:
                found.append((first, number, function))
                function = None
    return found


def unreached(name, lines):
    """{function: [line]}"""
    where = functions(name)
    found = {}
    for number, count in lines:
        if count == 0:
            function = next((function for first, last, function in where
                             if first <= number <= last), '?')
            found.setdefault(function, []).append(number)
    return found


def listed():
    """{(file, function)} of docs/coverage.md"""
    with open(os.path.join(TOP, 'docs', 'coverage.md'),
              encoding='utf-8') as document:
        return set(re.findall(r'^\| ([\w/]+\.c) \| `(\w+)` \|', document.read(),
                              re.M))


def main():
    known = listed()
    seen = set()
    failed = 0
    total = reached = 0
    for name, lines in measured(sys.argv[1]):
        hit = sum(1 for _, count in lines if count)
        total += len(lines)
        reached += hit
        print('%-24s %4d of %4d lines  %5.1f %%'
              % (name, hit, len(lines), 100.0 * hit / max(1, len(lines))))
        for function, numbers in unreached(name, lines).items():
            seen.add((name, function))
            if (name, function) not in known:
                failed += 1
                print('FAIL %s: %s: not reached, not in docs/coverage.md: '
                      'line%s %s' % (name, function,
                                     's' if len(numbers) > 1 else '',
                                     ', '.join(map(str, numbers))))
    for name, function in sorted(known - seen):
        print('advice: %s: %s: reached by this run; docs/coverage.md has it'
              % (name, function))
    percent = 100.0 * reached / total
    if percent < TARGET:
        failed += 1
        print('FAIL less than %.0f %%' % TARGET)
    print('coverage: %d of %d lines, %.1f %%' % (reached, total, percent))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
