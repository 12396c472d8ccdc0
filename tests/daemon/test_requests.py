# SPDX-License-Identifier: GPL-3.0-or-later
"""The request language, most of it through stock smbcontrol."""

import json
import os
import pty
import re
import subprocess

from lab import answers, check, wait_for
from steps import (HOLDER, TERMINATED, check_failed, check_running, events,
                   pair, samba_minor, wait_state, wall_of)

VERBS = ('list', 'status', 'start', 'stop', 'events', 'help')


def test_nothing_is_status_and_list():
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        nmbd.by_smbcontrol = True
        answer = nmbd.ask()
        check.contains(answer, 'running', 'answer')
        check.contains(answer, 'ALPHA', 'answer')
        check.contains(answer, nmbd.ask('status').rstrip('\n'), 'answer')
        check.contains(answer, nmbd.ask('list').rstrip('\n'), 'answer')
        check.equal(nmbd.ask(''), answer, 'answer to an empty request')


def test_status_of_a_failure():
    """It says what a person needs: what, since when, who holds it."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        answer = nmbd.ask('status')
        for word in ('failed', '2270', '1066', HOLDER, 'ALPHA'):
            check.contains(answer, word, 'status')
        answer = nmbd.ask('list')
        for word in ('ALPHA', 'refused', HOLDER):
            check.contains(answer, word, 'list')


def test_help_names_every_request():
    with pair() as p:
        nmbd = p.nmbd()
        answer = nmbd.ask('help')
        for verb in VERBS:
            check.contains(answer, verb, 'help')
        check.contains(answer, 'json', 'help')


def test_answers_end_in_a_line():
    """smbcontrol prints answers as they are: a shell's prompt comes next."""
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        nmbd.by_smbcontrol = True
        for request in (None, 'list', 'status', 'events', 'events 1', 'help',
                        'start', 'json status', 'nonsense', 'stop', 'stop'):
            answer = nmbd.ask(request)
            check.true(answer.endswith('\n'), 'end of line of %r' % answer)
            check.true(not answer.endswith('\n\n'),
                       'empty last line of %r' % answer)


def test_case_and_blanks():
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        nmbd.by_smbcontrol = True
        answer = nmbd.ask('status')
        check.equal(nmbd.ask('  status  '), answer, 'answer with blanks')
        check.equal(nmbd.json('  list'), nmbd.json('list'),
                    'answer with blanks')


def _check_one_line(nmbd, request):
    """One line of text that says what is known, and has nothing for a
    terminal to act on."""
    answer = nmbd.ask(request)
    what = 'answer to %r' % request[:40]
    check.equal(answer.count('\n'), 1, 'lines in the %s: %r' % (what, answer))
    check.contains(answer, 'known are', what)
    for verb in VERBS:
        check.contains(answer, verb, what)
    for character in answer.rstrip('\n'):
        check.true(character.isprintable(), '%s: %r' % (what, answer))
    check.true(len(answer) < 1000, 'length of the ' + what)


def test_unknown_requests():
    """One line that says what is known, whatever comes."""
    with pair() as p:
        nmbd = p.nmbd()
        status = wait_state(nmbd, 'running')
        for request in ('nonsense', 'statuss', '%s%n%n%s', '; list',
                        '\xff\xfe', 'x' * 200, 'status now', 'list all',
                        'stop it', 'help me please', 'start stop',
                        'events many', 'events -1', 'events 0x10',
                        'events 1 2', 'events 0', 'events 257',
                        'events 99999999999999999999', 'start\nstop',
                        'list\x1b[2J', '\x07', 'x' * 300, 'x' * 5000,
                        'status' + ' ' * 5000 + 'x', '\u009b2J',
                        'x\u202elist'):
            _check_one_line(nmbd, request)
        check.equal(nmbd.json('status'), status, 'status afterwards')


def test_unknown_requests_in_json():
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        nmbd.by_smbcontrol = True
        for request in ('nonsense', 'events many', 'x' * 5000, 'list\x1b[2J'):
            answer = nmbd.json(request)
            check.equal(answer['ok'], False, 'ok of %r' % request[:20])
            check.contains(answer['message'], 'status',
                           'message of %r' % request[:20])


def test_lone_json():
    """json without a request is the status, or an explanation: no silence."""
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        nmbd.by_smbcontrol = True
        answer = json.loads(nmbd.ask('json'))
        check.true('service' in answer or answer.get('ok') is False,
                   'answer %r' % answer)


def test_json_is_one_object():
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        nmbd.by_smbcontrol = True
        status = nmbd.json('status')
        check_running(status)
        for key in ('aliases', 'computer', 'service'):
            check.contains(status, key, 'keys of status')
        for key in ('service_exit_code', 'since', 'state', 'win32_exit_code'):
            check.contains(status['service'], key, 'keys of service')
        (alias,) = nmbd.json('list')['aliases']
        for key in ('kind', 'name', 'since', 'state', 'subnets'):
            check.contains(alias, key, 'keys of an alias')
        check.true(wall_of(alias['since']) <= wall_of(
            status['service']['since']) + 0.05, 'since')
        check.equal(nmbd.json('help').get('ok', True), True, 'json help')


def test_events_number():
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        for _ in range(3):
            nmbd.ask('start')
        every = events(nmbd)
        check.true(len(every) >= 4, 'number of events')
        check.equal(events(nmbd, number=2), every[-2:], 'events 2')
        check.equal(events(nmbd, number=1), every[-1:], 'events 1')
        text = nmbd.ask('events 2')
        check.equal(text.count(TERMINATED), 2, 'events 2: %r' % text)
        check.contains(text, HOLDER, 'events 2')


def test_events_are_numbered_and_in_order():
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        nmbd.ask('start')
        every = events(nmbd)
        check.equal([event['seq'] for event in every],
                    list(range(1, len(every) + 1)), 'seq')
        times = [wall_of(event['time']) for event in every]
        check.equal(times, sorted(times), 'times')


def test_ring_keeps_256():
    """More events than the ring holds: the oldest go, seq goes on."""
    with pair() as p:
        path = p.alpha.path('events.json')
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd({'messenger:json log': path})
        wait_state(nmbd, 'failed')
        # each SIGHUP is another attempt, and that is another event
        with open(path) as log:
            for number in range(1, 301):
                wait_for(lambda: answers.event_lines(
                    log.readline())[0]['seq'] == number, 5.0,
                         'event number %d' % number, interval=0.001)
                if number < 300:
                    nmbd.hangup()
        every = events(nmbd)
        check.equal([event['seq'] for event in every],
                    list(range(45, 301)), 'seq')


def test_the_lab_asks_as_smbcontrol():
    """Elsewhere it is the lab that asks: the same is answered."""
    with pair() as p:
        nmbd = p.nmbd({'messenger:aliases': ' '.join(
            'NAME%d' % number for number in range(40))})
        wait_state(nmbd, 'running')
        nmbd.wait_for(lambda: all(
            alias['state'] == 'registered'
            for alias in nmbd.json('list')['aliases']), 10.0,
            'all are registered')
        for request in (None, '', 'status', 'list', 'json list', 'events',
                        'help', 'delete NOBODY', '\xff\xfe', 'x' * 5000):
            answer = nmbd.ask(request)
            nmbd.by_smbcontrol = True
            check.equal(answer, nmbd.ask(request), 'answer to %r' % request)
            nmbd.by_smbcontrol = False


def _need_dump_status(host):
    if samba_minor(host) < 16:
        raise check.Skip('rpc-dump-status came with Samba 4.16')


def test_rpc_dump_status_to_a_held_terminal():
    """A terminal that takes a few bytes more, and then none: nmbd, which is
    handed it, does not wait for somebody to read them."""
    with pair() as p:
        nmbd = p.nmbd()
        _need_dump_status(p.alpha)
        wait_state(nmbd, 'running')
        reader, terminal = pty.openpty()
        os.set_blocking(terminal, False)
        try:
            while True:
                os.write(terminal, b'x' * 64)
        except BlockingIOError:
            pass
        os.read(reader, 200)
        os.set_blocking(terminal, True)
        sender = p.alpha.popen(
            ['smbcontrol', '-s', p.alpha.conf, 'nmbd', 'rpc-dump-status'],
            stdout=terminal, stderr=subprocess.DEVNULL)
        sender.wait(10)
        # behind it: one that is answered
        check.equal(nmbd.json('status', 3)['service']['state'],
                    'running', 'the service')
        os.close(terminal)
        os.close(reader)


def test_rpc_dump_status():
    with pair() as p:
        nmbd = p.nmbd()
        _need_dump_status(p.alpha)
        wait_state(nmbd, 'running')
        answer = nmbd.smbcontrol('rpc-dump-status')
        check.contains(answer, nmbd.ask().rstrip('\n'), 'rpc-dump-status')
        # it got a descriptor with each, and must not keep it
        before = _descriptors(nmbd)
        for _ in range(5):
            nmbd.smbcontrol('rpc-dump-status')
        nmbd.wait_for(lambda: _descriptors(nmbd) <= before, 2.0,
                      'the descriptors are closed')


def _descriptors(nmbd):
    return len(os.listdir('/proc/%d/fd' % nmbd.pid))


def test_leave_no_memory_behind():
    """The module's part of nmbd's talloc tree is the same afterwards."""
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')

        def blocks():
            text = nmbd.smbcontrol('pool-usage')
            found = re.search(r'struct messenger +contains +\d+ bytes in +'
                              r'(\d+) blocks', text)
            check.true(found, 'the module in pool-usage')
            return int(found.group(1))

        def round_of_requests():
            for request in (None, 'status', 'list', 'events', 'help',
                            'nonsense', 'json status', 'json events',
                            'json nonsense', 'start'):
                nmbd.ask(request)

        round_of_requests()
        before = blocks()
        for _ in range(4):
            round_of_requests()
        # claims of nmbd's own names may have ended meanwhile
        check.between(blocks(), 0, before, 'talloc blocks afterwards')


def test_other_messages_still_work():
    """nmbd's own messages are not taken from it."""
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        check.contains(nmbd.smbcontrol('ping'), 'PONG', 'ping')
        check.contains(nmbd.smbcontrol('debuglevel'), 'all:1', 'debuglevel')
        nmbd.smbcontrol('debug', '2')
        nmbd.wait_for(lambda: 'all:2' in nmbd.smbcontrol('debuglevel'), 2.0,
                      'the debug level is 2')
        nmbd.smbcontrol('force-election')
        check.contains(nmbd.smbcontrol('ping'), 'PONG', 'ping')


def test_while_starting():
    """Requests in the first 750 ms are answered, too."""
    with pair() as p:
        nmbd = p.nmbd()
        status = nmbd.json('status')
        if status['service']['state'] == 'starting':
            (alias,) = status['aliases']
            check.equal(alias['state'], 'registering', 'state of the alias')
        check_running(wait_state(nmbd, 'running'))


def test_two_requests_at_once():
    """Two start requests wait for the same outcome, and both are answered."""
    with pair() as p:
        nmbd = p.nmbd()
        rule = p.peer.refuse('ALPHA', 3)
        check_failed(wait_state(nmbd, 'failed'))
        p.peer.forget(rule)
        args = ['smbcontrol', '-s', p.alpha.conf, '-t', '10', 'nmbd',
                'dump-domain-list', 'start']
        asking = [p.alpha.popen(args, stdout=subprocess.PIPE,
                                universal_newlines=True) for _ in range(2)]
        answers = sorted(process.communicate(timeout=15)[0]
                         for process in asking)
        for answer in answers:
            check.contains(answer, 'PID %d: ' % nmbd.pid, 'answer')
        check_running(nmbd.json('status'))
