# SPDX-License-Identifier: GPL-3.0-or-later
"""Network namespaces without a name.

A namespace lives as long as the descriptor held here, or a process in it:
nothing appears in /run/netns, and the death of this process, by whatever
signal, gives everything back. The switches of a lab are bridges in such
namespaces of their own.
"""

import ctypes
import os
import socket
import subprocess
import threading

from .built import built
from .netlink import Netlink

CLONE_NEWNET = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


class LabError(Exception):
    """The lab itself could not do what it was asked."""


def _call(name, *args):
    if getattr(_libc, name)(*args) != 0:
        error = ctypes.get_errno()
        raise OSError(error, '%s: %s' % (name, os.strerror(error)))


def _in_thread(function):
    """Runs function in a thread of its own and returns what it returns.

    A thread may leave its namespace without taking the process with it, and
    a socket keeps the namespace it was made in.
    """
    result = []

    def run():
        try:
            result.extend((function(), None))
        except BaseException as error:  # handed to the caller
            result.extend((None, error))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if result[1] is not None:
        raise result[1]
    return result[0]


class Namespace:
    """A network namespace, its loopback up and IPv6 off."""

    def __init__(self):
        def make():
            _call('unshare', CLONE_NEWNET)
            self._quiet_ipv6()
            self.links = Netlink(socket.socket(
                socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE))
            return os.open('/proc/thread-self/ns/net',
                           os.O_RDONLY | os.O_CLOEXEC)

        self.fd = _in_thread(make)
        self.inode = os.fstat(self.fd).st_ino
        self.links.set_up('lo')

    @staticmethod
    def _quiet_ipv6():
        """Keeps duplicate address detection off the wire, where possible."""
        for which in ('all', 'default'):
            try:
                with open('/proc/sys/net/ipv6/conf/%s/disable_ipv6' % which,
                          'w') as setting:
                    setting.write('1')
            except OSError:
                return

    @property
    def path(self):
        """A name for tools, valid while this process lives."""
        # /proc may be another PID namespace's than os.getpid() counts in.
        return '/proc/%s/fd/%d' % (os.readlink('/proc/self'), self.fd)

    def command(self, args):
        """The command line that runs args in here.

        The process dies with the thread that started it: start from a thread
        that lives as long as the process should.
        """
        return [built('enter'), self.path] + list(args)

    def socket(self, family, kind, protocol=0):
        return self.call(lambda: socket.socket(family, kind, protocol))

    def call(self, function):
        """What function returns in here; the sockets that it makes stay."""
        def run():
            _call('setns', self.fd, CLONE_NEWNET)
            return function()

        return _in_thread(run)

    def ip(self, *lines):
        """Feeds command lines, each without the word "ip", to ip(8)."""
        done = subprocess.run(
            self.command(['ip', '-batch', '-']), input='\n'.join(lines) + '\n',
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            universal_newlines=True)
        if done.returncode != 0:
            raise LabError('ip failed: %s: %s' % (lines, done.stdout.strip()))

    def close(self):
        if self.fd >= 0:
            self.links.close()
            os.close(self.fd)
            self.fd = -1


class Switch:
    """An Ethernet switch: a bridge alone in a namespace."""

    def __init__(self):
        self.namespace = Namespace()
        self.inode = self.namespace.inode
        self._ports = 0
        self.namespace.links.add_bridge('br0')

    def plug(self, namespace, interface):
        """Joins a new interface of the namespace to the switch."""
        port = 'port%d' % self._ports
        self._ports += 1
        self.namespace.links.add_port(port, 'br0', interface, namespace.fd)
        return port

    def forwards(self, port):
        """Does it forward what comes in at a port?"""
        return self.namespace.links.is_forwarding(port)

    def cable(self, port, up):
        """Pulls the cable of a port out, or puts it back in."""
        self.namespace.links.set_up(port, up)

    def close(self):
        self.namespace.close()
