# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster with an nmbd on each node, and a host that asks for its names."""

import contextlib
import re

from evidence import tool
from lab import Lab, check, nbt
from lab.cluster import Cluster
from lab.wait import wait_for

PUBLIC = '10.67.0.100'
BROADCAST = '10.67.0.255'
OUTSIDER = '10.67.0.200/24'

ALIASES = {'messenger:aliases': 'OPERATOR PRINT'}
NAMES = ('CLUST', 'OPERATOR', 'PRINT')


def at(cluster, address=PUBLIC):
    """The nodes whose interface has an address."""
    return [node for node in cluster.nodes if node.has(address)]


class Site:
    """A cluster, its nmbds by node, and a host that asks for its names."""

    def __init__(self, lab, number, public=(PUBLIC + '/24',), **kwargs):
        self.cluster = Cluster(lab, number, public, **kwargs)
        self.nodes = self.cluster.nodes
        self.outsider = lab.host('OUTSIDER', OUTSIDER)
        self.client = self.outsider.client()
        self.nmbds = {}

    def start(self, nodes=None, options=None, wait_up=True, **kwargs):
        """nmbd on these nodes, all at a time; returns when each is up."""
        nodes = self.nodes if nodes is None else nodes
        for node in nodes:
            self.nmbds[node] = node.nmbd(options or ALIASES,
                                         modules='messenger', wait_up=False,
                                         **kwargs)
        for node in nodes:
            if wait_up:
                self.nmbds[node].wait_up(30)

    def state(self, node):
        return self.nmbds[node].json('status')['service']['state']

    def settled(self, nodes=None, seconds=20):
        """The node that runs, once all others of them stand by."""
        nodes = list(self.nmbds) if nodes is None else nodes

        def one_runs():
            states = {node: self.state(node) for node in nodes}
            check.equal(sorted(states.values()), ['running'] + [
                'standby'] * (len(nodes) - 1), 'states')
            return [node for node in nodes if states[node] == 'running']

        return wait_for(one_runs, seconds, 'one runs, the others stand by',
                        0.1, lambda: '\n'.join(
                            self.nmbds[node].ask('status')
                            for node in nodes))[0]

    def answers(self, name, seconds=0.4):
        """The hosts that answer a question for an alias, by their senders."""
        ask = nbt.query(self.client.next_id(), nbt.Name(name, 0x03), True)
        return {seen.source for seen in self.client.ask(
            BROADCAST, [ask], lambda replies: False, seconds)
            if seen.packet.rcode == 0}

    def held_by(self, node, names=NAMES,
                seconds=10):
        """Until each of them is answered by this node, and by no other."""
        def by_it():
            for name in names:
                sources = self.answers(name)
                check.true(sources, '%s is answered' % name)
                check.true(all(node.has(source) for source in sources),
                           '%s is answered by %s' % (name, sources))
            return True
        wait_for(by_it, seconds, 'node %d holds the names' % node.vnn, 0.1,
                 self.lists)

    def lists(self):
        """What each node and each CTDB lists, for a report."""
        found = ['node %d: %s%s' % (
            node.vnn, node.ctdb('catdb', 'nmbd_messenger.tdb'),
            node.ctdb('getdbseqnum', 'nmbd_messenger.tdb'))
            for node in self.nodes if node.ctdbd.poll() is None]
        for node, nmbd in self.nmbds.items():
            try:
                found.append('node %d: %s' % (node.vnn, nmbd.ask('list')))
            except AssertionError as error:
                found.append('node %d: %s' % (node.vnn, error))
        return '\n'.join(found)

    def blocks(self, node):
        """Of memory that its module has, without what it keeps by intent."""
        text = self.nmbds[node].smbcontrol('pool-usage')
        found = {}
        for name in ('struct messenger', 'messenger: events',
                     'struct refusals', 'struct name_table'):
            line = re.search(name + r' +contains +\d+ bytes in +(\d+) blocks',
                             text)
            found[name] = int(line.group(1)) if line else 0
        whole = found.pop('struct messenger')
        check.true(whole, 'the module in pool-usage')
        return whole - sum(found.values())

    def no_complaints(self, nodes=None):
        """No event above information, in no log."""
        for node in self.nmbds if nodes is None else nodes:
            loud = [event for event in
                    self.nmbds[node].json('events')['events']
                    if event['severity'] != 'information']
            check.equal(loud, [], 'events of node %d' % node.vnn)
            check.equal(self.nmbds[node].json('status')['condition'], 'well',
                        'condition of node %d' % node.vnn)


@contextlib.contextmanager
def site(number, **kwargs):
    """A cluster that works."""
    with Lab() as lab:
        it = Site(lab, number, **kwargs)
        it.cluster.start()
        yield it


def take_over(s, break_it, names=NAMES, seconds=10):
    """Breaks the node that holds the names; another one has them then."""
    first = s.settled()
    s.held_by(first, names)
    break_it(first)
    other, = [node for node in s.nodes if node is not first]
    s.held_by(other, names, seconds)
    wait_for(lambda: s.state(other) == 'running', 5, 'it runs')
    s.no_complaints([other])
    return first, other


def wait_dead(node, seen_by):
    """Until CTDB says that a node is disconnected."""
    wait_for(lambda: 'Disconnected' in seen_by.flags()[node.vnn], 60,
             'CTDB says that node %d is dead' % node.vnn, 0.1)


def order(node, *args, status=0):
    """What smbmessenger says on a node; status None: whatever its status."""
    done = tool(node, *args)
    if status is None:
        return done.stdout + done.stderr
    check.equal(done.returncode, status, 'smbmessenger %s on node %d: %s%s' % (
        ' '.join(args), node.vnn, done.stdout, done.stderr))
    return done.stdout + done.stderr


def listed(nmbd):
    """The added aliases that a node lists, by name."""
    return {alias['name']: alias['state']
            for alias in nmbd.json('list')['aliases']
            if alias['kind'] == 'added'}
