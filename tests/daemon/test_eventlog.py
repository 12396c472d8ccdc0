# SPDX-License-Identifier: GPL-3.0-or-later
"""messenger:event log: what Windows' Event Viewer will show, read back through
Samba's own programs; and a file that others write, lock, fill and damage."""

import os
import re
import shutil
import signal
import subprocess

from aliases import running
from evidence import burst, computer, take_names
from lab import check, nbt, wait_for
from steps import (HOLDER, check_failed, check_running, events, pair,
                   wait_state)

OPTIONS = {'messenger:event log': 'System',
           'eventlog list': 'System Application'}
ERROR_7024 = 0xC0001B70
INFORMATION_7036 = 0x40001B7C
PASSWORD = 'lab.only.1'

# Of a tdb: behind it are its chains, each with a lock (lib/tdb).
FREELIST_TOP = 168
OPEN_LOCK, ACTIVE_LOCK, TRANSACTION_LOCK = 0, 4, 8


def _tdb(p, log='system'):
    return p.alpha.path('state', 'eventlog', log + '.tdb')


def _eventlogadm(p, *args, input=None):
    done = p.alpha.run(['eventlogadm', '-s', p.alpha.conf, '-o'] + list(args),
                       input=input)
    # (it always says how full the log is, on standard error)
    check.equal(done.returncode, 0, 'eventlogadm: ' + done.stderr)
    return done.stdout


def _records(text):
    """What eventlogadm or rpcclient show, as a list of dicts."""
    found = []
    for line in text.splitlines():
        match = re.match(r"^ +(\w+) +: (.*)$", line)
        if 'r: struct' in line:
            found.append({'strings': []})
        elif match and found:
            name, value = match.group(1).lower(), match.group(2).strip()
            value = value.split(' (')[0].strip("'")
            if name == 'strings':
                found[-1]['strings'].append(value)
            else:
                found[-1][name] = value
    return found


def _dump(p, log='System'):
    return _records(_eventlogadm(p, 'dump', log, '1'))


def _seen(record):
    return (int(record['event_id'], 16), record['source_name'],
            record['computer_name'], record['strings'])


def _failed(computer='ALPHA'):
    return (ERROR_7024, 'Service Control Manager', computer,
            ['Messenger', '2270'])


def _state(word):
    return (INFORMATION_7036, 'Service Control Manager', 'ALPHA',
            ['Messenger', word])


def _wait_records(p, nmbd, number, seconds=4.0):
    def there():
        found = _dump(p)
        return found if len(found) >= number else None

    found = nmbd.wait_for(there, seconds, '%d records' % number)
    check.equal(len(found), number, 'records')
    return found


def _tdbdump(p, path):
    """{key: value} of a tdb, as tdbdump writes them."""
    done = p.alpha.run(['tdbdump', path])
    check.equal(done.returncode, 0, 'tdbdump: ' + done.stderr)
    return dict(re.findall(r'^key\(\d+\) = "(.*)"\ndata\(\d+\) = "(.*)"$',
                           done.stdout, re.M))


def _tdb_is_sound(p, path):
    done = p.alpha.run(['tdbtool', path, 'check'])
    check.contains(done.stdout, 'Database integrity is OK', 'tdbtool check')


def _info(p, name):
    raw = _tdbdump(p, _tdb(p))['INFO/%s\\00' % name]
    data = re.sub(r'\\([0-9A-F]{2})',
                  lambda match: chr(int(match.group(1), 16)), raw)
    return int.from_bytes(data.encode('latin-1'), 'little')


def _set_info(p, name, value):
    data = ''.join('\\%02x' % byte for byte in value.to_bytes(4, 'little'))
    done = p.alpha.run(['tdbtool', _tdb(p), 'store',
                        'INFO/%s\\00' % name, data])
    check.equal(done.returncode, 0, 'tdbtool: ' + done.stderr)
    check.equal(_info(p, name), value, 'INFO/' + name)


def _as_input(record, computer='ALPHA'):
    """A record as eventlogadm takes it. The empty line ends it."""
    lines = ['LEN: 0', 'RS1: 1699505740', 'RCN: 0',
             'TMG: %d' % record['time'], 'TMW: %d' % record['time'],
             'EID: %d' % record['id'], 'ETP: ' + record['type'], 'ECT: 0',
             'RS2: 0', 'CRN: 0', 'USL: 0', 'SRC: Service Control Manager',
             'SRN: ' + computer]
    lines += ['STR: ' + text for text in record['strings']]
    return '\n'.join(lines) + '\n\n'


# Read back

def test_eventlogadm():
    """The whole life of the service; what has no number stays out."""
    with pair() as p:
        take_names(p.peer)
        rule = p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(OPTIONS)
        check_failed(wait_state(nmbd, 'failed'))
        p.peer.forget(rule)
        nmbd.ask('start')
        wait_state(nmbd, 'running')
        burst(p.alpha)
        nmbd.ask('stop')
        found = _wait_records(p, nmbd, 3)
        check.equal([_seen(record) for record in found],
                    [_failed(), _state('running'), _state('stopped')],
                    'records')
        check.equal([record['event_type'] for record in found],
                    ['EVENTLOG_ERROR_TYPE', 'EVENTLOG_INFORMATION_TYPE',
                     'EVENTLOG_INFORMATION_TYPE'], 'types')
        check.equal([int(record['record_number'], 16) for record in found],
                    [1, 2, 3], 'numbers')
        mode = os.stat(_tdb(p)).st_mode
        check.equal(oct(mode & 0o777), '0o640', 'mode of the file')
        _tdb_is_sound(p, _tdb(p))


def _reader(p):
    """read(commands): what rpcclient on BRAVO shows of ALPHA's smbd."""
    done = p.alpha.run(['smbpasswd', '-c', p.alpha.conf, '-s', '-a', 'root'],
                       input='%s\n%s\n' % (PASSWORD, PASSWORD))
    check.equal(done.returncode, 0, 'smbpasswd: ' + done.stderr)
    p.alpha.smbd()

    def read(command):
        # the programs that smbd starts for it live in the namespace of ALPHA,
        # where the lab finds and ends them
        done = p.bravo.run(['rpcclient', '-s', p.bravo.conf, '-U',
                            'root%' + PASSWORD, p.alpha.address, '-d1', '-c',
                            command])
        check.equal(done.returncode, 0, 'rpcclient: ' + done.stdout)
        return done.stdout + done.stderr

    return read


def test_rpcclient():
    """What Windows' Event Viewer asks for, from stock smbd: the article's
    sentence is 7024, Service Control Manager, Messenger, 2270."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(OPTIONS)
        check_failed(wait_state(nmbd, 'failed'))
        _wait_records(p, nmbd, 1)
        read = _reader(p)
        out = wait_for(lambda: read('eventlog_numrecord System; '
                                    'eventlog_oldestrecord System; '
                                    'eventlog_readlog System'), 15.0,
                       'smbd serves the event log', interval=0.2)
        check.contains(out, 'number of records: 1', 'rpcclient')
        check.contains(out, 'oldest entry: 1', 'rpcclient')
        record = _records(out)[0]
        check.equal((int(record['eventid'], 16), record['eventtype'],
                     record['sourcename'], record['computername'],
                     record['strings']),
                    (ERROR_7024, 'EVENTLOG_ERROR_TYPE',
                     'Service Control Manager', 'ALPHA',
                     ['Messenger', '2270']), 'the record')
        # while smbd has the log open, more is written and read
        nmbd.ask('start')
        nmbd.wait_for(lambda: 'number of records: 2'
                      in read('eventlog_numrecord System'), 5.0,
                      'smbd serves the second record')


def test_netbt():
    """4321 as Windows writes it: its number, source, insertion strings and
    the address in the data; and 4320 of a release."""
    with pair() as p:
        computer(p.peer, 'ALPHA')
        p.peer.drop('ALPHA', 0x00)
        nmbd = p.nmbd(OPTIONS)
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 8.0,
                      'ALPHA<00> is registered')
        p.peer.send(p.alpha.broadcast,
                    nbt.release(8, nbt.Name('ALPHA', 0x00), HOLDER))
        nmbd.wait_for(lambda: events(nmbd, 'name-conflict'), 2.0, 'the event')
        sentence = ('The name "ALPHA          :20" could not be registered '
                    'on the interface with IP address 10.88.0.2. The computer '
                    'with the IP address 10.88.0.9 did not allow the name to '
                    'be claimed by this computer.')
        found = [record for record in _dump(p)
                 if record['source_name'] == 'NetBT']
        check.equal([_seen(record) for record in found],
                    [(0xC00010E1, 'NetBT', 'ALPHA',
                      [sentence, 'ALPHA          :20', '10.88.0.2',
                       '10.88.0.9']),
                     (0xC00010E0, 'NetBT', 'ALPHA',
                      ['Another computer has sent a name release message to '
                       'this computer, probably because a duplicate name has '
                       'been detected on the TCP network. 10.88.0.9 released '
                       'ALPHA<00>; nmbd keeps it.', 'ALPHA          :0',
                       '0.0.0.0', '10.88.0.9'])], 'records of NetBT')
        raw = [value for key, value in _tdbdump(p, _tdb(p)).items()
               if 'INFO' not in key and 'N\\00e\\00t\\00B' in value]
        check.equal(len(raw), 2, 'records')
        for number in ('\\E0\\10\\00\\C0', '\\E1\\10\\00\\C0'):
            data = ('\\00\\00\\04\\00\\04' + '\\00' * 7 + number
                    + '\\00' * 24 + '\\09\\00X\\0A')
            check.contains(''.join(raw), data, 'the data')
        _tdb_is_sound(p, _tdb(p))
        read = _reader(p)
        out = wait_for(lambda: read('eventlog_readlog System'), 15.0,
                       'smbd serves the event log', interval=0.2)
        record = [record for record in _records(out)
                  if record['sourcename'] == 'NetBT'][0]
        check.equal((int(record['eventid'], 16), record['strings'][0]),
                    (0xC00010E1, sentence), 'the record over RPC')


def _byte_by_byte(computer):
    """Two records of ours, and the same from eventlogadm in another log: the
    databases are equal to the last byte."""
    with pair() as p:
        rule = p.peer.refuse(computer, 3)
        nmbd = p.nmbd(dict(OPTIONS, **{'netbios name': computer}))
        wait_state(nmbd, 'failed')
        p.peer.forget(rule)
        nmbd.ask('start')
        wait_state(nmbd, 'running')
        _wait_records(p, nmbd, 2)
        ours = _tdbdump(p, _tdb(p))
        records = []
        for number, (event, kind, strings) in enumerate((
                (ERROR_7024, 'ERROR', ['Messenger', '2270']),
                (INFORMATION_7036, 'INFO', ['Messenger', 'running']))):
            raw = ours['\\%02X\\00\\00\\00' % (number + 1)]
            data = re.sub(r'\\([0-9A-F]{2})',
                          lambda match: chr(int(match.group(1), 16)), raw)
            records.append({
                'time': int.from_bytes(data[12:16].encode('latin-1'),
                                       'little'),
                'id': event, 'type': kind, 'strings': strings})
        first = events(nmbd, 'service-failed')[0]
        check.contains(first['time'], _rfc3339(records[0]['time']),
                       'time of the first record')
        for record in records:
            _eventlogadm(p, 'write', 'Application',
                         input=_as_input(record, computer))
        check.equal(ours, _tdbdump(p, _tdb(p, 'application')),
                    'our database, and that of eventlogadm')


def test_byte_by_byte():
    _byte_by_byte('ALPHA')


def test_byte_by_byte_padded():
    """Names that end between two words, as the strings do."""
    _byte_by_byte('ALPHAS')


def _rfc3339(seconds):
    done = subprocess.run(['date', '-u', '-d', '@%d' % seconds,
                           '+%Y-%m-%dT%H:%M:%S'], stdout=subprocess.PIPE,
                          universal_newlines=True, check=True)
    return done.stdout.strip()


def test_other_names():
    """Another log, a computer with a name that is not ASCII."""
    with pair() as p:
        options = dict(OPTIONS)
        options.update({'netbios name': 'B\u00dcRO', 'unix charset': 'UTF-8',
                        'dos charset': 'CP850',
                        'messenger:event log': 'Application'})
        p.peer.refuse('B\u00dcRO', 3)
        nmbd = p.nmbd(options)
        wait_state(nmbd, 'failed')
        (record,) = nmbd.wait_for(lambda: _dump(p, 'Application'), 3.0,
                                  'the record')
        check.equal(_seen(record), _failed('B\u00dcRO'), 'the record')
        check.true(not os.path.exists(_tdb(p)), 'no system.tdb')


def test_not_the_name_of_a_log():
    with pair() as p:
        outside = p.alpha.path('outside')
        for name in ('../../outside', '/outside', '..', '.'):
            nmbd = p.nmbd(dict(OPTIONS, **{'messenger:event log': name}))
            check_running(wait_state(nmbd, 'running'))
            entry = nmbd.wait_log('messenger:event log')
            check.contains(entry.text, name, 'log entry')
            check.equal(nmbd.stop(), 0, 'exit status')
        check.none([path for path in (outside, outside + '.tdb')
                    if os.path.exists(path)], 'files outside')


# Others write it, too

def test_ten_writers():
    """Ten eventlogadm and nmbd at the same time: nothing is lost."""
    each, ours = 6, 20
    record = _as_input({'time': 1795348800, 'id': 7000, 'type': 'ERROR',
                        'strings': ['%d', 'lines']})
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(OPTIONS)
        wait_state(nmbd, 'failed')
        _wait_records(p, nmbd, 1)
        writers = []
        for number in range(10):
            text = record % number * each
            path = p.alpha.path('records.%d' % number)
            with open(path, 'w') as target:
                target.write(text)
            with open(path) as source:
                writers.append(p.alpha.popen(
                    ['eventlogadm', '-s', p.alpha.conf, '-o', 'write',
                     'System'], stdin=source, stdout=subprocess.DEVNULL,
                    stderr=subprocess.STDOUT))
        for _ in range(ours - 1):
            check.equal(nmbd.json('start')['code'], 2270, 'start')
        for writer in writers:
            check.equal(writer.wait(20), 0, 'exit status of eventlogadm')
        found = _wait_records(p, nmbd, 10 * each + ours, 8.0)
        check.equal([int(entry['record_number'], 16) for entry in found],
                    list(range(1, 10 * each + ours + 1)), 'numbers')
        check.equal(len([entry for entry in found
                         if _seen(entry) == _failed()]), ours, 'ours')
        for number in range(10):
            check.equal(len([entry for entry in found
                             if entry['strings'] == [str(number), 'lines']]),
                        each, 'records of writer %d' % number)
        _tdb_is_sound(p, _tdb(p))
        check.none(nmbd.log_entries('messenger:event log'), 'complaints')


class Locked:
    """Holds locks on bytes of a tdb, as another process."""

    def __init__(self, path, start, length=0):
        self._lines = ('import fcntl, os, sys\n'
                       'fd = os.open(sys.argv[1], os.O_RDWR)\n'
                       'fcntl.lockf(fd, fcntl.LOCK_EX, int(sys.argv[3]), '
                       'int(sys.argv[2]))\n'
                       'print("locked", flush=True)\n'
                       'sys.stdin.read()\n')
        self._args = [path, str(start), str(length)]

    def __enter__(self):
        self._process = subprocess.Popen(
            ['/usr/bin/python3', '-c', self._lines] + self._args,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        check.equal(self._process.stdout.readline(), b'locked\n', 'the lock')
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


def _written_later(start, length=0):
    """Somebody keeps the file locked: nmbd goes on, and writes all of it when
    the lock is gone."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(OPTIONS)
        wait_state(nmbd, 'failed')
        _wait_records(p, nmbd, 1)
        with Locked(_tdb(p), start, length):
            for number in range(3):
                check.equal(nmbd.json('start', 2)['code'], 2270, 'start')
            check.true(p.client.query(p.alpha.address, '__SAMBA__', 0x20,
                                      False, 0.5), 'answer to a query')
            check.equal(len(events(nmbd, 'service-failed')), 4, 'events')
            check.none(nmbd.log_entries('messenger:event log'), 'complaints')
        found = _wait_records(p, nmbd, 4)
        check.equal([_seen(record) for record in found], [_failed()] * 4,
                    'records')
        _tdb_is_sound(p, _tdb(p))


def test_locked():
    _written_later(FREELIST_TOP)


def test_locked_one_chain():
    """As Samba locks it for a record."""
    _written_later(FREELIST_TOP + 4, 1)


def test_locked_by_a_transaction():
    _written_later(TRANSACTION_LOCK, 1)


def test_locked_by_one_who_opens_it():
    """Held for a moment by each who opens it, or for long by one that was
    stopped then."""
    _written_later(OPEN_LOCK, 1)


@check.seconds(30)
def test_locked_for_ever():
    """One complaint after some seconds; later records are written."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(OPTIONS)
        wait_state(nmbd, 'failed')
        _wait_records(p, nmbd, 1)
        with Locked(_tdb(p), FREELIST_TOP):
            # more than it keeps for later, and no more of them than that
            for _ in range(3):
                nmbd.json('start', 2)
            entry = nmbd.wait_log('messenger:event log', 10.0)
            check.equal(entry.level, 0, 'level')
            check.contains(entry.text, 'locked', 'the complaint')
            nmbd.json('start', 2)
        nmbd.wait_log('works again', 3.0)
        check.equal(len(_dump(p)), 2, 'records')
        check.equal(len(nmbd.log_entries('messenger:event log')), 2,
                    'complaints and good news')


def test_stopped_writer():
    """A real eventlogadm is stopped while it writes, at whatever point."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(OPTIONS)
        wait_state(nmbd, 'failed')
        path = p.alpha.path('records')
        with open(path, 'w') as target:
            target.write(300 * _as_input(
                {'time': 1795348800, 'id': 7000, 'type': 'ERROR',
                 'strings': ['x', 'y']}))
        with open(path) as source:
            writer = p.alpha.popen(
                ['eventlogadm', '-s', p.alpha.conf, '-o', 'write', 'System'],
                stdin=source, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
        for _ in range(8):
            before = os.stat(_tdb(p)).st_mtime_ns
            wait_for(lambda: os.stat(_tdb(p)).st_mtime_ns > before, 5.0,
                     'it writes', interval=0.001)
            os.kill(writer.pid, signal.SIGSTOP)
            check.equal(nmbd.json('start', 2)['code'], 2270, 'start')
            os.kill(writer.pid, signal.SIGCONT)
        # not killed: it writes without a transaction
        check.equal(writer.wait(10.0), 0, 'eventlogadm')
        check.equal(nmbd.json('start', 2)['code'], 2270, 'start')
        nmbd.wait_for(lambda: len([record for record in _dump(p)
                                   if _seen(record) == _failed()]) == 10,
                      4.0, 'all of ours are there')
        _tdb_is_sound(p, _tdb(p))


# Sizes

def test_the_oldest_go():
    """At its size limit the oldest go, as Samba has it; what is left is in
    order and readable."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(OPTIONS)
        wait_state(nmbd, 'failed')
        _wait_records(p, nmbd, 1)
        _set_info(p, 'maxsize', 2000)
        for _ in range(20):
            nmbd.ask('start')
        nmbd.wait_for(lambda: _info(p, 'next_record') == 22, 3.0,
                      'all are written')
        oldest = _info(p, 'oldest_entry')
        check.between(oldest, 8, 20, 'the oldest')
        dumped = _tdbdump(p, _tdb(p))
        numbers = [number for number in range(1, 30)
                   if '\\%02X\\00\\00\\00' % number in dumped]
        check.equal(numbers, list(range(oldest, 22)), 'numbers')
        found = _records(_eventlogadm(p, 'dump', 'System', str(oldest)))
        check.equal([_seen(record) for record in found],
                    [_failed()] * (22 - oldest), 'records')
        check.true(sum(len(re.sub(r'\\[0-9A-F]{2}', '.', data))
                       for data in dumped.values()) <= 2000, 'size')
        check.none(nmbd.log_entries('messenger:event log'), 'complaints')
        # eventlogadm goes on with it
        _eventlogadm(p, 'write', 'System', input=_as_input(
            {'time': 1795348800, 'id': 7000, 'type': 'ERROR',
             'strings': ['x', 'y']}))
        check.equal(_info(p, 'next_record'), 23, 'the next record')
        _tdb_is_sound(p, _tdb(p))


def test_full_and_kept_for_ever():
    """Retention 0xffffffff: nothing goes, nothing is written; one complaint,
    and good news when there is room."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(OPTIONS)
        wait_state(nmbd, 'failed')
        _wait_records(p, nmbd, 1)
        _set_info(p, 'retention', 0xFFFFFFFF)
        _set_info(p, 'maxsize', 1000)
        before = None
        for _ in range(10):
            before = _tdbdump(p, _tdb(p))
            nmbd.ask('start')
        check.equal(_tdbdump(p, _tdb(p)), before, 'the database')
        check.equal(_info(p, 'oldest_entry'), 1, 'the oldest')
        entry = nmbd.wait_log('messenger:event log')
        check.contains(entry.text, 'full', 'the complaint')
        check.equal(len(nmbd.log_entries('messenger:event log')), 1,
                    'complaints')
        _set_info(p, 'maxsize', 0x80000)
        number = _info(p, 'next_record')
        nmbd.ask('start')
        nmbd.wait_log('works again')
        check.equal(_info(p, 'next_record'), number + 1, 'the next record')


# Not what it should be

def test_damaged_or_none():
    """A file that is no tdb, one that is a tdb of another kind, a folder, one
    that may not be written: one complaint each."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        folder = p.alpha.path('state', 'eventlog')
        os.mkdir(folder)
        other = p.alpha.path('other.tdb')
        done = p.alpha.run(['tdbtool', other, 'create', other])
        p.alpha.run(['tdbtool', other, 'store', 'INFO/version\\00',
                     '\\09\\00\\00\\00'])
        check.true(os.path.exists(other), 'tdbtool: ' + done.stdout)

        def text():
            with open(_tdb(p), 'w') as target:
                target.write('not a tdb\n' * 1000)

        def folder_there():
            os.mkdir(_tdb(p))

        def fifo():
            os.mkfifo(_tdb(p))

        for what, make in (('text', text), ('folder', folder_there),
                           ('another version',
                            lambda: shutil.copy(other, _tdb(p))),
                           ('fifo', fifo)):
            make()
            nmbd = p.nmbd(OPTIONS)
            check_failed(wait_state(nmbd, 'failed'))
            nmbd.ask('start')
            nmbd.wait_log('messenger:event log')
            check.equal(len(nmbd.log_entries('messenger:event log')), 1,
                        'complaints about a %s' % what)
            check.equal(len(events(nmbd, 'service-failed')), 2, 'events')
            check.equal(nmbd.stop(), 0, 'exit status')
            if what == 'text':
                with open(_tdb(p)) as source:
                    check.equal(source.read(), 'not a tdb\n' * 1000,
                                'the file')
            if os.path.isdir(_tdb(p)):
                os.rmdir(_tdb(p))
            else:
                os.unlink(_tdb(p))


def test_removed_while_nmbd_runs():
    """Each event opens the file anew."""
    with pair() as p:
        nmbd = running(p, OPTIONS)
        _wait_records(p, nmbd, 1)
        shutil.rmtree(p.alpha.path('state', 'eventlog'))
        nmbd.ask('stop')
        nmbd.ask('start')
        wait_state(nmbd, 'running')
        os.makedirs(p.alpha.path('state', 'eventlog'), exist_ok=True)
        nmbd.ask('stop')
        nmbd.wait_for(lambda: _seen(_dump(p)[-1]) == _state('stopped'), 3.0,
                      'the last record')


def test_last_record_at_the_end():
    """nmbd stops in good order: 7036 stopped is in the log, even if somebody
    writes just then."""
    with pair() as p:
        nmbd = running(p, OPTIONS)
        _wait_records(p, nmbd, 1)
        nmbd.stop()
        check.equal([_seen(record) for record in _dump(p)],
                    [_state('running'), _state('stopped')], 'records')
