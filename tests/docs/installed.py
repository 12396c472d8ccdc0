# SPDX-License-Identifier: GPL-3.0-or-later
"""What the build installs, seen where Debian's package has it.

./waf install puts it into a folder, which is laid over /usr in a mount
namespace of this process: programs, plug-ins, units, documents and examples
are there by their absolute names, for this process and its children.
"""

import atexit
import ctypes
import os
import shutil
import subprocess
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

CLONE_NEWNS = 0x20000
MS_RDONLY = 0x1
MS_REC_PRIVATE = 0x4000 | 0x40000

_libc = ctypes.CDLL(None, use_errno=True)


def mount(source, target, kind=None, flags=0, data=None):
    encoded = [None if text is None else text.encode()
               for text in (source, target, kind, data)]
    if _libc.mount(*encoded[:3], ctypes.c_ulong(flags), encoded[3]) != 0:
        error = ctypes.get_errno()
        raise OSError(error, 'mount %s: %s' % (target, os.strerror(error)))


def unmount(target):
    _libc.umount2(target.encode(), 2)


def _installed():
    """The usr of what ./waf install installs."""
    folder = tempfile.mkdtemp(prefix='nmbd-installed-')
    atexit.register(shutil.rmtree, folder, True)
    os.chmod(folder, 0o755)
    done = subprocess.run(['./waf', 'install', '--destdir=' + folder],
                          cwd=TOP, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True)
    if done.returncode != 0:
        raise OSError('./waf install: ' + done.stdout)
    # Debian's systemd.pc names /lib, which is a link to it
    if os.path.isdir(os.path.join(folder, 'lib')):
        shutil.copytree(os.path.join(folder, 'lib'),
                        os.path.join(folder, 'usr/lib'), dirs_exist_ok=True)
    return os.path.join(folder, 'usr')


def own_mounts():
    """From here on mounts are ours alone: /run is empty, and /usr has what
    is built."""
    usr = _installed()
    if _libc.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), 'unshare')
    mount('none', '/', None, MS_REC_PRIVATE)
    mount('overlay', '/usr', 'overlay', MS_RDONLY, 'lowerdir=%s:/usr' % usr)
    mount('tmpfs', '/run', 'tmpfs')
    os.makedirs('/run/systemd/journal')
    os.mkdir('/run/log')
    mount('tmpfs', '/usr/local/sbin', 'tmpfs')
