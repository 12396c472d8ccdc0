# SPDX-License-Identifier: GPL-3.0-or-later
"""smbd of a host of the lab, with rpcd_msgsvc among its helpers.

Samba starts what lies in a folder of the system, where nothing is to be put
for a test: it, and smbd with it, gets mounts of its own, in which that folder
has one file more, /etc/passwd some users, and /var/log/samba is the lab's.
"""

import glob
import os
import shutil
import subprocess

from lab import MESSENGER_SO, mounts
from lab.wait import wait_for

_BUILT = os.path.dirname(MESSENGER_SO)
RPCD = os.path.join(_BUILT, 'rpcd_msgsvc')
MSGSVC_SO = os.path.join(_BUILT, 'msgsvc.so')
_REMOTE = os.path.join(_BUILT, 'smbmessenger-remote')

HELPERS = '/usr/libexec/samba'
PASSWORD = 'lab-Secret-1'
ADMIN, USER, ROOT = [(name, PASSWORD) for name in ('labadm', 'labusr',
                                                   'root')]

_USERS = ('labadm:x:61001:61001::/:/bin/false\n'
          'labusr:x:61002:61002::/:/bin/false\n')
_GROUPS = 'labadms:x:61001:labadm\nlabusrs:x:61002:\n'

# folders in which something is laid over what is there: $0 to $4
_MOUNTS = ('mount -t overlay -o lowerdir="$0/helpers:$1" none "$1"; '
           'mount -t overlay -o lowerdir="$0/libraries:$2" none "$2"; '
           'mount --bind "$0/log" /var/log/samba; '
           'mount --bind "$0/passwd" /etc/passwd; '
           'mount --bind "$0/group" /etc/group')


def built():
    """Has the build remote administration?"""
    return os.path.exists(RPCD) and os.path.exists(MSGSVC_SO)


def _libraries():
    """Where Samba's private libraries are."""
    return os.path.dirname(glob.glob(
        '/usr/lib/*/samba/libRPC-WORKER-*')[0])


class Samba:
    """smbd and users of a host; up when the constructor returns.

    prepare: called with (path of rpcd_msgsvc, path of msgsvc.so) before
    anything of Samba looks at them: the place to break something.
    """

    def __init__(self, host, prepare=None):
        self.host = host
        self._root = host.path('rpc')
        self.log_folder = os.path.join(self._root, 'log')
        self.helper = os.path.join(self._root, 'helpers', 'rpcd_msgsvc')
        self.library = os.path.join(self._root, 'libraries', 'msgsvc',
                                    'msgsvc.so')
        for path in (self.log_folder, os.path.dirname(self.helper),
                     os.path.dirname(self.library)):
            os.makedirs(path)
        shutil.copy(RPCD, self.helper)
        shutil.copy(MSGSVC_SO, self.library)
        shutil.copy(_REMOTE, os.path.dirname(self.library))
        if prepare is not None:
            prepare(self.helper, self.library)
        for name, more in (('passwd', _USERS), ('group', _GROUPS)):
            shutil.copy('/etc/' + name, os.path.join(self._root, name))
            with open(os.path.join(self._root, name), 'a') as file:
                file.write(more)
        self._words = mounts.private(_MOUNTS, self._root, HELPERS,
                                     _libraries())
        for name, _ in (ADMIN, USER, ROOT):
            self._setup(['smbpasswd', '-c', host.conf, '-s', '-a', name],
                        '%s\n%s\n' % (PASSWORD, PASSWORD))
        self._setup(['net', '-s', host.conf, 'groupmap', 'add',
                     'sid=S-1-5-32-544', 'type=builtin', 'unixgroup=labadms',
                     'ntgroup=Administrators'])
        with open(host.path('smbd.stderr'), 'ab') as errors:
            self.smbd = host.popen(self._words + [
                'smbd', '-F', '--no-process-group', '-s', host.conf,
                '--option=log file=' + host.path('log.smbd')],
                stdout=errors, stderr=errors)
        wait_for(self._listens, 15, 'smbd listens', 0.05, self.describe)

    def _setup(self, command, input=None):
        done = self.host.run(self._words + command, input=input)
        if done.returncode != 0:
            raise AssertionError('%s: %s' % (command,
                                             done.stdout + done.stderr))

    def _listens(self):
        return ':445 ' in self.host.run(['ss', '-Hltn']).stdout

    @property
    def log(self):
        """What the helper has in its log."""
        try:
            with open(os.path.join(self.log_folder, 'log.rpcd_msgsvc'),
                      errors='replace') as file:
                return file.read()
        except FileNotFoundError:
            return ''

    def describe(self):
        text = []
        for path in sorted(glob.glob(self.log_folder + '/*') +
                           [self.host.path('log.smbd')]):
            with open(path, errors='replace') as file:
                lines = file.read().splitlines()[-12:]
            text += ['  --- ' + os.path.basename(path)]
            text += ['  ' + line for line in lines]
        return '\n'.join(text)

    def inside(self, command, **kwargs):
        """Runs a program among smbd's mounts."""
        return self.host.run(mounts.inside(self.smbd.pid) + command,
                             **kwargs)

    def tool(self, client, *args, **kwargs):
        """smbmessenger on another host, which has the package, too."""
        return client.run(mounts.inside(self.smbd.pid) + [
            os.path.join(_BUILT, 'smbmessenger')] + list(args), **kwargs)

    def workers(self):
        """{process id: command line} of the helper's processes here."""
        found = {}
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open('/proc/%s/cmdline' % pid) as file:
                    words = file.read().split('\0')
                if (os.path.basename(words[0]) == 'rpcd_msgsvc' and
                        '--configfile=' + self.host.conf in words):
                    found[int(pid)] = words
            except OSError:
                pass
        return found

    def asks(self, client, command, seconds=20):
        """A stock client's question about the other pipes, as the
        administrator: whether there was an answer in time."""
        try:
            return client.run(command, timeout=seconds).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def others(self, client, seconds=20):
        """srvsvc and lsarpc, asked by Samba's own clients: which answer?"""
        user = ['-U', '%s%%%s' % ADMIN]
        address = self.host.address
        return {
            'srvsvc': self.asks(client, ['rpcclient', address] + user +
                                ['-c', 'srvinfo'], seconds),
            'lsarpc': self.asks(client, ['rpcclient', address] + user +
                                ['-c', 'lsaquery'], seconds)}
