# SPDX-License-Identifier: GPL-3.0-or-later
"""smbmessenger send: whoever has the name gets it, and what is said of it is
true. Stock smbclient, and stock smbd on either side."""

import json
import os
import pty
import re
import socket
import subprocess
import threading

from aliases import running
from evidence import TOOL, tool
from lab import check, wait_for
from post import kept, open_smbd, options, wait_kept
from steps import pair, samba_minor

WORDS = ('send', 'OPERATOR', 'It', 'burns.')


def _ends(p, status, *args, **kwargs):
    done = tool(p.alpha, *args, **kwargs)
    check.equal(done.returncode, status,
                'exit status; %s' % (done.stdout + done.stderr))
    return (done.stdout + done.stderr).strip()


def test_nobody():
    with pair() as p:
        running(p)
        check.equal(_ends(p, 1, 'send', 'NOBODY', 'hi'),
                    'smbmessenger: nobody on the network has the name NOBODY',
                    'what is said')
        answer = json.loads(_ends(p, 1, '--json', 'send', 'NOBODY', 'hi'))
        check.equal((answer['ok'], answer['exit_status']), (False, 1),
                    'JSON')
        check.contains(_ends(p, 1, 'send', 'a*b', 'hi'),
                       'not a NetBIOS name', 'what is said')
        check.contains(_ends(p, 2, 'send'), 'to which name?', 'what is said')
        # what can be no name, as add has it; nothing of it reaches a terminal
        for name in ('', ' ', 'A\033[2JB'):
            said = _ends(p, 1, 'send', name, 'hi')
            check.contains(said, 'error 123 (ERROR_INVALID_NAME): This is not '
                           'a NetBIOS name', 'what is said')
            check.lacks(said, '\033', 'what is said')
        check.contains(_ends(p, 1, 'send', 'x' * 300, 'hi'), 'error 87 ',
                       'what is said')


def test_to_this_server():
    """An alias of its own, through its own smbd: from whom, and the text as
    it was typed or read."""
    with pair() as p:
        nmbd = running(p, options(p.alpha))
        open_smbd(p)
        nmbd.ask('add OPERATOR')
        check.equal(_ends(p, 0, *WORDS),
                    'OPERATOR: delivered to 10.88.0.2', 'what is said')
        found = wait_kept(nmbd, 1)[0]
        check.equal((found['to'], found['text'], found['address']),
                    ('OPERATOR', 'It burns.', '10.88.0.2'), 'message')
        text = '`id` $(id) "x" \'y\'\n\u00e4\u00f6\u00fc\n'
        _ends(p, 0, 'send', 'operator', input=text)
        check.equal(wait_kept(nmbd, 2)[1]['text'], text.rstrip('\n'), 'text')
        said = _ends(p, 0, 'send', 'operator', input='x' * 3000)
        check.contains(said, 'the text was cut: its first 652 characters were '
                       'sent', 'what is said')
        last = wait_kept(nmbd, 3)[2]
        check.equal((len(last['text']), 'cut' in last), (652, False),
                    'length')
        answer = json.loads(_ends(p, 0, '--json', *WORDS))
        check.equal((answer['ok'], answer['name'], answer['message']),
                    (True, 'OPERATOR', 'delivered to 10.88.0.2'), 'JSON')


def test_charset():
    """What is no ASCII arrives whole, wherever smbclient's blocks end; what
    the charset does not have is told, and only that."""
    with pair() as p:
        nmbd = running(p, options(p.alpha, **{'netbios name': 'B\u00dcRO'}))
        open_smbd(p)
        nmbd.ask('add k\u00fcche')

        def arrived(text):
            said = _ends(p, 0, 'send', 'k\u00fcche', input=text)
            check.contains(said, 'delivered to 10.88.0.2', 'what is said')
            arrived.number += 1
            message = wait_kept(nmbd, arrived.number)[-1]
            # smbd writes the name of a machine so
            check.equal((message['to'], message['machine'], 'cut' in message),
                        ('K\u00dcCHE', 'b_ro', False), 'message')
            return message['text'], said

        arrived.number = 0
        text = 'x' + '\u00e4\u00f6\u00fc\u00df' * 160 + '\nfin\n'
        check.equal(arrived(text), (text.rstrip('\n'), 'k\u00fcche: delivered '
                                    'to 10.88.0.2'), 'all of it')
        got, said = arrived('\u00fc' * 1500)
        check.equal(got, '\u00fc' * 652, 'text')
        check.contains(said, 'the text was cut: its first 652 characters were '
                       'sent; a message has no more', 'what is said')
        got, said = arrived('\u20ac' * 600)
        check.equal(got, '?' * 600, 'text')
        check.contains(said, '600 characters were sent as ?: the charset of '
                       'messages, CP850, does not have them', 'what is said')
        check.lacks(said, 'cut', 'what is said')
        got, said = arrived('5 \u20ac\r\n')
        check.equal(got, '5 ?', 'text')
        check.contains(said, '1 character was sent as ?', 'what is said')


def test_to_another():
    """One that takes it, one that does not, one that is not there."""
    with pair() as p:
        nmbd = running(p)
        charlie = p.lab.host('CHARLIE', '10.88.0.10/24')
        charlie.nmbd(options(charlie, **{'messenger:aliases': 'OPERATOR'}),
                     'messenger').wait_log('OPERATOR was added', 8.0)
        smbd = charlie.smbd()

        def listening():
            with p.bravo.namespace.socket(socket.AF_INET,
                                          socket.SOCK_STREAM) as sock:
                return sock.connect_ex((charlie.address, 139)) == 0

        wait_for(listening, 10.0, 'smbd listens')
        check.equal(_ends(p, 0, *WORDS),
                    'OPERATOR: delivered to CHARLIE (10.88.0.10)',
                    'what is said')
        wait_kept(charlie.nmbds[-1], 1)
        check.equal(kept(nmbd), [], 'messages here')
        # its smbd is told to take none
        smbd.kill()     # SIGTERM it passes on to its whole group
        smbd.wait(5)
        charlie.configure({'server min protocol': 'NT1', 'smb ports': '139',
                           'messenger:aliases': 'OPERATOR'}, 'messenger')
        smbd = charlie.smbd()
        wait_for(listening, 10.0, 'smbd listens')
        check.equal(_ends(p, 1, *WORDS),
                    'smbmessenger: OPERATOR: refused by CHARLIE (10.88.0.10):'
                    ' NT_STATUS_REQUEST_NOT_ACCEPTED: it takes no messages',
                    'what is said')
        smbd.kill()
        smbd.wait(5)
        # nor is it told to speak SMB1, which it needs since Samba 4.17
        without = options(charlie, **{'messenger:aliases': 'OPERATOR'})
        del without['server min protocol']
        charlie.configure(without, 'messenger')
        smbd = charlie.smbd()
        wait_for(listening, 10.0, 'smbd listens')
        needs_smb1 = samba_minor(charlie) >= 17
        said = _ends(p, 1 if needs_smb1 else 0, *WORDS)
        if needs_smb1:
            check.contains(said, 'OPERATOR: the session with CHARLIE '
                           '(10.88.0.10) ended without an answer to the '
                           'message: NT_STATUS_', 'what is said')
            check.contains(said, 'server min protocol = NT1', 'what is said')
            check.lacks(said, 'refused', 'what is said')
        else:
            wait_kept(charlie.nmbds[-1], 2)
        # a name that somebody has who listens to no port
        p.peer.hold('DEAF', 3)
        check.contains(_ends(p, 1, 'send', 'DEAF', 'hi'),
                       'takes no session on port 139: '
                       'NT_STATUS_CONNECTION_REFUSED: nothing listens there',
                       'what is said')
        smbd.kill()
        smbd.wait(5)
        charlie.configure(options(charlie, **{'messenger:aliases': 'OPERATOR',
                                              'hosts deny': 'ALL'}),
                          'messenger')
        smbd = charlie.smbd()
        wait_for(listening, 10.0, 'smbd listens')
        # it says so and is gone; its word may not be read any more
        check.contains(_ends(p, 1, *WORDS), ' (Samba by "hosts allow" and '
                       '"hosts deny")', 'what is said')


def test_silent():
    """One that takes no session has nothing; of one that takes it, and says
    nothing more, nobody knows; and neither is waited for."""
    with pair() as p:
        running(p)
        p.peer.hold('ODD', 3)
        with p.bravo.namespace.socket(socket.AF_INET,
                                      socket.SOCK_STREAM) as sock:
            sock.bind((p.bravo.address, 139))
            sock.listen(5)
            check.equal(_ends(p, 1, '-t', '2', 'send', 'ODD', 'hi'),
                        'smbmessenger: ODD: 10.88.0.9 has the name, and takes '
                        'no session on port 139: no answer in time',
                        'what is said')
            sock.accept()[0].close()

            def take():
                taken.append(sock.accept()[0])
                taken[0].recv(1000)
                taken[0].sendall(b'\x82\0\0\0')

            taken = []
            thread = threading.Thread(target=take)
            thread.start()
            # so long that it has the session by then on any machine
            check.equal(_ends(p, 1, '-t', '8', 'send', 'ODD', 'hi'),
                        'smbmessenger: ODD: no answer from 10.88.0.9 within 8'
                        ' seconds: it may have taken the message or not',
                        'what is said')
            thread.join()
            taken[0].close()

            def end():
                # as smbd does by "hosts deny": with what it was sent unread
                sock.accept()[0].close()

            thread = threading.Thread(target=end)
            thread.start()
            check.equal(re.sub(r'NT_STATUS_\w+', 'ENDED', _ends(
                p, 1, '-t', '8', 'send', 'ODD', 'hi')),
                        'smbmessenger: ODD: 10.88.0.9 has the name, and takes '
                        'no session on port 139: ENDED: the connection '
                        'ended before there was a session (Samba by "hosts '
                        'allow" and "hosts deny")', 'what is said')
            thread.join()


def test_type():
    """Messages are to names of one type, with it or without."""
    with pair() as p:
        nmbd = running(p, options(p.alpha))
        open_smbd(p)
        for name in ('ALPHA#20', 'ALPHA<00>'):
            check.equal(_ends(p, 2, 'send', name, 'hi'),
                        'smbmessenger: %s: messages go to names of type <03>; '
                        'leave the type out' % name, 'what is said')
            check.equal(json.loads(_ends(p, 2, '--json', 'send', name, 'hi'))
                        ['exit_status'], 2, 'JSON')
        nmbd.ask('add ROOM#12<03>')
        check.equal(_ends(p, 2, 'send', 'ROOM#12<03>', 'hi'),
                    'smbmessenger: ROOM#12<03>: smbclient, which sends, takes '
                    'no name with # in it', 'what is said')
        check.equal(kept(nmbd), [], 'messages')
        for number, name in enumerate(('ALPHA#03', 'alpha<03>')):
            check.contains(_ends(p, 0, 'send', name, 'hi'), 'delivered to',
                           'what is said')
            check.equal(wait_kept(nmbd, number + 1)[-1]['to'], 'ALPHA', 'to')


def test_at_a_terminal():
    """Whoever types is told that it is his turn, and how to end."""
    with pair() as p:
        nmbd = running(p, options(p.alpha))
        open_smbd(p)
        master, slave = pty.openpty()
        tool_there = p.alpha.popen([TOOL, '-s', p.alpha.conf, 'send', 'ALPHA'],
                                   stdin=slave, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        check.equal(tool_there.stderr.readline(),
                    b'Text, end with Ctrl-D:\n', 'the prompt')
        os.write(master, b'one\ntwo\n\4')
        check.equal(tool_there.wait(10), 0, 'exit status')
        check.equal(tool_there.stdout.read(),
                    b'ALPHA: delivered to 10.88.0.2\n', 'what is said')
        check.equal(wait_kept(nmbd, 1)[0]['text'], 'one\ntwo', 'text')
        # who has the name is asked before
        done = subprocess.run(
            p.alpha.namespace.command([TOOL, '-s', p.alpha.conf, 'send',
                                       'NOBODY']),
            stdin=slave, stderr=subprocess.PIPE, timeout=20)
        check.equal((done.returncode, done.stderr),
                    (1, b'smbmessenger: nobody on the network has the name '
                     b'NOBODY\n'), 'what is said')
        for stream in (tool_there.stdout, tool_there.stderr):
            stream.close()
        os.close(master)
        os.close(slave)
        check.lacks(_ends(p, 0, 'send', 'ALPHA', input='piped'), 'Ctrl-D',
                    'what is said')


def test_no_text():
    """What cannot be read is no message without a text."""
    with pair() as p:
        nmbd = running(p, options(p.alpha))
        open_smbd(p)

        def shell(line):
            done = p.alpha.run(['sh', '-c', '"$0" -s "$1" send ALPHA ' + line,
                                TOOL, p.alpha.conf])
            return done.returncode, done.stdout + done.stderr

        check.equal(shell('<&-'),
                    (2, 'smbmessenger: ALPHA: there is no text: standard '
                     'input is closed\n'), 'closed')
        check.equal(shell('</'),
                    (2, 'smbmessenger: the text cannot be read: Is a '
                     'directory; nothing was sent\n'), 'a folder')
        check.equal(kept(nmbd), [], 'messages')
        check.equal(shell('words <&-'),
                    (0, 'ALPHA: delivered to 10.88.0.2\n'), 'of the line')
        check.equal(wait_kept(nmbd, 1)[0]['text'], 'words', 'text')


def test_what_smbclient_says():
    """Of a session that did not come to its end."""
    with pair() as p:
        running(p, options(p.alpha))
        out = p.alpha.path('words')
        folder = p.alpha.path('bin')
        os.mkdir(folder)

        def said(status):
            path = os.path.join(folder, 'smbclient')
            with open(path, 'w') as target:
                target.write('#!/bin/sh\necho "$*" >"%s"\n'
                             'echo "cli_message returned %s" >&2\n'
                             % (out, status))
            os.chmod(path, 0o755)
            done = p.alpha.run([TOOL, '-s', p.alpha.conf, '-t', '30', 'send',
                                'ALPHA', 'hi'], env=dict(
                                    os.environ, PATH=folder + ':/bin'))
            check.equal((done.returncode, done.stdout), (1, ''), 'exit status')
            return done.stderr

        check.equal(said('NT_STATUS_IO_TIMEOUT'),
                    'smbmessenger: ALPHA: no answer from 10.88.0.2 within 30 '
                    'seconds: it may have taken the message or not\n',
                    'what is said')
        with open(out) as source:
            check.contains(source.read(), '-t 31 ', 'smbclient is not first')
        check.contains(said('NT_STATUS_CONNECTION_RESET'),
                       'ended without an answer', 'what is said')
        check.contains(said('NT_STATUS_REQUEST_NOT_ACCEPTED'),
                       'refused by 10.88.0.2', 'what is said')


def test_without_smbclient():
    with pair() as p:
        nmbd = running(p)
        nmbd.ask('add OPERATOR')
        done = p.alpha.run(['env', 'PATH=/nowhere', TOOL, '-s', p.alpha.conf]
                           + list(WORDS))
        check.equal(done.returncode, 3, 'exit status')
        check.contains(done.stderr, 'smbclient is not there', 'what is said')
        nmbd.stop()
        check.contains(_ends(p, 3, *WORDS), 'nmbd is not running',
                       'what is said')
