# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab for tests of nmbd: hosts on a private net, peers and measurements."""

from . import answers, messaging, nbt
from .faults import ClockSet, SendFails
from .lab import Host, Lab
from .netns import LabError
from .nmbd import (MESSENGER_SO, NMBD_MODULES_SO, Nmbd, preload_value,
                   test_module, test_preload)
from .peer import Client, Peer, Rule
from .traffic import Capture, Seen
from .wait import Timeout, wait_for
from .wins import WinsServer

__all__ = ['Capture', 'Client', 'ClockSet', 'Host', 'Lab', 'LabError',
           'MESSENGER_SO', 'NMBD_MODULES_SO', 'Nmbd', 'Peer', 'Rule', 'Seen',
           'SendFails', 'Timeout', 'WinsServer', 'answers', 'messaging', 'nbt',
           'preload_value', 'test_module', 'test_preload', 'wait_for']
