# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of diagnosis and of the sinks share: holders that say who
they are, events as they are when the holder is known, the tool, and files
that nmbd alone sees."""

import os

from lab import MESSENGER_SO, answers, check, nbt
from steps import events

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
TOOL = os.path.join(os.path.dirname(MESSENGER_SO), 'smbmessenger')

DUPLICATE = 'duplicate-computer-name'
ALIAS = 'alias-of-another-computer'
UNKNOWN = 'unknown'

# Within its answer, or 2 s; and a busy machine.
DIAGNOSED_SECONDS = 4.0


def computer(peer, name, group='LAB'):
    """Lets a peer be a computer of this name, as Windows or Samba is one."""
    peer.hold(name, 0x00)
    peer.hold(name, 0x20)
    peer.hold(group, 0x00, group=True)


def completed(nmbd, event='service-failed', alias=None,
              seconds=DIAGNOSED_SECONDS):
    """Waits until the last event of a type (about an alias) has a cause."""
    def there():
        found = [entry for entry in events(nmbd, event)
                 if alias is None or entry.get('alias') == alias]
        check.true(found, event + ' events')
        check.contains(found[-1], 'cause', 'the last ' + event)
        return found[-1]

    return nmbd.wait_for(there, seconds, 'the %s event is completed' % event)


def all_refused(nmbd, aliases, seconds=DIAGNOSED_SECONDS):
    """Waits until each of these aliases has an alias-refused event with a
    cause; {alias: event}."""
    def there():
        found = {entry['alias']: entry
                 for entry in events(nmbd, 'alias-refused')
                 if 'cause' in entry}
        check.equal(sorted(set(aliases) - set(found)), [],
                    'aliases without a completed event')
        return found

    return nmbd.wait_for(there, seconds, 'the events are completed',
                         interval=0.1)


def names_of(peer):
    """The names of a peer as an event shows them."""
    return ['%s<%02x>' % (entry.name.text, entry.name.suffix)
            for entry in peer.listed()]


def status_requests(peer):
    """The node status requests it got, as {transaction: [Seen, ...]}."""
    found = {}
    for seen in peer.node_status_requests():
        found.setdefault(seen.packet.id, []).append(seen)
    return found


def status_with(listed, mac=b'\x02\0\0\0\0\x01'):
    """An answer() for a rule: these names, as (NAME, suffix, flags)."""
    entries = [nbt.Listed(nbt.Name(name, suffix), nbt.ACTIVE | flags)
               for name, suffix, flags in listed]
    return lambda request: nbt.node_status_reply(request, entries, mac)


def take_names(peer):
    """Lets a peer refuse every name that begins with TAKEN."""
    def answer(request):
        if request.name.text.startswith('TAKEN'):
            return nbt.registration_reply(request, nbt.ACT_ERR)
        return None

    return peer.on(nbt.REGISTRATIONS, None, 3, answer)


def burst(host, number=1):
    """So many alias-refused events in a moment: names are added that the
    peer has taken. Returns when nmbd has told them."""
    done = tool(host, 'add', *['TAKEN%04d' % at for at in range(number)])
    check.equal((done.returncode, done.stderr.count('2297')), (1, number),
                'exit status of smbmessenger add, and refusals')


def tool(host, *args, **kwargs):
    return host.run([TOOL, '-s', host.conf] + list(args), **kwargs)


def run_conf(p, script, wrap=()):
    """A script of conf/, with the tool that was built in its PATH."""
    folder = p.alpha.path('bin')
    os.makedirs(folder, exist_ok=True)
    link = os.path.join(folder, 'smbmessenger')
    if not os.path.exists(link):
        os.symlink(TOOL, link)
    return p.alpha.run(
        list(wrap) + [os.path.join(TREE, 'conf', script), '-s', p.alpha.conf],
        env={'PATH': folder + ':/usr/bin:/bin'})


def json_lines(path):
    """The JSON objects in a file, one per line, the last one ended too."""
    with open(path) as log:
        text = log.read()
    check.true(text == '' or text.endswith('\n'),
               'end of the last line of %r' % text[-40:])
    return answers.event_lines(text)
