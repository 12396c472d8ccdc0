# SPDX-License-Identifier: GPL-3.0-or-later
"""The setups that are compared, each nmbd alone on a network of its own."""

import os
from contextlib import contextmanager

from lab import Lab, nbt

COMPUTER = 'ALPHA'
AT_A_TIME = 16
INTERVAL = 0.02


class Setup:
    """One way to run nmbd; `names` are the computer's and its aliases."""

    def __init__(self, label, modules=None, preload=None, option=None,
                 aliases=0):
        self.label = label
        self.modules = modules
        self.preload = bool(modules) if preload is None else preload
        self.names = [COMPUTER] + ['A%05d' % number
                                   for number in range(aliases)]
        self.options = {'netbios name': COMPUTER, 'messenger:store': 'no',
                        'messenger:max aliases': '8192'}
        if aliases:
            self.options[option] = ' '.join(self.names[1:])


def _plural(count, what):
    return '%d %s%s' % (count, what, '' if count == 1 else 'es')


def stock(aliases=0):
    label = 'stock'
    if aliases:
        label += ', ' + _plural(aliases, 'netbios alias')
    return Setup(label, option='netbios aliases', aliases=aliases)


def preloaded():
    return Setup('preloaded, no module named', preload=True)


def module(aliases=0):
    label = 'module'
    if aliases:
        label += ', ' + _plural(aliases, 'alias')
    return Setup(label, modules='messenger', option='messenger:aliases',
                 aliases=aliases)


class Stand:
    """A host for one setup, and somebody on the same network who asks."""

    def __init__(self, lab, number, setup):
        self.setup = setup
        self.host = lab.host('SERVER%d' % number, '10.90.%d.2/24' % number)
        self.asker = lab.host('ASKER%d' % number, '10.90.%d.9/24' % number)
        self.client = self.asker.client()
        self.nmbd = None

    def start(self):
        self.nmbd = self.host.nmbd(self.setup.options, self.setup.modules,
                                   self.setup.preload)

    def stop(self):
        status = self.nmbd.stop(20.0)
        if status != 0:
            raise AssertionError('nmbd, %s: ended with %d'
                                 % (self.setup.label, status))

    def cpu_seconds(self):
        """What nmbd has used so far, in user space and in the kernel."""
        with open('/proc/%d/schedstat' % self.nmbd.pid) as schedstat:
            return int(schedstat.read().split()[0]) / 1e9

    def rss_anon(self):
        """nmbd's memory that no file backs, in kB."""
        with open('/proc/%d/status' % self.nmbd.pid) as status:
            for line in status:
                if line.startswith('RssAnon:'):
                    return int(line.split()[1])
        raise AssertionError('the kernel does not tell RssAnon')

    def wait_answered(self, seconds=20.0):
        """When the last of its names was first answered on the network.

        A name that is answered stays so; therefore a few are asked for at a
        time, by broadcast, and the next few when those are there.
        """
        names = self.setup.names
        return max(self._wait_some(names[at:at + AT_A_TIME], seconds)
                   for at in range(0, len(names), AT_A_TIME))

    def _wait_some(self, names, seconds):
        answered = {}
        for _ in range(int(seconds / INTERVAL)):
            asked = {self.client.next_id(): name for name in names
                     if name not in answered}
            packets = [nbt.query(ident, nbt.Name(name, 0x03), True)
                       for ident, name in asked.items()]
            for seen in self.client.ask(
                    self.host.broadcast, packets,
                    lambda replies: len({seen.packet.id for seen in replies})
                    == len(packets), INTERVAL):
                if seen.packet.rcode == 0:
                    answered.setdefault(asked[seen.packet.id], seen.time)
            if len(answered) == len(names):
                return max(answered.values())
        raise AssertionError('%s: no answer for %d names, %s among them'
                             % (self.setup.label, len(asked),
                                asked.popitem()[1]))


@contextmanager
def stands(*chosen):
    with Lab() as lab:
        yield [Stand(lab, number, setup)
               for number, setup in enumerate(chosen, 1)]


def rotated(items, turn):
    """Another one first in each round."""
    at = turn % len(items)
    return items[at:] + items[:at]


def processors():
    """One for nmbd and one for what asks; the same if there is but one."""
    mine = sorted(os.sched_getaffinity(0))
    return mine[0], mine[-1]
