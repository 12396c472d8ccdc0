# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody objects: the computer name is registered, and in RFC 1002's time."""

from lab import check, nbt
from steps import (ADDRESS, alias_of, check_running, events, holder_of, pair,
                   subnet_of, wait_state, wall_of)


@check.alone
def test_within_a_second():
    """Three requests 250 ms apart, then it is answered: 0.75 s."""
    with pair() as p:
        nmbd = p.nmbd()
        answer = nmbd.wait_for(p.broadcast_answer, 5.0,
                               'ALPHA<03> is answered', interval=0.005)
        sent = p.capture.registrations('ALPHA', 3)
        check.between(answer.time - sent[0].time, 0.70, 1.0,
                      'seconds from the first request to the first answer')
        check.equal(len(sent), 3, 'registration requests')
        for before, after in zip(sent, sent[1:]):
            check.between(after.time - before.time, 0.22, 0.32,
                          'seconds between two requests')
        for seen in sent:
            check.equal((seen.packet.broadcast, seen.destination),
                        (True, '10.88.0.255'), 'B bit and destination')


def test_status_list_events_and_log():
    with pair() as p:
        nmbd = p.nmbd()
        status = wait_state(nmbd, 'running')
        check_running(status)
        check.equal(nmbd.json('list')['aliases'], status['aliases'],
                    'aliases in list and in status')
        p.check_answered()
        seen = [entry['event'] for entry in events(nmbd)]
        check.equal(sorted(seen), ['alias-registered', 'service-started'],
                    'events')
        started = events(nmbd, 'service-started')[0]
        check.equal((started['event_id'], started['source'],
                     started['severity']),
                    (7036, 'Service Control Manager', 'information'),
                    'service-started')
        registered = events(nmbd, 'alias-registered')[0]
        check.equal((registered['alias'], registered['kind']),
                    ('ALPHA', 'computer'), 'alias-registered')
        check.lacks(registered, 'holder', 'alias-registered')
        for event in (started, registered):
            found = nmbd.log_entries(event['message'])
            check.equal([entry.level for entry in found], [1],
                        'levels of the log entries of %s' % event['event'])
            check.between(found[0].wall - wall_of(event['time']), -0.1, 0.1,
                          'seconds from the event to its log entry')
        check.equal([event['seq'] for event in events(nmbd)], [1, 2],
                    'sequence numbers')
        check.none([entry for entry in nmbd.log_entries()
                    if entry.level == 0
                    # nmbd's own; Samba before 4.14 had the second at 0, too
                    and entry.function not in ('main', 'daemon_ready')],
                   'errors in the log')


def _undisturbed(act, confirm=None):
    """The peer does something to each request that is no refusal."""
    with pair() as p:
        rule = act(p.peer)
        nmbd = p.nmbd()
        status = wait_state(nmbd, 'running')
        check_running(status)
        check.equal(len(rule.requests), 3, 'requests that the peer got')
        check.true(len(rule.replies) >= 3, 'replies that it sent')
        sent = p.capture.registrations('ALPHA', 3)
        started = events(nmbd, 'service-started')[0]
        check.between(wall_of(started['time']) - sent[0].wall, 0.70, 1.3,
                      'seconds from the first request to service-started')
        check.none(events(nmbd, 'service-failed'), 'service-failed')
        # nmbd's own idea of a reply that is no refusal: a failure, 2 s later.
        nmbd.wait_for(lambda: len(p.capture.registrations('ALPHA', 0)) >= 4,
                      6.0, 'nmbd has registered ALPHA<00>')
        check_running(nmbd.json('status'))
        p.check_answered()


def test_wrong_transaction_ignored():
    _undisturbed(lambda peer: peer.refuse('ALPHA', 3, wrong_id=True))


def test_wrong_transaction_with_b_bit_ignored():
    _undisturbed(lambda peer: peer.refuse('ALPHA', 3, wrong_id=True,
                                          b_bit=True))


def test_garbage_ignored():
    _undisturbed(lambda peer: peer.babble('ALPHA', 3))


def test_garbage_with_b_bit_ignored():
    _undisturbed(lambda peer: peer.babble('ALPHA', 3, b_bit=True))


def test_positive_reply_ignored():
    """RFC 1002, 5.1.1.1: a B node pays no heed to a positive reply."""
    _undisturbed(lambda peer: peer.confirm('ALPHA', 3))


def test_positive_reply_with_b_bit_ignored():
    _undisturbed(lambda peer: peer.confirm('ALPHA', 3, b_bit=True))


def test_refusal_of_another_name_ignored():
    """The right transaction id, but a name that nobody asked about."""
    def answer(request):
        reply = nbt.registration_reply(request, nbt.ACT_ERR)
        reply.answers[0].name = nbt.Name('OMEGA', 3)
        return reply

    _undisturbed(lambda peer: peer.on(nbt.REGISTRATIONS, 'ALPHA', 3, answer))


def test_refusal_of_another_suffix_ignored():
    def answer(request):
        reply = nbt.registration_reply(request, nbt.ACT_ERR)
        reply.answers[0].name = nbt.Name('ALPHA', 0x20)
        return reply

    _undisturbed(lambda peer: peer.on(nbt.REGISTRATIONS, 'ALPHA', 3, answer))


def test_query_replies_ignored():
    """A reply of another kind with the right transaction id."""
    _undisturbed(lambda peer: peer.on(
        nbt.REGISTRATIONS, 'ALPHA', 3,
        lambda request: nbt.query_reply(request, '10.88.0.9')))


def test_negative_query_replies_ignored():
    """A denial, but of another request."""
    _undisturbed(lambda peer: peer.on(
        nbt.REGISTRATIONS, 'ALPHA', 3,
        lambda request: nbt.negative_query_reply(request, nbt.ACT_ERR)))


def test_wack_ignored():
    """Only a name server may ask a node to wait."""
    _undisturbed(lambda peer: peer.wack('ALPHA', 3, 30))


def test_netbios_aliases():
    """Shown as computer names with a state of their own; only the first name
    decides about the service."""
    with pair() as p:
        p.peer.refuse('THIRD', 3)
        nmbd = p.nmbd({'netbios aliases': 'SECOND THIRD'})
        status = wait_state(nmbd, 'running')
        check_running(status)

        def settled():
            answer = nmbd.json('list')
            check.equal([alias['name'] for alias in answer['aliases']][0],
                        'ALPHA', 'the first alias')
            check.equal({alias['name']: (alias['kind'], alias['state'])
                         for alias in answer['aliases']},
                        {'ALPHA': ('computer', 'registered'),
                         'SECOND': ('computer', 'registered'),
                         'THIRD': ('computer', 'refused')}, 'aliases')
            return answer

        answer = nmbd.wait_for(settled, 3.0, 'the aliases are settled')
        entry = subnet_of(alias_of(answer, 'THIRD'))
        check.equal((entry['rcode'], holder_of(entry)), (6, '10.88.0.9'),
                    'refusal of THIRD')
        check_running(nmbd.json('status'))
        check.none(events(nmbd, 'service-failed'), 'service-failed')
        p.check_answered('SECOND')
        p.check_silent('THIRD')
        check.equal(nmbd.json('status')['computer'], 'ALPHA', 'computer')


def test_longest_name():
    name = 'FIFTEEN-LETTERS'
    with pair() as p:
        nmbd = p.nmbd({'netbios name': name})
        check_running(wait_state(nmbd, 'running'), computer=name)
        p.check_answered(name)


@check.alone
def test_own_timing_of_nmbd():
    """messenger:rfc timing = no leaves <03> to nmbd's clock: 4 requests."""
    with pair() as p:
        nmbd = p.nmbd({'messenger:rfc timing': 'no'})
        status = wait_state(nmbd, 'running', 6.0)
        check_running(status)
        sent = p.capture.registrations('ALPHA', 3)
        check.equal(len(sent), 4, 'registration requests')
        started = events(nmbd, 'service-started')[0]
        check.between(wall_of(started['time']) - sent[0].wall, 2.9, 4.5,
                      'seconds from the first request to service-started')


def test_own_timing_refused_at_once():
    """With nmbd's timing, too, a refusal counts when it comes."""
    with pair() as p:
        rule = p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd({'messenger:rfc timing': 'no'})
        wait_state(nmbd, 'failed')
        failed = events(nmbd, 'service-failed')[0]
        check.between(wall_of(failed['time']) - rule.first_reply()[1],
                      -0.01, 0.5, 'seconds from the refusal to the event')


def test_defends_its_name():
    """Another host's claim for the held name is refused, as stock does it."""
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        replies = p.client.register(p.alpha.broadcast, 'ALPHA', 3)
        check.equal([(seen.source, seen.packet.rcode) for seen in replies],
                    [(ADDRESS, 6)], 'replies')


def test_conflict_demand_ignored():
    """nmbd drops conflict demands; the module neither acts on them."""
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        p.peer.send(ADDRESS, nbt.conflict_demand(
            7, nbt.Name('ALPHA', 3), '10.88.0.9'))
        p.check_answered()
        check_running(nmbd.json('status'))
