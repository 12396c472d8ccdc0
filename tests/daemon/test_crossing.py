# SPDX-License-Identifier: GPL-3.0-or-later
"""Aliases that are being added when something else happens to them, to the
service or to nmbd."""

import contextlib

from aliases import (ADDED, NOT_STARTED, SUCCESS, Request, adding,
                     nets, running, table, verdict, wait_table)
from lab import check
from steps import pair, wait_state


@contextlib.contextmanager
def _adding():
    """Two hosts, nmbd, and an add that is under way."""
    with pair() as p:
        nmbd = running(p)
        yield p, nmbd, adding(p, nmbd)


def test_added_twice():
    """The second one waits for the same outcome; 2276 afterwards."""
    with _adding() as (p, nmbd, first):
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS,
                    'the second answer')
        check.equal(verdict(first.answer()), SUCCESS, 'the first answer')
        check.equal(verdict(nmbd.json('add OPERATOR'))[1], 2276, 'afterwards')
        check.equal(len(p.capture.registrations('OPERATOR', 3)), 3,
                    'requests')
        wait_table(nmbd, ADDED)


def test_added_by_many_at_a_time():
    """Each is told that it is there, or was there already."""
    with pair() as p:
        nmbd = running(p)
        requests = [Request(nmbd, 'add OPERATOR') for _ in range(6)]
        codes = sorted(request.answer()['code'] for request in requests)
        check.equal(codes[0], 0, 'the best code')
        check.equal(set(codes[1:]) <= {0, 2276}, True,
                    'the other codes %s' % codes[1:])
        check.equal(len(p.capture.registrations('OPERATOR', 3)), 3,
                    'requests')
        wait_table(nmbd, ADDED)


def test_deleted_while_registering():
    with _adding() as (p, nmbd, add):
        check.equal(nmbd.json('delete OPERATOR')['ok'], True, 'delete')
        # who waits for it is told that it is not there
        check.equal(verdict(add.answer())[:2], (False, 2285), 'add')
        p.check_silent('OPERATOR')
        check.equal(table(nmbd), {'ALPHA': ('computer', 'registered')},
                    'aliases')


def test_stopped_while_registering():
    """Who waits is told 2284, and nothing goes on behind it."""
    with _adding() as (p, nmbd, add):
        check.equal(nmbd.json('stop')['ok'], True, 'stop')
        check.equal(verdict(add.answer()), NOT_STARTED, 'add')
        sent = len(p.capture.registrations('OPERATOR', 3))
        check.between(sent, 1, 3, 'requests before the stop')
        check.equal(nmbd.json('start')['ok'], True, 'start')
        # a start takes as long as the claim would have
        check.equal(len(p.capture.registrations('OPERATOR', 3)), sent,
                    'requests after the stop')
        p.check_silent('OPERATOR')
        check.equal(table(nmbd), {'ALPHA': ('computer', 'registered')},
                    'aliases')


def test_stopped_and_started_while_registering():
    with _adding() as (p, nmbd, add):
        nmbd.ask('stop')
        nmbd.ask('start')
        check.equal(verdict(add.answer()), NOT_STARTED, 'add')
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'add again')
        wait_table(nmbd, ADDED)
        p.check_answered('OPERATOR')


def test_reloaded_while_registering():
    with _adding() as (p, nmbd, add):
        p.alpha.configure({'messenger:aliases': 'HELPDESK'}, 'messenger')
        nmbd.reload()
        check.equal(verdict(add.answer()), SUCCESS, 'add')
        wait_table(nmbd, dict(ADDED, HELPDESK=('added', 'registered')))
        check.equal(len(p.capture.registrations('OPERATOR', 3)), 3,
                    'requests')
        p.check_answered('OPERATOR')


def test_wanted_by_smb_conf_while_registering():
    """reload-config brings the very name that is being added: one claim."""
    with _adding() as (p, nmbd, add):
        p.alpha.configure({'messenger:aliases': 'OPERATOR'}, 'messenger')
        nmbd.reload()
        check.equal(verdict(add.answer()), SUCCESS, 'add')
        check.equal(len(p.capture.registrations('OPERATOR', 3)), 3,
                    'requests')
        wait_table(nmbd, ADDED)


def test_ended_while_registering():
    """nmbd ends in good order, and the claim with it."""
    with _adding() as (p, nmbd, add):
        check.equal(nmbd.stop(), 0, 'exit status')
        sent = len(p.capture.registrations('OPERATOR', 3))
        check.between(sent, 1, 3, 'requests')
        answer = add.answer_or_none(0.3)
        check.true(answer is None or not answer['ok'],
                   'answer of one that ended %r' % answer)
        nmbd = running(p)
        check.equal(list(table(nmbd)), ['ALPHA'], 'aliases')


def test_failed_while_registering():
    """The computer name is lost on a new net while an add is under way."""
    with nets(2) as p:
        second = p.nets[1]
        p.alpha.namespace.ip('addr flush dev eth1')
        nmbd = running(p, {'interfaces': 'eth*'})
        second.peer.refuse('ALPHA', 3)
        p.alpha.namespace.ip('addr add 10.89.0.2/24 brd + dev eth1')
        add = adding(p, nmbd)
        nmbd.reload()
        wait_state(nmbd, 'failed')
        check.equal(add.answer()['code'], 2284, 'code of the add')
        p.wait_silent(nmbd, 'OPERATOR')
        p.wait_silent(nmbd, 'ALPHA')
