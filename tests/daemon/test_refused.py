# SPDX-License-Identifier: GPL-3.0-or-later
"""Another host holds COMPUTER<03>: service-specific error 2270."""

from lab import check, nbt, wait_for
from steps import (ADDRESS, HOLDER, TERMINATED, check_failed, events, pair,
                   wait_state, wall_of)


def _check_refusal(p, nmbd, rule, limit=0.5, rcode=6):
    """All that must be true after ALPHA<03> was refused by the rule."""
    status = wait_state(nmbd, 'failed')
    refused, refused_wall = rule.first_reply()
    check_failed(status, rcode=rcode)
    failed = events(nmbd, 'service-failed')
    check.equal(len(failed), 1, 'number of service-failed events')
    event = failed[0]
    check.equal((event['event_id'], event['severity'], event['source'],
                 event['code'], event['code_name'], event['alias'],
                 event['kind'], event['subnet'], event['rcode'],
                 event['holder']['address'], event['message']),
                (7024, 'error', 'Service Control Manager', 2270,
                 'NERR_NoComputerName', 'ALPHA', 'computer', ADDRESS, rcode,
                 HOLDER, TERMINATED), 'service-failed')
    check.none(events(nmbd, 'service-started'), 'service-started')
    logged = nmbd.log_entries(TERMINATED)
    check.equal([entry.level for entry in logged], [0],
                'levels of the log entries')
    check.contains(logged[0].text, HOLDER, 'the log entry')
    for what, wall in (('event', wall_of(event['time'])),
                       ('log entry', logged[0].wall)):
        check.between(wall - refused_wall, -0.01, limit,
                      'seconds from the refusal to the ' + what)
    p.check_silent()
    check.contains(p.listed(), 'ALPHA<00>', 'node status')
    check.contains(p.listed(), 'ALPHA<20>', 'node status')


def _refused(limit=0.5, rcode=6, **how):
    with pair() as p:
        rule = p.peer.refuse('ALPHA', 3, rcode=rcode, **how)
        nmbd = p.nmbd()
        _check_refusal(p, nmbd, rule, limit, rcode)


@check.alone
def test_within_a_tenth_of_a_second():
    _refused(limit=0.1)


@check.alone
def test_with_b_bit_within_a_tenth_of_a_second():
    _refused(limit=0.1, b_bit=True)


def test_twice():
    """As a Samba peer does it: once for each of its sockets."""
    _refused(times=2)


def test_twice_with_b_bit():
    _refused(times=2, b_bit=True)


def test_with_both_b_bits():
    def answer(request):
        return [nbt.registration_reply(request, nbt.ACT_ERR),
                nbt.registration_reply(request, nbt.ACT_ERR, b_bit=True)]

    with pair() as p:
        rule = p.peer.on(nbt.REGISTRATIONS, 'ALPHA', 3, answer)
        _check_refusal(p, p.nmbd(), rule)


def test_at_the_second_request():
    _refused(only=[2])


def test_at_the_second_request_with_b_bit():
    _refused(only=[2], b_bit=True)


def test_at_the_third_request():
    _refused(only=[3])


def test_after_the_third_request():
    """In the last 250 ms, while the claim only waits."""
    _refused(only=[3], delay=0.15)


def test_with_delay():
    """The answer to the first request comes between the second and third."""
    _refused(only=[1], delay=0.4)


def test_for_policy():
    _refused(rcode=nbt.RFS_ERR)


def test_for_conflict():
    _refused(rcode=nbt.CFT_ERR)


def test_after_garbage():
    """Garbage, a wrong transaction id, then the real refusal."""
    def answer(request):
        refusal = nbt.registration_reply(request, nbt.ACT_ERR)
        wrong = nbt.registration_reply(request, nbt.ACT_ERR,
                                       ident=request.id ^ 0x2AAA)
        return (nbt.garbage(refusal)
                + [wrong, nbt.registration_reply(request), refusal])

    with pair() as p:
        rule = p.peer.on(nbt.REGISTRATIONS, 'ALPHA', 3, answer)
        _check_refusal(p, p.nmbd(), rule)


def test_by_two_holders():
    """The first refusal is the evidence; there is one event."""
    with pair() as p:
        rule = p.peer.refuse('ALPHA', 3)
        other = p.lab.host('CHARLIE', '10.88.0.10/24').peer()
        late = other.silent('ALPHA', 3)
        nmbd = p.nmbd()
        rule.first_reply()
        wait_for(lambda: late.requests, 3.0, 'the other has a request')
        other.send(p.alpha.address, nbt.registration_reply(
            late.requests[0].packet, nbt.ACT_ERR))
        _check_refusal(p, nmbd, rule)
        check_failed(nmbd.json('status'))
        check.equal(len(events(nmbd, 'service-failed')), 1,
                    'number of service-failed events')


def test_by_a_peer_that_really_holds_it():
    """The whole story: it defends the name and answers for it; ALPHA's own
    nmblookup finds the holder, and nobody else."""
    with pair() as p:
        p.peer.hold('ALPHA', 3)
        nmbd = p.nmbd()
        check_failed(wait_state(nmbd, 'failed'))
        found = p.client.query(p.alpha.broadcast, 'ALPHA', 3, True, 0.3)
        check.equal(found, None, 'an answer from ALPHA itself')
        text = p.alpha.nmblookup('-B', p.alpha.broadcast, 'ALPHA#03')
        check.contains(text, '%s ALPHA<03>' % HOLDER, 'nmblookup')
        check.lacks(text, '%s ALPHA<03>' % ADDRESS, 'nmblookup')
        text = p.bravo.nmblookup('-A', ADDRESS)
        check.contains(text, 'ALPHA           <00>', 'nmblookup -A')
        check.lacks(text, '<03>', 'nmblookup -A')
        text = p.bravo.nmblookup('-U', ADDRESS, 'ALPHA#03')
        check.contains(text, 'name_query failed', 'nmblookup -U')


def test_claims_no_more():
    """After the refusal no request for the name leaves the host, and stays
    silent when nmbd has registered its other names."""
    with pair() as p:
        rule = p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 6.0,
                      'nmbd has registered ALPHA<00>')
        check.equal(len(rule.requests), 1, 'requests for ALPHA<03>')
        check_failed(nmbd.json('status'))
        p.check_silent()
        check.equal(len(events(nmbd, 'service-failed')), 1,
                    'number of service-failed events')
        check.equal(len(nmbd.log_entries(TERMINATED)), 1, 'log entries')


def test_does_not_defend():
    """A refused name may be registered by anybody."""
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        check.equal(p.client.register(p.alpha.broadcast, 'ALPHA', 3, 0.2), [],
                    'replies to a registration of ALPHA<03>')


def test_other_aliases_are_released():
    """A failed service holds no alias: not the netbios aliases either."""
    with pair() as p:
        rule = p.peer.refuse('ALPHA', 3, only=[2])
        nmbd = p.nmbd({'netbios aliases': 'SECOND'})
        wait_state(nmbd, 'failed')
        rule.first_reply()

        def released():
            p.check_silent('SECOND')
            return True

        nmbd.wait_for(released, 3.0, 'SECOND<03> is released')
        check.contains(p.listed(), 'SECOND<00>', 'node status')
        check.contains(p.listed(), 'SECOND<20>', 'node status')
        # and it does not come back when nmbd's other claims are through
        nmbd.wait_for(lambda: p.broadcast_answer('SECOND', 0x00), 6.0,
                      'nmbd has registered SECOND<00>')
        p.check_silent('SECOND')
        check_failed(nmbd.json('status'))
