# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes of a cluster that die as a whole, are stopped by CTDB, have another
version of the module, or no memory."""

from clusters import (ALIASES, NAMES, listed, order, site, take_over,
                      wait_dead)
from evidence import tool
from lab import NMBD_MODULES_SO, check, test_preload
from lab.wait import wait_for
from test_memory import Shortage


@check.script('script/cluster')
@check.seconds(250)
def test_both_killed():
    """ctdbd and nmbd of a node die in one moment, as with its power: within
    ten seconds of CTDB's word the other node has every name, and what was
    added; the one that comes back stands by."""
    with site(2, public=()) as s:
        def kill(node):
            other, = [n for n in s.nodes if n is not node]
            order(node, 'add', 'OPS')
            s.nmbds[node].expected_to_end = True
            node.kill_ctdbd()
            s.nmbds[node].kill()
            wait_dead(node, other)

        s.start()
        first, other = take_over(s, kill)
        s.held_by(other, ['OPS'])
        first.start_ctdbd()
        s.cluster.wait_ok()
        s.start([first])
        check.true(s.settled() is other, 'the one that has them keeps them')
        s.held_by(other, NAMES + ('OPS',))
        wait_for(lambda: listed(s.nmbds[first]) == {'OPS': 'standby'}, 10,
                 'it is on standby')
        s.no_complaints()


@check.script('script/cluster')
@check.seconds(250)
def test_stopped_node():
    """"ctdb stop" takes a node out of the cluster, "ctdb continue" brings it
    back: it hands the names over, and stands by then, with what was added and
    deleted meanwhile."""
    with site(2, public=()) as s:
        s.start()
        order(s.nodes[0], 'add', 'BEFORE')
        first, other = take_over(s, lambda node: node.ctdb('stop'),
                                 NAMES + ('BEFORE',), 15)
        order(other, 'add', 'AFTER')
        order(other, 'delete', 'BEFORE')
        s.held_by(other, ['AFTER'])
        check.equal(s.answers('BEFORE'), set(), 'who answers for BEFORE')
        first.ctdb('continue')
        s.cluster.wait_ok()
        check.true(s.settled() is other, 'the one that has them keeps them')
        wait_for(lambda: listed(s.nmbds[first]) == {'AFTER': 'standby'}, 10,
                 'it has caught up')
        s.held_by(other, NAMES + ('AFTER',))
        s.no_complaints()


@check.script('script/cluster')
@check.seconds(200)
def test_refused_by_an_outsider():
    """A name that an outsider has is refused on either node, with 2297, and
    who has it; nothing of it is left on any, and it can be had later."""
    with site(2) as s:
        peer = s.outsider.peer()
        peer.hold('TAKEN', 0x03)
        s.start()
        first = s.settled()
        other, = [node for node in s.nodes if node is not first]
        for node in (other, first):
            said = order(node, 'add', 'TAKEN', status=1)
            check.contains(said, '2297', 'the answer on node %d' % node.vnn)
            check.contains(said, s.outsider.address, 'who has it')
        for nmbd in s.nmbds.values():
            check.equal(listed(nmbd), {}, 'added aliases')
            check.contains(nmbd.ask('status'), '0 refused', 'status')
        check.equal(len([event for nmbd in s.nmbds.values()
                         for event in nmbd.json('events')['events']
                         if event['event'] == 'alias-refused']), 2,
                    'events: one for each attempt, on the node that made it')
        check.contains(order(first, 'explain', status=None),
                       s.outsider.address, 'explain')
        peer.drop('TAKEN', 0x03)
        check.contains(order(other, 'add', 'TAKEN'), 'added', 'the answer')
        s.held_by(first, ['TAKEN'])


@check.script('script/cluster')
@check.seconds(300)
def test_another_version():
    """A node whose module is of another version: both say so once, one of them
    has the names, the other one stands by and takes them when that one is
    gone; who starts then leaves them where they are."""
    with site(2, public=(), private_net=True) as s:
        old, new = s.nodes

        def start_new():
            s.start([new], preload=[test_preload('other_version'),
                                    NMBD_MODULES_SO])

        s.start([old])
        s.settled([old])
        start_new()
        check.true(s.settled() is old, 'the one that has them keeps them')
        s.held_by(old)
        s.no_complaints()
        s.nmbds[old].kill()
        s.held_by(new)
        s.start([old])
        check.true(s.settled() is new, 'the one that has them keeps them')
        s.held_by(new)
        s.no_complaints()
        for nmbd in s.nmbds.values():
            check.equal(nmbd.log.count('has another version of this module'),
                        1, 'lines in the log')
        # and if both start in one moment
        for nmbd in s.nmbds.values():
            nmbd.stop()
        s.start([old], wait_up=False)
        start_new()
        s.nmbds[old].wait_up(30)
        s.held_by(s.settled())
        s.no_complaints()


@check.script('script/cluster')
@check.seconds(300)
def test_memory_of_a_node():
    """Names that are added, deleted and taken over again and again leave no
    memory behind, on no node."""
    names = ['M%02d' % number for number in range(12)]
    with site(2, public=()) as s:
        s.start()
        s.settled()

        def listed_are(wanted):
            def there():
                for node in s.nodes:
                    check.equal(sorted(listed(s.nmbds[node])), wanted,
                                'aliases of node %d' % node.vnn)
                return True
            wait_for(there, 15, 'the nodes list %s' % wanted, 0.1)

        def a_round():
            for number, name in enumerate(names):
                order(s.nodes[number % 2], 'add', name)
            listed_are(names)
            first = s.settled()
            s.nmbds[first].ask('stop')
            other, = [node for node in s.nodes if node is not first]
            s.held_by(other, names[:1])
            s.nmbds[first].ask('start')
            for number, name in enumerate(names):
                order(s.nodes[number % 2], 'delete', name)
            listed_are([])

        a_round()
        a_round()
        before = {node: s.blocks(node) for node in s.nodes}
        for _ in range(3):
            a_round()
        for node in s.nodes:
            wait_for(lambda: s.blocks(node) <= before[node] + 8, 15,
                     'node %d has no more memory than before' % node.vnn, 0.5,
                     lambda: 'before: %d, now: %d' % (before[node],
                                                      s.blocks(node)))


@check.script('script/cluster')
@check.seconds(400)
def test_node_without_memory():
    """One node after the other has too little memory: its nmbd lives, and when
    there is enough again each name is held by one node, and both list what was
    acknowledged."""
    names = ['W%02d' % number for number in range(10)]
    with site(2, public=()) as s:
        shortages = {}
        for node in s.nodes:
            shortages[node] = Shortage(node)
            s.start([node], preload=[test_preload('no_memory'),
                                     NMBD_MODULES_SO],
                    env={'NO_MEMORY': shortages[node].path}, wait_up=False)
        for nmbd in s.nmbds.values():
            nmbd.wait_up(30)
        s.settled()
        wanted = {}     # True: it is there; None: nobody knows

        def ask(node, what, name):
            done = tool(node, what, name)
            if done.returncode == 0:
                wanted[name] = what == 'add'
            elif wanted.get(name) is not (what == 'add'):
                wanted[name] = None
            for nmbd in s.nmbds.values():
                check.true(nmbd.running, 'nmbd runs')

        def quiet():
            for name in NAMES + tuple(names):
                sources = s.answers(name, 0.2)
                if name in NAMES or wanted.get(name):
                    check.equal(len(sources), 1, 'who answers for ' + name)
                elif name not in wanted or wanted[name] is False:
                    check.equal(sources, set(), 'who answers for ' + name)
            lists = [listed(s.nmbds[node]) for node in s.nodes]
            check.equal(sorted(lists[0]), sorted(lists[1]), 'what is listed')
            return True

        for one_in in (20, 8, 3):
            for node, other in (s.nodes, s.nodes[::-1]):
                shortages[node].begin(one_in)
                for name in names[:5]:
                    ask(other, 'add', name)
                for name in names[5:]:
                    ask(node, 'add', name)
                ask(other, 'delete', names[0])
                ask(node, 'delete', names[9])
                node.ctdb('disable')
                wait_for(lambda: node.flags()[node.vnn] - {'ThisNode'}, 10,
                         'it is disabled', 0.1)
                node.ctdb('enable')
                s.cluster.wait_ok()
                shortages[node].end()
                # a claim that there was no memory for is made with the start
                for nmbd in s.nmbds.values():
                    nmbd.ask('stop')
                    nmbd.ask('start')
                s.settled(seconds=30)
                wait_for(quiet, 40, 'it is quiet', 0.2,
                         lambda: '\n'.join(nmbd.ask('list') for nmbd
                                           in s.nmbds.values()))
