# SPDX-License-Identifier: GPL-3.0-or-later
"""The small programs of the lab, which the build makes from the C files here.

Where there is no build, the lab does without.
"""

import functools
import os

_TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


@functools.lru_cache(maxsize=None)
def built(name):
    """Words that run it; None: it was not built. It lies beside the libraries
    of tests/preload."""
    libraries = (os.environ.get('TEST_PRELOAD_DIR')
                 or os.path.join(_TREE, 'build', 'tests', 'preload'))
    path = os.path.abspath(os.path.join(libraries, '..', 'lab', name))
    return [path] if os.access(path, os.X_OK) else None
