# SPDX-License-Identifier: GPL-3.0-or-later
"""Several subnets: a message alias is held on all of them, or on none."""

import subprocess

from lab import check, nbt, wait_for
from steps import (ANSWERED, alias_of, check_failed, check_running, events,
                   pair, wait_state)

BOTH = ('10.88.0.2/24', '10.89.0.2/24')


def _second_net(p):
    """A peer and a client on the second net."""
    host = p.lab.host('CHARLIE', '10.89.0.9/24')
    return host.peer(), host.client()


def _answer(client, broadcast='10.89.0.255', name='ALPHA', suffix=3):
    return client.query(broadcast, name, suffix, True, barrier=ANSWERED)


def test_granted_on_both():
    with pair(BOTH) as p:
        _, client = _second_net(p)
        nmbd = p.nmbd()
        check_running(wait_state(nmbd, 'running'),
                      ['10.88.0.2', '10.89.0.2'])
        check.equal(_answer(client).source, '10.89.0.2', 'answer on the '
                    'second net')
        check.equal(p.broadcast_answer().source, '10.88.0.2', 'answer on the '
                    'first net')
        check.equal(len(events(nmbd, 'service-started')), 1,
                    'service-started events')
        check.equal(len(events(nmbd, 'alias-registered')), 1,
                    'alias-registered events')


def _refused_on_second(**how):
    with pair(BOTH) as p:
        peer, client = _second_net(p)
        rule = peer.refuse('ALPHA', 3, **how)
        nmbd = p.nmbd()
        check_failed(wait_state(nmbd, 'failed'), '10.89.0.9', 6, '10.89.0.2')
        rule.first_reply()

        def gone():
            check.equal(p.broadcast_answer(), None, 'answer on the first net')
            check.equal(_answer(client), None, 'answer on the second net')
            return True

        nmbd.wait_for(gone, 2.0, 'ALPHA<03> is answered nowhere')
        p.check_silent()
        check.equal(client.query('10.89.0.2', 'ALPHA', 3, False,
                                 barrier=ANSWERED), None,
                    'answer to a unicast query on the second net')
        failed = events(nmbd, 'service-failed')
        check.equal([(event['subnet'], event['holder']['address'])
                     for event in failed], [('10.89.0.2', '10.89.0.9')],
                    'service-failed events')
        # it stays so when nmbd's claims are through on both nets
        for who in (p.client, client):
            nmbd.wait_for(lambda: _answer(
                who, '10.88.0.255' if who is p.client else '10.89.0.255',
                suffix=0), 6.0, 'nmbd has registered ALPHA<00>')
        p.check_silent()
        check.equal(_answer(client), None, 'answer on the second net')
        check.none(events(nmbd, 'service-started'), 'service-started')
        # and all of it comes back when the holder is gone
        peer.forget(rule)
        nmbd.ask('start')
        check_running(wait_state(nmbd, 'running'),
                      ['10.88.0.2', '10.89.0.2'])
        p.check_answered()
        check.true(_answer(client), 'answer on the second net')


def test_refused_on_one():
    _refused_on_second()


def test_refused_on_one_late():
    """The third request is refused: the other net has granted it almost."""
    _refused_on_second(only=[3], delay=0.1)


def test_refused_on_both():
    with pair(BOTH) as p:
        p.peer.refuse('ALPHA', 3)
        peer, _ = _second_net(p)
        peer.refuse('ALPHA', 3)
        nmbd = p.nmbd()
        status = wait_state(nmbd, 'failed')
        check.equal((status['service']['win32_exit_code'],
                     status['service']['service_exit_code']), (1066, 2270),
                    'exit codes')
        p.check_silent()
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 6.0,
                      'nmbd has registered ALPHA<00>')
        check.equal(len(events(nmbd, 'service-failed')), 1,
                    'service-failed events')


def test_other_names_stay_where_they_are():
    """A refusal of <03> on one net takes nothing else from the other."""
    with pair(BOTH) as p:
        peer, client = _second_net(p)
        peer.refuse('ALPHA', 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        for suffix in (0x00, 0x20):
            for who, net in ((p.client, '10.88.0.255'),
                             (client, '10.89.0.255')):
                nmbd.wait_for(lambda: _answer(who, net, suffix=suffix), 6.0,
                              'ALPHA<%02x> is answered on %s'
                              % (suffix, net))


def _appears(p):
    """nmbd that runs on one net, and then gets a second interface."""
    nmbd = p.nmbd({'interfaces': 'eth*'})
    wait_state(nmbd, 'running')
    check_running(nmbd.json('status'), ['10.88.0.2'])
    p.alpha.add_interface('10.89.0.2/24')
    nmbd.reload()
    return nmbd


def test_appears_later():
    with pair() as p:
        _, client = _second_net(p)
        nmbd = _appears(p)

        def there():
            check_running(nmbd.json('status'), ['10.88.0.2', '10.89.0.2'])
            return True

        nmbd.wait_for(there, 3.0, 'the alias is held on the new subnet')
        check.true(_answer(client), 'answer on the new net')
        p.check_answered()
        sent = p.capture.registrations('ALPHA', 3, interface='eth1')
        check.equal(len(sent), 3, 'requests on the new net')
        check.equal(len(p.capture.registrations('ALPHA', 3,
                                                interface='eth0')), 3,
                    'requests on the old net')


def test_appears_later_and_refuses():
    with pair() as p:
        peer, client = _second_net(p)
        peer.refuse('ALPHA', 3)
        nmbd = _appears(p)
        check_failed(wait_state(nmbd, 'failed'), '10.89.0.9', 6, '10.89.0.2')

        def gone():
            p.check_silent()
            return True

        nmbd.wait_for(gone, 2.0, 'ALPHA<03> is answered nowhere')
        check.equal(_answer(client), None, 'answer on the new net')


def _appears_to_nothing(p, nmbd):
    """A second interface comes, where ALPHA<03> must not be held."""
    _, client = _second_net(p)
    p.alpha.add_interface('10.89.0.2/24')
    nmbd.reload()
    # nmbd claims its own names there: <20>, <03>, <00>
    nmbd.wait_for(lambda: _answer(client, suffix=0), 8.0,
                  'nmbd has registered ALPHA<00> on the new net')
    check.equal(_answer(client), None, 'answer on the new net')
    check.equal(client.query('10.89.0.2', 'ALPHA', 3, False,
                             barrier=ANSWERED), None,
                'answer to a unicast query on the new net')


def test_appears_while_stopped():
    with pair() as p:
        nmbd = p.nmbd({'interfaces': 'eth*'})
        wait_state(nmbd, 'running')
        nmbd.ask('stop')
        _appears_to_nothing(p, nmbd)
        wait_state(nmbd, 'stopped')
        p.check_silent()
        nmbd.ask('start')
        check_running(wait_state(nmbd, 'running'),
                      ['10.88.0.2', '10.89.0.2'])


def test_appears_while_failed():
    """The first net goes on refusing: nothing is held on the second."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd({'interfaces': 'eth*'})
        wait_state(nmbd, 'failed')
        _appears_to_nothing(p, nmbd)
        check_failed(wait_state(nmbd, 'failed'))
        p.check_silent()


def test_appears_with_a_refused_alias():
    """All or none: what one net refused is not claimed on a new one."""
    with pair() as p:
        _, client = _second_net(p)
        p.peer.refuse('SECOND', 3)
        nmbd = p.nmbd({'interfaces': 'eth*', 'netbios aliases': 'SECOND'})
        wait_state(nmbd, 'running')

        def refused():
            return alias_of(nmbd.json('list'), 'SECOND')['state'] == 'refused'

        nmbd.wait_for(refused, 3.0, 'SECOND is refused')
        p.alpha.add_interface('10.89.0.2/24')
        nmbd.reload()
        nmbd.wait_for(lambda: _answer(client, name='SECOND', suffix=0), 8.0,
                      'nmbd has registered SECOND<00> on the new net')
        check.equal(_answer(client, name='SECOND'), None,
                    'answer for SECOND<03> on the new net')
        p.check_silent('SECOND')
        check.true(refused(), 'SECOND is refused')
        check_running(nmbd.json('status'), ['10.88.0.2', '10.89.0.2'])


def test_comes_back():
    """Pulled out and put in again: held again."""
    with pair(BOTH) as p:
        _, client = _second_net(p)
        nmbd = p.nmbd({'interfaces': 'eth*'})
        wait_state(nmbd, 'running')
        for _ in range(2):
            p.alpha.namespace.ip('addr del 10.89.0.2/24 dev eth1')
            nmbd.reload()
            nmbd.wait_for(lambda: '10.89.0.2' not in [
                entry['subnet'] for entry
                in alias_of(nmbd.json('list'))['subnets']], 3.0,
                'the subnet is gone from the list')
            p.alpha.namespace.ip('addr add 10.89.0.2/24 brd + dev eth1')
            nmbd.reload()

            def there():
                check_running(nmbd.json('status'),
                              ['10.88.0.2', '10.89.0.2'])
                return True

            nmbd.wait_for(there, 3.0, 'the subnet is back')
            check.true(_answer(client), 'answer on the second net')
        p.check_answered()


def test_goes_away_while_registering():
    """The claim on the net that went is waited for no more."""
    with pair(BOTH) as p:
        nmbd = p.nmbd({'interfaces': 'eth*'})
        wait_state(nmbd, 'running')
        nmbd.ask('stop')
        nmbd.ask('events')
        before = len(p.capture.registrations('ALPHA', 3))
        asking = p.alpha.popen(['smbcontrol', '-s', p.alpha.conf, 'nmbd',
                                'dump-domain-list', 'start'],
                               stdout=subprocess.PIPE)
        p.capture.wait_for(
            lambda: len(p.capture.registrations('ALPHA', 3)) > before, 3.0,
            'the first request')
        p.alpha.namespace.ip('addr del 10.89.0.2/24 dev eth1')
        nmbd.reload()
        asking.communicate(timeout=10)
        check_running(wait_state(nmbd, 'running'))
        check.equal([entry['subnet'] for entry
                     in alias_of(nmbd.json('list'))['subnets']],
                    ['10.88.0.2'], 'subnets')
        p.check_answered()


def test_goes_away():
    """What is left decides, and the subnet that went is listed no more."""
    with pair(BOTH) as p:
        nmbd = p.nmbd({'interfaces': 'eth*'})
        check_running(wait_state(nmbd, 'running'),
                      ['10.88.0.2', '10.89.0.2'])
        p.alpha.namespace.ip('addr del 10.89.0.2/24 dev eth1')
        nmbd.reload()

        def gone():
            (alias,) = nmbd.json('list')['aliases']
            check.lacks([entry['subnet'] for entry in alias['subnets']],
                        '10.89.0.2', 'subnets')
            return True

        nmbd.wait_for(gone, 3.0, 'the subnet is gone from the list')
        check_running(nmbd.json('status'))
        p.check_answered()


def test_goes_away_while_it_refuses():
    """The net that refused is gone: start finds nobody who objects."""
    with pair(BOTH) as p:
        peer, _ = _second_net(p)
        peer.refuse('ALPHA', 3)
        nmbd = p.nmbd({'interfaces': 'eth*'})
        wait_state(nmbd, 'failed')
        p.alpha.namespace.ip('addr del 10.89.0.2/24 dev eth1')
        nmbd.reload()
        check_running(wait_state(nmbd, 'running'))
        p.check_answered()


def _grant(peer):
    """Lets it be a WINS server that says yes."""
    peer.on(nbt.REGISTRATIONS, None, None, lambda request: (
        None if request.broadcast
        else nbt.registration_reply(request, 0, ttl=600)))


def test_wins_grants():
    """A WINS client, whose server says yes."""
    with pair() as p:
        _grant(p.peer)
        nmbd = p.nmbd({'wins server': '10.88.0.9'})
        check_running(wait_state(nmbd, 'running', 5.0))
        p.check_answered()


def test_wins_is_dead():
    """nmbd takes silence of the WINS server for consent, in its own time."""
    with pair() as p:
        p.peer.stop()
        nmbd = p.nmbd({'wins server': '10.88.0.9'})
        check_running(wait_state(nmbd, 'running', 30.0))


def test_wins_gets_each_release_once():
    """nmbd releases its names in WINS when it ends, and nobody else does."""
    with pair() as p:
        _grant(p.peer)
        nmbd = p.nmbd({'wins server': '10.88.0.9'})
        wait_state(nmbd, 'running', 5.0)
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 6.0,
                      'nmbd has registered ALPHA<00>')
        check.equal(nmbd.stop(), 0, 'exit status')
        for suffix in (0x00, 0x03, 0x20):
            def releases(suffix=suffix):
                return [seen for seen
                        in p.capture.requests({nbt.RELEASE}, 'ALPHA', suffix)
                        if seen.destination == '10.88.0.9']

            what = 'releases of ALPHA<%02x>' % suffix
            wait_for(releases, 2.0, what)
            check.equal(len(releases()), 1, what)


def test_wins_refuses():
    """Refused in WINS: held nowhere, as if a host on the net had refused."""
    def answer(request):
        if request.broadcast:
            return None
        rcode = nbt.ACT_ERR if request.name[:2] == ('ALPHA', 3) else 0
        return nbt.registration_reply(request, rcode, ttl=600)

    with pair() as p:
        p.peer.on(nbt.REGISTRATIONS, None, None, answer)
        nmbd = p.nmbd({'wins server': '10.88.0.9'})
        status = wait_state(nmbd, 'failed', 5.0)
        check.equal((status['service']['win32_exit_code'],
                     status['service']['service_exit_code']), (1066, 2270),
                    'exit codes')

        def gone():
            p.check_silent()
            return True

        nmbd.wait_for(gone, 3.0, 'ALPHA<03> is answered nowhere')
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 6.0,
                      'nmbd has registered ALPHA<00>')
        p.check_silent()
        check.equal(len(events(nmbd, 'service-failed')), 1,
                    'service-failed events')
