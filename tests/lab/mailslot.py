# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages in NetBIOS datagrams (RFC 1002, 4.4) to \\MAILSLOT\\MESSNGR.

Owns the wire format only, as nbt.py does, and shares no code with Samba.
"""

import socket

PORT = 138
UNIQUE, GROUP, BROADCAST = 0x10, 0x11, 0x12
SLOT = b'\\MAILSLOT\\MESSNGR'


def encoded(name, suffix):
    raw = (b'*' + bytes(15) if name == '*'
           else name.encode('cp850').ljust(15) + bytes([suffix]))
    return (b'\x20' + bytes(c for b in raw for c in
                            (65 + (b >> 4), 65 + (b & 15))) + b'\0')


def smb(data, slot=SLOT):
    """The SMB of a mailslot write."""
    name = slot + b'\0'
    words = [0, len(data), 0, 0, 0, 0, 0, 0, 0, 0, 0, len(data),
             69 + len(name), 3, 1, 1, 2]
    return (b'\xffSMB\x25' + bytes(27) + bytes([17])
            + b''.join(word.to_bytes(2, 'little') for word in words)
            + (len(name) + len(data)).to_bytes(2, 'little') + name + data)


def message(sender, to, text, slot=SLOT):
    """The SMB of a message."""
    return smb(b'\0'.join(part.encode('cp850') for part in
                          (sender, to, text)) + b'\0', slot)


def datagram(ident, source, kind, to, suffix, body, flags=0x02, offset=0):
    """From BRAVO at the address `source`."""
    body = encoded('BRAVO', 0) + encoded(to, suffix) + body
    return (bytes([kind, flags]) + ident.to_bytes(2, 'big')
            + socket.inet_aton(source) + PORT.to_bytes(2, 'big')
            + len(body).to_bytes(2, 'big') + offset.to_bytes(2, 'big') + body)


def mixture(host, source, alias, workgroup):
    """What a storm is of: [(address, datagram)] to an alias, in lower case, to
    a name that is none, to the workgroup and to everybody."""
    texts = ['%d: the paper is out, please come' % number
             for number in range(16)]
    found = []
    for number, text in enumerate(texts):
        to = (alias, 'NOBODY', alias.lower(), workgroup,
              alias, 'NEVER', alias, '*')[number % 8]
        kind = (GROUP if to == workgroup else
                BROADCAST if to == '*' else UNIQUE)
        found.append((host.address if kind == UNIQUE else host.broadcast,
                      datagram(number, source, kind, to.upper(), 3,
                               message('Bob', to, text))))
    return found
