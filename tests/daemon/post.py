# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of messages share: an smbd that hands them to the module,
and those who send them."""

import socket

from evidence import TOOL, tool
from lab import check, wait_for

# Two lines for smb.conf, as docs/guide.md has them; -s because the lab's is
# not Samba's own, as for each command here.
OPTIONS = {
    'server min protocol': 'NT1',
    'smb ports': '139',
    'map to guest': 'bad user',
}


def options(host, **more):
    """smb.conf's, with "message command"."""
    command = '%s -s %s deliver %%s "%%f" "%%L" %%m %%I' % (TOOL, host.conf)
    return dict(OPTIONS, **{'message command': command}, **more)


def open_smbd(p, **kwargs):
    """Starts smbd on ALPHA, and waits until it takes connections."""
    process = p.alpha.smbd(**kwargs)

    def listening():
        with p.bravo.namespace.socket(socket.AF_INET,
                                      socket.SOCK_STREAM) as sock:
            sock.settimeout(1.0)
            return sock.connect_ex((p.alpha.address, 139)) == 0

    wait_for(listening, 10.0, 'smbd listens')
    return process


def send(p, to, text, sender='Bob', host=None, args=()):
    """smbclient -M on another host: what it prints."""
    host = host or p.bravo
    done = host.run(
        ['smbclient', '-s', host.conf, '--option=name resolve order=bcast',
         '-M', to, '-U', sender + '%x'] + list(args), input=text)
    return done.stdout + done.stderr


def send_to(p, called, text, sender='Bob', host=None):
    """Likewise to ALPHA, under any name: nobody is asked who has it."""
    return send(p, called, text, sender, host, ['-I', p.alpha.address])


def kept(nmbd, count=256, after=0):
    """The messages that the module has."""
    return nmbd.json('messages %d after %d' % (count, after))['messages']


def wait_kept(nmbd, number, seconds=5.0):
    """Waits for so many messages; returns them."""
    def there():
        found = kept(nmbd)
        return found if len(found) >= number else None

    found = nmbd.wait_for(there, seconds, '%d messages' % number)
    check.equal(len(found), number, 'messages')
    return found


def shown(p, *args):
    """What smbmessenger messages prints."""
    done = tool(p.alpha, 'messages', *args)
    check.equal((done.returncode, done.stderr), (0, ''),
                'exit status and standard error')
    return done.stdout
