# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster on two nets, whose names are held by two nodes, each on its net."""

import contextlib
import json
import os
import re
import signal
import threading
import time

from clusters import NAMES, PUBLIC, listed, order, site
from lab import NMBD_MODULES_SO, check, nbt, test_preload
from lab.cluster import SECOND
from lab.wait import wait_for

OTHER_PUBLIC = SECOND + '100'
FIRST = '10.67.0.'


@contextlib.contextmanager
def two_nets(start=True):
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
        if start:
            s.start()
        yield s, far, far.client()


def answers_on_second(client, name, seconds=0.4):
    """The hosts that answer for an alias on the second net."""
    ask = nbt.query(client.next_id(), nbt.Name(name, 0x03), True)
    return {seen.source for seen in client.ask(
        SECOND + '255', [ask], lambda replies: False, seconds)
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


def on_both_now(s, client, name):
    """At this moment: who answers for it on each net, each asked once."""
    near = s.answers(name, 0.05)
    far = answers_on_second(client, name, 0.05)
    check.true(near and all(s.nodes[0].has(source) for source in near),
               '%s is answered on the first net by %s' % (name, near))
    check.true(far and all(s.nodes[1].has(source) for source in far),
               '%s is answered on the second net by %s' % (name, far))


def is_writer(s, node):
    return s.nmbds[node].json('nodes')['nodes'][node.vnn]['wins']


@check.script('script/cluster')
@check.seconds(250)
def test_of_two_nodes():
    """An alias that is added on either is held on both nets when it is called
    added, and deleted on both."""
    with two_nets() as (s, _, client):
        held_on_both(s, client, NAMES)
        for node, name in zip(s.nodes, ('ONE', 'TWO')):
            began = time.monotonic()
            said = order(node, 'add', name)
            check.true(time.monotonic() - began < 4, 'it took %.1f s' % (
                time.monotonic() - began))
            on_both_now(s, client, name)
            check.equal(said, name + ': added\n', 'said on node %d' % node.vnn)
            check.equal(order(node, 'ensure', name),
                        name + ': is already registered\n', 'ensure')
        for node in s.nodes:
            check.equal(s.state(node), 'running', 'node %d' % node.vnn)
            check.equal(listed(s.nmbds[node]), {
                'ONE': 'registered', 'TWO': 'registered'},
                'listed on node %d' % node.vnn)
        s.no_complaints()
        for node, name in zip(s.nodes, ('TWO', 'ONE')):
            check.contains(order(node, 'delete', name), 'deleted', name)
        for name in ('ONE', 'TWO'):
            wait_for(lambda: not s.answers(name) and
                     not answers_on_second(client, name), 10,
                     'nobody has %s' % name)


def nobody_has(s, client, name):
    """On no net, in no list and not in the set of the cluster."""
    check.equal(s.answers(name), set(), 'who answers on the first net')
    wait_for(lambda: all(name not in listed(s.nmbds[node])
                         for node in s.nodes), 5, 'no node lists it', 0.1,
             s.lists)
    for node in s.nodes:
        check.equal(s.nmbds[node].json('status')['condition'], 'well',
                    'condition of node %d' % node.vnn)
        text = node.ctdb('catdb', 'nmbd_messenger.tdb')
        check.true('"alias/%s"' % name not in text or 'gone' in text,
                   'the set: ' + text)


@check.script('script/cluster')
@check.seconds(250)
def test_refused_on_one():
    """Somebody on the second net has it, where another node holds the names:
    it is refused to whoever adds it, on either node, and nobody has it."""
    with two_nets() as (s, far, client):
        held_on_both(s, client, NAMES)
        peer = far.peer()
        peer.hold('TAKEN', 0x03)
        peer.hold('FAR', 0x00)
        for node in s.nodes:
            said = order(node, 'add', 'TAKEN', status=1)
            check.contains(said, 'TAKEN: error 2297 (NERR_DuplicateName)',
                           'said on node %d' % node.vnn)
            check.contains(said, ' It is held by %s201, the computer FAR.\n' %
                           SECOND, 'said on node %d' % node.vnn)
            nobody_has(s, client, 'TAKEN')
            said = json.loads(order(node, '--json', 'ensure', 'TAKEN',
                                    status=1))
            check.equal((said['ok'], said['code']), (False, 2297), 'ensure')
            check.equal((said['holder']['address'],
                         said['holder']['computer']),
                        (SECOND + '201', 'FAR'), 'holder of ensure')
            nobody_has(s, client, 'TAKEN')
        writer, = [node for node in s.nodes if is_writer(s, node)]
        check.contains(s.nmbds[writer].ask('status'), 'TAKEN',
                       'the refusal is remembered')
        peer.drop('TAKEN', 0x03)
        check.equal(order(s.nodes[1], 'add', 'TAKEN'), 'TAKEN: added\n',
                    'another try')
        on_both_now(s, client, 'TAKEN')
        check.true('error 2297' not in s.nmbds[writer].ask('status'),
                   'the refusal is forgotten')


@check.script('script/cluster')
@check.seconds(250)
def test_refused_of_configuration():
    """An alias of smb.conf, that somebody has where another node holds the
    names: that node says so, the other one says nothing else, and who asks
    there once more is another try."""
    options = {'messenger:aliases': 'OPERATOR PRINT TAKEN'}
    with two_nets(start=False) as (s, far, client):
        peer = far.peer()
        peer.hold('TAKEN', 0x03)
        s.start(options=options)
        held_on_both(s, client, NAMES)
        near, other = s.nodes
        nmbd = s.nmbds[other]

        def states(node):
            return {alias['name']: alias['state']
                    for alias in s.nmbds[node].json('list')['aliases']}

        wait_for(lambda: states(other)['TAKEN'] == 'refused', 10,
                 'it is refused on node %d' % other.vnn, 0.1, s.lists)
        check.equal([(event['code'], event['holder']['address'])
                     for event in nmbd.json('events')['events']
                     if event['event'] == 'alias-refused'],
                    [(2297, SECOND + '201')], 'events of that node')
        check.equal(nmbd.json('status')['condition'], 'degraded', 'condition')
        check.contains(nmbd.ask('explain'), 'smbmessenger add TAKEN',
                       'explain')
        check.equal(states(near)['TAKEN'], 'registered',
                    'what is listed on the other one')
        check.contains(s.nmbds[near].ask('list'), 'left to node %d' % other.vnn,
                       'list')
        check.contains(s.nmbds[near].ask('explain'),
                       'smbmessenger --cluster status', 'explain')
        check.contains(order(other, '--cluster', 'status', status=None),
                       '1 refused', 'of all nodes')
        check.contains(order(other, 'add', 'TAKEN', status=1), '2297',
                       'another try')
        # it is handed on to the node that changes the set
        check.contains(order(near, 'add', 'TAKEN', status=1),
                       '2276' if is_writer(s, near) else '2297',
                       'where it is held')
        check.contains(order(near, 'ensure', 'TAKEN', status=1), '2297',
                       'it is not held everywhere')
        check.equal(states(near)['TAKEN'], 'registered', 'it stays')
        peer.drop('TAKEN', 0x03)
        check.contains(order(near, 'ensure', 'TAKEN'),
                       'registered' if is_writer(s, near) else 'added',
                       'another try, of the node that was refused')
        on_both_now(s, client, 'TAKEN')


@check.script('script/cluster')
@check.seconds(250)
def test_other_node_silent():
    """The node that holds the names on the second net does not answer: it is
    said in time what is not claimed, or the names are taken over."""
    with two_nets() as (s, _, client):
        held_on_both(s, client, NAMES)
        writer, = [node for node in s.nodes if is_writer(s, node)]
        other, = [node for node in s.nodes if node is not writer]
        began = time.monotonic()
        pid = s.nmbds[other].pid
        os.kill(pid, signal.SIGSTOP)
        try:
            said = order(writer, 'add', 'ONE')
        finally:
            os.kill(pid, signal.SIGCONT)
        took = time.monotonic() - began
        check.true(took < 9.5, 'it took %.1f s: %s' % (took, said))
        # 4 s, and it is not there; this node claims them then
        check.equal(said, 'ONE: added\n', 'after %.1f s' % took)
        held_on_both(s, client, ('ONE',))


@check.script('script/cluster')
@check.seconds(250)
def test_other_node_dies():
    """Likewise of one whose nmbd dies while it is asked."""
    with two_nets() as (s, _, client):
        held_on_both(s, client, NAMES)
        writer, = [node for node in s.nodes if is_writer(s, node)]
        other, = [node for node in s.nodes if node is not writer]
        asking = threading.Thread(
            target=lambda: said.append(order(writer, 'add', 'ONE')))
        said = []
        began = time.monotonic()
        asking.start()
        s.nmbds[other].kill()
        asking.join(15)
        took = time.monotonic() - began
        check.true(said and took < 9.5, 'it took %.1f s: %s' % (took, said))
        check.equal(said[0], 'ONE: added\n', 'after %.1f s' % took)
        near = s.answers('ONE')
        far = answers_on_second(client, 'ONE')
        check.true(near and far, 'both nets: %s, %s' % (near, far))


@check.script('script/cluster')
@check.seconds(250)
def test_deleted_amid_changes():
    """Aliases that are deleted while they, and others, are about to be in the
    set of the cluster: what is called deleted does not come back."""
    names = ['N%02d' % number for number in range(60)]
    with two_nets() as (s, _, client):
        held_on_both(s, client, NAMES)
        for adds, deletes in (s.nodes, s.nodes[::-1]):
            asking = threading.Thread(
                target=order, args=(adds, 'add') + tuple(names),
                kwargs={'status': None})
            asking.start()
            wait_for(lambda: len(listed(s.nmbds[deletes])) > 10, 10,
                     'some are in the set', 0.05)
            said = order(deletes, '-t', '30', 'delete', *names, status=None)
            asking.join(15)
            # of some it is not known yet, and they stay for now
            gone = [name for name in names if name + ': deleted' in said]
            check.true(gone, 'none is deleted: ' + said)
            wait_for(lambda: all(
                'registering' not in listed(s.nmbds[node]).values()
                for node in s.nodes), 20, 'all is settled', 0.5)
            for node in s.nodes:
                # what else was to be changed is changed before this is there
                order(node, 'add', 'LAST')
                wait_for(lambda: all('LAST' in listed(s.nmbds[each])
                                     for each in s.nodes), 10,
                         'a later change is everywhere', 0.1)
                text = adds.ctdb('catdb', 'nmbd_messenger.tdb')
                back = re.findall(r'"alias/(\w+)"[^"]*"there"', text)
                check.equal(sorted(set(back) & set(gone)), [],
                            'what is back in the set')
                order(node, 'delete', 'LAST')
            order(deletes, '-t', '30', 'delete', *names, status=None)


@check.script('script/cluster')
@check.seconds(250)
def test_refused_while_it_is_put_in():
    """Somebody refuses an alias after the grant, while ctdbd, which stands
    still, has it for the set: who added it is told so, and it does not stay in
    the set."""
    with two_nets() as (s, _, client):
        held_on_both(s, client, NAMES)
        writer, = [node for node in s.nodes if is_writer(s, node)]
        peer = s.cluster.lab.host('NEAR', (
            FIRST if writer is s.nodes[0] else SECOND) + '202/24').peer()
        peer.hold('NEAR', 0x00)
        peer.refuse('ONE', 0x03, delay=1.5)
        said = []
        asking = threading.Thread(target=lambda: said.append(
            order(writer, 'add', 'ONE', status=None)))
        asking.start()
        # smbmessenger, too, needs ctdbd, until it has asked
        wait_for(lambda: peer.registrations('ONE', 0x03), 5, 'it is claimed')
        os.kill(writer.ctdbd.pid, signal.SIGSTOP)
        try:
            asking.join(15)
        finally:
            os.kill(writer.ctdbd.pid, signal.SIGCONT)
        check.contains(said[0], 'ONE: error 2297 (NERR_DuplicateName)', 'said')

        def is_gone():
            return re.search(r'"alias/ONE"[^"]*"gone"', writer.ctdb(
                'catdb', 'nmbd_messenger.tdb'))

        wait_for(is_gone, 10, 'it is out of the set again', 0.1)
        order(writer, 'add', 'TWO')
        check.true(is_gone(), 'it is back')


@contextlib.contextmanager
def with_deaf_node():
    """Node 0 changes the set, as the first one that is there; node 1 does not
    hear what it is asked."""
    with two_nets(start=False) as (s, _, client):
        s.start([s.nodes[0]])
        s.start([s.nodes[1]], preload=[test_preload('deaf_node'),
                                       NMBD_MODULES_SO])
        held_on_both(s, client, NAMES)
        check.true(is_writer(s, s.nodes[0]), 'node 0 changes the set')
        yield s, client


@check.script('script/cluster')
@check.seconds(250)
def test_deleted_while_asked():
    """An alias that is deleted, and a service that is stopped, while another
    node is waited for: who added it is told so, once."""
    with with_deaf_node() as (s, _):
        node = s.nodes[0]
        for end, code in (('delete ONE', '2285'), ('stop', '2284')):
            said = []
            asking = threading.Thread(target=lambda: said.append(
                order(node, 'add', 'ONE', status=None)))
            asking.start()
            wait_for(lambda: 'there' in node.ctdb(
                'catdb', 'nmbd_messenger.tdb'), 5, 'it is in the set', 0.1)
            s.nmbds[node].ask(end)
            asking.join(15)
            check.true(said and code in said[0], '%s: %s' % (end, said))


@check.script('script/cluster')
@check.seconds(250)
def test_lost_while_asked():
    """Somebody on this node's net refuses it after the grant, while another
    node is waited for: who is told 2297 has not added it anywhere."""
    with with_deaf_node() as (s, client):
        near = s.cluster.lab.host('NEAR', '10.67.0.201/24').peer()
        near.hold('NEAR', 0x00)
        near.refuse('ONE', 0x03, delay=1.5)
        said = order(s.nodes[0], 'add', 'ONE', status=1)
        check.contains(said, 'ONE: error 2297 (NERR_DuplicateName)', 'said')
        check.contains(said, ' It is held by 10.67.0.201, the computer NEAR.',
                       'said')
        nobody_has(s, client, 'ONE')


@check.script('script/cluster')
@check.seconds(250)
def test_older_node():
    """A node whose module does not hear what it is asked: after 8 s it is said
    that it has said nothing; it has claimed the alias, as it is in the set."""
    with with_deaf_node() as (s, client):
        began = time.monotonic()
        said = order(s.nodes[0], 'add', 'ONE')
        took = time.monotonic() - began
        check.true(7 < took < 9.5, 'it took %.1f s' % took)
        check.equal(said, 'ONE: added; on %s1 it is left to node 1, %s2, which '
                    'has not said that it holds it\n' % (SECOND, SECOND),
                    'said')
        held_on_both(s, client, ('ONE',))
        check.equal(order(s.nodes[1], 'delete', 'ONE'), 'ONE: deleted\n',
                    'delete')
