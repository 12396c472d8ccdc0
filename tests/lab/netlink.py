# SPDX-License-Identifier: GPL-3.0-or-later
"""What every lab needs of rtnetlink(7), without a process of ip(8) for it."""

import os
import socket
import struct

_NEWLINK = 16
_GETLINK = 18
_NEWADDR = 20
_ERROR = 2
_REQUEST = 1
_ACK = 4
_CREATE = 0x600  # and it must be new
_UP = 1

_IFLA_IFNAME = 3
_IFLA_MASTER = 10
_IFLA_OPERSTATE = 16
_OPER_UP = 6
_IFLA_LINKINFO = 18
_IFLA_INFO_KIND = 1
_IFLA_INFO_DATA = 2
_IFLA_INFO_SLAVE_DATA = 5
_IFLA_BRPORT_STATE = 1
_BR_STATE_FORWARDING = 3
_IFLA_NET_NS_FD = 28
_VETH_INFO_PEER = 1
_IFA_ADDRESS = 1
_IFA_LOCAL = 2
_IFA_BROADCAST = 4

_HEADER = struct.Struct('=IHHII')
_LINK = struct.Struct('=BxHiII')
_ADDRESS = struct.Struct('=BBBBI')
_CODE = struct.Struct('=i')


def _attribute(kind, data):
    if isinstance(data, str):
        data = data.encode() + b'\0'
    elif isinstance(data, int):
        data = struct.pack('=I', data)
    return (struct.pack('=HH', len(data) + 4, kind) + data
            + bytes(-len(data) % 4))


def _attributes(data):
    """{kind: data} of a row of attributes."""
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from('=HH', data)
        found[kind & 0x3fff] = data[4:length]
        data = data[(length + 3) & ~3:]
    return found


def _link(name, up=None):
    """The head of a request about an interface."""
    return (_LINK.pack(socket.AF_UNSPEC, 0, 0, _UP if up else 0,
                       0 if up is None else _UP)
            + _attribute(_IFLA_IFNAME, name))


def _info(kind, data=b''):
    return _attribute(_IFLA_LINKINFO,
                      _attribute(_IFLA_INFO_KIND, kind)
                      + (_attribute(_IFLA_INFO_DATA, data) if data else b''))


class Netlink:
    """The interfaces of the namespace that the socket was made in."""

    def __init__(self, sock):
        self._sock = sock
        self._number = 0

    def close(self):
        self._sock.close()

    def _ask(self, kind, flags, body):
        """The body of what the kernel says to a request."""
        self._number += 1
        self._sock.send(_HEADER.pack(_HEADER.size + len(body), kind,
                                     _REQUEST | flags, self._number, 0) + body)
        reply = self._sock.recv(65536)
        body = reply[_HEADER.size:]
        if _HEADER.unpack_from(reply)[1] == _ERROR:
            (code,) = _CODE.unpack_from(body)
            if code:
                raise OSError(-code, os.strerror(-code))
        return body

    def index(self, name):
        """The number of an interface."""
        return _LINK.unpack_from(self._ask(_GETLINK, 0, _link(name)))[2]

    def _state(self, name):
        return _attributes(
            self._ask(_GETLINK, 0, _link(name))[_LINK.size:])

    def is_up(self, name):
        """Up, and its queue takes packets: that is some time later."""
        return self._state(name)[_IFLA_OPERSTATE] == bytes([_OPER_UP])

    def is_forwarding(self, port):
        """Does the bridge that it is a port of forward what comes in?"""
        info = _attributes(self._state(port)[_IFLA_LINKINFO])
        return _attributes(info[_IFLA_INFO_SLAVE_DATA])[
            _IFLA_BRPORT_STATE] == bytes([_BR_STATE_FORWARDING])

    def set_up(self, name, up=True):
        self._ask(_NEWLINK, _ACK, _link(name, up))

    def add_bridge(self, name):
        """A bridge, up."""
        self._ask(_NEWLINK, _ACK | _CREATE,
                  _link(name, True) + _info('bridge'))

    def add_port(self, name, bridge, peer, namespace_fd):
        """One end of a cable, up, in a bridge here, and the other end, down,
        in another namespace."""
        self._ask(_NEWLINK, _ACK | _CREATE, (
            _link(name, True) + _attribute(_IFLA_MASTER, self.index(bridge))
            + _info('veth', _attribute(_VETH_INFO_PEER, _link(peer)
                    + _attribute(_IFLA_NET_NS_FD, namespace_fd)))))

    def add_address(self, name, interface):
        """An ipaddress.IPv4Interface, and the broadcast address of its net."""
        self._ask(_NEWADDR, _ACK | _CREATE, (
            _ADDRESS.pack(socket.AF_INET, interface.network.prefixlen, 0, 0,
                          self.index(name))
            + _attribute(_IFA_LOCAL, interface.ip.packed)
            + _attribute(_IFA_ADDRESS, interface.ip.packed)
            + _attribute(_IFA_BROADCAST,
                         interface.network.broadcast_address.packed)))
