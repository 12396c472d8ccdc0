# SPDX-License-Identifier: GPL-3.0-or-later
"""What the packets that are fired at nmbd are made from."""

import ipaddress
import struct

from lab import nbt

NAMES = ('ALPHA', 'OPERATOR', 'HELPDESK', 'LAB', '__SAMBA__', 'NOBODY')
SUFFIXES = (0x00, 0x03, 0x1b, 0x1d, 0x1e, 0x20)


def _name_service(source):
    """Requests and unasked replies, (bytes)."""
    for number, text in enumerate(NAMES):
        for suffix in SUFFIXES:
            name = nbt.Name(text, suffix)
            question = nbt.query(number, name, suffix % 2 == 0)
            yield nbt.encode(question)
            if suffix != 3 and number > 1:
                continue
            claim = nbt.registration(number, name, source)
            yield nbt.encode(claim)
            yield nbt.encode(nbt.registration(number, name, source,
                                              broadcast=False))
            yield nbt.encode(nbt.registration(number, name, source,
                                              opcode=nbt.MULTIHOMED))
            yield nbt.encode(nbt.registration(number, name, source,
                                              demand=True))
            yield nbt.encode(nbt.registration(number, name, source,
                                              opcode=nbt.REFRESH))
            yield nbt.encode(nbt.release(number, name, source))
            yield nbt.encode(nbt.registration_reply(claim, nbt.ACT_ERR))
            yield nbt.encode(nbt.conflict_demand(number, name, source))
            yield nbt.encode(nbt.wack(claim))
            yield nbt.encode(nbt.query_reply(question, source))
    yield nbt.encode(nbt.node_status_request(1))


def _datagram(source, to, suffix, payload, kind=0x11):
    """RFC 1002, 4.4.2: a datagram for a group (0x11) or one (0x10)."""
    names = (nbt.encode_name(nbt.Name('CHARLIE', 0))
             + nbt.encode_name(nbt.Name(to, suffix)))
    return struct.pack('>BBH4sHHH', kind, 0x02, 0x4242,
                       ipaddress.IPv4Address(source).packed, 138,
                       len(names) + len(payload), 0) + names + payload


def _mailslot(slot, data):
    """An SMB transaction to a mailslot, [MS-MAIL] 2.2.1."""
    words = struct.pack('<HHHHBBHIHHHHHBB', 0, len(data), 0, 0, 0, 0, 0, 0,
                        0, 0, 0, len(data), 0x56 + len(slot) + 1, 3, 0)
    words += struct.pack('<HHH', 1, 0, 2)
    return (b'\xffSMB\x25' + b'\0' * 27 + bytes([len(words) // 2]) + words
            + struct.pack('<H', len(slot) + 1 + len(data)) + slot + b'\0'
            + data)


def _datagrams(source):
    announcement = struct.pack('<BBI16sBBIHH', 1, 0, 60000, b'CHARLIE', 5, 1,
                               0x1003, 0x010f, 0xaa55) + b'a host\0'
    for to, suffix in (('LAB', 0x1d), ('LAB', 0x1e), ('LAB', 0), ('ALPHA', 3),
                       ('ALPHA', 0x20), ('\x01\x02__MSBROWSE__\x02', 1)):
        for kind in (1, 2, 8, 9, 10, 11, 12, 13, 14, 15):
            yield _datagram(source, to, suffix, _mailslot(
                b'\\MAILSLOT\\BROWSE', bytes([kind]) + announcement[1:]))
        yield _datagram(source, to, suffix, _mailslot(
            b'\\MAILSLOT\\LANMAN', b'\x01\x00' + announcement))
        yield _datagram(source, to, suffix, _mailslot(
            b'\\MAILSLOT\\NET\\NETLOGON',
            b'\x07\x00CHARLIE\0\\MAILSLOT\\X\0\0' + b'\xff' * 8))
        yield _datagram(source, to, suffix, _mailslot(
            b'\\MAILSLOT\\MESSNGR', b'ALPHA\0BRAVO\0a text\0'), 0x10)


def _answers(source):
    claim = nbt.registration(0, nbt.Name('ALPHA', 3), source)
    for text in NAMES[:3]:
        claim = nbt.registration(0, nbt.Name(text, 3), source)
        for rcode in (nbt.ACT_ERR, nbt.RFS_ERR, 0):
            for b_bit in (False, True):
                yield 'claim', nbt.encode(
                    nbt.registration_reply(claim, rcode, b_bit))
        yield 'claim', nbt.encode(nbt.wack(claim))
    request = nbt.node_status_request(0)
    for number in (0, 1, 4, 60):
        listed = [nbt.Listed(nbt.Name('N%d' % at, at % 256))
                  for at in range(number)]
        reply = nbt.node_status_reply(request, listed, b'\2\0\0\0\0\1')
        yield 'status', nbt.encode(reply)
        reply = nbt.node_status_reply(request, listed, count=255)
        yield 'status', nbt.encode(reply)


def write(path, source):
    """The file that fire reads; source: the address it fires from."""
    with open(path, 'w') as out:
        for raw in _name_service(source):
            out.write('137 %s\n' % raw.hex())
        for raw in _datagrams(source):
            out.write('138 %s\n' % raw.hex())
        for kind, raw in _answers(source):
            if len(raw) <= 1400:
                out.write('%s %s\n' % (kind, raw.hex()))
