# SPDX-License-Identifier: GPL-3.0-or-later
"""rpcd_msgsvc in doubt: whatever is wrong with it, it prints nothing and ends
at once, so that all other RPC of the host goes on; msgsvc is not there, and
the log has a line why."""

import os
import shutil
import subprocess
import time

import rpc
from aliases import running
from lab import check, mounts
from rpc.samba import ADMIN
from test_rpc import remote

SAID = 'rpcd_msgsvc: msgsvc is not served: '


def patched(path, old, new):
    """Other bytes of the same length in a file."""
    with open(path, 'rb') as file:
        data = file.read()
    check.true(data.count(old), '%r in %s' % (old, path))
    check.equal(len(old), len(new), 'length')
    with open(path, 'wb') as file:
        file.write(data.replace(old, new))


def truncated(path):
    """In the middle of what is mapped of it."""
    done = subprocess.run(['readelf', '-lW', path], stdout=subprocess.PIPE,
                          universal_newlines=True, check=True)
    ends = [int(words[1], 16) + int(words[4], 16)
            for words in map(str.split, done.stdout.splitlines())
            if words[:1] == ['LOAD']]
    os.truncate(path, max(ends) // 2)


def hanging(path):
    """A library that never comes to an end of being loaded."""
    subprocess.run(
        ['gcc', '-shared', '-fPIC', '-x', 'c', '-o', path, '-'], check=True,
        universal_newlines=True,
        input='#include <unistd.h>\n'
              '__attribute__((constructor)) static void stay(void)\n'
              '{ for (;;) { pause(); } }\n')


def in_doubt(prepare, why, seconds=15, samba_says=None, module_says=None):
    """Samba with such a helper: the other pipes answer before msgsvc is asked
    for, and after that; the helper's log says why, once, or Samba's own, or
    that of a nmbd that starts."""
    with remote(prepare=prepare, service=False) as r:
        both = {'srvsvc': True, 'lsarpc': True}
        check.equal(r.samba.others(r.p.bravo, seconds), both, 'before')
        for user in (ADMIN, None):
            try:
                r.client(user, timeout=10)
            except Exception as error:
                check.contains(str(error), 'STATUS_OBJECT_NAME_NOT_FOUND',
                               'the way to msgsvc')
            else:
                raise AssertionError('msgsvc is there')
            check.equal(r.samba.others(r.p.bravo, seconds), both, 'after')
        check.none(r.samba.workers(), 'processes that are left')
        said = [line.split(SAID, 1)[1] for line in r.samba.log.splitlines()
                if SAID in line]
        if samba_says:
            with open(r.p.alpha.path('log.nmbd')) as log:
                check.contains(log.read(), "rpcd_msgsvc': " + samba_says,
                               "log of samba-dcerpcd")
        if module_says:
            nmbd = running(r.p, wrap=mounts.inside(r.samba.smbd.pid))
            (entry,) = nmbd.log_entries('rpcd_msgsvc')
            check.contains(entry.text, module_says, 'log of nmbd')
        if why is None:
            check.none(said, 'lines in the log')
        else:
            check.equal(len(said), 1, 'lines in the log: %s' % said)
            check.contains(said[0], why, 'line in the log')


@check.seconds(120)
def test_other_series():
    """Built for another series of Samba."""
    version = subprocess.run(['smbd', '--version'], stdout=subprocess.PIPE,
                             universal_newlines=True).stdout.split()[1]
    series = '.'.join(version.split('.')[:2]) + '.'
    other = series[:-3] + ('99.' if series[-3:] != '99.' else '98.')
    in_doubt(lambda helper, library: patched(
        library, b'\0' + series.encode() + b'\0',
        b'\0' + other.encode() + b'\0'),
        'it was built for another series of Samba')


@check.seconds(120)
def test_missing_symbol():
    """A function that Samba has not."""
    in_doubt(lambda helper, library: patched(
        library, b'\0messaging_send_iov_from\0',
        b'\0messaging_send_iov_frxm\0'), 'messaging_send_iov_frxm')


@check.seconds(120)
def test_missing_main():
    """A private library without what a worker needs."""
    in_doubt(lambda helper, library: patched(
        library, b'\0rpc_worker_main\0', b'\0rpc_worker_mxin\0'),
        'has no rpc_worker_main()')


@check.seconds(120)
def test_missing_private_library():
    in_doubt(lambda helper, library: patched(
        library, b'/libRPC-WORKER-', b'/libRPC-WXRKER-'),
        "Samba's library of RPC workers is not there")


@check.seconds(120)
def test_library_truncated():
    in_doubt(lambda helper, library: truncated(library),
             'a library is damaged')


@check.seconds(120)
def test_library_missing():
    in_doubt(lambda helper, library: os.unlink(library), 'msgsvc.so')


@check.seconds(120)
def test_library_of_zeros():
    def zero(helper, library):
        with open(library, 'wb') as file:
            file.write(bytes(4096))

    in_doubt(zero, 'msgsvc.so')


@check.seconds(120)
def test_library_hangs():
    """Loading it never ends: it is ended after five seconds, and those who
    have waited are served."""
    if not shutil.which('gcc'):
        raise check.Skip('gcc is not installed')
    in_doubt(lambda helper, library: hanging(library),
             'it was not ready in time', seconds=20)


# Nothing of ours can run; samba-dcerpcd tells of what it cannot start.

@check.seconds(120)
def test_helper_truncated():
    """It dies before it is itself, and Samba does not tell."""
    in_doubt(lambda helper, library: truncated(helper), None,
             module_says='is damaged, it is cut off')


@check.seconds(120)
def test_helper_empty():
    in_doubt(lambda helper, library: os.truncate(helper, 0), None,
             samba_says='Exec format error')


@check.seconds(120)
def test_helper_not_executable():
    in_doubt(lambda helper, library: os.chmod(helper, 0o644), None,
             samba_says='Permission denied')


@check.seconds(120)
def test_copies_beside_it():
    """What a package manager or an administrator leaves there is passed over,
    each with its line; the helper itself is served."""
    def copy(helper, library):
        for end in ('.dpkg-new', '.bak', '~'):
            shutil.copy(helper, helper + end)

    with remote(prepare=copy) as r:
        with r.client() as client:
            check.equal(client.enum(), (0, ['ALPHA'], 0), 'enum')
        check.equal(r.samba.others(r.p.bravo),
                    {'srvsvc': True, 'lsarpc': True}, 'others')
        check.equal(r.samba.log.count(SAID + 'this is a copy under another '
                                      'name'), 3, 'lines in the log')
        check.equal({os.path.basename(words[0])
                     for words in r.samba.workers().values()},
                    {'rpcd_msgsvc'}, 'workers')


# Without Samba

_AS_SAMBA = '''
import ctypes, subprocess, sys
ctypes.CDLL(None).prctl(15, b'samba-dcerpcd')    # PR_SET_NAME
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)
sys.stdout.write('%d %r' % (done.returncode, done.stdout))
'''


def test_by_hand():
    """Started by anybody but samba-dcerpcd it says what it is, on standard
    error, whatever its options."""
    with remote(service=False) as r:
        for options in ([], ['--list-interfaces'], ['--help'],
                        ['--list-interfaces', '--configfile=' +
                         r.p.alpha.conf], ['--worker-group=0']):
            began = time.monotonic()
            done = r.samba.inside(['/usr/libexec/samba/rpcd_msgsvc'] + options)
            check.between(time.monotonic() - began, 0, 2, 'seconds it took')
            check.equal((done.returncode, done.stdout), (1, ''), options)
            check.contains(done.stderr, 'for samba-dcerpcd to start', options)
        check.equal(r.samba.log, '', 'log')


def test_no_smb_conf():
    """samba-dcerpcd is there, and smb.conf is not."""
    with remote(service=False) as r:
        for options in ([], ['--configfile=/nowhere/smb.conf'],
                        ['--configfile=']):
            began = time.monotonic()
            done = r.samba.inside(
                ['/usr/bin/python3', '-c', _AS_SAMBA,
                 '/usr/libexec/samba/rpcd_msgsvc', '--list-interfaces']
                + options)
            check.between(time.monotonic() - began, 0, 3, 'seconds it took')
            check.equal(done.stdout, "1 b''", options)
        check.equal(r.samba.log.count(SAID + 'smb.conf cannot be read'), 3,
                    'lines in the log')
        done = r.samba.inside(
            ['/usr/bin/python3', '-c', _AS_SAMBA,
             '/usr/libexec/samba/rpcd_msgsvc', '--list-interfaces',
             '--configfile=' + r.p.alpha.conf])
        check.equal(done.stdout, '0 %r' % (
            b'5\n60\n17fdd703-1827-4e34-79d4-24a55c53bb37/0x00000001 msgsvc\n'
            b' ncacn_np:[\\pipe\\msgsvc]\n'), 'with one')
