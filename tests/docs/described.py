# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/json.md, section by section: the keys in its tables and its examples,
and the definitions of docs/messenger.schema.json that they are about."""

import json
import re

from tables import read

# Sections that are not headed by the name of a definition.
_ABOUT = {'add, delete, start, stop': 'outcome',
          'list of another machine': 'remote_list',
          'add and delete of another machine': 'remote_outcome',
          'What is not understood': 'error',
          'What the tool says itself': 'complaint'}


def schema():
    return json.loads(read('docs/messenger.schema.json'))


def sections():
    """{definition: the text of the section that is about it}"""
    parts = re.split(r'^## (.*)$', read('docs/json.md'), flags=re.M)
    return {_ABOUT.get(head, head): text
            for head, text in zip(parts[1::2], parts[2::2])}


def keys_told(text):
    """The keys of a section's tables: of their first column, and those that
    another key's meaning brings in."""
    rows = [line.strip('|').split(' | ') for line in text.splitlines()
            if line.startswith('| `')]
    first = {key for row in rows for key in re.findall(r'`(\w+)`', row[0])}
    return first, {word for row in rows
                   for word in re.findall(r'`(\w+)`', ' '.join(row))}


def keys_shown(text):
    """The keys of a section's examples."""
    return set(re.findall(r'"(\w+)":', text))


def examples(text):
    """The JSON objects of a section; what is none is found elsewhere."""
    for block in re.findall(r'^    \{".*?(?=\n\n|\Z)', text, re.M | re.S):
        try:
            yield json.JSONDecoder().raw_decode(block.strip())[0]
        except ValueError:
            continue


def parts_of(name, defined):
    """The names of a definition and of all that is in it."""
    found = [name]
    for each in found:
        for part in re.findall(r'"#/definitions/([\w-]+)"',
                               json.dumps(defined[each])):
            if part not in found:
                found.append(part)
    return found


def keys_of(name, defined):
    """The keys of a definition and of all that is in it."""
    return {key for part in parts_of(name, defined)
            for key in defined[part].get('properties', {})}


def shortened(value):
    """A schema that lets an example leave keys out, and nothing else."""
    if isinstance(value, list):
        return [shortened(each) for each in value]
    if not isinstance(value, dict):
        return value
    # what a condition requires is no key that must be there
    return {key: inner if key in ('if', 'not') else shortened(inner)
            for key, inner in value.items()
            if not (key == 'required' and isinstance(inner, list))
            and key != 'dependencies'}
