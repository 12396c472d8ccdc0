#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote administration as a package: run in a clean chroot, as root, behind
smoke.py.

nmbd-messenger-rpc is installed, used, upgraded and removed under a smbd whose
other pipes are asked all the time, from another host.
"""

import glob
import os
import signal
import stat
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from lab.lab import Lab  # noqa: E402
from lab.wait import wait_for  # noqa: E402
from rpc.client import Client  # noqa: E402
from smoke import Daemon, add_line, drop_in_environment  # noqa: E402
from smoke import newer_of, snapshot, wait_running  # noqa: E402
from story import NAME, need, run, tell  # noqa: E402

RPC = NAME + '-rpc'
USER = ('root', 'lab-Secret-1')
SOCKET = '/run/samba/ncalrpc/np/msgsvc'


class Neighbours:
    """Asks srvsvc and lsarpc all the time, in a thread."""

    def __init__(self, story):
        self.story = story

    def __enter__(self):
        self._ended = threading.Event()
        self.asked = 0
        self.failed = []
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()
        return self

    def _ask(self):
        while not self._ended.is_set():
            for command in ('srvinfo', 'lsaquery'):
                began = time.monotonic()
                done = self.story.other.run(
                    ['rpcclient', self.story.host.address, '-U', '%s%%%s'
                     % USER, '-c', command], timeout=60)
                took = time.monotonic() - began
                self.asked += 1
                if done.returncode != 0 or took > 15:
                    self.failed.append('%s after %.0f s: %s' % (
                        command, took, done.stdout + done.stderr))

    def __exit__(self, kind, error, traceback):
        self._ended.set()
        self._thread.join()
        if error is None:
            need(self.asked >= 2, 'they were never asked')
            need(not self.failed, 'failed: %s' % self.failed)
            print('# the other pipes answered %d times' % self.asked)


class Story:
    def __init__(self, lab):
        self.host = lab.host('ALPHA', '10.88.0.2/24')
        self.other = lab.host('BRAVO', '10.88.0.9/24')
        self.debs = [glob.glob(os.path.join(HERE, name + '_*.deb'))[0]
                     for name in (NAME, RPC)]
        self.before = None
        self.smbd = None
        self.daemon = None

    def apt(self, *args):
        return run('apt-get', '-q', '-y', '--no-install-recommends', *args)

    def start_smbd(self):
        # its end is that of its process group
        with open(self.host.path('smbd.stderr'), 'ab') as errors:
            self.smbd = self.host.popen(
                ['smbd', '-F', '--no-process-group'], stdout=errors,
                stderr=errors, start_new_session=True)
        wait_for(lambda: ':445 ' in self.host.run(['ss', '-Hltn']).stdout, 20,
                 'smbd listens')

    def stop_smbd(self):
        """With all that it has started, as systemd does."""
        self.smbd.terminate()
        self.smbd.wait(10)
        for comm in glob.glob('/proc/[0-9]*/comm'):
            try:
                with open(comm) as file:
                    name = file.read().strip()
                if name in ('samba-dcerpcd', 'smbd') or \
                        name.startswith('rpcd_'):
                    os.kill(int(comm.split('/')[2]), signal.SIGTERM)
            except (OSError, ValueError):
                pass

    def client(self):
        return Client(self.other, self.host.address, USER)

    def absent(self, code='STATUS_OBJECT_NAME_NOT_FOUND'):
        try:
            self.client().close()
        except Exception as error:
            need(code in str(error), 'the way to msgsvc: %s' % error)
            return
        raise AssertionError('msgsvc is there')

    def names(self):
        with self.client() as client:
            code, names, _ = client.enum()
        need(code == 0, 'NetrMessageNameEnum: %d' % code)
        return names

    def samba(self):
        self.apt('install', self.debs[0])
        add_line('\tnmbd:modules = messenger')
        done = self.host.run(['smbpasswd', '-s', '-a', USER[0]],
                             input='%s\n%s\n' % (USER[1], USER[1]))
        need(done.returncode == 0, done.stdout + done.stderr)
        self.daemon = Daemon(self.host, drop_in_environment())
        wait_running(self.host, self.daemon)
        self.start_smbd()
        with Neighbours(self):
            time.sleep(1)
        self.before = snapshot()
        self.absent()

    def install(self):
        with Neighbours(self):
            out = self.apt('install', self.debs[1])
        need('systemctl restart smbd' in out, 'not said what to do next')
        files = [path for path in run('dpkg', '-L', RPC).splitlines()
                 if path != '/.']
        for path in files:
            facts = os.lstat(path)
            need((facts.st_uid, facts.st_gid) == (0, 0), path + ' of whom?')
            need(not facts.st_mode & 0o022, path + ' is writable')
            need('/libexec/samba/' not in path or
                 stat.S_IMODE(facts.st_mode) == 0o755, path)
        need('/usr/libexec/samba/rpcd_msgsvc' in files, 'no helper')
        # a running samba-dcerpcd does not know it yet
        self.absent()
        self.stop_smbd()
        self.start_smbd()
        need(self.names() == ['ALPHA'], 'the list: %s' % self.names())

    def use(self):
        with Neighbours(self), self.client() as client:
            need(client.add('OPERATOR') == 0, 'add')
            need(client.enum()[1] == ['ALPHA', 'OPERATOR'], 'enum')
            need(client.add('OPERATOR') == 2276, 'add again')
            need(client.delete('ALPHA') == 2278, 'delete the computer')
            need(client.delete('OPERATOR') == 0, 'delete')

    def upgrade(self):
        """A client stays connected meanwhile, others come."""
        with Neighbours(self), self.client() as client:
            need(client.enum()[1] == ['ALPHA'], 'enum')
            for options in ([newer_of(deb) for deb in self.debs],
                            ['--allow-downgrades'] + self.debs,
                            ['--reinstall'] + self.debs):
                self.apt('install', *options)
                need(client.enum()[1] == ['ALPHA'], 'the one who stayed')
                need(self.names() == ['ALPHA'], 'another one')
        self.stop_smbd()
        self.start_smbd()
        need(self.names() == ['ALPHA'], 'after a restart')

    def remove(self):
        need(stat.S_ISSOCK(os.stat(SOCKET).st_mode), 'no socket')
        with Neighbours(self), self.client() as client:
            self.apt('remove', RPC)
            need(not os.path.lexists(SOCKET), SOCKET + ' is left')
            need(client.enum()[1] == ['ALPHA'], 'the one who stayed')
            self.absent()
        self.stop_smbd()
        self.start_smbd()
        with Neighbours(self):
            time.sleep(1)
        self.absent()

    def purge(self):
        self.apt('purge', RPC)
        more = sorted(path for path in snapshot() - self.before
                      if not path.startswith(('/var/log/samba/',
                                              '/var/lib/samba/',
                                              '/var/cache/samba/')))
        need(not more, 'left behind: %s' % more)
        self.stop_smbd()
        self.daemon.stop()

    def describe(self):
        return self.daemon.describe() if self.daemon else ''


def main():
    with Lab() as lab:
        story = Story(lab)
        return tell((
            ('smbd and its pipes', story.samba),
            (RPC + ': installed while RPC runs', story.install),
            (RPC + ': list, add and delete from another host', story.use),
            (RPC + ': upgrade and reinstallation while RPC runs',
             story.upgrade),
            (RPC + ': removal while RPC runs, no socket left', story.remove),
            (RPC + ': purge leaves nothing', story.purge)), story.describe)


if __name__ == '__main__':
    sys.exit(main())
