# SPDX-License-Identifier: GPL-3.0-or-later
"""Mounts that only one nmbd sees."""

import subprocess

from . import check


def private(script, *args):
    """Words before a command that run a shell script in a mount namespace of
    the command's own; $0 and on are args.

    In a bare chroot, whose root is no mount point, the kernel cannot keep
    such mounts from the rest of the machine: the test is skipped there.
    """
    probe = subprocess.run(['unshare', '-m', 'true'],
                           stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
    if probe.returncode != 0:
        raise check.Skip('no mount namespace: a chroot that is not a mount '
                         'point')
    return (['unshare', '-m', 'sh', '-c',
             'set -e; ' + script + '; shift %d; exec "$@"' % (len(args) - 1)]
            + list(args))
