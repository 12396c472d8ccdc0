# SPDX-License-Identifier: GPL-3.0-or-later
"""Name service packets as they were seen, and a passive ear on the wire."""

import os
import selectors
import socket
import struct
import threading
import time
from dataclasses import dataclass
from typing import Optional

from . import nbt
from .wait import wait_for

# Values of <asm-generic/socket.h> and <linux/in.h> that the socket module
# does not have.
SO_TIMESTAMPNS = 35
IP_PKTINFO = 8
ETH_P_ALL = 3


@dataclass
class Seen:
    """One packet; `packet` is None when it is malformed.

    `time` is on the clock of time.monotonic(), `wall` on that of time.time();
    both go back to the kernel's stamp of its arrival, so that a busy machine
    does not make packets look late.
    """

    time: float
    wall: float
    source: str
    source_port: int
    destination: str
    raw: bytes
    packet: Optional[nbt.Packet]
    interface: str = ''
    outgoing: bool = False
    destination_port: int = nbt.PORT

    def __str__(self):
        return '%.3f %s:%d > %s:%d %s' % (
            self.time, self.source, self.source_port, self.destination,
            self.destination_port,
            self.packet or 'malformed ' + self.raw.hex())


def decode_or_none(raw):
    try:
        return nbt.decode(raw)
    except nbt.Malformed:
        return None


def stamp_of(ancillary):
    """(monotonic, wall) of a received packet, from the kernel's time stamp."""
    wall, monotonic = time.time(), time.monotonic()
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack('@qq', data[:16])
            stamp = seconds + nanoseconds / 1e9
            return monotonic - (wall - stamp), stamp
    return monotonic, wall


class Loop:
    """A thread that waits for sockets, until it is stopped."""

    def __init__(self, name):
        self._selector = selectors.DefaultSelector()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        self._running = True
        self._thread = threading.Thread(target=self._run, name=name,
                                        daemon=True)

    def watch(self, sock, received):
        self._selector.register(sock, selectors.EVENT_READ, received)

    def start(self):
        self._thread.start()

    def wake(self):
        try:
            os.write(self._wake_write, b'.')
        except BlockingIOError:
            pass

    def timeout(self):
        """Seconds until due() is wanted, None: not at all."""
        return None

    def due(self):
        """Called after each wait."""

    def _run(self):
        while self._running:
            for key, _ in self._selector.select(self.timeout()):
                if key.data is None:
                    try:
                        os.read(self._wake_read, 4096)
                    except BlockingIOError:
                        pass
                else:
                    key.data(key.fileobj)
            self.due()

    def stop(self):
        if not self._running:
            return
        self._running = False
        self.wake()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            if key.data is not None:
                key.fileobj.close()
        self._selector.close()
        os.close(self._wake_read)
        os.close(self._wake_write)


class Capture(Loop):
    """Every name service packet on every interface of a namespace.

    Works on a packet socket, so it neither takes a packet from nmbd nor
    answers one. Each packet is there once per interface it passed.
    """

    def __init__(self, namespace):
        super().__init__('capture')
        self._packets = []
        self._lock = threading.Lock()
        sock = namespace.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                                socket.htons(ETH_P_ALL))
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        sock.setblocking(False)
        self._sock = sock
        self.watch(sock, self._received)
        self.start()

    def _received(self, sock):
        with self._lock:
            self._take(sock)

    def _take(self, sock):
        """Takes what is next; whether there was anything."""
        try:
            data, ancillary, _, address = sock.recvmsg(65535, 256)
        except OSError:  # nothing there, or stopped
            return False
        seen = self._seen(data, ancillary, address)
        if seen is not None:
            self._packets.append(seen)
        return True

    @staticmethod
    def _seen(data, ancillary, address):
        interface, _, kind = address[:3]
        if len(data) < 28 or data[0] >> 4 != 4 or data[9] != 17:
            return None
        header = (data[0] & 15) * 4
        if struct.unpack_from('>H', data, 6)[0] & 0x3FFF:
            return None  # a fragment
        ports = struct.unpack_from('>HHH', data, header)
        if nbt.PORT not in ports[:2]:
            return None
        raw = data[header + 8:header + ports[2]]
        monotonic, wall = stamp_of(ancillary)
        return Seen(monotonic, wall, socket.inet_ntoa(data[12:16]), ports[0],
                    socket.inet_ntoa(data[16:20]), raw, decode_or_none(raw),
                    interface, kind == socket.PACKET_OUTGOING, ports[1])

    @property
    def packets(self):
        """What has been seen so far, oldest first; all that has arrived is,
        whether or not the thread has come to it."""
        with self._lock:
            while self._take(self._sock):
                pass
            return list(self._packets)

    def requests(self, opcodes, name=None, suffix=None, source=None,
                 interface=None):
        """The requests with one of these opcodes, about this name."""
        return [seen for seen in self.packets
                if seen.packet and seen.packet.is_request(opcodes, name,
                                                          suffix)
                and (source is None or seen.source == source)
                and (interface is None or seen.interface == interface)]

    def registrations(self, name=None, suffix=None, source=None,
                      interface=None):
        """Those about this name, None: about any. Without name overwrite
        demands, which have their opcode and are none (4.2.3)."""
        return [seen for seen in self.requests(nbt.REGISTRATIONS, name,
                                               suffix, source, interface)
                if not seen.packet.is_demand()]

    def demands(self, name=None, suffix=None, source=None, interface=None):
        """The name overwrite demands (4.2.3) about this name, or any."""
        return [seen for seen in self.requests(nbt.REGISTRATIONS, name,
                                               suffix, source, interface)
                if seen.packet.is_demand()]

    def replies(self, name, suffix, source=None, opcode=None):
        """The replies about this name."""
        return [seen for seen in self.packets
                if seen.packet and seen.packet.response
                and seen.packet.name is not None
                and seen.packet.name[:2] == (name.upper(), suffix)
                and (source is None or seen.source == source)
                and (opcode is None or seen.packet.opcode == opcode)]

    def wait_for(self, find, seconds, what):
        """Waits until find() of this capture has found something."""
        return wait_for(find, seconds, what, interval=0.005,
                        report=self.describe)

    def describe(self, last=40):
        return '\n'.join('    ' + str(seen) for seen in self.packets[-last:])


class Storm:
    """So many packets a second, from a thread, until it is left.

    packets: [(address, bytes)]; at `ident` they have an identifier of two
    bytes, which is another one each time.
    """

    def __init__(self, host, packets, rate=1000, port=nbt.PORT, ident=0):
        self._host = host
        self._packets = packets
        self._rate = rate
        self._port = port
        self._ident = ident
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.sent = 0

    def __enter__(self):
        self._sock = self._host.namespace.socket(socket.AF_INET,
                                                 socket.SOCK_DGRAM)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._sock.bind((self._host.address, 0))
        self._started = time.monotonic()
        self._thread.start()
        return self

    def _run(self):
        while not self._stop.wait(0.005):
            due = int((time.monotonic() - self._started) * self._rate)
            for _ in range(min(due - self.sent, 50)):
                to, packet = self._packets[self.sent % len(self._packets)]
                raw = (packet[:self._ident]
                       + struct.pack('>H', self.sent & 0xFFFF)
                       + packet[self._ident + 2:])
                try:
                    self._sock.sendto(raw, (to, self._port))
                except OSError:
                    pass
                self.sent += 1

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        self._sock.close()
