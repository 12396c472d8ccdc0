# SPDX-License-Identifier: GPL-3.0-or-later
"""What nmbd executes for a packet, counted in callgrind: instructions,
allocations and timers. They hardly depend on the machine and its load."""

import os
import re
import stat
import subprocess
from typing import NamedTuple

import queries
import setups
from figures import Group, Line
from lab import LabError, NMBD_MODULES_SO, nbt, wait_for

MANY = 256
BATCH = 20  # registrations; each comes to nmbd on two sockets
TYPES = (0x03, 0x20)  # that others register: an alias, a server's name
NAMES_OF_ALIAS = 3  # that stock nmbd has in a list: <20>, <03>, <00>

_ALLOCATIONS = {'malloc', 'calloc', 'realloc', 'memalign', 'posix_memalign',
                'aligned_alloc'}
_TIMERS = {'_tevent_add_timer'}

# In a dump, a name is written out where it comes first, and then called by
# its number: "cfn=(12) malloc", "calls=3 ...", and later "cfn=(12)".
_LINE = re.compile(r'^(c?fn)=\((\d+)\)(?: (.*))?$|^calls=(\d+) ')


# limits that do not hold with aliases: nmbd searches a longer list
LISTED = (1.01,)


class Counts(NamedTuple):
    """Per packet."""

    instructions: float
    allocations: float
    timers: float


def _parse(dump, number):
    total = re.search(r'^totals: ([1-9]\d*)', dump, re.M)
    if not total:
        raise LabError('callgrind counted nothing')
    names, calls, called = {}, {}, None
    for line in dump.splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        kind, ident, name, count = match.groups()
        if count:
            calls[called] = calls.get(called, 0) + int(count)
        else:
            if name:
                names[ident] = name
            if kind == 'cfn':
                called = names[ident]

    def calls_of(functions):
        return sum(calls.get(name, 0) for name in functions) / number

    return Counts(int(total.group(1)) / number, calls_of(_ALLOCATIONS),
                  calls_of(_TIMERS))


class _Counted:
    """A stand whose nmbd runs under valgrind."""

    def __init__(self, stand):
        self.stand = stand
        self._dumps = 0
        host, setup = stand.host, stand.setup
        host.configure(setup.options, setup.modules)
        command = ['valgrind', '-q', '--tool=callgrind', '--instr-atstart=no',
                   '--callgrind-out-file=' + host.path('callgrind'),
                   '--vgdb-prefix=' + host.path('vgdb'),
                   '/usr/sbin/nmbd', '-F', '--no-process-group',
                   '-s', host.conf, '-l', host.directory]
        if setup.preload:
            command = ['env', 'LD_PRELOAD=' + NMBD_MODULES_SO] + command
        with open(host.path('valgrind.log'), 'ab') as log:
            self.process = host.popen(command, stdout=log, stderr=log)

    def _up(self):
        if self.process.poll() is not None:
            with open(self.stand.host.path('valgrind.log')) as log:
                raise LabError('nmbd ended under valgrind: ' + log.read())
        try:
            return stat.S_ISSOCK(os.stat(self.stand.host.path(
                'socket', 'unexpected')).st_mode)
        except FileNotFoundError:
            return False

    def wait_up(self):
        wait_for(self._up, 60.0, 'nmbd is up under valgrind')

    def start_counting(self):
        self._control('-i', 'on')

    def _control(self, *args):
        done = subprocess.run(
            ['callgrind_control',
             '--vgdb-prefix=' + self.stand.host.path('vgdb')]
            + list(args) + [str(self.process.pid)], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, universal_newlines=True, timeout=30)
        if done.returncode != 0:
            raise LabError('callgrind_control: ' + done.stdout.strip())

    def _count(self, send, number):
        self._control('-z')
        send(number)
        self._control('-d')
        self._dumps += 1
        with open(self.stand.host.path('callgrind.%d' % self._dumps)) as dump:
            return _parse(dump.read(), number)

    def _count_twice(self, send, number):
        """nmbd now and then does something else while it is counted, which
        can only add: the smaller of two counts is taken."""
        return Counts(*map(min, self._count(send, number),
                           self._count(send, number)))

    def queries(self, name, number, twice):
        count = self._count_twice if twice else self._count
        return count(lambda number: self.stand.load(name, number, 1), number)

    def _register(self, number, suffix):
        client, host = self.stand.client, self.stand.host
        for at in range(0, number, BATCH):
            packets = [nbt.registration(client.next_id(),
                                        nbt.Name('OTHER%05d' % each, suffix),
                                        self.stand.asker.address)
                       for each in range(at, at + BATCH)]
            # nobody answers them; this is, when they are done with
            query = nbt.query(client.next_id(),
                              nbt.Name(setups.COMPUTER, 0x03), True)
            if not client.ask(host.broadcast, packets + [query],
                              lambda got: len(got) == 2, 10.0):
                raise LabError('nmbd does not answer under valgrind')

    def registrations(self, number, suffix):
        """Of names that somebody else wants and nobody has, by broadcast."""
        return self._count_twice(
            lambda number: self._register(number, suffix), number)


def _asked(setup):
    """(line, name) for each name that is asked for."""
    if setup.aliases != MANY:
        return [(setup.label, setups.COMPUTER)]
    return [('%s: %s' % (setup.label, what), setup.names[at])
            for what, at in (('computer', 0), ('first alias', 1),
                             ('last alias', -1))]


def _measure(few, many, rounds):
    """({line: counts of queries}, {type: {line: counts of registrations}})."""
    number = 1000 if rounds == 1 else 2000
    asked, registered = {}, {suffix: {} for suffix in TYPES}
    with setups.stands(*few + many) as all_stands:
        counted = [_Counted(stand) for stand in all_stands]
        for each in counted:
            each.wait_up()
        for stand in all_stands:
            stand.wait_answered(60.0)
        for each in counted:
            each.start_counting()
        for turn in range(rounds):
            for each in setups.rotated(counted, turn):
                setup = each.stand.setup
                for label, name in _asked(setup):
                    asked.setdefault(label, []).append(
                        each.queries(name, number, setup in few))
                for suffix in TYPES:
                    registered[suffix].setdefault(setup.label, []).append(
                        each.registrations(number // 5, suffix))
        for each in counted:
            each.process.terminate()
        for each in counted:
            each.process.wait(20)
    return asked, registered


_FIELDS = (
    ('instructions', 'Instructions per %s (callgrind, user space)'),
    ('allocations', 'Allocations per %s (calls of malloc and the like)'),
    ('timers', 'Timers per %s (calls of tevent_add_timer)'))


def _groups(few, counts, packet, limits):
    for (field, title), limit in zip(_FIELDS, limits):
        yield Group(title % packet, [
            Line(setup.label, [getattr(count, field)
                               for count in counts[setup.label]],
                 ratio_limit=limit if setup.preload and not (
                     setup.aliases and limit in LISTED) else None)
            for setup in few], digits=4)


def _group_of_as_many(pairs, counts, packet):
    """Stock and the module with as many names each."""
    return Group('Instructions per %s, with as many names' % packet, [
        Line(setup.label, [count.instructions
                           for count in counts[setup.label]],
             base=setup is pair[0],
             ratio_limit=1.01 if setup is pair[1] else None)
        for pair in pairs for setup in pair],
        'nmbd searches its lists of names for each registration.', digits=4)


def _group_of_many(few, many, asked):
    lines = [Line(label, [count.instructions for count in asked[label]],
                  base=setup is many[0])
             for labels in zip(*(_asked(setup) for setup in many))
             for setup, (label, _) in zip(many, labels)]
    steps = [(far - near.instructions) / (NAMES_OF_ALIAS * MANY)
             for near, far in zip(asked[few[0].label], lines[0].samples)]
    return Group('Instructions per query for one name of many', lines,
                 'nmbd searches a list of its names, from the newest to the '
                 'oldest: each one it passes costs %.0f instructions. The '
                 'module puts its names at the end.' % min(steps), digits=4)


def _with_aliases(setups_):
    """The two with some: stock's, and ours."""
    return sorted((each for each in setups_ if each.aliases),
                  key=lambda each: each.preload)


def instructions(rounds):
    """Instructions, allocations and timers per packet."""
    few, many = queries.chosen(), [setups.stock(MANY), setups.module(MANY)]
    few.append(setups.module(label='module, own names = no'))
    few[-1].options['messenger:own names'] = 'no'
    asked, registered = _measure(few, many, rounds)
    groups = list(_groups(few, asked, 'query', (1.005, 1.001, 1.001)))
    for suffix, counts in registered.items():
        groups += _groups(few, counts,
                          'registration by others of <%02x>' % suffix,
                          (1.01, 1.001, 1.001))
        groups.append(_group_of_as_many(
            [_with_aliases(few), many], counts,
            'registration by others of <%02x>' % suffix))
    return groups + [_group_of_many(few, many, asked)]
