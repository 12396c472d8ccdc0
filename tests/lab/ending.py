# SPDX-License-Identifier: GPL-3.0-or-later
"""How a script that has a lab ends."""

import subprocess
import sys

from .netns import LabError


class Failure(Exception):
    """What must not have happened."""


def exit_status(name, main):
    """What main() returns; or 1, and in a line what went wrong."""
    try:
        return main()
    except (Failure, AssertionError, LabError, OSError,
            subprocess.SubprocessError) as error:
        print('%s: %s' % (name, error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
