# SPDX-License-Identifier: GPL-3.0-or-later
"""What many daemon tests do: two hosts, and questions about the outcome."""

import calendar
import contextlib
import re
import time

from lab import Lab, check, nbt

ADDRESS = '10.88.0.2'       # of ALPHA, where nmbd runs
HOLDER = '10.88.0.9'        # of BRAVO, where the peer is

# nmbd has this name on every subnet from the start: its answer proves that a
# query before it was dealt with.
ANSWERED = nbt.Name('__SAMBA__', 0x20)

# Event 7024 as Windows XP and 2003 word it.
TERMINATED = ('The Messenger service terminated with service-specific error '
              '2270 (0x8DE).')


def samba_minor(host):
    """17 of Samba 4.17.12."""
    version = host.run(['nmbd', '--version']).stdout
    return int(re.search(r'Version 4\.(\d+)', version).group(1))


class Pair:
    """ALPHA for nmbd and BRAVO for a peer, on one net."""

    def __init__(self, lab, addresses=('10.88.0.2/24',)):
        self.lab = lab
        self.alpha = lab.host('ALPHA', *addresses)
        self.bravo = lab.host('BRAVO', HOLDER + '/24')
        self.peer = self.bravo.peer()
        self.client = self.bravo.client()
        self.capture = self.alpha.capture()

    def nmbd(self, options=None, modules='messenger', **kwargs):
        return self.alpha.nmbd(options, modules, **kwargs)

    def broadcast_answer(self, name='ALPHA', suffix=0x03):
        """The answer to a broadcast query, or None if there is surely none."""
        return self.client.query(self.alpha.broadcast, name, suffix, True,
                                 barrier=ANSWERED)

    def unicast_answer(self, name='ALPHA', suffix=0x03):
        return self.client.query(self.alpha.address, name, suffix, False,
                                 barrier=ANSWERED)

    def listed(self):
        """The names in ALPHA's node status, as NAME<suffix>."""
        return {str(entry.name)
                for entry in self.client.node_status(self.alpha.address)}

    def check_answered_by_broadcast(self, name='ALPHA'):
        """As long as WINS has not granted a name, nmbd answers for it on the
        net alone: a question that is put to it by unicast is one for the
        list of WINS names."""
        answer = self.broadcast_answer(name)
        check.true(answer, 'answer to a broadcast query for %s<03>' % name)
        check.contains(nbt.nb_addresses(answer.packet.answers[0].rdata),
                       self.alpha.address, 'addresses in the answer')

    def check_silent(self, name='ALPHA'):
        """Nothing on the net says that ALPHA has NAME<03>."""
        check.equal(self.broadcast_answer(name), None,
                    'answer to a broadcast query for %s<03>' % name)
        check.equal(self.unicast_answer(name), None,
                    'answer to a unicast query for %s<03>' % name)
        check.lacks(self.listed(), '%s<03>' % name, 'node status')

    def check_answered(self, name='ALPHA'):
        """Everything on the net says that ALPHA has NAME<03>."""
        for answer in (self.broadcast_answer(name), self.unicast_answer(name)):
            check.true(answer, 'answer to a query for %s<03>' % name)
            check.contains(nbt.nb_addresses(answer.packet.answers[0].rdata),
                           self.alpha.address, 'addresses in the answer')
        check.contains(self.listed(), '%s<03>' % name, 'node status')


@contextlib.contextmanager
def pair(*args, **kwargs):
    with Lab() as lab:
        yield Pair(lab, *args, **kwargs)


def wait_state(nmbd, state, seconds=3.0):
    """Waits for a state of the service; returns "json status"."""
    def there():
        status = nmbd.json('status')
        check.equal(status['service']['state'], state, 'service state')
        return status

    return nmbd.wait_for(there, seconds, 'the service is ' + state)


def alias_of(answer, name='ALPHA'):
    """The alias of a name in an answer to "json list" or "json status"."""
    found = [alias for alias in answer['aliases'] if alias['name'] == name]
    check.equal(len(found), 1, 'aliases of the name ' + name)
    return found[0]


def subnet_of(alias, subnet=ADDRESS):
    found = [entry for entry in alias['subnets'] if entry['subnet'] == subnet]
    check.equal(len(found), 1, 'entries for the subnet ' + subnet)
    return found[0]


def holder_of(value):
    """The address of the holder that an answer, an entry of a list or an
    event names, or None."""
    holder = value.get('holder')
    if holder is None:
        return None
    check.true(isinstance(holder, dict), 'a holder is an object: %r' % holder)
    return holder['address']


def events(nmbd, event=None, number=256):
    """The events in the ring, oldest first (of one type)."""
    return [entry for entry in nmbd.json('events %d' % number)['events']
            if event is None or entry['event'] == event]


def wall_of(text):
    """An RFC 3339 time in UTC on the clock of time.time()."""
    match = re.match(r'^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z$', text)
    check.true(match, 'RFC 3339 time in UTC %r' % text)
    return (calendar.timegm(time.strptime(match.group(1),
                                          '%Y-%m-%dT%H:%M:%S'))
            + float(match.group(2) or 0))


def check_failed(status, holder=HOLDER, rcode=6, subnet=ADDRESS):
    """"json status" as it must be after the computer name was refused."""
    service = status['service']
    check.equal((service['state'], service['win32_exit_code'],
                 service['service_exit_code']), ('failed', 1066, 2270),
                'service')
    check.equal(status['computer'], 'ALPHA', 'computer')
    alias = alias_of(status)
    check.equal((alias['kind'], alias['state']), ('computer', 'refused'),
                'kind and state of the alias')
    entry = subnet_of(alias, subnet)
    check.equal((entry['state'], entry.get('rcode'), holder_of(entry)),
                ('refused', rcode, holder), 'the alias on ' + subnet)


def check_running(status, subnets=(ADDRESS,), computer='ALPHA'):
    """"json status" as it must be when the computer name is held."""
    service = status['service']
    check.equal((service['state'], service['win32_exit_code'],
                 service['service_exit_code']), ('running', 0, 0), 'service')
    check.equal(status['computer'], computer, 'computer')
    alias = alias_of(status, computer)
    check.equal((alias['kind'], alias['state']), ('computer', 'registered'),
                'kind and state of the alias')
    for subnet in subnets:
        entry = subnet_of(alias, subnet)
        check.equal((entry['state'], entry.get('rcode'),
                     entry.get('holder')), ('registered', None, None),
                    'the alias on ' + subnet)
