# SPDX-License-Identifier: GPL-3.0-or-later
"""messenger:aliases: at start, and in step with smb.conf from then on."""

from aliases import (Request, about, check_code, nets, released, running,
                     subnets_of, table, verdict, wait_table)
from lab import check
from steps import (ADDRESS, HOLDER, alias_of, check_running, events, holder_of,
                   pair, subnet_of, wait_state)

HELD = ('added', 'registered')
REFUSED = ('added', 'refused')


def _aliases(text, **more):
    return dict({'messenger:aliases': text}, **more)


def _reload(p, nmbd, text, how=None):
    """Changes messenger:aliases and tells nmbd."""
    p.alpha.configure(_aliases(text), 'messenger')
    if how is None:
        nmbd.reload()
    else:
        how()


def _held(names):
    return {name: HELD for name in names.split()}


def test_at_start():
    with nets(2) as p:
        nmbd = running(p, _aliases('OPERATOR, helpdesk "Front Desk"'))
        wait_table(nmbd, {'OPERATOR': HELD, 'HELPDESK': HELD,
                          'FRONT DESK': HELD})
        for name in ('OPERATOR', 'HELPDESK', 'FRONT DESK'):
            p.check_answered(name)
            check.equal(subnets_of(nmbd, name),
                        {address: 'registered' for address in p.addresses},
                        'subnets of ' + name)
            for net in p.nets:
                check.equal(len(p.capture.registrations(
                    name, 3, interface=net.interface)), 3,
                    'requests for %s on %s' % (name, net.interface))
        # rule 1: the computer name first
        granted = p.capture.registrations('ALPHA', 3)[-1]
        check.true(p.capture.registrations('OPERATOR', 3)[0].time
                   > granted.time, 'the computer name came first')
        check.equal([alias['name'] for alias in nmbd.json('list')['aliases']
                     ][0], 'ALPHA', 'the first of the list')
        check_code(nmbd, 'add OPERATOR', 2276, 'NERR_AlreadyExists')


def test_not_without_the_computer_name():
    with pair() as p:
        rule = p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(_aliases('OPERATOR HELPDESK'))
        wait_state(nmbd, 'failed')
        check.equal(list(table(nmbd)), ['ALPHA'], 'aliases')
        check.none(about(p.capture, 'OPERATOR'), 'packets about OPERATOR')
        p.peer.forget(rule)
        nmbd.ask('start')
        wait_table(nmbd, _held('OPERATOR HELPDESK'))
        p.check_answered('OPERATOR')


def _in_step(how):
    with nets(2) as p:
        nmbd = running(p, _aliases('ONE TWO THREE'))
        wait_table(nmbd, _held('ONE TWO THREE'))
        before = len(p.capture.packets)
        _reload(p, nmbd, 'TWO THREE FOUR', how and (lambda: how(nmbd)))
        wait_table(nmbd, _held('TWO THREE FOUR'))
        p.check_silent('ONE')
        p.check_answered('FOUR')
        for net in p.nets:
            check.equal(len(released(p.capture, 'ONE', net.interface)), 1,
                        'releases of ONE on ' + net.interface)
            check.equal(len(p.capture.registrations(
                'FOUR', 3, interface=net.interface)), 3,
                'requests for FOUR on ' + net.interface)
        for name in ('ALPHA', 'TWO', 'THREE'):
            check.none(about(p.capture, name, before),
                       'packets about %s since' % name)
            p.check_answered(name)
        check_running(nmbd.json('status'), p.addresses)
        check.equal([event['alias']
                     for event in events(nmbd, 'alias-released')], ['ONE'],
                    'alias-released events')
        check.equal(sorted(event['alias'] for event
                           in events(nmbd, 'alias-registered')),
                    ['ALPHA', 'FOUR', 'ONE', 'THREE', 'TWO'],
                    'alias-registered events')


def test_in_step_on_reload_config():
    _in_step(None)


def test_in_step_on_sighup():
    _in_step(lambda nmbd: nmbd.hangup())


def test_emptied():
    """Taken out of smb.conf altogether, and brought back."""
    with pair() as p:
        nmbd = running(p, _aliases('ONE TWO'))
        wait_table(nmbd, _held('ONE TWO'))
        p.alpha.configure({}, 'messenger')
        nmbd.reload()
        wait_table(nmbd, {})
        p.check_silent('ONE')
        _reload(p, nmbd, 'TWO ONE')
        wait_table(nmbd, _held('ONE TWO'))
        p.check_answered('TWO')


def test_reload_without_a_change():
    with pair() as p:
        nmbd = running(p, _aliases('ONE TWO'))
        wait_table(nmbd, _held('ONE TWO'))
        nmbd.ask('add THREE')
        before = len(p.capture.packets)
        since = {alias['name']: alias['since']
                 for alias in nmbd.json('list')['aliases']}
        for text in ('two ONE', 'ONE, TWO,'):
            _reload(p, nmbd, text)
            nmbd.hangup()
        # a change that can be seen: the reloads before it are done
        _reload(p, nmbd, 'ONE TWO FOUR')
        wait_table(nmbd, _held('ONE TWO THREE FOUR'))
        for name in ('ALPHA', 'ONE', 'TWO', 'THREE'):
            check.none(about(p.capture, name, before),
                       'packets about %s since' % name)
        check.equal({alias['name']: alias['since']
                     for alias in nmbd.json('list')['aliases']
                     if alias['name'] != 'FOUR'}, since, 'since')


def test_refused_stay_listed():
    """With the holder; the others are held all the same, and the service
    runs."""
    with nets(2) as p:
        p.nets[1].peer.refuse('TWO', 3)
        nmbd = running(p, _aliases('ONE TWO THREE'))
        expected = dict(_held('ONE THREE'), TWO=REFUSED)
        wait_table(nmbd, expected)
        entry = subnet_of(alias_of(nmbd.json('list'), 'TWO'), '10.89.0.2')
        check.equal((entry['state'], entry['rcode'], holder_of(entry)),
                    ('refused', 6, '10.89.0.9'), 'TWO on the second net')
        check.contains(nmbd.ask('list'), '10.89.0.9', 'list as text')
        p.wait_silent(nmbd, 'TWO')
        p.check_answered('THREE')
        check_running(nmbd.json('status'), p.addresses)
        refused = events(nmbd, 'alias-refused')
        check.equal([(event['alias'], event['code'],
                      event['holder']['address']) for event in refused],
                    [('TWO', 2297, '10.89.0.9')], 'alias-refused events')
        # one that smb.conf no longer asks for is listed no longer
        _reload(p, nmbd, 'ONE')
        wait_table(nmbd, _held('ONE'))
        _reload(p, nmbd, 'ONE TWO')
        wait_table(nmbd, dict(_held('ONE'), TWO=REFUSED))


def test_refused_then_added():
    """"add" is another try for a refused one of smb.conf, and says what
    becomes of it; a second refusal leaves it listed."""
    with pair() as p:
        rule = p.peer.refuse('OPERATOR', 3)
        nmbd = running(p, _aliases('OPERATOR'))
        wait_table(nmbd, {'OPERATOR': REFUSED})
        check.equal(verdict(nmbd.json('add OPERATOR')),
                    (False, 2297, 'NERR_DuplicateName', HOLDER), 'refused')
        wait_table(nmbd, {'OPERATOR': REFUSED})
        p.peer.forget(rule)
        check.equal(nmbd.json('add OPERATOR')['ok'], True, 'add')
        wait_table(nmbd, {'OPERATOR': HELD})
        p.check_answered('OPERATOR')


def test_refused_stays_quiet():
    """Not claimed again by itself, neither by a reload for another's sake."""
    with pair() as p:
        rule = p.peer.refuse('OPERATOR', 3)
        nmbd = running(p, _aliases('OPERATOR'))
        wait_table(nmbd, {'OPERATOR': REFUSED})
        _reload(p, nmbd, 'OPERATOR HELPDESK')
        wait_table(nmbd, {'OPERATOR': REFUSED, 'HELPDESK': HELD})
        check.equal(len(rule.requests), 1, 'requests for OPERATOR')
        check.equal(len(events(nmbd, 'alias-refused')), 1, 'events')
        # but a start of the service is from scratch
        p.peer.forget(rule)
        nmbd.ask('stop')
        nmbd.ask('start')
        wait_table(nmbd, _held('OPERATOR HELPDESK'))


def test_refused_and_deleted():
    with pair() as p:
        p.peer.refuse('OPERATOR', 3)
        nmbd = running(p, _aliases('OPERATOR'))
        wait_table(nmbd, {'OPERATOR': REFUSED})
        check.equal(nmbd.json('delete OPERATOR')['ok'], True, 'delete')
        wait_table(nmbd, {})


def test_deleted_by_request():
    """Until smb.conf is read again: that is what it asks for."""
    with pair() as p:
        nmbd = running(p, _aliases('OPERATOR'))
        wait_table(nmbd, _held('OPERATOR'))
        check.equal(nmbd.json('delete OPERATOR')['ok'], True, 'delete')
        wait_table(nmbd, {})
        p.check_silent('OPERATOR')
        check.equal(len(released(p.capture, 'OPERATOR')), 1, 'releases')
        nmbd.ask('stop')
        nmbd.ask('start')
        nmbd.ask('add OTHER')
        check.equal(sorted(table(nmbd)), ['ALPHA', 'OTHER'], 'aliases')
        _reload(p, nmbd, 'OPERATOR HELPDESK')
        wait_table(nmbd, _held('OPERATOR HELPDESK OTHER'))
        nmbd.ask('delete OPERATOR')
        nmbd.kill()
        nmbd = running(p, _aliases('OPERATOR'))
        wait_table(nmbd, _held('OPERATOR OTHER'))


def test_added_by_request_and_in_smb_conf():
    """Who asked first does not matter: one that is asked for is held."""
    with pair() as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        before = len(p.capture.packets)
        _reload(p, nmbd, 'OPERATOR HELPDESK')
        wait_table(nmbd, _held('OPERATOR HELPDESK'))
        _reload(p, nmbd, 'FRONTDESK')
        wait_table(nmbd, _held('OPERATOR FRONTDESK'))
        check.none(about(p.capture, 'OPERATOR', before),
                   'packets about OPERATOR')
        p.check_answered('OPERATOR')
        p.check_silent('HELPDESK')


def test_taken_out_while_registering():
    with pair() as p:
        nmbd = running(p)
        _reload(p, nmbd, 'OPERATOR HELPDESK')
        p.capture.wait_for(lambda: p.capture.registrations('OPERATOR', 3),
                           3.0, 'a request for OPERATOR')
        _reload(p, nmbd, 'HELPDESK')
        wait_table(nmbd, _held('HELPDESK'))
        p.check_silent('OPERATOR')
        sent = len(p.capture.registrations('OPERATOR', 3))
        check.between(sent, 1, 3, 'requests for OPERATOR')
        nmbd.ask('add ANOTHER')
        check.equal(len(p.capture.registrations('OPERATOR', 3)), sent,
                    'requests for OPERATOR later on')


def test_added_while_smb_conf_registers_it():
    """Who asks for it waits for the claim that is under way."""
    with pair() as p:
        nmbd = running(p)
        _reload(p, nmbd, 'OPERATOR')
        p.capture.wait_for(lambda: p.capture.registrations('OPERATOR', 3),
                           3.0, 'a request for OPERATOR')
        check.equal(nmbd.json('add OPERATOR')['code'], 0, 'code')
        check.equal(table(nmbd)['OPERATOR'], HELD, 'state')
        check.equal(len(p.capture.registrations('OPERATOR', 3)), 3,
                    'requests for OPERATOR')


def test_names_that_are_there_already():
    """The computer name, a netbios alias, and one name twice."""
    with pair() as p:
        options = _aliases('alpha SECOND one ONE "One"')
        options['netbios aliases'] = 'SECOND'
        nmbd = running(p, options)
        wait_table(nmbd, {'SECOND': ('computer', 'registered'), 'ONE': HELD})
        for name in ('ALPHA', 'SECOND', 'ONE'):
            check.equal(len(p.capture.registrations(name, 3)), 3,
                        'requests for ' + name)
        check.none(nmbd.log_entries('messenger:aliases'), 'complaints')
        _reload(p, nmbd, '')
        wait_table(nmbd, {'SECOND': ('computer', 'registered')})
        p.check_answered('ALPHA')
        p.check_answered('SECOND')
        check_code(nmbd, 'delete SECOND', 2278, 'NERR_DelComputerName')


def test_wrong_values():
    """One clear line each, and the rest works."""
    wrong = ('SIXTEEN-LETTERS-', 'A*B', 'A/B', '*', '\u4f60')
    with pair() as p:
        nmbd = running(p, {
            'messenger:aliases': 'ONE %s TWO' % ' '.join(wrong),
            'messenger:max aliases': '-3',
            'messenger:restart interval': '-1',
            'messenger:user aliases': 'utmp',
            'messenger:ignore users': '',
            'messenger:store': 'maybe'})
        wait_table(nmbd, dict(_held('ONE TWO'), **{
            name: ('added', 'invalid') for name in wrong}))
        for name in wrong:
            found = nmbd.log_entries("'%s'" % name)
            check.equal([entry.level for entry in found], [0],
                        'errors about ' + name)
            check.contains(found[0].text, 'messenger:aliases', 'complaint')
            check.lacks(found[0].text, '\n', 'complaint')
        check.contains(nmbd.log_entries("'SIXTEEN-LETTERS-'")[0].text, '87',
                       'complaint')
        check.contains(nmbd.log_entries("'A*B'")[0].text, '123', 'complaint')
        for option in ('max aliases = -3', 'restart interval = -1',
                       'user aliases = utmp', 'store = maybe'):
            found = nmbd.log_entries('messenger:' + option)
            check.equal([entry.level for entry in found], [0],
                        'errors about ' + option)
        check.equal(nmbd.json('add THREE')['ok'], True, 'add')
        check_running(nmbd.json('status'))


def test_more_than_fit():
    """What does not fit is told with 2277, and follows when there is room."""
    with pair() as p:
        options = _aliases('ONE TWO THREE FOUR FIVE')
        options['messenger:max aliases'] = '4'
        nmbd = running(p, options)
        nmbd.wait_for(lambda: events(nmbd, 'alias-refused'), 3.0,
                      'alias-refused events')
        nmbd.wait_for(lambda: 'registering' not in
                      [state for _, state in table(nmbd).values()], 3.0,
                      'the table is settled')
        held = [name for name in table(nmbd) if name != 'ALPHA']
        check.between(len(held), 3, 4, 'aliases that fit')
        left = [event['alias'] for event in events(nmbd, 'alias-refused')]
        check.equal(sorted(held + left),
                    ['FIVE', 'FOUR', 'ONE', 'THREE', 'TWO'],
                    'held or told of')
        check.equal({event['code']
                     for event in events(nmbd, 'alias-refused')}, {2277},
                    'codes of the events')
        options['messenger:max aliases'] = '100'
        p.alpha.configure(options, 'messenger')
        nmbd.reload()
        wait_table(nmbd, _held('ONE TWO THREE FOUR FIVE'))
        check.equal(len(events(nmbd, 'alias-refused')), len(left),
                    'alias-refused events')


def test_reload_while_failed_starts():
    """Rule 2; and with the list as it is now."""
    with pair() as p:
        rule = p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(_aliases('ONE'))
        wait_state(nmbd, 'failed')
        p.peer.forget(rule)
        _reload(p, nmbd, 'TWO')
        wait_state(nmbd, 'running')
        wait_table(nmbd, _held('TWO'))
        check.none(about(p.capture, 'ONE'), 'packets about ONE')


def test_reload_while_stopped_does_not_start():
    with pair() as p:
        nmbd = running(p, _aliases('ONE'))
        wait_table(nmbd, _held('ONE'))
        nmbd.ask('stop')
        before = len(p.capture.packets)
        _reload(p, nmbd, 'TWO')
        # a request is answered after the reload before it
        check.equal(nmbd.json('status')['service']['state'], 'stopped',
                    'service state')
        p.check_silent('ONE')
        p.check_silent('TWO')
        check.none([seen for seen in p.capture.registrations(None, 3)
                    if seen in p.capture.packets[before:]], 'requests')
        nmbd.ask('start')
        wait_table(nmbd, _held('TWO'))


def test_many_reloads():
    """Twenty in a row, some of them while claims are under way."""
    with pair() as p:
        nmbd = running(p)
        names = ['N%d' % number for number in range(10)]
        for turn in range(20):
            _reload(p, nmbd, ' '.join(names[turn % 5:turn % 5 + 5]))
            if turn % 4 == 3:
                nmbd.hangup()
            if turn % 7 == 6:
                Request(nmbd, 'add EXTRA').answer()
        wait_table(nmbd, _held(' '.join(names[4:9]) + ' EXTRA'))
        for name in names[4:9]:
            p.check_answered(name)
        for name in names[:4] + names[9:]:
            p.check_silent(name)
        check.equal(subnet_of(alias_of(nmbd.json('list'), 'N4'),
                              ADDRESS)['state'], 'registered', 'N4')
