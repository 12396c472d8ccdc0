# SPDX-License-Identifier: GPL-3.0-or-later
"""NDR of the interface msgsvc as a client writes and reads it: by the IDL of
[MS-MSRP] 6.2, and with nothing of the server's code."""

import struct

ADD, ENUM, GET_INFO, DEL = range(4)
NO_LIMIT = 0xffffffff


class Writer:
    def __init__(self):
        self.data = b''
        self._pointers = 0

    def u32(self, value):
        self.data += bytes(-len(self.data) % 4) + struct.pack('<I', value)
        return self

    def pointer(self, there=True):
        self._pointers += there
        return self.u32(0x20000 + 4 * self._pointers if there else 0)

    def string(self, text):
        units = (text + '\0').encode('utf-16-le')
        self.u32(len(units) // 2).u32(0).u32(len(units) // 2)
        self.data += units
        return self

    def server(self, name):
        """[in, string, unique]"""
        self.pointer(name is not None)
        return self if name is None else self.string(name)


class Reader:
    def __init__(self, data):
        self._data = data
        self._at = 0

    def u32(self):
        self._at += -self._at % 4
        (value,) = struct.unpack_from('<I', self._data, self._at)
        self._at += 4
        return value

    def string(self):
        size, offset, used = self.u32(), self.u32(), self.u32()
        if offset or used > size:
            raise ValueError('a string of %d from %d in %d'
                             % (used, offset, size))
        units = self._data[self._at:self._at + 2 * used]
        self._at += 2 * used
        text = units.decode('utf-16-le')
        if len(units) != 2 * used or not text.endswith('\0'):
            raise ValueError('a string without an end: %r' % units)
        return text[:-1]

    def end(self):
        if self._at != len(self._data):
            raise ValueError('%d bytes are left over'
                             % (len(self._data) - self._at))


def name_request(name, server='\\\\ALPHA'):
    """Add, Del"""
    return Writer().server(server).string(name).data


def info_request(name, level, server='\\\\ALPHA'):
    return Writer().server(server).string(name).u32(level).data


def enum_request(level=0, limit=NO_LIMIT, resume=0, server='\\\\ALPHA',
                 container=True):
    w = Writer().server(server).u32(level).u32(level)
    if level in (0, 1):
        w.pointer(container)
        if container:
            w.u32(0).pointer(False)
    w.u32(limit).pointer(resume is not None)
    if resume is not None:
        w.u32(resume)
    return w.data


def _entries(r, level, num):
    there = []
    for _ in range(num):
        pointers = [r.u32()]
        if level == 1:
            flag = r.u32()
            pointers.append(r.u32())
            if flag or pointers[1]:
                raise ValueError('something is forwarded')
        there.append(pointers[0])
    if not all(there):
        raise ValueError('an entry without a name')
    return [r.string() for _ in there]


def code_reply(data):
    r = Reader(data)
    code = r.u32()
    r.end()
    return code


def enum_reply(data, resume=True):
    """(code, names, resume handle)"""
    r = Reader(data)
    level, again = r.u32(), r.u32()
    names = []
    if level != again:
        raise ValueError('level %d, union of %d' % (level, again))
    if level in (0, 1):
        if not r.u32():
            raise ValueError('no container')
        num, there = r.u32(), r.u32()
        if bool(num) != bool(there):
            raise ValueError('%d entries, pointer %d' % (num, there))
        if there:
            if r.u32() != num:
                raise ValueError('size_is is not EntriesRead')
            names = _entries(r, level, num)
    total = r.u32()
    if total != len(names):
        raise ValueError('TotalEntries %d of %d' % (total, len(names)))
    handle = None
    if bool(r.u32()) != resume:
        raise ValueError('the resume handle is not as it was asked for')
    if resume:
        handle = r.u32()
    code = r.u32()
    r.end()
    return code, names, handle


def info_reply(data, level):
    """(code, name or None)"""
    r = Reader(data)
    if r.u32() != level:
        raise ValueError('another level')
    name = None
    if level in (0, 1) and r.u32():
        (name,) = _entries(r, level, 1)
    code = r.u32()
    r.end()
    return code, name
