# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab itself: it must see what it claims to see, and leave nothing."""

import glob
import os
import signal
import subprocess
import sys
import tempfile

from lab import Lab, Timeout, check, nbt, wait_for


def test_packets_survive_coding():
    name = nbt.Name('ALPHA', 0x03, 'scope.example')
    for packet in (nbt.registration(0x1234, name, '10.88.0.2'),
                   nbt.query(7, nbt.Name('*', 0), broadcast=True),
                   nbt.node_status_request(8),
                   nbt.release(9, name, '10.88.0.2'),
                   nbt.conflict_demand(10, name, '10.88.0.2')):
        check.equal(nbt.decode(nbt.encode(packet)), packet, 'packet')
    request = nbt.registration(1, name, '10.88.0.2')
    refusal = nbt.decode(nbt.encode(nbt.registration_reply(request, 6)))
    check.equal((refusal.response, refusal.rcode, refusal.broadcast,
                 refusal.opcode, refusal.name),
                (True, 6, False, nbt.REGISTER, name), 'refusal')
    check.equal(nbt.nb_addresses(refusal.answers[0].rdata), ['10.88.0.2'],
                'address in refusal')


def test_packet_bytes():
    """The example of RFC 1001, 14.1, and a header written out by hand."""
    check.equal(nbt.encode_name(nbt.Name('FRED', 0x20)),
                b'\x20EGFCEFEECACACACACACACACACACACACA\0', 'FRED')
    raw = nbt.encode(nbt.registration(0x0102, nbt.Name('FRED', 0x20),
                                      '10.1.2.3'))
    check.equal(raw[:12], bytes.fromhex('010229100001000000000001'),
                'header of a broadcast registration')
    check.equal(raw[-8:], bytes.fromhex('000600000a010203'), 'its data')
    refusal = nbt.registration_reply(nbt.decode(raw), 6)
    check.equal(nbt.encode(refusal)[:12],
                bytes.fromhex('0102ad860000000100000000'), 'a refusal')
    refusal = nbt.registration_reply(nbt.decode(raw), 6, b_bit=True)
    check.equal(nbt.encode(refusal)[2:4], b'\xad\x96', 'with the B bit')


def test_garbage_is_garbage():
    request = nbt.registration(1, nbt.Name('ALPHA', 3), '10.88.0.2')
    broken = nbt.garbage(nbt.registration_reply(request, 6))
    check.true(len(broken) > 10, 'number of broken packets')
    for raw in broken:
        try:
            packet = nbt.decode(raw)
        except nbt.Malformed:
            continue
        raise AssertionError('not broken: %s' % packet)


def test_node_status_tables():
    request = nbt.node_status_request(1)
    names = [nbt.Listed(nbt.Name('N%03d' % number, 3)) for number in range(30)]
    reply = nbt.decode(nbt.encode(nbt.node_status_reply(request, names)))
    check.equal(nbt.listed_names(reply), names, 'names')
    lie = nbt.node_status_reply(request, names, count=200)
    try:
        nbt.listed_names(lie)
    except nbt.Malformed:
        return
    raise AssertionError('a count beyond the data was accepted')


def test_waiting_says_what_was_last():
    try:
        wait_for(lambda: [], 0.05, 'the cows come home')
    except Timeout as timeout:
        check.contains(str(timeout), 'the cows come home; last: []', 'text')
        return
    raise AssertionError('no timeout')


def test_peers_on_a_switch():
    with Lab() as lab:
        alpha = lab.host('ALPHA', '10.88.0.2/24')
        bravo = lab.host('BRAVO', '10.88.0.9/24')
        other = lab.host('OTHER', '10.89.0.9/24')
        peer = bravo.peer()
        peer.hold('BRAVO', 0x00)
        stranger = other.peer()
        stranger.hold('BRAVO', 0x00)
        capture = alpha.capture()
        client = alpha.client()
        reply = client.query(alpha.broadcast, 'bravo', 0x00, True)
        check.equal(reply.source, '10.88.0.9', 'who answers')
        check.equal(client.query('10.88.0.9', 'BRAVO', 0x03, False, 0.05),
                    None, 'answer to a query for a name nobody holds')
        check.equal([str(entry.name) for entry
                     in client.node_status('10.88.0.9')], ['BRAVO<00>'],
                    'node status')
        replies = client.register(alpha.broadcast, 'BRAVO', 0x00)
        check.equal([(seen.source, seen.packet.rcode) for seen in replies],
                    [('10.88.0.9', 6)], 'defence')
        rule = peer.refuse('CHARLIE', 0x03, only=[2], b_bit=True, times=2)
        check.equal(client.register(alpha.broadcast, 'CHARLIE', 3, 0.05), [],
                    'first registration')
        replies = client.register(alpha.broadcast, 'CHARLIE', 3, replies=2)
        check.equal([seen.packet.broadcast for seen in replies], [True] * 2,
                    'second registration: B bits of the refusals')
        check.equal(len(rule.requests), 2, 'requests the rule has seen')
        check.equal(stranger.packets, [], 'packets on the other switch')
        wait_for(lambda: rule.replies[1:], 1.0, 'both refusals are sent')
        seen = capture.wait_for(
            lambda: capture.replies('CHARLIE', 3, opcode=nbt.REGISTER)[1:],
            1.0, 'the capture has both refusals')[0]
        check.between(seen.time - rule.replies[1][0], -0.05, 0.05,
                      'sent and captured, seconds apart')
        check.equal(capture.registrations('CHARLIE', 3)[0].outgoing, True,
                    'direction')


_VICTIM = '''
import sys, os
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from lab import Lab
with Lab() as lab:
    alpha = lab.host('ALPHA', '10.88.0.2/24')
    nmbd = alpha.nmbd()
    detached = alpha.popen(['setsid', 'setpriv', '--pdeathsig', 'clear',
                            'sleep', '1000'])
    peer = alpha.run(['readlink', '/proc/self/ns/net'])
    print(lab.directory, nmbd.pid, detached.pid, os.stat(
        alpha.namespace.path).st_ino, flush=True)
    sys.stdin.read()
'''


def test_barrier_of_the_one_asked():
    """Another host that answers for the barrier proves nothing about the one
    that was asked, which may be slower."""
    barrier = nbt.Name('__SAMBA__', 0x20)
    with Lab() as lab:
        slow = lab.host('ALPHA', '10.88.0.2/24').peer()
        slow.on({nbt.QUERY}, 'ALPHA', 3, lambda request: [
            (0.2, nbt.query_reply(request, '10.88.0.2'))])
        quick = lab.host('BRAVO', '10.88.0.9/24').peer()
        quick.hold(*barrier[:2])
        client = lab.host('CHARLIE', '10.88.0.11/24').client()
        check.equal(client.query('10.88.0.255', 'ALPHA', 3, True,
                                 barrier=barrier), None,
                    'whose answer does not matter')
        check.true(client.query('10.88.0.255', 'ALPHA', 3, True,
                                barrier=barrier, source='10.88.0.2'),
                   'the answer of ALPHA')
        try:
            client.query('10.88.0.255', 'OTHER', 3, True, 0.3, barrier,
                         source='10.88.0.2')
        except AssertionError as error:
            check.contains(str(error), 'answers neither', 'the error')
        else:
            check.true(False, 'a barrier of another host counted')


def test_demands_are_no_registrations():
    """They have the same opcode."""
    with Lab() as lab:
        peer = lab.host('ALPHA', '10.88.0.2/24').peer()
        bravo = lab.host('BRAVO', '10.88.0.9/24')
        capture = bravo.capture()
        client = bravo.client()
        for demand in (True, False):
            client.ask('10.88.0.255', [nbt.registration(
                client.next_id(), nbt.Name('BRAVO', 3), '10.88.0.9',
                demand=demand)], bool, 0.05)
        capture.wait_for(lambda: capture.requests(nbt.REGISTRATIONS)[1:],
                         1.0, 'the capture has both')
        wait_for(lambda: peer.requests(nbt.REGISTRATIONS)[1:], 1.0,
                 'so has the peer')
        for name in ((), ('BRAVO', 3)):
            check.equal([seen.packet.is_demand()
                         for seen in capture.registrations(*name)], [False],
                        'registrations')
            check.equal([seen.packet.is_demand()
                         for seen in capture.demands(*name)], [True],
                        'demands')


def test_wins_server():
    """It grants, remembers and forgets; it refuses, waits and is silent as it
    is told; broadcasts are not for it."""
    with Lab() as lab:
        wins = lab.host('WINSSRV', '10.88.0.3/24').wins()
        client = lab.host('CLIENT', '10.88.0.9/24').client()

        def ask(packet, replies=1, seconds=1.0):
            return [seen.packet for seen in client.ask(
                '10.88.0.3', [packet], lambda got: len(got) >= replies,
                seconds)]

        def register(name, opcode=nbt.MULTIHOMED, address='10.88.0.9',
                     **kwargs):
            return ask(nbt.registration(client.next_id(), nbt.Name(name, 3),
                                        address, False, opcode), **kwargs)

        def addresses(name):
            (reply,) = ask(nbt.query(client.next_id(), nbt.Name(name, 3),
                                     False, True))
            return (None if reply.rcode else
                    nbt.nb_addresses(reply.answers[0].rdata))

        check.equal(addresses('ONE'), None, 'before it is registered')
        for address in ('10.88.0.9', '10.91.0.9'):
            (reply,) = register('ONE', address=address)
            check.equal((reply.opcode, reply.rcode, reply.answers[0].ttl),
                        (nbt.REGISTER, 0, 600), 'the grant')
        check.equal(addresses('ONE'), ['10.88.0.9', '10.91.0.9'], 'ONE')
        ask(nbt.release(client.next_id(), nbt.Name('ONE', 3), '10.88.0.9',
                        False))
        check.equal((addresses('ONE'), wins.addresses_of('ONE')),
                    (['10.91.0.9'], ['10.91.0.9']), 'ONE after a release')
        wins.record('TWO', '10.88.0.77')
        check.equal(addresses('TWO'), ['10.88.0.77'], 'TWO')
        wins.reject('TWO', nbt.RFS_ERR)
        (reply,) = register('TWO')
        check.equal(reply.rcode, nbt.RFS_ERR, 'a refusal')
        (reply,) = register('TWO', nbt.REFRESH)
        check.equal((reply.opcode, reply.rcode), (nbt.REFRESH, nbt.RFS_ERR),
                    'a refusal of a refresh')
        check.equal(addresses('TWO'), ['10.88.0.77'], 'TWO after refusals')
        wins.wack('THREE', 86400, then=nbt.ACT_ERR, after=0.1)
        first, second = register('THREE', replies=2)
        check.equal((first.opcode, first.answers[0].ttl, second.opcode,
                     second.rcode), (nbt.WACK, 86400, nbt.REGISTER,
                                     nbt.ACT_ERR), 'a WACK')
        check.equal(client.register('10.88.0.255', 'TWO', 3, 0.2), [],
                    'replies to a broadcast')
        check.equal(len(wins.claims('TWO')), 2, 'claims for TWO')
        wins.no_queries()
        check.equal(ask(nbt.query(client.next_id(), nbt.Name('ONE', 3),
                                  False), seconds=0.2), [],
                    'replies to a query that is dropped')
        (reply,) = register('FOUR')
        check.equal(reply.rcode, 0, 'a registration after that')
        wins.no_registrations('FOUR')
        check.equal(register('FOUR', seconds=0.2), [],
                    'replies to a registration that is dropped')
        wins.hold('WINSSRV', 0)
        check.equal([str(entry.name) for entry
                     in client.node_status('10.88.0.3')], ['WINSSRV<00>'],
                    'node status')


def test_leaves_nothing_when_killed():
    """kill -9 of the process that holds a lab takes all of it away."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    names = set(os.listdir('/run/netns')) if os.path.isdir('/run/netns') \
        else set()
    links = set(os.listdir('/sys/class/net'))
    victim = subprocess.Popen([sys.executable, '-c', _VICTIM, here],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              universal_newlines=True)
    line = victim.stdout.readline().split()
    if len(line) != 4:
        victim.kill()
        raise AssertionError('the victim did not start: %s' % line)
    directory, inode = line[0], int(line[3])
    pids = [int(line[1]), int(line[2])]
    for pid in pids:
        os.kill(pid, 0)
    check.true(os.path.isdir(directory), 'the lab\'s directory')
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    victim.stdin.close()
    victim.stdout.close()

    def gone():
        for pid in pids:
            try:
                # A zombie has no namespace to look at.
                if os.stat('/proc/%d/ns/net' % pid).st_ino == inode:
                    raise AssertionError('process %d lives' % pid)
            except OSError:
                pass
        check.none(os.path.exists(directory) and os.listdir(directory),
                   'files of the lab')
        return not os.path.exists(directory)

    wait_for(gone, 5.0, 'everything of the lab is gone')
    check.equal(set(os.listdir('/sys/class/net')), links, 'interfaces')
    now = set(os.listdir('/run/netns')) if os.path.isdir('/run/netns') \
        else set()
    check.equal(now, names, 'named namespaces')


def test_leaves_nothing_in_good_order():
    before = set(glob.glob(os.path.join(tempfile.gettempdir(), 'nmbd-lab-*')))
    with Lab() as lab:
        directory = lab.directory
        nmbd = lab.host('ALPHA', '10.88.0.2/24').nmbd()
        inode = os.stat(lab.hosts[0].namespace.path).st_ino
    check.equal(nmbd.running, False, 'nmbd runs on')
    check.true(directory not in before, 'a directory of its own')
    check.equal(os.path.exists(directory), False, 'the directory is left')
    for entry in os.listdir('/proc'):
        if entry.isdigit():
            try:
                if os.stat('/proc/%s/ns/net' % entry).st_ino == inode:
                    raise AssertionError('process %s is left' % entry)
            except OSError:
                pass
    check.none([fd for fd in os.listdir('/proc/self/fd')
                if _target(fd).startswith('net:')], 'namespaces still open')


def _target(fd):
    try:
        return os.readlink('/proc/self/fd/' + fd)
    except OSError:
        return ''
