# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab: hosts in network namespaces, joined by switches.

    with Lab() as lab:
        alpha = lab.host('ALPHA', '10.88.0.2/24')
        bravo = lab.host('BRAVO', '10.88.0.9/24')
        peer = bravo.peer()
        peer.refuse('ALPHA', 0x03)
        nmbd = alpha.nmbd(modules='messenger')

Hosts whose addresses lie in the same network hang on the same switch. Nothing
of it has a name outside, and nothing of it outlives the process: see netns.py
and guard.c. Processes are bound to the thread that starts them, so use a lab
from the main thread.
"""

import ipaddress
import os
import subprocess
import tempfile

from . import answers
from .guard import Guard
from .netns import LabError, Namespace, Switch
from .nmbd import (MESSENGER_SO, NMBD_MODULES_SO, Nmbd, base_environment,
                   preload_value, test_module)
from .peer import Client, Peer
from .traffic import Capture
from .wait import wait_for
from .wins import WinsServer

_DIRECTORIES = {
    'private dir': ('private', 0o700),
    'lock directory': ('lock', 0o755),
    'state directory': ('state', 0o755),
    'cache directory': ('cache', 0o755),
    'pid directory': ('pid', 0o755),
    'ncalrpc dir': ('ncalrpc', 0o755),
    'nmbd:socket dir': ('socket', 0o755),
}


def module_paths(modules):
    """The value of nmbd:modules for module names and absolute paths."""
    if isinstance(modules, str):
        modules = [modules]
    return ' '.join(name if '/' in name
                    else MESSENGER_SO if name == 'messenger'
                    else test_module(name) for name in modules)


class Host:
    """A host: a namespace, interfaces eth0, eth1, ..., and directories.

    name: its NetBIOS name, which its smb.conf starts with.
    """

    def __init__(self, lab, name, addresses):
        self.lab = lab
        self.name = name
        self.directory = os.path.join(lab.directory, name)
        self.conf = os.path.join(self.directory, 'smb.conf')
        self.namespace = lab.namespace()
        self.interfaces = []
        self.nmbds = []
        self._loops = []
        self._processes = []
        self._ports = {}
        self._conf_written = 0
        self.clustered = False
        os.mkdir(self.directory, 0o755)
        for directory, mode in _DIRECTORIES.values():
            os.mkdir(self.path(directory), mode)
        for address in addresses:
            self.add_interface(address)
        self.configure()

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    # The net

    def add_interface(self, address):
        """Adds an interface with an address like 10.88.0.2/24."""
        interface = ipaddress.ip_interface(address)
        device = 'eth%d' % len(self.interfaces)
        switch = self.lab.switch(interface.network)
        port = switch.plug(self.namespace, device)
        self._ports[device] = (switch, port)
        self.namespace.links.add_address(device, interface)
        self.namespace.links.set_up(device)
        # what is sent before is lost, and a lost ARP request costs a second
        wait_for(lambda: self.namespace.links.is_up(device)
                 and switch.forwards(port), 5.0,
                 '%s of %s is up' % (device, self.name), 0.001)
        self.interfaces.append(interface)
        return device

    def add_bridge(self, device, address):
        """Adds a bridge without ports, as docker has one for a network."""
        self.namespace.ip('link add name %s type bridge' % device,
                          'addr add %s brd + dev %s' % (address, device),
                          'link set %s up' % device)

    def cable(self, device, up):
        """Pulls the cable out of an interface, or puts it back in."""
        switch, port = self._ports[device]
        switch.cable(port, up)

    @property
    def address(self):
        """The address of its first interface."""
        return str(self.interfaces[0].ip)

    @property
    def addresses(self):
        return [str(interface.ip) for interface in self.interfaces]

    @property
    def broadcast(self):
        """The broadcast address of its first interface."""
        return str(self.interfaces[0].network.broadcast_address)

    def _loop(self, loop):
        self._loops.append(loop)
        return loop

    def peer(self, **kwargs):
        """Starts a peer on this host."""
        return self._loop(Peer(self.namespace, self.addresses, **kwargs))

    def wins(self, **kwargs):
        """Starts a WINS server of the tests' own on this host."""
        return self._loop(WinsServer(self.namespace, self.addresses,
                                     **kwargs))

    def capture(self):
        """Starts to listen to all its interfaces."""
        return self._loop(Capture(self.namespace))

    def client(self, interface=0):
        """Something to ask questions with, from one of its interfaces."""
        return Client(self.namespace, self.addresses[interface])

    # Processes

    def popen(self, args, env=None, **kwargs):
        """Starts a program here; it ends with the lab at the latest."""
        kwargs.setdefault('stdin', subprocess.DEVNULL)
        process = subprocess.Popen(
            self.namespace.command(args), cwd=self.directory,
            env=dict(base_environment(), **(env or {})), **kwargs)
        self._processes.append(process)
        return process

    def run(self, args, timeout=20, env=None, input=None):
        """Runs a program here to its end; its output is text."""
        done = subprocess.run(
            self.namespace.command(args), timeout=timeout, input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            universal_newlines=True, errors='replace', cwd=self.directory,
            env=dict(base_environment(), **(env or {})))
        answers.check_output(args, done.stdout)
        return done

    def nmblookup(self, *args):
        """Stock nmblookup: its whole output."""
        done = self.run(['nmblookup', '-s', self.conf] + list(args))
        return done.stdout + done.stderr

    # Samba

    def configure(self, options=None, modules=None):
        """Writes smb.conf; an option of value None is left out.

        Samba compares modification times to see whether to read a file
        again, some versions in whole seconds: each writing moves it on.
        """
        values = {
            'netbios name': self.name,
            'workgroup': 'LAB',
            'interfaces': ' '.join(str(interface.with_prefixlen)
                                   for interface in self.interfaces),
            'bind interfaces only': 'yes',
            'server role': 'standalone server',
            'local master': 'no',
            'preferred master': 'no',
            'domain master': 'no',
            'load printers': 'no',
            'printing': 'bsd',
            'disable spoolss': 'yes',
            'usershare path': '',
            'logging': 'file',
            'log file': self.path('log.nmbd'),
            'log level': '1',
            'max log size': '0',
            'debug pid': 'no',
        }
        for option, (directory, _) in _DIRECTORIES.items():
            values[option] = self.path(directory)
        if modules:
            values['nmbd:modules'] = module_paths(modules)
        values.update(options or {})
        self.clustered = values.get('clustering') == 'yes'
        text = '[global]\n' + ''.join(
            '\t%s = %s\n' % item for item in values.items()
            if item[1] is not None)
        with open(self.conf + '.new', 'w') as conf:
            conf.write(text)
        self._conf_written += 1
        when = 1000000000 + 10 * self._conf_written
        os.utime(self.conf + '.new', (when, when))
        os.rename(self.conf + '.new', self.conf)

    def nmbd(self, options=None, modules=None, preload=None, env=None,
             wait_up=True, configure=True, wrap=()):
        """Starts nmbd.

        modules: for nmbd:modules, "messenger", names of modules of the tests
        or absolute paths. preload: True for the preload library, a list of
        paths for others, False for none; by default, True with modules.
        configure: False keeps the smb.conf that is there. wrap: words of a
        command that execs what follows it, such as unshare.
        """
        if configure:
            self.configure(options, modules)
        if preload is None:
            preload = bool(modules)
        if preload is True:
            preload = [NMBD_MODULES_SO]
        nmbd = Nmbd(self, preload, env, False, wrap)
        self.nmbds.append(nmbd)
        if wait_up:
            nmbd.wait_up()
        return nmbd

    def smbd(self, preload=False, wrap=()):
        """Starts smbd on the same smb.conf, with a log of its own."""
        env = {}
        args = ['smbd', '-F', '--no-process-group', '-s', self.conf,
                '-l', self.directory, '--option=log file='
                + self.path('log.smbd')]
        if preload:
            args = ['env', 'LD_PRELOAD=' + preload_value(
                [NMBD_MODULES_SO] if preload is True else preload)] + args
        args = list(wrap) + args
        with open(self.path('smbd.stderr'), 'ab') as errors:
            return self.popen(args, env, stdout=errors, stderr=errors)

    def close(self):
        """Ends what runs here, hard; returns what went wrong before."""
        problems = []
        for nmbd in self.nmbds:
            if not nmbd.running and not nmbd.expected_to_end:
                problems.append('nmbd of %s ended by itself' % self.name)
            if nmbd.running:
                nmbd.stop()
            problems += ['nmbd of %s: %s' % (self.name, line)
                         for line in nmbd.faults()]
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        for loop in self._loops:
            loop.stop()
        return problems


class Lab:
    """A context manager: leaving it ends and removes everything."""

    def __init__(self):
        self.directory = None
        self.hosts = []
        self._guard = None
        self._switches = {}
        self._namespaces = []

    def __enter__(self):
        if os.geteuid() != 0:
            raise LabError('the lab makes network namespaces: run as root')
        self._guard = Guard()
        try:
            self.directory = tempfile.mkdtemp(prefix='nmbd-lab-')
            self._guard.own('dir', self.directory)
            os.chmod(self.directory, 0o755)
        except BaseException:
            self._guard.end()
            raise
        return self

    def __exit__(self, kind, error, traceback):
        problems = []
        try:
            for host in self.hosts:
                try:
                    problems += host.close()
                except AssertionError as problem:
                    problems.append(str(problem))
            if error is not None:
                self._add_logs(error)
            elif problems:
                raise AssertionError('\n'.join(problems) + '\n'
                                     + self.describe())
        finally:
            self._guard.end()
            for switch in self._switches.values():
                switch.close()
            for namespace in self._namespaces:
                namespace.close()

    def _add_logs(self, error):
        """Puts the ends of the logs into the error's text."""
        logs = self.describe()
        text = str(error.args[0]) if error.args else ''
        if isinstance(error, AssertionError) and '  --- ' not in text:
            error.args = (text + ('\n' + logs if logs else ''),)

    def describe(self):
        """The ends of the logs of the last two runs on each host."""
        return '\n'.join(filter(None, (nmbd.describe() for host in self.hosts
                                       for nmbd in host.nmbds[-2:])))

    def namespace(self):
        namespace = Namespace()
        self._namespaces.append(namespace)
        self._guard.own('net', namespace.path)
        return namespace

    def switch(self, network):
        """The switch for a network, made when first asked for."""
        if network not in self._switches:
            self._switches[network] = Switch()
            self._guard.own('net', self._switches[network].namespace.path)
        return self._switches[network]

    def host(self, name, *addresses):
        """A host with an interface per address (like 10.88.0.2/24)."""
        host = Host(self, name, addresses)
        self.hosts.append(host)
        return host
