# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster of CTDB's: hosts of a lab, each with its own ctdbd.

    with Lab() as lab:
        cluster = Cluster(lab, 2)
        cluster.start()
        first, second = cluster.nodes
        nmbd = first.nmbd(modules='messenger')

A node sees its own /etc/ctdb, /run/ctdb and /var/lib/ctdb: whatever is run on
it is run inside a mount namespace beside that of the net. All nodes have the
one NetBIOS name CLUST and an address on one net, 10.67.0.1 and on, by which
their CTDBs know each other as well unless they are given a net for that.
"""

import os
import shutil
import subprocess

from . import check
from .lab import Host
from .netns import LabError
from .wait import wait_for

_CTDBD = '/usr/sbin/ctdbd'
_CTDB = '/usr/bin/ctdb'
_SCRIPTS = '/usr/share/ctdb/events/legacy'

# CTDB's own times are for machines that stay up for months.
_TUNABLES = {'MonitorInterval': 2, 'ElectionTimeout': 1,
             'KeepaliveInterval': 1, 'RecoverInterval': 1,
             'RerecoveryTimeout': 2, 'RecoveryGracePeriod': 5,
             'RecoveryBanPeriod': 10}

# The second net of clusters that have two.
SECOND = '10.69.0.'

_MOUNTS = '''set -e
mount --make-rprivate /
for folder in etc run var/lib; do
	mkdir -p /$folder/ctdb
	mount --bind "$0/$folder" /$folder/ctdb
done
echo made
exec sleep infinity
'''


def need():
    """Skips the test where there is no CTDB."""
    for program in (_CTDBD, _CTDB, '/usr/sbin/ethtool'):
        if not os.path.exists(program):
            raise check.Skip(program + ' is not installed; '
                             'script/bootstrap --full installs it')


class _Inside:
    """A network namespace, seen with the mounts of a process."""

    def __init__(self, namespace):
        self._namespace = namespace
        self.holder = None

    def __getattr__(self, name):
        return getattr(self._namespace, name)

    def command(self, args):
        if self.holder is not None:
            args = ['nsenter', '--mount=/proc/%d/ns/mnt' % self.holder.pid,
                    '--'] + list(args)
        return self._namespace.command(args)


class Node(Host):
    """A host that is a node of a cluster."""

    def __init__(self, cluster, vnn, addresses):
        self.vnn = vnn
        self.cluster = cluster
        self.ctdbd = None
        self.name_in_lab = 'NODE%d' % vnn
        super().__init__(cluster.lab, self.name_in_lab, addresses)
        self.name = 'CLUST'
        self.namespace = _Inside(self.namespace)

    def configure(self, options=None, modules=None):
        values = {'clustering': 'yes',
                  # nmbd takes those that a node is given later, too, but
                  # not the net that is CTDB's alone
                  'interfaces': ' '.join(
                      str(network) for network in sorted(
                          {interface.network
                           for interface in self.cluster.used(self)})),
                  'bind interfaces only': 'no'}
        values.update(options or {})
        super().configure(values, modules)

    def _mount(self):
        for folder in ('etc', 'run', 'var/lib'):
            os.makedirs(self.path('ctdb', folder), exist_ok=True)
        for folder in ('persistent', 'volatile', 'state'):
            os.makedirs(self.path('ctdb/var/lib', folder), exist_ok=True)
        shutil.copytree('/etc/ctdb', self.path('ctdb/etc'),
                        dirs_exist_ok=True, symlinks=True)
        holder = self.popen(['unshare', '-m', 'sh', '-c', _MOUNTS,
                             self.path('ctdb')], stdout=subprocess.PIPE)
        if holder.stdout.readline() != b'made\n':
            raise LabError('no mounts for a node of the cluster')
        self.namespace.holder = holder

    def _configure_ctdb(self):
        def write(name, text):
            with open(self.path('ctdb/etc', name), 'w') as out:
                out.write(text)

        write('nodes', ''.join(node.ctdb_address + '\n'
                               for node in self.cluster.nodes))
        write('public_addresses', ''.join(
            '%s eth%d\n' % (address, address.startswith(SECOND))
            for address in self.cluster.public))
        write('ctdb.tunables', ''.join('%s=%d\n' % item
                                       for item in _TUNABLES.items()))
        write('ctdb.conf',
              '[logging]\nlocation = file:%s\nlog level = NOTICE\n'
              '[cluster]\nnode address = %s\n'
              '[legacy]\nrealtime scheduling = false\n'
              % (self.path('log.ctdb'), self.ctdb_address))
        legacy = self.path('ctdb/etc/events/legacy')
        shutil.rmtree(legacy, ignore_errors=True)
        os.makedirs(legacy)
        os.symlink(_SCRIPTS + '/10.interface.script',
                   legacy + '/10.interface.script')

    @property
    def ctdb_address(self):
        """The address that other nodes' CTDB know it by."""
        return self.addresses[self.cluster.ctdb_interface]

    def start_ctdbd(self):
        if self.namespace.holder is None:
            self._mount()
            self._configure_ctdb()
        with open(self.path('ctdbd.stderr'), 'ab') as errors:
            self.ctdbd = self.popen([_CTDBD, '-i'], stdout=errors,
                                    stderr=errors)

    def kill_ctdbd(self):
        """With kill -9; returns when what it has started has ended, too: its
        event daemon does so by itself, and another ctdbd fails before that."""
        def children():
            path = '/proc/%d/task/%d/children' % ((self.ctdbd.pid,) * 2)
            with open(path) as text:
                return [int(pid) for pid in text.read().split()]

        left = children()
        self.ctdbd.kill()
        self.ctdbd.wait()
        wait_for(lambda: not any(os.path.exists('/proc/%d' % pid)
                                 for pid in left), 20,
                 'what ctdbd has started has ended', 0.02)

    def ctdb(self, *args, seconds=30):
        """The output of ctdb(1); it may be that it fails."""
        done = self.run([_CTDB] + list(args), timeout=seconds)
        return done.stdout

    def has(self, address):
        """Does its interface have this address?"""
        shown = self.run(['ip', '-o', '-4', 'addr', 'show']).stdout
        return ' %s/' % address in shown

    def _read(self, name):
        try:
            with open(self.path(name), errors='replace') as text:
                return text.read()
        except FileNotFoundError:
            return ''

    def log_ctdb(self):
        return self._read('log.ctdb')

    def ctdb_errors(self):
        """What ctdbd wrote to standard error."""
        return self._read('ctdbd.stderr')

    def flags(self):
        """What its CTDB says of each node: {vnn: set of words}."""
        lines = self.ctdb('-X', 'status').splitlines()
        head = []
        found = {}
        for line in lines:
            words = line.strip('|').split('|')
            if 'Disconnected' in words:
                head = words
            elif head and words[0].isdigit():
                found[int(words[0])] = {
                    name for name, value in zip(head[2:], words[2:])
                    if value == '1' and name != 'PartiallyOnline'}
        return found


class Cluster:
    """Nodes with one name; public: addresses that move among them.

    private_net: CTDB has a net of its own; two_nets: the nodes' names are for
    a second one, too, 10.69.0.1 and on.
    """

    def __init__(self, lab, number, public=('10.67.0.100/24',),
                 private_net=False, two_nets=False):
        need()
        self.lab = lab
        self.public = list(public)
        self.nodes = []
        self.ctdb_interface = -1 if private_net else 0
        for vnn in range(number):
            addresses = ['10.67.0.%d/24' % (vnn + 1)]
            if two_nets:
                addresses.append(SECOND + '%d/24' % (vnn + 1))
            if private_net:
                addresses.append('10.68.0.%d/24' % (vnn + 1))
            node = Node(self, vnn, addresses)
            self.nodes.append(node)
            lab.hosts.append(node)

    def used(self, node):
        """The interfaces of a node that have names."""
        return node.interfaces[:-1] if self.ctdb_interface == -1 \
            else node.interfaces

    def describe(self):
        def end_of(text):
            return '\n'.join(text.splitlines()[-15:])

        return '\n'.join('  --- node %d, status of ctdbd: %s\n%s\n%s' % (
            node.vnn, node.ctdbd and node.ctdbd.poll(),
            end_of(node.log_ctdb()), end_of(node.ctdb_errors()))
            for node in self.nodes)

    def wait_for(self, condition, seconds, what):
        return wait_for(condition, seconds, what, 0.1, self.describe)

    def wait_ok(self, nodes=None, seconds=90):
        """Until these nodes see each other as OK."""
        nodes = self.nodes if nodes is None else nodes

        def there():
            for node in nodes:
                flags = node.flags()
                for other in nodes:
                    marks = flags[other.vnn] - {'ThisNode'}
                    check.equal(marks, set(),
                                'flags of node %d' % other.vnn)
            return True

        self.wait_for(there, seconds, 'the nodes are OK')

    def start(self, nodes=None):
        nodes = self.nodes if nodes is None else nodes
        for node in nodes:
            node.start_ctdbd()
        self.wait_ok(nodes)
