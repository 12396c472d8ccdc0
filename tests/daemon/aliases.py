# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of aliases share: requests that run side by side, several
nets, and looks at the whole table at once."""

import contextlib
import json
import time

from lab import Lab, answers, check, messaging, nbt, wait_for
from steps import ANSWERED, holder_of, wait_state

# What verdict() makes of an answer.
SUCCESS = (True, 0, 'NERR_Success', None)
NOT_STARTED = (False, 2284, 'NERR_MsgNotStarted', None)

# What wait_table() waits for, after "add OPERATOR".
ADDED = {'OPERATOR': ('added', 'registered')}


class Request:
    """A request under way.

    answered: when the answer was there, on the clock of time.monotonic().
    """

    def __init__(self, nmbd, text, seconds=10):
        self.text = text
        self.answered = None
        self.sent = time.monotonic()
        self._seconds = seconds
        self._question = nmbd.question('json ' + text)

    @property
    def waits(self):
        """There is no answer so far."""
        return self._question.answer() is None

    def answer(self, seconds=15.0):
        """The answer as Python has it."""
        left = self.sent + self._seconds - time.monotonic()
        data = self._question.answer(max(0.0, min(seconds, left)))
        if data is None:
            raise AssertionError('%r is not answered within %g s'
                                 % (self.text, seconds))
        self.answered = self._question.answered
        self._question.close()
        answer = messaging.answer_text(data)
        answers.check_answer(self.text, answer)
        return json.loads(answer)

    def answer_or_none(self, seconds):
        """The answer, or None if there is none after this time."""
        try:
            return self.answer(seconds)
        except AssertionError:
            return None
        finally:
            self._question.close()


def adding(p, nmbd, name='OPERATOR'):
    """A request to add an alias that is being claimed."""
    request = Request(nmbd, 'add ' + name)
    p.capture.wait_for(lambda: p.capture.registrations(name, 3), 3.0,
                       'a request for ' + name)
    return request


def running(p, options=None, **kwargs):
    """Starts nmbd on ALPHA and waits until the service runs."""
    nmbd = p.nmbd(options, **kwargs)
    # a look at the log costs less than a request
    nmbd.wait_log('entered the running state')
    wait_state(nmbd, 'running')
    return nmbd


def verdict(answer):
    """The parts of an answer to "json add" that say what became of it; of
    the holder its address."""
    return (answer['ok'], answer['code'], answer['code_name'],
            holder_of(answer))


def check_code(nmbd, request, code, name, holder=None):
    """The request is turned down, in JSON and in text."""
    check.equal(verdict(nmbd.json(request)), (False, code, name, holder),
                'json ' + request)
    text = nmbd.ask(request)
    check.contains(text, 'error %d (%s)' % (code, name), request)
    if holder:
        check.contains(text, holder, request)


def _waits_for_service(alias):
    """It is listed, and not in the service's own table."""
    return (alias['state'] == 'waiting' and not alias['subnets']
            and 'network' not in alias['reason'])


def table(nmbd):
    """{name: (kind, state)} of all aliases that are claimed, held or refused;
    where they come from, smb.conf or a request, is all the same ("added")."""
    aliases = [alias for alias in nmbd.json('list')['aliases']
               if not _waits_for_service(alias)
               and (alias['kind'], alias['state']) not in
               (('user', 'invalid'), ('user', 'refused'))
               and alias.get('code') != 2277]
    found = {alias['name']: (alias['kind'].replace('configured', 'added'),
                             alias['state'])
             for alias in aliases}
    check.equal(len(found), len(aliases), 'different names in the list')
    return found


def wait_table(nmbd, expected, seconds=4.0, computer='ALPHA'):
    """Waits until the list is the computer name and what is expected."""
    expected = dict(expected)
    expected.setdefault(computer, ('computer', 'registered'))

    def there():
        check.equal(table(nmbd), expected, 'the list')
        return True

    nmbd.wait_for(there, seconds, 'the list is as expected', interval=0.1)


def released(capture, name, interface=None):
    """The broadcast releases of NAME<03> that were seen."""
    return [seen for seen in capture.requests({nbt.RELEASE}, name, 3,
                                              interface=interface)
            if seen.packet.broadcast]


def about(capture, name, since=0):
    """All packets about NAME<03> after so many packets."""
    return [seen for seen in capture.packets[since:]
            if seen.packet and seen.packet.name is not None
            and seen.packet.name[:2] == (name.upper(), 3)]


class Net:
    """One of ALPHA's nets, with a peer and a client on it."""

    def __init__(self, lab, alpha, number):
        prefix = '10.%d.0.' % (88 + number)
        self.interface = 'eth%d' % number
        self.address = prefix + '2'
        self.broadcast = prefix + '255'
        self.holder = prefix + '9'
        self.host = lab.host('PEER%d' % number, self.holder + '/24')
        self.peer = self.host.peer()
        self.client = self.host.client()

    def _answer(self, to, name, suffix, broadcast):
        """ALPHA's positive answer to a query, or None if there is surely
        none, whatever others on this net say."""
        mine = nbt.query(self.client.next_id(), nbt.Name(name.upper(), suffix),
                         broadcast)
        barrier = nbt.query(self.client.next_id(), ANSWERED, broadcast)
        replies = [seen for seen in self.client.ask(
            to, [mine, barrier], self._is_answered, 1.0)
            if seen.source == self.address]
        check.true(replies, 'answers of %s to queries for %s<%02x> and %s'
                   % (self.address, name, suffix, ANSWERED))
        for seen in replies:
            if seen.packet.id == mine.id and seen.packet.rcode == 0:
                return seen
        return None

    def _is_answered(self, replies):
        return any(seen.source == self.address for seen in replies)

    def broadcast_answer(self, name, suffix=3):
        return self._answer(self.broadcast, name, suffix, True)

    def unicast_answer(self, name, suffix=3):
        return self._answer(self.address, name, suffix, False)

    def listed(self):
        return {str(entry.name)
                for entry in self.client.node_status(self.address)}

    def check_silent(self, name):
        check.equal(self.broadcast_answer(name), None,
                    'answer to a broadcast query for %s<03> on %s'
                    % (name, self.address))
        check.equal(self.unicast_answer(name), None,
                    'answer to a unicast query for %s<03> at %s'
                    % (name, self.address))
        check.lacks(self.listed(), '%s<03>' % name,
                    'node status of ' + self.address)

    def check_answered_without_list(self, name):
        """For one of many: node status has room for 25 names."""
        for answer in (self.broadcast_answer(name), self.unicast_answer(name)):
            check.true(answer, 'answer to a query for %s<03> at %s'
                       % (name, self.address))
            check.contains(nbt.nb_addresses(answer.packet.answers[0].rdata),
                           self.address, 'addresses in the answer')

    def check_answered(self, name):
        self.check_answered_without_list(name)
        check.contains(self.listed(), '%s<03>' % name,
                       'node status of ' + self.address)


class Nets:
    """ALPHA for nmbd, on several nets."""

    def __init__(self, lab, count):
        self.lab = lab
        self.alpha = lab.host('ALPHA', *['10.%d.0.2/24' % (88 + number)
                                         for number in range(count)])
        self.nets = [Net(lab, self.alpha, number) for number in range(count)]
        self.capture = self.alpha.capture()

    @property
    def addresses(self):
        return [net.address for net in self.nets]

    def nmbd(self, options=None, modules='messenger', **kwargs):
        return self.alpha.nmbd(options, modules, **kwargs)

    def check_silent(self, name):
        for net in self.nets:
            net.check_silent(name)

    def check_answered_without_list(self, name):
        for net in self.nets:
            net.check_answered_without_list(name)

    def check_answered(self, name):
        for net in self.nets:
            net.check_answered(name)

    def check_claimed(self, name):
        """It has been asked for three times on each net."""
        for net in self.nets:
            check.equal(len(self.capture.registrations(
                name, 3, interface=net.interface)), 3,
                'requests on ' + net.interface)

    def wait_silent(self, nmbd, name, seconds=2.0):
        """For a name whose release may still be on its way."""
        def silent():
            self.check_silent(name)
            return True

        nmbd.wait_for(silent, seconds, '%s<03> is held nowhere' % name)


@contextlib.contextmanager
def nets(count):
    with Lab() as lab:
        yield Nets(lab, count)


def subnets_of(nmbd, name):
    """{subnet: state} of an alias."""
    for alias in nmbd.json('list')['aliases']:
        if alias['name'] == name:
            return {entry['subnet']: entry['state']
                    for entry in alias['subnets']}
    return None


def wait_seen(find, number, what, seconds=3.0):
    """Waits until find() has found so many; there must be no more."""
    wait_for(lambda: len(find()) >= number, seconds, what, interval=0.005)
    check.equal(len(find()), number, what)
