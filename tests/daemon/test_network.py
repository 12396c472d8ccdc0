# SPDX-License-Identifier: GPL-3.0-or-later
"""The network fails under a service that runs, and comes back: nothing is
lost, nobody is accused, and nobody has to type a command."""

import errno

from aliases import Request, about, nets, table, verdict, wait_table
from lab import SendFails, check, nbt
from lab.wait import wait_for
from sites import SERVER, UNICAST, site
from steps import ADDRESS, check_running, events, pair, wait_state
from trouble import (HEALED_SECONDS, NO_BUFFERS, NO_NETWORK, NOT_PERMITTED,
                     check_explained, check_nobody_refused,
                     check_nothing_to_send_on, check_reason, entry_of,
                     registered, wait_entry, wait_on)

HELD = ('added', 'registered')
EVERY = {'interfaces': 'eth*'}
HELPDESK = {'messenger:aliases': 'HELPDESK'}
BRIDGES = ['172.%d.0.1' % number for number in range(18, 23)]
SUCCESS = (True, 0, 'NERR_Success', None)


def _start(p, options=None, **kwargs):
    nmbd = p.nmbd(dict(EVERY, **dict(HELPDESK, **(options or {}))), **kwargs)
    wait_table(nmbd, {'HELPDESK': HELD})
    return nmbd


def _added_soon(nmbd, name, limit=1.5):
    """It takes no longer than on a quiet net: 0.75 s and the asking."""
    request = Request(nmbd, 'add ' + name)
    check.equal(verdict(request.answer()), SUCCESS, 'answer to ' + name)
    check.between(request.answered - request.sent, 0.7, limit,
                  'seconds to the answer')


def _wait_in_wins(s, nmbd, names, address=ADDRESS):
    for name in names:
        nmbd.wait_for(lambda: s.in_wins(name) == [address], HEALED_SECONDS,
                      '%s is in WINS with %s' % (name, address),
                      interval=0.1)


def _route(s, what):
    s.alpha.namespace.ip('route %s default via 10.88.0.1' % what)


# WINS

def test_route_lost_and_back():
    with site() as s:
        nmbd = s.nmbd(HELPDESK)
        wait_table(nmbd, {'HELPDESK': HELD})
        _route(s, 'del')
        _added_soon(nmbd, 'OPERATOR')
        entry = wait_entry(nmbd, 'OPERATOR', UNICAST, 'waiting')
        check_reason(entry, NO_NETWORK, 'OPERATOR in WINS')
        check_explained(s.alpha, SERVER, NO_NETWORK)
        for name in ('ALPHA', 'HELPDESK', 'OPERATOR'):
            s.check_answered(name)
        check_running(nmbd.json('status'))
        _route(s, 'add')
        _wait_in_wins(s, nmbd, ['OPERATOR'])
        wait_entry(nmbd, 'OPERATOR', UNICAST, 'registered')
        check_nobody_refused(nmbd)


def test_start_again_without_route():
    with site() as s:
        nmbd = s.nmbd(HELPDESK)
        _route(s, 'del')
        nmbd.ask('stop')
        answer = nmbd.json('start')
        check.equal((answer['ok'], answer['code']), (True, 0), 'start')
        wait_table(nmbd, {'HELPDESK': HELD})
        check_running(nmbd.json('status'))
        wait_entry(nmbd, 'ALPHA', UNICAST, 'waiting')
        _route(s, 'add')
        _wait_in_wins(s, nmbd, ['ALPHA', 'HELPDESK'])
        check_nobody_refused(nmbd)


def test_bridge_comes_without_route():
    """An address that WINS cannot be told of now, which is no refusal."""
    with site() as s:
        nmbd = s.nmbd(dict(HELPDESK, interfaces='eth* br*'))
        wait_table(nmbd, {'HELPDESK': HELD})
        _route(s, 'del')
        s.alpha.add_bridge('br0', BRIDGES[0] + '/16')
        nmbd.reload()
        for name in ('ALPHA', 'HELPDESK'):
            for address in (ADDRESS, BRIDGES[0]):
                wait_entry(nmbd, name, address, 'registered', 3.0)
            s.check_answered(name)
        check_running(nmbd.json('status'), [ADDRESS, BRIDGES[0]])
        check_nobody_refused(nmbd)


def _check_one_of_two(nmbd, client, address='10.91.0.2'):
    """What is held after the interface with the way to WINS went down."""
    for name in ('ALPHA', 'HELPDESK', 'OPERATOR'):
        nmbd.wait_for(lambda: entry_of(nmbd, name, address)['state']
                      == 'registered', 3.0, '%s on %s' % (name, address))
        for broadcast, to in ((True, '10.91.0.255'), (False, address)):
            check.true(client.query(to, name, 3, broadcast),
                       'answer to a query for ' + name)


def _two_interfaces(reload):
    """eth0 has the way to WINS; eth1 is another net, as docker has one."""
    with site(('10.88.0.2/24', '10.91.0.2/24')) as s:
        s.router.namespace.ip('route add 10.91.0.0/24 via 10.88.0.2')
        client = s.lab.host('DELTA', '10.91.0.9/24').client()
        nmbd = s.nmbd(dict(EVERY, **HELPDESK))
        nmbd.ask('add OPERATOR')
        wait_table(nmbd, {'HELPDESK': HELD, 'OPERATOR': HELD})
        s.alpha.namespace.ip('link set eth0 down')
        if reload:
            nmbd.reload()
        _added_soon(nmbd, 'LATER', 2.5)
        check_running(nmbd.json('status'), ['10.91.0.2'])
        wait_table(nmbd, {'HELPDESK': HELD, 'OPERATOR': HELD, 'LATER': HELD})
        _check_one_of_two(nmbd, client)
        check_reason(wait_entry(nmbd, 'LATER', UNICAST, 'waiting'),
                     NO_NETWORK, 'LATER in WINS')
        check_nobody_refused(nmbd)
        # the kernel has forgotten its routes; who set them sets them again
        s.alpha.namespace.ip('link set eth0 up')
        _route(s, 'add')
        for name in ('ALPHA', 'HELPDESK', 'OPERATOR', 'LATER'):
            nmbd.wait_for(lambda: '10.88.0.2' in (s.in_wins(name) or []),
                          HEALED_SECONDS, name + ' is in WINS',
                          interval=0.1)
            for address in (ADDRESS, '10.91.0.2'):
                wait_entry(nmbd, name, address, 'registered', 3.0)
            s.check_answered(name)
        check_nobody_refused(nmbd)


def test_interface_with_the_way_to_wins_goes():
    _two_interfaces(reload=False)


def test_interface_with_the_way_to_wins_goes_and_reload():
    _two_interfaces(reload=True)


def test_wins_dies_silently():
    """What is held is held on; what comes later is registering there."""
    with site() as s:
        nmbd = s.nmbd(HELPDESK)
        wait_table(nmbd, {'HELPDESK': HELD})
        s.server.cable('eth0', False)
        _added_soon(nmbd, 'OPERATOR', 2.0)
        check.equal(entry_of(nmbd, 'OPERATOR')['state'], 'registering',
                    'state of OPERATOR in WINS')
        s.check_answered('OPERATOR')

        def explained():
            check_explained(s.alpha, 'WINS')
            check_explained(s.alpha, SERVER)
            return True
        wait_for(explained, 30, 'explain tells of the server')
        s.server.cable('eth0', True)
        _wait_in_wins(s, nmbd, ['OPERATOR'])
        wait_entry(nmbd, 'OPERATOR', UNICAST, 'registered')
        check_nobody_refused(nmbd)


def test_wins_taken_from_smb_conf():
    """What was registering there is done with."""
    with site() as s:
        s.server.cable('eth0', False)
        nmbd = s.nmbd(HELPDESK)
        _added_soon(nmbd, 'OPERATOR', 2.0)
        s.alpha.configure(HELPDESK, 'messenger')
        nmbd.reload()
        for name in ('ALPHA', 'HELPDESK', 'OPERATOR'):
            wait_on(nmbd, name, registered(ADDRESS), 3.0)
        check.equal(nmbd.json('delete OPERATOR')['ok'], True, 'delete')
        _added_soon(nmbd, 'OPERATOR')
        check_running(nmbd.json('status'))
        check_nobody_refused(nmbd)


def test_address_changed_with_wins():
    """WINS is told of the new one, and of the end of the old one."""
    with site() as s:
        nmbd = s.nmbd(dict(EVERY, **HELPDESK))
        nmbd.ask('add OPERATOR')
        wait_table(nmbd, {'HELPDESK': HELD, 'OPERATOR': HELD})
        s.alpha.namespace.ip('addr flush dev eth0',
                             'addr add 10.88.0.33/24 brd + dev eth0',
                             'route add default via 10.88.0.1')
        names = ('ALPHA', 'HELPDESK', 'OPERATOR')
        _wait_in_wins(s, nmbd, names, '10.88.0.33')
        for name in names:
            wait_entry(nmbd, name, '10.88.0.33', 'registered')
        check_running(nmbd.json('status'), ['10.88.0.33'])
        check_nobody_refused(nmbd)


# Interfaces and addresses

def _bridges(reload, gateway=False):
    """Five bridges go at once; nmbd finds one each time it looks. With a
    gateway, what is sent to their nets goes there."""
    with nets(1) as p:
        if gateway:
            p.alpha.namespace.ip('route add default via 10.88.0.9')
        for number, address in enumerate(BRIDGES):
            p.alpha.add_bridge('br%d' % number, address + '/16')
        nmbd = _start(p, {'interfaces': 'eth* br*'})
        wait_on(nmbd, 'HELPDESK', registered(ADDRESS, *BRIDGES), 3.0)
        p.alpha.namespace.ip(*['link del br%d' % number
                               for number in range(len(BRIDGES))])
        if reload:
            nmbd.reload()
        _added_soon(nmbd, 'OPERATOR')
        yield p, nmbd
        for name in table(nmbd):
            wait_on(nmbd, name, registered(ADDRESS))
            p.check_answered(name)
        check_running(nmbd.json('status'))
        check_nobody_refused(nmbd)


def test_five_bridges_go():
    for _, _ in _bridges(reload=False):
        pass


def test_five_bridges_go_beside_a_gateway():
    for _, _ in _bridges(reload=False, gateway=True):
        pass


def test_five_bridges_go_and_aliases_come():
    """By smb.conf, too."""
    for p, nmbd in _bridges(reload=True):
        p.alpha.configure({'interfaces': 'eth* br*',
                           'messenger:aliases': 'HELPDESK FRONTDESK'},
                          'messenger')
        nmbd.reload()
        wait_table(nmbd, {'HELPDESK': HELD, 'FRONTDESK': HELD,
                          'OPERATOR': HELD})


def test_five_bridges_go_and_the_service_starts():
    for _, nmbd in _bridges(reload=True):
        nmbd.ask('stop')
        answer = nmbd.json('start')
        check.equal((answer['ok'], answer['code']), (True, 0), 'start')


def test_bridge_comes_and_goes_with_wins():
    """docker network create, and rm."""
    with site() as s:
        nmbd = s.nmbd({'interfaces': 'eth* br*'})
        s.alpha.add_bridge('br0', BRIDGES[0] + '/16')
        nmbd.wait_for(lambda: entry_of(nmbd, 'ALPHA', BRIDGES[0])['state']
                      == 'registered', HEALED_SECONDS,
                      'ALPHA is held on the bridge')
        _added_soon(nmbd, 'OPERATOR', 2.0)
        wait_entry(nmbd, 'OPERATOR', BRIDGES[0], 'registered')
        s.alpha.namespace.ip('link del br0')
        _added_soon(nmbd, 'LATER', 2.0)

        def gone():
            check.lacks([entry['subnet'] for alias
                         in nmbd.json('list')['aliases']
                         for entry in alias['subnets']], BRIDGES[0],
                        'subnets')
            return True

        nmbd.wait_for(gone, HEALED_SECONDS, 'the bridge is gone')
        for name in ('ALPHA', 'OPERATOR', 'LATER'):
            s.check_answered(name)
        check_running(nmbd.json('status'))
        check_nobody_refused(nmbd)


def _check_no_address(nmbd):
    answer = nmbd.json('add OPERATOR')
    check_nothing_to_send_on(answer, NO_NETWORK)
    text = nmbd.ask('add OPERATOR')
    check.contains(text, 'error 2136', 'add')
    check.contains(text, NO_NETWORK, 'add')


def test_address_lost():
    """An add says so; the service and its aliases wait for the next one."""
    with nets(1) as p:
        nmbd = _start(p)
        p.alpha.namespace.ip('addr flush dev eth0')
        _check_no_address(nmbd)
        check.equal(nmbd.json('status')['service']['state'], 'running',
                    'service')
        check.lacks(table(nmbd), 'OPERATOR', 'aliases')
        p.alpha.namespace.ip('addr add 10.88.0.2/24 brd + dev eth0')
        for name in ('ALPHA', 'HELPDESK'):
            wait_on(nmbd, name, registered(ADDRESS))
            p.check_answered(name)
        _added_soon(nmbd, 'OPERATOR')
        p.check_answered('OPERATOR')
        check_running(nmbd.json('status'))
        check_nobody_refused(nmbd)


def test_link_down_and_up():
    """As for a machine that is suspended: the address stays."""
    with nets(1) as p:
        nmbd = _start(p)
        p.alpha.namespace.ip('link set eth0 down')
        _check_no_address(nmbd)
        check.equal(nmbd.json('status')['service']['state'], 'running',
                    'service')
        p.alpha.namespace.ip('link set eth0 up')
        for name in ('ALPHA', 'HELPDESK'):
            wait_on(nmbd, name, registered(ADDRESS))
            p.check_answered(name)
        _added_soon(nmbd, 'OPERATOR')
        check_nobody_refused(nmbd)


def test_start_without_address():
    """There is nobody yet who could have refused it."""
    with nets(1) as p:
        nmbd = _start(p)
        nmbd.ask('stop')
        p.alpha.namespace.ip('addr flush dev eth0')
        request = Request(nmbd, 'start', 20)
        service = wait_state(nmbd, 'starting')['service']
        check_reason(service, NO_NETWORK, 'the service')
        check_explained(p.alpha, NO_NETWORK)
        text = nmbd.ask('add OPERATOR')
        check.contains(text, 'error 2283', 'add')
        check.contains(text, 'still starting: nothing was done', 'add')
        check.contains(text, NO_NETWORK, 'add')
        p.alpha.namespace.ip('addr add 10.88.0.2/24 brd + dev eth0')
        wait_state(nmbd, 'running', HEALED_SECONDS)
        wait_table(nmbd, {'HELPDESK': HELD})
        p.check_answered('ALPHA')
        check.true(request.answer()['code'] in (0, 2136, 2283),
                   'answer to start')
        check_nobody_refused(nmbd)


def test_address_changed():
    """As by DHCP; nobody types reload-config."""
    with nets(1) as p:
        nmbd = _start(p)
        nmbd.ask('add OPERATOR')
        net = p.nets[0]
        p.alpha.namespace.ip('addr flush dev eth0',
                             'addr add 10.88.0.33/24 brd + dev eth0')
        net.address = '10.88.0.33'
        for name in ('ALPHA', 'HELPDESK', 'OPERATOR'):
            wait_on(nmbd, name, registered(net.address))
            for answer in (net.broadcast_answer(name),
                           net.unicast_answer(name)):
                check.equal(nbt.nb_addresses(answer.packet.answers[0].rdata),
                            [net.address], 'addresses in the answer')
        check_running(nmbd.json('status'), [net.address])
        check_nobody_refused(nmbd)


def test_address_lost_then_another():
    """nmbd is asked in between, and lives."""
    with nets(1) as p:
        nmbd = _start(p)
        p.alpha.namespace.ip('addr flush dev eth0')
        _check_no_address(nmbd)
        p.alpha.namespace.ip('addr add 10.88.0.33/24 brd + dev eth0')
        for name in ('ALPHA', 'HELPDESK'):
            wait_on(nmbd, name, registered('10.88.0.33'))
        check_running(nmbd.json('status'), ['10.88.0.33'])
        check_nobody_refused(nmbd)


def test_refused_on_one_net_while_the_other_is_gone():
    """The refusal is one, and is told with its own code and holder."""
    with nets(2) as p:
        nmbd = _start(p)
        p.nets[0].peer.refuse('OPERATOR', 3)
        p.alpha.namespace.ip('addr flush dev eth1')
        check.equal(verdict(nmbd.json('add OPERATOR')),
                    (False, 2297, 'NERR_DuplicateName', p.nets[0].holder),
                    'answer')
        check.equal([(event['alias'], event['code'], event['subnet'])
                     for event in events(nmbd, 'alias-refused')],
                    [('OPERATOR', 2297, p.addresses[0])], 'alias-refused')
        check.none(events(nmbd, 'alias-lost')
                   + events(nmbd, 'service-failed'), 'events')
        check_running(nmbd.json('status'), p.addresses[:1])


# Sends that fail

def _no_send(number, reason):
    with pair() as p:
        fault = SendFails(p.alpha)
        nmbd = _start(p, {'interfaces': ADDRESS + '/24'}, **fault.under())
        fault.begin(number)
        check_nothing_to_send_on(nmbd.json('add OPERATOR'), reason)
        check.contains(nmbd.ask('add OPERATOR'), reason, 'add')
        check_running(nmbd.json('status'))
        fault.end()
        wait_table(nmbd, {'HELPDESK': HELD})
        for name in ('ALPHA', 'HELPDESK'):
            p.check_answered(name)
        _added_soon(nmbd, 'OPERATOR')
        check.equal(len(events(nmbd, 'alias-registered')), 3,
                    'alias-registered events')
        check_nobody_refused(nmbd)


def test_sends_not_permitted():
    _no_send(errno.EPERM, NOT_PERMITTED)


def test_no_buffers():
    _no_send(errno.ENOBUFS, NO_BUFFERS)


def test_no_buffers_for_aliases_of_smb_conf():
    """Those that could not be claimed at once are claimed later."""
    names = ['NAME%02d' % number for number in range(20)]
    with pair() as p:
        fault = SendFails(p.alpha)
        nmbd = p.nmbd(**fault.under())
        wait_state(nmbd, 'running')
        fault.begin(errno.ENOBUFS)
        p.alpha.configure({'messenger:aliases': ' '.join(names)},
                          'messenger')
        nmbd.reload()
        wait_table(nmbd, {name: ('added', 'waiting') for name in names})
        for alias in nmbd.json('list')['aliases']:
            if alias['name'] in names:
                check_reason(alias, NO_BUFFERS, alias['name'])
        check_running(nmbd.json('status'))
        check.none([seen for name in names for seen in about(p.capture,
                                                             name)],
                   'packets about what waits')
        fault.end()
        wait_table(nmbd, {name: HELD for name in names}, HEALED_SECONDS)
        check.true(p.broadcast_answer(names[-1]), 'answer to a query')
        check_nobody_refused(nmbd)
