# SPDX-License-Identifier: GPL-3.0-or-later
"""Samba's messages, between processes of one machine.

What smbcontrol does for a request, without a process of its own: to start it
costs far more than all that nmbd does about the answer. Each question has an
address of its own, so that an answer to an earlier one, which came too late,
is not taken for its own. The format is in Samba's lib/messaging/messages_dgm.c
and source3/lib/messages_util.c, and the same from 4.13 to 4.23 at least.
"""

import errno
import itertools
import os
import select
import socket
import struct
import time

from .traffic import SO_TIMESTAMPNS, stamp_of

DUMP_DOMAIN_LIST = 0x0409
SMB_CONF_UPDATED = 0x0021

_FRAGMENT = 1024
_COOKIE = struct.Struct('@Q')
_PART = struct.Struct('@Nii')
_SERVER_ID = struct.Struct('<QIIQ')
_TYPE = struct.Struct('<I')
_ANY_UNIQUE = 2 ** 64 - 1
NO_CLUSTER = 0xFFFFFFFF

# More than any process has, so that nobody's address is taken.
_numbers = itertools.count(1 << 24)


class Unreachable(AssertionError):
    """Nobody reads messages there."""


def _datagrams(raw, number):
    """A message as it goes over the socket: in one, or in parts."""
    if len(raw) <= _FRAGMENT - _COOKIE.size:
        return [_COOKIE.pack(0) + raw]
    head = _COOKIE.pack(1) + _PART.pack(len(raw), number, 0)
    room = _FRAGMENT - len(head)
    return [head + raw[start:start + room]
            for start in range(0, len(raw), room)]


class Question:
    """A message to a process, and the answer of the same type to it.

    folder: where the sockets are, msg.sock; node: its number on a cluster.
    answered: when the answer came, on the clock of time.monotonic() and by
    the kernel's stamp: it may be read later.
    """

    def __init__(self, folder, pid, kind, data, node=NO_CLUSTER, seconds=10):
        self._kind = kind
        self._pid = pid
        self._parts = b''
        self._answer = None
        self.answered = None
        self._number = next(_numbers)
        self._path = os.path.join(folder, str(self._number))
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            self._sock.setblocking(False)
            self._sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            self._sock.bind(self._path)
            to = os.path.join(folder, str(pid))
            raw = (_SERVER_ID.pack(pid, 0, node, _ANY_UNIQUE)
                   + _SERVER_ID.pack(self._number, 0, node, _ANY_UNIQUE)
                   + _TYPE.pack(kind) + data)
            for datagram in _datagrams(raw, self._number):
                self._send(to, datagram, time.monotonic() + seconds)
        except OSError as error:
            self.close()
            raise Unreachable('process %d takes no message: %s'
                              % (pid, error)) from None
        except BaseException:
            self.close()
            raise

    def _send(self, to, datagram, deadline):
        """A reader who has too many to read is waited for."""
        while True:
            try:
                self._sock.sendto(datagram, to)
                return
            except OSError as error:
                if (error.errno not in (errno.EAGAIN, errno.ENOBUFS)
                        or time.monotonic() > deadline):
                    raise
            time.sleep(0.01)

    def _took(self, datagram):
        """Takes a datagram; the message that is whole with it, or None."""
        (cookie,) = _COOKIE.unpack_from(datagram)
        if cookie == 0:
            return datagram[_COOKIE.size:]
        start = _COOKIE.size + _PART.size
        length = _PART.unpack_from(datagram, _COOKIE.size)[0]
        self._parts += datagram[start:]
        if len(self._parts) < length:
            return None
        whole, self._parts = self._parts, b''
        return whole

    def answer(self, seconds=0.0):
        """The bytes of the answer; None: there is none within this time."""
        deadline = time.monotonic() + seconds
        while self._answer is None:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self._sock], [], [], left)[0]:
                return None
            datagram, ancillary, _, _ = self._sock.recvmsg(_FRAGMENT, 256)
            whole = self._took(datagram)
            if whole is None:
                continue
            source = _SERVER_ID.unpack_from(whole, _SERVER_ID.size)
            (kind,) = _TYPE.unpack_from(whole, 2 * _SERVER_ID.size)
            if (kind, source[0]) == (self._kind, self._pid):
                self.answered = stamp_of(ancillary)[0]
                self._answer = whole[2 * _SERVER_ID.size + _TYPE.size:]
        return self._answer

    def close(self):
        """Gives its address back; an answer that comes now is lost."""
        self._sock.close()
        try:
            os.unlink(self._path)
        except OSError:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def request_data(request):
    """The text of a request as smbcontrol sends it."""
    return b'' if request is None else os.fsencode(request) + b'\0'


def answer_text(data):
    """The text of an answer as smbcontrol prints it."""
    text = data.split(b'\0', 1)[0].decode('utf-8', 'replace')
    return text.replace('\r\n', '\n').replace('\r', '\n')
