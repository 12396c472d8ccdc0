# SPDX-License-Identifier: GPL-3.0-or-later
"""Aliases added and deleted by request."""

from lab import check
from steps import (HOLDER, alias_of, check_running, events, pair, subnet_of,
                   wait_state)


def _running(p, options=None):
    nmbd = p.nmbd(options)
    wait_state(nmbd, 'running')
    return nmbd


def _code(nmbd, request, code, name):
    """The request is turned down, in text and in JSON."""
    answer = nmbd.json(request)
    check.equal((answer['ok'], answer['code'], answer['code_name']),
                (False, code, name), 'json ' + request)
    check.contains(nmbd.ask(request), str(code), request)


def test_granted():
    with pair() as p:
        nmbd = _running(p)
        check.contains(nmbd.ask('add operator'), 'added', 'answer')
        # the answer came when the outcome was known
        alias = alias_of(nmbd.json('list'), 'OPERATOR')
        check.equal((alias['kind'], alias['state']), ('added', 'registered'),
                    'kind and state')
        check.equal(subnet_of(alias)['state'], 'registered', 'on the subnet')
        check.equal(len(p.capture.registrations('OPERATOR', 3)), 3,
                    'requests')
        check.none(p.capture.registrations('OPERATOR', 0), 'requests for <00>')
        p.check_answered('OPERATOR')
        check_running(nmbd.json('status'))


def test_refused():
    with pair() as p:
        p.peer.refuse('OPERATOR', 3)
        nmbd = _running(p)
        answer = nmbd.json('add OPERATOR')
        check.equal((answer['ok'], answer['code'], answer['code_name'],
                     answer['holder']),
                    (False, 2297, 'NERR_DuplicateName', HOLDER), 'answer')
        check.equal([alias['name'] for alias in nmbd.json('list')['aliases']],
                    ['ALPHA'], 'aliases')
        p.check_silent('OPERATOR')
        refused = events(nmbd, 'alias-refused')
        check.equal([(event['alias'], event['code'],
                      event['holder']['address']) for event in refused],
                    [('OPERATOR', 2297, HOLDER)], 'alias-refused events')
        # never fatal to the service
        check_running(nmbd.json('status'))
        check.none(events(nmbd, 'service-failed'), 'service-failed')


def test_deleted():
    with pair() as p:
        nmbd = _running(p)
        nmbd.ask('add OPERATOR')
        p.check_answered('OPERATOR')
        check.equal(nmbd.json('delete operator')['ok'], True, 'answer')
        nmbd.wait_for(lambda: p.broadcast_answer('OPERATOR') is None, 2.0,
                      'OPERATOR<03> is answered no more')
        p.check_silent('OPERATOR')
        _code(nmbd, 'delete OPERATOR', 2285, 'NERR_NotLocalName')
        nmbd.ask('add OPERATOR')
        p.check_answered('OPERATOR')


def test_codes():
    with pair() as p:
        nmbd = _running(p, {'messenger:max aliases': '2'})
        _code(nmbd, 'add ALPHA', 2276, 'NERR_AlreadyExists')
        _code(nmbd, 'delete ALPHA', 2278, 'NERR_DelComputerName')
        _code(nmbd, 'delete NOBODY', 2285, 'NERR_NotLocalName')
        _code(nmbd, 'add SIXTEEN-LETTERS-', 87, 'ERROR_INVALID_PARAMETER')
        _code(nmbd, 'add *', 123, 'ERROR_INVALID_NAME')
        nmbd.ask('add ONE')
        nmbd.ask('add TWO')
        _code(nmbd, 'add THREE', 2277, 'NERR_TooManyNames')
        _code(nmbd, 'add ONE', 2276, 'NERR_AlreadyExists')
        nmbd.ask('stop')
        _code(nmbd, 'add THREE', 2284, 'NERR_MsgNotStarted')


def test_gone_with_a_failed_service():
    """A failed service releases what was added; start does not bring it."""
    with pair() as p:
        nmbd = _running(p)
        nmbd.ask('add OPERATOR')
        p.check_answered('OPERATOR')
        p.peer.refuse('ALPHA', 3)
        nmbd.ask('stop')
        nmbd.ask('start')
        wait_state(nmbd, 'failed')
        p.check_silent('OPERATOR')
        p.check_silent()
