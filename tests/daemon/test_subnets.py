# SPDX-License-Identifier: GPL-3.0-or-later
"""Interfaces that come and go while nmbd runs, and what becomes of aliases.

nmbd looks every two minutes, and at each reload-config.
"""

import re

from aliases import (SUCCESS, Request, about, adding, check_code, nets,
                     released, subnets_of, table, verdict, wait_table)
from lab import check, nbt
from steps import check_running, events, wait_state

HELD = ('added', 'registered')
EVERY = {'interfaces': 'eth*'}


def _up(p, number, nmbd=None, last=2):
    """Gives interface number `number` its address (again)."""
    p.alpha.namespace.ip('addr add 10.%d.0.%d/24 brd + dev eth%d'
                         % (88 + number, last, number))
    if nmbd is not None:
        nmbd.reload()


def _down(p, number, nmbd=None):
    p.alpha.namespace.ip('addr flush dev eth%d' % number)
    if nmbd is not None:
        nmbd.reload()


def _start(p, options=None, seconds=3.0):
    nmbd = p.nmbd(dict(EVERY, **(options or {})))
    nmbd.wait_log('entered the running state', seconds)
    return nmbd


def _wait_on(nmbd, name, addresses, seconds=4.0):
    """Waits until the alias is held on exactly these subnets."""
    expected = {address: 'registered' for address in addresses}

    def there():
        check.equal(subnets_of(nmbd, name), expected, 'subnets of ' + name)
        return True

    nmbd.wait_for(there, seconds, '%s is held on %s' % (name, addresses))


def test_new_one_gets_every_alias():
    with nets(2) as p:
        _down(p, 1)
        nmbd = _start(p, {'messenger:aliases': 'HELPDESK'})
        nmbd.ask('add OPERATOR')
        wait_table(nmbd, {'HELPDESK': HELD, 'OPERATOR': HELD})
        before = len(p.capture.packets)
        _up(p, 1, nmbd)
        for name in ('ALPHA', 'HELPDESK', 'OPERATOR'):
            _wait_on(nmbd, name, p.addresses)
            p.check_answered(name)
            check.equal(len(p.capture.registrations(name, 3,
                                                    interface='eth1')), 3,
                        'requests on the new net')
            check.none([seen for seen in about(p.capture, name, before)
                        if seen.interface == 'eth0' and seen.packet.opcode
                        != nbt.QUERY], 'packets on the old net')
        # one is held, or is not: nothing is told again
        check.equal(len(events(nmbd, 'alias-registered')), 3,
                    'alias-registered events')
        # what comes later is held on both, and goes from both
        check.equal(verdict(nmbd.json('add LATER')), SUCCESS, 'add')
        _wait_on(nmbd, 'LATER', p.addresses)
        nmbd.ask('delete OPERATOR')
        p.check_silent('OPERATOR')
        for net in p.nets:
            check.equal(len(released(p.capture, 'OPERATOR', net.interface)),
                        1, 'releases on ' + net.interface)


def test_one_that_goes_takes_its_state_along():
    with nets(2) as p:
        nmbd = _start(p)
        nmbd.ask('add OPERATOR')
        _down(p, 1, nmbd)
        for name in ('ALPHA', 'OPERATOR'):
            _wait_on(nmbd, name, p.addresses[:1])
        check_running(nmbd.json('status'), p.addresses[:1])
        first = p.nets[0]
        answer = first.unicast_answer('OPERATOR')
        check.equal(nbt.nb_addresses(answer.packet.answers[0].rdata),
                    p.addresses[:1], 'addresses in the answer')
        first.check_answered('OPERATOR')
        check.none(events(nmbd, 'alias-lost')
                   + events(nmbd, 'alias-released'), 'events')
        check.equal(verdict(nmbd.json('add LATER')), SUCCESS, 'add')
        _wait_on(nmbd, 'LATER', p.addresses[:1])
        nmbd.ask('delete OPERATOR')
        first.check_silent('OPERATOR')
        check.equal(len(released(p.capture, 'OPERATOR')), 1, 'releases')
        check.equal(nmbd.stop(), 0, 'exit status')


def test_comes_back():
    """The same one, several times over: no stale state, nothing twice."""
    with nets(2) as p:
        nmbd = _start(p)
        nmbd.ask('add OPERATOR')
        for turn in range(3):
            _down(p, 1, nmbd)
            _wait_on(nmbd, 'OPERATOR', p.addresses[:1])
            _up(p, 1, nmbd)
            for name in ('ALPHA', 'OPERATOR'):
                _wait_on(nmbd, name, p.addresses)
                p.check_answered(name)
            check.equal(len(p.capture.registrations('OPERATOR', 3,
                                                    interface='eth1')),
                        3 * (turn + 2), 'requests on the second net')
        check.equal(len(p.capture.registrations('OPERATOR', 3,
                                                interface='eth0')), 3,
                    'requests on the first net')
        answer = p.nets[0].unicast_answer('OPERATOR')
        check.equal(sorted(nbt.nb_addresses(answer.packet.answers[0].rdata)),
                    p.addresses, 'addresses in the answer')
        listed = [str(entry.name) for entry in
                  p.nets[0].client.node_status(p.addresses[0])]
        check.equal(listed.count('OPERATOR<03>'), 1,
                    'times OPERATOR in node status')
        nmbd.ask('delete OPERATOR')
        p.check_silent('OPERATOR')


def test_the_only_one_comes_back():
    """nmbd waits without any interface; aliases return with the next."""
    with nets(1) as p:
        nmbd = _start(p, {'messenger:aliases': 'HELPDESK'})
        nmbd.ask('add OPERATOR')
        _down(p, 0)
        nmbd.hangup()
        nmbd.wait_log('No subnets to listen to', 5.0)
        _up(p, 0)
        for name in ('ALPHA', 'HELPDESK', 'OPERATOR'):
            _wait_on(nmbd, name, p.addresses, 10.0)
            p.check_answered(name)
        check_running(nmbd.json('status'))
        check.equal(verdict(nmbd.json('add LATER')), SUCCESS, 'add')


def test_another_address():
    """The only interface is given another address, as by DHCP."""
    with nets(1) as p:
        nmbd = _start(p)
        nmbd.ask('add OPERATOR')
        p.alpha.namespace.ip('addr flush dev eth0',
                             'addr add 10.88.0.33/24 brd + dev eth0')
        nmbd.reload()
        net = p.nets[0]
        net.address = '10.88.0.33'
        for name in ('ALPHA', 'OPERATOR'):
            _wait_on(nmbd, name, ['10.88.0.33'])
            answer = net.broadcast_answer(name)
            check.equal(nbt.nb_addresses(answer.packet.answers[0].rdata),
                        ['10.88.0.33'], 'addresses in the answer')
        answer = net.unicast_answer('OPERATOR')
        check.equal(nbt.nb_addresses(answer.packet.answers[0].rdata),
                    ['10.88.0.33'], 'addresses in the unicast answer')
        nmbd.ask('delete OPERATOR')
        net.check_silent('OPERATOR')
        check_running(nmbd.json('status'), ['10.88.0.33'])


def test_refused_on_the_new_one():
    """All subnets or none, then, too: what was held is lost, and released
    where others may have heard of it."""
    with nets(2) as p:
        _down(p, 1)
        nmbd = _start(p, {'messenger:aliases': 'HELPDESK FRONTDESK'})
        wait_table(nmbd, {'HELPDESK': HELD, 'FRONTDESK': HELD})
        p.nets[1].peer.refuse('HELPDESK', 3)
        _up(p, 1, nmbd)
        wait_table(nmbd, {'HELPDESK': ('added', 'refused'),
                          'FRONTDESK': HELD})
        _wait_on(nmbd, 'FRONTDESK', p.addresses)
        p.wait_silent(nmbd, 'HELPDESK')
        p.check_answered('FRONTDESK')
        check.equal([(event['alias'], event['code'], event['subnet'],
                      event['holder']['address'])
                     for event in events(nmbd, 'alias-lost')],
                    [('HELPDESK', 2297, '10.89.0.2', '10.89.0.9')],
                    'alias-lost events')
        check.equal(len(released(p.capture, 'HELPDESK', 'eth0')), 1,
                    'releases on the first net')
        check.none(released(p.capture, 'HELPDESK', 'eth1'),
                   'releases where it was refused')
        check_running(nmbd.json('status'), p.addresses)


def test_added_one_refused_on_the_new_one():
    """It is held nowhere, and that is told; another add is another try."""
    with nets(2) as p:
        _down(p, 1)
        nmbd = _start(p)
        nmbd.ask('add OPERATOR')
        rule = p.nets[1].peer.refuse('OPERATOR', 3)
        _up(p, 1, nmbd)
        nmbd.wait_for(lambda: events(nmbd, 'alias-lost'), 3.0, 'alias-lost')
        p.wait_silent(nmbd, 'OPERATOR')
        check.true(table(nmbd).get('OPERATOR')
                   in (None, ('added', 'refused')), 'OPERATOR in the list')
        check_code(nmbd, 'add OPERATOR', 2297, 'NERR_DuplicateName',
                   holder='10.89.0.9')
        p.nets[1].peer.forget(rule)
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'add')
        p.check_answered('OPERATOR')


def test_refusing_one_goes():
    """Refused there, and there only: another add finds nobody."""
    with nets(2) as p:
        p.nets[1].peer.refuse('OPERATOR', 3)
        nmbd = _start(p)
        check_code(nmbd, 'add OPERATOR', 2297, 'NERR_DuplicateName',
                   holder='10.89.0.9')
        _down(p, 1, nmbd)
        _wait_on(nmbd, 'ALPHA', p.addresses[:1])
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'add')
        p.nets[0].check_answered('OPERATOR')


# While an add is under way

def test_goes_while_registering():
    """What is left decides, and in the same time."""
    with nets(2) as p:
        nmbd = _start(p)
        request = adding(p, nmbd)
        _down(p, 1, nmbd)
        check.equal(verdict(request.answer()), SUCCESS, 'answer')
        check.between(request.answered - request.sent, 0.0, 3.0,
                      'seconds to the answer')
        _wait_on(nmbd, 'OPERATOR', p.addresses[:1])
        p.nets[0].check_answered('OPERATOR')
        check_running(nmbd.json('status'), p.addresses[:1])


def test_comes_while_registering():
    with nets(2) as p:
        _down(p, 1)
        nmbd = _start(p)
        request = adding(p, nmbd)
        _up(p, 1, nmbd)
        check.equal(verdict(request.answer()), SUCCESS, 'answer')
        _wait_on(nmbd, 'OPERATOR', p.addresses)
        p.check_answered('OPERATOR')
        p.check_claimed('OPERATOR')


def test_comes_and_refuses_while_registering():
    with nets(2) as p:
        _down(p, 1)
        nmbd = _start(p)
        p.nets[1].peer.refuse('OPERATOR', 3)
        request = adding(p, nmbd)
        _up(p, 1, nmbd)
        check.equal(verdict(request.answer()),
                    (False, 2297, 'NERR_DuplicateName', '10.89.0.9'),
                    'answer')
        p.wait_silent(nmbd, 'OPERATOR')
        check.equal(list(table(nmbd)), ['ALPHA'], 'aliases')


def test_all_go_while_registering():
    """The answer waits for an interface, or says that there is none; nmbd
    lives, and the next one gets what is wanted."""
    with nets(2) as p:
        nmbd = _start(p)
        request = adding(p, nmbd)
        # one by one: of two that are gone, nmbd finds one each time it looks
        for number in range(2):
            _down(p, number)
            nmbd.hangup()
            nmbd.wait_log('Got SIGHUP', count=number + 1)
        nmbd.wait_log('No subnets to listen to', 5.0)
        _up(p, 0)
        _up(p, 1)
        nmbd.wait_for(lambda: subnets_of(nmbd, 'ALPHA')
                      == {address: 'registered' for address in p.addresses},
                      10.0, 'ALPHA is held again')
        answer = request.answer()
        if answer['ok']:
            _wait_on(nmbd, 'OPERATOR', p.addresses)
            p.check_answered('OPERATOR')
        else:
            p.wait_silent(nmbd, 'OPERATOR')
            check.lacks(table(nmbd), 'OPERATOR', 'aliases')


def test_goes_while_the_service_starts():
    with nets(2) as p:
        nmbd = p.nmbd(dict(EVERY, **{'messenger:aliases': 'HELPDESK'}))
        check.equal(nmbd.json('status')['service']['state'], 'starting',
                    'state')
        _down(p, 1, nmbd)
        check_running(wait_state(nmbd, 'running'), p.addresses[:1])
        wait_table(nmbd, {'HELPDESK': HELD})
        _wait_on(nmbd, 'HELPDESK', p.addresses[:1])


@check.seconds(60)
def test_flapping():
    """Twenty changes with requests in between; what counts is the end, and
    nmbd's memory."""
    with nets(3) as p:
        nmbd = _start(p, {'messenger:aliases': 'HELPDESK'})
        wait_table(nmbd, {'HELPDESK': HELD})

        def blocks():
            return len(re.findall(
                r'struct (?:claim|queued|waiter|untold|check) +contains',
                nmbd.smbcontrol('pool-usage')))

        requests = []
        here = {0, 1, 2}
        for turn in range(20):
            number = 1 + turn % 2
            if number in here:
                here.remove(number)
                _down(p, number, nmbd)
            else:
                here.add(number)
                _up(p, number, nmbd)
            requests.append(Request(
                nmbd, ('delete ' if turn % 4 == 3 else 'add ') + 'OPERATOR'))
            if turn % 6 == 5:
                nmbd.hangup()
        for request in requests:
            answer = request.answer()
            check.true(answer['code'] in (0, 2136, 2276, 2283, 2285),
                       '%s: %r' % (request.text, answer))
        for number in {0, 1, 2} - here:
            _up(p, number)
        nmbd.reload()
        for name in ('ALPHA', 'HELPDESK'):
            _wait_on(nmbd, name, p.addresses, 6.0)
            p.check_answered(name)
        nmbd.wait_for(lambda: nmbd.json('add OPERATOR')['code'] in (0, 2276),
                      4.0, 'OPERATOR is added')
        _wait_on(nmbd, 'OPERATOR', p.addresses)
        p.check_answered('OPERATOR')
        check_running(nmbd.json('status'), p.addresses)
        nmbd.wait_for(lambda: blocks() == 0, 5.0, 'no claim is left behind')
        check.equal(nmbd.stop(), 0, 'exit status')
