# SPDX-License-Identifier: GPL-3.0-or-later
"""What a nmbd takes of the machine, and whether that stays as it is."""

import os
import re
import time
from typing import NamedTuple

_LINE = re.compile(r'^( *)(.*?) +contains +(\d+) bytes in +(\d+) blocks')
_TOTAL = re.compile(r'^full talloc report on .*\(total +(\d+) bytes', re.M)


class Sample(NamedTuple):
    """One look at it, at rest.

    ours_*: what hangs under the module's own talloc context, without what it
    keeps so many of (_KEPT); remembered: the requests in vain among that,
    own_names: those of nmbd; turned_away: refused messages that are kept;
    other_bytes: the rest of talloc; heap: what malloc has given out.
    """

    rss_kb: int
    descriptors: int
    heap: int
    other_bytes: int
    all_timers: int
    ours_bytes: int
    ours_blocks: int
    ours_timers: int
    remembered: int
    own_names: int
    turned_away: int

    def __str__(self):
        return ('RSS %d KB, heap %d, %d descriptors, %d timers, talloc %d; '
                'of the module: %d in %d blocks, %d timers'
                % (self.rss_kb, self.heap, self.descriptors, self.all_timers,
                   self.other_bytes, self.ours_bytes, self.ours_blocks,
                   self.ours_timers))


# Events, and requests in vain for an hour: the last ones, up to a number. For a
# minute one refused message of each sender, of so many. And nmbd's own names,
# which are more once it is the master browser of a subnet.
_KEPT = ('messenger: events', 'struct refusals', 'struct turned_away',
         'struct name_table')
_TURNED_AWAY_MAX = 9    # TURNED_AWAY_ADDRESSES, and of all others
_REMEMBERED_MAX = 64    # REFUSALS_MAX
_OWN_NAMES_MAX = 16     # of one computer in one group


def _rss_kb(pid):
    with open('/proc/%d/status' % pid) as status:
        for line in status:
            if line.startswith('VmRSS:'):
                return int(line.split()[1])
    return 0


def parse_pool(text):
    """The (depth, name, bytes, blocks) of pool-usage, depth first."""
    found = []
    for line in text.splitlines():
        match = _LINE.match(line)
        if match:
            found.append((len(match.group(1)) // 4, match.group(2),
                          int(match.group(3)), int(match.group(4))))
    return found


def _below(pool, name):
    """The lines below the first one of this name, and that one."""
    inside = []
    for entry in pool:
        if inside and entry[0] <= inside[0][0]:
            break
        if inside or entry[1] == name:
            inside.append(entry)
    return inside


def _timers(pool):
    return sum(entry[1] == 'struct tevent_timer' for entry in pool)


def descriptors(pid):
    return len(os.listdir('/proc/%d/fd' % pid))


def _wait_idle(nmbd, seconds=20.0):
    """Until Samba has closed its sockets to those it has answered.

    It keeps each for a second, for more answers.
    """
    least, since = descriptors(nmbd.pid), time.monotonic()

    def quiet():
        nonlocal least, since
        now = descriptors(nmbd.pid)
        if now != least:
            least, since = now, time.monotonic()
        return time.monotonic() - since > 2.0

    nmbd.wait_for(quiet, seconds, 'the number of descriptors stays the same')


def sample(nmbd):
    _wait_idle(nmbd)
    open_now = descriptors(nmbd.pid)
    text = nmbd.smbcontrol('pool-usage', seconds=60)
    pool = parse_pool(text)
    total = _TOTAL.search(text)
    ours = _below(pool, 'struct messenger') or [(0, '', 0, 0)]
    kept = [_below(ours, name)[0] for name in _KEPT if _below(ours, name)]
    heap = re.search(r'uordblks: (\d+)', text)
    return Sample(_rss_kb(nmbd.pid), open_now,
                  int(heap.group(1)) if heap else 0,
                  int(total.group(1)) - ours[0][2] if total else 0,
                  _timers(pool), ours[0][2] - sum(each[2] for each in kept),
                  ours[0][3] - sum(each[3] for each in kept), _timers(ours),
                  sum(entry[1] == 'struct remembered' for entry in ours),
                  sum(entry[1] == 'struct name_entry' for entry in ours),
                  sum(entry[1] == 'struct message' for entry
                      in _below(ours, 'struct turned_away')))


def describe(nmbd):
    """Its descriptors, and the module's part of pool-usage."""
    folder = '/proc/%d/fd' % nmbd.pid
    lines = []
    for entry in sorted(os.listdir(folder), key=int):
        try:
            lines.append('%s -> %s' % (entry, os.readlink(
                os.path.join(folder, entry))))
        except FileNotFoundError:
            pass
    ours = _below(parse_pool(nmbd.smbcontrol('pool-usage', seconds=60)),
                  'struct messenger')
    kept = _below(ours, 'messenger: events')
    return '\n'.join(lines + [
        '%s%s %d bytes in %d blocks' % ('  ' * entry[0], entry[1], entry[2],
                                        entry[3])
        for entry in ours if entry not in kept[1:]])


def growth(first, last, rss_kb):
    """What is more than at first, as sentences.

    nmbd itself keeps what it learns from the net, so its memory may grow by
    rss_kb; ours may not.
    """
    found = []
    # two: the logs that a sink opens when it has something to write
    if last.descriptors > first.descriptors + 2:
        found.append('%d descriptors, %d before'
                     % (last.descriptors, first.descriptors))
    # one: attempts on our aliases are told of once a minute
    if last.ours_timers > 1:
        found.append('%d timers of the module' % last.ours_timers)
    if last.remembered > _REMEMBERED_MAX:
        found.append('%d requests in vain are remembered' % last.remembered)
    if last.turned_away > _TURNED_AWAY_MAX:
        found.append('%d refused messages' % last.turned_away)
    if last.own_names > _OWN_NAMES_MAX:
        found.append('%d own names of nmbd' % last.own_names)
    if last.ours_blocks > first.ours_blocks + 8:
        found.append('%d blocks of the module, %d before'
                     % (last.ours_blocks, first.ours_blocks))
    if last.ours_bytes > first.ours_bytes + 2048:
        found.append('%d bytes of the module, %d before'
                     % (last.ours_bytes, first.ours_bytes))
    if last.other_bytes > first.other_bytes + 8192:
        found.append('%d bytes outside of the module, %d before'
                     % (last.other_bytes, first.other_bytes))
    if last.rss_kb > first.rss_kb + rss_kb:
        found.append('RSS %d KB, %d before' % (last.rss_kb, first.rss_kb))
    return found
