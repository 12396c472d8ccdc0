# SPDX-License-Identifier: GPL-3.0-or-later
"""Many aliases: how fast they are held, whether each refusal is heard, and
what a list costs."""

import os
import re
import socket
import subprocess
import time

from aliases import (Request, nets, released, subnets_of, table,
                     wait_table)
from lab import MESSENGER_SO, check, nbt
from steps import alias_of, check_running, events, holder_of, subnet_of

TOOL = os.path.join(os.path.dirname(MESSENGER_SO), 'smbmessenger')
HELD = ('added', 'registered')


def _names(number, prefix='ALIAS'):
    return ['%s%04d' % (prefix, at) for at in range(number)]


def _settled(nmbd):
    """The table, once nothing in it is under way."""
    found = table(nmbd)
    return found if 'registering' not in [
        state for _, state in found.values()] else None


def _wait_held(nmbd, number):
    nmbd.wait_for(lambda: len(table(nmbd)) == number and _settled(nmbd),
                  10.0, 'all are held', interval=0.1)


@check.alone
@check.seconds(60)
def test_256_on_two_subnets():
    """All of them within 5 s, and without a lost reply: a stock nmbd on
    either net holds some of them, and exactly those are refused."""
    names = _names(256)
    with nets(2) as p:
        taken = [names[5::32], names[9::32]]
        holders = {}
        others = []
        for number in range(2):
            host = p.lab.host('OTHER%d' % number,
                              '10.%d.0.50/24' % (88 + number))
            others.append(host.nmbd({'netbios aliases':
                                     ' '.join(taken[number])}))
            for name in taken[number]:
                holders[name] = host.address
        for number in range(2):
            for name in taken[number]:
                others[number].wait_for(
                    lambda: p.nets[number].client.query(
                        p.nets[number].broadcast, name, 3, True, 0.2), 12.0,
                    'the other nmbd holds ' + name)
        nmbd = p.nmbd({'messenger:aliases': ' '.join(names),
                       'messenger:max aliases': '300'})
        nmbd.wait_log('entered the running state')
        started = p.capture.registrations('ALPHA', 3)[0].time
        nmbd.wait_for(lambda: len(events(nmbd)) >= len(names), 10.0,
                      'all are told of', interval=0.1)
        check.between(time.monotonic() - started, 0.75, 5.0,
                      'seconds from the first request to the last verdict')
        found = nmbd.wait_for(lambda: _settled(nmbd), 3.0,
                              'the table is settled')
        refused = {name for name, (_, state) in found.items()
                   if state == 'refused'}
        check.equal(refused, set(holders), 'refused names')
        check.equal(len(found), len(names) + 1, 'aliases')
        answer = nmbd.json('list')
        for name, holder in holders.items():
            net = p.nets[0 if holder.startswith('10.88.') else 1]
            entry = subnet_of(alias_of(answer, name), net.address)
            check.equal(holder_of(entry), holder, 'holder of ' + name)
        for alias in answer['aliases']:
            if alias['name'] not in refused:
                check.equal({entry['subnet']: entry['state']
                             for entry in alias['subnets']},
                            {address: 'registered'
                             for address in p.addresses},
                            'subnets of ' + alias['name'])
        for name in names[::64]:
            p.check_answered_without_list(name)
        check_running(nmbd.json('status'), p.addresses)
        _list_is_quick(nmbd)


def _list_is_quick(nmbd, limit=0.05):
    """Beside a request that costs nothing, the best of some each: what is
    left is nmbd's work and that of passing on 40 kB."""
    def best(request):
        took = []
        for _ in range(7):
            started = time.monotonic()
            nmbd.smbcontrol(*request)
            took.append(time.monotonic() - started)
        return min(took)

    base = best(['ping'])
    for request in ('list', 'json list'):
        check.between(best(['dump-domain-list', request]) - base, -limit,
                      limit, 'seconds for %s' % request)


@check.seconds(60)
def test_1024():
    """With messenger:max aliases raised."""
    names = _names(1024)
    with nets(1) as p:
        p.nets[0].peer.refuse(names[500], 3)
        nmbd = p.nmbd({'messenger:aliases': ' '.join(names),
                       'messenger:max aliases': '2000'})
        nmbd.wait_log('entered the running state')

        def all_there():
            # the last ones are claimed last: the whole list is long
            return p.capture.registrations(names[-1], 3)

        nmbd.wait_for(all_there, 20.0, 'the last one is claimed',
                      interval=0.2)
        nmbd.wait_for(lambda: _settled(nmbd), 5.0, 'the table is settled',
                      interval=0.2)
        found = table(nmbd)
        check.equal({name for name, (_, state) in found.items()
                     if state != 'registered'}, {names[500]},
                    'not registered')
        check.equal(len(found), len(names) + 1, 'aliases')
        for name in (names[0], names[511], names[-1]):
            p.nets[0].check_answered_without_list(name)
        # nmbd is as quick as ever for others
        check.equal(nmbd.json('add OPERATOR')['ok'], True, 'add')
        nmbd.wait_for(lambda: nmbd.json('delete OPERATOR')['ok'], 1.0,
                      'delete')
        # and all of it goes at once
        p.alpha.configure({'messenger:max aliases': '2000'}, 'messenger')
        nmbd.reload()
        wait_table(nmbd, {}, 10.0)
        p.nets[0].check_silent(names[0])
        p.nets[0].check_silent(names[-1])


def test_paced():
    """Sixteen new names at a time: the buffers of neighbours hold 256
    packets."""
    names = _names(100)
    with nets(1) as p:
        nmbd = p.nmbd({'messenger:aliases': ' '.join(names)})
        nmbd.wait_log('entered the running state')
        nmbd.wait_for(lambda: _settled(nmbd) and len(table(nmbd)) == 101,
                      10.0, 'all are held', interval=0.1)
        first = [p.capture.registrations(name, 3)[0].time for name in names]
        check.between(max(first) - min(first), 0.3, 5.0,
                      'seconds from the first to the last claim')
        sent = [seen.time for seen
                in p.capture.registrations(None, None, p.addresses[0])]
        for at, when in enumerate(sent):
            burst = [later for later in sent[at:] if later - when < 0.05]
            check.between(len(burst), 1, 200, 'requests in 50 ms')
        for name in names:
            check.equal(len(p.capture.registrations(name, 3)), 3,
                        'requests for ' + name)


def _drained(sock):
    """The packets that a socket holds."""
    packets = []
    while True:
        try:
            packets.append(nbt.decode(sock.recv(65535)))
        except BlockingIOError:
            return packets


@check.seconds(60)
def test_a_busy_neighbour_hears_each_release():
    """It reads its socket, which holds 256 packets, ten times a second.
    Those who heard nothing would go on sending to names that are gone."""
    names = _names(1000)
    with nets(1) as p:
        neighbour = p.lab.host('NEIGHBOUR', '10.88.0.70/24')
        nmbd = p.nmbd({'messenger:aliases': ' '.join(names),
                       'messenger:max aliases': '1000'})
        nmbd.wait_log('entered the running state')
        nmbd.wait_for(lambda: len(table(nmbd)) == 1001 and _settled(nmbd),
                      20.0, 'all are held', interval=0.2)
        left = set(names)
        with neighbour.namespace.socket(socket.AF_INET,
                                        socket.SOCK_DGRAM) as sock:
            sock.bind(('', nbt.PORT))
            sock.setblocking(False)
            check.equal(nmbd.json('stop')['ok'], True, 'stop')
            # out of nmbd's lists long before all are told
            p.nets[0].check_silent(names[-1])
            for _ in range(60):
                time.sleep(0.1)  # busy
                left -= {packet.name[0]
                         for packet in _drained(sock)
                         if packet.opcode == nbt.RELEASE}
                if not left:
                    break
            check.equal(left, set(), 'releases that were not heard')


def test_a_name_that_is_back_is_not_released():
    """Its release may wait for its turn, and would take it from those who
    hear it."""
    names = _names(200)
    with nets(1) as p:
        nmbd = p.nmbd({'messenger:aliases': ' '.join(names)})
        nmbd.wait_log('entered the running state')
        _wait_held(nmbd, 201)
        p.alpha.configure(None, 'messenger')
        nmbd.reload()
        # the last of them; its claim takes longer than all releases
        check.equal(nmbd.json('add ' + names[-1])['ok'], True, 'add')
        again = p.capture.registrations(names[-1], 3)[3]
        for seen in released(p.capture, names[-1]):
            check.equal(seen.time < again.time, True,
                        'it is released before it is claimed')


def test_many_requests_at_a_time():
    """Forty adds side by side: each gets its answer, and they are held."""
    names = _names(40, 'NAME')
    with nets(1) as p:
        p.nets[0].peer.refuse(names[7], 3)
        p.nets[0].peer.refuse(names[33], 3)
        nmbd = p.nmbd()
        nmbd.wait_log('entered the running state')
        requests = [Request(nmbd, 'add ' + name) for name in names]
        for name, request in zip(names, requests):
            check.equal(request.answer()['code'],
                        2297 if name in (names[7], names[33]) else 0,
                        'code for ' + name)
        wait_table(nmbd, {name: HELD for name in names
                          if name not in (names[7], names[33])})
        check.equal(subnets_of(nmbd, names[0]),
                    {'10.88.0.2': 'registered'}, 'subnets')


def test_limit_of_the_list():
    """256 is the default, and what a table holds."""
    with nets(1) as p:
        nmbd = p.nmbd({'messenger:aliases': ' '.join(_names(260))})
        nmbd.wait_log('entered the running state')
        nmbd.wait_for(lambda: events(nmbd, 'alias-refused'), 3.0,
                      'alias-refused')
        nmbd.wait_for(lambda: _settled(nmbd), 8.0, 'the table is settled',
                      interval=0.1)
        check.between(len(table(nmbd)), 256, 257, 'aliases')
        check.equal(nmbd.json('add OPERATOR')['code'], 2277, 'code')


@check.seconds(30)
def test_long_answers():
    """The tool puts the parts of one together: what it prints is what
    smbcontrol gets in one message, whoever else asks; and one that goes away
    before the last part leaves nothing behind."""
    with nets(1) as p:
        nmbd = p.nmbd({'messenger:aliases': ' '.join(_names(255))})
        nmbd.wait_log('entered the running state')
        nmbd.wait_for(lambda: _settled(nmbd), 8.0, 'the table is settled',
                      interval=0.1)
        whole = {words: nmbd.ask(' '.join(words)) for words in (
            ('json', 'list'), ('json', 'status'), ('list',))}
        check.true(len(whole['json', 'list']) > 2 * 16384, 'several parts')
        for words, answer in whole.items():
            tools = [p.alpha.popen(
                [TOOL, '-s', p.alpha.conf, words[-1]] +
                ['--json'] * (words[0] == 'json'), stdout=subprocess.PIPE)
                for _ in range(4)]
            for tool in tools:
                out, _ = tool.communicate(timeout=10)
                check.equal(out.decode(), answer, ' '.join(words))
                check.equal(tool.returncode, 0, 'exit status')
        for step in range(20):
            tool = p.alpha.popen([TOOL, '-s', p.alpha.conf, '--json', 'list'],
                                 stdout=subprocess.DEVNULL)
            time.sleep(step * 0.002)  # each another moment
            tool.kill()
            tool.wait(timeout=10)
        check.equal(nmbd.ask('json list'), whole['json', 'list'], 'json list')
        check_running(nmbd.json('status'))


def _listed(p, nmbd):
    """{subnet: its <03> names}, of nmbd's lists as nmbd itself writes them."""
    nmbd.reload()
    nmbd.json('status')  # answered after that
    with open(p.alpha.path('lock', 'namelist.debug')) as dump:
        parts = dump.read().split('Subnet ')[1:]
    return {part.split()[0]: re.findall(r'^\tName = (\S+)<03>', part, re.M)
            for part in parts}


def _check_listed(p, nmbd, names, what):
    listed = nmbd.wait_for(
        lambda: (lambda found: found if len(found['UNICAST_SUBNET']) ==
                 len(names) + 1 else None)(_listed(p, nmbd)),
        10.0, what, interval=0.2)
    for subnet in p.addresses + ['UNICAST_SUBNET']:
        check.equal(sorted(listed[subnet]), sorted(['ALPHA'] + names),
                    '%s: names of %s' % (what, subnet))


@check.seconds(60)
def test_once_in_each_list():
    """nmbd would answer twice, or still, for what is in a list twice."""
    names = _names(150)
    with nets(2) as p:
        nmbd = p.nmbd({'messenger:aliases': ' '.join(names)})
        nmbd.wait_log('entered the running state')
        _wait_held(nmbd, 151)
        _check_listed(p, nmbd, names, 'claimed')
        for name in names[:3]:
            check.equal(nmbd.json('delete ' + name)['ok'], True, 'delete')
            check.equal(nmbd.json('add ' + name)['ok'], True, 'add')
        check.equal(nmbd.json('stop')['ok'], True, 'stop')
        check.equal(nmbd.json('start')['ok'], True, 'start')
        nmbd.wait_for(lambda: len(table(nmbd)) == 151 and _settled(nmbd),
                      10.0, 'all are held again', interval=0.1)
        _check_listed(p, nmbd, names, 'claimed again')
        p.alpha.configure({'messenger:aliases': ' '.join(names[100:])},
                          'messenger')
        _check_listed(p, nmbd, names[:3] + names[100:], 'most are gone')
