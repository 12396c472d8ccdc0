# SPDX-License-Identifier: GPL-3.0-or-later
"""A message to an alias arrives: stock smbclient -M on another host, stock
smbd's "message command" here."""

import os
import socket

from aliases import running
from lab import check, wait_for
from steps import pair

# Trap: smb.conf's %t is a time stamp by then; %L is the name that was called,
# in lower case. And smbd escapes all that a shell knows, so the command is
# one script.
SCRIPT = '''#!/bin/sh
# called with: text file, sender, called name, calling name, address
out=$(dirname "$0")
{
	printf 'from=%%s\\nto=%%s\\nmachine=%%s\\naddress=%%s\\n\\n' \\
		"$2" "$3" "$4" "$5"
	cat "$1"
} >"$out/arriving.$$"
rm -f "$1"
mv "$out/arriving.$$" "$out/message.$3.$$"
'''


class Mailbox:
    """smbd on ALPHA, and the messages that its command was given."""

    def __init__(self, p):
        self._folder = p.alpha.path('messages')
        os.mkdir(self._folder)
        os.chmod(self._folder, 0o777)
        script = os.path.join(self._folder, 'deliver')
        with open(script, 'w') as target:
            target.write(SCRIPT.replace('%%', '%'))
        os.chmod(script, 0o755)
        self.options = {
            'server min protocol': 'NT1',
            'smb ports': '139',
            'map to guest': 'bad user',
            'message command': '%s %%s %%f %%L %%m %%I' % script}
        self._p = p

    def open(self):
        self._p.alpha.smbd()

        def listening():
            with self._p.bravo.namespace.socket(
                    socket.AF_INET, socket.SOCK_STREAM) as sock:
                sock.settimeout(1.0)
                return sock.connect_ex((self._p.alpha.address, 139)) == 0

        wait_for(listening, 10.0, 'smbd listens')

    def messages(self):
        """{called name: text} of what has arrived."""
        found = {}
        for name in os.listdir(self._folder):
            if name.startswith('message.'):
                with open(os.path.join(self._folder, name)) as source:
                    found[name.split('.')[1]] = source.read()
        return found


def _send(p, to, text, sender='Bob', host=None):
    host = host or p.bravo
    done = host.run(
        ['smbclient', '-s', host.conf, '--option=name resolve order=bcast',
         '-M', to, '-U', sender + '%x'], input=text)
    return done.stdout + done.stderr


def test_reaches_the_command():
    with pair() as p:
        box = Mailbox(p)
        nmbd = running(p, box.options)
        box.open()
        # nobody has the name yet
        check.contains(_send(p, 'OPERATOR', 'lost\n'), 'OPERATOR',
                       'smbclient\'s complaint')
        check.equal(box.messages(), {}, 'messages')
        for name in ('OPERATOR', 'HELPDESK'):
            check.equal(nmbd.json('add ' + name)['ok'], True, 'add ' + name)
        _send(p, 'OPERATOR', 'The printer is on fire.\nPlease come.\n')
        messages = wait_for(box.messages, 5.0, 'a message')
        check.equal(list(messages), ['operator'], 'called names')
        head, text = messages['operator'].split('\n\n', 1)
        fields = dict(line.split('=', 1) for line in head.splitlines())
        check.equal((fields['from'], fields['to'], fields['address']),
                    ('Bob', 'operator', '10.88.0.9'), 'sender and so on')
        check.equal(text.split('\n')[:2],
                    ['The printer is on fire.', 'Please come.'], 'the text')
        # each alias under its own name, the computer's included
        _send(p, 'HELPDESK', 'two\n')
        _send(p, 'ALPHA', 'three\n')
        wait_for(lambda: len(box.messages()) == 3, 5.0, 'all messages')
        check.equal(sorted(box.messages()),
                    ['alpha', 'helpdesk', 'operator'], 'called names')
        # deleted is gone
        nmbd.ask('delete HELPDESK')
        # (a host that has sent before knows the address, and smbd takes
        # messages under any name: so from another one)
        charlie = p.lab.host('CHARLIE', '10.88.0.10/24')
        check.contains(_send(p, 'HELPDESK', 'four\n', host=charlie),
                       'HELPDESK', 'smbclient\'s complaint')
        check.lacks(box.messages()['helpdesk'], 'four', 'message')


def test_long_and_odd_text():
    """Longer than a block of 128 bytes, in another script, with what a shell
    would take for its own."""
    with pair() as p:
        box = Mailbox(p)
        nmbd = running(p, box.options)
        box.open()
        nmbd.ask('add OPERATOR')
        text = ('`id` $(id) ; rm -rf / & "quoted" \'quoted\' \u00e4\u00f6 '
                * 10)
        _send(p, 'OPERATOR', text + '\n', sender='Bob Smith; rm')
        messages = wait_for(box.messages, 5.0, 'a message')
        head, body = messages['operator'].split('\n\n', 1)
        check.contains(body, text, 'the text')
        check.contains(head, 'from=Bob_Smith', 'the head')
