# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in the tables of the code: options, requests, error numbers,
events, fields, commands. One function for each; it knows how its table is
written, and nothing of documents."""

import os
import re

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

STRING = r'"((?:[^"\\]|\\.)*)"'


def read(path):
    with open(os.path.join(TOP, path), encoding='utf-8') as source:
        return source.read()


def without_comments(text):
    return re.sub(r'/\*.*?\*/', '', text, flags=re.S)


def c_string(text):
    """The value of adjacent string literals."""
    return ''.join(re.findall(STRING, text)).replace('\\"', '"').replace(
        '\\\\', '\\').replace('\\n', '\n')


def initialiser(path, declaration):
    """The text between the braces of an array."""
    text = without_comments(read(path))
    match = re.search(re.escape(declaration) + r'\s*=?\s*\{(.*?)\n\s*\};?',
                      text, re.S)
    assert match, '%s has no "%s"' % (path, declaration)
    return match.group(1)


def string_rows(path, declaration, columns):
    """Rows of a table of strings: { "a", "b" "c" }, ..."""
    one = r'((?:%s\s*)+)' % STRING.replace('(', '(?:', 1)
    row = r'\{\s*' + r',\s*'.join([one] * columns) + r',?\s*\}'
    return [tuple(c_string(cell) for cell in found)
            for found in re.findall(row, initialiser(path, declaration))]


def calls_of(function, text):
    """What stands between the parentheses of each call."""
    for match in re.finditer(r'\b%s\(' % function, text):
        depth = 1
        end = match.end()
        while depth and end < len(text):
            depth += {'(': 1, ')': -1}.get(text[end], 0)
            end += 1
        yield text[match.end():end - 1]


def enum_values(name):
    """{symbol: number} of an enum whose numbers are all written out."""
    return {symbol: int(number) for symbol, number in re.findall(
        r'(\w+) = (\d+)',
        initialiser('include/public/messenger.h', 'enum ' + name))}


def words(function):
    """{symbol: word} of one of the tables of words in nerr.c."""
    text = read('source/values/nerr.c')
    body = text[text.index('*' + function + '('):]
    return dict(re.findall(r'\[(\w+)\] = ' + STRING,
                           body[:body.index('\n}\n')]))


def options():
    return string_rows('source/sources/config.c', 'config_options[]', 3)


def requests():
    return string_rows('source/words/request.c', 'request_help[]', 2)


def codes():
    """(number, name, text) of each error number."""
    numbers = enum_values('messenger_code')
    rows = re.findall(r'\{\s*(\w+),\s*' + STRING + r',\s*((?:"[^}]*?"\s*)+)\}',
                      initialiser('source/values/nerr.c', '} codes[]'))
    return [(numbers[symbol], name, c_string(text))
            for symbol, name, text in rows]


def rcode_names():
    """The symbols of RFC 1002's response codes."""
    return re.findall(r'\] = \{ ' + STRING,
                      initialiser('source/values/nerr.c', 'rcodes[]'))


def purposes():
    """What names are for, one word for each of their types."""
    return re.findall(r'\{\s*\w+, (?:true|false), ' + STRING,
                      initialiser('source/events/name_type.c', 'types[]'))


def who_states():
    return re.findall(r'\[WHO_\w+\] = ' + STRING,
                      read('source/names/who_report.c'))


def event_classes():
    """{event: (number or 0, source, severity)}"""
    text = read('source/events/event.c')
    numbers = dict(re.findall(r'#define ((?:SCM|NBT)_\w+)\s+(\d+)', text))
    severities = words('event_severity_str')
    names = words('event_type_str')
    rows = re.findall(r'\[(\w+)\] = \{\s*(\w+),\s*' + STRING
                      + r',\s*(\w+)\s*\}',
                      initialiser('source/events/event.c', '} classes[]'))
    return {names[symbol]: (int(numbers.get(number, number)), source,
                            severities[severity])
            for symbol, number, source, severity in rows}


def chatter():
    """The events that are told at level 3 only."""
    names = words('event_type_str')
    text = read('source/events/event.c')
    body = text[text.index('bool event_is_chatter('):]
    return {names[symbol] for symbol in re.findall(
        r'== (EVENT_\w+)', body[:body.index('\n}\n')])}


def event_messages():
    """{event: its sentence with %s and %d}"""
    names = words('event_type_str')
    text = without_comments(read('source/events/event.c'))
    body = text[text.index('char *event_message('):]
    body = body[:body.index('\n}\n')]
    found = re.findall(r'case (EVENT_\w+):(.*?)(?=case |\Z)', body, re.S)
    return {names[symbol]: c_string(part.split(';')[0])
            for symbol, part in found}


def message_ids():
    """{event: its MESSAGE_ID}"""
    names = words('event_type_str')
    return {names[symbol]: value for symbol, value in re.findall(
        r'\[(\w+)\] = ' + STRING,
        initialiser('source/sinks/sink_journal.c', 'ids[]'))}


def journal_fields():
    """The fields of an event in the journal."""
    text = without_comments(read('source/sinks/sink_journal.c'))
    return re.findall(r'add_(?:field|number)\(d, "([A-Z_]+)"', text)


def exit_statuses():
    """(number, text) of each way the tool ends."""
    numbers = enum_values('exit_status')
    text = without_comments(read('source/values/nerr.c'))
    body = text[text.index('*exit_status_text('):]
    body = body[:body.index('\n}\n')]
    return [(str(numbers[symbol]), c_string(said)) for symbol, said in
            re.findall(r'\[(\w+)\] =\s*((?:' + STRING.replace('(', '(?:', 1)
                       + r'\s*)+)', body)]


def commands():
    """(word, meaning) of the tool's commands."""
    return [(c_string('"%s"' % word), c_string('"%s"' % meaning))
            for word, meaning in re.findall(
                r'\{ ' + STRING + r', ' + STRING + r',\s*COMMAND_',
                initialiser('source/tool/commands.c', 'command commands[]'))
            if word]


def tool_options():
    """Its options, as -s, --configfile or --json."""
    text = without_comments(read('source/tool/smbmessenger.c'))
    table = text[text.index('struct poptOption table[]'):]
    table = table[:table.index('POPT_TABLEEND')]
    return [('' if short == '\\0' else '-%s, ' % short) + '--' + name
            for name, short in re.findall(r"\{ " + STRING
                                          + r",\s*'(\\?\w)'", table)]
