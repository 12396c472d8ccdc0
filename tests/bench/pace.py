# SPDX-License-Identifier: GPL-3.0-or-later
"""At which pace neighbours hear each claim.

Stock nmbd is the neighbour: one, or some, hold names between them. All of
these are claimed as the module does it, three requests 250 ms apart, so many
new names in a second. A claim that nobody refuses would have been granted
wrongly: it is lost.

The neighbours are as busy as can be: in each 250 ms they stand still for half
of the time, so that all three requests of a name may come then. What comes
meanwhile is in their sockets' buffers, or lost.
"""

import os
import select
import signal
import socket
import threading
import time

from figures import Group, Line
from lab import Lab, nbt, wait_for

NAMES = 512
NEIGHBOURS = 1, 4, 16
OURS = 256  # names in a second: source/net/pace.h
PACES = OURS, 1024, 4096, None
REQUESTS = 3
APART = 0.25
PATIENCE = 3.0
STANDS_STILL = 0.125


def _neighbours(lab, count):
    each = NAMES // count
    nmbds = []
    for number in range(count):
        host = lab.host('NEIGHBOUR%d' % number, '10.91.0.%d/24'
                        % (number + 2))
        names = ['P%05d' % at for at in range(number * each,
                                              (number + 1) * each)]
        nmbds.append((host, names, host.nmbd(
            {'netbios name': 'NEIGHBOUR%d' % number,
             'netbios aliases': ' '.join(names)})))
    return nmbds


class _Busy:
    """Processes that stand still for a part of the time."""

    def __init__(self, pids):
        self._pids = pids
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _signal(self, number):
        for pid in self._pids:
            os.kill(pid, number)

    def _run(self):
        while not self._over.is_set():
            self._signal(signal.SIGSTOP)
            self._over.wait(STANDS_STILL)
            self._signal(signal.SIGCONT)
            self._over.wait(APART - STANDS_STILL)

    def __enter__(self):
        self._thread.start()

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


class _Claimer:
    """Claims names, and hears who refuses them."""

    def __init__(self, host):
        self._host = host
        self._sock = host.namespace.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._sock.bind((host.address, 0))
        self._packets = [nbt.encode(nbt.registration(
            at + 1, nbt.Name('P%05d' % at, 0x03), host.address))
            for at in range(NAMES)]

    def close(self):
        self._sock.close()

    def _hear(self, refused, until):
        while True:
            left = max(0.0, until - time.monotonic())
            if not select.select([self._sock], [], [], left)[0]:
                return
            packet = nbt.decode(self._sock.recv(2048))
            if packet.rcode != 0:
                refused.add(packet.id)

    def lost(self, pace):
        """How many names nobody has refused; pace None: all at once."""
        refused = set()
        start = time.monotonic()
        plan = sorted((at / pace if pace else 0.0) + turn * APART
                      for turn in range(REQUESTS) for at in range(NAMES))
        sent = [0] * REQUESTS
        for due in plan:
            self._hear(refused, start + due)
            # the request that is due: the one of which the name is next
            turn = min((turn for turn in range(REQUESTS)
                        if sent[turn] < NAMES),
                       key=lambda turn: (sent[turn] / pace if pace else 0.0)
                       + turn * APART)
            self._sock.sendto(self._packets[sent[turn]],
                              (self._host.broadcast, nbt.PORT))
            sent[turn] += 1
        end = time.monotonic() + PATIENCE
        while len(refused) < NAMES and time.monotonic() < end:
            self._hear(refused, time.monotonic() + 0.05)
        return NAMES - len(refused)


def _measure(lab, count, rounds):
    asker = lab.host('CLAIMER', '10.91.0.200/24')
    client = asker.client()
    neighbours = _neighbours(lab, count)
    for host, names, _ in neighbours:
        for name in names:
            wait_for(lambda: client.query(host.broadcast, name, 3, True, 0.2),
                     30.0, '%s holds its names' % host.address)
    claimer = _Claimer(asker)
    lost = {pace: [] for pace in PACES}
    for _ in range(rounds):
        for pace in PACES:
            with _Busy([nmbd.pid for _, _, nmbd in neighbours]):
                lost[pace].append(claimer.lost(pace))
    claimer.close()
    return lost


def pace(rounds):
    groups = []
    for count in NEIGHBOURS:
        with Lab() as lab:
            lost = _measure(lab, count, rounds)
        groups.append(Group(
            'Claims that are lost of %d, %d stock neighbour%s '
            'that %s half of the time'
            % (NAMES, count, *(('', 'stands still') if count == 1
                               else ('s', 'stand still'))),
            [Line('all at once' if pace is None
                  else '%d names a second%s' % (pace, ', ours'
                                                if pace == OURS else ''),
                  found, 0 if pace == OURS else None)
             for pace, found in lost.items()],
            'Lost is what would have been granted though a neighbour holds '
            'it.', compare=False))
    return groups
