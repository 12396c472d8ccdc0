# SPDX-License-Identifier: GPL-3.0-or-later
"""Where events go: nmbd's log, the ring, and the JSON log."""

import os
import stat

from lab import answers, check, wait_for
from steps import (HOLDER, TERMINATED, check_failed, check_running, events,
                   pair, wait_state)


def _lines(path):
    """The JSON objects in a file, one per line."""
    with open(path) as log:
        text = log.read()
    check.true(text.endswith('\n'), 'end of the last line of %r' % text[-40:])
    return answers.event_lines(text)


def _latest(lines):
    """The last line of each event: one that is learnt more of comes again."""
    return [line for line, after in zip(lines, lines[1:] + [{}])
            if line['seq'] != after.get('seq')]


def test_json_log():
    with pair() as p:
        path = p.alpha.path('events.json')
        options = {'messenger:json log': path}
        rule = p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(options)
        wait_state(nmbd, 'failed')
        p.peer.forget(rule)
        nmbd.ask('start')
        wait_state(nmbd, 'running')
        nmbd.wait_for(lambda: _latest(_lines(path)) == events(nmbd), 3.0,
                      'the file says what the ring says')
        failed = _lines(path)[0]
        check.equal((failed['event'], failed['code'], failed['message'],
                     failed['holder']['address']),
                    ('service-failed', 2270, TERMINATED, HOLDER),
                    'the first line')
        mode = os.stat(path).st_mode
        check.equal(oct(stat.S_IMODE(mode)), '0o640', 'mode of the file')
        # a later run writes behind it
        before = _lines(path)
        nmbd.stop()
        before = _lines(path)
        nmbd = p.nmbd(options)
        wait_state(nmbd, 'running')
        check.equal(_lines(path)[:len(before)], before,
                    'what earlier runs wrote')
        check.true(len(_lines(path)) > len(before), 'lines of this run')


def test_json_log_by_reload():
    """Switched on and off by reload-config."""
    with pair() as p:
        path = p.alpha.path('events.json')
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        p.alpha.configure({'messenger:json log': path}, 'messenger')
        nmbd.reload()

        def written():
            nmbd.ask('stop')
            nmbd.ask('start')
            return os.path.exists(path) and _lines(path)

        nmbd.wait_for(written, 5.0, 'events are in the file')
        p.alpha.configure({}, 'messenger')
        nmbd.reload()

        def rests():
            before = os.stat(path).st_size
            nmbd.ask('stop')
            nmbd.ask('start')
            return os.stat(path).st_size == before

        nmbd.wait_for(rests, 5.0, 'events are no longer in the file')


def test_json_log_that_cannot_be_written():
    """One line says so; the event is in the log and in the ring."""
    with pair() as p:
        path = p.alpha.path('nowhere', 'events.json')
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd({'messenger:json log': path})
        check_failed(wait_state(nmbd, 'failed'))
        for _ in range(3):
            nmbd.ask('start')
        found = nmbd.log_entries(path)
        check.true(found, 'log entries with the path')
        check.equal(len([entry for entry in found if entry.level == 0]), 1,
                    'errors about the file')
        check.equal(len(events(nmbd, 'service-failed')), 4, 'events')
        check.equal(len(nmbd.log_entries(TERMINATED)), 4, 'log entries')


def test_json_log_that_is_a_folder_or_full():
    with pair() as p:
        for path in (p.alpha.path('state'), '/dev/full'):
            nmbd = p.nmbd({'messenger:json log': path})
            check_running(wait_state(nmbd, 'running'))
            nmbd.wait_log(path)
            check.equal(nmbd.stop(), 0, 'exit status')


def test_json_log_taken_away():
    """A rotated file is followed by a new one: the rotator's or our own."""
    with pair() as p:
        path = p.alpha.path('events.json')
        nmbd = p.nmbd({'messenger:json log': path})
        wait_state(nmbd, 'running')
        os.rename(path, path + '.2')
        with open(path, 'w'):
            pass
        nmbd.ask('stop')
        check.equal(_lines(path)[-1]['event'], 'service-stopped',
                    'last event in the new file')
        nmbd.ask('start')
        os.rename(path, path + '.1')
        nmbd.reload()
        nmbd.ask('stop')
        wait_for(lambda: os.path.exists(path) and _lines(path), 3.0,
                 'the file is there again')
        check.equal(oct(stat.S_IMODE(os.stat(path).st_mode)), '0o640',
                    'mode of the file')


def test_errors_are_at_level_0():
    """Seen with log level = 0, which is Samba's default."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd({'log level': '0'})
        wait_state(nmbd, 'failed')
        check.equal(len(nmbd.log_entries(TERMINATED)), 1, 'log entries')
        nmbd.ask('stop')
        check.none(nmbd.log_entries('stopped state'), 'information')


def test_names_of_smb_conf_at_level_0():
    """One that is refused is no silence; a request has its answer."""
    with pair() as p:
        p.peer.refuse('BACKUP', 3)
        p.peer.refuse('NIGHT', 3)
        nmbd = p.nmbd({'log level': '0', 'messenger:aliases': 'BACKUP'})
        wait_state(nmbd, 'running')
        entry = nmbd.wait_log('BACKUP could not be added')
        check.equal(entry.level, 0, 'level')
        check.contains(entry.text, HOLDER, 'log entry')
        nmbd.wait_log('BACKUP<03>: the holder')
        check.equal(nmbd.json('add NIGHT')['code'], 2297, 'code')
        check.none(nmbd.log_entries('NIGHT could not'), 'of the request')
        check.none(nmbd.log_entries('ALPHA was added'), 'information')


def test_log_says_what_to_do():
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        entry = nmbd.wait_log(TERMINATED)
        for word in (HOLDER, 'ALPHA', 'start'):
            check.contains(entry.text, word, 'log entry')
