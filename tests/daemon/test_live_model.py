# SPDX-License-Identifier: GPL-3.0-or-later
"""Random requests to a live nmbd, beside a model of the rules."""

import random

from aliases import Request, nets, table, verdict
from lab import check
from steps import events

ROUNDS = 18
WIDTH = 11          # operations side by side, on different names

NAMES = ['OPERATOR', 'HELPDESK', 'FRONT DESK', 'FIFTEEN-LETTERS', 'A',
         'J\u00dcRGEN', "O'NEILL", 'BACKUP', 'NIGHTSHIFT', 'WARD-7',
         'HOLDER', 'THIEF']
WRONG = {'SIXTEEN-LETTERS-': 87, 'A*B': 123, '*': 123, 'A:B': 123}

CODES = {0: 'NERR_Success', 87: 'ERROR_INVALID_PARAMETER',
         123: 'ERROR_INVALID_NAME', 2271: 'NERR_MsgAlreadyStarted',
         2276: 'NERR_AlreadyExists', 2278: 'NERR_DelComputerName',
         2284: 'NERR_MsgNotStarted', 2285: 'NERR_NotLocalName',
         2297: 'NERR_DuplicateName'}


class Model:
    """The rules, as an administrator knows them.

    held: what is registered. listed: refused, and still in the list, because
    smb.conf asks for it. added: by request, kept in the store. foreign: held
    by a peer, with its address.
    """

    def __init__(self):
        self.running = True
        self.configured = set()
        self.added = set()
        self.held = set()
        self.listed = set()
        self.foreign = {}

    def add(self, name):
        """(code, holder) of "add"."""
        if name in WRONG:
            return WRONG[name], None
        if not self.running:
            return 2284, None
        if name == 'ALPHA' or name in self.held:
            return 2276, None
        if name in self.foreign:
            if name in self.configured:
                self.listed.add(name)
            return 2297, self.foreign[name]
        self.listed.discard(name)
        self.held.add(name)
        if name not in self.configured:
            self.added.add(name)
        return 0, None

    def delete(self, name):
        if name in WRONG:
            return WRONG[name], None
        if not self.running:
            return 2284, None
        if name == 'ALPHA':
            return 2278, None
        if name not in self.held | self.listed:
            return 2285, None
        for part in (self.held, self.listed, self.added, self.configured):
            part.discard(name)
        return 0, None

    def _claim(self, name):
        if name in self.foreign:
            self.listed.add(name)
        else:
            self.held.add(name)

    def start(self):
        if self.running:
            return 2271, None
        self.running = True
        for name in self.configured | self.added:
            self._claim(name)
        return 0, None

    def stop(self):
        if not self.running:
            return 2284, None
        self.running = False
        self.held.clear()
        self.listed.clear()
        return 0, None

    def reload(self, configured):
        gone = self.configured - configured - self.added
        new = configured - self.configured
        self.configured = set(configured)
        self.held -= gone
        self.listed -= gone
        if self.running:
            for name in new - self.held - self.listed:
                self._claim(name)

    def restart(self):
        """kill -9 and a new nmbd."""
        self.stop()
        self.start()

    def table(self):
        found = {name: ('added', 'registered') for name in self.held}
        found.update({name: ('added', 'refused') for name in self.listed})
        if self.running:
            found['ALPHA'] = ('computer', 'registered')
        return found


class Run:
    """A live nmbd on two nets, and the model beside it."""

    def __init__(self, p, rng):
        self.p = p
        self.rng = rng
        self.model = Model()
        self.count = 0
        self.kinds = set()
        self.nmbd = None
        self.start_nmbd()

    def start_nmbd(self):
        self.nmbd = self.p.nmbd(self._options())
        self.nmbd.wait_log('entered the running state')

    def _options(self):
        return {'messenger:aliases': ' '.join(
            '"%s"' % name for name in sorted(self.model.configured))}

    def _answered(self, request, expected):
        answer = request.answer()
        code, holder = expected
        check.equal(verdict(answer), (code == 0, code, CODES[code], holder),
                    'answer to %r' % request.text)
        self.kinds.add((request.text.split()[0], code))
        self.count += 1

    def side_by_side(self):
        """Additions and deletions of different names, all at once."""
        names = self.rng.sample(NAMES + ['ALPHA'] + list(WRONG), WIDTH)
        orders = [(self.rng.choice(('add', 'add', 'delete')), name)
                  for name in names]
        requests = [Request(self.nmbd, '%s %s'
                            % (verb, self.rng.choice((name, name.lower()))))
                    for verb, name in orders]
        expected = [getattr(self.model, verb)(name) for verb, name in orders]
        for request, outcome in zip(requests, expected):
            self._answered(request, outcome)

    def stop_and_start(self):
        for verb in self.rng.choice((('stop',), ('stop',), ('start',),
                                     ('stop', 'stop', 'start'),
                                     ('stop', 'start'))):
            self._answered(Request(self.nmbd, verb),
                           getattr(self.model, verb)())
            self.settle()

    def reload(self):
        self.model.reload(set(self.rng.sample(NAMES, self.rng.randrange(6))))
        self.p.alpha.configure(self._options(), 'messenger')
        self.nmbd.reload()
        self.count += 1

    def restart(self):
        self.nmbd.kill()
        self.model.restart()
        self.start_nmbd()
        self.count += 1

    def others_change(self):
        """Peers take up names that are free, and drop them."""
        for net in self.p.nets:
            name = self.rng.choice(NAMES[-4:])
            if self.model.foreign.get(name) == net.holder:
                net.peer.drop(name, 3)
                del self.model.foreign[name]
            elif (name not in self.model.foreign
                  and name not in self.model.held):
                net.peer.hold(name, 3)
                self.model.foreign[name] = net.holder

    def settle(self):
        """The list is what the model says."""
        def there():
            check.equal(table(self.nmbd), self.model.table(), 'the list')
            return True

        self.nmbd.wait_for(there, 4.0, 'the list is the model\'s')

    def look(self):
        """And so is the net."""
        for name in NAMES:
            if name in self.model.held:
                self.p.check_answered(name)
            else:
                self.p.check_silent(name)


@check.seconds(120)
def test_random_requests():
    """200 and more of them: each code and each list is the model's."""
    rng = random.Random(3)
    with nets(2) as p:
        run = Run(p, rng)
        for turn in range(ROUNDS):
            run.others_change()
            run.side_by_side()
            run.settle()
            chosen = rng.choice((run.stop_and_start, run.stop_and_start,
                                 run.reload, run.reload, run.restart))
            chosen()
            run.settle()
            if turn % 6 == 5:
                run.look()
        if not run.model.running:
            run._answered(Request(run.nmbd, 'start'), run.model.start())
            run.settle()
        run.look()
        check.true(run.count >= 200, '%d operations' % run.count)
        for kind in (('add', 0), ('add', 2276), ('add', 2284), ('add', 2297),
                     ('add', 87), ('add', 123), ('delete', 0),
                     ('delete', 2278), ('delete', 2284), ('delete', 2285)):
            check.contains(run.kinds, kind, 'what has occurred')
        check.none(events(run.nmbd, 'service-failed')
                   + events(run.nmbd, 'alias-lost'), 'failures')
