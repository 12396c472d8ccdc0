# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster on two nets, whose names are held by two nodes, each on its net."""

import contextlib

from clusters import NAMES, PUBLIC, listed, order, site
from lab import check, nbt
from lab.cluster import SECOND
from lab.wait import wait_for

OTHER_PUBLIC = SECOND + '100'


@contextlib.contextmanager
def two_nets():
    """Node 0 has the public address of the first net, node 1 the other one;
    and a host on the second net alone."""
    with site(2, public=(PUBLIC + '/24', OTHER_PUBLIC + '/24'),
              two_nets=True) as s:
        for node, address in zip(s.nodes, (PUBLIC, OTHER_PUBLIC)):
            def there():
                return node.has(address) or node.ctdb(
                    'moveip', address, str(node.vnn)) and node.has(address)
            wait_for(there, 30, '%s is at node %d' % (address, node.vnn), 0.5)
        far = s.cluster.lab.host('FAR', SECOND + '201/24')
        s.start()
        yield s, far, far.client()


def answers_on_second(client, name):
    """The hosts that answer for an alias on the second net."""
    ask = nbt.query(client.next_id(), nbt.Name(name, 0x03), True)
    return {seen.source for seen in client.ask(
        SECOND + '255', [ask], lambda replies: False, 0.4)
        if seen.packet.rcode == 0}


def held_on_both(s, client, names):
    """Node 0 holds them on the first net, node 1 on the second."""
    s.held_by(s.nodes[0], names)

    def by_it():
        for name in names:
            sources = answers_on_second(client, name)
            check.true(sources and all(s.nodes[1].has(source)
                                       for source in sources),
                       '%s is answered by %s' % (name, sources))
        return True
    wait_for(by_it, 10, 'node 1 holds them on the second net', 0.1, s.lists)


@check.script('script/cluster')
@check.seconds(250)
def test_of_two_nodes():
    """An alias that is added on either is held on both nets, and deleted on
    both."""
    with two_nets() as (s, _, client):
        held_on_both(s, client, NAMES)
        for node, name in zip(s.nodes, ('ONE', 'TWO')):
            said = order(node, 'add', name)
            check.contains(said, 'added; on ', name)
            check.contains(said, 'it is left to node', name)
        held_on_both(s, client, ('ONE', 'TWO'))
        for node in s.nodes:
            check.equal(s.state(node), 'running', 'node %d' % node.vnn)
            wait_for(lambda: listed(s.nmbds[node]) == {
                'ONE': 'registered', 'TWO': 'registered'}, 10,
                'both are registered on node %d' % node.vnn)
        s.no_complaints()
        for node, name in zip(s.nodes, ('TWO', 'ONE')):
            check.contains(order(node, 'delete', name), 'deleted', name)
        for name in ('ONE', 'TWO'):
            wait_for(lambda: not s.answers(name) and
                     not answers_on_second(client, name), 10,
                     'nobody has %s' % name)


@check.script('script/cluster')
@check.seconds(250)
def test_refused_on_one():
    """Somebody on the second net has it, where another node holds the names
    than the one that adds it: that node says so, the other one says nothing
    else, and who asks there once more is another try."""
    with two_nets() as (s, far, client):
        held_on_both(s, client, NAMES)
        peer = far.peer()
        peer.hold('TAKEN', 0x03)
        writer = next(node for node in s.nodes
                      if s.nmbds[node].json('nodes')['nodes'][node.vnn]['wins'])
        near, other = s.nodes
        said = order(near, 'add', 'TAKEN', status=None)
        check.true(('added' if writer is near else '2297') in said, said)
        if writer is not near:
            return
        nmbd = s.nmbds[other]
        wait_for(lambda: listed(nmbd) == {'TAKEN': 'refused'}, 10,
                 'it is refused on node %d' % other.vnn, 0.1, s.lists)
        check.equal([(event['code'], event['holder']['address'])
                     for event in nmbd.json('events')['events']
                     if event['event'] == 'alias-refused'],
                    [(2297, SECOND + '201')], 'events of that node')
        check.equal(nmbd.json('status')['condition'], 'degraded', 'condition')
        check.contains(nmbd.ask('explain'), 'smbmessenger add TAKEN',
                       'explain')
        check.equal(listed(s.nmbds[near]), {'TAKEN': 'registered'},
                    'what is listed where it was added')
        check.contains(s.nmbds[near].ask('list'), 'left to node %d' % other.vnn,
                       'list')
        check.contains(s.nmbds[near].ask('explain'),
                       'smbmessenger --cluster status', 'explain')
        check.contains(order(other, '--cluster', 'status', status=None),
                       '1 refused', 'of all nodes')
        check.contains(order(other, 'add', 'TAKEN', status=1), '2297',
                       'another try')
        check.contains(order(near, 'add', 'TAKEN', status=1), '2276',
                       'where it is held')
        peer.drop('TAKEN', 0x03)
        check.contains(order(other, 'add', 'TAKEN'), 'added', 'another try')
        held_on_both(s, client, ('TAKEN',))
