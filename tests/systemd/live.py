#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The half of script/systemd that runs in the system that was booted, as root.

nmbd.service is Debian's; the package beside this folder is installed, used
without and with the hardening of its example, and removed. Another host of
the net is a peer of the lab, in a network namespace.
"""

import glob
import grp
import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'package'))

from lab import answers  # noqa: E402
from lab.lab import Lab  # noqa: E402
from lab.netns import Namespace  # noqa: E402
from lab.wait import wait_for  # noqa: E402
from story import LOG, NAME, SMB_CONF, TDB, need, run, tell  # noqa: E402

ADDRESS = '10.88.0.2'
HOLDER = '10.88.0.9'
JSON_LOG = '/var/log/samba/messenger.json'
EVENT_LOG = '/var/lib/samba/eventlog/system.tdb'
HOOK_LOG = '/var/lib/samba/hook.log'
HOOK = '/usr/local/sbin/hook'
EXAMPLE = '/usr/share/doc/nmbd-messenger/examples/hardening.conf'
TREE = '/srv/tree'
TIMER = 'nmbd-messenger-textfile.timer'
METRICS = '/var/lib/prometheus/node-exporter'
DROP_INS = '/etc/systemd/system/nmbd.service.d'
# Without "dns proxy", as docs/nmbd.md tells: a WINS server with that helper
# does not always end by "systemctl stop".
OPTIONS = ('nmbd:modules = messenger', 'messenger:json log = ' + JSON_LOG,
           'messenger:event log = System', 'messenger:user aliases = logind',
           'wins support = yes', 'dns proxy = no', 'wins hook = ' + HOOK)


class Here(Namespace):
    """The network namespace of the system itself."""

    def __init__(self):
        self.fd = os.open('/proc/self/ns/net', os.O_RDONLY | os.O_CLOEXEC)


def tool(*args, status=0):
    return run('smbmessenger', *args, status=status)


def quietly(*args):
    """Standard output, for what is asked again and again."""
    return subprocess.run(args, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          universal_newlines=True, errors='replace').stdout


def answer(command):
    """The answer to a command of the tool, as Python has it."""
    words = ('smbmessenger', '--json', command)
    text = quietly(*words)
    answers.check_output(words, text)
    return json.loads(text)


def show(name, unit='nmbd'):
    return quietly('systemctl', 'show', '-P', name, unit).strip()


def edit(old, new):
    """Changes smb.conf, whose time Samba compares in whole seconds."""
    with open(SMB_CONF) as conf:
        text = conf.read()
    need(old in text, 'smb.conf has no %r' % old)
    when = int(os.stat(SMB_CONF).st_mtime) + 1
    with open(SMB_CONF, 'w') as conf:
        conf.write(text.replace(old, new, 1))
    os.utime(SMB_CONF, (when, when))


def systemctl(*args):
    return run('systemctl', '--no-pager', *args)


def service():
    return answer('status')['service']


def aliases():
    return {alias['name']: alias['state']
            for alias in answer('list')['aliases']}


def report():
    """What there is to see when something does not come."""
    return '\n'.join(quietly(*args) for args in (
        ['systemctl', '--no-pager', 'status', 'nmbd'],
        ['smbmessenger', 'status'], ['smbmessenger', 'list'],
        ['tail', '-n', '60', LOG]))


def until(condition, what, seconds=30):
    return wait_for(condition, seconds, what, report=report)


def journal(*matches):
    """Entries of nmbd.service as dicts, oldest first."""
    out = quietly('journalctl', '-q', '-o', 'json', '-u', 'nmbd', *matches)
    return [json.loads(line) for line in out.splitlines()]


def json_log():
    with open(JSON_LOG) as log:
        return answers.event_lines(log.read())


def event_log():
    """(number, second string) of what Samba's own program finds."""
    out = quietly('eventlogadm', '-o', 'dump', 'System', '1')
    numbers = [int(number, 16) & 0xffff for number
               in re.findall(r'event_id +: (0x\w+)', out)]
    return list(zip(numbers, re.findall(r"strings +: '(.*)'", out)[1::2]))


def process_status(pid):
    """/proc/PID/status."""
    with open('/proc/%s/status' % pid) as status:
        return dict(line.rstrip('\n').split(':\t', 1) for line in status
                    if ':\t' in line)


class Story:
    """One machine, before the package, with it, hardened, and after it."""

    def __init__(self, lab):
        self.lab = lab
        self.deb = glob.glob(os.path.join(HERE, '../package',
                                          NAME + '_*.deb'))[0]
        self.peer = None

    # What is looked at more than once

    def restarted(self):
        """Restarts nmbd, in good time; the service runs in a new one."""
        before = show('MainPID')
        begin = time.monotonic()
        systemctl('restart', 'nmbd')
        need(time.monotonic() - begin < 20, 'nmbd did not end')
        need(show('MainPID') not in ('0', before), 'the same nmbd')
        until(lambda: service()['state'] == 'running', 'the service runs')

    def stopped(self):
        """Stops nmbd, which ends by itself and well."""
        begin = time.monotonic()
        systemctl('stop', 'nmbd')
        seconds = time.monotonic() - begin
        need(seconds < 10, 'stop took %.1f s' % seconds)
        need((show('ActiveState'), show('Result')) == ('inactive', 'success'),
             'not a good end')
        need(show('ExecMainCode') == '1' and show('ExecMainStatus') == '0',
             'exit status ' + show('ExecMainStatus'))

    def exposure(self, what):
        out = run('systemd-analyze', '--no-pager', 'security', 'nmbd.service')
        level = re.search(r': ([0-9.]+ [A-Z]+)', out.splitlines()[-1])
        print('ok: exposure of nmbd.service, %s: %s' % (what, level.group(1)))

    # The steps

    def machine(self):
        with open('/proc/1/comm') as comm:
            need(comm.read() == 'systemd\n', 'process 1 is not systemd')
        systemctl('--failed')
        version = run('systemctl', '--version').splitlines()[0]
        samba = run('dpkg-query', '-W', '-f', '${Version}\n', 'samba').strip()
        print('ok: %s, Samba %s' % (version, samba))
        here = Here()
        here.ip('link set lo up')
        network = ipaddress.ip_network('10.88.0.0/24')
        self.lab.switch(network).plug(here, 'lan0')
        here.ip('addr add %s/24 brd + dev lan0' % ADDRESS,
                'link set lan0 up')
        self.peer = self.lab.host('BRAVO', HOLDER + '/24').peer()
        self.peer.hold('BRAVO', 0x00)
        self.peer.hold('HELPDESK', 0x03)

    def stock(self):
        systemctl('enable', '--now', 'nmbd')
        need(show('ActiveState') == 'active', 'not active')
        self.exposure('as Debian has it')

    def install(self):
        pid = show('MainPID')
        run('apt-get', '-q', '-y', 'install', self.deb)
        need(show('NeedDaemonReload') == 'no', 'systemd has not read it')
        need(show('MainPID') == pid and show('ActiveState') == 'active',
             'nmbd was restarted')
        need('LD_PRELOAD=' in show('Environment'), 'no LD_PRELOAD')
        systemctl('restart', 'nmbd')
        tool('status', status=3)

    def switch_on(self):
        edit('[global]\n', '[global]\n\t' + '\n\t'.join(OPTIONS) + '\n')
        with open(HOOK, 'w') as hook:
            hook.write('#!/bin/sh\necho "$@" >>%s\n' % HOOK_LOG)
        os.chmod(HOOK, 0o755)
        self.restarted()

    def use(self):
        """Everything that writes, sends, asks or waits, once."""
        tool('status')
        tool('add', 'OPERATOR')
        tool('add', 'NIGHT SHIFT')
        refused = tool('add', 'HELPDESK', status=1)
        need(HOLDER in refused, 'who holds HELPDESK?')
        tool('delete', 'NIGHT SHIFT')
        need(aliases() == {'ALPHA': 'registered', 'OPERATOR': 'registered'},
             'aliases are %r' % aliases())
        need(os.path.getsize(TDB) > 0, 'no store')
        self.everywhere()
        with open(LOG, errors='replace') as log:
            need('not permitted' not in log.read(), 'log.nmbd complains')
        until(self.hook_has_run, 'the wins hook has run')

    @staticmethod
    def hook_has_run():
        with open(HOOK_LOG) as log:
            return 'OPERATOR 03' in log.read()

    def everywhere(self):
        """The journal and the JSON log have the events, with their fields."""
        def told():
            entries = journal('NERR=2297', '_PID=' + show('MainPID'))
            return entries and entries[-1]

        entry = until(told, 'the journal has the refusal')
        need(re.fullmatch('[0-9a-f]{32}', entry.get('MESSAGE_ID', '')),
             'no MESSAGE_ID')
        need((entry['NMBD_ALIAS'], entry['NMBD_HOLDER'],
              entry['_SYSTEMD_UNIT']) == ('HELPDESK', HOLDER, 'nmbd.service'),
             'journal: %r' % entry)
        need(journal('MESSAGE_ID=' + entry['MESSAGE_ID']),
             'not found by its MESSAGE_ID')
        until(lambda: [event for event in json_log()
                       if event['event'] == 'alias-refused'
                       and event['alias'] == 'HELPDESK'
                       and event.get('cause')],
              'the JSON log has the refusal and its cause')
        until(lambda: (7036, 'running') in event_log(),
              'the event log has the start')

        # as log.nmbd, for those who may see the system's logs
        facts = os.stat(JSON_LOG)
        readers = (grp.getgrgid(facts.st_gid).gr_name,
                   oct(facts.st_mode & 0o777))
        need(readers == ('adm', '0o640'), 'JSON log: %s %s' % readers)
        run('setpriv', '--reuid=anna', '--regid=anna', '--groups=adm',
            'tail', '-n', '1', JSON_LOG)

    def conflict(self):
        """The computer name is held elsewhere, and free again."""
        tool('stop')
        self.peer.hold('ALPHA', 0x03)
        tool('start', status=1)
        need(service()['state'] == 'failed', 'it has not failed')
        until(lambda: 'the computer BRAVO' in quietly('smbmessenger',
                                                      'explain'),
              'the holder has said who it is')
        until(lambda: (7024, '2270') in event_log(),
              'the event log has 7024')
        need(journal('EVENT_ID=7024', 'NMBD_HOLDER=' + HOLDER),
             'the journal has no 7024')
        self.peer.drop('ALPHA', 0x03)
        tool('start')
        until(lambda: aliases().get('OPERATOR') == 'registered',
              'OPERATOR is held again')

    def user(self):
        """A session that logind has made."""
        run('systemd-run', '--unit=visit', '--property=PAMName=login',
            '--property=User=anna', '--setenv=XDG_SESSION_CLASS=user',
            'sleep', 'infinity')
        until(lambda: aliases().get('ANNA') == 'registered',
              'the user has an alias')
        run('loginctl', '--no-pager', 'list-sessions')
        systemctl('stop', 'visit')
        until(lambda: 'ANNA' not in aliases(), 'it goes with the session')

    def reload(self):
        pid = show('MainPID')
        edit('[global]\n', '[global]\nmessenger:aliases = DUTY\n')
        systemctl('reload', 'nmbd')
        until(lambda: aliases().get('DUTY') == 'registered', 'DUTY is held')
        need(show('MainPID') == pid, 'another nmbd')
        edit('messenger:aliases = DUTY\n', '')
        systemctl('reload', 'nmbd')
        until(lambda: 'DUTY' not in aliases(), 'DUTY is gone')

    def restart(self):
        self.restarted()
        until(lambda: aliases().get('OPERATOR') == 'registered',
              'OPERATOR is there again')
        tool('events')

    def stop(self):
        self.stopped()
        need((7036, 'stopped') == event_log()[-1], 'the event log ends with '
             '%r' % (event_log()[-1],))
        need(json_log()[-1]['event'] == 'service-stopped' or
             'service-stopped' in [event['event'] for event
                                   in json_log()[-4:]],
             'the JSON log has no end')
        systemctl('start', 'nmbd')
        until(lambda: aliases().get('OPERATOR') == 'registered',
              'OPERATOR is there again')

    def metrics(self):
        """The timer that comes with the package, as the guide has it."""
        need(quietly('systemctl', 'is-enabled', TIMER).strip() == 'disabled',
             'it is on before anybody wants it')
        need(show('ActiveState', TIMER) == 'inactive', 'it runs')
        os.makedirs(METRICS)
        with open('/usr/share/doc/nmbd-messenger/guide.md') as guide:
            command = re.search('^sudo (systemctl enable .*%s)$'
                                % re.escape(TIMER), guide.read(), re.M)
        run('sh', '-c', command.group(1))
        path = METRICS + '/messenger.prom'
        until(lambda: os.path.exists(path), 'the timer has run', 75)
        with open(path) as found:
            text = found.read()
        need('nmbd_messenger_up 1\n' in text and
             'nmbd_messenger_service_state{state="running"} 1\n' in text,
             text)
        # as node_exporter, who is nobody in particular
        run('setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups',
            'cat', path)
        need(show('Result', TIMER.replace('timer', 'service')) == 'success',
             'the service ended badly')

    def timer_is_gone(self):
        need(show('ActiveState', TIMER) == 'inactive', 'the timer runs')
        need(not glob.glob('/etc/systemd/system/*/' + TIMER),
             'the timer is still wanted')

    def switched_off(self):
        """As README.Debian says, and on again."""
        with open('/usr/share/doc/nmbd-messenger/README.Debian') as readme:
            text = readme.read()
        block = re.search(r'^    mkdir -p %s\n(?:    .*\n)+' % DROP_INS, text,
                          re.M).group()
        run('sh', '-ec', block)
        tool('status', status=3)
        with open('/proc/%s/maps' % show('MainPID')) as maps:
            need('messenger' not in maps.read(), 'the module is in nmbd')
        os.unlink(DROP_INS + '/messenger.conf')
        systemctl('daemon-reload')
        self.restarted()

    def harden(self):
        self.exposure('with the drop-in of the package')
        os.makedirs(DROP_INS, exist_ok=True)
        shutil.copy(EXAMPLE, DROP_INS)
        systemctl('daemon-reload')
        out = run('systemd-analyze', 'verify', '--man=no', 'nmbd.service')
        need('hardening.conf' not in out, 'systemd complains of the example')
        systemctl('stop', 'nmbd')
        for path in (HOOK_LOG, TDB, JSON_LOG, EVENT_LOG):
            os.unlink(path)
        # as after a boot: Debian's package does not make that folder
        shutil.rmtree('/run/samba')
        systemctl('start', 'nmbd')
        until(lambda: service()['state'] == 'running', 'the service runs')
        self.exposure('with hardening.conf as well')

    def in_force(self):
        """It is not only written: nmbd's process is so."""
        pid = show('MainPID')
        status = process_status(pid)
        need(status['NoNewPrivs'] == '1' and status['Seccomp'] == '2',
             'no new privileges, seccomp: %r' % status)
        need(int(status['CapBnd'], 16) == 1 << 10 and
             int(status['CapEff'], 16) == 1 << 10, 'capabilities: %r' % status)
        for path, writable in (('/etc', False), ('/usr', False),
                               ('/var/lib', False), ('/run', False),
                               ('/root', False),
                               ('/var/lib/samba', True),
                               ('/var/log/samba', True),
                               ('/run/samba', True)):
            out = run('nsenter', '--target', pid, '--mount', 'sh', '-c',
                      'test -w "$1" && echo yes || echo no', 'sh', path)
            need(out == ('yes\n' if writable else 'no\n'), path)
        need(run('nsenter', '--target', pid, '--mount', 'sh', '-c',
                 'ls -A /home /tmp 2>/dev/null | grep anna; true') == '',
             'homes can be seen')

    def outside(self):
        """A JSON log where nmbd may not write: told once, and no harm."""
        edit(JSON_LOG, '/srv/messenger.json')
        systemctl('reload', 'nmbd')

        def told():
            with open(LOG, errors='replace') as log:
                return 'cannot open /srv/messenger.json: Read-only' in \
                    re.sub(r'\s+', ' ', log.read())

        until(told, 'log.nmbd says so')
        tool('add', 'ELSEWHERE')
        tool('delete', 'ELSEWHERE')
        edit('/srv/messenger.json', JSON_LOG)
        systemctl('reload', 'nmbd')

    def remove(self):
        pid = show('MainPID')
        run('apt-get', '-q', '-y', 'remove', NAME)
        need(show('MainPID') == pid and show('ActiveState') == 'active',
             'nmbd did not go on')
        need('OPERATOR' in run('smbcontrol', 'nmbd', 'dump-domain-list',
                               'list'), 'the module does not go on')
        need('LD_PRELOAD' not in show('Environment'), 'still preloaded')
        self.timer_is_gone()
        self.clean_start()

    def clean_start(self):
        """nmbd without us, whether smb.conf has our lines or not."""
        systemctl('restart', 'nmbd')
        need(show('ActiveState') == 'active', 'not active')
        said = [entry['MESSAGE'] for entry in journal(
            '_SYSTEMD_INVOCATION_ID=' + show('InvocationID'))]
        need(not [text for text in said if 'preload' in text or
                  'messenger' in text], 'it says %r' % said)
        with open('/proc/%s/maps' % show('MainPID')) as maps:
            need('messenger' not in maps.read(), 'the module is in nmbd')
        until(lambda: 'ALPHA<20>' in quietly('nmblookup', 'ALPHA#20'),
              'nmbd answers')

    def purge(self):
        run('apt-get', '-q', '-y', 'install', self.deb)
        run('apt-get', '-q', '-y', 'purge', NAME)
        need(not os.path.exists(TDB), TDB + ' is still there')
        self.clean_start()
        shutil.rmtree(DROP_INS)
        systemctl('daemon-reload')
        self.clean_start()
        self.stopped()

    # From the tree, as the README has it

    def type_in(self, heading, number):
        """Types the commands of a section's block; the last one's output."""
        with open(os.path.join(TREE, 'README.md')) as readme:
            section = readme.read().split('\n## %s\n' % heading)[1]
        block = re.findall(r'^```sh\n(.*?)^```$', section, re.M | re.S)[number]
        for command in block.splitlines():
            need(command.startswith('sudo '), 'not for root: ' + command)
            out = run('sh', '-c', command[len('sudo '):], cwd=TREE)
        return block.count('\n'), out

    def from_readme(self):
        shutil.copy('/usr/share/samba/smb.conf', SMB_CONF)
        commands, out = self.type_in('Install it for good', 0)
        need(commands <= 5, '%d commands' % commands)
        need(re.search(r'^ALPHA +computer +regist', out, re.M),
             'no list of aliases')
        until(lambda: service()['state'] == 'running', 'the service runs')

    def uninstalled(self):
        self.type_in('Install it for good', 1)
        self.clean_start()
        self.stopped()


def steps(story):
    use = (
        ('status, add, delete, store, journal, JSON log, event log, wins hook',
         story.use),
        ('a computer name that is held elsewhere', story.conflict),
        ('the alias of a user who logs on', story.user),
        ('systemctl reload', story.reload),
        ('systemctl restart keeps what was added', story.restart),
        ('systemctl stop and start', story.stop),
    )
    return (
        ('the machine', story.machine),
        ('stock nmbd.service', story.stock),
        ('apt install while nmbd runs', story.install),
        ('nmbd:modules = messenger', story.switch_on),
    ) + use + (
        ('metrics by the timer', story.metrics),
        ('switched off and on as README.Debian says', story.switched_off),
        ('hardening.conf', story.harden),
        ('hardening.conf is in force', story.in_force),
    ) + tuple((what + ' (hardened)', step) for what, step in use) + (
        ('a log outside of ReadWritePaths (hardened)', story.outside),
        ('apt remove while nmbd runs, nmbd afterwards (hardened)',
         story.remove),
        ('apt purge, nmbd afterwards', story.purge),
        ('from a fresh machine to the list by the commands of README.md',
         story.from_readme),
        ('uninstalled by those of README.md', story.uninstalled),
    )


def main():
    with Lab() as lab:
        return tell(steps(Story(lab)), lambda: report() + '\n' + quietly(
            'journalctl', '--no-pager', '-n', '80'))


if __name__ == '__main__':
    sys.exit(main())
