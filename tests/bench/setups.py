# SPDX-License-Identifier: GPL-3.0-or-later
"""The setups that are compared, each nmbd alone on a network of its own."""

import os
from contextlib import contextmanager
from typing import NamedTuple

from lab import Lab, LabError, NMBD_MODULES_SO, nbt, wait_for

COMPUTER = 'ALPHA'
AT_A_TIME = 16
INTERVAL = 0.02
ROOM = 256  # for aliases that are added

_TOOLS = os.path.join(os.path.dirname(NMBD_MODULES_SO), '..', 'tests',
                      'bench')


class Setup:
    """One way to run nmbd; `names` are the computer's and its aliases."""

    def __init__(self, label, modules=None, preload=None, option=None,
                 aliases=0):
        self.label = label
        self.modules = modules
        self.preload = bool(modules) if preload is None else preload
        self.aliases = aliases
        self.option = option  # of smb.conf, that has them
        self.names = [COMPUTER] + ['A%05d' % number
                                   for number in range(aliases)]
        self.options = {'netbios name': COMPUTER, 'messenger:store': 'no',
                        'messenger:max aliases': str(aliases + ROOM)}
        if aliases:
            self.options[option] = ' '.join(self.names[1:])
        self.wrap = ()  # words before nmbd's command
        self.faults = []  # more that is preloaded into it, and
        self.env = {}     # what that reads


class Load(NamedTuple):
    """What asking an nmbd again and again has shown; cpu: of nmbd."""

    rate: float
    cpu_us: float
    median_us: float
    p99_us: float


def _label(who, aliases, what):
    if not aliases:
        return who
    return '%s, %d %s%s' % (who, aliases, what, '' if aliases == 1 else 'es')


def stock(aliases=0, label=None):
    return Setup(label or _label('stock', aliases, 'netbios alias'),
                 option='netbios aliases', aliases=aliases)


def preloaded():
    return Setup('preloaded, no module named', preload=True)


def module(aliases=0, label=None):
    return Setup(label or _label('module', aliases, 'alias'),
                 modules='messenger', option='messenger:aliases',
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
                                   self.setup.preload, wrap=self.setup.wrap)

    def stop(self):
        status = self.nmbd.stop(20.0)
        if status != 0:
            raise AssertionError('nmbd, %s: ended with %d'
                                 % (self.setup.label, status))

    def _asleep(self):
        with open('/proc/%d/stat' % self.nmbd.pid) as status:
            return status.read().rsplit(')', 1)[1].split()[0] == 'S'

    def cpu_seconds(self):
        """What nmbd has used so far, in user space and in the kernel.

        The kernel brings the figure up to date when nmbd goes to sleep.
        """
        wait_for(self._asleep, 20.0, 'nmbd is idle', interval=0.0005)
        with open('/proc/%d/schedstat' % self.nmbd.pid) as schedstat:
            return int(schedstat.read().split()[0]) / 1e9

    def rss_anon(self):
        """nmbd's memory that no file backs, in kB."""
        with open('/proc/%d/status' % self.nmbd.pid) as status:
            for line in status:
                if line.startswith('RssAnon:'):
                    return int(line.split()[1])
        raise AssertionError('the kernel does not tell RssAnon')

    def load(self, name, number, window, suffix=0x03):
        """Loads it with queries for a name; "*" asks for its node status.

        Under valgrind, self.nmbd is None, and so is the CPU time.
        """
        before = self.nmbd and self.cpu_seconds()
        done = self.asker.run(
            [os.path.join(_TOOLS, 'load'), self.host.address, name,
             str(suffix), str(number), str(window)], timeout=60)
        if done.returncode != 0:
            raise LabError('load: ' + done.stderr.strip())
        answered, lost, seconds, median, p99 = done.stdout.split()
        if lost != '0' or int(answered) != number:
            raise AssertionError('%s: %s of %d queries for %s got no answer'
                                 % (self.setup.label, lost, number, name))
        used = self.nmbd and self.cpu_seconds() - before
        return Load(number / float(seconds),
                    used and used * 1e6 / number, float(median), float(p99))

    def ask(self, request, expected, turns=1, at_once=1):
        """Sends requests over one connection: ms of each turn.

        See ask.c for "%" in a request; expected is in each answer.
        """
        done = self.host.run(
            [os.path.join(_TOOLS, 'ask'), self.host.conf, expected,
             str(turns), str(at_once), request], timeout=90)
        if done.returncode != 0:
            raise AssertionError('%s: %s' % (self.setup.label,
                                             done.stderr.strip()))
        return [float(line) / 1000 for line in done.stdout.split()]

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
