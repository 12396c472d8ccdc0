# SPDX-License-Identifier: GPL-3.0-or-later
"""Trouble of this machine's own costs no name: whatever stock nmbd is still
heard to hold in it, nmbd with the module is heard to hold, too.

Each situation is built twice. What stock nmbd holds is stated and checked, so
that a failure of that part means another Samba.
"""

import errno

from aliases import nets, subnets_of
from lab import SendFails, check
from sites import SERVER, site
from steps import ADDRESS
from trouble import held

# nmbd registers these two by itself, whether it has the module or not.
NAMES = ('ALPHA', 'HELPDESK')
EVERYWHERE = {(name, how) for name in NAMES
              for how in ('broadcast', 'unicast')}
UNICAST_ONLY = {(name, 'unicast') for name in NAMES}


class _Run:
    """nmbd of a host, with the module or without, and who listens to it."""

    def __init__(self, modules, host, client, options=None, fault=None,
                 address=ADDRESS):
        self.address = address
        self._modules = modules
        self._client = client
        more = fault.under(modules is not None) if fault else {}
        self.nmbd = host.nmbd(dict({'netbios aliases': 'HELPDESK',
                                    'interfaces': 'eth* br*'},
                                   **(options or {})), modules, **more)

    def wait(self, expected=EVERYWHERE):
        """Until it is heard to hold so much: stock nmbd exactly that."""
        broadcast = self.address.rsplit('.', 1)[0] + '.255'

        def there():
            heard = held(self._client, self.address, broadcast, NAMES)
            if self._modules is None:
                check.equal(heard, expected, 'what stock nmbd holds')
            check.none(sorted(expected - heard),
                       '<03> names that stock nmbd holds and we gave up')
            return True

        self.nmbd.wait_for(there, 8.0, '%s hold what stock nmbd does'
                           % ('we' if self._modules else 'stock nmbd'),
                           interval=0.1)

    def wait_after_trouble(self, expected=EVERYWHERE):
        if self._modules is not None:
            # its answer comes behind all that followed from the trouble
            self.nmbd.json('add BARRIER')
        self.wait(expected)


def _twice(situation):
    for modules in (None, 'messenger'):
        situation(modules)


def _is_decided(nmbd, subnet):
    """ALPHA is no longer being claimed on a subnet."""
    return (subnets_of(nmbd, 'ALPHA') or {}).get(subnet) != 'registering'


def test_wins_without_route():
    def situation(modules):
        with site(wins=False) as s:
            s.alpha.namespace.ip('route del default')
            run = _Run(modules, s.alpha, s.client, {'wins server': SERVER})
            run.nmbd.wait_log('Packet send failed to ' + SERVER, 5.0)
            run.wait_after_trouble()

    _twice(situation)


def test_wins_route_lost():
    """And an interface that comes is told to WINS, which fails."""
    def situation(modules):
        with site() as s:
            run = _Run(modules, s.alpha, s.client, {'wins server': SERVER})
            run.wait()
            s.alpha.namespace.ip('route del default')
            s.alpha.add_bridge('br0', '172.18.0.1/16')
            run.nmbd.reload()
            if modules:
                run.nmbd.wait_for(lambda: _is_decided(run.nmbd, '172.18.0.1'),
                                  4.0, 'there is an outcome on the bridge')
            run.wait_after_trouble()

    _twice(situation)


def test_wins_name_unknown():
    def situation(modules):
        with site(wins=False) as s:
            # with no way to a resolver, either
            s.alpha.namespace.ip('route del default')
            run = _Run(modules, s.alpha, s.client,
                       {'wins server': 'wins.example'})
            run.wait_after_trouble()

    _twice(situation)


def test_interface_with_the_way_to_wins_goes():
    def situation(modules):
        with site(('10.88.0.2/24', '10.91.0.2/24')) as s:
            s.router.namespace.ip('route add 10.91.0.0/24 via 10.88.0.2')
            client = s.lab.host('DELTA', '10.91.0.9/24').client()
            run = _Run(modules, s.alpha, client, {'wins server': SERVER},
                       address='10.91.0.2')
            run.wait()
            s.alpha.namespace.ip('link set eth0 down')
            run.nmbd.reload()
            run.wait_after_trouble()

    _twice(situation)


def test_five_bridges_go():
    def situation(modules):
        with nets(1) as p:
            for number in range(5):
                p.alpha.add_bridge('br%d' % number, '172.%d.0.1/16'
                                   % (18 + number))
            run = _Run(modules, p.alpha, p.nets[0].client)
            run.wait()
            p.alpha.namespace.ip(*['link del br%d' % number
                                   for number in range(5)])
            run.nmbd.reload()
            if modules:
                run.nmbd.ask('stop')
                run.nmbd.ask('start')
            run.wait_after_trouble()

    _twice(situation)


def _no_send_from_the_start(number):
    """Stock nmbd cannot claim, and answers whoever asks it alone."""
    def situation(modules):
        with nets(1) as p:
            fault = SendFails(p.alpha)
            fault.begin(number)
            run = _Run(modules, p.alpha, p.nets[0].client, fault=fault)
            run.nmbd.wait_log('Packet send failed', 5.0)
            run.wait_after_trouble(UNICAST_ONLY)

    _twice(situation)


def test_sends_not_permitted_from_the_start():
    _no_send_from_the_start(errno.EPERM)


def test_no_buffers_from_the_start():
    _no_send_from_the_start(errno.ENOBUFS)


def test_sends_not_permitted():
    """While it runs; and a reload-config behind it."""
    def situation(modules):
        with nets(1) as p:
            fault = SendFails(p.alpha)
            run = _Run(modules, p.alpha, p.nets[0].client, fault=fault)
            run.wait()
            fault.begin(errno.EPERM)
            run.nmbd.reload()
            run.wait_after_trouble()

    _twice(situation)


def test_address_changed():
    def situation(modules):
        with nets(1) as p:
            run = _Run(modules, p.alpha, p.nets[0].client)
            run.wait()
            p.alpha.namespace.ip('addr flush dev eth0',
                                 'addr add 10.88.0.33/24 brd + dev eth0')
            run.nmbd.reload()
            run.address = '10.88.0.33'
            run.wait_after_trouble()

    _twice(situation)
