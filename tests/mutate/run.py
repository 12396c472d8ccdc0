#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the unit tests notice when the code is wrong?

Changes the files of CHANGED below, rooms of source/, in one place at a time
and runs the unit tests; a change that no test notices survives and
is shown.  A test program that fails, crashes or does not end kills it.  What
all of them pass is run once more with the sanitizers, as the unit tests are
(./waf configure --enable-asan), and compiled once more with optimisation: if
the compiler makes the same code of it, it is no change and is not counted.

Changes that make no difference to anybody are listed in equivalent.txt, each
with its reason, and left out.  The last line is "mutate: N of N killed, P %";
below 95 % in rules or words it is a failure.

Why a program of our own: Debian has none for C. Of those that are kept, mull is
bound to one version of LLVM, and universalmutator, on PyPI alone, leaves it to
a command to build and test each mutant.  The style of this tree makes tokens
enough, see mutants.py.
"""

import argparse
import collections
import concurrent.futures
import glob
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import mutants  # noqa: E402

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
OUT = os.path.join(TOP, os.environ.get('MUTATE_BUILD', 'build-mutate'))
EQUIVALENT = 'tests/mutate/equivalent.txt'

# the folders of source/
CHANGED = ('rules', 'aliases', 'netbt', 'listing', 'names', 'words', 'messages',
           'mailslot', 'events', 'values')
TARGET = {'rules': 95.0, 'words': 95.0}

# of a test program: seconds of CPU time; the wall clock is for one that waits
CPU_LIMIT = 5
TIME_LIMIT = 120
MEMORY_LIMIT = 1 << 30

FLAGS = ['-std=gnu11', '-fPIC', '-w', '-D_GNU_SOURCE']
PLAIN = ['-O0', '-fstack-protector-strong']
SANITIZED = ['-O1', '-g', '-fno-omit-frame-pointer',
             '-fsanitize=address,undefined', '-fno-sanitize-recover=all']
OPTIMISED = ['-O2', '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=2']

# What became of a mutant.
KILLED, SURVIVED, NO_C, NO_CHANGE = 'killed', 'survived', 'no C', 'no change'


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True,
                          universal_newlines=True).stdout.split()


def found(pattern):
    return sorted(glob.glob(os.path.join(TOP, pattern), recursive=True))


def base(path):
    return os.path.splitext(os.path.basename(path))[0]


def rooms():
    """The folders of source/ that the unit tests are linked with."""
    with open(os.path.join(TOP, 'tests', 'wscript_build'),
              encoding='utf-8') as file:
        names = re.search(r'^rooms = \[(.*?)\]', file.read(), re.M | re.S)
    return re.findall(r"'(\w+)'", names.group(1))


class Build:
    """The unit tests with one kind of flags.

    What is changed is in a shared library, so that a mutant costs one
    compiler and one linker; the rest is linked once.
    """

    def __init__(self, name, flags, limits=()):
        self.out = os.path.join(OUT, name)
        self.flags = flags
        self.limits = list(limits)
        self.objects = {}       # of the library, by source file
        self.tests = []         # paths
        self.lock = threading.Lock()
        self.ready = False

    def compile(self, source, target, flags=(), text=None):
        """Whether the compiler takes it; text: instead of the file's own."""
        command = ['gcc'] + self.flags + COMMON + list(flags)
        if text is not None:
            # by the same name, which is in what talloc says of its blocks
            text = '#line 1 "%s"\n%s' % (source, text)
            command += ['-I', os.path.dirname(source), '-xc', '-']
        else:
            command.append(source)
        return subprocess.run(
            command + ['-c', '-o', target], input=text,
            stderr=subprocess.DEVNULL if text is not None else None,
            universal_newlines=True).returncode == 0

    def link(self, target, objects, flags=()):
        subprocess.run(['gcc'] + self.flags + list(flags) + ['-o', target] +
                       objects, check=True)

    def library(self, folder, changed=None, target=None):
        """libpure.so, with this object instead of a file's own"""
        os.makedirs(folder, exist_ok=True)
        objects = dict(self.objects)
        if changed is not None:
            objects[changed] = target
        self.link(os.path.join(folder, 'libpure.so'), list(objects.values()),
                  ['-shared', '-Wl,-z,lazy'])

    def prepare(self):
        with self.lock:
            if not self.ready:
                self.make()
                self.ready = True

    def make(self):
        shutil.rmtree(self.out, ignore_errors=True)
        os.makedirs(self.out)

        def compiled(source, *flags):
            name = os.path.relpath(source, TOP).replace('/', '-')
            target = os.path.join(self.out, name[:-1] + 'o')
            if not self.compile(source, target, flags):
                sys.exit('mutate: %s does not compile' % source)
            return target

        for folder in CHANGED:
            for source in found('source/%s/*.c' % folder):
                self.objects[source] = compiled(source)
        original = os.path.join(self.out, 'original')
        self.library(original)

        rest = [compiled(source) for folder in rooms()
                if folder not in CHANGED
                for source in found('source/%s/*.c' % folder)]
        helpers = [source for source in found('tests/unit/**/*.c')
                   if not base(source).startswith('test_')]
        rest = [compiled(source) for source in helpers] + rest
        archive = os.path.join(self.out, 'librest.a')
        subprocess.run(['ar', 'rcs', archive] + rest, check=True)

        fuzz = [source for source in found('tests/fuzz/*.c')
                if base(source) != 'main']
        for source in found('tests/unit/**/test_*.c'):
            more = {'test_fuzz_cases': fuzz,
                    'test_access': found('source/rpc/access.c')}.get(
                        base(source), [])
            name = os.path.relpath(source, os.path.join(TOP, 'tests/unit'))
            test = os.path.join(self.out, name[:-2].replace('/', '-'))
            self.link(test, [compiled(s, CORPUS) for s in [source] + more] +
                      ['-L' + original, '-lpure', archive, '-lpure'] +
                      LIBRARIES, ['-Wl,--as-needed', '-Wl,-z,lazy'])
            self.tests.append(test)
        for test in self.tests:
            if not self.passes(test, original):
                sys.exit('mutate: %s fails, and nothing is changed yet' %
                         os.path.relpath(test, TOP))

    def passes(self, test, folder):
        """Whether a test program is content with the library in there."""
        scratch = tempfile.mkdtemp(dir=SCRATCH)
        environment = dict(os.environ, LD_LIBRARY_PATH=folder, TMPDIR=scratch)
        try:
            return subprocess.run(
                ['prlimit', '--core=0', '--cpu=%d' % CPU_LIMIT] +
                self.limits + [test], cwd=TOP, env=environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=TIME_LIMIT).returncode == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def killer(self, source, folder, order):
        """The test program that is not content; None: all are."""
        return next((base(test) for test in sorted(self.tests, key=order)
                     if not self.passes(test, folder)), None)


class Run:
    """Mutants judged, in several threads."""

    def __init__(self):
        self.plain = Build('plain', PLAIN, ['--as=%d' % MEMORY_LIMIT])
        # whose own bookkeeping has terabytes of address space
        self.sanitized = Build('sanitized', SANITIZED)
        self.kills = collections.Counter()      # (source, test program)

    def order(self, source):
        """First the program that has killed most in this file."""
        def key(test):
            return (-self.kills[source, base(test)],
                    not base(test).endswith('test_' + base(source)),
                    base(test))
        return key

    def judge(self, source, text):
        """(what became of it, the test program that killed it)"""
        folder = tempfile.mkdtemp(dir=OUT)
        target = os.path.join(folder, 'changed.o')
        try:
            for build in self.plain, self.sanitized:
                build.prepare()
                if not build.compile(source, target, text=text):
                    return NO_C, None
                build.library(folder, source, target)
                test = build.killer(source, folder, self.order(source))
                if test is not None:
                    self.kills[source, test] += 1
                    return KILLED, test + (
                        '' if build is self.plain else ', with the sanitizers')
                if build is self.plain and self.is_same(source, text, folder):
                    return NO_CHANGE, None
            return SURVIVED, None
        finally:
            shutil.rmtree(folder)

    def is_same(self, source, text, folder):
        """The compiler makes the same of it."""
        codes = []
        with open(source, encoding='utf-8') as file:
            for number, version in enumerate((file.read(), text)):
                target = os.path.join(folder, 'optimised%d.o' % number)
                self.plain.compile(source, target, OPTIMISED, version)
                with open(target, 'rb') as code:
                    codes.append(code.read())
        return codes[0] == codes[1]


Change = collections.namedtuple('Change', 'source folder kind line key text')

# What a change is known by in equivalent.txt, for lines move: the file, the
# function, the how manieth of its kind in it, the line before, and after.
Key = collections.namedtuple('Key', 'name function number before after')


def changes(only):
    """[Change], of all files, always in the same order"""
    result = []
    for folder in CHANGED:
        for source in found('source/%s/*.c' % folder):
            name = os.path.relpath(source, os.path.join(TOP, 'source'))
            if only and not any(text in name for text in only):
                continue
            with open(source, encoding='utf-8') as file:
                text = file.read()
            seen = collections.Counter()
            for mutant in mutants.mutants(text):
                changed = mutants.apply(text, mutant)
                line, before, after = mutants.difference(text, changed)
                seen[mutant.function, before, after] += 1
                result.append(Change(
                    source, folder, mutant.kind, line,
                    Key(name, mutant.function,
                        seen[mutant.function, before, after], before, after),
                    changed))
    return result


def listed():
    """{key of a change: its reason} of equivalent.txt"""
    result = {}
    with open(os.path.join(TOP, EQUIVALENT), encoding='utf-8') as file:
        blocks = re.sub(r'^#.*\n', '', file.read(), flags=re.M).split('\n\n')
    for block in blocks:
        lines = block.strip('\n').split('\n')
        if lines == ['']:
            continue
        place = lines.pop(0).split()
        number = int(place.pop()[1:]) if place[-1].startswith('#') else 1
        name, function = place[0], place[1] if len(place) > 1 else ''
        pairs = []
        before = None
        while lines and lines[0][:2] in ('- ', '+ '):
            sign, text = lines[0][0], lines.pop(0)[2:]
            if sign == '-':
                before = text
            else:
                pairs.append(Key(name, function, number, before, text))
        reason = ' '.join(lines).strip()
        if not pairs or not reason:
            sys.exit('mutate: %s: no change, or no reason: %s' %
                     (EQUIVALENT, block))
        for pair in pairs:
            result[pair] = reason
    return result


def show(change, head):
    key = change.key
    print('%s source/%s:%d: %s\n%s%s\n- %s\n+ %s'
          % (head, key.name, change.line, change.kind,
             ' '.join(filter(None, key[:2])),
             ' #%d' % key.number if key.number > 1 else '', key.before,
             key.after), flush=True)


def percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


def arguments():
    parser = argparse.ArgumentParser(
        prog='script/mutate', description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('count', metavar='COUNT', nargs='?', default='200',
                        help='how many mutants, or "all" (200)')
    parser.add_argument('--seed', type=int, default=1,
                        help='which of them: another number, others (1)')
    parser.add_argument('--only', action='append', default=[], metavar='TEXT',
                        help='files with TEXT in their name')
    parser.add_argument('--listed', action='store_true',
                        help='those of equivalent.txt: is one killed?')
    parser.add_argument('-j', '--jobs', type=int, default=1, metavar='N',
                        help='so many at a time (1)')
    parser.add_argument('-v', '--verbose', action='store_true',
                        help='say of each mutant what became of it')
    options = parser.parse_args()
    if options.count != 'all' and not options.count.isdecimal():
        parser.error('COUNT is a number, or "all"')
    return options


def main():
    options = arguments()
    equivalent = listed()
    every = changes(options.only)
    if not options.only:
        for key in sorted(set(equivalent) - {change.key for change in every}):
            print('advice: %s has a change that there is not: %s %s: %s'
                  % (EQUIVALENT, key.name, key.function, key.after))
    chosen = [change for change in every
              if (change.key in equivalent) == options.listed]
    random.Random(options.seed).shuffle(chosen)
    count = len(chosen) if options.count == 'all' else int(options.count)

    run = Run()
    run.plain.prepare()
    number = collections.Counter()      # (folder, what became of it)
    lock = threading.Lock()
    left = iter(chosen)
    begin = time.monotonic()

    def work():
        for change in iter(lambda: take(), None):
            became, test = run.judge(change.source, change.text)
            with lock:
                number[change.folder, became] += 1
                if options.listed:
                    if became != SURVIVED:
                        show(change, 'FAIL %s (%s), but listed:' %
                             (became, test))
                elif became == SURVIVED:
                    show(change, 'SURVIVED')
                elif options.verbose:
                    show(change, '%s (%s)' % (became, test))

    def take():
        with lock:
            judged = sum(n for (_, became), n in number.items()
                         if became in (KILLED, SURVIVED))
            return next(left, None) if judged < count else None

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for worker in [pool.submit(work) for _ in range(options.jobs)]:
            worker.result()

    def total(*became):
        return sum(n for (_, what), n in number.items() if what in became)

    print('%d changes there are, %d listed as making no difference; of those '
          'tried %d are no C, of %d the compiler makes the same; %d s'
          % (len(every), sum(change.key in equivalent for change in every),
             total(NO_C), total(NO_CHANGE), time.monotonic() - begin))
    if options.listed:
        print('mutate: %d of %d listed survive'
              % (total(SURVIVED), sum(number.values())))
        return total(SURVIVED) != sum(number.values())
    failed = total(KILLED) == 0
    for folder in CHANGED:
        killed, survived = number[folder, KILLED], number[folder, SURVIVED]
        rate = percent(killed, killed + survived)
        print('%-7s %d of %d killed, %.1f %%'
              % (folder, killed, killed + survived, rate))
        if rate < TARGET.get(folder, 0):
            failed = True
            print('FAIL %s: less than %.0f %%' % (folder, TARGET[folder]))
    judged = total(KILLED, SURVIVED)
    print('mutate: %d of %d killed, %.1f %%'
          % (total(KILLED), judged, percent(total(KILLED), judged)))
    return failed


if __name__ == '__main__':
    PACKAGES = ['samba-util', 'samba-hostconfig', 'talloc', 'tevent', 'tdb',
                'jansson', 'cmocka']
    PRIVATE = output('pkg-config', '--variable=libdir', 'samba-hostconfig')[0]
    COMMON = FLAGS + output('pkg-config', '--cflags', *PACKAGES)
    COMMON += ['-I' + folder for pattern in ('include/*/', 'source/*/',
                                             'tests/unit/**/', 'tests/fuzz/')
               for folder in found(pattern)]
    LIBRARIES = ['-lsmbconf'] + output('pkg-config', '--libs', *PACKAGES)
    LIBRARIES += ['-ldl', '-Wl,-rpath-link,%s/samba' % PRIVATE,
                  '-Wl,--allow-shlib-undefined']
    CORPUS = '-DFUZZ_CORPUS="%s/tests/fuzz/corpus"' % TOP
    os.makedirs(OUT, exist_ok=True)
    SCRATCH = tempfile.mkdtemp(dir=OUT)
    try:
        sys.exit(main())
    finally:
        shutil.rmtree(SCRATCH, ignore_errors=True)
