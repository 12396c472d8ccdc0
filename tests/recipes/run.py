#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uses each file of conf/ and each recipe of the documents in the environment
it is meant for, as it is printed and where it is installed.

    sudo python3 tests/recipes/run.py [TEXT...]

With TEXT: only tests with one of them in their name. The lab and the mounts
are those of tests/docs/run.py, which runs the sessions of the documents, the
message command among them. systemd's own part is in tests/systemd/live.py.
The last line is "recipes: N passed, N failed".
"""

import glob
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(TOP, 'tests'), os.path.join(TOP, 'tests', 'docs')]

from installed import mount, own_mounts  # noqa: E402
from lab import check, wait_for  # noqa: E402
from run import Stage  # noqa: E402 (of tests/docs)

DOC = '/usr/share/doc/nmbd-messenger'
EXAMPLES = DOC + '/examples'
TEXTFILE = '/usr/share/nmbd-messenger/messenger-textfile'
PLUGIN = '/usr/lib/nagios/plugins/check_messenger'
FOLDER = '/var/lib/prometheus/node-exporter'
ADM = 4

# crontab(5): what a line of root's crontab has, and nothing else
CRON = ['env', '-i', 'HOME=/root', 'LOGNAME=root', 'SHELL=/bin/sh',
        'PATH=/usr/bin:/bin']


def read(*path):
    with open(os.path.join(*path), encoding='utf-8') as source:
        return source.read()


def guide(pattern):
    """A line of the guide, as it is printed; wherever it is, it is one."""
    found = set(re.findall(pattern, read(DOC, 'guide.md'), re.M))
    check.equal(len(found), 1, 'lines of the guide like ' + pattern)
    return found.pop()


def run(stage, *words, **kwargs):
    return stage.alpha.run(CRON + list(words), **kwargs)


def metrics_folder():
    """Where Debian's node_exporter reads, for this process."""
    if not os.path.isdir('/var/lib/prometheus'):
        mount('tmpfs', '/var/lib/misc', 'tmpfs')
        os.mkdir('/var/lib/misc/node-exporter')
        return '/var/lib/misc/node-exporter'
    mount('tmpfs', '/var/lib/prometheus', 'tmpfs')
    os.mkdir(FOLDER)
    return FOLDER


def samples(text):
    """{name: value or values}"""
    return dict(re.match(r'(\S+) (\S+)$', line).groups()
                for line in text.splitlines() if not line.startswith('#'))


# Monitoring

def test_cron():
    """The line of the crontab, by cron's environment."""
    line = guide(r'^    \* \* \* \* \* (.*)$')
    stage = Stage()
    folder = metrics_folder()
    try:
        stage.do_running()
        check.contains(line, FOLDER, 'the line')
        done = run(stage, '/bin/sh', '-c', line.replace(FOLDER, folder))
        check.equal((done.returncode, done.stdout, done.stderr), (0, '', ''),
                    'cron mails what a job prints')
        check.equal(os.listdir(folder), ['messenger.prom'], 'the folder')
        path = os.path.join(folder, 'messenger.prom')
        check.equal(oct(os.stat(path).st_mode & 0o777), '0o644', 'its mode')
        found = samples(read(path))
        check.equal(found['nmbd_messenger_up'], '1', 'up')
        check.equal(found['nmbd_messenger_aliases{kind="computer",'
                          'state="registered"}'], '1', 'aliases')
        # nmbd is not there: that is a value, too
        stage.nmbd.stop()
        done = run(stage, '/bin/sh', '-c', line.replace(FOLDER, folder))
        check.equal((done.returncode, done.stderr), (0, ''), 'without nmbd')
        check.equal(samples(read(path)), {'nmbd_messenger_up': '0'},
                    'without nmbd')
        done = run(stage, TEXTFILE, '--output=/nowhere/messenger.prom')
        check.equal((done.returncode, done.stdout, done.stderr),
                    (1, '', 'messenger-textfile: /nowhere/messenger.prom: '
                     'No such file or directory\n'), 'no such folder')
    finally:
        stage.close()


def test_nrpe():
    """The line of NRPE, by sudo if there is one."""
    command = guide(r'^    command\[check_messenger\]=(.*)$')
    rule = guide(r'^    (nagios ALL=.*)$')
    sudo, plugin = command.split(' ', 1)
    check.equal(plugin, PLUGIN, 'the plug-in')
    stage = Stage()
    try:
        stage.do_running()
        done = run(stage, '/bin/sh', '-c', plugin)
        check.equal((done.returncode, done.stderr), (0, ''), done.stdout)
        check.true(done.stdout.startswith('MESSENGER OK - running on ALPHA'),
                   done.stdout)
        if not os.path.exists(sudo):
            return
        mount('tmpfs', '/etc/sudoers.d', 'tmpfs', 0, 'mode=755')
        with open('/etc/sudoers.d/messenger', 'w') as rules:
            # a user that there is on every Debian
            rules.write(rule.replace('nagios', 'daemon', 1) + '\n')
        os.chmod('/etc/sudoers.d/messenger', 0o440)
        done = run(stage, 'setpriv', '--reuid=daemon', '--regid=daemon',
                   '--clear-groups', '/bin/sh', '-c',
                   command.replace('sudo', 'sudo -n'))
        check.equal((done.returncode, done.stderr), (0, ''), done.stdout)
        check.true(done.stdout.startswith('MESSENGER OK - '), done.stdout)
    finally:
        stage.close()


def test_units():
    """systemd has nothing to say against them, and both are off."""
    if shutil.which('systemd-analyze') is None:
        raise check.Skip('no systemd-analyze')
    for name in ('service', 'timer'):
        path = '/usr/lib/systemd/system/nmbd-messenger-textfile.' + name
        done = subprocess.run(
            ['systemd-analyze', 'verify', '--man=no', path],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            universal_newlines=True)
        said = [line for line in done.stdout.splitlines()
                if 'nmbd-messenger' in line]
        check.equal(said, [], 'systemd-analyze verify')
    unit = read('/usr/lib/systemd/system/nmbd-messenger-textfile.service')
    text = unit.replace('\\\n', ' ')
    command = re.search(r'^ExecStart=(.*)$', text, re.M).group(1).split()
    check.equal(' '.join(command), guide(r'^    \* \* \* \* \* (.*)$'),
                'cron and systemd do the same')


# Prometheus and Grafana

def known_metrics():
    """{metric: {label: values}} of all that messenger-textfile can write."""
    stage = Stage()
    try:
        stage.do_running()
        text = run(stage, TEXTFILE).stdout
    finally:
        stage.close()
    found = {}
    for name in samples(text):
        labels = found.setdefault(name.split('{')[0], {})
        for label, value in re.findall(r'(\w+)="([^"]*)"', name):
            labels.setdefault(label, set()).add(value)
    return found


def check_expression(expression, known):
    """It asks for metrics and states that there are."""
    names = re.findall(r'\b(nmbd_messenger_\w+)(\{[^}]*\})?', expression)
    check.true(names or 'node_textfile_mtime_seconds' in expression,
               'a metric of ours in ' + expression)
    for name, matchers in names:
        check.contains(known, name, expression)
        for label, values in re.findall(r'(\w+)=~?"([^"]*)"', matchers):
            if label == 'instance':
                continue
            check.contains(known[name], label, expression)
            for value in values.split('|'):
                check.contains(known[name][label], value, expression)


def test_alerts():
    path = EXAMPLES + '/messenger.rules.yml'
    expressions = re.findall(r'^        expr: (.*)$', read(path), re.M)
    check.true(len(expressions) >= 5, 'alerts')
    known = known_metrics()
    for expression in expressions:
        check_expression(expression, known)
    if shutil.which('promtool') is None:
        raise check.Skip('no promtool: only the names were compared')
    for words in (['check', 'rules', path],
                  ['test', 'rules', HERE + '/alerts.test.yml']):
        done = subprocess.run(['promtool'] + words, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, cwd=EXAMPLES,
                              universal_newlines=True)
        check.equal(done.returncode, 0, done.stdout)


def test_dashboard():
    dashboard = json.loads(read(EXAMPLES, 'messenger-dashboard.json'))
    known = known_metrics()
    used = set()
    for panel in dashboard['panels']:
        for target in panel['targets']:
            check_expression(target['expr'], known)
            used.update(re.findall(r'nmbd_messenger_\w+', target['expr']))
        place = panel['gridPos']
        check.true(place['x'] + place['w'] <= 24, 'width of ' + panel['title'])
    check.equal(used, set(known), 'metrics that are shown')
    numbers = [panel['id'] for panel in dashboard['panels']]
    check.equal(len(set(numbers)), len(numbers), 'ids')


# Logs

def test_logrotate():
    """Into the folder and with the groups that Debian has; as adm one reads
    what is there."""
    if shutil.which('logrotate') is None:
        raise check.Skip('logrotate is not installed')
    stage = Stage()
    try:
        stage.do_running()
        folder = '/var/log/samba'
        os.chmod(folder, 0o750)
        os.chown(folder, 0, ADM)
        path = folder + '/messenger.json'
        os.unlink(path)
        stage.nmbd.ask('stop')
        state = stage.alpha.path('status')
        conf = tempfile.NamedTemporaryFile('w', suffix='.conf')
        with conf:
            conf.write(read(EXAMPLES, 'messenger.logrotate'))
            conf.flush()
            done = run(stage, '/usr/sbin/logrotate', '-f', '-s', state, conf.name)
        check.equal((done.returncode, done.stderr), (0, ''), 'logrotate')
        stage.nmbd.ask('start')
        for name in (path, path + '.1'):
            done = run(stage, 'setpriv', '--reuid=nobody', '--regid=nogroup',
                       '--groups=adm', 'cat', name)
            check.equal((done.returncode, done.stderr), (0, ''), name)
            check.contains(done.stdout, '"event":', name)
            done = run(stage, 'setpriv', '--reuid=nobody', '--regid=nogroup',
                       '--clear-groups', 'cat', name)
            check.equal(done.returncode, 1, name + ' for others')
    finally:
        stage.close()


# smb.conf

def test_example_of_smb_conf():
    """Samba takes it, and so does the module."""
    done = subprocess.run(['testparm', '-s', EXAMPLES + '/smb.conf.example'],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True)
    check.equal(done.returncode, 0, done.stdout)
    check.contains(done.stdout, 'nmbd:modules = messenger', 'testparm')
    check.lacks(done.stdout, 'Unknown', 'testparm')


def test_message_command():
    """The lines for smb.conf are those that the guide's session is run
    with."""
    block = re.search(r'^    server min protocol = .*\n    message command = '
                      r'.*$', read(DOC, 'guide.md'), re.M).group()
    used = guide(r'^<!-- lab: samba (.*) -->$')
    check.equal(used.split('; '), [line.strip() for line
                                   in block.splitlines()], 'smb.conf')
    for word in ('%f', '%L', '%m', '%I'):
        check.contains(block, '"%s"' % word, 'quotes')


# The shell

class Shell:
    """An interactive bash on a terminal, with completion."""

    def __init__(self, stage):
        self._master, slave = pty.openpty()
        self._process = stage.alpha.popen(
            ['bash', '--norc', '--noprofile', '-i'], stdin=slave,
            stdout=slave, stderr=slave, start_new_session=True,
            env={'PS1': 'ready> ', 'TERM': 'dumb', 'COLUMNS': '200'})
        os.close(slave)
        self._seen = ''
        self.wait('ready> ')
        self.type("bind 'set bell-style none'\n")
        self.wait('ready> ')
        self.type('. /usr/share/bash-completion/completions/smbmessenger\n')
        self.wait('ready> ')

    def type(self, text):
        self._seen = ''
        os.write(self._master, text.encode())

    def _look(self):
        while select.select([self._master], [], [], 0)[0]:
            self._seen += os.read(self._master, 4096).decode()
        return self._seen.replace('\r', '')

    def wait(self, text):
        wait_for(lambda: text in self._look(), 5.0, repr(text),
                 report=lambda: repr(self._seen))

    def completed(self, line):
        """What TAB makes of it: the words, as the command would have them."""
        self.type(line + '\t')
        self.type('\x01set -- \x05; printf "<%s>" "$@" END; echo\n')
        self.wait('<END>\n')
        words = re.findall(r'<([^<>]*)>', self._look().split('\n')[-2])
        self.wait('ready> ')
        return words[:-1]

    def close(self):
        self._process.kill()
        self._process.wait()
        os.close(self._master)


def test_completion():
    """Names, with blanks too, however they are begun."""
    stage = Stage()
    try:
        stage.do_running()
        for name in ('NIGHT SHIFT', 'NIGHT WATCH', 'OPERATOR', "DON'T", 'A$B'):
            check.equal(stage.nmbd.json('add ' + name)['ok'], True, name)
        shell = Shell(stage)
        tool = ['smbmessenger', 'delete']
        for begun, ends in (
                ('O', ['OPERATOR']), ('o', ['OPERATOR']),
                ('NIGHT\\ S', ['NIGHT SHIFT']), ('"NIGHT S', ['NIGHT SHIFT']),
                ("'NIGHT W", ['NIGHT WATCH']), ('night\\ w', ['NIGHT WATCH']),
                ('D', ["DON'T"]), ('A', ['A$B']),
                ('OPERATOR NIGHT\\ W', ['OPERATOR', 'NIGHT WATCH'])):
            # what is quoted and begun is ended by readline, or by us
            quote = begun[0] if begun[0] in '"\'' else ''
            check.equal(shell.completed('smbmessenger delete ' + begun),
                        tool + ends, 'TAB after %s%s' % (begun, quote))
        check.equal(shell.completed('smbmessenger expl'),
                    ['smbmessenger', 'explain'], 'a command')
        shell.close()
    finally:
        stage.close()


# Documents

def test_links():
    """Each link of an installed document leads somewhere."""
    pages = glob.glob(DOC + '/*.md')
    check.true(len(pages) > 5, 'documents')
    for page in pages:
        for target in re.findall(r'\]\(([^)#\s]+)', read(page)):
            if '://' not in target:
                check.true(os.path.exists(os.path.join(DOC, target)),
                           '%s: a link to %s' % (page, target))


def test_named_files():
    """So do the places below /usr that documents name."""
    for page in glob.glob(DOC + '/*.md') + [TOP + '/debian/README.Debian']:
        for name in re.findall(r'/usr/(?:share|lib)/[\w./-]*messenger[\w./-]*'
                               r'\w', read(page)):
            check.true(os.path.exists(name), '%s: %s' % (page, name))


def test_manual_pages():
    """On a terminal of 80 columns no line is folded by the terminal."""
    if shutil.which('man') is None:
        raise check.Skip('no man')
    pages = glob.glob('/usr/share/man/man8/*messenger.8') + [
        '/usr/share/man/man8/nmbd_modules.8']
    check.equal(len(pages), 3, 'pages')
    for page in pages:
        done = subprocess.run(
            ['man', '-l', page], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={'PATH': '/usr/bin:/bin',
                                         'MANWIDTH': '80', 'PAGER': 'cat',
                                         'LC_ALL': 'C.UTF-8'})
        text = re.sub('.\b', '', done.stdout.decode('utf-8', 'replace'))
        check.true(len(text) > 1000, done.stderr)
        check.equal([line for line in text.splitlines() if len(line) > 80],
                    [], page)


# The scripts

def test_demo():
    """The story of script/demo happens as it is told."""
    done = subprocess.run(
        ['/usr/bin/python3', '-u', os.path.join(TOP, 'tests', 'demo',
                                                'run.py')],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        universal_newlines=True)
    check.equal(done.returncode, 0, done.stdout)


def test_quiet_installation():
    """What apt says is shown when it fails, and only then."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'apt-get')
        for status in (0, 1):
            with open(path, 'w') as apt:
                apt.write('#!/bin/sh\necho "Selecting $*"\nexit %d\n'
                          % status)
            os.chmod(path, 0o755)
            done = subprocess.run(
                ['sh', '-c', '. script/lib.sh; apt_install nothing'],
                cwd=TOP, env={'PATH': folder + ':/usr/bin:/bin'},
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                universal_newlines=True)
            check.equal((done.returncode != 0, 'Selecting' in done.stdout),
                        (status != 0, status != 0), done.stdout)


def main():
    if os.geteuid() != 0:
        print('This makes network namespaces: run it as root.')
        return 1
    try:
        own_mounts()
    except PermissionError as error:
        # a container that may not mount
        print('skip all  (%s)\nrecipes: 0 passed, 0 failed' % error)
        return 0
    count = {'ok': 0, 'FAIL': 0, 'skip': 0}
    for name, test in list(globals().items()):
        if not name.startswith('test_'):
            continue
        name = name[len('test_'):]
        if sys.argv[1:] and not any(text in name for text in sys.argv[1:]):
            continue
        begin, said, verdict = time.monotonic(), '', 'ok'
        try:
            test()
        except check.Skip as reason:
            verdict, said = 'skip', '  (%s)' % reason
        except (AssertionError, OSError, ValueError, LookupError,
                subprocess.SubprocessError) as error:
            verdict = 'FAIL'
            traceback.print_exception(None, error, error.__traceback__)
        count[verdict] += 1
        print('%-4s %s  %.1f s%s' % (verdict, name,
                                     time.monotonic() - begin, said),
              flush=True)
    print('recipes: %(ok)d passed, %(FAIL)d failed' % count
          + (', %(skip)d skipped' % count if count['skip'] else ''))
    return 1 if count['FAIL'] or not count['ok'] else 0


if __name__ == '__main__':
    sys.exit(main())
