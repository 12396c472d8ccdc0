# SPDX-License-Identifier: GPL-3.0-or-later
"""nmbd as the distribution ships it: what the module is measured against.

A failure here means that the host has changed, not this project.
"""

from lab import Lab, check, nbt

ANSWERED = nbt.Name('__SAMBA__', 0x20)  # nmbd has it on every subnet


def listed(client, address):
    return {str(entry.name) for entry in client.node_status(address)}


@check.alone
def test_registers_after_four_seconds():
    with Lab() as lab:
        alpha = lab.host('ALPHA', '10.88.0.2/24')
        capture = alpha.capture()
        client = lab.host('BRAVO', '10.88.0.9/24').client()
        nmbd = alpha.nmbd()
        answer = nmbd.wait_for(
            lambda: client.query(alpha.broadcast, 'ALPHA', 3, True,
                                 barrier=ANSWERED),
            7.0, 'ALPHA<03> is answered')
        sent = capture.registrations('ALPHA', 3)
        check.equal(len(sent), 4, 'registration packets')
        check.between(answer.time - sent[0].time, 2.9, 4.5,
                      'seconds until it is answered')


@check.alone
def test_takes_a_refusal_for_silence():
    """A refusal as RFC 1002 has it counts 2 s later, and says nobody's name;
    unicast queries and node status go on claiming the refused name."""
    with Lab() as lab:
        alpha = lab.host('ALPHA', '10.88.0.2/24')
        bravo = lab.host('BRAVO', '10.88.0.9/24')
        peer = bravo.peer()
        rule = peer.refuse('ALPHA', 3)
        client = bravo.client()
        nmbd = alpha.nmbd()
        refused, wall = rule.first_reply()
        line = nmbd.wait_log('Failed to register my name ALPHA<03>', 5.0)
        check.between(line.wall - wall, 0.9, 2.5, 'seconds until it counts')
        check.lacks(nmbd.log, '10.88.0.9', 'log')
        check.contains(listed(client, alpha.address), 'ALPHA<03>',
                       'node status')
        check.true(client.query(alpha.address, 'ALPHA', 3, False),
                   'answer to a unicast query')
        check.equal(client.query(alpha.broadcast, 'ALPHA', 3, True,
                                 barrier=ANSWERED), None,
                    'answer to a broadcast query')


def test_takes_a_refusal_with_the_b_bit():
    with Lab() as lab:
        alpha = lab.host('ALPHA', '10.88.0.2/24')
        rule = lab.host('BRAVO', '10.88.0.9/24').peer().refuse('ALPHA', 3,
                                                                b_bit=True)
        nmbd = alpha.nmbd()
        line = nmbd.wait_log('Failed to register my name ALPHA<03>', 5.0)
        check.between(line.wall - rule.first_reply()[1], 0, 0.5,
                      'seconds until it counts')


def test_knows_no_requests():
    """Without the module nobody answers the message its requests travel on."""
    with Lab() as lab:
        nmbd = lab.host('ALPHA', '10.88.0.2/24').nmbd()
        done = lab.hosts[0].run(['smbcontrol', '-s', lab.hosts[0].conf, '-t',
                                 '1', 'nmbd', 'dump-domain-list', 'status'])
        check.contains(done.stdout + done.stderr, 'No replies received',
                       'smbcontrol')
        check.contains(nmbd.smbcontrol('ping'), 'PONG', 'ping')
