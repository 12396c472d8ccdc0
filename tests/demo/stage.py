# SPDX-License-Identifier: GPL-3.0-or-later
"""What the audience sees: headings, commands as they are typed, output.

Owns how things look, not what happens. Commands are run by a shell in the
folder of their host, where the log files are; the shell adds the option that
names the host's own smb.conf, and nothing else differs from what is shown.
"""

import os
import shlex
import sys
import textwrap

from lab import MESSENGER_SO
from lab.ending import Failure

COLUMNS = 80

# What an administrator need not type, for there all has its usual place.
_ALIASES = ''.join(
    '%s() { command %s -s smb.conf "$@"; }\n'
    % (os.path.basename(program), shlex.quote(program))
    for program in ('nmblookup', 'smbcontrol',
                    os.path.join(os.path.dirname(MESSENGER_SO),
                                 'smbmessenger')))


def _fold(line):
    """A line as a terminal of 80 columns would need it."""
    line = line.expandtabs().rstrip()
    if len(line) <= COLUMNS:
        return [line]
    if line.startswith('{'):
        return [line[at:at + COLUMNS] for at in range(0, len(line), COLUMNS)]
    indent = ' ' * (len(line) - len(line.lstrip()) + 2)
    return textwrap.wrap(line, COLUMNS, subsequent_indent=indent,
                         break_on_hyphens=False)


def _show(text=''):
    print(text, flush=True)


def _emphasis(text, code):
    if not sys.stdout.isatty():
        return text
    return '\033[%sm%s\033[0m' % (code, text)


def chapter(number, title):
    _show(_emphasis('%d. %s' % (number, title), 1))
    _show()


def say(text):
    for line in textwrap.wrap(' '.join(text.split()), COLUMNS):
        _show(line)
    _show()


def prompt(host, command):
    """A command line that something else than run() carries out."""
    for at, line in enumerate(command.split('\n')):
        lead = '%s# ' % host.name if at == 0 else '  '
        _show(_emphasis(lead + line, 1))


def run(host, command):
    """Shows a command line and what it prints; returns that."""
    prompt(host, command)
    done = host.run(['sh', '-c', _ALIASES + command])
    text = (done.stdout + done.stderr).strip('\n')
    for line in text.splitlines():
        for part in _fold(line):
            _show(part)
    _show()
    return text


def expect(happened, what):
    """One turn of the story; without it the rest makes no sense."""
    if not happened:
        raise Failure('this did not happen: ' + what)
