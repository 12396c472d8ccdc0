# SPDX-License-Identifier: GPL-3.0-or-later
"""messenger:user aliases = logind: the names of those who have a session.

logind is files under /run/systemd; here they are the test's own, seen by nmbd
alone: it runs in a mount namespace of its own.
"""

import contextlib
import ctypes
import os
import shutil

from aliases import about, check_code, nets, released, table, wait_table
from lab import Lab, check, mounts
from steps import HOLDER, Pair, check_running, events, wait_state

HELD = ('user', 'registered')
USERS = ['root', 'alice', 'bob', 'carol', 'operator', 'alpha', 'Dave',
         'LAB\\erin', 'gina', 'j\u00f6rg', 'a.name.too.long.for.netbios', 'bad*name',
         'bad/name', 'frank smith']


class Logind:
    """The files of logind.  No passwd has the users above: nmbd is not to ask
    the name service switch, which may take its time."""

    def __init__(self, host, there=True):
        self.directory = host.path('systemd')
        os.mkdir(self.directory, 0o755)
        if there:
            self.come_up()

    @staticmethod
    def uid(user):
        return 0 if user == 'root' else 60000 + USERS.index(user)

    def wrap(self):
        """The words before nmbd's that let it see these files."""
        # a machine that never ran systemd has no /run/systemd
        return mounts.private('mount -t tmpfs tmpfs /run; mkdir /run/systemd; '
                              'mount --bind "$0" /run/systemd',
                              self.directory)

    def come_up(self):
        for part in ('users', 'seats', 'machines', 'sessions'):
            os.mkdir(os.path.join(self.directory, part), 0o755)

    def log_on(self, session, user, **what):
        """Creates a session, or changes it: as logind does, by a rename."""
        state = {'UID': self.uid(user), 'USER': user, 'ACTIVE': 1,
                 'IS_DISPLAY': 1, 'STATE': 'active', 'REMOTE': 0,
                 'TYPE': 'tty', 'ORIGINAL_TYPE': 'tty', 'CLASS': 'user',
                 'SCOPE': 'session-%s.scope' % session, 'FIFO': '/dev/null',
                 'TTY': 'pts/0', 'SERVICE': 'login', 'LEADER': 1, 'AUDIT': 1,
                 'REALTIME': 1700000000000000, 'MONOTONIC': 1000000}
        state.update(what)
        path = os.path.join(self.directory, 'sessions', session)
        hidden = os.path.join(self.directory, 'sessions', '.#' + session)
        with open(hidden, 'w') as target:
            target.write('# This is private data. Do not parse.\n')
            for item in state.items():
                target.write('%s=%s\n' % item)
        os.rename(hidden, path)

    def log_off(self, session):
        os.unlink(os.path.join(self.directory, 'sessions', session))


class Machine(Pair):
    """ALPHA with a logind, BRAVO with a peer."""

    def __init__(self, lab, there=True):
        super().__init__(lab)
        self.logind = Logind(self.alpha, there)

    def nmbd(self, options=None, modules='messenger', **kwargs):
        wanted = {'messenger:user aliases': 'logind'}
        wanted.update(options or {})
        nmbd = super().nmbd(wanted, modules, wrap=self.logind.wrap(),
                            **kwargs)
        nmbd.wait_log('entered the running state')
        return nmbd

    def reload(self, nmbd, options):
        wanted = {'messenger:user aliases': 'logind'}
        wanted.update(options)
        self.alpha.configure(wanted, 'messenger')
        nmbd.reload()


@contextlib.contextmanager
def machine(**kwargs):
    with Lab() as lab:
        yield Machine(lab, **kwargs)


def _seen_through(m, nmbd, held=()):
    """A user who logs on after the others, and whose alias proves that nmbd
    has dealt with them. What is held besides is as expected."""
    m.logind.log_on('proof', 'carol')
    wait_table(nmbd, dict({name: HELD for name in held}, CAROL=HELD))


def test_log_on_and_off():
    with machine() as m:
        nmbd = m.nmbd()
        m.logind.log_on('1', 'alice')
        wait_table(nmbd, {'ALICE': HELD})
        m.check_answered('ALICE')
        check.equal([(event['alias'], event['kind']) for event
                     in events(nmbd, 'alias-registered')][1:],
                    [('ALICE', 'user')], 'alias-registered events')
        m.logind.log_on('2', 'bob')
        wait_table(nmbd, {'ALICE': HELD, 'BOB': HELD})
        m.logind.log_off('1')
        wait_table(nmbd, {'BOB': HELD})
        m.check_silent('ALICE')
        check.equal(len(released(m.capture, 'ALICE')), 1, 'releases')
        check.equal([event['alias'] for event
                     in events(nmbd, 'alias-released')], ['ALICE'],
                    'alias-released events')
        m.logind.log_on('3', 'alice')
        wait_table(nmbd, {'ALICE': HELD, 'BOB': HELD})
        m.check_answered('ALICE')
        check.equal(len(m.capture.registrations('BOB', 3)), 3,
                    'requests for BOB')


def test_logged_on_before():
    """And is there again after nmbd was killed: the session is what counts,
    not the store."""
    with machine() as m:
        m.logind.log_on('1', 'alice')
        m.logind.log_on('2', 'bob')
        nmbd = m.nmbd()
        wait_table(nmbd, {'ALICE': HELD, 'BOB': HELD})
        nmbd.kill()
        m.logind.log_off('2')
        nmbd = m.nmbd()
        wait_table(nmbd, {'ALICE': HELD})
        check.none(about(m.capture, 'BOB')[6:], 'packets about BOB')


def test_on_all_subnets():
    with nets(2) as p:
        logind = Logind(p.alpha)
        nmbd = p.nmbd({'messenger:user aliases': 'logind'},
                      wrap=logind.wrap())
        wait_state(nmbd, 'running')
        logind.log_on('1', 'alice')
        wait_table(nmbd, {'ALICE': HELD})
        p.check_answered('ALICE')
        logind.log_off('1')
        wait_table(nmbd, {})
        p.check_silent('ALICE')
        for net in p.nets:
            check.equal(len(released(p.capture, 'ALICE', net.interface)), 1,
                        'releases on ' + net.interface)


def test_off_by_default():
    with machine() as m:
        m.logind.log_on('1', 'alice')
        nmbd = m.nmbd({'messenger:user aliases': None})
        check.equal(nmbd.json('add OTHER')['ok'], True, 'add')
        check.equal(sorted(table(nmbd)), ['ALPHA', 'OTHER'], 'aliases')
        check.none(about(m.capture, 'ALICE'), 'packets about ALICE')


def test_closing():
    with machine() as m:
        m.logind.log_on('1', 'alice')
        nmbd = m.nmbd()
        wait_table(nmbd, {'ALICE': HELD})
        m.logind.log_on('1', 'alice', STATE='closing', ACTIVE=0)
        wait_table(nmbd, {})
        m.check_silent('ALICE')
        # a session that is not in front is one
        m.logind.log_on('2', 'bob', STATE='online', ACTIVE=0)
        m.logind.log_on('3', 'operator', STATE='opening')
        wait_table(nmbd, {'BOB': HELD, 'OPERATOR': HELD})


def test_only_persons():
    """Class user: no greeter, no lock screen, no cron job, no user manager;
    and not root."""
    with machine() as m:
        nmbd = m.nmbd()
        for number, kind in enumerate((
                'greeter', 'lock-screen', 'background', 'background-light',
                'manager', 'manager-early', 'none')):
            m.logind.log_on('c%d' % number, 'alice', CLASS=kind)
        m.logind.log_on('1', 'root')
        _seen_through(m, nmbd)
        check.none(about(m.capture, 'ALICE') + about(m.capture, 'ROOT'),
                   'packets about ALICE or ROOT')
        check.none(events(nmbd, 'alias-refused'), 'alias-refused events')


def test_ignored_users():
    """In step with smb.conf; without the default's root."""
    with machine() as m:
        m.logind.log_on('1', 'alice')
        m.logind.log_on('2', 'bob')
        m.logind.log_on('3', 'root')
        nmbd = m.nmbd({'messenger:ignore users': 'bob carol'})
        wait_table(nmbd, {'ALICE': HELD, 'ROOT': HELD})
        m.reload(nmbd, {'messenger:ignore users': 'alice, root'})
        wait_table(nmbd, {'BOB': HELD})
        m.check_silent('ALICE')
        m.check_answered('BOB')


def test_two_sessions():
    """One alias, and it stays until the last one ends."""
    with machine() as m:
        nmbd = m.nmbd()
        m.logind.log_on('1', 'alice')
        m.logind.log_on('2', 'alice', TYPE='x11')
        wait_table(nmbd, {'ALICE': HELD})
        m.logind.log_off('1')
        _seen_through(m, nmbd, ['ALICE'])
        check.equal(len(m.capture.registrations('ALICE', 3)), 3, 'requests')
        check.none(released(m.capture, 'ALICE'), 'releases')
        m.check_answered('ALICE')
        m.logind.log_off('2')
        wait_table(nmbd, {'CAROL': HELD})
        m.check_silent('ALICE')


def test_user_of_the_computers_name():
    """It is there already: nothing is added, nothing is said, and nothing is
    released when the user goes."""
    with machine() as m:
        nmbd = m.nmbd()
        m.logind.log_on('1', 'alpha')
        _seen_through(m, nmbd)
        check.equal(len(m.capture.registrations('ALPHA', 3)), 3, 'requests')
        m.logind.log_off('1')
        m.logind.log_off('proof')
        wait_table(nmbd, {})
        check.none(released(m.capture, 'ALPHA'), 'releases')
        m.check_answered('ALPHA')
        check_running(nmbd.json('status'))
        check.none(events(nmbd, 'alias-refused'), 'alias-refused events')


def test_names_that_cannot_be_aliases():
    """Left out, with one event each, however often the list is read."""
    with machine() as m:
        nmbd = m.nmbd()
        wrong = {'a.name.too.long.for.netbios': 87, 'bad*name': 123,
                 'bad/name': 123}
        for number, user in enumerate(wrong):
            m.logind.log_on(str(number), user)
        _seen_through(m, nmbd)
        m.logind.log_on('9', 'bob')
        m.logind.log_off('proof')
        wait_table(nmbd, {'BOB': HELD})
        refused = events(nmbd, 'alias-refused')
        check.equal(sorted((event['alias'].lower(), event['code'])
                           for event in refused), sorted(wrong.items()),
                    'alias-refused events')
        check.equal({event['kind'] for event in refused}, {'user'}, 'kinds')
        # explain has them for as long as they are logged on
        check.equal(sorted((finding['alias'].lower(), finding['code'])
                           for finding in nmbd.json('explain')['findings']),
                    sorted(wrong.items()), 'findings')
        check_running(nmbd.json('status'))


def test_forms_of_names():
    """Of a domain, in another script, with a blank, in mixed case."""
    with machine() as m:
        nmbd = m.nmbd()
        for number, user in enumerate(('LAB\\erin', 'j\u00f6rg',
                                       'frank smith', 'Dave')):
            m.logind.log_on(str(number), user)
        names = ['ERIN', 'J\u00d6RG', 'FRANK SMITH', 'DAVE']
        if hasattr(ctypes.CDLL('libsystemd.so.0'), 'sd_session_get_username'):
            # as a logind may write it whose libsystemd can read it
            m.logind.log_on('5', 'gina', USER='"LAB\\\\gina"')
            names.append('GINA')
        wait_table(nmbd, {name: HELD for name in names})
        for name in names:
            m.check_answered(name)


def test_refused():
    """First come, first served: only an event; not fatal, and not listed."""
    with machine() as m:
        m.peer.refuse('ALICE', 3)
        nmbd = m.nmbd()
        m.logind.log_on('1', 'alice')
        m.logind.log_on('2', 'bob')
        wait_table(nmbd, {'BOB': HELD})
        refused = nmbd.wait_for(lambda: events(nmbd, 'alias-refused'), 3.0,
                                'alias-refused')
        check.equal([(event['alias'], event['kind'], event['code'],
                      event['holder']['address']) for event in refused],
                    [('ALICE', 'user', 2297, HOLDER)],
                    'alias-refused events')
        check_running(nmbd.json('status'))
        m.check_silent('ALICE')
        # not tried again with every log-on of somebody else
        _seen_through(m, nmbd, ['BOB'])
        check.equal(len(m.capture.registrations('ALICE', 3)), 1, 'requests')
        check.equal(len(events(nmbd, 'alias-refused')), 1, 'events')


def test_refused_then_logged_on_again():
    with machine() as m:
        rule = m.peer.refuse('ALICE', 3)
        nmbd = m.nmbd()
        m.logind.log_on('1', 'alice')
        nmbd.wait_for(lambda: events(nmbd, 'alias-refused'), 3.0,
                      'alias-refused')
        m.logind.log_off('1')
        m.peer.forget(rule)
        _seen_through(m, nmbd)
        m.logind.log_on('2', 'alice')
        wait_table(nmbd, {'ALICE': HELD, 'CAROL': HELD})


def test_beside_added_aliases():
    """A name that is wanted for two reasons goes with the last of them."""
    with machine() as m:
        nmbd = m.nmbd({'messenger:aliases': 'OPERATOR'})
        m.logind.log_on('1', 'operator')
        m.logind.log_on('2', 'alice')
        wait_table(nmbd, {'OPERATOR': ('added', 'registered'),
                          'ALICE': HELD})
        check_code(nmbd, 'add ALICE', 2276, 'NERR_AlreadyExists')
        m.logind.log_off('1')
        m.logind.log_off('2')
        wait_table(nmbd, {'OPERATOR': ('added', 'registered')})
        check.none(released(m.capture, 'OPERATOR'), 'releases')
        m.check_answered('OPERATOR')
        m.logind.log_on('1', 'operator')
        m.logind.log_on('3', 'bob')
        wait_table(nmbd, {'OPERATOR': ('added', 'registered'), 'BOB': HELD})
        m.reload(nmbd, {})

        def settled():
            check.equal({name: state for name, (_, state)
                         in table(nmbd).items()},
                        {'ALPHA': 'registered', 'OPERATOR': 'registered',
                         'BOB': 'registered'}, 'the list')
            check.none(nmbd.log_entries('OPERATOR was released'), 'releases')
            return True

        nmbd.wait_for(settled, 3.0, 'OPERATOR is the user\'s now')
        check.equal(len(m.capture.registrations('OPERATOR', 3)), 3,
                    'requests')


def test_deleted_by_request():
    """A user's alias can be deleted, and stays away until the next log-on of
    that user."""
    with machine() as m:
        nmbd = m.nmbd()
        m.logind.log_on('1', 'alice')
        wait_table(nmbd, {'ALICE': HELD})
        check.equal(nmbd.json('delete ALICE')['ok'], True, 'delete')
        m.check_silent('ALICE')
        _seen_through(m, nmbd)
        m.logind.log_off('1')
        m.logind.log_off('proof')
        wait_table(nmbd, {})
        m.logind.log_on('2', 'alice')
        wait_table(nmbd, {'ALICE': HELD})


def test_switched_by_reload():
    with machine() as m:
        m.logind.log_on('1', 'alice')
        nmbd = m.nmbd()
        wait_table(nmbd, {'ALICE': HELD})
        # a reload for another's sake touches nothing
        before = len(m.capture.packets)
        m.reload(nmbd, {'messenger:aliases': 'OPERATOR'})
        wait_table(nmbd, {'ALICE': HELD, 'OPERATOR': ('added', 'registered')})
        check.none(about(m.capture, 'ALICE', before), 'packets about ALICE')
        m.reload(nmbd, {'messenger:user aliases': 'no'})
        wait_table(nmbd, {})
        m.check_silent('ALICE')
        m.logind.log_on('2', 'bob')
        m.reload(nmbd, {'messenger:user aliases': 'LogInd'})
        wait_table(nmbd, {'ALICE': HELD, 'BOB': HELD})


def test_service_stopped_meanwhile():
    """Those who are there when the service starts again get their aliases."""
    with machine() as m:
        m.logind.log_on('1', 'alice')
        nmbd = m.nmbd()
        wait_table(nmbd, {'ALICE': HELD})
        nmbd.ask('stop')
        m.check_silent('ALICE')
        m.logind.log_on('2', 'bob')
        m.logind.log_off('1')
        nmbd.ask('start')
        wait_table(nmbd, {'BOB': HELD})


def test_many_in_a_row():
    """Log-ons and log-offs faster than claims: what counts is the end."""
    with machine() as m:
        nmbd = m.nmbd()
        for turn in range(60):
            m.logind.log_on('1', 'alice')
            if turn % 2:
                m.logind.log_on('2', 'bob')
            m.logind.log_off('1')
            if turn % 2:
                m.logind.log_off('2')
        m.logind.log_on('2', 'bob')
        wait_table(nmbd, {'BOB': HELD})
        m.check_silent('ALICE')
        check_running(nmbd.json('status'))


def test_broken_files():
    """Of a session that has just ended, or of a logind from the future."""
    with machine() as m:
        nmbd = m.nmbd()
        directory = os.path.join(m.logind.directory, 'sessions')
        for name, text in (('empty', ''), ('text', 'no such thing'),
                           ('nobody', 'CLASS=user\nSTATE=active\n'),
                           ('noname', 'UID=60001\nCLASS=user\n'
                            'STATE=active\n'),
                           ('long', 'USER=%s\nCLASS=user\nSTATE=active\n'
                            % ('a' * 100000)),
                           ('wrong', 'USER\nCLASS=user\nSTATE=active\n')):
            with open(os.path.join(directory, '.#' + name), 'w') as target:
                target.write(text)
            os.rename(os.path.join(directory, '.#' + name),
                      os.path.join(directory, name))
        os.symlink('/nowhere', os.path.join(directory, 'dangling'))
        os.mkdir(os.path.join(directory, 'directory'))
        _seen_through(m, nmbd)
        check_running(nmbd.json('status'))


def test_without_logind():
    """One clear line; and it works when logind comes up later."""
    with machine(there=False) as m:
        nmbd = m.nmbd()
        entry = nmbd.wait_log('messenger:user aliases')
        check.equal(entry.level, 0, 'level of the line')
        check.contains(entry.text, 'logind', 'the line')
        check.equal(nmbd.json('add OPERATOR')['ok'], True, 'add')
        m.logind.come_up()
        m.logind.log_on('1', 'alice')
        wait_table(nmbd, {'OPERATOR': ('added', 'registered'),
                          'ALICE': HELD}, 8.0)
        m.check_answered('ALICE')
        check.equal(len([entry for entry
                         in nmbd.log_entries('messenger:user aliases')
                         if 'no systemd-logind' in entry.text]), 1,
                    'lines about its absence')
        m.logind.log_off('1')
        wait_table(nmbd, {'OPERATOR': ('added', 'registered')})


def test_logind_gone_for_good():
    """Its folder is taken away: users lose their aliases, or keep them, but
    nmbd lives and the rest works."""
    with machine() as m:
        m.logind.log_on('1', 'alice')
        nmbd = m.nmbd()
        wait_table(nmbd, {'ALICE': HELD})
        shutil.rmtree(os.path.join(m.logind.directory, 'sessions'))
        check.equal(nmbd.json('add OPERATOR')['ok'], True, 'add')
        m.check_answered('OPERATOR')
        m.reload(nmbd, {'messenger:user aliases': 'no'})
        wait_table(nmbd, {'OPERATOR': ('added', 'registered')})
