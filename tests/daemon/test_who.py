# SPDX-License-Identifier: GPL-3.0-or-later
"""Who holds a name: the question before every add."""

import errno
import json
import os

from aliases import nets, running
from evidence import computer
from lab import MESSENGER_SO, SendFails, check
from sites import OWNER, SECOND_SERVER, SERVER, UNICAST, site
from steps import HOLDER, pair

TOOL = os.path.join(os.path.dirname(MESSENGER_SO), 'smbmessenger')


def _who(nmbd, name, subnet=None):
    """What is said of a name, on the first subnet or another one."""
    answer = nmbd.json('who ' + name)
    check.equal(len(answer['names']), 1, 'names')
    places = answer['names'][0]['subnets']
    if subnet is None:
        return places[0]
    return [place for place in places if place['subnet'] == subnet][0]


def test_nobody():
    with pair() as p:
        nmbd = running(p)
        place = _who(nmbd, 'operator')
        check.equal(place['state'], 'free', 'state')
        check.lacks(place, 'holder', 'a free name')
        check.contains(nmbd.ask('who operator'),
                       'OPERATOR<03>         10.88.0.2        nobody', 'text')


def test_held():
    """By whom, by its own word, and of any type."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('OPERATOR', 3)
        nmbd = running(p)
        for name, cause in (('OPERATOR', 'alias-of-another-computer'),
                            ('plant1#20', 'duplicate-computer-name'),
                            ('PLANT1<00>', 'duplicate-computer-name')):
            place = _who(nmbd, name)
            check.equal((place['state'], place['holder']['address'],
                         place['holder']['computer'],
                         place['holder']['group'],
                         place['holders'][0]['cause']),
                        ('held', HOLDER, 'PLANT1', 'LAB', cause),
                        'who holds ' + name)
        check.contains(nmbd.ask('who OPERATOR'),
                       'PLANT1 (10.88.0.9), group LAB', 'text')
        # and asking has changed nothing
        check.equal(nmbd.json('add OPERATOR')['code'], 2297, 'code')


def test_held_by_nmbd():
    """A stock one: nmblookup's answer is its own."""
    with pair() as p:
        other = p.lab.host('GAMMA', '10.88.0.60/24')
        stock = other.nmbd()
        nmbd = running(p)
        stock.wait_for(lambda: p.client.query(p.alpha.broadcast, 'GAMMA',
                                              0x20, True, 0.3), 12.0,
                       'GAMMA has its name')
        place = _who(nmbd, 'GAMMA#20')
        check.equal((place['state'], place['holder']['address'],
                     place['holder']['computer']),
                    ('held', other.address, 'GAMMA'), 'holder')


def test_ours():
    with pair() as p:
        nmbd = running(p)
        for name in ('ALPHA', 'ALPHA#20'):
            # nmbd takes four seconds for its own names
            nmbd.wait_for(lambda: _who(nmbd, name)['state'] == 'ours', 8.0,
                          name + ' is ours')
            check.lacks(_who(nmbd, name), 'holder', name)
        check.contains(nmbd.ask('who alpha'), 'this server', 'text')


def test_ours_and_another_ones():
    """Both are told of."""
    with pair() as p:
        nmbd = running(p)
        computer(p.peer, 'PLANT1')
        p.peer.hold('ALPHA', 3)
        place = _who(nmbd, 'ALPHA')
        check.equal((place['state'], place['holder']['address']),
                    ('ours', HOLDER), 'ours, and the other one\'s')


def test_silent_holder():
    """It answers for the name and not who it is."""
    with pair() as p:
        p.peer.hold('OPERATOR', 3)
        p.peer.node_status(answer=lambda request: None)
        nmbd = running(p)
        place = _who(nmbd, 'OPERATOR')
        check.equal((place['state'], place['holder']), ('held', {
            'address': HOLDER}), 'state and holder')
        check.equal(place['holders'][0]['cause'], 'unknown', 'cause')
        check.contains(nmbd.ask('who OPERATOR'),
                       HOLDER + ', which does not say who it is', 'text')


def test_two_subnets():
    with nets(2) as p:
        computer(p.nets[1].peer, 'PLANT2')
        p.nets[1].peer.hold('OPERATOR', 3)
        nmbd = running(p)
        check.equal([_who(nmbd, 'OPERATOR', address)['state']
                     for address in p.addresses], ['free', 'held'], 'states')


def test_group():
    """Every member answers."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        nmbd = running(p)
        place = _who(nmbd, 'LAB#00')
        check.equal((place['group'], place['holder']['computer']),
                    (True, 'PLANT1'), 'the group')


def test_in_wins():
    """A living owner, a record that nobody stands behind, and nobody."""
    with site() as s:
        owner = s.owner('TWO')
        nmbd = s.nmbd()
        place = _who(nmbd, 'TWO', UNICAST)
        check.equal((place['state'], place['holder']['address'],
                     place['holder']['computer'], place['server']),
                    ('held', OWNER, 'CHARLIE', SERVER), 'a living owner')
        check.equal(_who(nmbd, 'TWO')['state'], 'free', 'by broadcast')
        check.equal(_who(nmbd, 'THREE', UNICAST)['state'], 'free', 'free')
        owner.kill()
        place = _who(nmbd, 'TWO', UNICAST)
        check.equal(place['holders'], [{'address': OWNER,
                                        'cause': 'stale-wins-record'}],
                    'a dead owner')
        check.contains(nmbd.ask('who TWO'), 'WINS             a record for %s, '
                       'which does not have it' % OWNER, 'text')


def test_dead_wins_server():
    """It is said so, within the time of smbcontrol."""
    with site(wins=False) as s:
        nmbd = s.nmbd({'wins server': '10.89.0.77'})
        place = _who(nmbd, 'OPERATOR', UNICAST)
        check.equal(place['state'], 'waiting', 'state')
        check.contains(place['reason'], 'WINS server 10.89.0.77: ', 'reason')
        check.equal(_who(nmbd, 'OPERATOR')['state'], 'free', 'by broadcast')


def test_ours_in_wins():
    """It is ours there if WINS says so: nmbd's list for WINS has each of its
    names from the start."""
    with site() as s:
        nmbd = s.nmbd({'messenger:aliases': 'OPERATOR'})
        for name in ('OPERATOR', 'LAB#00'):
            nmbd.wait_for(lambda: _who(nmbd, name, UNICAST)['state'] == 'ours',
                          20.0, name + ' is ours in WINS')
    with site(wins=False) as s:
        nmbd = s.nmbd({'wins server': '10.89.0.77',
                       'messenger:aliases': 'OPERATOR'})
        nmbd.wait_for(lambda: _who(nmbd, 'OPERATOR')['state'] == 'ours',
                      8.0, 'OPERATOR is ours by broadcast')
        check.equal(_who(nmbd, 'OPERATOR', UNICAST)['state'], 'waiting',
                    'no WINS server says that it is ours')


def test_ours_no_more():
    """The last subnet is kept by nmbd when its address is gone."""
    with pair() as p:
        nmbd = running(p)
        check.equal(_who(nmbd, 'ALPHA')['state'], 'ours', 'state')
        p.alpha.namespace.ip('addr flush dev eth0')
        nmbd.wait_for(lambda: _who(nmbd, 'ALPHA')['state'] == 'waiting', 5.0,
                      'it cannot be asked')


def test_illegal_names():
    with pair() as p:
        nmbd = running(p)
        for name, code in (('A*B', 123), ('SIXTEEN-LETTERS-', 87)):
            answer = nmbd.json('who ' + name)
            check.equal((answer['ok'], answer['code']), (False, code), name)


def test_tool():
    """One table and one object for all names; the exit status is that of a
    question."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('NIGHT SHIFT', 3)
        running(p)
        names = ['night shift', 'ALPHA', 'FREE'] + [
            'N%02d' % at for at in range(40)]
        done = p.alpha.run([TOOL, '-s', p.alpha.conf, 'who'] + names)
        check.equal((done.returncode, done.stderr), (0, ''), 'exit status')
        lines = done.stdout.splitlines()
        check.equal(done.stdout.count('HELD BY'), 1, 'heads of the table')
        check.equal(len([line for line in lines if line[0] != ' ']),
                    1 + len(names), 'lines')
        # in the order of the command line, though ALPHA is answered first
        check.equal([line.split('<')[0] for line in lines[1:]
                     if line[0] != ' '], [name.upper() for name in names],
                    'names of the table')
        for line in lines:
            check.true(len(line) <= 80, 'line of %d columns: %r'
                       % (len(line), line))
        check.contains(done.stdout, 'NIGHT SHIFT<03>      10.88.0.2        '
                       'PLANT1 (10.88.0.9), group LAB', 'table')
        done = p.alpha.run([TOOL, '-s', p.alpha.conf, '--json', 'who']
                           + names)
        check.equal(done.stdout.count('\n'), 1, 'lines')
        answer = json.loads(done.stdout)
        check.equal([entry['name'] for entry in answer['names']],
                    [name.upper() for name in names], 'names')


def test_tool_with_illegal_names():
    """They are told of like those of an add, and the others are answered."""
    with pair() as p:
        running(p)

        def who(*args):
            return p.alpha.run([TOOL, '-s', p.alpha.conf] + list(args))

        for name, code in (('', 123), ('a\tb', 123), ('*', 123), ('A<03', 123),
                           ('SIXTEEN-LETTERS-', 87), ('x' * 300, 87)):
            done = who('who', name)
            check.equal((done.returncode, done.stdout), (1, ''),
                        'exit status and standard output of %r' % name)
            check.contains(done.stderr, ': error %d (' % code, name)
            check.equal(done.stderr.count('\n'), 1, done.stderr)
            answer = json.loads(who('--json', 'who', name).stdout)
            check.equal((answer['ok'], answer['code']), (False, code), name)
        done = who('who', 'FREE', '*', 'alpha<03>', 'ALPHA', 'alpha#03')
        check.equal((done.returncode, [line.split()[0] for line
                                       in done.stdout.splitlines()[1:]]),
                    (1, ['FREE<03>'] + 3 * ['ALPHA<03>']), 'table')


def test_names_and_types():
    """Roles, lower case, blanks; what is no type is a part of the name."""
    with pair() as p:
        computer(p.peer, 'PLANT1')
        p.peer.hold('LAB', 0x1b)
        p.peer.hold('NIGHT SHIFT', 3)
        nmbd = running(p)
        for asked, name, kind in (('lab<1b>', 'LAB', '1b'),
                                  ('LAB#1B', 'LAB', '1b'),
                                  ('plant1#20', 'PLANT1', '20'),
                                  ('night shift', 'NIGHT SHIFT', '03'),
                                  ('  Night Shift<03> ', 'NIGHT SHIFT',
                                   '03')):
            (entry,) = nmbd.json('who ' + asked)['names']
            check.equal((entry['name'], entry['type'],
                         [(place['state'], place['holder']['computer'])
                          for place in entry['subnets']]),
                        (name, kind, [('held', 'PLANT1')]), asked)
        for asked in ('X#', 'X#ZZ', 'X#100'):
            (entry,) = nmbd.json('who ' + asked)['names']
            check.equal((entry['name'], entry['type']), (asked, '03'), asked)
        for asked in ('', '#20', 'X<3', '*#20'):
            check.equal(nmbd.json('who ' + asked).get('ok'), False,
                        'who %r' % asked)


def test_several_holders():
    """Each is shown: of a group, and of a name that two computers took."""
    with pair() as p:
        second = p.lab.host('CHARLIE', '10.88.0.10/24').peer()
        for peer, name in ((p.peer, 'PLANT1'), (second, 'PLANT2')):
            computer(peer, name)
            peer.hold('OPERATOR', 3)
        nmbd = running(p, {'workgroup': 'ELSEWHERE'})
        for asked, group in (('OPERATOR', False), ('LAB#00', True)):
            place = _who(nmbd, asked)
            check.equal((place['state'], place['group'],
                         {holder['address']: holder['computer']
                          for holder in place['holders']}),
                        ('held', group, {HOLDER: 'PLANT1',
                                         '10.88.0.10': 'PLANT2'}), asked)
            check.contains(nmbd.ask('who ' + asked), 'PLANT2 (10.88.0.10)',
                           'text')


def test_cannot_be_sent():
    """It is not free because nobody could be asked."""
    with pair() as p:
        fault = SendFails(p.alpha)
        nmbd = running(p, **fault.under())
        fault.begin(errno.ENETUNREACH)
        place = _who(nmbd, 'OPERATOR')
        check.equal((place['state'], place['reason']),
                    ('waiting', 'Network is unreachable'), 'state')
        check.contains(nmbd.ask('who OPERATOR'),
                       'unknown: Network is unreachable', 'text')
        check.equal(_who(nmbd, 'ALPHA')['state'], 'ours', 'ours')
        fault.end()
        check.equal(_who(nmbd, 'OPERATOR')['state'], 'free', 'later')


def test_next_wins_server():
    """One that cannot be reached is no answer as long as there is another."""
    with site() as s:
        s.owner('TWO')
        nmbd = s.nmbd({'wins server': '10.89.0.77 ' + SERVER}, seconds=40.0)
        place = _who(nmbd, 'TWO', UNICAST)
        check.equal((place['state'], place.get('server')), ('held', SERVER),
                    'state')


def test_wins_servers_of_two_tags():
    """Each has a database of its own: free is what is free in both, and an
    owner in both is one."""
    with site() as s:
        second = s.far('WINSTWO', SECOND_SERVER).nmbd({'wins support': 'yes'})
        owner = s.far('CHARLIE', OWNER).nmbd(
            {'netbios aliases': 'OPERATOR',
             'wins server': 'one:%s two:%s' % (SERVER, SECOND_SERVER)})
        for server in (SERVER, SECOND_SERVER):
            owner.wait_for(lambda: s.in_wins('OPERATOR', server), 8.0,
                           'OPERATOR is in both')
        for order in ((SERVER, SECOND_SERVER), (SECOND_SERVER, SERVER)):
            nmbd = s.nmbd({'wins server': 'one:%s two:%s' % order})
            place = _who(nmbd, 'OPERATOR', UNICAST)
            check.equal([holder['address'] for holder in place['holders']],
                        [OWNER], 'holders')
            nmbd.stop()
        second.kill()
        for order in ((SERVER, SECOND_SERVER), (SECOND_SERVER, SERVER)):
            nmbd = s.nmbd({'wins server': 'one:%s two:%s' % order})
            place = _who(nmbd, 'NOBODY', UNICAST)
            check.equal((place['state'], place['server']),
                        ('waiting', SERVER), 'with one of two silent')
            check.contains(place['reason'], SECOND_SERVER, 'reason')
            nmbd.stop()


def test_hundreds_of_names():
    """More than can be asked at a time; none is left out."""
    with pair() as p:
        nmbd = running(p)
        names = ['N%03d' % at for at in range(200)]
        done = p.alpha.run([TOOL, '-s', p.alpha.conf, '--json', 'who']
                           + names)
        check.equal((done.returncode, done.stderr), (0, ''), 'exit status')
        answer = json.loads(done.stdout)
        check.equal([entry['name'] for entry in answer['names']], names,
                    'names')
        check.equal(nmbd.json('status')['condition'], 'well', 'condition')
