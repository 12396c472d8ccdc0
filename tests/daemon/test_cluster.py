# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes of a cluster of CTDB's under one name."""

import os
import random
import time

from clusters import (ALIASES, PUBLIC, at, listed, order, site, take_over,
                      wait_dead)
from evidence import tool
from lab import Lab, check, nbt
from lab.cluster import Cluster
from lab.wait import wait_for


@check.script('script/cluster')
@check.seconds(200)
def test_lab():
    """CTDB works in the lab: one node has the public address, and another one
    as soon as that is disabled."""
    with Lab() as lab:
        cluster = Cluster(lab, 2)
        cluster.start()
        first = cluster.wait_for(lambda: at(cluster), 20,
                                 'a node has the public address')
        check.equal(len(first), 1, 'nodes that have it')
        first[0].ctdb('disable')
        cluster.wait_for(lambda: at(cluster) not in ([], first), 20,
                         'another node has it')


@check.seconds(200)
def test_two_nodes():
    """Of two nodes that start together one runs, the other stands by, and
    neither complains: no 2270, and nothing of <20> and <00> either."""
    with site(2) as s:
        s.start()
        first = s.settled()
        s.held_by(first)
        s.no_complaints()
        other, = [node for node in s.nodes if node is not first]
        nmbd = s.nmbds[other]
        status = nmbd.json('status')
        check.equal(status['service']['node'], first.vnn, 'node')
        check.equal(status['counts']['standby'], 3, 'aliases on standby')
        for alias in status['aliases']:
            check.equal(alias['subnets'], [{
                'subnet': alias['subnets'][0]['subnet'], 'state': 'standby',
                'holder': {'address': alias['subnets'][0]['holder'][
                    'address']}, 'node': first.vnn}], alias['name'])
        held = 'node %d' % first.vnn
        check.contains(nmbd.ask('status'), 'has been standing by', 'status')
        check.contains(nmbd.ask('list'), 'held by ' + held, 'list')
        check.contains(nmbd.ask('list'), 'left to ' + held, 'list')
        check.contains(nmbd.ask('explain'), 'there is nothing to do',
                       'explain')
        check.contains(nmbd.ask('explain'), held, 'explain')

        def told():
            nodes = nmbd.json('nodes')['nodes']
            check.equal([(node['node'], node['this'], node['messenger'],
                          node['wins'], node['flags']) for node in nodes],
                        [(node.vnn, node is other, 'ready', node is first, [])
                         for node in s.nodes], 'nodes')
            check.equal([node['subnets'][0]['holds'] for node in nodes],
                        [node is first for node in s.nodes], 'who holds names')
            return True
        wait_for(told, 5, 'the nodes are told of as they are')
        check.contains(nmbd.ask('nodes'), '%d*' % other.vnn, 'nodes')
        check.equal(nmbd.ask('start').split('\n')[0],
                    s.nmbds[first].ask('start').split('\n')[0],
                    'both are there already')


@check.script('script/cluster')
@check.seconds(200)
def test_one_after_the_other():
    """The second node to start is refused <20> and <00> by the first, as with
    stock nmbd; that is the cluster's own, and no conflict, though its first
    claims come before anybody knows its address on that net."""
    with site(2, public=(), private_net=True) as s:
        first, second = s.nodes
        s.start([first])
        s.settled([first])
        s.held_by(first)
        wait_for(lambda: all(
            subnet['state'] == 'registered'
            for name in s.nmbds[first].json('names')['names']
            for subnet in name['subnets']), 15, 'nmbd has all of its names')
        s.start([second])
        s.settled()
        nmbd = s.nmbds[second]

        def stands_by():
            names = {(name['name'], name['type']): name['subnets'][0]
                     for name in nmbd.json('names')['names']}
            for suffix in ('20', '00', '03'):
                check.equal(names['CLUST', suffix]['state'], 'standby',
                            'CLUST<%s>' % suffix)
            return names
        names = wait_for(stands_by, 15, 'CLUST is on standby')
        check.true(first.has(names['CLUST', '20']['holder']['address']),
                   'who has CLUST<20>')
        check.contains(nmbd.ask('names'), 'held by a node of this cluster',
                       'names')
        s.held_by(first)
        s.no_complaints()


@check.script('script/cluster')
@check.seconds(200)
def test_computer_name_of_an_outsider():
    """Who has the computer name and is no node is a conflict, on each node,
    once.  No address moves: one that comes lets nmbd read smb.conf again, which
    is another try."""
    with site(2, public=()) as s:
        peer = s.outsider.peer()
        peer.hold('CLUST', 0x03)
        s.start()

        def failed():
            for node in s.nodes:
                check.equal(s.state(node), 'failed', 'node %d' % node.vnn)
            return True
        wait_for(failed, 20, 'both have failed')
        for nmbd in s.nmbds.values():
            events = [event for event in nmbd.json('events')['events']
                      if event['event'] == 'service-failed']
            check.equal([event['code'] for event in events], [2270],
                        'service-failed')


@check.seconds(200)
def test_not_clustering():
    """Without "clustering" nothing goes to CTDB, and nothing is on standby:
    the second of two nodes of one name is a conflict as ever."""
    with site(2) as s:
        s.start(options=dict(ALIASES, clustering='no'))

        def one_failed():
            check.equal(sorted(s.state(node) for node in s.nodes),
                        ['failed', 'running'], 'states')
            return True
        first, second = s.nodes
        s.nmbds[second].stop()
        wait_for(lambda: s.state(first) == 'running', 10, 'the first runs')
        s.start([second], dict(ALIASES, clustering='no'))
        wait_for(one_failed, 10, 'one has failed')
        for node in s.nodes:
            sockets = node.run(['ls', '-l', '/proc/%d/fd' % s.nmbds[node].pid])
            unix = node.run(['cat', '/proc/net/unix']).stdout
            inodes = {line.split()[6] for line in unix.splitlines()
                      if 'ctdbd.socket' in line}
            check.true(inodes, 'ctdbd has its socket')
            for inode in inodes:
                check.true('[%s]' % inode not in sockets.stdout,
                           'nmbd has no connection to ctdbd')


@check.script('script/cluster')
@check.seconds(250)
def test_ctdbd_killed():
    """A node's ctdbd is killed, and its nmbd ends with it: within ten seconds
    of CTDB's word the other node has every name; the one that comes back
    stands by."""
    with site(2, public=()) as s:
        def kill(node):
            other, = [n for n in s.nodes if n is not node]
            s.nmbds[node].expected_to_end = True
            node.kill_ctdbd()
            wait_dead(node, other)

        s.start()
        first, other = take_over(s, kill)
        wait_for(lambda: not s.nmbds[first].running, 10, 'its nmbd ended')
        first.start_ctdbd()
        s.cluster.wait_ok()
        s.start([first])
        check.true(s.settled() is other, 'the one that has them keeps them')
        s.held_by(other)
        s.no_complaints()


@check.script('script/cluster')
@check.seconds(250)
def test_nmbd_killed():
    """nmbd alone is killed: CTDB sees nothing of that, the other nodes do."""
    with site(2, public=()) as s:
        s.start()
        first, other = take_over(s, lambda node: s.nmbds[node].kill())
        s.start([first])
        check.true(s.settled() is other, 'the one that has them keeps them')
        s.held_by(other)
        s.no_complaints()


@check.script('script/cluster')
@check.seconds(250)
def test_nmbd_stopped():
    """nmbd is stopped in good order, or the service alone: the names are taken
    over at once."""
    with site(2, public=()) as s:
        s.start()
        first, other = take_over(s, lambda node: s.nmbds[node].stop(),
                                 seconds=4)
        s.start([first])
        check.true(s.settled() is other, 'the one that has them keeps them')
        check.contains(s.nmbds[other].ask('stop'), 'stopped', 'stop')
        s.held_by(first, seconds=4)
        check.contains(s.nmbds[other].ask('start'), 'standby', 'start')
        s.held_by(first)
        s.no_complaints()


@check.script('script/cluster')
@check.seconds(250)
def test_disabled():
    """A node that CTDB has disabled hands the names over and stands by; when
    it is enabled again it does not take them back, unless the public address
    comes back to it."""
    with site(2) as s:
        s.start()
        first, other = take_over(s, lambda node: node.ctdb('disable'))
        check.true(s.settled() is other, 'the disabled one stands by')
        first.ctdb('enable')
        s.cluster.wait_ok()
        wait_for(lambda: at(s.cluster), 20, 'somebody has the address')
        s.held_by(s.settled())
        other.ctdb('ban', '30')
        s.held_by(first, seconds=15)
        # nobody can ask on a node that CTDB has banned
        s.no_complaints([first])


@check.script('script/cluster')
@check.seconds(250)
def test_public_address_moves():
    """A hundred aliases go with the public address, at once, though the node
    that had it is as well as before."""
    names = ['A%03d' % number for number in range(100)]
    with site(2) as s:
        s.start(options={'messenger:aliases': ' '.join(names)})

        def with_address():
            have = at(s.cluster)
            return have and s.settled() is have[0] and have[0]

        first = wait_for(with_address, 30, 'the names are where it is')
        s.held_by(first, names[:2] + names[-2:], 20)
        other, = [node for node in s.nodes if node is not first]
        first.ctdb('moveip', PUBLIC, str(other.vnn))
        wait_for(lambda: at(s.cluster) == [other], 20, 'it has moved')
        # 16 names in 62.5 ms, and a claim of 0.75 s
        s.held_by(other, names[:2] + names[-2:], 12)
        wait_for(lambda: s.nmbds[other].json('status')['counts'][
            'registered'] == 101, 5, 'all of them are registered')
        check.equal(s.nmbds[first].json('status')['counts']['standby'], 101,
                    'on standby')
        s.no_complaints()


@check.script('script/cluster')
@check.seconds(300)
def test_split():
    """CTDB's own net is cut, and there is no cluster lock: each node takes the
    other one for dead. Whoever has the names keeps them, the other is refused
    and stands by; when they meet again nothing is lost, and nobody complains."""
    with site(2, private_net=True, public=()) as s:
        s.start()
        first = s.settled()
        s.held_by(first)
        other, = [node for node in s.nodes if node is not first]
        other.cable('eth1', False)
        wait_dead(first, other)
        wait_dead(other, first)
        s.held_by(first)
        s.no_complaints()
        other.cable('eth1', True)
        s.cluster.wait_ok(seconds=120)
        s.held_by(s.settled())
        s.no_complaints()


@check.script('script/cluster')
@check.seconds(250)
def test_cut_off():
    """The cable of the node that holds the names is pulled, with CTDB's own
    net whole: CTDB calls it unhealthy, and the other node has the names."""
    with site(2, private_net=True) as s:
        s.start()
        first = s.settled()
        s.held_by(first)
        other, = [node for node in s.nodes if node is not first]
        first.cable('eth0', False)
        wait_for(lambda: 'Unhealthy' in other.flags()[first.vnn], 60,
                 'CTDB says that it is unhealthy', 0.1)
        s.held_by(other)
        first.cable('eth0', True)
        s.cluster.wait_ok()
        s.held_by(s.settled())
        s.no_complaints([other])


@check.script('script/cluster')
@check.seconds(300)
def test_three_nodes():
    """Of three that start together one runs; two of them die one after the
    other, and the last one has every name."""
    with site(3) as s:
        s.start()
        left = list(s.nodes)
        while len(left) > 1:
            first = s.settled(left)
            s.held_by(first)
            s.nmbds[first].kill()
            del s.nmbds[first]
            left.remove(first)
        s.held_by(left[0])
        s.no_complaints()


@check.seconds(250)
def test_added_anywhere():
    """An alias that is added on the node that stands by is the cluster's: it
    is claimed once, listed on both, and deleted on either."""
    with site(2) as s:
        capture = s.outsider.capture()
        s.start()
        first = s.settled()
        other, = [node for node in s.nodes if node is not first]
        check.contains(order(other, 'add', 'OPS'), 'added', 'the answer')
        s.held_by(first, ['OPS'])
        for node in s.nodes:
            wait_for(lambda: listed(s.nmbds[node]) == {
                'OPS': 'registered' if node is first else 'standby'},
                10, 'it is listed on node %d' % node.vnn)
        claims = capture.requests(nbt.REGISTRATIONS, 'OPS', 0x03)
        check.equal(len({seen.source for seen in claims}), 1,
                    'nodes that claimed it')
        # a name that somebody else has is refused on either
        peer = s.outsider.peer()
        peer.hold('TAKEN', 0x03)
        for node in s.nodes:
            check.contains(order(node, 'add', 'TAKEN', status=1),
                           '2297', 'an answer')
        order(first, 'add', 'LATER')
        wait_for(lambda: 'LATER' in listed(s.nmbds[other]), 10,
                 'it is listed on the other one')
        order(other, 'delete', 'OPS')
        for node in s.nodes:
            wait_for(lambda: list(listed(s.nmbds[node])) == ['LATER'], 10,
                     'it is gone from node %d' % node.vnn)
        check.equal(s.answers('OPS'), set(), 'who answers for it')
        for word, said in (('status', 'has been standing by'),
                           ('list', 'Message aliases of CLUST')):
            shown = order(other, '--cluster', word)
            for node in s.nodes:
                check.contains(shown, 'Node %d, ' % node.vnn, word)
            check.contains(shown, said, word)
        # and it outlives the node that was told of it
        s.nmbds[first].kill()
        s.held_by(other, ['LATER'])
        shown = order(other, '--cluster', 'status', status=3)
        check.contains(shown, 'no answer', 'of the dead one')
        check.contains(shown, 'has been running', 'of the other one')
        s.no_complaints([other])


@check.script('script/cluster')
@check.seconds(250)
def test_taken_over_once():
    """What each node had before it was a cluster's is the cluster's; what is
    deleted then does not come back with a node that was away."""
    with site(2, public=()) as s:
        for node, name in zip(s.nodes, ('OLD0', 'OLD1')):
            nmbd = node.nmbd({'clustering': 'no', 'netbios name': name + 'X'},
                             modules='messenger')
            wait_for(lambda: nmbd.json('status')['service']['state'] ==
                     'running', 10, 'it runs')
            check.contains(order(node, 'add', name), 'added', name)
            nmbd.stop()
        s.start()
        first = s.settled()
        other, = [node for node in s.nodes if node is not first]

        def lists(names, nodes):
            def there():
                for node in nodes:
                    check.equal(sorted(listed(s.nmbds[node])), names,
                                'aliases of node %d' % node.vnn)
                return True
            wait_for(there, 15, 'the nodes list %s' % names, 0.1)

        lists(['OLD0', 'OLD1'], s.nodes)
        s.held_by(first, ['OLD0', 'OLD1'])
        for node in s.nodes:
            check.equal(s.nmbds[node].log.count(
                "are the cluster's from now on"), 1, 'lines in the log')
        s.nmbds[other].stop()
        order(first, 'delete', 'OLD0')
        order(first, 'add', 'NEW')
        s.start([other])
        lists(['NEW', 'OLD1'], s.nodes)
        for node in s.nodes:
            s.nmbds[node].stop()
        s.start()
        s.settled()
        lists(['NEW', 'OLD1'], s.nodes)
        s.no_complaints()


@check.script('script/cluster')
@check.seconds(300)
def test_add_during_a_recovery():
    """CTDB recovers, as a node has died: an add is done when that is over, or
    it is said that it is under way; nmbd answers other requests meanwhile."""
    with site(3, public=()) as s:
        s.start()
        first = s.settled()
        dying = [node for node in s.nodes if node is not first][0]
        s.nmbds[dying].expected_to_end = True
        dying.kill_ctdbd()
        names = []
        for number in range(40):
            name = 'R%02d' % number
            done = tool(first, 'add', name)
            said = done.stdout + done.stderr
            check.true(done.returncode == 0 or '2283' in said, said)
            names.append(name)
            check.equal(s.state(first), 'running', 'state meanwhile')
            if 'Disconnected' in first.flags()[dying.vnn]:
                break
        del s.nmbds[dying]
        left = [node for node in s.nodes if node is not dying]
        wait_for(lambda: 'Disconnected' in first.flags()[dying.vnn], 60,
                 'CTDB knows')

        def everywhere():
            for node in left:
                check.equal(sorted(listed(s.nmbds[node])), names,
                            'aliases of node %d' % node.vnn)
            return True
        wait_for(everywhere, 30, 'all of them are there', 0.1, s.lists)
        s.held_by(first, names[-1:])


# of each step, until all is quiet
STEP_SECONDS = 10
STEPS = int(os.environ.get('CLUSTER_STEPS', 15))


@check.script('script/cluster')
@check.seconds(400 + STEPS * STEP_SECONDS)
def test_random():
    """Adds and deletes on either node, nodes that are disabled, stopped and
    killed: at every quiet moment each alias that was acknowledged is answered
    by exactly one node, none other is, and both nodes list the same."""
    seed = int(os.environ.get('CLUSTER_SEED', time.time()))
    chance = random.Random(seed)
    names = ['R%d' % number for number in range(6)]
    with site(2) as s:
        s.start()
        s.settled()
        wanted = set()
        disabled = None
        story = []

        def quiet():
            for node in s.nodes:
                check.equal(set(listed(s.nmbds[node])), wanted,
                            'aliases of node %d' % node.vnn)
            for name in names + ['CLUST', 'OPERATOR']:
                sources = s.answers(name, 0.2)
                there = name in wanted or name not in names
                holders = [node for node in s.nodes
                           if any(node.has(source) for source in sources)]
                check.equal(len(holders), 1 if there else 0,
                            'nodes that answer for %s' % name)
            return True

        for _ in range(STEPS):
            node = chance.choice(s.nodes)
            what = chance.choice(['add'] * 4 + ['delete'] * 3 +
                                 ['restart', 'kill', 'disable'])
            name = chance.choice(names)
            story.append('%s %s on node %d' % (what, name, node.vnn))
            if what in ('add', 'delete'):
                done = tool(node, what, name)
                said = done.stdout + done.stderr
                if done.returncode == 0:
                    (wanted.add if what == 'add' else wanted.discard)(name)
                else:
                    check.true('2276' in said if what == 'add' else
                               '2285' in said, said)
            elif what == 'disable':
                if disabled is not None:
                    disabled.ctdb('enable')
                    s.cluster.wait_ok()
                    disabled = None
                else:
                    disabled = node
                    node.ctdb('disable')
            else:
                if what == 'kill':
                    s.nmbds[node].kill()
                else:
                    s.nmbds[node].stop()
                s.start([node])
            try:
                wait_for(quiet, 30, 'it is quiet', 0.1)
            except AssertionError as error:
                raise AssertionError('seed %d: %s\n%s' % (
                    seed, '; '.join(story), error)) from error
        s.no_complaints()


@check.script('script/cluster')
@check.seconds(250)
def test_wins():
    """In WINS one node registers the names; when it dies the next one does,
    though the record is still that of the dead one, and nothing is told of a
    stale record."""
    with site(2, public=()) as s:
        wins = s.cluster.lab.host('WINS', '10.67.0.50/24').wins()
        s.start(options=dict(ALIASES, **{'wins server': '10.67.0.50'}))
        first = s.settled()
        other, = [node for node in s.nodes if node is not first]

        def registered(node):
            # nmbd itself has registered CLUST on each node before anybody
            # asked, and the server adds an address to those of a dead node
            for name in ('CLUST', 'OPERATOR', 'PRINT'):
                check.true(any(node.has(address) for address
                               in wins.addresses_of(name) or []),
                           '%s in WINS: %s' % (name, wins.addresses_of(name)))
            return True
        wait_for(lambda: registered(first), 15, 'they are in WINS', 0.1)
        for name in ('OPERATOR', 'PRINT'):
            check.equal(wins.addresses_of(name), [first.address], name)
        s.held_by(first)
        s.nmbds[first].kill()
        s.held_by(other)
        wait_for(lambda: registered(other), 15, 'they are of the other', 0.1)
        s.no_complaints([other])
        s.start([first], dict(ALIASES, **{'wins server': '10.67.0.50'}))
        check.true(s.settled() is other, 'it stands by')
        s.held_by(other)
        registered(other)
        s.no_complaints()
