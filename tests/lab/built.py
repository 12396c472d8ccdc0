# SPDX-License-Identifier: GPL-3.0-or-later
"""The small programs of the lab, which the build makes from the C files here."""

import os

_HERE = os.path.dirname(os.path.abspath(__file__))
_BUILD = os.path.join(os.path.dirname(os.path.dirname(_HERE)), 'build')


def built(name):
    """The path of one. It lies beside the libraries of tests/preload; or here,
    where a lab is without its tree (script/chroot.sh)."""
    here = os.path.join(_HERE, name)
    if os.path.exists(here):
        return here
    libraries = (os.environ.get('TEST_PRELOAD_DIR')
                 or os.path.join(_BUILD, 'tests', 'preload'))
    return os.path.abspath(os.path.join(libraries, '..', 'lab', name))
