# SPDX-License-Identifier: GPL-3.0-or-later
"""A module of another author, made from include/public/nmbd_module.h alone."""

import os
import re
import subprocess

from lab import Lab, check, nbt, test_module
from steps import check_running, pair, wait_state

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def _said(nmbd):
    return [entry.text for entry in nmbd.log_entries('observer: ')]


def test_events_of_a_life():
    """Loaded, started, its own timer, reloaded twice, stopping: in order."""
    with Lab() as lab:
        host = lab.host('ALPHA', '10.88.0.2/24')
        nmbd = host.nmbd(modules='observer')
        nmbd.wait_log('observer: timer')
        nmbd.reload()
        nmbd.wait_log('observer: reloaded, number 1')
        nmbd.hangup()
        nmbd.wait_log('observer: reloaded, number 2')
        check.equal(nmbd.stop(), 0, 'exit status')
        check.equal(_said(nmbd),
                    ['observer: loaded, messages go to process itself',
                     'observer: started', 'observer: timer',
                     'observer: reloaded, number 1',
                     'observer: reloaded, number 2', 'observer: stopping'],
                    'what the module said')


def test_stopping_by_smbcontrol():
    with Lab() as lab:
        nmbd = lab.host('ALPHA', '10.88.0.2/24').nmbd(modules='observer')
        nmbd.wait_log('observer: timer')
        check.equal(nmbd.shutdown(), 0, 'exit status')
        check.equal(_said(nmbd)[-1], 'observer: stopping',
                    'the last the module said')


def test_beside_the_messenger():
    with Lab() as lab:
        nmbd = lab.host('ALPHA', '10.88.0.2/24').nmbd(
            modules=['observer', 'messenger'])
        nmbd.wait_log('observer: started')
        check_running(wait_state(nmbd, 'running'))
        check.equal(nmbd.stop(), 0, 'exit status')
        check.equal(_said(nmbd)[-1], 'observer: stopping',
                    'the last the module said')


def test_children_do_not_stop_it():
    """The end of a child that nmbd forked is not the end of nmbd."""
    with pair() as p:
        nmbd = p.nmbd(modules=['observer', 'messenger', 'forking'])
        nmbd.wait_log('forking: the child has ended')
        check.none([text for text in _said(nmbd) if 'stopping' in text],
                   'stopping')
        check_running(wait_state(nmbd, 'running'))
        p.check_answered()
        check.none(p.capture.requests({nbt.RELEASE}), 'releases')
        check.none(nmbd.log_entries('stopped state'), 'stopped state')
        check.equal(nmbd.stop(), 0, 'exit status')
        check.equal(len([text for text in _said(nmbd)
                         if 'stopping' in text]), 1, 'stopping')


def test_modules_are_in_the_log_by_name():
    """The path of what is loaded can be seen in the process."""
    with Lab() as lab:
        nmbd = lab.host('ALPHA', '10.88.0.2/24').nmbd(modules='observer')
        check.contains(nmbd.maps(), test_module('observer'), 'maps')


def _blocks(path):
    """The indented blocks of a document, each without its indentation."""
    with open(os.path.join(TREE, path), encoding='utf-8') as document:
        return [re.sub('^    ', '', block, flags=re.M).strip() for block
                in re.findall(r'(?:^    .*\n|^\n(?=    ))+', document.read(),
                              re.M)]


def test_example_of_the_documentation():
    """docs/modules.md's example, built by the command beside it, is loaded."""
    blocks = _blocks('docs/modules.md')
    (source,) = [block for block in blocks if 'samba_init_module(' in block]
    (command,) = [block for block in blocks if block.startswith('gcc ')]
    with Lab() as lab:
        host = lab.host('ALPHA', '10.88.0.2/24')
        with open(host.path('hello.c'), 'w') as out:
            out.write(source + '\n')
        os.symlink(os.path.join(TREE, 'include'), host.path('include'))
        built = subprocess.run(
            ['sh', '-c', command.replace('gcc ', 'cc -Wall -Werror ')],
            cwd=host.directory, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, universal_newlines=True)
        check.equal((built.returncode, built.stdout), (0, ''), 'the compiler')
        nmbd = host.nmbd({'log level': '3'}, modules=host.path('hello.so'))
        nmbd.wait_log('hello: nmbd is up')
        check.equal(nmbd.stop(), 0, 'exit status')
