#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop as far as notifications go: run with an address and a file, this
appends each notification to the file, a JSON object a line."""

import json
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NAME = 'org.freedesktop.Notifications'


class Desktop(dbus.service.Object):
    @dbus.service.method(NAME, in_signature='susssasa{sv}i',
                         out_signature='u', sender_keyword='sender')
    def Notify(self, app, _replaces, _icon, title, body, _actions, hints,
               _timeout, sender):
        uid = self.connection.get_object(
            'org.freedesktop.DBus', '/org/freedesktop/DBus').\
            GetConnectionUnixUser(sender, dbus_interface='org.freedesktop.DBus')
        with open(sys.argv[2], 'a') as target:
            target.write(json.dumps({
                'app': app, 'title': title, 'body': body, 'uid': int(uid),
                'urgency': int(hints['urgency'])}) + '\n')
        return dbus.UInt32(1)


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection(sys.argv[1])
    name = dbus.service.BusName(NAME, bus)
    Desktop(bus, '/org/freedesktop/Notifications', name)
    with open(sys.argv[2], 'a'):
        pass        # it is there: whoever waits for it may go on
    GLib.MainLoop().run()


if __name__ == '__main__':
    main()
