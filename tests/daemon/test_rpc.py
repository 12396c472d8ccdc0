# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote administration, [MS-MSRP] on \\PIPE\\msgsvc: every method, level and
code, as a client on another host gets them."""

import contextlib
import errno
import random
import threading
import time

import rpc
from aliases import running, wait_table
from lab import SendFails, check, wait_for
from rpc.samba import ADMIN, ROOT, USER
from rpc.stub import (ADD, DEL, ENUM, GET_INFO, Writer, code_reply,
                      enum_reply, enum_request, info_request, name_request)
from steps import HOLDER, pair, wait_state

DENIED = 5
NOT_STARTED = 2284


class Remote:
    """ALPHA with nmbd and smbd, BRAVO for clients and the peer."""

    def __init__(self, p, nmbd, samba):
        self.p = p
        self.nmbd = nmbd
        self.samba = samba

    def client(self, user=ADMIN, dialect='SMB3', **kwargs):
        return rpc.Client(self.p.bravo, self.p.alpha.address, user, dialect,
                          **kwargs)


@contextlib.contextmanager
def remote(options=None, service=True, prepare=None):
    if not rpc.built():
        raise check.Skip('the build has no remote administration '
                         '(./waf configure --with-rpc)')
    if not rpc.impacket_is_there():
        raise check.Skip('python3-impacket is not installed')
    with pair() as p:
        options = options or {}
        nmbd = None
        if service:
            nmbd = p.nmbd(options)
            wait_state(nmbd, 'running', 8)
        else:
            p.alpha.configure(options)
        yield Remote(p, nmbd, rpc.Samba(p.alpha, prepare))


def names(nmbd):
    return [alias['name'] for alias in nmbd.json('list')['aliases']]


# What the issue shows

@check.seconds(90)
def test_enumerate_as_the_list():
    """The administrator gets what "smbmessenger list" has, the computer name
    first, over each dialect and sealed."""
    with remote({'messenger:aliases': 'OPERATOR HELPDESK',
                 'server min protocol': 'NT1'}) as r:
        wait_table(r.nmbd, {'OPERATOR': ('added', 'registered'),
                            'HELPDESK': ('added', 'registered')})
        expected = names(r.nmbd)
        check.equal(expected[0], 'ALPHA', 'first of the list')
        for dialect in ('SMB1', 'SMB2', 'SMB3'):
            with r.client(dialect=dialect) as client:
                check.equal(client.enum(), (0, expected, 0), dialect)
                check.equal(client.enum(1), (0, expected, 0),
                            dialect + ' level 1')
        for kwargs in ({'seal': True}, {'sign': True}):
            for dialect in ('SMB1', 'SMB3'):
                with r.client(dialect=dialect, **kwargs) as client:
                    check.equal(client.enum(), (0, expected, 0), kwargs)
                    check.equal(client.add('OPERATOR'), 2276, kwargs)
        with r.client(ROOT) as client:
            check.equal(client.enum(), (0, expected, 0), 'root')


@check.seconds(90)
def test_denied():
    """A user and an anonymous caller may bind, and are told 5 by each method,
    before anything else is looked at; sealed as well."""
    with remote({'server min protocol': 'NT1'}) as r:
        before = r.nmbd.json('status')
        for user in (USER, None):
            for kwargs in ({}, {'dialect': 'SMB1'}, {'seal': True},
                           {'sign': True}):
                if user is None and ('seal' in kwargs or 'sign' in kwargs):
                    continue  # there is no key for it
                with r.client(user, **kwargs) as client:
                    said = '%s %s' % (user, kwargs)
                    check.equal(client.add('OPERATOR'), DENIED, said)
                    check.equal(client.add(''), DENIED, said)
                    check.equal(client.delete('ALPHA'), DENIED, said)
                    check.equal(
                        enum_reply(client.raw(ENUM, enum_request(7)), False),
                        (DENIED, [], None), said)
                    for level in (0, 1, 7):
                        check.equal(client.enum(level % 7),
                                    (DENIED, [], 0), said)
                        check.equal(client.info('ALPHA', level),
                                    (DENIED, None), said)
        check.equal(r.nmbd.json('status'), before, 'status')
        check.lacks(r.samba.log, 'OPERATOR', 'the log of changes')


@check.seconds(90)
def test_add_and_delete():
    """Each code of Add and Del, and that the module has done it."""
    with remote() as r, r.client() as client:
        r.p.peer.refuse('BACKUP', 3)
        check.equal(client.add('OPERATOR'), 0, 'add')
        r.p.check_answered('OPERATOR')
        check.equal(names(r.nmbd), ['ALPHA', 'OPERATOR'], 'list')
        check.equal(client.enum(), (0, ['ALPHA', 'OPERATOR'], 0), 'enum')
        check.equal(client.add('operator'), 2276, 'again, in lower case')
        check.equal(client.add('BACKUP'), 2297, 'held by another host')
        check.equal(client.add('SHIFT2  '), 0, 'blanks fill a name up')
        # no type is read into a name
        check.equal(client.add('ROOM#12'), 0, 'a name with #')
        check.equal(client.info('room#12'), (0, 'ROOM#12'), 'a name with #')
        check.equal(client.delete('ROOM#12'), 0, 'a name with #')
        for name, code in (('SIXTEEN-LETTERS-', 87), ('X' * 300, 87),
                           ('', 123), (' LEADING', 123), ('A*B', 123),
                           ('*', 123), ('A\tB', 123), ('\u20ac', 123),
                           ('\u4f60', 123)):
            check.equal(client.add(name), code, 'add %r' % name)
            check.equal(client.delete(name), code, 'delete %r' % name)
        check.equal(client.delete('ALPHA'), 2278, 'delete the computer')
        check.equal(client.delete('NOBODY'), 2285, 'delete an unknown one')
        check.equal(client.delete('BACKUP'), 2285, 'delete a refused one')
        check.equal(client.delete('Operator', server=None), 0, 'delete')
        r.p.check_silent('OPERATOR')
        check.equal(client.enum(), (0, ['ALPHA', 'SHIFT2'], 0), 'at the end')
        for said in ('ALPHA\\labadm: add OPERATOR<03>: 0 (NERR_Success)',
                     'labadm: add BACKUP<03>: 2297 (NERR_DuplicateName)',
                     'labadm: delete Operator<03>: 0 (NERR_Success)'):
            check.contains(r.samba.log, said, 'the log of changes')


@check.seconds(90)
def test_charset():
    """A name beyond ASCII comes and goes as UTF-16."""
    with remote() as r, r.client() as client:
        check.equal(client.add('B\u00dcRO'), 0, 'add')
        check.equal(names(r.nmbd), ['ALPHA', 'B\u00dcRO'], 'list')
        check.equal(client.enum()[1], ['ALPHA', 'B\u00dcRO'], 'enum')
        check.equal(client.info('b\u00fcro', 1), (0, 'B\u00dcRO'), 'info')
        check.equal(client.add('B\ud800'.encode('utf-16-le', 'surrogatepass')
                               .decode('utf-16-le', 'replace')), 123,
                    'no character')
        check.equal(client.delete('B\u00fcro'), 0, 'delete')


@check.seconds(90)
def test_info():
    """GetInfo: the name before the level."""
    with remote({'messenger:aliases': 'OPERATOR'}) as r:
        wait_table(r.nmbd, {'OPERATOR': ('added', 'registered')})
        with r.client() as client:
            for level in (0, 1):
                check.equal(client.info('operator', level), (0, 'OPERATOR'),
                            'level %d' % level)
                check.equal(client.info('ALPHA', level), (0, 'ALPHA'),
                            'level %d' % level)
                check.equal(client.info('NOBODY', level), (2285, None),
                            'level %d' % level)
            for level in (2, 7, 0xffffffff):
                check.equal(client.info('OPERATOR', level), (124, None),
                            'level %d' % level)
                check.equal(client.info('NOBODY', level), (2285, None),
                            'level %d' % level)
            for name, code in (('', 123), ('A/B', 123), ('X' * 16, 87)):
                check.equal(client.info(name), (code, None), repr(name))


@check.seconds(90)
def test_only_what_is_held():
    """What is refused is in the list, and no name that messages are listened
    for: neither Enum nor GetInfo has it."""
    with remote({'messenger:aliases': 'BACKUP OPERATOR'}, service=False) as r:
        r.p.peer.refuse('BACKUP', 3)
        nmbd = running(r.p, {'messenger:aliases': 'BACKUP OPERATOR'})
        wait_table(nmbd, {'BACKUP': ('added', 'refused'),
                          'OPERATOR': ('added', 'registered')})
        with r.client() as client:
            check.equal(client.enum(), (0, ['ALPHA', 'OPERATOR'], 0), 'enum')
            check.equal(client.info('BACKUP'), (2285, None), 'info')


@check.seconds(90)
def test_in_pieces():
    """PrefMaxLen and the resume handle."""
    with remote({'messenger:aliases': 'OPERATOR HELPDESK'}) as r:
        wait_table(r.nmbd, {'OPERATOR': ('added', 'registered'),
                            'HELPDESK': ('added', 'registered')})
        expected = names(r.nmbd)
        with r.client() as client:
            for level, entry in ((0, 46), (1, 54)):
                check.equal(client.enum(level, entry),
                            (234, expected[:1], 1), 'one entry')
                check.equal(client.enum(level, entry, 1),
                            (234, expected[1:2], 2), 'the second')
                check.equal(client.enum(level, entry, 2),
                            (0, expected[2:], 2), 'the last')
                check.equal(client.enum(level, 3 * entry - 1),
                            (234, expected[:2], 2), 'not quite three')
                check.equal(client.enum(level, 3 * entry), (0, expected, 0),
                            'all that fit')
                check.equal(client.enum(level, entry - 1), (2123, [], 0),
                            'not one fits')
                check.equal(client.enum(level, 0, 2), (2123, [], 2), 'none')
                check.equal(client.enum(level, 0, 3), (0, [], 3), 'the end')
                check.equal(client.enum(level, resume=0xffffffff),
                            (0, [], 0xffffffff), 'beyond the end')
                check.equal(client.enum(level, resume=None),
                            (0, expected, None), 'without a handle')
                check.equal(client.enum(level, container=False),
                            (0, expected, 0), 'without a container')
            check.equal(client.enum(0, 11776), (0, expected, 0), '11776')
            check.equal(client.enum(0, 11777), (87, [], 0), '11777')
            check.equal(client.enum(1, 11777), (0, expected, 0),
                        '11777 of level 1')
            for level in (2, 0xffffffff):
                check.equal(enum_reply(client.raw(ENUM, enum_request(level)),
                                       resume=False),
                            (124, [], None), 'level %d' % level)


@check.seconds(120)
def test_full():
    """All aliases that there can be, in several fragments."""
    more = ['A%03d' % number for number in range(255)]
    with remote({'messenger:aliases': ' '.join(more)}) as r:
        wait_table(r.nmbd, {name: ('added', 'registered') for name in more},
                   seconds=20)
        with r.client() as client:
            for level in (0, 1):
                check.equal(client.enum(level), (0, ['ALPHA'] + more, 0),
                            'level %d' % level)
            for kwargs in ({'sign': True}, {'seal': True}):
                with r.client(**kwargs) as careful:
                    check.equal(careful.enum(1), (0, ['ALPHA'] + more, 0),
                                kwargs)
            got, handle, code = [], 0, 234
            while code == 234:
                code, piece, handle = client.enum(0, 46 * 100, handle)
                got += piece
            check.equal((code, got), (0, ['ALPHA'] + more), 'in pieces')
            check.equal([client.add(name) for name in ('LAST', 'TOO-MANY')],
                        [0, 2277], 'two more')


# When the service is not there

@check.seconds(120)
def test_no_service():
    """Without nmbd 2136; without the module, or with the service stopped or
    failed, 2284; bad names and levels are told before."""
    with remote(service=False) as r, r.client() as client:
        def all_are(code, what):
            check.equal(client.enum(), (code, [], 0), what)
            check.equal(client.info('ALPHA'), (code, None), what)
            check.equal(client.add('OPERATOR'), code, what)
            check.equal(client.delete('OPERATOR'), code, what)
            check.equal(client.add('A*B'), 123, what)
            check.equal(client.enum(0, 11777), (87, [], 0), what)

        all_are(2136, 'no nmbd')
        nmbd = r.p.nmbd(modules=None)
        began = time.monotonic()
        all_are(NOT_STARTED, 'an nmbd without the module')
        check.between(time.monotonic() - began, 0, 3, 'seconds it took')
        nmbd.stop()
        all_are(2136, 'nmbd has ended')
        nmbd = running(r.p)
        check.equal(client.enum(), (0, ['ALPHA'], 0), 'it runs')
        nmbd.ask('stop')
        all_are(NOT_STARTED, 'the service is stopped')
        r.p.peer.refuse('ALPHA', 3)
        nmbd.smbcontrol('dump-domain-list', 'start')
        wait_state(nmbd, 'failed')
        all_are(NOT_STARTED, 'the service has failed')
        nmbd.kill()
        all_are(2136, 'nmbd was killed')


@check.seconds(120)
def test_starting():
    """While the computer name waits for the network the list is what is held
    so far, none, and an Add without an outcome is told 2283."""
    with remote(service=False) as r, r.client() as client:
        fault = SendFails(r.p.alpha)
        fault.begin(errno.EPERM)
        nmbd = r.p.nmbd(**fault.under())
        wait_state(nmbd, 'starting', 8)
        check.equal(client.enum(), (0, [], 0), 'enum')
        check.equal(client.info('ALPHA'), (2285, None), 'info')
        began = time.monotonic()
        check.equal(client.add('OPERATOR'), 2283, 'add')
        check.between(time.monotonic() - began, 7, 12, 'seconds it took')
        fault.end()
        wait_state(nmbd, 'running', 30)
        check.equal(client.enum(), (0, ['ALPHA'], 0), 'running')


# What comes off the wire

@check.seconds(120)
def test_nonsense():
    """Stubs that are none are faults, and the next client is served."""
    good = {ADD: name_request('OPERATOR'), DEL: name_request('OPERATOR'),
            GET_INFO: info_request('ALPHA', 0), ENUM: enum_request()}
    with remote() as r, r.client() as client:
        def fault(opnum, data, what):
            try:
                client.raw(opnum, data)
            except rpc.Fault as error:
                return str(error)
            raise AssertionError('%s is answered' % what)

        for opnum in (4, 5, 255, 65535):
            check.contains(fault(opnum, good[ENUM], 'opnum %d' % opnum),
                           'nca_s_op_rng_error', 'opnum %d' % opnum)
        for opnum, stub in good.items():
            for end in range(len(stub) - 2):
                if opnum in (ADD, DEL) and len(stub) - end < 3:
                    continue
                check.contains(fault(opnum, stub[:end],
                                     'opnum %d, %d bytes' % (opnum, end)),
                               'bad_stub_data', 'opnum %d cut' % opnum)
            check.contains(fault(opnum, stub + bytes(4), 'too long'),
                           'bad_stub_data', 'opnum %d and more' % opnum)
        for data, what in (
                (Writer().server(None).u32(3).u32(0).u32(3).data
                 + b'A\0\0\0\0\0', 'a NUL inside'),
                (Writer().server(None).u32(2).u32(1).u32(2).data
                 + b'A\0\0\0', 'an offset'),
                (Writer().server(None).u32(1).u32(0).u32(1).data
                 + b'A\0', 'no NUL')):
            check.contains(fault(ADD, data, what), 'bad_stub_data', what)
        check.equal(names(r.nmbd), ['ALPHA'], 'list')
        check.equal(client.enum(), (0, ['ALPHA'], 0), 'enum')


@check.seconds(120)
def test_random_stubs():
    """400 of them, half made of good ones: as many answers, and the worker
    that was there at first is there at the end."""
    source = random.Random(17)
    good = [(DEL, name_request('OPERATOR')), (GET_INFO, info_request('A', 1)),
            (ENUM, enum_request(1, 500, 3)), (ADD, name_request('A*'))]
    answers = faults = 0
    with remote() as r, r.client() as client:
        client.enum()
        workers = set(r.samba.workers())
        for number in range(400):
            opnum, stub = source.choice(good)
            if number % 2:
                stub = source.randbytes(source.randrange(200))
            else:
                stub = bytearray(stub)
                for _ in range(source.randrange(1, 4)):
                    stub[source.randrange(len(stub))] = source.randrange(256)
            try:
                client.raw(opnum, bytes(stub))
                answers += 1
            except rpc.Fault:
                faults += 1
        check.equal(answers + faults, 400, 'answers and faults')
        check.true(answers and faults, 'some of each')
        check.equal(client.enum()[0], 0, 'enum after that')
        check.equal(set(r.samba.workers()), workers, 'worker')
        check.lacks(r.samba.log, 'PANIC', 'log')


# Many at once

@check.seconds(120)
def test_twelve_at_once():
    """Twelve clients add, look and delete side by side, and each gets the
    answers to its own requests."""
    with remote() as r:
        wrong = []

        def work(number):
            name = 'CLIENT%d' % number
            try:
                with r.client() as client:
                    for _ in range(3):
                        got = (client.add(name), client.add(name),
                               client.info(name), client.add('A*'),
                               client.delete(name), client.delete(name))
                        if got != (0, 2276, (0, name), 123, 0, 2285):
                            wrong.append((name, got))
            except Exception as error:
                wrong.append((name, repr(error)))

        threads = [threading.Thread(target=work, args=(number,))
                   for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        check.none(wrong, 'wrong answers')
        check.between(len(r.samba.workers()), 1, 5, 'workers')
        check.lacks(r.samba.log, 'PANIC', 'log')
        check.equal(names(r.nmbd), ['ALPHA'], 'list')


@check.seconds(120)
def test_answers_out_of_order():
    """While an Add is under way, what others ask is answered, and the Add
    when its outcome is known."""
    with remote({'messenger:rfc timing': 'no'}) as r, \
            r.client() as slow, r.client() as quick:
        began = time.monotonic()
        slow.send(ADD, name_request('OPERATOR'))
        wait_for(lambda: 'OPERATOR' in names(r.nmbd), 5, 'it is claimed')
        check.equal(quick.enum(), (0, ['ALPHA'], 0), 'enum meanwhile')
        check.equal(quick.info('OPERATOR'), (2285, None), 'info meanwhile')
        check.true(time.monotonic() - began < 3, 'it is still under way')
        check.equal(code_reply(slow.receive()), 0, 'outcome')
        check.between(time.monotonic() - began, 3, 8, 'seconds it took')
        check.equal(quick.enum(), (0, ['ALPHA', 'OPERATOR'], 0), 'enum')


@check.seconds(120)
def test_clients_vanish():
    """Clients that go while their call is pending: the worker lives, the
    call is carried out, and nothing is left of them."""
    with remote({'messenger:rfc timing': 'no'}) as r, r.client() as stays:
        check.equal(stays.enum(), (0, ['ALPHA'], 0), 'enum')
        workers = set(r.samba.workers())
        for number in range(6):
            client = r.client()
            client.send(ADD, name_request('GONE%d' % number))
            wait_for(lambda: 'GONE%d' % number in names(r.nmbd), 5,
                     'it is claimed')
            client.drop()
        check.equal(stays.enum()[0], 0, 'enum meanwhile')
        wait_for(lambda: len(stays.enum()[1]) == 7, 10, 'all are there')
        check.true(workers <= set(r.samba.workers()), 'the same worker')
        check.lacks(r.samba.log, 'PANIC', 'log')
        for number in range(6):
            check.equal(stays.delete('GONE%d' % number), 0, 'delete')


@check.seconds(120)
def test_nmbd_ends_meanwhile():
    """nmbd is killed while an Add is under way: 2136 when time is over, and
    the next nmbd is spoken to at once."""
    with remote({'messenger:rfc timing': 'no'}) as r, r.client() as client:
        client.send(ADD, name_request('OPERATOR'))
        wait_for(lambda: 'OPERATOR' in names(r.nmbd), 5, 'it is claimed')
        r.nmbd.kill()
        with r.client() as other:
            check.equal(other.enum(), (2136, [], 0), 'meanwhile')
            running(r.p)
            check.equal(other.enum(), (0, ['ALPHA'], 0), 'a new nmbd')
        check.equal(code_reply(client.receive()), 2136, 'outcome')
        check.equal(client.enum(), (0, ['ALPHA'], 0), 'the same connection')


@check.seconds(120)
def test_holder_said_no_late():
    """2297 comes from the outcome, not from the claim."""
    with remote() as r, r.client() as client:
        r.p.peer.refuse('LATE', 3)
        check.equal([client.add('LATE') for _ in range(3)], [2297] * 3,
                    'three times')
        refused = r.nmbd.json('events 1')['events'][0]
        check.equal((refused['alias'], refused['holder']['address']),
                    ('LATE', HOLDER), 'event')


# The neighbours

@check.seconds(120)
def test_neighbours():
    """srvsvc and lsarpc answer beside it."""
    with remote() as r, r.client() as client:
        check.equal(r.samba.others(r.p.bravo),
                    {'srvsvc': True, 'lsarpc': True}, 'before')
        check.equal(client.enum()[0], 0, 'enum')
        check.equal(r.samba.others(r.p.bravo),
                    {'srvsvc': True, 'lsarpc': True}, 'after')
