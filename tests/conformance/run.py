#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samba's smbtorture and nmblookup against nmbd without and with the module.

Root only; start it with script/smbtorture, which builds first. What they say
is compared line by line; that some tests of smbtorture fail with any nmbd is
no matter of ours.
"""

import argparse
import difflib
import glob
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from lab import Lab, LabError, wait_for  # noqa: E402 (needs the path above)

PASSWORD = 'Secret-1'
MASTER = {'local master': 'yes', 'preferred master': 'yes', 'os level': '255'}

# Times, numbers that are drawn, and what differs from run to run.
_NOISE = re.compile(r'^(time: |Using seed |progress: )'
                    r'|^Sending name query|^.* queries per second')


class Setup:
    """A way to run nmbd, and what is asked of it.

    suites: of smbtorture; waits: the names nmbd has once it is settled.
    """

    def __init__(self, name, options, suites, waits, domain=False):
        self.name = name
        self.options = options
        self.suites = suites
        self.waits = waits
        self.domain = domain


SETUPS = (
    Setup('plain', {}, ('nbt.register', 'nbt.dgram'), ('ALPHA#20',)),
    Setup('master browser', MASTER, ('nbt.register',),
          ('ALPHA#20', 'LAB#1D')),
    Setup('WINS server', dict(MASTER, **{'wins support': 'yes'}),
          ('nbt.register', 'nbt.wins'), ('ALPHA#20', 'LAB#1D')),
    Setup('domain controller', dict(MASTER, **{
        'domain master': 'yes', 'domain logons': 'yes',
        'server role': 'classic primary domain controller'}),
        ('nbt.register', 'nbt.dgram'), ('ALPHA#20', 'LAB#1C', 'LAB#1B'),
        domain=True),
)

QUESTIONS = (
    ['ALPHA'], ['ALPHA#03'], ['ALPHA#20'], ['LAB'], ['LAB#1D'], ['LAB#1B'],
    ['NOBODY'], ['-S', 'ALPHA'], ['-A', '10.88.0.2'], ['-M', 'LAB'],
    ['-M', '-'], ['-R', '-U', '10.88.0.2', 'ALPHA'],
    ['-U', '10.88.0.2', 'ALPHA#03'], ['-U', '10.88.0.2', 'NOBODY#03'],
    ['-T', 'ALPHA'], ['-d', '1', 'ALPHA'],
)


def nss_wrapper():
    found = glob.glob('/usr/lib/*/libnss_wrapper.so')
    return found[0] if found else None


class Domain:
    """smbd beside nmbd, with users of its own."""

    def __init__(self, alpha):
        self.alpha = alpha
        self.passwd = alpha.path('passwd')
        self.group = alpha.path('group')
        with open(self.passwd, 'w') as out:
            out.write('root:x:0:0:root:/root:/bin/false\n'
                      'nobody:x:65534:65534:nobody:/:/bin/false\n')
        with open(self.group, 'w') as out:
            out.write('root:x:0:\nnogroup:x:65534:\nusers:x:100:\n')
        self.script = alpha.path('add-machine')
        with open(self.script, 'w') as out:
            out.write('#!/bin/sh\nid=$(wc -l <%s)\n'
                      'echo "$1:x:$((20000 + id)):100::/:/bin/false" >>%s\n'
                      % (self.passwd, self.passwd))
        os.chmod(self.script, 0o755)
        self.env = {'LD_PRELOAD': nss_wrapper(),
                    'NSS_WRAPPER_PASSWD': self.passwd,
                    'NSS_WRAPPER_GROUP': self.group}

    @property
    def options(self):
        return {'passdb backend': 'tdbsam:' + self.alpha.path('passdb.tdb'),
                'add machine script': self.script + ' %u',
                'server signing': 'auto'}

    def start(self):
        words = ['env'] + ['%s=%s' % item for item in self.env.items()]
        done = self.alpha.run(words + ['smbpasswd', '-c', self.alpha.conf,
                                       '-s', '-a', 'root'],
                              input='%s\n%s\n' % (PASSWORD, PASSWORD))
        if done.returncode != 0:
            raise LabError('smbpasswd: ' + done.stdout + done.stderr)
        # a SIGTERM to smbd goes to its group: one of its own
        with open(self.alpha.path('smbd.out'), 'wb') as out:
            self.alpha.popen(
                words + ['smbd', '-F', '--no-process-group', '-s',
                         self.alpha.conf, '-l', self.alpha.directory,
                         '--option=log file=' + self.alpha.path('log.smbd')],
                stdout=out, stderr=out, start_new_session=True)
        wait_for(self._listens, 15, 'smbd listens')

    def _listens(self):
        done = self.alpha.run(['smbclient', '-s', self.alpha.conf, '-N', '-L',
                               '10.88.0.2', '-U', 'root%' + PASSWORD, '-W',
                               'LAB'])
        return done.returncode == 0


def clean(text):
    return [line.rstrip() for line in text.splitlines()
            if line.strip() and not _NOISE.search(line)]


def ask_all(lab, setup, modules):
    """Everything that is said with this setup: {title: lines}."""
    alpha = lab.host('ALPHA', '10.88.0.2/24')
    bravo = lab.host('BRAVO', '10.88.0.9/24')
    options = dict(setup.options)
    domain = Domain(alpha) if setup.domain else None
    if domain:
        options.update(domain.options)
    nmbd = alpha.nmbd(options, modules)
    if domain:
        domain.start()
    for name in setup.waits:
        wait_for(lambda: '10.88.0.2 ' + name.split('#')[0]
                 in bravo.nmblookup(name), 60, 'nmbd has ' + name)
    found = {}
    for words in QUESTIONS:
        found['nmblookup ' + ' '.join(words)] = clean(bravo.nmblookup(*words))
    for suite in setup.suites:
        user = (['-Uroot%' + PASSWORD, '-W', 'LAB'] if setup.domain
                else ['-U%'])
        done = bravo.run(
            ['smbtorture', '//ALPHA/tmp', '-s', bravo.conf,
             '--option=torture:progress=no', '--seed=1', '-t', '5']
            + user + [suite], timeout=120)
        found[suite] = clean(done.stdout) + clean(done.stderr)
    if nmbd.stop() != 0:
        raise AssertionError('nmbd did not end well')
    return found


def verdicts(lines):
    return [line.rstrip(' [') for line in lines
            if line.split(':')[0] in ('success', 'failure', 'error', 'skip')]


def compare(setup, show):
    """Whether both say the same; prints what they say."""
    both = []
    for modules in (None, 'messenger'):
        with Lab() as lab:
            both.append(ask_all(lab, setup, modules))
    same = True
    lines = 0
    for title, stock in both[0].items():
        ours = both[1][title]
        lines += len(stock)
        for verdict in verdicts(stock):
            print('  %-20s %-12s %s' % (setup.name, title, verdict))
        if show:
            print('\n'.join('    ' + line for line in stock))
        if stock != ours:
            same = False
            print('\n'.join(difflib.unified_diff(
                stock, ours, title + ', stock', title + ', with the module',
                lineterm='')))
    print('%-4s %s: %d answers of nmblookup, %d suites, %d lines'
          % ('ok' if same else 'FAIL', setup.name, len(QUESTIONS),
             len(setup.suites), lines), flush=True)
    return same


def main():
    parser = argparse.ArgumentParser(
        prog='script/smbtorture', description="Samba's own tests against "
        'nmbd without and with the module.')
    parser.add_argument('--show', action='store_true',
                        help='all that is said, too')
    parser.add_argument('setups', nargs='*', metavar='SETUP',
                        help=', '.join(setup.name for setup in SETUPS))
    options = parser.parse_args()
    passed = failed = 0
    for setup in SETUPS:
        if options.setups and setup.name not in options.setups:
            continue
        if setup.domain and nss_wrapper() is None:
            print('skip %s: libnss-wrapper is not installed' % setup.name)
            continue
        try:
            same = compare(setup, options.show)
        except (AssertionError, LabError,
                subprocess.SubprocessError) as error:
            print('%s\nFAIL %s' % (error, setup.name))
            same = False
        passed += same
        failed += not same
    print('smbtorture: %d passed, %d failed' % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
