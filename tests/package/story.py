# SPDX-License-Identifier: GPL-3.0-or-later
"""A story told in steps, on the system around it, which is thrown away later.

script/package (smoke.py) and script/systemd (../systemd/live.py) tell one.
Lines that start with "ok: " and "FAILED: " are for the script, the rest for
its log.
"""

import subprocess
import sys
import time
import traceback

NAME = 'nmbd-messenger'
SMB_CONF = '/etc/samba/smb.conf'
LOG = '/var/log/samba/log.nmbd'
TDB = '/var/lib/samba/messenger.tdb'


def run(*args, status=0, **kwargs):
    """Runs a program; its output, both streams, also to the log."""
    print('+ ' + ' '.join(args))
    done = subprocess.run(args, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True, errors='replace', **kwargs)
    print(done.stdout, end='', flush=True)
    if status is not None and done.returncode != status:
        raise AssertionError('%s: status %d' % (' '.join(args),
                                                done.returncode))
    return done.stdout


def need(condition, what):
    if not condition:
        raise AssertionError(what)


def tell(steps, report=lambda: ''):
    """Does one step after the other, (what, function), until one fails.

    report() has what there is to see then. The exit status.
    """
    for what, step in steps:
        begin = time.monotonic()
        try:
            step()
        except (AssertionError, OSError, ValueError, LookupError,
                subprocess.TimeoutExpired):
            traceback.print_exc(file=sys.stdout)
            print(report())
            print('FAILED: ' + what)
            return 1
        print('ok: %s (%.0f s)' % (what, time.monotonic() - begin),
              flush=True)
    return 0
