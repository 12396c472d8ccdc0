# SPDX-License-Identifier: GPL-3.0-or-later
"""WINS: the name is asked for first, then registered; a foreign owner is a
refusal, and a dead server is none."""

from aliases import (Request, about, released, table, verdict, wait_table)
from lab import check, nbt
from sites import OWNER, SECOND_SERVER, SERVER, UNICAST, site
from steps import (alias_of, check_running, events, holder_of, subnet_of,
                   wait_state)

HELD = ('added', 'registered')
SUCCESS = (True, 0, 'NERR_Success', None)


def _refused(holder):
    return (False, 2297, 'NERR_DuplicateName', holder)


def _to_wins(s, opcodes, name, server=SERVER):
    return [seen for seen in s.capture.requests(opcodes, name, 3)
            if seen.destination == server]


# One server that lives

def test_granted_and_released():
    with site() as s:
        nmbd = s.nmbd()
        check.equal(s.in_wins('ALPHA'), ['10.88.0.2'], 'ALPHA in WINS')
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        check.equal(s.in_wins('OPERATOR'), ['10.88.0.2'], 'OPERATOR in WINS')
        s.check_answered('OPERATOR')
        alias = alias_of(nmbd.json('list'), 'OPERATOR')
        check.equal(subnet_of(alias, UNICAST)['state'], 'registered',
                    'state in WINS')
        # asked first, then registered
        asked = _to_wins(s, {nbt.QUERY}, 'OPERATOR')
        registered = _to_wins(s, nbt.REGISTRATIONS, 'OPERATOR')
        check.true(asked[0].time < registered[0].time, 'asked first')
        check.equal(nmbd.json('delete OPERATOR')['ok'], True, 'delete')
        nmbd.wait_for(lambda: s.in_wins('OPERATOR') is None, 2.0,
                      'OPERATOR is no longer in WINS')
        check.equal(len(_to_wins(s, {nbt.RELEASE}, 'OPERATOR')), 1,
                    'releases in WINS')
        check.equal(len(released(s.capture, 'OPERATOR')), 1,
                    'releases by broadcast')
        s.check_nowhere(nmbd, 'OPERATOR')
        # and at the end of nmbd
        check.equal(verdict(nmbd.json('add HELPDESK')), SUCCESS, 'answer')
        check.equal(nmbd.stop(), 0, 'exit status')
        for name in ('ALPHA', 'HELPDESK'):
            s.wins.wait_for(lambda: s.in_wins(name) is None, 2.0,
                            name + ' is no longer in WINS')
            check.equal(len(_to_wins(s, {nbt.RELEASE}, name)), 1,
                        'releases of %s in WINS' % name)
            check.equal(len(released(s.capture, name)), 1,
                        'releases of %s by broadcast' % name)


def test_aliases_of_smb_conf():
    with site() as s:
        s.owner('TWO')
        nmbd = s.nmbd({'messenger:aliases': 'ONE TWO THREE'})
        wait_table(nmbd, {'ONE': HELD, 'TWO': ('added', 'refused'),
                          'THREE': HELD})
        entry = subnet_of(alias_of(nmbd.json('list'), 'TWO'), UNICAST)
        check.equal((entry['state'], holder_of(entry)), ('refused', OWNER),
                    'TWO in WINS')
        check.equal([s.in_wins(name) for name in ('ONE', 'TWO', 'THREE')],
                    [['10.88.0.2'], [OWNER], ['10.88.0.2']], 'WINS')
        s.check_nowhere(nmbd, 'TWO')
        check_running(nmbd.json('status'))


def test_live_owner():
    """nmbd alone would be merged into the owner's record, as a success."""
    with site() as s:
        owner = s.owner('OPERATOR')
        nmbd = s.nmbd()
        check.equal(verdict(nmbd.json('add OPERATOR')), _refused(OWNER),
                    'answer')
        check.equal(list(table(nmbd)), ['ALPHA'], 'aliases')
        s.check_nowhere(nmbd, 'OPERATOR')
        check.equal(s.in_wins('OPERATOR'), [OWNER], 'OPERATOR in WINS')
        check.none(_to_wins(s, nbt.REGISTRATIONS | {nbt.RELEASE}, 'OPERATOR'),
                   'registrations and releases in WINS')
        event = events(nmbd, 'alias-refused')[0]
        check.equal((event['alias'], event['code'], event['subnet'],
                     event['holder']['address']),
                    ('OPERATOR', 2297, UNICAST, OWNER), 'alias-refused')
        check_running(nmbd.json('status'))
        check.equal(owner.stop(), 0, 'exit status of the owner')
        nmbd.wait_for(lambda: s.in_wins('OPERATOR') is None, 2.0,
                      'OPERATOR is no longer in WINS')
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        check.equal(s.in_wins('OPERATOR'), ['10.88.0.2'], 'OPERATOR in WINS')


@check.alone
def test_live_owner_at_once():
    with site() as s:
        s.owner('OPERATOR')
        nmbd = s.nmbd()
        request = Request(nmbd, 'add OPERATOR')
        check.equal(verdict(request.answer()), _refused(OWNER), 'answer')
        check.between(request.answered - request.sent, 0.0, 0.4,
                      'seconds from the order to the answer')


def test_live_owner_of_the_computer_name():
    """Rule 1 in WINS: the service fails, and the owner keeps its record.

    Trap: nmbd's own registration is out before anybody can ask, and a Samba
    server merges it into the owner's record; a release of such a record takes
    all of it away, the owner's part too.
    """
    with site() as s:
        owner = s.owner('ALPHA')
        nmbd = s.nmbd(running=False)
        status = wait_state(nmbd, 'failed', 6.0)
        check.equal((status['service']['win32_exit_code'],
                     status['service']['service_exit_code']), (1066, 2270),
                    'exit codes')
        entry = subnet_of(alias_of(status), UNICAST)
        check.equal((entry['state'], holder_of(entry)), ('refused', OWNER),
                    'ALPHA in WINS')
        failed = events(nmbd, 'service-failed')
        check.equal([(event['code'], event['holder']['address'])
                     for event in failed], [(2270, OWNER)],
                    'service-failed events')
        s.check_nowhere(nmbd, 'ALPHA')
        check.contains(s.in_wins('ALPHA') or [], OWNER,
                       'addresses of ALPHA<03> in WINS')
        check.equal(owner.stop(), 0, 'exit status of the owner')
        nmbd.wait_for(lambda: s.in_wins('ALPHA') is None, 2.0,
                      'ALPHA<03> is no longer in WINS')
        nmbd.ask('start')
        check_running(wait_state(nmbd, 'running', 5.0))
        check.equal(s.in_wins('ALPHA'), ['10.88.0.2'], 'ALPHA in WINS')


def test_name_of_the_server():
    with site() as s:
        nmbd = s.nmbd()
        check.equal(verdict(nmbd.json('add WINSSRV')), _refused(SERVER),
                    'answer')
        check.equal(s.in_wins('WINSSRV'), [SERVER], 'WINSSRV in WINS')
        s.check_nowhere(nmbd, 'WINSSRV')


@check.seconds(60)
def test_dead_owner():
    """A record of a host that is gone: the server decides in its own time
    (Samba's asks the owner for 21 s, and keeps the record). Nobody waits for
    that, and the name stays where nobody else has it."""
    with site() as s:
        dead = s.far('DELTA', '10.89.0.5')
        replies = dead.client().register(SERVER, 'OPERATOR', 3,
                                         broadcast=False)
        check.equal([seen.packet.rcode for seen in replies], [0],
                    'replies to DELTA')
        dead.cable('eth0', False)
        nmbd = s.nmbd()
        request = Request(nmbd, 'add OPERATOR')
        check.equal(verdict(request.answer()), SUCCESS, 'answer')
        check.between(request.answered - request.sent, 0.7, 5.0,
                      'seconds to the answer')

        def in_wins():
            return subnet_of(alias_of(nmbd.json('list'), 'OPERATOR'),
                             UNICAST)['state']

        check.equal(in_wins(), 'registering', 'in WINS while it thinks')
        s.check_answered_by_broadcast('OPERATOR')
        nmbd.wait_for(lambda: in_wins() != 'registering', 30.0,
                      'the server has decided', interval=0.2)
        check.equal(in_wins(), 'refused', 'in WINS')
        wait_table(nmbd, {'OPERATOR': HELD})
        s.check_answered_by_broadcast('OPERATOR')
        check.equal([(event['alias'], event['cause'], event.get('holder'))
                     for event in events(nmbd, 'alias-refused')],
                    [('OPERATOR', 'stale-wins-record', None)],
                    'alias-refused events')
        check.none(events(nmbd, 'alias-lost'), 'alias-lost')
        check_running(nmbd.json('status'))


def test_group_of_that_name():
    """A group is nobody's address: refused, without a holder."""
    with site() as s:
        packet = nbt.registration(7, nbt.Name('OPERATOR', 3), '10.88.0.9',
                                  False, nb_flags=nbt.GROUP)
        replies = s.client.ask(SERVER, [packet], bool, 2.0)
        check.equal([seen.packet.rcode for seen in replies], [0],
                    'replies of the server')
        nmbd = s.nmbd()
        answer = nmbd.json('add OPERATOR')
        check.equal((answer['ok'], answer['code']), (False, 2297), 'answer')
        s.check_nowhere(nmbd, 'OPERATOR')


def test_own_records_from_before():
    """After kill -9 they are still in WINS: they are our own."""
    with site() as s:
        nmbd = s.nmbd()
        nmbd.ask('add OPERATOR')
        nmbd.kill()
        check.equal([s.in_wins('ALPHA'), s.in_wins('OPERATOR')],
                    [['10.88.0.2']] * 2, 'WINS after kill -9')
        nmbd = s.nmbd()
        wait_table(nmbd, {'OPERATOR': HELD})
        check_running(nmbd.json('status'))
        check.equal(s.in_wins('OPERATOR'), ['10.88.0.2'], 'WINS')


def test_multihomed():
    """All of our addresses are in WINS, none of them is foreign, and a live
    owner is still found."""
    with site(('10.88.0.2/24', '10.91.0.2/24')) as s:
        s.router.namespace.ip('route add 10.91.0.0/24 via 10.88.0.2')
        both = ['10.88.0.2', '10.91.0.2']
        nmbd = s.nmbd()
        nmbd.ask('add OPERATOR')
        nmbd.wait_for(lambda: s.in_wins('OPERATOR') == both, 3.0,
                      'both addresses of OPERATOR are in WINS')
        nmbd.wait_for(lambda: s.in_wins('ALPHA') == both, 3.0,
                      'both addresses of ALPHA are in WINS')
        s.check_answered('OPERATOR')
        nmbd.kill()
        nmbd = s.nmbd()
        wait_table(nmbd, {'OPERATOR': HELD})
        check_running(nmbd.json('status'), both)
        s.owner('HELPDESK')
        check.equal(verdict(nmbd.json('add HELPDESK')), _refused(OWNER),
                    'answer for HELPDESK')
        check.equal(s.in_wins('HELPDESK'), [OWNER], 'HELPDESK in WINS')
        check.equal(nmbd.json('delete OPERATOR')['ok'], True, 'delete')
        nmbd.wait_for(lambda: s.in_wins('OPERATOR') is None, 3.0,
                      'no address of OPERATOR is in WINS')


def test_new_interface():
    """Its address gets into WINS for every alias; and out of what we say when
    the interface goes."""
    with site(('10.88.0.2/24', '10.91.0.2/24')) as s:
        s.router.namespace.ip('route add 10.91.0.0/24 via 10.88.0.2')
        s.alpha.namespace.ip('addr flush dev eth1')
        both = ['10.88.0.2', '10.91.0.2']
        nmbd = s.nmbd({'interfaces': 'eth*',
                       'messenger:aliases': 'HELPDESK'})
        nmbd.ask('add OPERATOR')
        for name in ('OPERATOR', 'HELPDESK'):
            nmbd.wait_for(lambda: s.in_wins(name) == both[:1], 3.0,
                          'one address of %s is in WINS' % name)
        s.alpha.namespace.ip('addr add 10.91.0.2/24 brd + dev eth1')
        nmbd.reload()
        for name in ('OPERATOR', 'HELPDESK'):
            nmbd.wait_for(lambda: s.in_wins(name) == both, 6.0,
                          'both addresses of %s are in WINS' % name)
        check_running(nmbd.json('status'), both)
        s.alpha.namespace.ip('addr flush dev eth1')
        nmbd.reload()
        nmbd.wait_for(lambda: nbt.nb_addresses(
            s.client.query(s.alpha.address, 'OPERATOR', 3,
                           False).packet.answers[0].rdata) == both[:1],
                      3.0, 'one address in an answer for OPERATOR')
        for name in ('OPERATOR', 'HELPDESK', 'ALPHA'):
            nmbd.wait_for(lambda: s.in_wins(name) == both[:1], 3.0,
                          'the address has gone from WINS for ' + name)


# Several servers

def test_two_tags():
    """Each tag's server has it, and the owner in either is found."""
    with site() as s:
        s.far('WINSTWO', SECOND_SERVER).nmbd({'wins support': 'yes'})
        s.owner('OPERATOR', server=SECOND_SERVER)
        s.owner('HELPDESK', '10.89.0.5', name='DELTA')
        nmbd = s.nmbd({'wins server': 'one:%s two:%s'
                       % (SERVER, SECOND_SERVER)})
        servers = (SERVER, SECOND_SERVER)
        check.equal([s.in_wins('ALPHA', server) for server in servers],
                    [['10.88.0.2']] * 2, 'ALPHA in WINS')
        check.equal(verdict(nmbd.json('add OPERATOR')), _refused(OWNER),
                    'answer for OPERATOR')
        check.equal([s.in_wins('OPERATOR', server) for server in servers],
                    [None, [OWNER]], 'OPERATOR in WINS')
        check.equal(verdict(nmbd.json('add HELPDESK')), _refused('10.89.0.5'),
                    'answer for HELPDESK')
        check.equal([s.in_wins('HELPDESK', server) for server in servers],
                    [['10.89.0.5'], None], 'HELPDESK in WINS')
        check.equal(verdict(nmbd.json('add FRONTDESK')), SUCCESS,
                    'answer for FRONTDESK')
        check.equal([s.in_wins('FRONTDESK', server) for server in servers],
                    [['10.88.0.2']] * 2, 'FRONTDESK in WINS')
        nmbd.ask('delete FRONTDESK')
        for server in servers:
            nmbd.wait_for(lambda: s.in_wins('FRONTDESK', server) is None,
                          2.0, 'FRONTDESK is no longer in ' + server)


@check.seconds(90)
def test_first_of_two_servers_dead():
    """nmbd goes on to the next one when the first has not answered for 20 s;
    questions about owners go there, too."""
    with site() as s:
        s.owner('HELPDESK')
        nmbd = s.nmbd({'wins server': '10.89.0.77 ' + SERVER}, seconds=40.0)
        nmbd.wait_for(lambda: s.in_wins('ALPHA') == ['10.88.0.2'], 40.0,
                      'ALPHA is in WINS', interval=0.2)
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        check.equal(s.in_wins('OPERATOR'), ['10.88.0.2'], 'OPERATOR in WINS')
        check.equal(verdict(nmbd.json('add HELPDESK')), _refused(OWNER),
                    'answer for HELPDESK')
        check.equal(s.in_wins('HELPDESK'), [OWNER], 'HELPDESK in WINS')


# Servers that do not answer

def _wait_answered(s, nmbd, name):
    """By broadcast at once; by unicast when our own three questions to WINS
    are over, and not after the 20 s in which nmbd gives a server up."""
    s.check_answered_by_broadcast(name)

    def answered():
        s.check_answered(name)
        return True

    nmbd.wait_for(answered, 8.0, name + ' is answered for')


def test_dead_server():
    """No refusal, and nobody waits for it."""
    with site(wins=False) as s:
        nmbd = s.nmbd(running=False)
        check_running(wait_state(nmbd, 'running', 3.0))
        request = Request(nmbd, 'add OPERATOR')
        check.equal(verdict(request.answer()), SUCCESS, 'answer')
        check.between(request.answered - request.sent, 0.7, 2.0,
                      'seconds to the answer')
        wait_table(nmbd, {'OPERATOR': HELD})
        _wait_answered(s, nmbd, 'OPERATOR')
        check.none(events(nmbd, 'alias-refused')
                   + events(nmbd, 'service-failed'), 'refusals')
        check.equal(nmbd.json('delete OPERATOR')['ok'], True, 'delete')
        s.check_nowhere(nmbd, 'OPERATOR')


def test_server_dies():
    """What is held stays, and more can be added."""
    with site() as s:
        nmbd = s.nmbd()
        nmbd.ask('add OPERATOR')
        s.wins.kill()
        s.server.cable('eth0', False)
        request = Request(nmbd, 'add HELPDESK')
        check.equal(verdict(request.answer()), SUCCESS, 'answer')
        check.between(request.answered - request.sent, 0.7, 5.0,
                      'seconds to the answer')
        wait_table(nmbd, {'OPERATOR': HELD, 'HELPDESK': HELD})
        s.check_answered('OPERATOR')
        _wait_answered(s, nmbd, 'HELPDESK')
        check_running(nmbd.json('status'))
        check.none(events(nmbd, 'alias-refused') + events(nmbd, 'alias-lost'),
                   'refusals')


# A server written for the tests

def _server(s, ttl=600):
    """BRAVO's peer as a WINS server that knows no name and grants all."""
    s.peer.on(nbt.REGISTRATIONS | {nbt.REFRESH, nbt.REFRESH_ALT}, None, None,
              lambda request: (None if request.broadcast else
                               nbt.registration_reply(request, 0, ttl=ttl)))
    s.peer.on({nbt.QUERY}, None, 3, lambda request: (
        None if request.broadcast else nbt.negative_query_reply(request)))
    return {'wins server': '10.88.0.9'}


def _on_unicast(s, opcodes, name, answer):
    return s.peer.on(opcodes, name, 3, lambda request: (
        None if request.broadcast else answer(request)))


def test_wack():
    """"Wait" is no answer; the one after it is."""
    def thinks(rcode):
        return lambda request: [nbt.wack(request, 5),
                                (1.2, nbt.registration_reply(request, rcode,
                                                             ttl=600))]

    with site(wins=False) as s:
        options = _server(s)
        _on_unicast(s, nbt.REGISTRATIONS, 'OPERATOR', thinks(0))
        _on_unicast(s, nbt.REGISTRATIONS, 'HELPDESK', thinks(nbt.ACT_ERR))
        nmbd = s.nmbd(options)
        requests = [Request(nmbd, 'add ' + name)
                    for name in ('OPERATOR', 'HELPDESK')]
        # on the net nobody has them; a refusal that comes later is a loss
        for request in requests:
            check.equal(verdict(request.answer()), SUCCESS, request.text)
        wait_table(nmbd, {'OPERATOR': HELD, 'HELPDESK': ('added', 'refused')})
        check.equal([(event['alias'], event['code'], event['subnet'],
                      event['rcode']) for event
                     in events(nmbd, 'alias-lost')],
                    [('HELPDESK', 2297, UNICAST, 6)], 'alias-lost')
        nmbd.wait_for(lambda: subnet_of(alias_of(
            nmbd.json('list'), 'OPERATOR'), UNICAST)['state']
            == 'registered', 3.0, 'OPERATOR is registered in WINS')
        s.check_answered('OPERATOR')
        s.check_nowhere(nmbd, 'HELPDESK')


def test_refused_by_the_server():
    """Without a word about the owner: none is made up."""
    with site(wins=False) as s:
        options = _server(s)
        _on_unicast(s, nbt.REGISTRATIONS, 'OPERATOR',
                    lambda request: nbt.registration_reply(request,
                                                           nbt.ACT_ERR))
        nmbd = s.nmbd(options)
        check.equal(verdict(nmbd.json('add OPERATOR')), _refused(None),
                    'answer')
        s.check_nowhere(nmbd, 'OPERATOR')
        event = events(nmbd, 'alias-refused')[0]
        check.equal((event['rcode'], event['subnet'], event.get('holder')),
                    (6, UNICAST, None), 'alias-refused')


def _conflict_at_refresh(name, options):
    """The server takes a name away when it is refreshed."""
    with site(wins=False) as s:
        wanted = _server(s, ttl=4)
        wanted.update(options)
        _on_unicast(s, {nbt.REFRESH, nbt.REFRESH_ALT}, name,
                    lambda request: nbt.Packet(
                        request.id, nbt.REFRESH,
                        nbt.RESPONSE | nbt.AA | nbt.RD | nbt.RA, nbt.ACT_ERR,
                        answers=[nbt.Record(request.name,
                                            rdata=b'\0' * 6)]))
        rule = _on_unicast(s, nbt.REGISTRATIONS, name,
                           lambda request: nbt.registration_reply(
                               request, 0, ttl=4))
        nmbd = s.nmbd(wanted)
        wait_table(nmbd, {alias: HELD for alias
                          in options.get('messenger:aliases', '').split()})
        # what nmbd does once it has lost it: it asks for it anew
        s.peer.forget(rule)
        _on_unicast(s, nbt.REGISTRATIONS, name,
                    lambda request: nbt.registration_reply(request,
                                                           nbt.ACT_ERR))
        nmbd.wait_for(lambda: events(nmbd, 'alias-lost'), 75.0,
                      'alias-lost', interval=0.2)
        lost = events(nmbd, 'alias-lost')
        check.equal([(event['alias'], event['code'], event['rcode'],
                      event['subnet']) for event in lost],
                    [(name, 2297, 6, UNICAST)], 'alias-lost events')
        s.check_nowhere(nmbd, name)
        yield nmbd, s
        check.equal(nmbd.stop(), 0, 'exit status')


@check.seconds(100)
def test_alias_lost_at_refresh():
    """It is given up everywhere; the rest goes on."""
    for nmbd, s in _conflict_at_refresh('OPERATOR', {
            'messenger:aliases': 'OPERATOR HELPDESK'}):
        wait_table(nmbd, {'OPERATOR': ('added', 'refused'),
                          'HELPDESK': HELD})
        s.check_answered('HELPDESK')
        check_running(nmbd.json('status'))
        check.equal(len(released(s.capture, 'OPERATOR')), 1, 'releases')


@check.seconds(100)
def test_computer_name_lost_at_refresh():
    """The service fails with 2270, and the other aliases go."""
    for nmbd, s in _conflict_at_refresh('ALPHA', {
            'messenger:aliases': 'OPERATOR'}):
        status = wait_state(nmbd, 'failed')
        check.equal((status['service']['win32_exit_code'],
                     status['service']['service_exit_code']), (1066, 2270),
                    'exit codes')
        s.check_nowhere(nmbd, 'OPERATOR')
        check.equal(len(events(nmbd, 'service-failed')), 1,
                    'service-failed events')


# nmbd as the server itself

def test_own_server():
    with site(wins=False) as s:
        nmbd = s.nmbd({'wins server': None, 'wins support': 'yes'},
                      seconds=8.0)
        check.equal(verdict(nmbd.json('add OPERATOR')), SUCCESS, 'answer')
        wins = s.alpha.address
        check.equal([s.in_wins('ALPHA', wins), s.in_wins('OPERATOR', wins)],
                    [[wins], [wins]], 'WINS')
        s.check_answered('OPERATOR')
        # its client on the other side of the router owns a name
        s.owner('HELPDESK', server=wins)
        check.equal(verdict(nmbd.json('add HELPDESK')), _refused(OWNER),
                    'answer for HELPDESK')
        check.equal(s.in_wins('HELPDESK', wins), [OWNER], 'HELPDESK in WINS')
        check.equal(list(table(nmbd)), ['ALPHA', 'OPERATOR'], 'aliases')
        # and cannot have ours
        other = s.far('DELTA', '10.89.0.5').nmbd(
            {'wins server': wins}, 'messenger')
        wait_state(other, 'running', 6.0)
        check.equal(verdict(other.json('add OPERATOR')), _refused(wins),
                    'answer to DELTA')
        nmbd.ask('delete OPERATOR')
        nmbd.wait_for(lambda: s.in_wins('OPERATOR', wins) is None, 2.0,
                      'OPERATOR is no longer in WINS')
        check.equal(verdict(other.json('add OPERATOR')), SUCCESS,
                    'answer to DELTA')
        check.equal(s.in_wins('OPERATOR', wins), ['10.89.0.5'], 'WINS')
        check_running(nmbd.json('status'))


def test_becomes_silent_about_nothing():
    """Names other than <03> are nmbd's own affair, in WINS as well."""
    with site() as s:
        nmbd = s.nmbd()
        nmbd.ask('add OPERATOR')
        nmbd.wait_for(lambda: s.in_wins('ALPHA', suffix=0x20), 5.0,
                      'ALPHA<20> is in WINS')
        nmbd.ask('stop')
        nmbd.wait_for(lambda: s.in_wins('ALPHA') is None, 2.0,
                      'ALPHA<03> is no longer in WINS')
        check.equal([s.in_wins('ALPHA', suffix=suffix)
                     for suffix in (0x00, 0x20)], [['10.88.0.2']] * 2,
                    'ALPHA<00> and ALPHA<20> in WINS')
        check.none(about(s.capture, 'OPERATOR')[-1].packet.rcode,
                   'rcode of the last packet about OPERATOR')
