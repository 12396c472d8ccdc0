# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting with a deadline, the only way in which tests wait."""

import time


class Timeout(AssertionError):
    """What was waited for did not happen in time."""


def wait_for(condition, seconds, what, interval=0.02, report=None):
    """Calls condition() until it returns something true, and returns that.

    It sleeps in between, for `interval` at first and for a tenth of what it
    has waited so far, up to 0.1 s, later on.
    A condition may raise AssertionError, LookupError or ValueError as long as
    things are not there yet. After the deadline: Timeout, with what was
    waited for, the last value or error, and the text of report().
    """
    started = time.monotonic()
    deadline = started + seconds
    while True:
        try:
            last = value = condition()
        except (AssertionError, LookupError, ValueError) as error:
            value = None
            last = '%s: %s' % (type(error).__name__, error)
        if value:
            return value
        now = time.monotonic()
        if now >= deadline:
            break
        time.sleep(min(max(interval, min((now - started) / 10, 0.1)),
                       deadline - now))
    text = 'not within %g s: %s; last: %r' % (seconds, what, last)
    if report is not None:
        text += '\n' + report()
    raise Timeout(text)
