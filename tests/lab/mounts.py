# SPDX-License-Identifier: GPL-3.0-or-later
"""Mounts that only one nmbd sees."""

import functools
import subprocess
import tempfile

from . import check


def _works(*words):
    return subprocess.run(list(words) + ['true'], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


def _stays_inside(words):
    """Is a mount made behind these words unseen from here?"""
    with tempfile.TemporaryDirectory() as folder:
        probe = subprocess.Popen(
            words + ['sh', '-c', 'mount -t tmpfs probe "$0" && echo made; '
                     'read end; umount "$0"', folder],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        made = probe.stdout.readline()
        with open('/proc/self/mountinfo') as mounts:
            seen = folder in mounts.read()
        probe.communicate()
        return made == b'made\n' and not seen


@functools.lru_cache(maxsize=None)
def _namespace():
    """Words before a command that give it mounts of its own, or None.

    In a chroot whose root is no mount point, unshare cannot keep mounts from
    the rest of the machine; whoever made the chroot may have done so.
    """
    words = ['unshare', '-m']
    if _works(*words):
        return words
    words += ['--propagation', 'unchanged']
    return words if _stays_inside(words) else None


def private(script, *args):
    """Words before a command that run a shell script in a mount namespace of
    the command's own; $0 and on are args."""
    words = _namespace()
    if words is None:
        raise check.Skip('mounts would be seen outside of this chroot')
    return (words + ['sh', '-c', 'set -e; ' + script +
                     '; shift %d; exec "$@"' % (len(args) - 1)] + list(args))


def inside(pid):
    """Words before a command that let it see the mounts of a process; in a
    chroot, by the root of that process."""
    return ['nsenter', '--mount=/proc/%d/ns/mnt' % pid,
            '--root=/proc/%d/root' % pid, '--']
