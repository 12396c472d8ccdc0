# SPDX-License-Identifier: GPL-3.0-or-later
"""A WINS server written for the tests: it has records, and it misbehaves.

Left alone it grants every registration, remembers it, and answers questions
about what it remembers, as RFC 1002 5.1.4 asks of a NetBIOS name server. It
never asks an owner whether it lives: what is in a record is what the test has
put there. Only what is sent to it alone is meant for it; what comes by
broadcast it treats as a peer does.

It has no code of Samba's in it.
"""

from . import nbt
from .peer import Peer

REFRESHES = frozenset({nbt.REFRESH, nbt.REFRESH_ALT})
CLAIMS = nbt.REGISTRATIONS | REFRESHES


def _reply(request, rcode, ttl=0):
    """To a registration, or in the words of a refresh to a refresh."""
    reply = nbt.registration_reply(request, rcode, ttl=ttl)
    if request.opcode in REFRESHES:
        reply.opcode = nbt.REFRESH
    return reply


def _records(request, addresses, group, ttl):
    """A positive answer with all addresses of a name."""
    flags = nbt.GROUP if group else 0
    reply = nbt.query_reply(request, addresses[0], flags, ttl)
    reply.answers[0].rdata = b''.join(nbt.nb_rdata(address, flags)
                                      for address in addresses)
    return reply


class WinsServer(Peer):
    """A WINS server on port 137 of a namespace.

    ttl: of what it grants; delay: seconds before each of its answers to a
    registration, a refresh or a question about a name.
    """

    def __init__(self, namespace, addresses, ttl=600, delay=0.0, **kwargs):
        self.ttl = ttl
        self.delay = delay
        self._in_wins = {}
        super().__init__(namespace, addresses, **kwargs)

    # What it has

    def record(self, name, *addresses, suffix=0x03, group=False):
        """Puts a record in, whoever lives at these addresses."""
        with self._lock:
            self._in_wins[(name.upper(), suffix)] = (list(addresses), group)

    def addresses_of(self, name, suffix=0x03):
        """The addresses in a record, or None."""
        with self._lock:
            record = self._in_wins.get((name.upper(), suffix))
        return sorted(record[0]) if record else None

    # What it does instead

    def to_me(self, opcodes, name, answer, suffix=0x03, only=None):
        """A rule for requests of names that are sent to it alone."""
        return self.on(opcodes, name, suffix, lambda request: (
            None if request.broadcast else answer(request)), only,
            question_type=nbt.TYPE_NB)

    def reject(self, name, rcode, suffix=0x03, delay=0.0):
        """Answers registrations and refreshes of a name with an rcode."""
        return self.to_me(CLAIMS, name, lambda request: [
            (delay, _reply(request, rcode))], suffix)

    def wack(self, name, ttl, suffix=0x03, then=None, after=1.0):
        """Asks those who register a name to wait for `ttl` seconds; with
        `then` an answer of that rcode comes after so many seconds."""
        def answer(request):
            replies = [nbt.wack(request, ttl)]
            if then is not None:
                replies.append((after, _reply(request, then, self.ttl)))
            return replies

        return self.to_me(CLAIMS, name, answer, suffix)

    def no_queries(self):
        """Drops questions about names, as some filters do that let only port
        137 talk to port 137; registrations are answered."""
        return self.to_me({nbt.QUERY}, None, lambda request: None, None)

    def no_registrations(self, name=None, suffix=None):
        """Drops registrations and refreshes; questions are answered."""
        return self.to_me(CLAIMS, name, lambda request: None, suffix)

    # What it saw

    def claims(self, name, suffix=0x03):
        """The registrations and refreshes that were sent to it alone."""
        return [seen for seen in self.requests(CLAIMS, name, suffix)
                if not seen.packet.broadcast]

    # The thread

    def _own_answer(self, packet):
        if (packet.broadcast or not packet.questions
                or packet.questions[0].type != nbt.TYPE_NB):
            return super()._own_answer(packet)
        if packet.opcode == nbt.QUERY:
            reply = self._answer_query(packet)
        elif packet.opcode in CLAIMS:
            reply = self._grant(packet)
        elif packet.opcode == nbt.RELEASE:
            return self._release(packet)
        else:
            return None
        return [(self.delay, reply)]

    def _answer_query(self, packet):
        with self._lock:
            record = self._in_wins.get(packet.name[:2])
        if record is None or not record[0]:
            return nbt.negative_query_reply(packet)
        return _records(packet, record[0], record[1], self.ttl)

    def _grant(self, packet):
        new = nbt.nb_addresses(packet.additional[0].rdata)
        with self._lock:
            old, group = self._in_wins.get(packet.name[:2], ([], False))
            self._in_wins[packet.name[:2]] = (
                old + [address for address in new if address not in old],
                group)
        return _reply(packet, 0, self.ttl)

    def _release(self, packet):
        gone = nbt.nb_addresses(packet.additional[0].rdata)
        with self._lock:
            old, group = self._in_wins.pop(packet.name[:2], ([], False))
            left = [address for address in old if address not in gone]
            if left:
                self._in_wins[packet.name[:2]] = (left, group)
        reply = _reply(packet, 0)
        reply.opcode = nbt.RELEASE
        return reply
