# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/messenger.schema.json: every answer of these tests is held against it
in the lab; here, that it would notice."""

import copy
import json

import jsonschema

from aliases import running
from evidence import tool
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

RIGHT = {'event': EVENT, 'outcome': OUTCOME, 'list': LIST,
         'complaint': COMPLAINT}

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
    jsonschema.Draft7Validator.check_schema(answers.schema())


def test_wrong_ones_are_refused():
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
        answers._validator.cache_clear()
        answers._complaints.cache_clear()
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
            answers._validator.cache_clear()
            answers._complaints.cache_clear()


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
