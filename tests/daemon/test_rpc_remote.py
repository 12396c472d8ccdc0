# SPDX-License-Identifier: GPL-3.0-or-later
"""smbmessenger --server: the tool on one host, nmbd on another."""

import json
import os

from lab import MESSENGER_SO, check
from rpc.samba import ADMIN, PASSWORD, ROOT, USER
from steps import pair
from test_rpc import names, remote

TOOL = os.path.join(os.path.dirname(MESSENGER_SO), 'smbmessenger')


def _run(r, *args, user=ADMIN, **kwargs):
    done = r.samba.tool(r.p.bravo, '--server', r.p.alpha.address,
                        '-U', '%s%%%s' % user, *args, **kwargs)
    return done.returncode, done.stdout, done.stderr


def _json(r, *args, **kwargs):
    status, out, errors = _run(r, '--json', *args, **kwargs)
    check.equal(errors, '', 'standard error')
    return status, [json.loads(line) for line in out.splitlines()]


@check.seconds(90)
def test_commands():
    """list, add and delete say what they say at home."""
    with remote() as r:
        r.p.peer.refuse('BACKUP', 3)
        check.equal(_run(r, 'add', 'OPERATOR', 'b\u00fcro'),
                    (0, 'OPERATOR: added\nb\u00fcro: added\n', ''), 'add')
        check.equal(names(r.nmbd), ['ALPHA', 'B\u00dcRO', 'OPERATOR'],
                    'at home')
        status, out, errors = _run(r, 'list')
        check.equal((status, out.splitlines()[0], out.splitlines()[2:],
                     errors), (0, 'Message aliases of 10.88.0.2',
                               ['NAME'] + names(r.nmbd), ''), 'list')
        status, out, errors = _run(r, 'add', 'BACKUP', 'ROOM#12', 'A*',
                                   'SIXTEEN-LETTERS-')
        check.equal((status, out), (1, 'ROOM#12: added\n'), 'add')
        for said in ('BACKUP: error 2297 (NERR_DuplicateName)',
                     'A*: error 123 (ERROR_INVALID_NAME)',
                     'SIXTEEN-LETTERS-: error 87 (ERROR_INVALID_PARAMETER)'):
            check.contains(errors, 'smbmessenger: ' + said, 'errors')
        check.equal(_run(r, 'delete', '--if-present', 'NOBODY', 'ROOM#12'),
                    (0, 'NOBODY: is not there\nROOM#12: deleted\n', ''),
                    'delete')
        check.equal(_run(r, 'add', '--if-missing', 'OPERATOR', user=ROOT)[:2],
                    (0, 'OPERATOR: is there already\n'), 'add')
        status, out, errors = _run(r, 'delete', 'ALPHA')
        check.contains(errors, 'ALPHA: error 2278', 'delete the computer')


@check.seconds(90)
def test_json():
    with remote() as r:
        status, (said,) = _json(r, 'list')
        check.equal((status, said), (0, {
            'schema': 1, 'server': '10.88.0.2',
            'aliases': [{'name': 'ALPHA', 'state': 'registered'}]}), 'list')
        status, (first, second) = _json(r, 'add', 'OPERATOR', 'A*')
        check.equal((status, first['ok'], first['code'], first['changed'],
                     second['ok'], second['code'], second['code_name']),
                    (1, True, 0, True, False, 123, 'ERROR_INVALID_NAME'),
                    'add')
        status, (said,) = _json(r, 'delete', 'OPERATOR', user=USER)
        check.equal((status, said['ok'], said['code'], said['code_name']),
                    (1, False, 5, 'ERROR_ACCESS_DENIED'), 'as a user')
        status, (said,) = _json(r, 'list', user=USER)
        check.equal((status, said['ok']), (1, False), 'as a user')
        check.contains(said['message'], 'ERROR_ACCESS_DENIED', 'as a user')


@check.seconds(90)
def test_not_let_in():
    """A user is told 5, a wrong password and a machine that is not there why;
    a file has user and password."""
    with remote() as r:
        status, out, errors = _run(r, 'list', user=USER)
        check.equal((status, out), (1, ''), 'as a user')
        check.contains(errors, 'error 5 (ERROR_ACCESS_DENIED)', 'as a user')
        status, out, errors = _run(r, 'list', user=('labadm', 'wrong'))
        check.equal((status, out), (3, ''), 'a wrong password')
        check.true(errors.startswith('smbmessenger: 10.88.0.2: '), errors)
        done = r.samba.tool(r.p.bravo, '--server', '10.88.0.9', '-U',
                            'labadm%' + PASSWORD, 'list')
        check.equal((done.returncode, done.stdout), (3, ''), 'no smbd there')
        secret = r.p.alpha.path('secret')
        with open(secret, 'w') as file:
            file.write('username = labadm\npassword = %s\n' % PASSWORD)
        done = r.samba.tool(r.p.bravo, '--server', r.p.alpha.address, '-A',
                            secret, 'list')
        check.equal((done.returncode, done.stdout.splitlines()[3:]),
                    (0, ['ALPHA']), done.stderr)


@check.seconds(90)
def test_usage():
    with remote(service=False) as r:
        for args in (['status'], ['list', 'X'], ['add'], ['list', '-n', '3'],
                     ['add', '--if-present', 'X'], [], ['list', '-t', '0']):
            status, out, errors = _run(r, *args)
            check.equal((status, out), (2, ''), args)
            check.true(errors.startswith('smbmessenger: '), errors)
        done = r.samba.tool(r.p.bravo, '--server', 'a[b', '-U', 'a%b', 'list')
        check.equal((done.returncode, done.stdout), (3, ''), 'no host')
        check.contains(done.stderr, 'no name and no address', 'no host')


def test_without_the_package():
    """Another machine takes another package, and the tool says which."""
    with pair() as p:
        done = p.bravo.run([TOOL, '--server', 'alpha', 'list'])
        check.equal((done.returncode, done.stdout), (3, ''), 'status')
        check.contains(done.stderr, 'nmbd-messenger-rpc', 'standard error')
        done = p.bravo.run([TOOL, '-U', 'anna', 'list'])
        check.equal(done.returncode, 2, 'status of -U alone')
