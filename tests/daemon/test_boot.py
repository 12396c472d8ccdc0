# SPDX-License-Identifier: GPL-3.0-or-later
"""nmbd starts while the network is not as it should be: no refusal, and all is
well by itself as soon as the network is."""

import errno

from aliases import Request, nets, table, verdict, wait_table
from evidence import run_conf, tool
from lab import ClockSet, SendFails, check, nbt
from lab.mounts import private
from sites import SECOND_SERVER, SERVER, UNICAST, site
from steps import (ADDRESS, alias_of, check_running, events, pair,
                   wait_state)
from trouble import (HEALED_SECONDS, NO_BUFFERS, NO_NETWORK, NOT_PERMITTED,
                     check_explained, check_nobody_refused, check_reason,
                     entry_of, registered, seconds_to_run, wait_entry,
                     wait_explained, wait_on)

HELD = ('added', 'registered')
EVERY = {'interfaces': 'eth*'}
SUCCESS = (True, 0, 'NERR_Success', None)

# A server behind a net to which there is no route.
NOWHERE = '10.97.0.1'


def _wait_in_wins(s, nmbd, names, server=SERVER):
    for name in names:
        nmbd.wait_for(lambda: s.in_wins(name, server) == [ADDRESS],
                      HEALED_SECONDS, name + ' is in WINS', interval=0.1)
        wait_entry(nmbd, name, UNICAST, 'registered')


def _check_runs_soon(nmbd, capture):
    """Three requests and 0.25 s: WINS is not waited for."""
    wait_state(nmbd, 'running', 2.5)
    check.between(seconds_to_run(nmbd, capture), 0.7, 1.2,
                  'seconds until the service runs')


def _check_adds_soon(nmbd, name):
    request = Request(nmbd, 'add ' + name)
    check.equal(verdict(request.answer()), SUCCESS, 'answer to ' + name)
    check.between(request.answered - request.sent, 0.7, 2.0,
                  'seconds to the answer')


# A WINS server that is out of reach

def test_wins_without_route():
    """It is as if it were silent; and it is told of every alias as soon as
    there is a route."""
    with site() as s:
        s.alpha.namespace.ip('route del default')
        nmbd = s.nmbd({'messenger:aliases': 'HELPDESK'}, running=False)
        _check_runs_soon(nmbd, s.capture)
        wait_table(nmbd, {'HELPDESK': HELD})
        _check_adds_soon(nmbd, 'OPERATOR')
        names = ('ALPHA', 'HELPDESK', 'OPERATOR')
        for name in names:
            check.equal(entry_of(nmbd, name, ADDRESS)['state'], 'registered',
                        name + ' on ' + ADDRESS)
            entry = wait_entry(nmbd, name, UNICAST, 'waiting')
            check_reason(entry, NO_NETWORK, name + ' in WINS')
            s.check_answered(name)
        check_explained(s.alpha, SERVER, NO_NETWORK)
        check_nobody_refused(nmbd)
        s.alpha.namespace.ip('route add default via 10.88.0.1')
        _wait_in_wins(s, nmbd, names)
        check_nobody_refused(nmbd)
        check.equal(nmbd.json('delete OPERATOR')['ok'], True, 'delete')
        nmbd.wait_for(lambda: s.in_wins('OPERATOR') is None, 2.0,
                      'OPERATOR is no longer in WINS')


def test_first_wins_server_without_route():
    """The next one of the list has it."""
    with site() as s:
        s.alpha.namespace.ip('route del default',
                             'route add 10.89.0.0/24 via 10.88.0.1')
        nmbd = s.nmbd({'wins server': '%s %s' % (NOWHERE, SERVER)},
                      running=False)
        _check_runs_soon(nmbd, s.capture)
        _wait_in_wins(s, nmbd, ['ALPHA'])
        _check_adds_soon(nmbd, 'OPERATOR')
        _wait_in_wins(s, nmbd, ['OPERATOR'])
        check_nobody_refused(nmbd)


def test_one_of_two_tags_without_route():
    with site() as s:
        s.alpha.namespace.ip('route del default',
                             'route add 10.89.0.0/24 via 10.88.0.1')
        nmbd = s.nmbd({'wins server': 'one:%s two:%s' % (SERVER, NOWHERE)},
                      running=False)
        wait_state(nmbd, 'running', 3.0)
        nmbd.wait_for(lambda: s.in_wins('ALPHA') == [ADDRESS], 3.0,
                      'ALPHA is in WINS')
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        nmbd.wait_for(lambda: s.in_wins('OPERATOR') == [ADDRESS], 3.0,
                      'OPERATOR is in WINS')
        check_nobody_refused(nmbd)


def _no_wins_server_there(s):
    nmbd = s.nmbd(running=False)
    wait_state(nmbd, 'running', 3.0)
    check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
    s.check_answered('ALPHA')
    s.check_answered('OPERATOR')
    check_nobody_refused(nmbd)


def test_wins_host_without_nmbd():
    """Its kernel says that nobody listens there."""
    with site(wins=False) as s:
        s.far('WINSSRV', SERVER)
        _no_wins_server_there(s)


def test_wins_server_is_a_plain_nmbd():
    with site(wins=False) as s:
        s.far('WINSSRV', SERVER).nmbd()
        _no_wins_server_there(s)


def test_wins_silent():
    """The service runs on the word of the net; WINS follows when it
    speaks."""
    with site() as s:
        s.server.cable('eth0', False)
        nmbd = s.nmbd(running=False)
        _check_runs_soon(nmbd, s.capture)
        _check_adds_soon(nmbd, 'OPERATOR')
        for name in ('ALPHA', 'OPERATOR'):
            wait_entry(nmbd, name, UNICAST, 'registering')
            s.check_answered(name)
        wait_explained(nmbd, SERVER)
        s.server.cable('eth0', True)
        _wait_in_wins(s, nmbd, ['ALPHA', 'OPERATOR'])
        check_nobody_refused(nmbd)


def test_wins_silent_for_good():
    """nmbd takes its silence for a yes after 20 s; nothing is registered
    there, and nothing else is said."""
    with site(wins=False) as s:
        nmbd = s.nmbd({'log level': '2'})
        nmbd.wait_log('timed out registering', 30.0)
        # a request behind it: what follows from it has happened
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        state = entry_of(nmbd, 'ALPHA')['state']
        check.true(state in ('registering', 'waiting'),
                   'state in WINS that has never answered: ' + state)
        check_explained(s.alpha, SERVER)
        check_running(nmbd.json('status'))
        check_nobody_refused(nmbd)


def test_wins_name_unknown():
    """A server that goes by a name, which the resolver does not know yet."""
    with site() as s:
        hosts, resolver = s.alpha.path('hosts'), s.alpha.path('resolv.conf')
        with open(hosts, 'w') as known:
            known.write('127.0.0.1 localhost\n')
        with open(resolver, 'w') as conf:
            conf.write('nameserver 127.0.0.1\n')
        nmbd = s.nmbd({'wins server': 'wins.example'}, running=False,
                      wrap=private('mount --bind "$0" /etc/hosts; '
                                   'mount --bind "$1" /etc/resolv.conf',
                                   hosts, resolver))
        _check_runs_soon(nmbd, s.capture)
        _check_adds_soon(nmbd, 'OPERATOR')
        for name in ('ALPHA', 'OPERATOR'):
            entry = wait_entry(nmbd, name, UNICAST, 'waiting')
            check.true(entry.get('reason'), 'a reason')
            s.check_answered(name)
        check_explained(s.alpha, 'wins.example')
        check_nobody_refused(nmbd)
        with open(hosts, 'a') as known:
            known.write(SERVER + ' wins.example\n')
        nmbd.reload()
        _wait_in_wins(s, nmbd, ['ALPHA', 'OPERATOR'])


def test_wins_beside_bridges():
    """Addresses that WINS cannot answer to, as docker's, hold up nothing."""
    with site() as s:
        for number in range(4):
            s.alpha.add_bridge('br%d' % number, '172.%d.0.1/16'
                               % (18 + number))
        nmbd = s.nmbd({'interfaces': 'eth* br*'}, running=False)
        _check_runs_soon(nmbd, s.capture)
        state = entry_of(nmbd, 'ALPHA')['state']
        check.true(state in ('registering', 'registered'),
                   'state in WINS: ' + state)
        _check_adds_soon(nmbd, 'OPERATOR')
        s.check_answered('OPERATOR')
        check_running(nmbd.json('status'),
                      [ADDRESS] + ['172.%d.0.1' % (18 + number)
                                   for number in range(4)])
        check_nobody_refused(nmbd)


def test_one_of_two_tags_silent():
    """One tag's server grants at once, whatever the other one's does."""
    with site() as s:
        nmbd = s.nmbd({'wins server': 'one:%s two:%s'
                       % (SERVER, SECOND_SERVER)}, running=False)
        _check_runs_soon(nmbd, s.capture)
        nmbd.wait_for(lambda: s.in_wins('ALPHA') == [ADDRESS], 3.0,
                      'ALPHA is in WINS')
        check_nobody_refused(nmbd)


# Sends that fail

def _nothing_sent(number, reason):
    """No packet leaves; then they do."""
    with pair() as p:
        fault = SendFails(p.alpha)
        fault.begin(number)
        nmbd = p.nmbd({'messenger:aliases': 'HELPDESK'}, **fault.under())
        service = wait_state(nmbd, 'starting')['service']
        check.equal((service['win32_exit_code'],
                     service['service_exit_code']), (0, 0), 'exit codes')
        check_reason(service, reason, 'the service')
        alias = alias_of(nmbd.json('list'))
        check.equal(alias['state'], 'waiting', 'state of ALPHA')
        check_reason(alias, reason, 'ALPHA')
        check_explained(p.alpha, reason)
        yield p, nmbd
        fault.end()
        check_running(wait_state(nmbd, 'running', HEALED_SECONDS))
        wait_table(nmbd, {'HELPDESK': HELD})
        p.check_answered('ALPHA')
        p.check_answered('HELPDESK')
        check_nobody_refused(nmbd)


def test_sends_not_permitted():
    """As with a firewall on this machine; and everybody who tells of the
    service tells of it."""
    for p, nmbd in _nothing_sent(errno.EPERM, NOT_PERMITTED):
        text = nmbd.ask('add OPERATOR')
        check.contains(text, 'error 2283', 'add')
        check.contains(text, 'still starting: nothing was done', 'add')
        check.contains(text, NOT_PERMITTED, 'add')
        shown = tool(p.alpha, 'list').stdout
        check.contains(shown, 'waiting', 'smbmessenger list')
        check.contains(shown, NOT_PERMITTED, 'smbmessenger list')
        done = run_conf(p, 'check_messenger')
        check.true(done.returncode in (0, 1), 'exit status of %r'
                   % done.stdout)
        check.contains(done.stdout, NOT_PERMITTED, 'check_messenger')
        lines = run_conf(p, 'messenger-textfile').stdout.splitlines()
        check.contains(lines, 'nmbd_messenger_refusals_total 0', 'metrics')
        check.contains(lines, 'nmbd_messenger_aliases{kind="computer",'
                       'state="waiting"} 1', 'metrics')


def test_no_buffers():
    for _, _ in _nothing_sent(errno.ENOBUFS, NO_BUFFERS):
        pass


def test_one_net_not_permitted():
    """It is left out of the verdict, and claimed when it can be."""
    with nets(2) as p:
        fault = SendFails(p.alpha)
        fault.begin(errno.EPERM, p.nets[1].broadcast)
        nmbd = p.nmbd({'messenger:aliases': 'HELPDESK'}, **fault.under())
        check_running(wait_state(nmbd, 'running'), p.addresses[:1])
        wait_table(nmbd, {'HELPDESK': HELD})
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        names = ('ALPHA', 'HELPDESK', 'OPERATOR')
        for name in names:
            entry = wait_entry(nmbd, name, p.addresses[1], 'waiting')
            check_reason(entry, NOT_PERMITTED, name)
            p.nets[0].check_answered(name)
        check_explained(p.alpha, p.addresses[1], NOT_PERMITTED)
        fault.end()
        for name in names:
            wait_on(nmbd, name, registered(*p.addresses))
            p.check_answered(name)
        check_nobody_refused(nmbd)


def test_wins_not_permitted():
    with site() as s:
        fault = SendFails(s.alpha)
        fault.begin(errno.EPERM, SERVER)
        nmbd = s.nmbd(running=False, **fault.under())
        _check_runs_soon(nmbd, s.capture)
        entry = wait_entry(nmbd, 'ALPHA', UNICAST, 'waiting')
        check_reason(entry, NOT_PERMITTED, 'ALPHA in WINS')
        fault.end()
        _wait_in_wins(s, nmbd, ['ALPHA'])
        check_nobody_refused(nmbd)


# No address yet

def test_no_address_at_boot():
    """nmbd waits for one before it does anything else."""
    with nets(1) as p:
        p.alpha.namespace.ip('addr flush dev eth0')
        nmbd = p.nmbd(dict(EVERY, **{'messenger:aliases': 'HELPDESK'}),
                      wait_up=False)
        nmbd.wait_log('No local IPv4 non-loopback interfaces', 5.0)
        p.alpha.namespace.ip('addr add 10.88.0.2/24 brd + dev eth0')
        nmbd.wait_log('entered the running state', HEALED_SECONDS)
        wait_table(nmbd, {'HELPDESK': HELD})
        p.check_answered('ALPHA')
        check_running(nmbd.json('status'))
        check_nobody_refused(nmbd)


def test_second_address_after_boot():
    """nmbd itself would look after two minutes."""
    with nets(2) as p:
        p.alpha.namespace.ip('addr flush dev eth1')
        nmbd = p.nmbd(EVERY)
        wait_state(nmbd, 'running')
        nmbd.ask('add OPERATOR')
        p.alpha.namespace.ip('addr add 10.89.0.2/24 brd + dev eth1')
        for name in ('ALPHA', 'OPERATOR'):
            wait_on(nmbd, name, registered(*p.addresses))
            p.check_answered(name)
        check_nobody_refused(nmbd)


def test_link_local_address_first():
    """Then DHCP has one."""
    with nets(1) as p:
        p.alpha.namespace.ip('addr flush dev eth0',
                             'addr add 169.254.7.7/16 brd + dev eth0')
        nmbd = p.nmbd(EVERY)
        wait_state(nmbd, 'running')
        nmbd.ask('add OPERATOR')
        p.alpha.namespace.ip('addr flush dev eth0',
                             'addr add 10.88.0.2/24 brd + dev eth0')
        for name in ('ALPHA', 'OPERATOR'):
            wait_on(nmbd, name, registered(ADDRESS))
            p.check_answered(name)
        check_nobody_refused(nmbd)


# A clock that is set

def _clock_set_while_starting(seconds):
    with pair() as p:
        clock = ClockSet(p.alpha)
        nmbd = p.nmbd({'messenger:aliases': 'HELPDESK'}, **clock.under())
        p.capture.wait_for(lambda: p.capture.registrations('ALPHA', 3), 3.0,
                           'a request for ALPHA')
        clock.begin(seconds)
        nmbd.wait_log('entered the running state', 5.0)
        wait_table(nmbd, {'HELPDESK': HELD})
        check_running(wait_state(nmbd, 'running'))
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        clock.end()
        check.equal(verdict(nmbd.json('add LATER')), SUCCESS, 'answer')
        p.check_answered('LATER')
        check_nobody_refused(nmbd)


def test_clock_set_back():
    _clock_set_while_starting(-3600)


def test_clock_set_ahead():
    _clock_set_while_starting(86400)


def test_clock_set_back_while_claiming():
    """Neither the claim under way nor those after it wait for the clock."""
    with pair() as p:
        clock = ClockSet(p.alpha)
        nmbd = p.nmbd(**clock.under())
        wait_state(nmbd, 'running')
        request = Request(nmbd, 'add FIRST')
        p.capture.wait_for(lambda: p.capture.registrations('FIRST', 3), 3.0,
                           'a request for FIRST')
        clock.begin(-600)
        requests = [request] + [Request(nmbd, 'add ' + name)
                                for name in ('SECOND', 'THIRD')]
        for request in requests:
            check.equal(verdict(request.answer()), SUCCESS, request.text)
            check.between(request.answered - request.sent, 0.5, 3.0,
                          'seconds to the answer to ' + request.text)
        _check_adds_soon(nmbd, 'FOURTH')
        p.check_answered('FOURTH')
