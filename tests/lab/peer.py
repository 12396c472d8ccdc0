# SPDX-License-Identifier: GPL-3.0-or-later
"""A NetBIOS node written for the tests: it holds names, and misbehaves.

Left alone, a peer behaves as RFC 1002 asks of a B node: it defends the names
it holds (rcode 6, B bit clear), answers queries for them, and lists them in
its node status. Rules put anything else in the place of that, for one name
and suffix.

A peer has no code of Samba's in it.
"""

import heapq
import itertools
import socket
import threading
import time

from . import nbt
from .traffic import (IP_PKTINFO, SO_TIMESTAMPNS, Loop, Seen, decode_or_none,
                      stamp_of)
from .wait import wait_for


class Rule:
    """What a peer does about requests of one kind for one name.

    requests: the requests that the rule has matched, oldest first.
    demands:  the name overwrite demands (RFC 1002, 4.2.3) among what it has
              matched; no rule answers one.
    replies:  (time, wall, bytes) of what it has sent.
    """

    def __init__(self, opcodes, name, suffix, answer, only=None,
                 question_type=None):
        self._opcodes = frozenset(opcodes)
        self._name = name
        self._suffix = suffix
        self._type = question_type
        self._only = None if only is None else frozenset(only)
        self.answer = answer
        self.requests = []
        self.demands = []
        self.replies = []

    def matches(self, packet):
        if not packet.is_request(self._opcodes, self._name, self._suffix):
            return False
        return (self._type is None
                or packet.questions[0].type == self._type)

    def counts(self, seen):
        """Counts a request that it matches; whether it is meant for it."""
        if seen.packet.is_demand():
            self.demands.append(seen)
            return self._only is None
        self.requests.append(seen)
        return self._only is None or len(self.requests) in self._only

    def transactions(self):
        """How many there were: what comes again, as the answer to it was
        late, has the id of the first."""
        return len({seen.packet.id for seen in self.requests})

    def first_reply(self, seconds=5.0):
        """(time, wall) of its first reply."""
        wait_for(lambda: self.replies, seconds, 'the peer replies')
        return self.replies[0][:2]


class Peer(Loop):
    """A node on the net, on port 137 of a namespace.

    addresses: its own addresses; mac: as its node status shows it.
    """

    def __init__(self, namespace, addresses, mac=b'\x02\0\0\0\0\x01'):
        super().__init__('peer')
        self.addresses = list(addresses)
        self.mac = mac
        self._names = {}
        self._rules = []
        self._packets = []
        self._due = []
        self._order = itertools.count()
        self._lock = threading.Lock()
        self._sock = namespace.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        self._sock.setblocking(False)
        self._sock.bind(('', nbt.PORT))
        self.watch(self._sock, self._received)
        self.start()

    # What it holds

    def hold(self, name, suffix, group=False):
        """Holds and defends a name from now on."""
        with self._lock:
            self._names[(name.upper(), suffix)] = nbt.GROUP if group else 0

    def drop(self, name, suffix):
        """Forgets a name, as a node does that is switched off."""
        with self._lock:
            self._names.pop((name.upper(), suffix), None)

    def listed(self):
        """The names as its node status lists them."""
        with self._lock:
            return [nbt.Listed(nbt.Name(*key), nbt.ACTIVE | flags)
                    for key, flags in self._names.items()]

    # What it does instead

    def on(self, opcodes, name, suffix, answer, only=None, question_type=None):
        """Adds a rule; of several that match, the newest decides.

        answer(request) returns what to send: a Packet, bytes, None for
        silence, or a list of those, each of which may be (delay, it).
        only: the ordinals of the requests (1 is the first) it is meant for;
        the others go to older rules and to the names it holds.
        """
        rule = Rule(opcodes, name, suffix, answer, only, question_type)
        with self._lock:
            self._rules.insert(0, rule)
        return rule

    def forget(self, rule):
        with self._lock:
            self._rules.remove(rule)

    def refuse(self, name, suffix, rcode=nbt.ACT_ERR, b_bit=False, times=1,
               only=None, delay=0.0, wrong_id=False):
        """Refuses registrations of a name, each `times` times over."""
        def answer(request):
            reply = nbt.registration_reply(request, rcode, b_bit)
            if wrong_id:
                reply.id ^= 0x2AAA
            return [(delay, reply)] * times

        return self.on(nbt.REGISTRATIONS, name, suffix, answer, only)

    def confirm(self, name, suffix, b_bit=False):
        """Gives positive replies to registrations of a name."""
        return self.on(nbt.REGISTRATIONS, name, suffix,
                       lambda request: nbt.registration_reply(request, 0,
                                                              b_bit))

    def babble(self, name, suffix, b_bit=False):
        """Answers registrations of a name with broken refusals."""
        return self.on(nbt.REGISTRATIONS, name, suffix,
                       lambda request: nbt.garbage(nbt.registration_reply(
                           request, nbt.ACT_ERR, b_bit)))

    def wack(self, name, suffix, seconds=5):
        return self.on(nbt.REGISTRATIONS, name, suffix,
                       lambda request: nbt.wack(request, seconds))

    def silent(self, name=None, suffix=None):
        """Answers nothing (about a name)."""
        return self.on(range(16), name, suffix, lambda request: None)

    def node_status(self, listed=None, count=None, answer=None):
        """Answers node status with this list, or with what answer() gives."""
        def reply(request):
            names = self.listed() if listed is None else listed
            return nbt.node_status_reply(request, names, self.mac, count)

        return self.on({nbt.QUERY}, None, None, answer or reply,
                       question_type=nbt.TYPE_NBSTAT)

    def send(self, to, packet, port=nbt.PORT):
        """Sends a packet, or bytes, from its port 137."""
        raw = packet if isinstance(packet, bytes) else nbt.encode(packet)
        self._sock.sendto(raw, (to, port))

    # What it saw

    @property
    def packets(self):
        with self._lock:
            return list(self._packets)

    def requests(self, opcodes, name=None, suffix=None):
        return [seen for seen in self.packets
                if seen.packet and seen.packet.is_request(opcodes, name,
                                                          suffix)]

    def registrations(self, name, suffix):
        """Without name overwrite demands, which are none (4.2.3)."""
        return [seen for seen in self.requests(nbt.REGISTRATIONS, name,
                                               suffix)
                if not seen.packet.is_demand()]

    def node_status_requests(self):
        return [seen for seen in self.requests({nbt.QUERY})
                if seen.packet.questions[0].type == nbt.TYPE_NBSTAT]

    # The thread

    def _received(self, sock):
        try:
            raw, ancillary, _, (source, port) = sock.recvmsg(65535, 256)
        except OSError:
            return
        if source in self.addresses:
            return
        destination = ''
        for level, kind, data in ancillary:
            if level == socket.IPPROTO_IP and kind == IP_PKTINFO:
                destination = socket.inet_ntoa(data[8:12])
        monotonic, wall = stamp_of(ancillary)
        seen = Seen(monotonic, wall, source, port, destination, raw,
                    decode_or_none(raw))
        with self._lock:
            self._packets.append(seen)
            rule = None
            if seen.packet is not None and not seen.packet.response:
                rule = self._rule_for(seen)
        if rule is not None and seen.packet.is_demand():
            return
        if rule is not None:
            self._queue(rule.answer(seen.packet), seen, rule)
        elif seen.packet is not None and not seen.packet.response:
            self._queue(self._own_answer(seen.packet), seen, None)

    def _rule_for(self, seen):
        chosen = None
        for rule in self._rules:
            if rule.matches(seen.packet):
                if rule.counts(seen) and chosen is None:
                    chosen = rule
        return chosen

    def _own_answer(self, packet):
        question = packet.questions[0] if packet.questions else None
        if packet.opcode == nbt.QUERY and question is not None:
            if question.type == nbt.TYPE_NBSTAT:
                return nbt.node_status_reply(packet, self.listed(), self.mac)
        key = (packet.name.text, packet.name.suffix) if packet.name else None
        with self._lock:
            flags = self._names.get(key)
        if flags is None:
            return None
        if packet.opcode in nbt.REGISTRATIONS and not flags & nbt.GROUP:
            return nbt.registration_reply(packet, nbt.ACT_ERR)
        if packet.opcode == nbt.QUERY:
            return nbt.query_reply(packet, self.addresses[0], flags)
        return None

    def _queue(self, answer, seen, rule):
        if answer is None:
            return
        for item in answer if isinstance(answer, list) else [answer]:
            delay = 0.0
            if isinstance(item, tuple):
                delay, item = item
            raw = item if isinstance(item, bytes) else nbt.encode(item)
            heapq.heappush(self._due, (seen.time + delay, next(self._order),
                                       raw, (seen.source, seen.source_port),
                                       rule))
        # The thread itself calls this, so due() comes next.

    def timeout(self):
        if not self._due:
            return None
        return max(0.0, self._due[0][0] - time.monotonic())

    def due(self):
        while self._due and self._due[0][0] <= time.monotonic():
            _, _, raw, to, rule = heapq.heappop(self._due)
            stamp = (time.monotonic(), time.time())
            try:
                self._sock.sendto(raw, to)
            except OSError:
                continue
            if rule is not None:
                rule.replies.append(stamp + (raw,))


class Client:
    """Asks questions from a namespace, each from a socket of its own."""

    def __init__(self, namespace, address):
        self._namespace = namespace
        self._address = address
        self._ident = itertools.count(0x4200)

    def ask(self, to, packets, enough, seconds):
        """Sends the packets and collects replies as (Seen) to any of them.

        Ends when enough(replies) is true, or after the time.
        """
        sock = self._namespace.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            sock.bind((self._address, 0))
            for packet in packets:
                sock.sendto(nbt.encode(packet), (to, nbt.PORT))
            idents = {packet.id for packet in packets}
            replies = []
            deadline = time.monotonic() + seconds
            while not enough(replies):
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                sock.settimeout(left)
                try:
                    raw, ancillary, _, (source, port) = sock.recvmsg(65535,
                                                                     256)
                except socket.timeout:
                    break
                monotonic, wall = stamp_of(ancillary)
                seen = Seen(monotonic, wall, source, port, self._address, raw,
                            decode_or_none(raw))
                if seen.packet and seen.packet.id in idents:
                    replies.append(seen)
            return replies

    def next_id(self):
        return next(self._ident) & 0x7FFF

    def reply_to_query(self, to, name, suffix, broadcast, seconds=1.0,
                       barrier=None, source=None):
        """The first reply to a query, positive or negative, or None.

        barrier: a Name that the one asked is sure to answer. It is asked for
        right behind, and its answer proves that the query was dealt with:
        silence is then known without waiting for it.
        source: whose replies count. A broadcast query needs it where others
        have the barrier, too: theirs proves nothing.
        """
        def from_it(replies):
            return [seen for seen in replies
                    if source is None or seen.source == source]

        mine = nbt.query(self.next_id(), nbt.Name(name.upper(), suffix),
                         broadcast)
        packets = [mine]
        if barrier is not None:
            packets.append(nbt.query(self.next_id(), barrier, broadcast))
        replies = from_it(self.ask(to, packets, from_it, seconds))
        for seen in replies:
            if seen.packet.id == mine.id:
                return seen
        if barrier is not None and not replies:
            raise AssertionError('%s answers neither the query for %s<%02x> '
                                 'nor the one for %s'
                                 % (to, name, suffix, barrier))
        return None

    def query(self, to, name, suffix, broadcast, seconds=1.0, barrier=None,
              source=None):
        """The reply if it is positive, else None."""
        seen = self.reply_to_query(to, name, suffix, broadcast, seconds,
                                   barrier, source)
        return seen if seen is not None and seen.packet.rcode == 0 else None

    def node_status(self, to, seconds=2.0):
        """The names that a node lists."""
        replies = self.ask(to, [nbt.node_status_request(self.next_id())],
                           bool, seconds)
        if not replies:
            raise AssertionError('%s does not answer a node status request'
                                 % to)
        return nbt.listed_names(replies[0].packet)

    def register(self, to, name, suffix, seconds=1.0, broadcast=True,
                 replies=1):
        """The replies to one registration packet."""
        packet = nbt.registration(self.next_id(),
                                  nbt.Name(name.upper(), suffix),
                                  self._address, broadcast)
        return self.ask(to, [packet], lambda got: len(got) >= replies,
                        seconds)
