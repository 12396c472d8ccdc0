# SPDX-License-Identifier: GPL-3.0-or-later
"""NetBIOS name service packets (RFC 1002, section 4.2), encoded and decoded.

Owns the wire format only: no sockets, no behaviour. It was written from the
RFC and shares no code with Samba, so that it can bear witness against nmbd.
"""

import ipaddress
import struct
from dataclasses import dataclass, field
from typing import List, NamedTuple, Optional

PORT = 137

# Opcodes. Some senders use 9 for a refresh: RFC 1002 has both values.
QUERY, REGISTER, RELEASE, WACK, REFRESH = 0, 5, 6, 7, 8
REFRESH_ALT, MULTIHOMED = 9, 15
REGISTRATIONS = frozenset({REGISTER, MULTIHOMED})

# Bits of NM_FLAGS, as they stand in the 16 bits behind the transaction id.
RESPONSE = 0x8000
AA, TC, RD, RA, BROADCAST = 0x0400, 0x0200, 0x0100, 0x0080, 0x0010

# rcodes
FMT_ERR, SRV_ERR, NAM_ERR, IMP_ERR = 1, 2, 3, 4
RFS_ERR, ACT_ERR, CFT_ERR = 5, 6, 7

# record types and the one class
TYPE_A, TYPE_NS, TYPE_NULL, TYPE_NB, TYPE_NBSTAT = 1, 2, 10, 0x20, 0x21
CLASS_IN = 1

# NB_FLAGS, and the additional bits of a name in a node status answer
GROUP = 0x8000
DEREGISTERING, CONFLICT, ACTIVE, PERMANENT = 0x1000, 0x0800, 0x0400, 0x0200


class Malformed(ValueError):
    """The bytes are not a name service packet."""


class Name(NamedTuple):
    """A NetBIOS name: up to 15 characters and the suffix byte."""

    text: str
    suffix: int
    scope: str = ''

    def __str__(self):
        return '%s<%02x>%s' % (self.text, self.suffix,
                               '.' + self.scope if self.scope else '')


def name_bytes(name: Name) -> bytes:
    """The 16 bytes of a name; the name "*" is padded with NULs."""
    text = name.text.encode('cp850')
    if len(text) > 15:
        raise ValueError('name too long: %r' % name.text)
    pad = b'\0' if text == b'*' else b' '
    return text.ljust(15, pad) + bytes([name.suffix])


def name_of_bytes(raw: bytes) -> Name:
    """Sixteen bytes as a name, without its padding."""
    return Name(raw[:15].rstrip(b' \0').decode('cp850'), raw[15])


def encode_name(name: Name) -> bytes:
    """First- and second-level encoding (RFC 1001, 14.1; RFC 1002, 4.1)."""
    half = bytearray()
    for byte in name_bytes(name):
        half += bytes((ord('A') + (byte >> 4), ord('A') + (byte & 15)))
    out = bytes([len(half)]) + bytes(half)
    for label in filter(None, name.scope.split('.')):
        raw = label.encode('ascii')
        if len(raw) > 63:
            raise ValueError('scope label too long: %r' % label)
        out += bytes([len(raw)]) + raw
    return out + b'\0'


def decode_name(data: bytes, offset: int):
    """Returns (name, offset behind it); follows label pointers."""
    labels: List[bytes] = []
    end = None
    hops = 0
    while True:
        if offset >= len(data):
            raise Malformed('name runs off the packet')
        length = data[offset]
        if length & 0xC0 == 0xC0:
            if offset + 1 >= len(data):
                raise Malformed('label pointer is cut')
            if end is None:
                end = offset + 2
            offset = (length & 0x3F) << 8 | data[offset + 1]
            hops += 1
            if hops > 16:
                raise Malformed('label pointers loop')
            continue
        if length & 0xC0:
            raise Malformed('reserved label type %#x' % length)
        offset += 1
        if length == 0:
            break
        if offset + length > len(data):
            raise Malformed('label runs off the packet')
        labels.append(data[offset:offset + length])
        offset += length
    if end is None:
        end = offset
    if not labels or len(labels[0]) != 32:
        raise Malformed('first label is not 32 bytes long')
    raw = bytearray()
    for high, low in zip(labels[0][0::2], labels[0][1::2]):
        high, low = high - ord('A'), low - ord('A')
        if not (0 <= high < 16 and 0 <= low < 16):
            raise Malformed('character outside A-P in a name')
        raw.append(high << 4 | low)
    base = name_of_bytes(bytes(raw))
    scope = b'.'.join(labels[1:]).decode('ascii', 'replace')
    return Name(base.text, base.suffix, scope), end


@dataclass
class Question:
    name: Name
    type: int = TYPE_NB
    klass: int = CLASS_IN


@dataclass
class Record:
    name: Name
    type: int = TYPE_NB
    klass: int = CLASS_IN
    ttl: int = 0
    rdata: bytes = b''


@dataclass
class Packet:
    """One name service packet; `flags` are the NM_FLAGS bits above."""

    id: int = 0
    opcode: int = QUERY
    flags: int = 0
    rcode: int = 0
    questions: List[Question] = field(default_factory=list)
    answers: List[Record] = field(default_factory=list)
    authority: List[Record] = field(default_factory=list)
    additional: List[Record] = field(default_factory=list)

    @property
    def response(self) -> bool:
        return bool(self.flags & RESPONSE)

    @property
    def broadcast(self) -> bool:
        return bool(self.flags & BROADCAST)

    @property
    def name(self) -> Optional[Name]:
        """The name it is about."""
        for part in (self.questions, self.answers, self.additional):
            if part:
                return part[0].name
        return None

    def is_request(self, opcodes, name=None, suffix=None) -> bool:
        """A request with one of these opcodes, about this name."""
        if self.response or self.opcode not in opcodes:
            return False
        mine = self.name
        if mine is None:
            return False
        return ((name is None or mine.text == name.upper())
                and (suffix is None or mine.suffix == suffix))

    def is_demand(self) -> bool:
        """A name overwrite demand (RFC 1002, 4.2.3), which ends a claim: a
        registration with RD clear, that nobody answers."""
        return (not self.response and self.opcode in REGISTRATIONS
                and not self.flags & RD)

    def __str__(self):
        kind = {QUERY: 'query', REGISTER: 'registration', RELEASE: 'release',
                WACK: 'wack', REFRESH: 'refresh', REFRESH_ALT: 'refresh',
                MULTIHOMED: 'multihomed registration'}.get(
                    self.opcode, 'opcode %d' % self.opcode)
        if self.questions and self.questions[0].type == TYPE_NBSTAT:
            kind = 'node status'
        if self.answers and self.answers[0].type == TYPE_NBSTAT:
            kind = 'node status'
        if self.is_demand():
            kind = 'name overwrite demand'
        text = '%s %s %s id %#06x' % (kind,
                                      'reply' if self.response else 'request',
                                      self.name, self.id)
        if self.response:
            text += ' rcode %d' % self.rcode
        return text + (' B' if self.broadcast else '')


def encode_record(record: Record) -> bytes:
    return (encode_name(record.name)
            + struct.pack('>HHIH', record.type, record.klass, record.ttl,
                          len(record.rdata)) + record.rdata)


def encode(packet: Packet) -> bytes:
    out = struct.pack(
        '>HHHHHH', packet.id,
        packet.flags | (packet.opcode & 15) << 11 | (packet.rcode & 15),
        len(packet.questions), len(packet.answers), len(packet.authority),
        len(packet.additional))
    for question in packet.questions:
        out += encode_name(question.name)
        out += struct.pack('>HH', question.type, question.klass)
    for part in (packet.answers, packet.authority, packet.additional):
        for record in part:
            out += encode_record(record)
    return out


def decode(data: bytes) -> Packet:
    """Decodes strictly: what does not add up or is left over is Malformed."""
    if len(data) < 12:
        raise Malformed('shorter than a header')
    ident, word, qd, an, ns, ar = struct.unpack_from('>HHHHHH', data)
    packet = Packet(ident, word >> 11 & 15, word & 0x87F0, word & 15)
    offset = 12
    for _ in range(qd):
        name, offset = decode_name(data, offset)
        if offset + 4 > len(data):
            raise Malformed('question is cut')
        kind, klass = struct.unpack_from('>HH', data, offset)
        offset += 4
        packet.questions.append(Question(name, kind, klass))
    for count, part in ((an, packet.answers), (ns, packet.authority),
                        (ar, packet.additional)):
        for _ in range(count):
            name, offset = decode_name(data, offset)
            if offset + 10 > len(data):
                raise Malformed('record is cut')
            kind, klass, ttl, length = struct.unpack_from('>HHIH', data,
                                                          offset)
            offset += 10
            if offset + length > len(data):
                raise Malformed('record data is cut')
            part.append(Record(name, kind, klass, ttl,
                               data[offset:offset + length]))
            offset += length
    if offset != len(data):
        raise Malformed('%d bytes left over' % (len(data) - offset))
    return packet


def nb_rdata(address: str, flags: int = 0) -> bytes:
    """NB_FLAGS and NB_ADDRESS of one owner."""
    return struct.pack('>H', flags) + ipaddress.IPv4Address(address).packed


def nb_addresses(rdata: bytes) -> List[str]:
    """The addresses in the data of an NB record."""
    if len(rdata) % 6:
        raise Malformed('NB data of %d bytes' % len(rdata))
    return [str(ipaddress.IPv4Address(rdata[at + 2:at + 6]))
            for at in range(0, len(rdata), 6)]


# Requests

def query(ident: int, name: Name, broadcast: bool,
          recursion: bool = False) -> Packet:
    flags = (BROADCAST if broadcast else 0) | (RD if recursion else 0)
    return Packet(ident, QUERY, flags, questions=[Question(name)])


def node_status_request(ident: int, name: Name = Name('*', 0)) -> Packet:
    return Packet(ident, QUERY, 0, questions=[Question(name, TYPE_NBSTAT)])


def registration(ident: int, name: Name, address: str, broadcast: bool = True,
                 opcode: int = REGISTER, ttl: int = 0, nb_flags: int = 0,
                 demand: bool = False) -> Packet:
    """A registration, or with `demand` a name overwrite demand (RD clear)."""
    flags = (0 if demand else RD) | (BROADCAST if broadcast else 0)
    return Packet(ident, opcode, flags, questions=[Question(name)],
                  additional=[Record(name, ttl=ttl,
                                     rdata=nb_rdata(address, nb_flags))])


def release(ident: int, name: Name, address: str,
            broadcast: bool = True) -> Packet:
    packet = registration(ident, name, address, broadcast, RELEASE)
    packet.flags &= ~RD
    return packet


# Replies

def _rdata_of(request: Packet) -> bytes:
    return request.additional[0].rdata if request.additional else b'\0' * 6


def registration_reply(request: Packet, rcode: int = 0, b_bit: bool = False,
                       ident: Optional[int] = None, ttl: int = 0) -> Packet:
    """Positive with rcode 0, negative with any other (4.2.5, 4.2.6).

    RFC 1002 wants the B bit clear in both; `b_bit` sets it.
    """
    return Packet(request.id if ident is None else ident, REGISTER,
                  RESPONSE | AA | RD | RA | (BROADCAST if b_bit else 0), rcode,
                  answers=[Record(request.name, ttl=ttl,
                                  rdata=_rdata_of(request))])


def wack(request: Packet, ttl: int = 5) -> Packet:
    """Wait for acknowledgement (4.2.16): asks for `ttl` seconds."""
    word = request.opcode << 11 | request.flags
    return Packet(request.id, WACK, RESPONSE | AA,
                  answers=[Record(request.name, TYPE_NULL, ttl=ttl,
                                  rdata=struct.pack('>H', word & 0xFFFF))])


def conflict_demand(ident: int, name: Name, address: str) -> Packet:
    """Name conflict demand (4.2.8): an unasked reply with rcode 7."""
    return Packet(ident, REGISTER, RESPONSE | AA | RD | RA, CFT_ERR,
                  answers=[Record(name, rdata=nb_rdata(address))])


def query_reply(request: Packet, address: str, nb_flags: int = 0,
                ttl: int = 300000) -> Packet:
    return Packet(request.id, QUERY, RESPONSE | AA | (request.flags & RD),
                  answers=[Record(request.name, ttl=ttl,
                                  rdata=nb_rdata(address, nb_flags))])


def negative_query_reply(request: Packet, rcode: int = NAM_ERR) -> Packet:
    return Packet(request.id, QUERY, RESPONSE | AA | (request.flags & RD),
                  rcode, answers=[Record(request.name, TYPE_NULL)])


class Listed(NamedTuple):
    """A name as a node status answer shows it."""

    name: Name
    flags: int = ACTIVE

    @property
    def group(self) -> bool:
        return bool(self.flags & GROUP)


def node_status_reply(request: Packet, listed, mac: bytes = b'\0' * 6,
                      count: Optional[int] = None) -> Packet:
    """The names of a node.

    `count` replaces the count byte, for answers that lie; a longer list than
    255 is sent whole, with the count byte cut to 255.
    """
    listed = list(listed)
    if count is None:
        count = min(len(listed), 255)
    rdata = bytes([count])
    for entry in listed:
        rdata += name_bytes(entry.name) + struct.pack('>H', entry.flags)
    rdata += mac.ljust(6, b'\0')[:6] + b'\0' * 40
    return Packet(request.id, QUERY, RESPONSE | AA,
                  answers=[Record(request.name, TYPE_NBSTAT, rdata=rdata)])


def listed_names(packet: Packet) -> List[Listed]:
    """The names in a node status answer."""
    for record in packet.answers:
        if record.type == TYPE_NBSTAT:
            break
    else:
        raise Malformed('no node status record')
    data = record.rdata
    if not data or len(data) < 1 + 18 * data[0]:
        raise Malformed('node status data is cut')
    return [Listed(name_of_bytes(data[at:at + 16]),
                   struct.unpack_from('>H', data, at + 16)[0])
            for at in range(1, 1 + 18 * data[0], 18)]


# Packets that no decent implementation sends

def looping_name(packet: Packet) -> bytes:
    """The packet with its first name replaced by a pointer to itself."""
    raw = encode(packet)
    _, end = decode_name(raw, 12)
    return raw[:12] + b'\xc0\x0c' + raw[end:]


def garbage(packet: Packet) -> List[bytes]:
    """Broken forms of a packet: cut, lying about counts, looping, padded.

    Each keeps the transaction id, so that a careless receiver takes it for
    the answer it waits for.
    """
    raw = encode(packet)
    cuts = [raw[:size] for size in (1, 2, 11, 12, 13, 30, 46, 47, 50, 56,
                                    len(raw) - 1) if size < len(raw)]
    counts = raw[:6] + b'\x00\x09' + raw[8:]
    name = raw[:13] + b'\xff' * 32 + raw[45:]
    length = raw[:46 + 8] + b'\xff\xff' + raw[46 + 10:]
    return cuts + [counts, name, length, looping_name(packet),
                   raw[:2] + b'\xff' * 60, raw[:12] + b'\0' * 200]
