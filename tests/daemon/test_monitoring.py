# SPDX-License-Identifier: GPL-3.0-or-later
"""What conf/ has for monitoring: the check command for Nagios and Icinga, and
the textfile for Prometheus, in each state of the service."""

import json
import os
import re
import time

from aliases import running, wait_table
from evidence import burst, completed, computer, run_conf, take_names
from lab import check
from steps import HOLDER, pair, wait_state

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3

WORDS = {OK: 'OK', WARNING: 'WARNING', CRITICAL: 'CRITICAL',
         UNKNOWN: 'UNKNOWN'}


def _check(p, status, *words, **kwargs):
    """The check command says so: one line, and its exit code."""
    done = run_conf(p, 'check_messenger', **kwargs)
    check.equal((done.returncode, done.stderr), (status, ''),
                'exit status and standard error of %r' % done.stdout)
    lines = done.stdout.splitlines()
    check.equal(len(lines), 1, 'lines of %r' % done.stdout)
    check.true(lines[0].startswith('MESSENGER %s - ' % WORDS[status]),
               'line %r' % lines[0])
    text, _, figures = lines[0].partition('| ')
    for word in words:
        check.contains(text, word, 'line')
    if status == UNKNOWN:
        return {}
    found = {}
    for figure in figures.split():
        match = re.match(r'^([a-z]+)=(\d+)c$', figure)
        check.true(match, 'performance data %r' % figure)
        found[match.group(1)] = int(match.group(2))
    check.equal(sorted(found), ['defences', 'failures', 'refusals'],
                'performance data')
    return found


# Prometheus

KINDS = ('computer', 'user', 'configured', 'added')
STATES = ('registering', 'registered', 'refused', 'waiting', 'invalid',
          'standby')
SERVICE_STATES = ('starting', 'running', 'failed', 'stopped', 'standby')

_SAMPLE = re.compile(r'^([a-zA-Z_:][a-zA-Z0-9_:]*)'
                     r'(?:\{((?:[a-z_]+="[^"\\\n]*",?)*)\})? (-?\d+(?:\.\d+)?)$')


def _metrics(p, **kwargs):
    """{name: {labels: value}}, after all that the format asks for."""
    done = run_conf(p, 'messenger-textfile', **kwargs)
    check.equal((done.returncode, done.stderr), (0, ''),
                'exit status and standard error')
    check.true(done.stdout.endswith('\n'), 'end of the text')
    types, helps, found, last = {}, set(), {}, None
    for line in done.stdout.splitlines():
        words = line.split(' ', 3)
        if line.startswith('# HELP '):
            check.lacks(helps, words[2], 'HELP lines')
            helps.add(words[2])
        elif line.startswith('# TYPE '):
            check.lacks(types, words[2], 'TYPE lines')
            types[words[2]] = words[3]
        else:
            match = _SAMPLE.match(line)
            check.true(match, 'a sample: %r' % line)
            name, labels, value = match.groups()
            check.contains(helps, name, 'HELP lines')
            check.contains(('gauge', 'counter'), types.get(name),
                           'type of ' + name)
            check.equal(types[name] == 'counter', name.endswith('_total'),
                        'a counter is called so: ' + name)
            check.true(name == last or name not in found,
                       'the samples of %s stand together' % name)
            check.lacks(found.get(name, {}), labels or '', name)
            found.setdefault(name, {})[labels or ''] = float(value)
            last = name
    return found


def _check_metrics(p, state, aliases, conflicts=0, **totals):
    """aliases: {(kind, state): number}; of all others there are none, and
    that is said: an alert that compares with 0 needs a sample."""
    found = _metrics(p)
    check.equal(found['nmbd_messenger_up'], {'': 1}, 'up')
    check.equal(found['nmbd_messenger_service_state'],
                {'state="%s"' % each: float(each == state)
                 for each in SERVICE_STATES}, 'state')
    check.between(found['nmbd_messenger_state_seconds'][''], 0, 30,
                  'seconds in this state')
    numbers = {(kind, each): 0 for kind in KINDS for each in STATES}
    numbers.update(aliases)
    check.equal(found['nmbd_messenger_aliases'],
                {'kind="%s",state="%s"' % key: number
                 for key, number in numbers.items()}, 'aliases')
    for what, number in totals.items():
        check.equal(found['nmbd_messenger_%s_total' % what], {'': number},
                    what)
    check.equal(found['nmbd_messenger_names_in_conflict'], {'': conflicts},
                'names in conflict')
    check.equal(len(found), 9, 'metrics %s' % sorted(found))


# States

def test_running():
    with pair() as p:
        nmbd = running(p)
        check.equal(_check(p, OK, 'running on ALPHA'),
                    {'refusals': 0, 'failures': 0, 'defences': 0}, 'figures')
        nmbd.ask('add OPERATOR')
        p.client.register(p.alpha.broadcast, 'OPERATOR', 3)
        nmbd.wait_log('was defended')
        check.equal(_check(p, OK)['defences'], 1, 'defences')
        _check_metrics(p, 'running', {('computer', 'registered'): 1,
                                      ('added', 'registered'): 1},
                       refusals=0, failures=0, defences=1, demands=0)


def test_refused_alias():
    with pair() as p:
        computer(p.peer, 'PLANT1')
        for name in ('BACKUP', 'HELPDESK'):
            p.peer.refuse(name, 3)
        nmbd = running(p, {'messenger:aliases': 'BACKUP HELPDESK OPERATOR'})
        wait_table(nmbd, {'BACKUP': ('added', 'refused'),
                          'HELPDESK': ('added', 'refused'),
                          'OPERATOR': ('added', 'registered')})
        held = ' is refused (held by 10.88.0.9, the computer PLANT1)'
        nmbd.wait_for(lambda: nmbd.ask('json list').count('PLANT1<00>') == 2,
                      4.0, 'the holder has said who it is', interval=0.1)
        figures = _check(p, WARNING,
                         'BACKUP' + held + ', HELPDESK' + held + ' ')
        check.equal(figures['refusals'], 2, 'refusals')
        _check_metrics(p, 'running', {('computer', 'registered'): 1,
                                      ('configured', 'registered'): 1,
                                      ('configured', 'refused'): 2},
                       refusals=2, failures=0, defences=0, demands=0)


def test_name_in_conflict():
    """Not an alias, but the name of the file server."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('ALPHA', 0x20)
        nmbd = running(p)
        nmbd.wait_for(lambda: nmbd.json('status')['names_in_conflict'], 3.0,
                      'ALPHA<20> is in conflict')
        _check(p, WARNING, 'running on ALPHA: 1 other name in conflict '
               '(smbmessenger names)')
        check.equal(_metrics(p)['nmbd_messenger_names_in_conflict'], {'': 1},
                    'names in conflict')


def test_alias_with_blanks():
    """Neither hides a refusal, nor becomes a state of its own."""
    with pair() as p:
        p.peer.refuse('FRONT DESK', 3)
        nmbd = running(p, {'messenger:aliases':
                           '"FRONT DESK" "X REFUSED" "A B C"'})
        wait_table(nmbd, {'FRONT DESK': ('added', 'refused'),
                          'X REFUSED': ('added', 'registered'),
                          'A B C': ('added', 'registered')})
        _check(p, WARNING, 'FRONT DESK is refused')
        _check_metrics(p, 'running', {('computer', 'registered'): 1,
                                      ('configured', 'registered'): 2,
                                      ('configured', 'refused'): 1},
                       refusals=1)


def test_odd_names():
    """Names that a shell or a sed script would take for its own."""
    names = ['$(ID)', "A'B", 'X%S', '`ID`', '{"STATE":', 'STATE":"F']
    with pair() as p:
        nmbd = running(p)
        added = [name for name in names
                 if nmbd.json('add ' + name)['ok']]
        check.true(len(added) >= 4, 'names that were added: %s' % added)
        _check(p, OK, 'running on ALPHA')
        _check_metrics(p, 'running', {('computer', 'registered'): 1,
                                      ('added', 'registered'): len(added)})


def test_failed():
    with pair() as p:
        computer(p.peer, 'ALPHA')
        p.peer.hold('ALPHA', 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        completed(nmbd)
        nmbd.ask('start')
        figures = _check(p, CRITICAL, 'failed on ALPHA: ALPHA is refused '
                         '(held by %s' % HOLDER)
        check.equal(figures, {'refusals': 2, 'failures': 2, 'defences': 0},
                    'figures')
        _check_metrics(p, 'failed', {('computer', 'refused'): 1}, 2,
                       refusals=2, failures=2, defences=0, demands=0)


def test_stopped():
    with pair() as p:
        nmbd = running(p)
        nmbd.ask('stop')
        _check(p, WARNING, 'stopped on ALPHA')
        _check_metrics(p, 'stopped', {('computer', 'waiting'): 1}, failures=0)


@check.alone
def test_starting():
    with pair() as p:
        nmbd = p.nmbd({'messenger:rfc timing': 'no'})
        _check(p, OK, 'starting on ALPHA')
        _check_metrics(p, 'starting', {('computer', 'registering'): 1})
        wait_state(nmbd, 'running', 8.0)
        _check(p, OK, 'running on ALPHA')


def test_many_aliases():
    """A long answer: 200 aliases, the refused one among them."""
    names = ['ALIAS%03d' % at for at in range(199)] + ['TAKEN']
    with pair() as p:
        take_names(p.peer)
        nmbd = running(p, {'messenger:aliases': ' '.join(names)})
        nmbd.wait_for(lambda: ' registering' not in nmbd.ask('list'), 10.0,
                      'nothing is under way')
        _check(p, WARNING, 'TAKEN is refused')
        _check_metrics(p, 'running', {('computer', 'registered'): 1,
                                      ('configured', 'registered'): 199,
                                      ('configured', 'refused'): 1},
                       refusals=1)


# Answers of other versions

STATUS = {'service': {'state': 'running', 'win32_exit_code': 0,
                      'service_exit_code': 0,
                      'since': '2026-11-22T13:02:45.120257Z'},
          'computer': 'ALPHA', 'aliases': [],
          'counters': {'refusals': 0, 'failures': 0, 'defences': 0,
                       'demands': 0}}


def _alias(name, state, **more):
    return dict({'name': name, 'kind': 'configured', 'state': state,
                 'since': STATUS['service']['since'], 'subnets': []}, **more)


def _answered(p, answer, status=0, service=None, aliases=()):
    """The tool prints this, and ends so."""
    if isinstance(answer, dict) and 'service' in answer:
        since = time.strftime('%Y-%m-%dT%H:%M:%S.000000Z', time.gmtime())
        answer = dict(answer, aliases=list(aliases),
                      service=dict(answer['service'], since=since,
                                   **(service or {})))
    text = answer if isinstance(answer, str) else json.dumps(answer) + '\n'
    path = p.alpha.path('bin', 'smbmessenger')
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as tool:
        tool.write("#!/bin/sh\ncat <<'END'\n%sEND\nexit %d\n"
                   % (text, status))
    os.chmod(path, 0o755)


def test_tool_of_another_version():
    """What it says counts, not how it ends: `status` may end with 1 or 4."""
    with pair() as p:
        for status in (0, 1, 4):
            _answered(p, STATUS, status, aliases=[
                _alias('DUTY', 'registered'),
                _alias('NIGHT SHIFT', 'waiting', reason='Network is down'),
                _alias('A/B', 'invalid', reason='no legal name'),
                _alias('AWAY', 'standby')])
            _check(p, WARNING, 'NIGHT SHIFT is waiting (Network is down), '
                   'A/B is invalid (no legal name) ')
            _check_metrics(p, 'running', {('configured', 'registered'): 1,
                                          ('configured', 'waiting'): 1,
                                          ('configured', 'invalid'): 1,
                                          ('configured', 'standby'): 1})
        _answered(p, STATUS, 4, {'state': 'starting'})
        _check(p, OK, 'starting on ALPHA')
        _answered(p, STATUS, 4, {'state': 'starting',
                                 'reason': 'Operation not permitted'})
        _check(p, WARNING, 'starting on ALPHA: Operation not permitted')
        _answered(p, STATUS, 0, {'state': 'standby'})
        _check(p, OK, 'standby on ALPHA')
        _check_metrics(p, 'standby', {})
        _answered(p, STATUS, 0, {'state': 'dancing'})
        _check(p, UNKNOWN, 'dancing')
        _answered(p, {'ok': False, 'code': 2184, 'message':
                      'nmbd is not there'}, 3)
        _check(p, UNKNOWN, 'nmbd is not there')
        check.equal(_metrics(p), {'nmbd_messenger_up': {'': 0}}, 'metrics')


def test_line_of_the_plugin():
    """No more than one line, of which nobody else writes the figures; and no
    endless one."""
    holder = {'address': '10.88.0.9', 'computer': 'X|Y=1\nZ'}
    with pair() as p:
        _answered(p, STATUS, 1, aliases=[
            _alias('NAME%02d' % at, 'refused',
                   subnets=[{'subnet': '10.88.0.2', 'state': 'refused',
                             'rcode': 6, 'holder': holder}])
            for at in range(40)])
        _check(p, WARNING, 'NAME00 is refused (held by 10.88.0.9, the '
               'computer X/Y=1.Z)', 'and 30 more')


def test_unknown():
    """Without nmbd, without the module, not as root, without smb.conf."""
    nobody = ['setpriv', '--reuid', '65534', '--regid', '65534',
              '--clear-groups', '--']
    with pair() as p:
        _check(p, UNKNOWN, 'nmbd is not running')
        check.equal(_metrics(p), {'nmbd_messenger_up': {'': 0}}, 'metrics')
        nmbd = p.nmbd(modules=None)
        _check(p, UNKNOWN, 'without the module')
        check.equal(_metrics(p), {'nmbd_messenger_up': {'': 0}}, 'metrics')
        nmbd.stop()
        running(p)
        _check(p, UNKNOWN, 'not permitted', wrap=nobody)
        check.equal(_metrics(p, wrap=nobody),
                    {'nmbd_messenger_up': {'': 0}}, 'metrics')
        _check(p, OK)


def test_counters_grow():
    """They never go back while nmbd runs, whatever becomes of the aliases."""
    with pair() as p:
        take_names(p.peer)
        nmbd = running(p)
        seen = []
        for number in (1, 3, 0):
            if number:
                burst(p.alpha, number)
            nmbd.ask('stop')
            nmbd.ask('start')
            seen.append(_metrics(p)['nmbd_messenger_refusals_total'][''])
        check.equal(seen, [1, 4, 4], 'refusals')
