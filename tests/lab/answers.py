# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds every answer in JSON, and every line of a JSON log, against
docs/messenger.schema.json: Nmbd.ask() and Host.run() do so by themselves."""

import functools
import json
import os

from .netns import LabError

_NAME = 'messenger.schema.json'
_TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
_PLACES = (os.path.join(_TREE, 'docs', _NAME),
           '/usr/share/doc/nmbd-messenger/' + _NAME)

# Requests whose answers have a definition of another name.
_DEFINITIONS = dict({'': 'status'}, **dict.fromkeys(
    ('add', 'ensure', 'delete', 'start', 'stop'), 'outcome'))

# Of the tool: what is printed for people, whatever else is asked for. What a
# shell prints is its own.
_FOR_PEOPLE = frozenset(('help', '--help', '-h', '--version', '-V', '-c'))


class Invalid(Exception):
    """An answer that the schema does not know.

    No AssertionError: a test that waits for another answer is not to wait
    until the wrong one is over."""


@functools.lru_cache(maxsize=1)
def schema():
    """The schema as Python has it."""
    for path in _PLACES:
        if os.path.exists(path):
            with open(path, encoding='utf-8') as source:
                return json.load(source)
    raise LabError('there is no %s in %s' % (_NAME, _TREE))


def validator_class():
    """Raises LabError without python3-jsonschema: nothing goes by unseen."""
    try:
        import jsonschema
    except ImportError:
        raise LabError('answers cannot be checked: install '
                       'python3-jsonschema, sh script/bootstrap does it')
    return jsonschema.Draft7Validator


@functools.lru_cache(maxsize=None)
def _validator(definition):
    """Of one definition; None: of the schema as a user has it."""
    whole = schema()
    if definition is not None:
        whole = dict(whole, oneOf=[{'$ref': '#/definitions/' + definition}])
    return validator_class()(whole)


def definitions():
    """What an object may be as a whole, by name."""
    return [each['$ref'].rsplit('/', 1)[1] for each in schema()['oneOf']]


def _leaves(error):
    """What is wrong in the end: oneOf and if say only that it is."""
    if not error.context:
        yield '%s: %s' % ('/'.join(map(str, error.absolute_path)) or 'it',
                          error.message)
    for inner in error.context or ():
        yield from _leaves(inner)


@functools.lru_cache(maxsize=4096)
def _complaints(text, definition):
    """Cached by the text: tests ask again and again for one answer."""
    return tuple(line for error in _validator(definition).iter_errors(
        json.loads(text)) for line in _leaves(error))


def forget():
    """What was found so far: for a test that changes the schema."""
    _validator.cache_clear()
    _complaints.cache_clear()


def complaints(value, names=None):
    """What is wrong with an object, by the definition that it is nearest to;
    empty if it is valid."""
    text = json.dumps(value, sort_keys=True)
    found = []
    for name in names or definitions():
        lines = _complaints(text, name)
        if not lines:
            # nor must it be two of them at once
            return [line[:300] for line in _complaints(text, None)[:5]]
        found.append((len(lines), name, lines))
    _, name, lines = min(found)
    return ['not as %r: %s' % (name, line[:300]) for line in lines[:5]]


def _expected(request):
    """The definitions of what may come: a request can be wrong, and so can
    the name in it."""
    verb = (request.split() or [''])[0].lower()
    name = _DEFINITIONS.get(verb, verb)
    if name not in definitions():
        return ['error']
    return [name, 'error'] + (['outcome'] if name == 'who' else [])


def check(value, what, names=None):
    """Raises Invalid; returns the value."""
    wrong = complaints(value, names)
    if wrong:
        raise Invalid('%s is not as %s has it\n%s\n%s'
                      % (what, _NAME, '\n'.join(wrong),
                         json.dumps(value)[:2000]))
    return value


def check_answer(request, text):
    """Of nmbd, to "json REQUEST". What is no object is for the test to
    judge: there may be no service that could answer."""
    try:
        value = json.loads(text)
    except ValueError:
        return
    check(value, 'the answer to %r' % request[:60], _expected(request))


def lines(text, name):
    """The objects in lines that are all of one kind."""
    return [check(json.loads(line), 'a line', [name])
            for line in text.splitlines()]


def event_lines(text):
    """The events in the lines of a JSON log."""
    return lines(text, 'event')


def check_output(args, text):
    """Of smbmessenger, if these arguments ask it for JSON."""
    words = [str(word) for word in args]
    if ('--json' not in words or _FOR_PEOPLE.intersection(words) or not any(
            os.path.basename(word) == 'smbmessenger' for word in words)):
        return
    what = 'a line of %s' % ' '.join(words[-6:])
    for line in text.splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            raise Invalid('%s is no JSON: %r' % (what, line[:300]))
        check(value, what)
