# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that say what they got, and marks for the test runner."""


class Skip(Exception):
    """Raised by a test that cannot be done here; the text says why."""


def _shown(value):
    """A value for a message: packets as a line, not with all their fields."""
    text = repr(value)
    return text if len(text) <= 300 else str(value)


def equal(got, expected, what):
    if got != expected:
        raise AssertionError('%s: got %s, expected %s'
                             % (what, _shown(got), _shown(expected)))


def true(value, what):
    if not value:
        raise AssertionError('%s: got %r' % (what, value))


def none(values, what):
    """Nothing in a list, nor anything else that counts as true."""
    if values:
        shown = values
        if isinstance(values, (list, tuple)):
            shown = [str(value) for value in values[:10]]
        raise AssertionError('%s: expected none, got %s' % (what, shown))


def contains(text, part, what):
    if part not in text:
        raise AssertionError('%s: %r is not in %r' % (what, part, text))


def lacks(text, part, what):
    if part in text:
        raise AssertionError('%s: %r is in %r' % (what, part, text))


def between(value, low, high, what):
    if not low <= value <= high:
        raise AssertionError('%s: %.4g is not within %g to %g'
                             % (what, value, low, high))


def alone(test):
    """Marks a test that measures times: no other runs beside it."""
    test.alone = True
    return test


def seconds(limit):
    """Sets the time after which a test is killed."""
    def mark(test):
        test.seconds = limit
        return test

    return mark


def script(name):
    """One that is run by this script, and not among all the others."""
    def mark(test):
        test.script = name
        return test

    return mark
