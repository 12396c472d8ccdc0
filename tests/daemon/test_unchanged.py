# SPDX-License-Identifier: GPL-3.0-or-later
"""<00>, <20> and the rest: nmbd with the module does as nmbd without it."""

import collections
import contextlib
import re
import time

from lab import check, nbt, wait_for
from steps import ANSWERED, pair, wait_state

OTHERS = (('ALPHA', 0x00), ('ALPHA', 0x20), ('LAB', 0x00), ('LAB', 0x1e))


@contextlib.contextmanager
def _both(prepare=None):
    """The same pair twice: nmbd as it is, and with the module."""
    with pair() as stock, pair() as ours:
        rules = [prepare(p.peer) if prepare else None
                 for p in (stock, ours)]
        yield ((stock, stock.nmbd(modules=None), rules[0]),
               (ours, ours.nmbd(), rules[1]))


def _request_bytes(seen):
    """A request without its transaction id."""
    return seen.raw[2:]


def _sent(p, name, suffix):
    return p.capture.registrations(name, suffix, source=p.alpha.address)


@check.alone
def test_registrations():
    """The same packets, as many, at the same times, of all other names."""
    with _both() as runs:
        for p, nmbd, _ in runs:
            for name, suffix in OTHERS:
                nmbd.wait_for(lambda: len(_sent(p, name, suffix)) >= 4, 8.0,
                              'four requests for %s<%02x>' % (name, suffix))
        # a fifth would come with the next turn of nmbd's clock
        for p, nmbd, _ in runs:
            nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 4.0,
                          'ALPHA<00> is answered')
        for name, suffix in OTHERS:
            what = 'requests for %s<%02x>' % (name, suffix)
            stock, ours = (_sent(p, name, suffix) for p, _, _ in runs)
            check.equal([_request_bytes(seen) for seen in ours],
                        [_request_bytes(seen) for seen in stock], what)
            for run in (stock, ours):
                times = ['%.2f' % (seen.time - run[0].time) for seen in run]
                check.between(run[3].time - run[0].time, 1.9, 5.3,
                              'seconds from the first to the fourth of the '
                              '%s, which came at %s' % (what, times))
        # and no kind of packet that stock nmbd does not send
        kinds = [collections.Counter(
            (seen.packet.opcode, seen.packet.response, seen.destination)
            for seen in p.capture.packets
            if seen.source == p.alpha.address and seen.packet)
            for p, _, _ in runs]
        check.none(sorted(set(kinds[1]) - set(kinds[0])),
                   'kinds of packets that only the module sends')


@check.alone
def test_refusals():
    """A refusal of <00> and <20> is taken by nmbd as it always was: the one
    with the B bit at once, the one without when the time has run out, and
    without a word of who it came from."""
    def prepare(peer):
        return (peer.refuse('ALPHA', 0x00), peer.refuse('ALPHA', 0x20,
                                                        b_bit=True))

    with _both(prepare) as runs:
        for p, nmbd, (late, early) in runs:
            line = nmbd.wait_log('Failed to register my name ALPHA<20>', 4.0)
            check.between(line.wall - early.first_reply()[1], -0.01, 0.5,
                          'seconds until the refusal of <20> counts')
            line = nmbd.wait_log('Failed to register my name ALPHA<00>', 4.0)
            # nmbd counts whole seconds, and looks when something wakes it
            check.between(line.wall - late.first_reply()[1], 0.1, 3.5,
                          'seconds until the refusal of <00> counts')
            rejects = [entry.text for entry
                       in nmbd.log_entries('Reject came from')]
            check.equal(len(rejects), 1, 'refusals that nmbd saw as such')
            check.contains(rejects[0], 'ALPHA<20>', 'the refusal')
            for suffix in (0x00, 0x20):
                check.contains(p.listed(), 'ALPHA<%02x>' % suffix,
                               'node status')
                check.equal(p.broadcast_answer('ALPHA', suffix), None,
                            'answer to a broadcast query')
        # and none of it touches the service
        ours, nmbd, _ = runs[1]
        wait_state(nmbd, 'running')
        ours.check_answered()


def _answers(p):
    """What ALPHA says to a round of questions, without transaction ids."""
    out = []
    for name, suffix in OTHERS + (('NOBODY', 0x03), ('NOBODY', 0x20),
                                  ('ALPHA', 0x1d), ('*', 0x00)):
        for broadcast in (True, False):
            to = p.alpha.broadcast if broadcast else p.alpha.address
            seen = p.client.reply_to_query(to, name, suffix, broadcast,
                                           barrier=ANSWERED)
            out.append((name, suffix, broadcast,
                        seen and seen.raw[2:]))
        for broadcast in (True, False):
            to = p.alpha.broadcast if broadcast else p.alpha.address
            seen = p.client.register(to, name, suffix, 0.1, broadcast)
            out.append((name, suffix, 'registration', broadcast,
                        [reply.raw[2:] for reply in seen]))
    ident = p.client.next_id()
    for packet in (nbt.release(ident, nbt.Name('ALPHA', 0x20),
                               p.bravo.address),
                   nbt.registration(ident, nbt.Name('ALPHA', 0x20),
                                    p.bravo.address, demand=True)):
        seen = p.client.ask(p.alpha.broadcast, [packet], bool, 0.5)
        out.append((packet.opcode, [reply.raw[2:] for reply in seen]))
    out.append(('node status', sorted(p.client.node_status(
        p.alpha.address))))
    return out


def test_answers():
    """Queries, registrations, releases and demands get the same answers."""
    with _both() as runs:
        got = []
        for p, nmbd, _ in runs:
            nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 8.0,
                          'nmbd has registered its names')
            nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x20), 4.0,
                          'nmbd has registered its names')
            nmbd.wait_for(lambda: p.broadcast_answer('LAB', 0x1e), 4.0,
                          'nmbd has registered its names')
            got.append(_answers(p))
        for stock, ours in zip(*got):
            check.equal(ours, stock, 'answer')


def test_answers_for_the_computer_name():
    """Once it is registered, COMPUTER<03> is answered as stock does it."""
    with _both() as runs:
        got = []
        for p, nmbd, _ in runs:
            nmbd.wait_for(p.broadcast_answer, 8.0, 'ALPHA<03> is answered')
            got.append([p.broadcast_answer().raw[2:],
                        p.unicast_answer().raw[2:],
                        [reply.raw[2:] for reply in p.client.register(
                            p.alpha.broadcast, 'ALPHA', 3, replies=2)]])
        for stock, ours in zip(*got):
            check.equal(ours, stock, 'answer')


ROLES = {'local master': 'yes', 'preferred master': 'yes',
         'domain master': 'yes', 'netbios aliases': 'BETA'}
OF_ROLES = (('LAB', 0x1b), ('LAB', 0x1d), ('LAB', 0x1e), ('LAB', 0x00),
            ('\x01\x02__MSBROWSE__\x02', 0x01), ('BETA', 0x20),
            ('BETA', 0x00), ('ALPHA', 0x20), ('ALPHA', 0x00))

# when and how often nmbd says these is a matter of its clock
_BY_CLOCK = ('is now a', 'Attempting to', 'querying subnet', 'started')


def _said(nmbd):
    """What nmbd itself says at level 0 and 1, each once; not of <03>."""
    return sorted({entry.text for entry in nmbd.log_entries()
                   if not entry.function.startswith('sink_')
                   and '<03>' not in entry.text
                   and not any(words in entry.text for words in _BY_CLOCK)})


def _roles(prepare, over):
    """(packets, log lines, node status, answers) of both, with all roles."""
    found = []
    with pair() as stock, pair() as ours:
        runs = []
        for p, modules in ((stock, None), (ours, 'messenger')):
            prepare(p.peer)
            runs.append((p, p.nmbd(ROLES, modules=modules)))
        for p, nmbd in runs:
            nmbd.wait_for(lambda: over(p, nmbd), 40.0, 'elections are over',
                          interval=0.1)
        for p, nmbd in runs:
            packets = {
                '%s<%02x>' % key: collections.Counter(
                    (seen.destination, _request_bytes(seen))
                    for seen in _sent(p, *key)) for key in OF_ROLES}
            answers = [
                (name, suffix, broadcast, p.client.reply_to_query(
                    p.alpha.broadcast if broadcast else p.alpha.address,
                    name, suffix, broadcast, barrier=ANSWERED) is not None)
                for name, suffix in OF_ROLES for broadcast in (True, False)]
            found.append((packets, _said(nmbd), sorted(
                name for name in p.listed() if '<03>' not in name), answers))
    return found


def _check_roles(prepare, over):
    stock, ours = _roles(prepare, over)
    for what, one, other in zip(('registrations', 'log lines', 'node status',
                                 'answers'), stock, ours):
        check.equal(other, one, what)
    return ours


@check.alone
def test_roles():
    """Local master, domain master, aliases: the same packets, log lines and
    names."""
    def over(p, nmbd):
        return all(p.broadcast_answer('LAB', suffix)
                   for suffix in (0x1b, 0x1d))

    _, _, listed, _ = _check_roles(lambda peer: None, over)
    check.contains(listed, 'LAB<1b>', 'node status')
    check.contains(listed, 'LAB<1d>', 'node status')


@check.alone
def test_roles_refused():
    """Every one of them is refused, with the B bit or without."""
    def prepare(peer):
        for at, (name, suffix) in enumerate(OF_ROLES):
            peer.refuse(name, suffix, b_bit=bool(at % 2))

    def over(p, nmbd):
        return nmbd.log_entries('become_domain_master_fail')

    _, said, _, _ = _check_roles(prepare, over)
    check.contains(' '.join(said), 'Failed to register my name BETA<20>',
                   'log lines')


@check.alone
def test_local_master_refused():
    """nmbd steps back from it all, as it does."""
    def prepare(peer):
        peer.refuse('LAB', 0x1d)

    def over(p, nmbd):
        return nmbd.log_entries('become_local_master_fail2')

    _check_roles(prepare, over)


def _wake_ups(nmbd):
    with open('/proc/%d/status' % nmbd.pid) as status:
        return int(re.search(r'^voluntary_ctxt_switches:\s*(\d+)',
                             status.read(), re.M).group(1))


@check.alone
def test_sleeps_as_long():
    """With nothing pending there is no timer: nmbd wakes up no more often
    than by itself."""
    with _both() as runs:
        for p, nmbd, _ in runs:
            for name, suffix in OTHERS:
                nmbd.wait_for(lambda: p.broadcast_answer(name, suffix), 8.0,
                              '%s<%02x> is answered' % (name, suffix))
        before = [_wake_ups(nmbd) for _, nmbd, _ in runs]
        # a window to count in, not a wait for something to happen
        end = time.monotonic() + 5.0
        wait_for(lambda: time.monotonic() >= end, 6.0, 'the window is over')
        stock, ours = (_wake_ups(nmbd) - count
                       for (_, nmbd, _), count in zip(runs, before))
        check.between(ours, 0, stock + 3, 'wake-ups in 5 s, stock: %d; ours'
                      % stock)


def test_log_has_no_new_errors():
    """Nothing at level 0 that stock nmbd does not say."""
    with _both() as runs:
        for p, nmbd, _ in runs:
            nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 8.0,
                          'nmbd has registered its names')
            nmbd.stop()
        texts = [[entry.text for entry in nmbd.log_entries()
                  if entry.level == 0] for _, nmbd, _ in runs]
        check.equal(texts[1], texts[0], 'errors')
