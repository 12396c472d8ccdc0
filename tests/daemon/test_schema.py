# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/messenger.schema.json: every answer of these tests is held against it
in the lab; here, that it would notice."""

import copy
import json
import os
import subprocess
import sys

from aliases import running
from evidence import TREE, tool
from lab import answers, check, nbt
from steps import HOLDER, pair, wait_state

TIME = '2026-11-26T12:00:00.000001Z'
EVENT = {'seq': 1, 'time': TIME, 'event': 'alias-refused',
         'severity': 'warning', 'source': 'Messenger', 'code': 2297,
         'code_name': 'NERR_DuplicateName', 'alias': 'OPERATOR',
         'kind': 'added', 'subnet': '10.88.0.2', 'rcode': 6,
         'rcode_name': 'ACT_ERR', 'message': 'x',
         'holder': {'address': HOLDER, 'computer': 'PLANT1', 'group': 'LAB',
                    'mac': '00:10:5a:4c:1f:2e', 'names': ['PLANT1<00>']}}
OUTCOME = {'schema': 1, 'ok': True, 'name': 'X', 'code': 0,
           'code_name': 'NERR_Success', 'message': 'added', 'changed': True}
ALIAS = {'name': 'X', 'kind': 'added', 'kept': True, 'state': 'registered',
         'since': TIME, 'subnets': [
             {'subnet': '10.88.0.2', 'state': 'registered'},
             {'subnet': 'UNICAST_SUBNET', 'state': 'waiting', 'reason': 'x'}]}
LIST = {'schema': 1, 'aliases': [ALIAS]}
COMPLAINT = {'schema': 1, 'ok': False, 'exit_status': 3, 'message': 'x'}
ERROR = {'schema': 1, 'ok': False, 'code': 87,
         'code_name': 'ERROR_INVALID_PARAMETER', 'message': 'x'}
STATUS = {'schema': 1, 'condition': 'degraded', 'computer': 'ALPHA',
          'service': {'state': 'running', 'win32_exit_code': 0,
                      'service_exit_code': 0, 'since': TIME},
          'counts': {'all': 1, 'registered': 1, 'registering': 0,
                     'refused': 0, 'waiting': 0, 'invalid': 0, 'standby': 0},
          'aliases': [ALIAS], 'names_in_conflict': 1,
          'counters': {'refusals': 0, 'failures': 0, 'defences': 0,
                       'demands': 0}}
EVENTS = {'schema': 1, 'events': [EVENT], 'instance': '1.000000001',
          'first': 1, 'last': 1}
EXPLAIN = {'schema': 1, 'state': 'running', 'service_exit_code': 0,
           'since': TIME, 'findings': [
               {'alias': 'OPERATOR', 'kind': 'added', 'state': 'refused',
                'subnet': '10.88.0.2', 'reason': 'x', 'advice': 'x',
                'look': 'x', 'next': 'x', 'requested': TIME, 'code': 2297,
                'code_name': 'NERR_DuplicateName', 'rcode': 6,
                'rcode_name': 'ACT_ERR', 'cause': 'unknown',
                'holder': {'address': HOLDER}},
               {'name': 'ALPHA', 'type': '20', 'state': 'conflict',
                'subnet': '10.88.0.2', 'consequence': 'x', 'reason': 'x',
                'advice': 'x', 'next': 'x'}]}
NAMES = {'schema': 1, 'names': [
    {'name': 'ALPHA', 'type': '20', 'group': False, 'purpose': 'File server',
     'in_node_status': True, 'subnets': [
         {'subnet': '10.88.0.2', 'state': 'conflict', 'rcode': 6,
          'rcode_name': 'ACT_ERR', 'holder': {'address': HOLDER}}]}]}
WHO = {'schema': 1, 'names': [
    {'name': 'OPERATOR', 'type': '03', 'subnets': [
        {'subnet': '10.88.0.2', 'state': 'held', 'group': False,
         'holder': {'address': HOLDER},
         'holders': [{'address': HOLDER, 'cause': 'unknown'}]}]}]}
MESSAGE = {'seq': 1, 'time': TIME, 'from': 'Bob', 'to': 'OPERATOR',
           'machine': '', 'address': HOLDER, 'via': 'smb', 'text': 'x'}
MESSAGES = {'schema': 1, 'messages': [MESSAGE], 'instance': '1.000000001',
            'first': 1, 'last': 1, 'received': 1, 'refused': 0}
REMOTE_LIST = {'schema': 1, 'server': 'ALPHA',
               'aliases': [{'name': 'ALPHA', 'state': 'registered'}]}
REMOTE_OUTCOME = {'schema': 1, 'server': 'ALPHA', 'ok': False, 'name': 'X',
                  'code': 5, 'code_name': 'ERROR_ACCESS_DENIED',
                  'message': 'x'}
HELP = {'schema': 1, 'requests': [{'request': 'list', 'meaning': 'x'}]}

# one for each definition, by its name
NODES = {'schema': 1, 'nodes': [
    {'node': 0, 'this': True, 'address': '10.67.0.1', 'messenger': 'ready',
     'pid': 4711, 'wins': True, 'flags': ['unhealthy'],
     'subnets': [{'subnet': '10.67.0.1', 'holds': True, 'public': False}]}]}

RIGHT = {'event': EVENT, 'outcome': OUTCOME, 'list': LIST,
         'complaint': COMPLAINT, 'error': ERROR, 'status': STATUS,
         'events': EVENTS, 'explain': EXPLAIN, 'names': NAMES, 'who': WHO,
         'nodes': NODES,
         'help': HELP, 'messages': MESSAGES, 'message': MESSAGE,
         'remote_list': REMOTE_LIST, 'remote_outcome': REMOTE_OUTCOME,
         'condition': {'schema': 1, 'condition': 'well'}}

GONE = object()

# what is changed, where (keys and numbers), into what
BROKEN = [
    (EVENT, ('extra',), 1),
    (EVENT, ('schema',), 1),                # of an answer, not of a line
    (EVENT, ('seq',), '1'),
    (EVENT, ('seq',), 0),
    (EVENT, ('time',), '2026-11-26 12:00:00'),
    (EVENT, ('time',), '2026-11-26T12:00:00.000001+01:00'),
    (EVENT, ('event',), 'alias-eaten'),
    (EVENT, ('event',), 'service-started'),  # which has no alias
    (EVENT, ('event_id',), 7024),            # which this event has not
    (EVENT, ('source',), 'NetBT'),
    (EVENT, ('severity',), 'error'),
    (EVENT, ('alias',), None),
    (EVENT, ('alias',), GONE),
    (EVENT, ('code_name',), GONE),
    (EVENT, ('rcode_name',), GONE),
    (EVENT, ('count',), 1),
    (EVENT, ('message',), GONE),
    (EVENT, ('holder',), HOLDER),            # the object, everywhere
    (EVENT, ('holder', 'address'), GONE),
    (EVENT, ('holder', 'address'), '10.88.0.256'),
    (EVENT, ('holder', 'mac'), '00-10-5a-4c-1f-2e'),
    (EVENT, ('holder', 'names'), 'PLANT1<00>'),
    (EVENT, ('holder', 'names', 0), 'PLANT1'),
    (EVENT, ('holder', 'user'), 'X'),
    (OUTCOME, ('schema',), GONE),
    (OUTCOME, ('schema',), 2),
    (OUTCOME, ('ok',), 1),
    (OUTCOME, ('code',), 1),
    (OUTCOME, ('code',), '0'),
    (OUTCOME, ('changed',), GONE),
    (OUTCOME, ('ok',), False),              # and changed all the same
    (OUTCOME, ('holder',), HOLDER),
    (OUTCOME, ('exit_status',), 0),
    (LIST, ('schema',), GONE),
    (LIST, ('aliases',), {}),
    (LIST, ('aliases', 0, 'kept'), GONE),
    (LIST, ('aliases', 0, 'kind'), 'user'),  # which is never kept
    (LIST, ('aliases', 0, 'state'), 'released'),
    (LIST, ('aliases', 0, 'type'), '03'),
    (LIST, ('aliases', 0, 'subnets', 0, 'subnet'), 'eth0'),
    (LIST, ('aliases', 0, 'subnets', 0, 'rcode'), 6),
    (LIST, ('aliases', 0, 'subnets', 1, 'state'), 'lost'),
    (COMPLAINT, ('exit_status',), 0),
    (COMPLAINT, ('ok',), True),
    (COMPLAINT, ('code',), 87),
    (ERROR, ('exit_status',), 2),
    (ERROR, ('code',), 2297),
    (STATUS, ('condition',), 'good'),
    (STATUS, ('service',), 'running'),
    (STATUS, ('service', 'state'), 'registered'),  # of an alias
    (STATUS, ('service', 'since'), 1764158400),
    (STATUS, ('counts', 'all'), GONE),
    (STATUS, ('counts', 'lost'), 0),
    (STATUS, ('counters', 'refusals'), -1),
    (STATUS, ('counters', 'refusals'), 1.5),
    (STATUS, ('names_in_conflict',), ['ALPHA']),
    (STATUS, ('service_exit_code',), 0),           # it is in the service
    (EVENTS, ('instance',), 1),
    (EVENTS, ('last',), GONE),
    (EVENTS, ('events', 0, 'holder'), HOLDER),
    (EXPLAIN, ('state',), 'refused'),              # of an alias
    (EXPLAIN, ('findings', 0, 'holder'), HOLDER),
    (EXPLAIN, ('findings', 0, 'code_name'), GONE),
    (EXPLAIN, ('findings', 0, 'kind'), GONE),
    (EXPLAIN, ('findings', 0, 'next'), ''),        # then it is absent
    (EXPLAIN, ('findings', 0, 'type'), '03'),
    (EXPLAIN, ('findings', 1, 'kind'), 'computer'),
    (EXPLAIN, ('findings', 1, 'type'), 0x20),
    (NAMES, ('names', 0, 'type'), '<20>'),
    (NAMES, ('names', 0, 'group'), 'LAB'),
    (NAMES, ('names', 0, 'purpose'), 'Fax'),
    (NAMES, ('names', 0, 'subnets', 0, 'holder'), HOLDER),
    (NAMES, ('names', 0, 'subnets', 0, 'state'), 'refused'),  # of an alias
    (WHO, ('names', 0, 'subnets', 0, 'state'), 'conflict'),
    (WHO, ('names', 0, 'subnets', 0, 'state'), 'free'),  # and has a holder
    (WHO, ('names', 0, 'subnets', 0, 'holder', 'cause'), 'unknown'),
    (WHO, ('names', 0, 'subnets', 0, 'holders'), GONE),
    (MESSAGES, ('refused',), GONE),
    (MESSAGES, ('messages', 0, 'via'), 'fax'),
    (MESSAGE, ('text',), None),
    (MESSAGE, ('cut',), 0),                        # then it is absent
    (MESSAGE, ('schema',), 1),
    (HELP, ('requests', 0), 'list'),
    (REMOTE_LIST, ('server',), GONE),
    (REMOTE_LIST, ('aliases', 0, 'state'), 'refused'),  # it hears of none
    (REMOTE_LIST, ('aliases', 0, 'kind'), 'added'),
    (REMOTE_OUTCOME, ('server',), ''),
    (REMOTE_OUTCOME, ('code',), '5'),
    (REMOTE_OUTCOME, ('holder',), {'address': HOLDER}),
]


def _broken(right, path, value):
    whole = copy.deepcopy(right)
    into = whole
    for step in path[:-1]:
        into = into[step]
    if value is GONE:
        del into[path[-1]]
    else:
        into[path[-1]] = value
    return whole


def test_it_is_a_schema():
    answers.validator_class().check_schema(answers.schema())


def test_each_is_one_of_them():
    """Whoever takes the schema as a whole has one definition for an answer,
    and the lab notices one that has two."""
    for right in (dict(LIST, aliases=[]), {'schema': 1, 'names': []},
                  {'schema': 1, 'condition': 'well'}):
        check.equal(answers.complaints(right), [], 'complaints')
    schema = answers.schema()
    schema['oneOf'].append({'$ref': '#/definitions/list'})
    answers.forget()
    try:
        check.contains(answers.complaints(LIST)[0], 'valid under each of',
                       'the complaint about a list that is two things')
    finally:
        schema['oneOf'].pop()
        answers.forget()


def test_what_is_no_json():
    """A line for people, where a program reads."""
    words = ['/usr/sbin/smbmessenger', '--json', 'list']
    answers.check_output(words, json.dumps(LIST) + '\n')
    answers.check_output(words[:1] + words[2:], 'NAME\n')
    answers.check_output(words + ['--help'], 'Usage:\n')
    for text in ('NAME\n', json.dumps(LIST) + '\nsmbmessenger: x\n'):
        try:
            answers.check_output(words, text)
        except answers.Invalid as error:
            check.contains(str(error), 'no JSON', 'the complaint')
        else:
            raise AssertionError('a line for people went by')


def test_without_jsonschema():
    """Nothing goes by unseen: one line says what is missing."""
    done = subprocess.run(
        [sys.executable, '-B', '-c',
         'import runpy, sys\n'
         'sys.modules["jsonschema"] = None\n'
         'sys.argv = [%r, "schema.it_is"]\n'
         'runpy.run_path(sys.argv[0], run_name="__main__")'
         % os.path.join(TREE, 'tests', 'daemon', 'run.py')],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        universal_newlines=True)
    check.equal(done.returncode, 1, 'exit status')
    check.contains(done.stdout, 'python3-jsonschema', 'what is said')
    check.equal(done.stdout.count('\n'), 1, 'lines')


def test_wrong_ones_are_refused():
    check.equal(sorted(RIGHT), sorted(answers.definitions()), 'definitions')
    for name, right in RIGHT.items():
        check.equal(answers.complaints(right), [], name)
        check.equal(answers.complaints(right, [name]), [], name)
    for right, path, value in BROKEN:
        wrong = _broken(right, path, value)
        check.true(answers.complaints(wrong), 'complaints about %s in %s'
                   % ('/'.join(map(str, path)), json.dumps(wrong)))


def test_the_lab_notices():
    """A key that nobody has documented ends a test that only asks."""
    with pair() as p:
        nmbd = running(p)
        known = answers.schema()['definitions']['status']['properties']
        computer = known.pop('computer')
        answers.forget()
        try:
            for ask in (lambda: nmbd.json('status'),
                        lambda: nmbd.wait_for(
                            lambda: nmbd.json('status')['aliases'], 30, 'x'),
                        lambda: tool(p.alpha, '--json', 'status')):
                try:
                    ask()
                except answers.Invalid as error:
                    check.contains(str(error), 'computer', 'the complaint')
                else:
                    raise AssertionError('an unknown key went by')
        finally:
            known['computer'] = computer
            answers.forget()


def test_what_the_tool_says_itself():
    """Names that no request can have, and what is no command."""
    with pair() as p:
        running(p)
        for words, lines in (
                (['add', ''], 1), (['ensure', ' '], 1), (['add', 'A\tB'], 1),
                (['delete', 'X' * 300], 1), (['add', '', 'OPERATOR', '\n'], 3),
                (['add', 'A' * 16], 1), (['add', 'X#20'], 1),
                (['who', ''], 1), (['who', 'X' * 300], 1),
                (['who', 'A#zz'], 1), (['who', '', 'ALPHA'], 2),
                (['frob'], 1), (['add'], 1), (['list', 'X'], 1),
                (['events', '-n', '0'], 1), (['list', '-t', 'x'], 1),
                (['--frob', 'list'], 1), (['list', '-s', '/'], 1),
                (['list', '-s', '/nonexistent'], 1)):
            done = tool(p.alpha, '--json', *words)
            check.equal(len(done.stdout.splitlines()), lines,
                        'lines of %s: %r' % (words, done.stdout))


def test_every_answer():
    """Each request, while all is well, while not, and none at all."""
    with pair() as p:
        p.peer.on(nbt.REGISTRATIONS, 'OPERATOR', 3,
                  lambda request: nbt.registration_reply(request, nbt.ACT_ERR))
        path = p.alpha.path('events.json')
        nmbd = p.nmbd({'messenger:json log': path,
                       'messenger:aliases': 'OPERATOR NIGHT.SHIFT'})
        wait_state(nmbd, 'running')
        wanted = {'', 'list', 'status', 'condition', 'events', 'explain',
                  'names', 'help'}
        for request in sorted(wanted) + ['add HELPDESK', 'add *X', 'stop',
                                         'start', 'start', 'delete HELPDESK',
                                         'frob']:
            nmbd.json(request)
            if request == 'help':
                continue  # of the tool, it is --help: for people
            words = ['--json'] + request.split()
            done = tool(p.alpha, *words)
            check.true(done.stdout.startswith('{'), 'output of %s' % words)
            check.equal(json.loads(done.stdout.splitlines()[0]).get(
                'schema', 0), 1, 'schema of %s' % words)
        with open(path) as log:
            check.true(answers.event_lines(log.read()), 'lines of the log')
        nmbd.stop()
        done = tool(p.alpha, '--json', 'list')
        check.equal(done.returncode, 3, 'exit status without nmbd')
        check.equal(answers.complaints(json.loads(done.stdout),
                                       ['complaint']), [], 'without nmbd')
