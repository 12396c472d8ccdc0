#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds include/nmbd/nmbd_host.h against the Samba of the machine it runs on.

    host.py fetch FOLDER    the headers of the installed Samba, out of its
                            Debian source package, into FOLDER (as root, with
                            deb-src lines); the package itself is not kept
    host.py check FOLDER    symbols, offsets, values and prototypes

What has to be true of a release before anything of ours runs in its nmbd:
the symbols are there and can be interposed, the structures are the mirror's,
the functions have the mirror's parameters.
"""

import glob
import os
import re
import subprocess
import sys
import tarfile
import tempfile

NMBD = '/usr/sbin/nmbd'
TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
HEADERS = re.compile(r'[^/]+/(source3/(include|lib|libsmb|nmbd|param)'
                     r'|lib/(util|param))/.*\.h'
                     r'|[^/]+/librpc/idl/messaging\.idl')

# The structures' headers, in the order in which they need each other; since
# 4.21 the last has what was in the first.
STRUCTURES = ('source3/include/nameserv.h', 'source3/libsmb/nmblib.h',
              'source3/nmbd/nmbd.h')
# What these headers take from others, and what is of no interest in them.
BEFORE = '''
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#define MAX_NETBIOSNAME_LEN 16
typedef char nstring[MAX_NETBIOSNAME_LEN];
typedef char unstring[MAX_NETBIOSNAME_LEN * 4];
typedef char fstring[256];
typedef void TALLOC_CTX;
#define _ALIGNED_(n) __attribute__((aligned(n)))
struct messaging_context;
struct tevent_context;
'''


def run(*args):
    return subprocess.run(args, stdout=subprocess.PIPE, check=True,
                          universal_newlines=True).stdout


def read(*path):
    with open(os.path.join(*path), errors='replace') as source:
        return source.read()


def tree(*path):
    """A file of this tree, without comments."""
    return without_comments(read(TREE, *path))


def tree_mirror():
    """What is declared of Samba, nmbd's and its libraries'."""
    return (tree('include', 'samba', 'samba_private.h')
            + tree('include', 'nmbd', 'nmbd_host.h'))


def without_comments(text):
    return re.sub(r'/\*.*?\*/|//[^\n]*', ' ', text, flags=re.S)


# --- fetch ------------------------------------------------------------------

def fetch(folder):
    version = run('dpkg-query', '-W', '-f', '${source:Version}', 'samba')
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(['apt-get', '-q', '-o', 'APT::Sandbox::User=root',
                        'source', '--download-only', '--only-source',
                        'samba=' + version], cwd=work, check=True)
        (original,) = glob.glob(work + '/samba_*.orig.tar.*[a-z2]')
        with tarfile.open(original) as archive:
            for member in archive:
                if member.isreg() and HEADERS.fullmatch(member.name):
                    target = os.path.join(folder,
                                          member.name.split('/', 1)[1])
                    os.makedirs(os.path.dirname(target), exist_ok=True)
                    with open(target, 'wb') as out:
                        out.write(archive.extractfile(member).read())
        # a patch of Debian's to what is looked at here is not applied: say so
        (patches,) = glob.glob(work + '/samba_*.debian.tar.*')
        touched = set()
        with tarfile.open(patches) as archive:
            for member in archive:
                if member.isreg() and '/patches/' in member.name:
                    text = archive.extractfile(member).read()
                    touched.update(re.findall(
                        r'^\+\+\+ [^/\s]+/(\S+)',
                        text.decode('utf-8', 'replace'), re.M))
        with open(os.path.join(folder, 'patched'), 'w') as out:
            out.writelines(path + '\n' for path in sorted(touched)
                           if HEADERS.fullmatch('samba/' + path))
    with open(os.path.join(folder, 'version'), 'w') as out:
        out.write(version + '\n')


# --- symbols ----------------------------------------------------------------

def nm(what, path):
    """{symbol: its size, or None}"""
    found = {}
    for line in run('nm', '-D', '-S', what, path).splitlines():
        words = line.split('@')[0].split()
        found[words[-1]] = int(words[1], 16) if len(words) == 4 else None
    return found


def check_symbols(wrong):
    libraries = re.findall(r'(?:=>\s+|^\s+)(/\S+)', run('ldd', NMBD), re.M)
    own = nm('--defined-only', NMBD)
    imported = nm('--undefined-only', NMBD)
    there = {}
    for path in libraries + [NMBD]:
        there.update(nm('--defined-only', path))

    boot = tree('source', 'bootstrap.c')
    messenger = set(re.sub(r'#.*', '', read(TREE, 'source',
                                            'host.syms')).split())
    weak = set(re.findall(r'#pragma weak (\w+)', boot))
    interposed = set(re.findall(r'(\w+);', tree(
        'source', 'nmbd_modules.map').split('local:')[0]))
    ours = {'nmbd_module_register'}
    # present in newer libraries only, and done without elsewhere
    optional = {'sd_session_get_username'}

    wanted = messenger | weak | (interposed - ours)
    missing = wanted - set(there) - ours - optional
    wrong += ['no symbol ' + name for name in sorted(missing)]
    wrong += ['nmbd does not import ' + name
              for name in sorted(interposed - ours - set(imported))]
    # variables: as large as in our declaration
    for name, size in (('subnetlist', 8), ('unicast_subnet', 8),
                       ('num_response_packets', 4), ('samba_nb_type', 2)):
        if own.get(name) != size:
            wrong.append('%s has %s bytes, not %d'
                         % (name, own.get(name), size))
    return '%d symbols' % len(wanted - ours - missing)


# --- structures, values, prototypes -----------------------------------------

def compile_lines(before, lines, wrong):
    """Compiles before + lines; each line that does not compile is wrong."""
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, 'check.c')
        with open(path, 'w') as out:
            out.write(before + '\n')
            for number, (line, _) in enumerate(lines):
                out.write('#line %d "CHECK"\n%s\n'
                          % (number + 1, ' '.join(line.split())))
        flags = run('pkg-config', '--cflags', 'samba-util', 'talloc',
                    'tevent').split()
        done = subprocess.run(
            ['gcc', '-std=gnu11', '-fsyntax-only', '-fmax-errors=0', '-w',
             '-I', os.path.join(TREE, 'include', 'samba'),
             '-I', os.path.join(TREE, 'include', 'nmbd')] + flags + [path],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            universal_newlines=True)
    bad = {}
    for line in done.stdout.splitlines():
        found = re.match(r'CHECK:(\d+):(?:\d+:)? error: (.*)', line)
        if found:
            bad.setdefault(int(found.group(1)) - 1, found.group(2))
    if done.returncode != 0 and not bad:
        wrong.append('a check does not compile: '
                     + done.stdout.strip().replace('\n', ' / ')[:600])
    wrong += ['%s: %s' % (lines[number][1], why)
              for number, why in sorted(bad.items())]
    return len(lines) - len(bad)


def samba_structures(folder):
    text = ''
    for name in STRUCTURES:
        path = os.path.join(folder, name)
        if os.path.exists(path):
            # only nameserv.h includes nothing that we have not; prototypes
            # of other parts are not wanted here
            text += re.sub(r'^\s*#\s*include[^\n]*', '', read(path),
                           flags=re.M)
    smb = without_comments(read(folder, 'source3/include/smb.h'))
    if not re.search(r'struct\s+nmb_name\s*\{', text):
        name = re.search(r'struct\s+nmb_name\s*\{[^}]*\};', smb)
        text = name.group(0) + '\n' + text
    return BEFORE + text


def check_layout(folder, wrong):
    mirror = tree_mirror()
    samba = samba_structures(folder)
    lines = []
    for kind, what in re.findall(r'^HOST_(OFFSET|SIZE)\(([^;]*)\);', mirror,
                                 re.M):
        words = [word.strip() for word in what.split(',')]
        value = ('offsetof(struct %s, %s)' % tuple(words[:2])
                 if kind == 'OFFSET' else 'sizeof(struct %s)' % words[0])
        lines.append(('_Static_assert(%s == %s, "is another");'
                      % (value, words[-1]), value))
    offsets = compile_lines(samba, lines, wrong)

    lines = []
    for body in re.findall(r'^enum \w+ \{(.*?)\};', mirror, re.M | re.S):
        lines += re.findall(r'(\w+) = (\d+)', body)
    for name, value in re.findall(
            r'^#define\s+(NMB_\w+|\w+_ERR|NB_\w+|FIND_\w+)\s+(\w+)$', mirror,
            re.M):
        if not name.startswith('NMBD_'):
            lines.append((name, value))
    values = compile_lines(samba, [
        ('_Static_assert(%s == %s, "is another");' % (name, value), name)
        for name, value in lines], wrong)

    idl = read(folder, 'librpc/idl/messaging.idl')
    for name, value in re.findall(r'^#define\s+(MSG_\w+)\s+(\w+)$', mirror,
                                  re.M):
        there = re.search(r'\b%s\s*=\s*(\w+)' % name, idl)
        if there is None and name == 'MSG_RPC_DUMP_STATUS':
            continue        # of 4.16
        if there is None or int(there.group(1), 0) != int(value, 0):
            wrong.append('%s is another' % name)
        else:
            values += 1
    return '%d offsets, %d values' % (offsets, values)


def check_prototypes(folder, wrong):
    """Ours and then Samba's in one file: the compiler compares them."""
    mirror = tree_mirror()
    headers = {}
    for directory, _, names in os.walk(folder):
        for name in names:
            if name.endswith('.h'):
                path = os.path.join(directory, name)
                headers[path] = without_comments(read(path))
    functions = re.findall(r'^[a-zA-Z][\w *]*?\b(\w+)\([^#{}=]*?\);', mirror,
                           re.M | re.S)
    functions = [name for name in functions
                 if not name.startswith(('HOST_', '_Static'))]
    lines, unseen = [], []
    for name in functions:
        declaration = re.compile(
            r'^(?:extern )?(?:const |struct |unsigned )*\w+[\s*]+%s\s*'
            r'\([^;{}]*\)[^;{}]*;' % name, re.M)
        found = {match.group(0) for text in headers.values()
                 for match in declaration.finditer(text)}
        if not found:
            unseen.append(name)
        lines += [(text, name) for text in sorted(found)]
    compile_lines('#include "nmbd_host.h"\n'
                  '#define PRINTF_ATTRIBUTE(a, b)\n#define _PUBLIC_\n',
                  lines, wrong)
    text = '%d prototypes' % (len(functions) - len(unseen))
    return text + (' (not in a header: %s)' % ' '.join(unseen)
                   if unseen else '')


def check(folder):
    wrong = []
    done = [check_symbols(wrong)]
    if os.path.exists(os.path.join(folder, 'version')):
        headers = read(folder, 'version').strip()
        installed = run('dpkg-query', '-W', '-f', '${source:Version}',
                        'samba')
        if headers != installed:
            print('NOTE: the headers are those of %s, installed is %s'
                  % (headers, installed))
        patched = read(folder, 'patched').split()
        if patched:
            print('patched by Debian, looked at without that: '
                  + ' '.join(patched))
        done += [check_layout(folder, wrong), check_prototypes(folder, wrong)]
    else:
        print('NOTE: symbols only, offsets by nmbd itself at run time: the '
              'mirror has not the source of this Samba')
    for line in wrong:
        print('WRONG: ' + line)
    print(', '.join(done))
    return 1 if wrong else 0


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ('fetch', 'check'):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    return {'fetch': fetch, 'check': check}[sys.argv[1]](sys.argv[2]) or 0


if __name__ == '__main__':
    sys.exit(main())
