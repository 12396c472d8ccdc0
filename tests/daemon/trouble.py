# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of a network that fails share: nobody was refused, what is
waited for is told, and names that stock nmbd keeps are kept."""

import errno
import os

from aliases import subnets_of
from evidence import tool
from lab import check
from sites import UNICAST
from steps import ANSWERED, alias_of, events, subnet_of, wall_of

# From the network's coming back to the state as it should be.
HEALED_SECONDS = 10.0

NO_NETWORK = os.strerror(errno.ENETUNREACH)
NOT_PERMITTED = os.strerror(errno.EPERM)
NO_BUFFERS = os.strerror(errno.ENOBUFS)


def check_nobody_refused(nmbd):
    """Trouble of this machine's own is told as nothing else."""
    for event in ('service-failed', 'alias-lost', 'alias-refused'):
        check.none(events(nmbd, event), event)
    counters = nmbd.json('status')['counters']
    check.equal((counters['refusals'], counters['failures']), (0, 0),
                'refusals and failures')


def check_reason(entry, reason, what):
    """An alias, a subnet entry or a service that waits says for what."""
    check.contains(entry.get('reason', ''), reason, 'reason of ' + what)


def entry_of(nmbd, name, subnet=UNICAST):
    return subnet_of(alias_of(nmbd.json('list'), name), subnet)


def wait_entry(nmbd, name, subnet, state, seconds=2.0):
    """Waits for the state of an alias on a subnet; returns the entry."""
    def there():
        entry = entry_of(nmbd, name, subnet)
        check.equal(entry['state'], state, '%s on %s' % (name, subnet))
        return entry

    return nmbd.wait_for(there, seconds,
                         '%s on %s is %s' % (name, subnet, state))


def wait_on(nmbd, name, states, seconds=HEALED_SECONDS):
    """Waits until an alias has these entries, {subnet: state}, only."""
    def there():
        check.equal(subnets_of(nmbd, name), states, 'subnets of ' + name)
        return True

    nmbd.wait_for(there, seconds, '%s is on %s' % (name, states))


def registered(*subnets):
    return {subnet: 'registered' for subnet in subnets}


def seconds_to_run(nmbd, capture):
    """From the first request for the computer name to its outcome."""
    started = events(nmbd, 'service-started')[0]
    return (wall_of(started['time'])
            - capture.registrations('ALPHA', 3)[0].wall)


def check_explained(host, *words):
    """smbmessenger explain names what is waited for, and accuses nobody."""
    text = ' '.join(tool(host, 'explain').stdout.split())
    for word in words:
        check.contains(text, word, 'smbmessenger explain')
    for word in ('holder', 'held by', '2270'):
        check.lacks(text, word, 'smbmessenger explain')


def wait_explained(nmbd, *words):
    """Likewise, when it has waited for a while."""
    nmbd.wait_for(lambda: check_explained(nmbd.host, *words) or True,
                  HEALED_SECONDS, 'it is explained')


def check_nothing_to_send_on(answer, reason):
    """The answer to an add that no subnet can take."""
    check.equal((answer['ok'], answer['code'], answer.get('holder')),
                (False, 2136, None), 'answer')
    check.contains(answer['message'], reason, 'message of the answer')


def held(client, address, broadcast, names):
    """What a host is heard to hold as <03>, {(NAME, how it is asked)}."""
    found = set()
    for name in names:
        for how, to in (('broadcast', broadcast), ('unicast', address)):
            if client.query(to, name, 3, how == 'broadcast',
                            barrier=ANSWERED, source=address):
                found.add((name, how))
    return found
