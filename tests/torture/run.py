#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stock nmbd with the module under fire, in network namespaces.

Root only; start it with script/torture, which builds first.
"""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import gaps  # noqa: E402 (needs the path above)
import packets  # noqa: E402
import watch  # noqa: E402
from lab import Lab, nbt  # noqa: E402
from lab.ending import Failure, exit_status  # noqa: E402
from lab.nmbd import SMBCONTROL  # noqa: E402

NAMES = (['NAME%02d' % number for number in range(24)]
         + ['OPERATOR', 'HELPDESK', 'FRONT DESK', 'J\u00dcRGEN', "O'NEILL",
            'A', 'FIFTEEN-LETTERS', 'ALPHA', 'SIXTEEN-LETTERS-', 'A*B'])
QUESTIONS = ('list', 'status', 'events 256', 'explain', 'help',
             'json list', 'json status', 'json events 256', 'json explain')
BASE = {'messenger:aliases': 'OPERATOR HELPDESK', 'local master': 'yes',
        'messenger:event log': 'System', 'log level': '0'}
ORDERS_AT_ONCE = 8

# What nmbd takes of its own accord for what it has learnt from the net.
RSS_KB = 2048


class Orders:
    """smbcontrols under way; each must come to its end."""

    def __init__(self, host):
        self._host = host
        self._running = []
        self.sent = 0
        self.failed = 0

    def send(self, *words):
        self.reap()
        while len(self._running) >= ORDERS_AT_ONCE:
            self._running[0][1].wait(60)
            self.reap()
        process = self._host.popen(
            [SMBCONTROL, '-s', self._host.conf, '-t', '30', 'nmbd']
            + list(words), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self._running.append((words, process))
        self.sent += 1

    def request(self, text):
        self.send('dump-domain-list', text)

    def reap(self):
        for entry in list(self._running):
            if entry[1].poll() is not None:
                self.failed += entry[1].returncode != 0
                self._running.remove(entry)
                self._host._processes.remove(entry[1])

    def wait(self):
        for _, process in list(self._running):
            process.wait(60)
        self.reap()


class Torture:
    """ALPHA for nmbd on two nets, a peer on each, CHARLIE to fire from."""

    def __init__(self, lab, options):
        self.lab = lab
        self.options = options
        self.slow = 20.0 if options.valgrind else 3.0 if options.asan else 1.0
        self.rng = random.Random(options.seed)
        self.alpha = lab.host('ALPHA', '10.88.0.2/24', '10.89.0.2/24')
        self.bravos = [lab.host('BRAVO%d' % net, '10.%d.0.9/24' % (88 + net))
                       for net in range(2)]
        self.peers = [bravo.peer() for bravo in self.bravos]
        for peer in self.peers:
            peer.hold('BRAVO', 0x00)
            peer.hold('LAB', 0x00, group=True)
        self.charlie = lab.host('CHARLIE', '10.88.0.66/24')
        self.client = self.bravos[0].client()
        self.orders = Orders(self.alpha)
        self.rules = []
        self.down = set()
        self.done = {}
        self.aliases = 'OPERATOR HELPDESK'
        self.gaps = None
        if not (options.valgrind or options.asan):
            self.gaps = gaps.Gaps(self.alpha, lab.host(
                'STOCK', '10.88.0.7/24', '10.89.0.7/24'))
            # stock nmbd has no harm of what is not answered in time
            self.stock_orders = Orders(self.gaps.host)
        self.start()

    # nmbd

    def start(self):
        wrap = []
        counted = {'env': {}}
        if self.gaps:
            counted = self.gaps.under()
        if self.options.valgrind:
            wrap = ['valgrind', '--trace-children=yes', '--leak-check=full',
                    '--show-leak-kinds=definite', '--num-callers=30',
                    '--errors-for-leak-kinds=none', '--error-exitcode=99',
                    '--suppressions=' + os.path.join(HERE, 'valgrind.supp'),
                    '--log-file=%s' % self.alpha.path('valgrind.%p')]
        if self.options.asan:
            counted['env'] = {'ASAN_OPTIONS': 'detect_leaks=0:log_to_syslog=0',
                              'UBSAN_OPTIONS': 'print_stacktrace=1'}
        self.alpha.configure(self._values(), 'messenger')
        self.nmbd = self.alpha.nmbd(modules='messenger', configure=False,
                                    wait_up=False, wrap=wrap, **counted)
        self.nmbd.wait_up(10 * self.slow)

    def _values(self, **changes):
        values = dict(BASE)
        values['messenger:aliases'] = self.aliases
        values['messenger:json log'] = self.alpha.path('events.json')
        values.update(changes)
        return values

    def check_alive(self):
        faults = self.nmbd.faults()
        if faults or not self.nmbd.running:
            raise Failure('nmbd %s\n%s\n%s' % (
                'runs' if self.nmbd.running else 'has ended',
                '\n'.join(faults[:20]), self.nmbd.describe(80)))

    def ask(self, request):
        return self.nmbd.json(request, seconds=int(20 * self.slow))

    # What is done to it

    def count(self, what):
        self.done[what] = self.done.get(what, 0) + 1

    def order(self):
        rng = self.rng
        verb = rng.choice(('add', 'add', 'add', 'delete', 'delete', 'start',
                           'stop', 'question', 'dump', 'debug'))
        self.count(verb)
        if verb in ('add', 'delete'):
            name = rng.choice(NAMES)
            self.orders.request('%s%s %s' % (rng.choice(('', 'json ')), verb,
                                             rng.choice((name,
                                                         name.lower()))))
        elif verb == 'question':
            question = rng.choice(QUESTIONS)
            self.orders.request(question)
            if self.gaps and '256' in question:
                self.stock_orders.send('ringbuf-log')
        elif verb == 'dump':
            self.orders.send('rpc-dump-status')
        elif verb == 'debug':
            self.orders.send('debuglevel')
        else:
            self.orders.request(verb)

    def reload(self):
        rng = self.rng
        self.aliases = ' '.join('"%s"' % name for name in
                                rng.sample(NAMES, rng.randrange(8)))
        values = self._values(**{
            'messenger:rfc timing': rng.choice(('yes', 'yes', 'no')),
            'messenger:max aliases': rng.choice(('256', '256', '5', '0')),
            'messenger:journal': rng.choice(('auto', 'no')),
            'messenger:store': rng.choice(('yes', 'yes', 'no')),
            'messenger:restart interval': rng.choice(('0', '1')),
            'messenger:event log': rng.choice(('System', '', '../x')),
            'messenger:user aliases': rng.choice(('no', 'no', 'logind')),
        })
        self.alpha.configure(values, 'messenger')
        if rng.random() < 0.5:
            self.count('reload-config')
            self.orders.send('reload-config')
        else:
            self.count('SIGHUP')
            self.nmbd.hangup()
        if self.gaps:
            self.gaps.reload(values)

    def refuse(self):
        """A storm for some names, or an end of storms."""
        rng = self.rng
        self.count('refusals')
        if len(self.rules) > 12 or rng.random() < 0.2:
            for peer, rule in self.rules:
                peer.forget(rule)
            self.rules.clear()
            return
        peer = rng.choice(self.peers)
        name = rng.choice(NAMES[:-2] + ['ALPHA'] * 2)
        kind = rng.randrange(6)
        if kind < 3:
            rule = peer.refuse(name, 3, rng.choice((6, 6, 5, 7, 1)),
                               rng.random() < 0.5,
                               rng.choice((1, 1, 20, 200)),
                               delay=rng.choice((0, 0, 0.3, 1.5)),
                               wrong_id=rng.random() < 0.1)
        elif kind == 3:
            rule = peer.babble(name, 3)
        elif kind == 4:
            rule = peer.wack(name, 3)
        else:
            rule = peer.node_status(count=rng.choice((None, 0, 255)))
        self.rules.append((peer, rule))

    def contest(self):
        """Others want names of ours, or demand them."""
        rng = self.rng
        self.count('contests')
        net = rng.randrange(2)
        ours = self.alpha.addresses[net]
        theirs = self.bravos[net].address
        to = rng.choice((ours, '10.%d.0.255' % (88 + net)))
        for _ in range(rng.choice((1, 20))):
            name = nbt.Name(rng.choice(NAMES[:8] + ['ALPHA', 'OPERATOR']), 3)
            ident = rng.randrange(65536)
            self.peers[net].send(to, rng.choice((
                nbt.registration(ident, name, theirs),
                nbt.registration(ident, name, theirs, demand=True),
                nbt.conflict_demand(ident, name, theirs),
                nbt.release(ident, name, ours))))

    def messages(self, number=200):
        self.count('messages')
        seed = self.rng.randrange(1 << 32)
        for host in self._hosts():
            done = host.run([self.options.message, host.conf, str(seed),
                             str(number)]
                            + (['stock'] if host is not self.alpha else []),
                            timeout=60 * self.slow)
            if done.returncode != 0:
                self.check_alive()
                raise Failure('message: status %d: %s%s'
                              % (done.returncode, done.stdout, done.stderr))

    def _hosts(self):
        """Ours, and the stock one that has the same."""
        return [self.alpha] + ([self.gaps.host] if self.gaps else [])

    def flap(self):
        """A cable, an interface or an address comes or goes."""
        rng = self.rng
        self.count('interfaces')
        device = rng.choice(('eth0', 'eth1', 'eth1'))
        what = rng.choice(('cable', 'link', 'address'))
        key = (device, what)
        up = key in self.down
        (self.down.discard if up else self.down.add)(key)
        self._set(device, what, up)
        if rng.random() < 0.7:
            # this is when nmbd looks for interfaces
            self.orders.send('reload-config')
            if self.gaps:
                self.stock_orders.send('reload-config')

    def _set(self, device, what, up):
        for host in self._hosts():
            self._set_on(host, device, what, up)

    @staticmethod
    def _set_on(host, device, what, up):
        if what == 'cable':
            host.cable(device, up)
        elif what == 'link':
            host.namespace.ip('link set %s %s'
                              % (device, 'up' if up else 'down'))
        else:
            address = host.interfaces[int(device[3:])].with_prefixlen
            host.namespace.ip(
                'addr replace %s brd + dev %s' % (address, device) if up
                else 'addr del %s dev %s' % (address, device))

    def restart(self):
        rng = self.rng
        if rng.random() < 0.7:
            self.count('kill -9')
            self.nmbd.kill()
        else:
            self.count('SIGTERM')
            self.stop()
        self.orders.wait()
        self.check_store()
        self.start()

    def check_store(self):
        if os.path.exists(self.alpha.path('state', 'messenger.tdb.damaged')):
            raise Failure('the store was damaged')

    def stop(self):
        status = self.nmbd.stop(20 * self.slow)
        self.check_valgrind()
        if status != 0:
            raise Failure('nmbd ended with status %d\n%s'
                          % (status, self.nmbd.describe()))

    # Rest

    def rest(self):
        """All is as at the start; returns a sample."""
        self.orders.wait()
        if self.gaps:
            self.stock_orders.wait()
        for peer, rule in self.rules:
            peer.forget(rule)
        self.rules.clear()
        for device, what in sorted(self.down):
            self._set(device, what, True)
        self.down.clear()
        self.check_alive()
        self.aliases = 'OPERATOR HELPDESK'
        self.alpha.configure(self._values(), 'messenger')
        self.nmbd.smbcontrol('reload-config', seconds=int(20 * self.slow))
        self.nmbd.wait_for(self._settled, 40 * self.slow,
                           'the service runs with its aliases and no other')
        return watch.sample(self.nmbd)

    def _settled(self):
        status = self.ask('status')
        if status['service']['state'] in ('stopped', 'failed'):
            self.nmbd.ask('start', seconds=int(20 * self.slow))
            return False
        settled = status['service']['state'] == 'running'
        wanted = {'ALPHA', 'OPERATOR', 'HELPDESK'}
        for alias in status['aliases']:
            if alias['name'] not in wanted:
                self.nmbd.ask('delete ' + alias['name'])
                settled = False
            elif alias['state'] == 'refused':
                self.nmbd.ask('add ' + alias['name'],
                              seconds=int(20 * self.slow))
                settled = False
            elif alias['state'] != 'registered' or len(alias['subnets']) != 2:
                settled = False
            wanted.discard(alias['name'])
        for name in wanted:
            self.nmbd.ask('add ' + name, seconds=int(20 * self.slow))
        return settled and not wanted

    def drops(self):
        """Packets that nmbd's sockets could not take."""
        with open('/proc/%d/net/udp' % self.nmbd.pid) as table:
            return sum(int(line.split()[-1]) for line in table
                       if line.split()[1][-4:] in ('0089', '008A'))

    # The rounds

    def play(self, deeds, seconds):
        """Random deeds for some time; (deed, weight)."""
        end = time.monotonic() + seconds
        names = [deed for deed, weight in deeds for _ in range(weight)]
        while time.monotonic() < end:
            self.rng.choice(names)()
            self.check_alive()

    def fire(self, number, rate):
        path = self.charlie.path('packets')
        packets.write(path, self.charlie.address)
        before = self.rest()
        process = self.charlie.popen(
            [self.options.fire, self.alpha.address, self.alpha.broadcast,
             path, str(self.options.seed), str(number), str(rate)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            universal_newlines=True)
        began = time.monotonic()
        while process.poll() is None:
            self.play(((self.order, 6), (self.reload, 1), (self.contest, 2)),
                      0.1)
            try:
                process.wait(0.15 * self.slow)
            except subprocess.TimeoutExpired:
                pass
        out, errors = process.communicate()
        took = time.monotonic() - began
        if process.returncode != 0:
            self.check_alive()
            raise Failure('fire: status %d: %s%s' % (process.returncode, out,
                                                     errors[-20000:]))
        sent, answered, barriers, repeated = map(int, out.split())
        say('packets: %d in %.0f s (%.0f/s), %d answers, %d barriers, '
            '%d of them repeated, %d dropped by the kernel'
            % (sent, took, sent / took, answered, barriers, repeated,
               self.drops()))
        after = self.rest()
        # what nmbd itself learns from the packets is not bounded by us
        self.compare('packets', before, after, 96 * 1024)

    def check_gaps(self, what):
        if self.gaps is None:
            return
        found, much = self.gaps.compare()
        say('%s, %s' % (what, found))
        # what the packets make nmbd itself do, the stock one hears less of:
        # some go to one address alone
        if much and what != 'packets':
            raise Failure('%s: %s' % (what, found))

    def compare(self, what, first, last, rss_kb):
        self.check_gaps(what)
        say('%s, at first: %s' % (what, first))
        say('%s, at last:  %s' % (what, last))
        if self.options.asan or self.options.valgrind:
            rss_kb = 1 << 30    # freed memory is held back there
        found = watch.growth(first, last, rss_kb)
        if found:
            raise Failure('%s: %s\n%s' % (what, '; '.join(found),
                                          watch.describe(self.nmbd)))

    def measured(self, what, deeds, seconds, rss_kb):
        """A fourth of the time to warm up, the rest to stay as it is."""
        self.play(deeds, seconds / 4)
        samples = [self.rest()]
        for _ in range(3):
            self.play(deeds, seconds / 4)
            samples.append(self.rest())
        self.compare(what, samples[0], samples[-1], rss_kb)

    def run(self):
        minutes = self.options.minutes * 60.0
        self.fire(self.options.packets, self.options.rate)
        self.measured('requests', (
            (self.order, 12), (self.reload, 2), (self.refuse, 2),
            (self.contest, 2), (self.messages, 1)), minutes * 0.5, RSS_KB)
        # nmbd frees no subnet that has gone
        self.measured('interfaces', (
            (self.order, 6), (self.flap, 3), (self.refuse, 1),
            (self.messages, 1)), minutes * 0.25, 4 * RSS_KB)
        self.play(((self.order, 20), (self.reload, 2), (self.refuse, 2),
                   (self.messages, 1), (self.restart, 6)), minutes * 0.25)
        self.rest()
        self.check_gaps('starts')
        self.check_answered()
        self.stop()
        if self.gaps:
            self.gaps.stop()
        say('done: ' + ', '.join('%s %d' % item
                                 for item in sorted(self.done.items())))

    def check_answered(self):
        for name in ('ALPHA', 'OPERATOR', 'HELPDESK'):
            if self.client.query(self.alpha.address, name, 3, False,
                                 2.0 * self.slow) is None:
                raise Failure('%s<03> is not answered for' % name)

    def check_valgrind(self):
        """No error, and no leak of the module's, in the run that has ended."""
        path = self.alpha.path('valgrind.%d' % self.nmbd.pid)
        if not os.path.exists(path):
            return
        with open(path) as log:
            text = re.sub('^==[0-9]+== ?', '', log.read(), flags=re.M)
        blocks = text.split('\n\n')
        leaks = [block for block in blocks if 'definitely lost in' in block
                 and 'messenger' in block]
        if leaks:
            raise Failure('valgrind: %d leaks of the module\n%s'
                          % (len(leaks), '\n\n'.join(leaks[:5])))
        if 'ERROR SUMMARY: 0 errors' not in text:
            raise Failure('valgrind:\n' + '\n\n'.join(
                block for block in blocks
                if 'definitely lost' not in block)[:8000])
        self.count('runs in valgrind')


def say(text):
    print(text, flush=True)


def arguments():
    parser = argparse.ArgumentParser(
        prog='script/torture', description='nmbd with the module under fire.')
    parser.add_argument('--minutes', type=float, metavar='N',
                        help='of random deeds, besides the packets '
                        '(10; quick 1; valgrind 2)')
    parser.add_argument('--packets', type=int, metavar='N',
                        help='(200000; quick 20000; valgrind 4000)')
    parser.add_argument('--quick', action='store_true',
                        help='about two minutes in all')
    parser.add_argument('--asan', action='store_true',
                        help='the build with the sanitizers')
    parser.add_argument('--valgrind', action='store_true',
                        help='in memcheck')
    parser.add_argument('--seed', type=int, metavar='N',
                        default=random.SystemRandom().randrange(1 << 31),
                        help='of an earlier run')
    options = parser.parse_args()
    if options.minutes is None:
        options.minutes = 2 if options.valgrind else 1 if options.quick else 10
    if options.packets is None:
        options.packets = (4000 if options.valgrind
                           else 20000 if options.quick else 200000)
    options.rate = 150 if options.valgrind else 4000
    options.fire = os.environ['TORTURE_FIRE']
    options.message = os.environ['TORTURE_MESSAGE']
    return options


def main():
    options = arguments()
    say('script/torture --seed %d%s, %d packets, %g minutes'
        % (options.seed, ' --asan' if options.asan else
           ' --valgrind' if options.valgrind else '', options.packets,
           options.minutes))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with Lab() as lab:
        Torture(lab, options).run()
    say('torture: no finding')
    return 0


if __name__ == '__main__':
    sys.exit(exit_status('torture', main))
