#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the documents and manual pages with the tables in the code.

    python3 tests/docs/check.py

It reads README.md, CONTRIBUTING.md, docs/, conf/smb.conf.example and the
sources (tables.py), and runs nothing but man(1), on the manual pages in
build/docs if they are there. Each test_* function yields what is
wrong, one text for each; the last line is "docs: N passed, N failed".
"""

import glob
import html
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree

sys.dont_write_bytecode = True

from described import (examples, keys_of, keys_shown,  # noqa: E402
                       keys_told, parts_of, schema, sections, shortened)
from tables import (TOP, c_string, calls_of, chatter, codes,  # noqa: E402
                    commands, event_classes, event_messages, exit_statuses,
                    journal_fields, message_ids, options, purposes,
                    rcode_names, read, requests, tool_options,
                    who_states, without_comments, words)


# --- the documents ----------------------------------------------------------

def plain(element):
    """The text of an element, its blanks made one."""
    return ' '.join(''.join(element.itertext()).split())


def page_entries(page, section):
    """(term, text) of the list in a section of a manual page."""
    tree = xml.etree.ElementTree.parse(
        os.path.join(TOP, 'docs', page + '.xml'))
    for found in tree.iter('refsect1'):
        if found.get('id') == section:
            return [(plain(entry.find('term')),
                     plain(entry.find('listitem')))
                    for entry in found.iter('varlistentry')]
    raise ValueError('%s has no section %s' % (page, section))


def compare_page(page, section, coded):
    """coded: (term, what the text must have, or '')"""
    entries = page_entries(page, section)
    yield from compare('%s, %s' % (page, section),
                       [term for term, _ in entries],
                       [term for term, _ in coded])
    wanted = dict(coded)
    for term, text in entries:
        want = ' '.join(wanted.get(term, '').split())
        if want.lower() not in text.lower():
            yield '%s, %s, %s: nothing like %r' % (page, section, term, want)


def documents():
    return ['README.md', 'CONTRIBUTING.md'] + sorted(
        os.path.relpath(path, TOP)
        for path in glob.glob(os.path.join(TOP, 'docs', '*.md')))


def table(path, first):
    """The rows of the table whose first column is headed so."""
    rows = []
    inside = False
    for line in read(path).splitlines():
        cells = [cell.strip().replace('`', '')
                 for cell in line.strip().strip('|').split('|')]
        if line.startswith('|') and cells[0] == first:
            inside = True
        elif inside and not line.startswith('|'):
            inside = False
        elif inside and not line.startswith('|---'):
            rows.append(cells)
    return rows


def prose(path):
    """(number, line) outside code, which is indented by four or fenced."""
    fenced = False
    for number, line in enumerate(read(path).splitlines(), 1):
        if line.startswith('```'):
            fenced = not fenced
        elif not fenced and not line.startswith('    '):
            yield number, line


def compare(what, documented, coded):
    """Both are lists of keys, in the same order."""
    for key in coded:
        if key not in documented:
            yield '%s: %r is missing' % (what, key)
    for key in documented:
        if key not in coded:
            yield '%s: %r is not in the code' % (what, key)
    if sorted(documented) == sorted(coded) and documented != coded:
        yield '%s: another order than in the code' % what


# --- the tests --------------------------------------------------------------

def test_options():
    """README: each option, its default, and its meaning first of all."""
    rows = [row for row in table('README.md', 'option')
            if row[0] != 'nmbd:modules']
    yield from compare('README.md, options', [row[0] for row in rows],
                       ['messenger:' + option[0] for option in options()])
    coded = {'messenger:' + name: (fallback or 'none', meaning)
             for name, fallback, meaning in options()}
    for name, fallback, meaning in rows:
        if name in coded and fallback != coded[name][0]:
            yield 'README.md, %s: default %s, in the code %s' % (
                name, fallback, coded[name][0])
        if name in coded and not meaning.startswith(coded[name][1]):
            yield 'README.md, %s: does not begin with %r' % (
                name, coded[name][1])


def test_options_elsewhere():
    """No document and no example speaks of an option that does not exist."""
    known = {option[0] for option in options()}
    for path in documents() + ['conf/smb.conf.example']:
        for name in re.findall(r'messenger:((?:[a-z]+ )*[a-z]+)\s*(?:=|`)',
                               read(path)):
            if name not in known:
                yield '%s: no option messenger:%s' % (path, name)


def test_requests():
    rows = table('README.md', 'request')
    coded = [(usage or '(nothing)', meaning) for usage, meaning in requests()]
    yield from compare('README.md, requests', [row[0] for row in rows],
                       [usage for usage, _ in coded])
    for usage, meaning in rows:
        if not meaning.startswith(dict(coded).get(usage, '')):
            yield 'README.md, %s: does not begin with %r' % (
                usage, dict(coded)[usage])


def test_tool():
    """README: the tool's commands, in the order of its table."""
    listed = re.search(r'COMMAND: (.*)', read('README.md')).group(1)
    coded = [word for word, _ in commands()]
    yield from compare('README.md, commands of the tool',
                       [usage.split()[0] for usage in listed.split('|')],
                       coded)


def test_codes():
    rows = [tuple(row) for row in table('docs/events.md', 'number')]
    yield from compare('docs/events.md, error numbers', rows,
                       [(str(number), name, text)
                        for number, name, text in codes()])


def test_events():
    rows = [tuple(row) for row in table('docs/events.md', 'event')]
    loud = re.search(r'bool event_is_loud\(.*?\n}', read(
        'source/events/event.c'), re.S).group()
    by_kind = {symbol.lower()[len('event_'):].replace('_', '-')
               for symbol in re.findall(r'EVENT_\w+', loud)}
    coded = [(event, str(number) if number else 'none', source, severity,
              '3' if event in chatter() else
              '0' if severity == 'error' else
              '0 or 1' if event in by_kind else '1')
             for event, (number, source, severity)
             in event_classes().items()]
    yield from compare('docs/events.md, events', rows, coded)


def test_causes():
    rows = table('docs/events.md', 'cause')
    yield from compare('docs/events.md, causes', [row[0] for row in rows],
                       [word for symbol, word
                        in words('event_cause_str').items()
                        if symbol != 'CAUSE_NONE'])


def test_journal():
    """docs/events.md: each kind's MESSAGE_ID, and each field."""
    yield from compare('docs/events.md, MESSAGE_IDs',
                       [tuple(row) for row in table('docs/events.md', 'kind')],
                       list(message_ids().items()))
    fields = [name for row in table('docs/events.md', 'field')
              for name in row[0].split(', ')]
    yield from compare('docs/events.md, fields', sorted(fields),
                       sorted(journal_fields()))


def test_page_messenger():
    """nmbd_messenger(8) against the tables."""
    page = 'nmbd_messenger.8'
    yield from compare_page(page, 'options', [
        ('messenger:' + name, meaning) for name, _, meaning in options()])
    defaults = {'messenger:' + name: fallback or 'none'
                for name, fallback, _ in options()}
    for term, text in page_entries(page, 'options'):
        if not text.endswith('Default: %s' % defaults.get(term)):
            yield '%s, %s: another default' % (page, term)
    yield from compare_page(page, 'requests', [
        (usage or '(nothing)', '' if usage == 'help' else meaning)
        for usage, meaning in requests()])
    yield from compare_page(page, 'events', [
        (event, severity + (', event %d.' % number if number else '.'))
        for event, (number, _, severity) in event_classes().items()])
    yield from compare_page(page, 'causes', [
        (word, '') for symbol, word in words('event_cause_str').items()
        if symbol != 'CAUSE_NONE'])
    yield from compare_page(page, 'codes', [
        ('%d (%s)' % (number, name), text) for number, name, text in codes()])


def test_page_tool():
    """smbmessenger(8) against the tables of the tool."""
    page = 'smbmessenger.8'
    yield from compare('%s, commands' % page,
                       [term.split()[0] for term, _
                        in page_entries(page, 'commands')],
                       [word for word, _ in commands()])
    yield from compare('%s, options' % page,
                       [term.split('=')[0] for term, _
                        in page_entries(page, 'options')], tool_options())
    yield from compare_page(page, 'exitstatus', exit_statuses())


def test_exit_statuses():
    """The guide's table."""
    yield from compare('docs/guide.md, exit statuses',
                       [tuple(row) for row
                        in table('docs/guide.md', 'exit status')],
                       exit_statuses())


def test_page_modules():
    """nmbd_modules(8): what it says of the log is in the code."""
    code = c_string(without_comments(read('source/bootstrap.c')))
    for term, _ in page_entries('nmbd_modules.8', 'diagnostics'):
        pattern = re.escape(term).replace('NAME', '%s').replace(
            'version\\ N', 'version\\ %u')
        if not re.search(pattern, code):
            yield 'nmbd_modules.8: %r is not in the code' % term


def test_pages():
    """Each page's version is that of the build, and the pages are linked."""
    version = re.search(r"^VERSION = '(.*)'", read('wscript'), re.M).group(1)
    pages = [os.path.basename(path)[:-len('.xml')] for path in glob.glob(
        os.path.join(TOP, 'docs', '*.[1-8].xml'))]
    for page in pages:
        tree = xml.etree.ElementTree.parse(
            os.path.join(TOP, 'docs', page + '.xml'))
        told = [info.text for info in tree.iter('refmiscinfo')
                if info.get('class') == 'version']
        if told != [version]:
            yield '%s: version %s' % (page, told)
        if '%s(%s)' % tuple(page.rsplit('.', 1)) not in read('README.md'):
            yield 'README.md: nothing about %s' % page


def test_example():
    """conf/smb.conf.example: each option once, with its default."""
    found = re.findall(r'^\t# messenger:([a-z ]+) =(.*)$',
                       read('conf/smb.conf.example'), re.M)
    yield from compare('conf/smb.conf.example',
                       [(name, value.strip()) for name, value in found],
                       [(name, fallback) for name, fallback, _ in options()])


def test_pictures():
    """docs/*.svg are what their sources make."""
    for name in ('architecture', 'terminal'):
        made = subprocess.run(
            [sys.executable, '-B', os.path.join(TOP, 'docs', name + '.py')],
            stdout=subprocess.PIPE, universal_newlines=True).stdout
        if made != read('docs/%s.svg' % name):
            yield 'docs/%s.svg: run docs/%s.py' % (name, name)


def test_terminal():
    """docs/terminal.svg: no line too long, no word in two, and a "#" at the
    beginning of commands only."""
    rows = [(style, html.unescape(text)) for style, text in re.findall(
        r'<text x="\d+" y="\d+" (.*?) xml:space="preserve">(.*?)</text>',
        read('docs/terminal.svg'))]
    words = set(re.findall(r'\S+', read('README.md')))
    commands = {style for style, text in rows if text.startswith('# ')}
    for style, text in rows:
        if len(text) > 80:
            yield 'docs/terminal.svg: %d columns: %r' % (len(text), text)
        if text.startswith('# ') != (style in commands):
            yield 'docs/terminal.svg: looks like a prompt, or like none: ' + \
                repr(text)
        if style in commands or not text.endswith(':'):
            for word in text.split():
                if word not in words:
                    yield 'docs/terminal.svg: %r is in two' % word
    if len(commands) != 1:
        yield 'docs/terminal.svg: commands in styles %s' % commands


def test_sessions():
    """A session has a lab before it, and a lab word that there is."""
    known = set(re.findall(r'def do_(\w+)\(', read('tests/docs/run.py')))
    for path in documents():
        text = read(path)
        for word in re.findall(r'^<!-- lab: (\w+)', text, re.M):
            if word not in known:
                yield '%s: no lab %s' % (path, word)
        first = re.search('^```console$', text, re.M)
        if first and not re.search(
                '^<!-- lab: ', text[:first.start()], re.M):
            yield '%s: a session without a lab' % path


def test_event_sentences():
    """Each event has a paragraph of its own and a real sentence in it."""
    parts = re.split(r'^`([a-z-]+)`: ', read('docs/events.md'), flags=re.M)
    described = dict(zip(parts[1::2], parts[2::2]))
    sentences = event_messages()
    yield from compare('source/events/event.c, sentences', sorted(sentences),
                       sorted(event_classes()))
    for event, sentence in sentences.items():
        if event not in described:
            yield 'docs/events.md: %s is not described' % event
            continue
        pattern = re.escape(sentence).replace('%s', r'\S.*?').replace(
            '%d', r'\d+').replace('%X', r'[0-9A-F]+')
        if not re.search('^    ' + pattern + '$', described[event], re.M):
            yield 'docs/events.md, %s: no line like %r' % (event, sentence)


def json_keys():
    """The keys that the code writes."""
    code = ''.join(without_comments(read(path)) for path in sorted(
        glob.glob(os.path.join(TOP, 'source', '*', '*.c'))))
    keys = set()
    for function in ('json_object_set_new', 'set_address', 'set_command',
                     'set_new', 'set_text', 'with'):
        for arguments in calls_of(function, code):
            keys |= set(re.findall(r'^\s*\w+,\s*"(\w+)"', arguments))
    for arguments in calls_of('json_pack', code):
        keys |= set(re.findall(r'"([a-z_0-9]+)"', arguments))
    # the list of a struct ring_kind
    return keys | set(re.findall(r'\.what = "(\w+)"', code))


def test_json_keys():
    """docs/json.md has each key that the code writes, and no other."""
    keys = json_keys()
    text = read('docs/json.md')
    for key in sorted(keys):
        if '`%s`' % key not in text and '"%s":' % key not in text:
            yield 'docs/json.md: nothing about the key %r' % key
    for key in sorted(set(re.findall(r'"([a-z_0-9]+)":', text)) - keys):
        yield 'docs/json.md: the key %r is not in the code' % key


def schema_types():
    """{key: the JSON types it has, over all objects of the schema}"""
    defined = schema()['definitions']
    names = {str: 'string', bool: 'boolean', int: 'integer'}
    found = {}

    def types_of(value):
        while '$ref' in value:
            value = defined[value['$ref'].rsplit('/', 1)[1]]
        if 'type' in value:
            return {value['type']}
        if 'anyOf' in value:
            return set().union(*map(types_of, value['anyOf']))
        return {names[type(each)]
                for each in value.get('enum', [value.get('const')])}

    for definition in defined.values():
        # what only narrows another definition has no type
        if definition.get('type') == 'object':
            for key, value in definition['properties'].items():
                found.setdefault(key, set()).update(types_of(value))
    return found


def test_schema_keys():
    """docs/messenger.schema.json has each key that docs/json.md has, and no
    other; each of one type, but for those of which json.md says so."""
    types = schema_types()
    yield from compare('docs/messenger.schema.json, keys', sorted(types),
                       sorted(json_keys()))
    for key, kinds in types.items():
        if (len(kinds) > 1) != (key == 'group'):
            yield 'docs/messenger.schema.json, %s: %s' % (
                key, ', '.join(sorted(kinds)))


def test_schema_sections():
    """docs/json.md: each answer has a section; its tables have keys of that
    answer alone, and no key of an answer is told of nowhere."""
    defined = schema()['definitions']
    about = sections()
    answers = [each['$ref'].rsplit('/', 1)[1] for each in schema()['oneOf']]
    # whose lines are in the section of the answer
    yield from compare('docs/json.md, sections', sorted(about),
                       sorted(set(answers) - {'event', 'message'}))
    told = {}
    for name, text in about.items():
        if name not in defined:
            continue
        known = keys_of(name, defined)
        first, every = keys_told(text)
        for key in sorted(first - known):
            yield 'docs/json.md, %s: %r is no key of that answer' % (name, key)
        for part in parts_of(name, defined):
            # an answer of one or two keys needs no table
            told.setdefault(part, set()).update(every or keys_shown(text))
    for part, keys in told.items():
        for key in defined[part].get('properties', {}):
            if key not in keys | {'schema'}:
                yield 'docs/json.md: nothing about %r of %r' % (key, part)


def test_schema_examples():
    """docs/json.md: what its examples show is what there is, although they
    may leave keys out."""
    try:
        from jsonschema import Draft7Validator
    except ImportError:
        yield 'install python3-jsonschema: sh script/bootstrap does it'
        return
    short = shortened(schema())
    for name, text in sections().items():
        for example in examples(text) if name in short['definitions'] else ():
            wrong = []
            for part in parts_of(name, short['definitions']):
                if short['definitions'][part].get('type') == 'object':
                    validator = Draft7Validator(dict(
                        short, oneOf=[{'$ref': '#/definitions/' + part}]))
                    wrong.append([
                        inner.message for error in validator.iter_errors(
                            example) for inner in error.context])
            if [] not in wrong:
                yield 'docs/json.md, %s: %s' % (
                    name, '; '.join(min(wrong, key=len))[:300])


def test_schema_strict():
    """No object of the schema has room for a key that is not there."""
    for name, definition in schema()['definitions'].items():
        if definition.get('type') == 'object':
            if definition.get('additionalProperties') is not False:
                yield 'docs/messenger.schema.json, %s: not strict' % name
            for key in definition['required']:
                if key not in definition['properties']:
                    yield 'docs/messenger.schema.json, %s: no %s' % (name, key)


def test_schema_words():
    """Its words are those of the tables."""
    defined = schema()['definitions']
    for name, coded in (
            ('kind', words('alias_kind_str').values()),
            ('alias_state', words('alias_state_str').values()),
            ('name_state', words('name_state_str').values()),
            ('who_state', who_states()),
            ('service_state', words('service_state_str').values()),
            ('condition_word', words('service_condition_str').values()),
            ('severity', words('event_severity_str').values()),
            ('cause', [word for symbol, word in words(
                'event_cause_str').items() if symbol != 'CAUSE_NONE']),
            ('code', [number for number, _, _ in codes()]),
            ('code_name', [name for _, name, _ in codes()]),
            ('rcode_name', rcode_names() + ['unknown']),
            ('purpose', purposes() + ['Other'])):
        yield from compare('docs/messenger.schema.json, ' + name,
                           sorted(defined[name]['enum']), sorted(coded))


def test_schema_requests():
    """Each request has a definition of its answer; orders share one."""
    defined = {each['$ref'].rsplit('/', 1)[1] for each in schema()['oneOf']}
    asked = {usage.split()[0] for usage, _ in requests() if usage} - {'json'}
    yield from compare(
        'docs/messenger.schema.json, answers',
        sorted(defined - {'outcome', 'error', 'complaint', 'event',
                          'message', 'remote_list', 'remote_outcome'}),
        sorted(asked - {'add', 'ensure', 'delete', 'start', 'stop'}))


def test_schema_events():
    """Each event has a definition with its number, source and severity."""
    defined = schema()['definitions']
    classes = event_classes()
    yield from compare('docs/messenger.schema.json, events',
                       defined['event']['properties']['event']['enum'],
                       list(classes))
    yield from compare('docs/messenger.schema.json, if of event',
                       [each['if']['properties']['event']['const']
                        for each in defined['event']['allOf']],
                       list(classes))
    for event, (number, source, severity) in classes.items():
        given = defined.get(event, {}).get('properties', {})
        numbers = given.get('event_id', {})
        if number not in numbers.get('enum', [numbers.get('const', 0)]):
            yield 'docs/messenger.schema.json, %s: no number %d' % (event,
                                                                    number)
        if given.get('source') != {'const': source}:
            yield 'docs/messenger.schema.json, %s: source' % event
        severities = given.get('severity', {})
        if severity not in severities.get('enum',
                                          [severities.get('const')]):
            yield 'docs/messenger.schema.json, %s: severity' % event


def test_schema_version():
    coded = re.search(r'define MESSENGER_ANSWER_SCHEMA (\d+)',
                      read('include/public/messenger.h')).group(1)
    if schema()['definitions']['schema']['const'] != int(coded):
        yield 'docs/messenger.schema.json: not schema %s' % coded


def test_json_words():
    """States and kinds, as docs/json.md names them."""
    text = read('docs/json.md')
    for function in ('alias_kind_str', 'alias_state_str', 'name_state_str',
                     'service_state_str', 'service_condition_str',
                     'event_severity_str'):
        for word in words(function).values():
            if '`%s`' % word not in text:
                yield 'docs/json.md: nothing about %r' % word


def test_json_examples():
    """What looks like JSON is JSON."""
    decoder = json.JSONDecoder()
    for path in documents():
        for block in re.findall(r'^    \{".*?(?=\n\n|\Z)', read(path),
                                re.M | re.S):
            try:
                _, end = decoder.raw_decode(block.strip())
            except ValueError as error:
                yield '%s: %s in %r' % (path, error, block.strip()[:60])
                continue
            if block.strip()[end:].strip():
                yield '%s: more than an object: %r' % (path,
                                                       block.strip()[end:])


def test_map():
    """CONTRIBUTING.md has each folder of the code once, and no other."""
    named = [name for row in table('CONTRIBUTING.md', 'folder')
             for name in re.findall(r'[\w./]+/', row[0])]
    there = [os.path.relpath(path, TOP) + '/' for pattern in
             ('source/*/', 'include/*/')
             for path in glob.glob(os.path.join(TOP, pattern))]
    yield from compare('CONTRIBUTING.md, the map', sorted(named),
                       sorted(there))


def test_links():
    """Links within the tree lead somewhere; so do names of files in prose."""
    for path in documents():
        here = os.path.dirname(os.path.join(TOP, path))
        for target in re.findall(r'\]\(([^)#]+?)(?:#[^)]*)?\)', read(path)):
            if '://' not in target and not os.path.exists(
                    os.path.join(here, target)):
                yield '%s: a link to %s' % (path, target)
        for number, line in prose(path):
            for name in re.findall(
                    r'(?<![\w/])((?:source|include|tests|script|docs|conf)/'
                    r'[\w./-]*\w)', line):
                if '*' not in name and not os.path.exists(
                        os.path.join(TOP, name)):
                    yield '%s:%d: there is no %s' % (path, number, name)


def test_short_names():
    """Files that are named from their folder of source/ or tests/ on."""
    for path in ('CONTRIBUTING.md', 'docs/design.md'):
        for folder, name in re.findall(
                r'(?<![\w/])([a-z]+)/([a-z_]+(?:\.\w+)?)(?![\w/*])',
                read(path)):
            parents = [parent for parent in ('source', 'tests')
                       if os.path.isdir(os.path.join(TOP, parent, folder))]
            if parents and not os.path.exists(
                    os.path.join(TOP, folder, name)) and not any(
                        glob.glob(os.path.join(TOP, parent, folder, name + end))
                        for parent in parents for end in ('', '.c', '.py')):
                yield '%s: there is no %s/%s' % (path, folder, name)


def test_commands():
    """The scripts that README tells the reader to run can be run."""
    for path in documents():
        for name in re.findall(r'sudo (script/\w+)', read(path)):
            if not os.access(os.path.join(TOP, name), os.X_OK):
                yield '%s: %s cannot be run' % (path, name)


def test_form():
    for path in documents():
        text = read(path)
        for number, line in prose(path):
            # benchmarks.md is as script/bench writes it
            if (len(line) > 80 and not str(path).endswith('benchmarks.md')
                    and not line.startswith(('|', '<!-- lab: ', '- ['))):
                yield '%s:%d: %d columns' % (path, number, len(line))
        for number, line in prose(path):
            if line != line.rstrip() or '\t' in line:
                yield '%s:%d: a blank at its end, or a tab' % (path, number)
        if not text.endswith('\n') or text.endswith('\n\n'):
            yield '%s: does not end in one end of line' % path


def test_page_width():
    """A terminal of 80 columns shows each line of a manual page as one."""
    for path in sorted(glob.glob(os.path.join(TOP, 'build/docs/*.[1-8]'))):
        try:
            shown = subprocess.run(
                ['man', '-E', 'UTF-8', '-P', 'cat', '-l', path],
                env=dict(os.environ, LC_ALL='C.UTF-8', MANWIDTH='80'),
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
        except FileNotFoundError:
            return  # a small system, without man
        # bold and underlined characters are struck twice
        text = re.sub('.\b|\x1b\\[[0-9;]*m', '', shown.stdout.decode())
        if not text.strip():
            yield '%s: nothing is shown' % os.path.basename(path)
        for line in text.splitlines():
            if len(line) > 80:
                yield '%s: %d columns: %r' % (os.path.basename(path),
                                              len(line), line)


def main():
    count = [0, 0]
    for name, test in list(globals().items()):
        if not name.startswith('test_'):
            continue
        try:
            wrong = list(test())
        except (AssertionError, KeyError, OSError, ValueError) as error:
            wrong = ['%s: %s' % (type(error).__name__, error)]
        for complaint in wrong:
            print('%s: %s' % (name[len('test_'):], complaint))
        count[bool(wrong)] += 1
    print('docs: %d passed, %d failed' % tuple(count))
    return 1 if count[1] else 0


if __name__ == '__main__':
    sys.exit(main())
