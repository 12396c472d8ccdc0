#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story of a computer name that somebody else holds, on two hosts.

ALPHA runs the nmbd of the distribution. PLANT1 is a node of the test lab that
behaves as an old Windows computer does at which a user named ALPHA is logged
on. Each turn of the story is checked: if one does not happen as told, the
exit code is 1. Root only; start it with script/demo, which builds first.
"""

import os
import signal
import sys
import time

sys.dont_write_bytecode = True

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from lab import (Lab, MESSENGER_SO, NMBD_MODULES_SO,  # noqa: E402 (the path)
                 nbt)
from lab.ending import exit_status  # noqa: E402
from stage import chapter, expect, prompt, run, say  # noqa: E402

SERVER = '10.88.0.2'
PLANT1 = '10.88.0.9'


class Story:
    def __init__(self, lab):
        self.alpha = lab.host('ALPHA', SERVER + '/24')
        self.plant = lab.host('PLANT1', PLANT1 + '/24')
        self.capture = self.alpha.capture()
        self.peer = self.plant.peer()
        for suffix in (0x00, 0x03, 0x20):
            self.peer.hold('PLANT1', suffix)
        self.peer.hold('LAB', 0x00, group=True)
        self.peer.hold('ALPHA', 0x03)

    def milliseconds_to(self, entry, since):
        """From the first refusal packet after `since` to a log entry."""
        refusal = self.capture.wait_for(
            lambda: [seen for seen in self.capture.replies(
                'ALPHA', 0x03, PLANT1, nbt.REGISTER) if seen.wall >= since],
            2.0, 'PLANT1 refuses ALPHA<03>')[0]
        return (entry.wall - refusal.wall) * 1000

    # The chapters

    def stock(self):
        chapter(1, 'Stock nmbd: a name is refused, and nobody learns by whom')
        say('''ALPHA (%s) is a Samba server. At PLANT1 (%s), an old
            Windows computer, a user named ALPHA is logged on: PLANT1 holds
            the message alias ALPHA<03>. ALPHA runs nmbd as the distribution
            ships it.''' % (SERVER, PLANT1))
        started = time.time()
        prompt(self.alpha, 'nmbd -F &')
        nmbd = self.alpha.nmbd()
        entry = nmbd.wait_log('Failed to register', 8.0, count=2)
        text = run(self.alpha, "grep 'Failed to register' log.nmbd")
        expect(text.count('ALPHA<03>') == 2, 'nmbd logs two lines')
        expect(PLANT1 not in nmbd.log, 'no line names the holder')
        took = self.milliseconds_to(entry, started)
        say('''That is all it says, %.1f s after the refusal came in. Who
            refused? And to whoever asks, ALPHA goes on claiming the name:'''
            % (took / 1000))
        expect(took > 900, 'stock nmbd takes more than a second')
        text = run(self.plant, 'nmblookup -A %s' % SERVER)
        expect('ALPHA           <03>' in text, 'node status has ALPHA<03>')
        expect(nmbd.stop() == 0, 'nmbd ends')
        return took

    def refused(self, took_stock):
        chapter(2, 'The same with the module')
        say('''Two settings bring it in: nmbd:modules in smb.conf, and
            LD_PRELOAD in the unit of nmbd. Here both point into build/; after
            ./waf configure install the first is "nmbd:modules = messenger".''')
        started = time.time()
        self.alpha.configure({'messenger:json log':
                              self.alpha.path('messenger.json')},
                             modules='messenger')
        run(self.alpha, 'grep nmbd:modules smb.conf')
        expect(os.path.exists(MESSENGER_SO), 'the module is built')
        prompt(self.alpha, 'LD_PRELOAD=%s nmbd -F &'
               % NMBD_MODULES_SO)
        nmbd = self.alpha.nmbd(preload=True, configure=False)
        entry = nmbd.wait_log('service-specific error 2270', 4.0)
        print()
        text = run(self.alpha, "grep -A 3 'Messenger service' log.nmbd")
        expect('is held by ' + PLANT1 in text, 'the log names the holder')
        took = self.milliseconds_to(entry, started)
        say('''Event 7024, service-specific error 2270, as on Windows: logged
            %.1f ms after the refusal came in (stock nmbd: %.0f ms), with the
            holder.''' % (took, took_stock))
        expect(took < 100, 'the event is there within 100 ms')
        text = run(self.alpha, 'smbmessenger status')
        for part in ('on ALPHA failed', 'win32 1066', 'service 2270', PLANT1):
            expect(part in text, 'status has "%s"' % part)
        nmbd.wait_log('alias-of-another-computer', 4.0)
        text = run(self.alpha, 'smbmessenger explain')
        expect('PLANT1' in text, 'explain has the name of the holder')
        say('Where the tool is not at hand, stock smbcontrol asks the same:')
        text = run(self.alpha, 'smbcontrol nmbd dump-domain-list list')
        expect('refused' in text and PLANT1 in text, 'list shows the refusal')
        say('For monitoring, one line of JSON per event:')
        text = run(self.alpha, 'tail -n 1 messenger.json')
        for part in ('"event_id":7024', '"address":"%s"' % PLANT1,
                     '"computer":"PLANT1"'):
            expect(part in text, 'the JSON log has %s' % part)
        say('And ALPHA no longer claims what it does not have:')
        text = run(self.plant, 'nmblookup -A %s' % SERVER)
        expect('ALPHA           <00>' in text, 'node status has ALPHA<00>')
        expect('ALPHA           <03>' not in text,
               'node status is without ALPHA<03>')
        return nmbd

    def started(self):
        chapter(3, 'The user at PLANT1 logs off')
        self.peer.drop('ALPHA', 0x03)
        text = run(self.alpha, 'smbmessenger start')
        expect('running' in text, 'the service runs')
        text = run(self.alpha, 'smbmessenger list')
        expect('registered' in text and 'refused' not in text,
               'ALPHA<03> is registered')

    def added(self):
        chapter(4, 'An alias for the operators, without a restart')
        text = run(self.alpha, 'smbmessenger add OPERATOR')
        expect('OPERATOR: added' in text, 'OPERATOR is added')
        text = run(self.plant, "nmblookup 'OPERATOR#03'")
        expect(SERVER + ' OPERATOR<03>' in text, 'PLANT1 finds OPERATOR')
        say('A name that is taken is refused, with the error of Windows:')
        text = run(self.alpha, 'smbmessenger add PLANT1')
        expect('2297' in text and PLANT1 in text, 'PLANT1 is refused')
        text = run(self.alpha, 'smbmessenger delete OPERATOR')
        expect('OPERATOR: deleted' in text, 'OPERATOR is deleted')
        text = run(self.plant, "nmblookup 'OPERATOR#03'")
        expect('failed to find' in text, 'PLANT1 does not find OPERATOR')
        say('What happened, from first to last:')
        text = run(self.alpha, 'smbmessenger events')
        for event in ('service-failed', 'service-started',
                      'The message alias OPERATOR was added',
                      'The message alias OPERATOR was released'):
            expect(event in text, 'events has "%s"' % event)


def play():
    with Lab() as lab:
        story = Story(lab)
        took = story.stock()
        nmbd = story.refused(took)
        story.started()
        story.added()
        expect(nmbd.stop() == 0, 'nmbd ends')
    print('Next: sudo ./waf configure install, "nmbd:modules = messenger" in '
          'smb.conf,\nrestart nmbd.')


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    print()
    say('''Two hosts on a private network, made for this and gone afterwards.
        The commands are those an administrator types; only the options for
        the lab's own files (-s smb.conf) are left out.''')
    play()
    return 0


if __name__ == '__main__':
    sys.exit(exit_status('demo', main))
