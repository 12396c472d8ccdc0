#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The half of script/package that installs: run in a clean chroot, as root.

The package beside this file is installed, used, upgraded, removed and purged
in a system that has Samba, with that system's own smb.conf and folders; nmbd
is started by hand, as the unit and the drop-in say.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from lab.lab import Lab  # noqa: E402
from lab.nmbd import parse_log  # noqa: E402
from lab.wait import wait_for  # noqa: E402
from story import LOG, NAME, SMB_CONF, TDB, need, run, tell  # noqa: E402

SYSTEMCTL_CALLS = '/tmp/package/systemctl.calls'
DOC = '/usr/share/doc/' + NAME
TIMER = NAME + '-textfile.timer'
DROP_IN = '/usr/lib/systemd/system/nmbd.service.d/messenger.conf'

NOTIFY = 'smbmessenger-notify.service'
RESTART = '--system --quiet try-restart ' + NOTIFY
DISABLE = ('--system --quiet disable --now ' + TIMER
           + ' ' + NOTIFY)

# What dpkg, apt, ldconfig and Samba write for themselves.
_NOT_OURS = re.compile(r'/(proc|sys|dev|run|tmp)(/|$)|/var/cache/apt/'
                       r'|/var/lib/apt/|/var/cache/(ldconfig/|samba/browse.dat)'
                       r'|/var/lib/dpkg/(status-old|available-old|lock'
                       r'|triggers/|info/format)')


def fake_systemd():
    """A systemd that seems to run, and whose systemctl writes down its calls."""
    os.makedirs('/run/systemd/system', exist_ok=True)
    os.makedirs('/tmp/package/bin')
    path = '/tmp/package/bin/systemctl'
    with open(path, 'w') as stub:
        stub.write('#!/bin/sh\nprintf "%%s\\n" "$*" >>%s\n' % SYSTEMCTL_CALLS)
    os.chmod(path, 0o755)


def apt(*args, calls_before=()):
    """apt-get; our scripts let systemd read its files again, and that is all
    but for the service of ours that may run.

    calls_before: of systemctl, when the package goes.
    """
    if os.path.exists(SYSTEMCTL_CALLS):
        os.unlink(SYSTEMCTL_CALLS)
    out = run('apt-get', '-q', '-y', '--no-install-recommends',
              '-o', 'DPkg::Path=/tmp/package/bin:' + os.environ['PATH'], *args)
    calls = []
    if os.path.exists(SYSTEMCTL_CALLS):
        with open(SYSTEMCTL_CALLS) as source:
            calls = source.read().splitlines()
    # systemd starts none by that which did not run
    calls_behind = [] if args[0] in ('remove', 'purge') else [RESTART]
    need(calls == list(calls_before) + ['--system daemon-reload']
         + calls_behind, 'calls of systemctl: %r' % calls)
    need('policy-rc.d' not in out, 'something wants to start or stop nmbd')
    return out


def snapshot():
    """Every path of the system."""
    found = set()
    for folder, folders, files in os.walk('/'):
        folders[:] = [name for name in folders
                      if not _NOT_OURS.match(os.path.join(folder, name))]
        found.update(path for path in
                     (os.path.join(folder, name) for name in folders + files)
                     if not _NOT_OURS.match(path))
    return found


def add_line(line):
    """A line for [global], as an administrator adds it."""
    with open(SMB_CONF) as conf:
        text = conf.read()
    with open(SMB_CONF, 'w') as conf:
        conf.write(text.replace('[global]\n', '[global]\n' + line + '\n', 1))


def drop_in_environment():
    """What systemd gives to nmbd by our drop-in."""
    with open(DROP_IN) as drop_in:
        values = re.findall(r'^Environment=(\w+)=(\S+)$', drop_in.read(),
                            re.M)
    need([name for name, _ in values] == ['LD_PRELOAD'],
         'the drop-in sets %r' % values)
    return dict(values)


class Daemon:
    """nmbd as its unit starts it, on the system's own smb.conf."""

    def __init__(self, host, environment):
        self.host = host
        self._log_start = self._size()
        self._errors = host.path('stderr')
        # env(1), for the programs before it are not to be preloaded
        with open(self._errors, 'wb') as errors:
            self.process = host.popen(
                ['env'] + ['%s=%s' % item for item in environment.items()]
                + ['/usr/sbin/nmbd', '--foreground', '--no-process-group'],
                stdout=errors, stderr=errors)
        wait_for(self._up, 20, 'nmbd is up', report=self.describe)

    @staticmethod
    def _size():
        return os.path.getsize(LOG) if os.path.exists(LOG) else 0

    def _up(self):
        need(self.process.poll() is None, 'nmbd ended\n' + self.describe())
        return self.control('ping').startswith('PONG')

    def control(self, *args):
        done = self.host.run(['smbcontrol', '-t', '10', 'nmbd'] + list(args))
        return done.stdout

    @property
    def log(self):
        if not os.path.exists(LOG):
            return ''
        with open(LOG, errors='replace') as log:
            log.seek(self._log_start)
            return log.read()

    @property
    def errors(self):
        with open(self._errors) as errors:
            return errors.read()

    def messages(self):
        """What it logged, without what is different in every run."""
        return {re.sub(r'\d+', 'N', entry.text)
                for entry in parse_log(self.log)}

    def describe(self):
        return 'log.nmbd:\n%sstderr:\n%s' % (self.log, self.errors)

    def ask(self, request):
        return self.control('dump-domain-list', request)

    def stop(self):
        self.process.terminate()
        need(self.process.wait(10) == 0, 'nmbd did not end well\n'
             + self.describe())


def tool(host, *args, status=0):
    """smbmessenger as the administrator runs it."""
    done = host.run(['smbmessenger'] + list(args))
    print('# smbmessenger %s\n%s%s' % (' '.join(args), done.stdout,
                                       done.stderr), flush=True)
    need(done.returncode == status, 'smbmessenger %s: status %d'
         % (' '.join(args), done.returncode))
    return done.stdout


def aliases(host):
    return {alias['name']: alias['state'] for alias in
            json.loads(tool(host, '--json', 'list'))['aliases']}


def wait_running(host, daemon):
    def running():
        done = host.run(['smbmessenger', '--json', 'status'])
        return (done.returncode == 0 and
                json.loads(done.stdout)['service']['state'] == 'running')

    wait_for(running, 20, 'the service runs', report=daemon.describe)


def newer_of(deb):
    """The same package with a higher version; what names that version of
    another package of ours names the higher one."""
    folder = os.path.join(HERE, 'newer')
    run('dpkg-deb', '-R', deb, folder)
    control = os.path.join(folder, 'DEBIAN/control')
    with open(control) as old:
        text = old.read()
    (version,) = re.findall(r'^Version: (.*)', text, re.M)
    with open(control, 'w') as new:
        new.write(text.replace('Version: ' + version,
                               'Version: %s+newer' % version)
                  .replace('(= %s)' % version, '(= %s+newer)' % version))
    path = os.path.join(HERE, 'newer-' + os.path.basename(deb))
    run('dpkg-deb', '--root-owner-group', '-b', folder, path)
    shutil.rmtree(folder)
    return path


class Story:
    """One machine, from before the package to after it."""

    def __init__(self, host):
        self.host = host
        self.deb = glob.glob(os.path.join(HERE, NAME + '_*.deb'))[0]
        self.before = None
        self.stock = None
        self.files = []

    def start(self, environment=None):
        return Daemon(self.host, environment or {})

    def start_stock(self):
        """nmbd without us says and writes what it did before we came."""
        daemon = self.start()
        # COMPUTER<20> on the wire: it has been through all of its start
        wait_for(lambda: 'ALPHA<20>' in self.host.run(
            ['nmblookup', 'ALPHA#20']).stdout, 20, 'nmbd answers',
            report=daemon.describe)
        daemon.stop()
        need(daemon.errors == '', 'stderr: ' + daemon.errors)
        return daemon

    def stock_nmbd(self):
        fake_systemd()
        self.stock = self.start_stock().messages()
        self.before = snapshot()

    def install(self):
        out = apt('install', self.deb)
        need('nmbd:modules = messenger' in out and
             'systemctl restart nmbd' in out, 'the package does not say what '
             'to do next')
        self.files = [path for path in run('dpkg', '-L', NAME).splitlines()
                      if path != '/.']
        need(DROP_IN in self.files, 'no drop-in')
        for path in self.files:
            facts = os.lstat(path)
            need((facts.st_uid, facts.st_gid) == (0, 0), path + ' of whom?')
            need(not facts.st_mode & 0o022, path + ' is writable')
        need(run('dpkg', '-V', NAME) == '', 'files have changed')
        new = snapshot() - self.before
        strays = sorted(path for path in new - set(self.files)
                        if not path.startswith('/var/lib/dpkg/info/' + NAME)
                        and not self.of_dependencies(path))
        need(not strays, 'not in the package: %s' % strays)
        out = run('systemd-analyze', 'cat-config', 'systemd/system/nmbd.service')
        need('Environment=LD_PRELOAD=' in out, 'systemd does not see the '
             'drop-in')
        run('systemd-analyze', 'verify', '--man=no', 'nmbd.service')
        run('bash', '-c', '. /usr/share/bash-completion/bash_completion; '
            '_comp_load smbmessenger 2>/dev/null || '
            '__load_completion smbmessenger; complete -p smbmessenger')

    @staticmethod
    def of_dependencies(path):
        return subprocess.run(['dpkg', '-S', path],
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0 or \
            path.startswith('/var/lib/dpkg/info/lib')

    def documents(self):
        """Links lead somewhere, as do places that are named; the timer that
        comes with it is not on."""
        pages = glob.glob(DOC + '/*.md')
        need(len(pages) > 5, 'documents: %r' % pages)
        for page in pages:
            with open(page) as source:
                text = source.read()
            for target in re.findall(r'\]\(([^)#\s]+)', text):
                need('://' in target or
                     os.path.exists(os.path.join(DOC, target)),
                     '%s: a link to %s' % (page, target))
            for path in re.findall(r'/usr/(?:share|lib)/[\w./-]*messenger'
                                   r'[\w./-]*\w', text):
                need(os.path.exists(path), '%s: %s' % (page, path))
        need(glob.glob('/etc/systemd/system/*/' + TIMER) == [],
             TIMER + ' is enabled')
        for name in ('NEWS.Debian.gz', 'README.Debian'):
            need(os.path.exists(os.path.join(DOC, name)), 'no ' + name)

    def newer_samba(self):
        """An archive with a Samba of another world: it is not kept back, and
        nothing is removed for it."""
        folder = os.path.join(HERE, 'archive')
        os.makedirs(folder, exist_ok=True)
        version = run('dpkg-query', '-W', '-f', '${Version}', 'samba').strip()
        names = run('dpkg-query', '-W', '-f',
                    '${source:Package} ${Version} ${Package}\n')
        names = [line.split()[2] for line in names.splitlines()
                 if line.split()[:2] == ['samba', version]]
        stanzas = []
        for name in names:
            text = run('dpkg-query', '-s', name)
            text = re.sub(r'^(Status|Conffiles):.*\n(?: .*\n)*', '', text,
                          flags=re.M)
            stanzas.append(text.replace(version, '2:4.99.0-1').strip()
                           + '\nFilename: ./%s.deb\nSize: 1\nSHA256: %064d\n'
                           % (name, 0))
        with open(folder + '/Packages', 'w') as index:
            index.write('\n'.join(stanzas))
        sources = os.path.join(folder, 'sources.list')
        with open(sources, 'w') as target:
            target.write('deb [trusted=yes] file:%s ./\n' % folder)
        options = ('-q', '-o', 'Dir::Etc::sourcelist=' + sources,
                   '-o', 'Dir::Etc::sourceparts=-',
                   '-o', 'Dir::State::lists=%s/lists' % folder,
                   '-o', 'APT::Sandbox::User=root')
        os.makedirs(folder + '/lists/partial', exist_ok=True)
        run('apt-get', *options, 'update')
        for how in ('upgrade', 'dist-upgrade'):
            out = run('apt-get', *options, '-s', how)
            need(re.search(r'^Inst samba \[', out, re.M),
                 how + ': samba is kept back')
            need(not re.search(r'^Remv', out, re.M),
                 how + ': something is removed')
        shutil.rmtree(folder)

    def idle(self):
        daemon = self.start(drop_in_environment())
        tool(self.host, 'status', status=3)
        daemon.stop()
        need(daemon.errors == '' and daemon.messages() <= self.stock,
             'nmbd is not what it was\n' + daemon.describe())

    def use(self):
        add_line('\tnmbd:modules = messenger')
        daemon = self.start(drop_in_environment())
        wait_running(self.host, daemon)
        need('ALPHA' in tool(self.host, 'status'), 'no status')
        tool(self.host, 'add', 'OPERATOR')
        need(aliases(self.host) == {'ALPHA': 'registered',
                                    'OPERATOR': 'registered'},
             'the list is not what it should be')
        need(os.stat(TDB).st_mode & 0o777 == 0o600 or
             os.stat(TDB).st_mode & 0o777 == 0o640, 'anyone may read ' + TDB)
        need(daemon.errors == '', 'stderr: ' + daemon.errors)
        daemon.stop()

    def upgrade(self):
        daemon = self.start(drop_in_environment())
        wait_running(self.host, daemon)
        for options in ([newer_of(self.deb)], ['--allow-downgrades', self.deb],
                        ['--reinstall', self.deb]):
            out = apt('install', *options)
            need('systemctl restart nmbd' in out and
                 'add to [global]' not in out, 'wrong advice')
            need(daemon.process.poll() is None, 'nmbd has ended')
            need(aliases(self.host).get('OPERATOR') == 'registered',
                 'nmbd does not answer')
        daemon.stop()
        daemon = self.start(drop_in_environment())
        wait_running(self.host, daemon)
        wait_for(lambda: aliases(self.host).get('OPERATOR') == 'registered',
                 20, 'OPERATOR is there again', report=daemon.describe)
        daemon.stop()

    def remove(self):
        environment = drop_in_environment()
        daemon = self.start(environment)
        wait_running(self.host, daemon)
        out = apt('remove', NAME, calls_before=[DISABLE])
        need('systemctl restart nmbd' in out, 'not said that nmbd goes on')
        self.nothing_left()
        need('OPERATOR' in daemon.ask('list'), 'nmbd does not go on\n'
             + daemon.describe())
        daemon.stop()
        need(os.path.exists(TDB), 'removal forgets what was added')
        # smb.conf still has the line
        daemon = self.start_stock()
        need(daemon.messages() <= self.stock, 'nmbd is not what it was\n'
             + daemon.describe())
        # a systemd that has not read its files again
        daemon = self.start(environment)
        daemon.stop()
        need(daemon.errors.count('\n') == 1 and
             'cannot be preloaded' in daemon.errors,
             'stderr: ' + daemon.errors)

    def nothing_left(self):
        left = [path for path in self.files
                if os.path.lexists(path) and path not in self.before]
        need(not left, 'left behind: %s' % left)

    def purge(self):
        apt('install', self.deb)
        apt('purge', '--autoremove', NAME, calls_before=[DISABLE])
        self.nothing_left()
        more = sorted(snapshot() - self.before)
        need(not more, 'left behind: %s' % more)
        less = sorted(self.before - snapshot())
        need(not less, 'gone with it: %s' % less)
        need(self.start_stock().messages() <= self.stock,
             'nmbd is not what it was')


def main():
    with Lab() as lab:
        story = Story(lab.host('ALPHA', '10.88.0.2/24'))
        return tell((
            ('stock nmbd', story.stock_nmbd),
            ('apt install', story.install),
            ('documents, their links, a timer that is off', story.documents),
            ('apt upgrade to a newer Samba', story.newer_samba),
            ('nmbd without nmbd:modules is as it was', story.idle),
            ('status, add and list with the installed module', story.use),
            ('upgrade and reinstallation while nmbd runs', story.upgrade),
            ('removal while nmbd runs, nmbd afterwards', story.remove),
            ('purge leaves nothing, nmbd afterwards', story.purge)))


if __name__ == '__main__':
    sys.exit(main())
