# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of verdicts share: a net with a WINS server of the tests'
own, and looks at all that nmbd says, wherever it says it."""

import contextlib
import os

from lab import Lab, answers, check
from steps import Pair, alias_of, events, subnet_of, wait_state

SERVER = '10.88.0.3'
UNICAST = 'UNICAST_SUBNET'
JSON_LOG = 'events.json'


class Town(Pair):
    """ALPHA for nmbd, BRAVO for a peer, and a WINS server."""

    def __init__(self, lab, addresses=('10.88.0.2/24',), **kwargs):
        super().__init__(lab, addresses)
        self.wins_host = lab.host('WINSSRV', SERVER + '/24')
        self.wins = self.wins_host.wins(**kwargs)

    def nmbd(self, options=None, modules='messenger', **kwargs):
        wanted = {'wins server': SERVER}
        wanted.update(json_log(self.alpha))
        wanted.update(options or {})
        return self.alpha.nmbd(wanted, modules, **kwargs)

    def neighbour(self, name, address):
        """Another host on the net; its peer, which is nobody so far."""
        return self.lab.host(name, address + '/24').peer()


@contextlib.contextmanager
def town(*args, **kwargs):
    with Lab() as lab:
        yield Town(lab, *args, **kwargs)


def json_log(host):
    """The option that keeps every event in every form it had."""
    return {'messenger:json log': host.path(JSON_LOG)}


def words(text):
    """A text without its line breaks."""
    return ' '.join(text.split())


def started(p, options=None, seconds=5.0, **kwargs):
    """Starts nmbd on ALPHA and waits until the service runs."""
    nmbd = p.nmbd(options, **kwargs)
    wait_state(nmbd, 'running', seconds)
    return nmbd


def wait_alias(nmbd, name, state, seconds=5.0):
    """Waits until an alias has a state, None: until it is in no list."""
    def there():
        check.equal({alias['name']: alias['state'] for alias
                     in nmbd.json('list')['aliases']}.get(name), state,
                    'state of ' + name)
        return True

    nmbd.wait_for(there, seconds, '%s is %s' % (name, state or 'gone'))


def entry_of(nmbd, name, subnet):
    """An alias on a subnet, as "json list" has it."""
    return subnet_of(alias_of(nmbd.json('list'), name), subnet)


def finding_of(nmbd, name):
    """What "json explain" has about an alias."""
    found = [finding for finding in nmbd.json('explain')['findings']
             if finding.get('alias') == name]
    check.equal(len(found), 1, 'findings about ' + name)
    return found[0]


def no_harm(nmbd):
    """Nothing has been refused, lost or given up."""
    for event in ('service-failed', 'alias-refused', 'alias-lost',
                  'alias-released'):
        check.none(events(nmbd, event), event)
    check.equal(nmbd.json('status')['service']['state'], 'running',
                'service state')


def lines_of(host):
    """The lines of the JSON log: what was told of each event at first, and
    what later."""
    if not os.path.exists(host.path(JSON_LOG)):
        return []
    with open(host.path(JSON_LOG)) as log:
        return answers.event_lines(log.read())


def _holders(value):
    """Every holder in a JSON value, however deep."""
    found = []
    if isinstance(value, dict):
        for key, each in value.items():
            found += [each] if key == 'holder' else _holders(each)
    elif isinstance(value, list):
        for each in value:
            found += _holders(each)
    return found


def check_accuses_nobody(nmbd, *innocent):
    """No holder is named, at no time and nowhere; and none of these words
    (a computer's name, for one) is in anything that nmbd says."""
    for what in ('status', 'list', 'events 256', 'explain'):
        answer = nmbd.json(what)
        check.none(_holders(answer), 'holders in "json %s"' % what)
    check.none(_holders(lines_of(nmbd.host)), 'holders in the JSON log')
    for what, text in (('log.nmbd', nmbd.log), ('status', nmbd.ask('status')),
                       ('list', nmbd.ask('list')),
                       ('events', nmbd.ask('events')),
                       ('explain', nmbd.ask('explain'))):
        text = words(text)
        for phrase in ('is held by', 'is held on subnet', 'a user of that '
                       'name is logged on', 'Log that user off', 'two '
                       'computers on this network') + innocent:
            check.lacks(text, phrase, what)


def check_not_given_up(host, *servers):
    """Samba has none of these WINS servers for dead. That would be in a cache
    (gencache) of all its daemons, for ten minutes."""
    data = b''
    for folder in ('lock', 'cache', 'state'):
        for name in os.listdir(host.path(folder)):
            if os.path.isfile(host.path(folder, name)):
                with open(host.path(folder, name), 'rb') as source:
                    data += source.read()
    check.none([server for server in servers
                if b'WINS_SRV_DEAD/' + server.encode() + b',' in data],
               'WINS servers that Samba does not ask for ten minutes')
