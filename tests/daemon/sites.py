# SPDX-License-Identifier: GPL-3.0-or-later
"""A site: a net with nmbd on it, and WINS and others behind a router."""

import contextlib

from lab import Lab, check, nbt
from steps import ANSWERED

SERVER = '10.89.0.3'
SECOND_SERVER = '10.89.0.6'
OWNER = '10.89.0.4'
UNICAST = 'UNICAST_SUBNET'


def _ask_wins(client, server, name, suffix=3):
    """The addresses that a WINS server has for a name, or None."""
    packet = nbt.query(client.next_id(), nbt.Name(name, suffix), False,
                       recursion=True)
    replies = client.ask(server, [packet], bool, 2.0)
    check.true(replies, 'the WINS server answers about ' + name)
    answer = replies[0].packet
    if answer.rcode:
        return None
    return sorted(nbt.nb_addresses(answer.answers[0].rdata))


class Site:
    """ALPHA and BRAVO on one net; behind a router, out of reach of their
    broadcasts, the WINS server and others."""

    def __init__(self, lab, addresses=('10.88.0.2/24',), wins=True):
        self.lab = lab
        self.alpha = lab.host('ALPHA', *addresses)
        self.bravo = lab.host('BRAVO', '10.88.0.9/24')
        self.router = lab.host('ROUTER', '10.88.0.1/24', '10.89.0.1/24')
        done = self.router.run(
            ['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward'])
        check.equal(done.returncode, 0, 'routing: ' + done.stderr)
        for host in (self.alpha, self.bravo):
            host.namespace.ip('route add default via 10.88.0.1')
        self.capture = self.alpha.capture()
        self.client = self.bravo.client()
        self.peer = self.bravo.peer()
        if wins:
            self.server = self.far('WINSSRV', SERVER)
            self.wins = self.server.nmbd({'wins support': 'yes'})

    def far(self, name, address):
        """A host on the other side of the router."""
        host = self.lab.host(name, address + '/24')
        host.namespace.ip('route add default via 10.89.0.1')
        return host

    def owner(self, names, address=OWNER, server=SERVER, name='CHARLIE'):
        """A stock nmbd that has these names in WINS."""
        nmbd = self.far(name, address).nmbd({'netbios aliases': names,
                                             'wins server': server})
        for each in names.split():
            nmbd.wait_for(lambda: self.in_wins(each, server), 5.0,
                          each + ' is in WINS')
        return nmbd

    def nmbd(self, options=None, running=True, seconds=5.0, **kwargs):
        wanted = {'wins server': SERVER}
        wanted.update(options or {})
        nmbd = self.alpha.nmbd(wanted, 'messenger', **kwargs)
        if running:
            nmbd.wait_log('entered the running state', seconds)
        return nmbd

    def in_wins(self, name, server=SERVER, suffix=3):
        return _ask_wins(self.client, server, name, suffix)

    def check_nowhere(self, nmbd, name):
        """ALPHA does not hold it, by whatever way one asks."""
        def gone():
            check.equal(self.client.query(self.alpha.broadcast, name, 3, True,
                                          barrier=ANSWERED,
                                          source=self.alpha.address), None,
                        'answer to a broadcast query for ' + name)
            check.equal(self.client.query(self.alpha.address, name, 3, False,
                                          barrier=ANSWERED), None,
                        'answer to a unicast query for ' + name)
            check.lacks([str(entry.name) for entry in
                         self.client.node_status(self.alpha.address)],
                        name + '<03>', 'node status')
            return True

        nmbd.wait_for(gone, 2.0, name + '<03> is held nowhere')

    def check_answered_by_broadcast(self, name):
        """As long as WINS has not granted it: see Pair."""
        check.true(self.client.query(self.alpha.broadcast, name, 3, True,
                                     barrier=ANSWERED,
                                     source=self.alpha.address),
                   'answer to a broadcast query for ' + name)

    def check_answered(self, name):
        for broadcast in (True, False):
            to = self.alpha.broadcast if broadcast else self.alpha.address
            check.true(self.client.query(to, name, 3, broadcast,
                                         barrier=ANSWERED,
                                         source=self.alpha.address),
                       'answer to a query for ' + name)
        check.contains([str(entry.name) for entry in
                        self.client.node_status(self.alpha.address)],
                       name + '<03>', 'node status')


@contextlib.contextmanager
def site(*args, **kwargs):
    with Lab() as lab:
        yield Site(lab, *args, **kwargs)
