# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests as fast as nmbd takes them, with and without the store that lets
added aliases survive a restart."""

import setups
from figures import Group, Line

AT_ONCE = 128

# what, request, what its answer has
_REQUESTS = (('add', 'add N%', 'added'),
             ('delete', 'delete N%', 'deleted'))


def _labels(setup):
    return ['%s: %s' % (setup.label, request[0]) for request in _REQUESTS]


def _stored(label, value):
    setup = setups.module(0, label)
    setup.options['messenger:store'] = value
    return setup


def changes(rounds):
    """Many adds, then many deletes, each time all at once."""
    chosen = [_stored('no store', 'no'), _stored('store', 'yes')]
    rate, cpu = {}, {}
    with setups.stands(*chosen) as all_stands:
        for stand in all_stands:
            stand.start()
        for stand in all_stands:
            stand.wait_answered()
        for turn in range(rounds):
            for stand in setups.rotated(all_stands, turn):
                for label, (_, request, expected) in zip(
                        _labels(stand.setup), _REQUESTS):
                    before = stand.cpu_seconds()
                    (took,) = stand.ask(request, expected, 1, AT_ONCE)
                    used = stand.cpu_seconds() - before
                    rate.setdefault(label, []).append(AT_ONCE * 1000 / took)
                    cpu.setdefault(label, []).append(used * 1e6 / AT_ONCE)

    def group(title, samples, note=None):
        return Group(title, [
            Line(label, samples[label], base=setup is chosen[0])
            for labels in zip(*map(_labels, chosen))
            for label, setup in zip(labels, chosen)], note)

    return [group('Requests per second, %d at once' % AT_ONCE, rate,
                  'An add takes 750 ms of RFC 1002, and claims are paced, so '
                  'that the neighbours can follow.'),
            group('CPU time of nmbd per request, us', cpu)]
