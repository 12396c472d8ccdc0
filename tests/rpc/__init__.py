# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote administration in the lab: \\PIPE\\msgsvc and its neighbours."""

from .client import Client, Fault, LEVELS, impacket_is_there  # noqa: F401
from .samba import MSGSVC_SO, RPCD, Samba, built  # noqa: F401
