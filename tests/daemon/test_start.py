# SPDX-License-Identifier: GPL-3.0-or-later
"""Start and stop of the service, and its ways to try again."""

from lab import check, nbt
from steps import (check_failed, check_running, events, holder_of, pair,
                   wait_state, wall_of)


def _fail(p, options=None):
    """nmbd whose service failed; returns it and the peer's rule."""
    rule = p.peer.refuse('ALPHA', 3)
    nmbd = p.nmbd(options)
    wait_state(nmbd, 'failed')
    return nmbd, rule


def _check_recovered(p, nmbd, seconds=3.0):
    check_running(wait_state(nmbd, 'running', seconds))
    p.check_answered()
    names = [entry['event'] for entry in events(nmbd)]
    check.equal(names.count('service-started'), 1, 'service-started events')
    check.true(names.index('service-failed')
               < names.index('service-started'), 'order of %s' % names)


def test_by_request_when_the_holder_left():
    with pair() as p:
        nmbd, rule = _fail(p)
        p.peer.forget(rule)
        before = len(p.capture.registrations('ALPHA', 3))
        answer = nmbd.ask('start')
        check.contains(answer.lower(), 'running', 'answer to start')
        # the answer came when the outcome was known
        check_running(nmbd.json('status'))
        sent = p.capture.registrations('ALPHA', 3)[before:]
        check.equal(len(sent), 3, 'requests')
        _check_recovered(p, nmbd)


def test_by_request_while_the_holder_stays():
    with pair() as p:
        nmbd, rule = _fail(p)
        answer = nmbd.ask('start')
        check.contains(answer, '2270', 'answer to start')
        check_failed(nmbd.json('status'))
        check.equal(len(events(nmbd, 'service-failed')), 2,
                    'number of service-failed events')
        check.equal(rule.transactions(), 2, 'claims')
        p.check_silent()


def test_by_request_when_another_took_over():
    """The evidence is that of the last attempt."""
    with pair() as p:
        nmbd, rule = _fail(p)
        p.peer.forget(rule)
        other = p.lab.host('CHARLIE', '10.88.0.10/24').peer()
        other.refuse('ALPHA', 3, rcode=nbt.RFS_ERR)
        nmbd.ask('start')
        check_failed(nmbd.json('status'), holder='10.88.0.10', rcode=5)


def test_again_and_again():
    with pair() as p:
        nmbd, rule = _fail(p)
        for number in range(2, 8):
            nmbd.ask('start')
            check.equal(rule.transactions(), number, 'claims')
            check_failed(nmbd.json('status'))
        p.peer.forget(rule)
        nmbd.ask('start')
        _check_recovered(p, nmbd)


def test_while_running():
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        check.contains(nmbd.ask('start'), '2271', 'answer to start')
        answer = nmbd.json('start')
        check.equal((answer['ok'], answer['code'], answer['code_name']),
                    (False, 2271, 'NERR_MsgAlreadyStarted'), 'json start')
        check.equal(len(p.capture.registrations('ALPHA', 3)), 3, 'requests')
        check_running(nmbd.json('status'))


def test_json_outcome():
    with pair() as p:
        nmbd, rule = _fail(p)
        answer = nmbd.json('start')
        check.equal((answer['ok'], answer['code'], answer['code_name'],
                     holder_of(answer)),
                    (False, 2270, 'NERR_NoComputerName', '10.88.0.9'),
                    'json start, refused')
        p.peer.forget(rule)
        answer = nmbd.json('start')
        check.equal((answer['ok'], answer['code']), (True, 0),
                    'json start, granted')


def test_stop_releases():
    with pair() as p:
        nmbd = p.nmbd({'netbios aliases': 'SECOND'})
        wait_state(nmbd, 'running')
        p.check_answered('SECOND')
        check.contains(nmbd.ask('stop').lower(), 'stopped', 'answer to stop')
        status = wait_state(nmbd, 'stopped')
        check.equal((status['service']['win32_exit_code'],
                     status['service']['service_exit_code']), (0, 0),
                    'exit codes')
        nmbd.wait_for(lambda: p.broadcast_answer() is None, 2.0,
                      'ALPHA<03> is answered no more')
        p.check_silent()
        p.check_silent('SECOND')
        check.contains(p.listed(), 'ALPHA<00>', 'node status')
        check.equal(len(events(nmbd, 'service-stopped')), 1,
                    'service-stopped events')
        check.equal(sorted(entry['alias'] for entry
                           in events(nmbd, 'alias-released')),
                    ['ALPHA', 'SECOND'], 'aliases of alias-released')


def test_stop_tells_the_net():
    """A name release goes out, so that others need not find out by silence
    (RFC 1002, 5.1.1.4)."""
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        nmbd.ask('stop')
        p.capture.wait_for(
            lambda: p.capture.requests({nbt.RELEASE}, 'ALPHA', 3), 2.0,
            'a release of ALPHA<03>')
        check.none(p.capture.requests({nbt.RELEASE}, 'ALPHA', 0),
                   'releases of ALPHA<00>')
        check.none(p.capture.requests({nbt.RELEASE}, 'ALPHA', 0x20),
                   'releases of ALPHA<20>')


def test_stop_twice():
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        nmbd.ask('stop')
        wait_state(nmbd, 'stopped')
        check.contains(nmbd.ask('stop'), '2284', 'answer to the second stop')
        check.equal(len(events(nmbd, 'service-stopped')), 1,
                    'service-stopped events')


def test_after_stop():
    with pair() as p:
        nmbd = p.nmbd({'netbios aliases': 'SECOND'})
        wait_state(nmbd, 'running')
        nmbd.ask('stop')
        wait_state(nmbd, 'stopped')
        nmbd.ask('start')
        check_running(wait_state(nmbd, 'running'))
        p.check_answered()

        def second():
            p.check_answered('SECOND')
            return True

        nmbd.wait_for(second, 3.0, 'SECOND<03> is back')
        check.equal([entry['event'] for entry in events(nmbd)
                     if entry['event'].startswith('service')],
                    ['service-started', 'service-stopped', 'service-started'],
                    'events')


def test_stop_while_registering():
    """Stopped half-way through its claims it must not end up with them."""
    with pair() as p:
        nmbd = p.nmbd()
        p.capture.wait_for(lambda: p.capture.registrations('ALPHA', 3), 3.0,
                           'the first request')
        nmbd.ask('stop')
        wait_state(nmbd, 'stopped')
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 6.0,
                      'nmbd has registered ALPHA<00>')
        wait_state(nmbd, 'stopped')
        p.check_silent()
        nmbd.ask('start')
        check_running(wait_state(nmbd, 'running'))
        p.check_answered()


def test_stop_when_failed():
    with pair() as p:
        nmbd, rule = _fail(p)
        nmbd.ask('stop')
        status = wait_state(nmbd, 'stopped')
        check.equal(status['service']['service_exit_code'], 0, 'exit code')
        p.peer.forget(rule)
        nmbd.ask('start')
        _check_recovered(p, nmbd)


def test_by_reload_when_the_holder_left():
    """reload-config while failed tries again, smb.conf changed or not."""
    with pair() as p:
        nmbd, rule = _fail(p)
        p.peer.forget(rule)
        nmbd.reload()
        _check_recovered(p, nmbd)


def test_by_hangup_when_the_holder_left():
    with pair() as p:
        nmbd, rule = _fail(p)
        p.peer.forget(rule)
        nmbd.hangup()
        _check_recovered(p, nmbd)


def test_by_reload_while_the_holder_stays():
    with pair() as p:
        nmbd, rule = _fail(p)
        nmbd.reload()
        nmbd.wait_for(lambda: rule.transactions() == 2, 3.0,
                      'a second attempt')
        check_failed(wait_state(nmbd, 'failed'))
        nmbd.wait_for(lambda: len(events(nmbd, 'service-failed')) == 2, 2.0,
                      'a second event')


def test_reload_leaves_a_running_service_alone():
    with pair() as p:
        nmbd = p.nmbd()
        since = wait_state(nmbd, 'running')['service']['since']
        before = len(events(nmbd))
        p.alpha.configure({'server string': 'changed'}, 'messenger')
        nmbd.reload()
        nmbd.hangup()
        # what would come of a new claim takes 0.75 s: nmbd's own names,
        # claimed before, are later
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 6.0,
                      'nmbd has registered ALPHA<00>')
        check.equal(len(p.capture.registrations('ALPHA', 3)), 3, 'requests')
        check.equal(nmbd.json('status')['service']['since'], since, 'since')
        check.equal(len(events(nmbd)), before, 'events')


def test_reload_leaves_a_stopped_service_alone():
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        nmbd.ask('stop')
        nmbd.reload()
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 6.0,
                      'nmbd has registered ALPHA<00>')
        wait_state(nmbd, 'stopped')
        check.equal(len(p.capture.registrations('ALPHA', 3)), 3, 'requests')


def test_by_interval():
    with pair() as p:
        nmbd, rule = _fail(p, {'messenger:restart interval': '1'})
        nmbd.wait_for(lambda: len(rule.requests) >= 3, 6.0,
                      'two more attempts')
        for before, after in zip(rule.requests, rule.requests[1:]):
            check.between(after.time - before.time, 0.9, 2.5,
                          'seconds between two attempts')
        check_failed(wait_state(nmbd, 'failed'))
        p.peer.forget(rule)
        check_running(wait_state(nmbd, 'running', 5.0))
        p.check_answered()


def test_interval_by_reload():
    """The interval can be had by reload-config, and be taken away."""
    with pair() as p:
        nmbd, rule = _fail(p)
        p.alpha.configure({'messenger:restart interval': '1'}, 'messenger')
        nmbd.reload()
        nmbd.wait_for(lambda: len(rule.requests) >= 3, 6.0,
                      'attempts at an interval')
        p.alpha.configure({}, 'messenger')
        nmbd.reload()
        # that reload is an attempt of its own; then silence, which two
        # seconds of nmbd's own life show
        wait_state(nmbd, 'failed')
        known = len(events(nmbd, 'service-failed'))
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 8.0,
                      'nmbd has registered ALPHA<00>')
        check.true(len(events(nmbd, 'service-failed')) <= known + 1,
                   'attempts after the interval was taken away')


def test_no_interval_no_attempt():
    """Without an interval a failed service stays failed."""
    with pair() as p:
        nmbd, rule = _fail(p)
        p.peer.forget(rule)
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 6.0,
                      'nmbd has registered ALPHA<00>')
        check_failed(nmbd.json('status'))
        check.equal(len(p.capture.registrations('ALPHA', 3)), 1, 'requests')


def test_since():
    with pair() as p:
        nmbd, rule = _fail(p)
        failed = events(nmbd, 'service-failed')[0]
        status = nmbd.json('status')
        check.between(wall_of(status['service']['since'])
                      - wall_of(failed['time']), -0.05, 0.05,
                      'since when it is failed, from the event')
        p.peer.forget(rule)
        nmbd.ask('start')
        started = events(nmbd, 'service-started')[0]
        status = nmbd.json('status')
        check.between(wall_of(status['service']['since'])
                      - wall_of(started['time']), -0.05, 0.05,
                      'since when it is running, from the event')
