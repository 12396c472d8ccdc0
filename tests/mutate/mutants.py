# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a C file of this tree can be changed so that it is wrong, by tokens.

No parser: it goes by the style that .clang-format keeps. A function begins
and ends in the first column, a binary operator has blanks around it, a pointer
has none behind its star.  A change never adds or takes away a line.
"""

import collections
import re

TOKENS = re.compile(r'''
    (?P<skip>     \s+ | /\*.*?\*/ | //[^\n]* | ^\#\s*(?:include|if|el|en|un)
                  [^\n]* | ^\#\s*define\s+\w+ (?:\([^)]*\))? )
  | (?P<string>   "(?:\\.|[^"\\])*" )
  | (?P<char>     '(?:\\.|[^'\\])+' )
  | (?P<number>   \b(?:0x[0-9a-fA-F]+|\d+)[uUlL]*\b )
  | (?P<word>     [A-Za-z_]\w* )
  | (?P<operator> <<=|>>=|\.\.\.|->|\+\+|--|<<|>>|[<>=!&|+*/%^-]=|&&|\|\||
                  [][(){};:,.?~!<>=&|+*/%^-] )
''', re.X | re.S | re.M)

HEAD = re.compile(r'^(?P<type>[A-Za-z_][\w \t]*?[\s*]+)(?P<name>\w+)\([^;={]*?\)'
                  r'\s*^\{$.*?^\}$', re.M | re.S)

# what each is replaced by
COMPARISONS = {'<': ['<=', '>='], '<=': ['<', '>'], '>': ['>=', '<='],
               '>=': ['>', '<'], '==': ['!='], '!=': ['==']}
LOGIC = {'&&': ['||'], '||': ['&&']}
ARITHMETIC = {'+': ['-'], '-': ['+'], '*': ['/'], '/': ['*'], '%': ['*'],
              '<<': ['>>'], '>>': ['<<'], '&': ['|'], '|': ['&'], '^': ['&']}
ASSIGNMENTS = {'+=': ['-='], '-=': ['+='], '*=': ['/='], '|=': ['&=', '='],
               '&=': ['|=', '='], '++': ['--'], '--': ['++']}
OPENING = {'(': ')', '[': ']', '{': '}'}
TYPES = {'struct', 'enum', 'union', 'const', 'static', 'unsigned', 'signed',
         'int', 'char', 'long', 'short', 'void', 'volatile', 'extern'}

Token = collections.namedtuple('Token', 'kind text start end')

# kind      what was done, for people
# edits     [(start, end, text instead)] in the file's text
# function  in which; '' outside of all
Mutant = collections.namedtuple('Mutant', 'kind edits function')


def apply(text, mutant):
    """The changed text, with as many lines."""
    for start, end, new in sorted(mutant.edits, reverse=True):
        lines = text.count('\n', start, end) - new.count('\n')
        text = text[:start] + new + '\n' * lines + text[end:]
    return text


def difference(text, changed):
    """(first line, the lines before, after), blanks made one."""
    before, after = text.split('\n'), changed.split('\n')
    lines = [number for number, (a, b) in enumerate(zip(before, after))
             if a != b]
    part = slice(lines[0], lines[-1] + 1)
    return (lines[0] + 1, ' '.join(' '.join(before[part]).split()),
            ' '.join(' '.join(after[part]).split()))


class File:
    """The text of a file, and its mutants."""

    def __init__(self, text):
        self.text = text
        self.tokens = []
        for match in TOKENS.finditer(text):
            if match.lastgroup != 'skip':
                self.tokens.append(Token(match.lastgroup, match.group(),
                                         match.start(), match.end()))
        self.other = {}         # the bracket at the other end
        still_open = []
        for i, token in enumerate(self.tokens):
            if token.kind == 'operator' and token.text in OPENING:
                still_open.append(i)
            elif token.kind == 'operator' and token.text in ')]}':
                opening = still_open.pop()
                self.other[opening], self.other[i] = i, opening
        self.found = []
        self.seen = {text}
        self.function = self.type = ''

    def mutants(self):
        functions = list(HEAD.finditer(self.text))
        for i, token in enumerate(self.tokens):
            inside = [f for f in functions if f.start() <= token.start < f.end()]
            self.function = inside[0].group('name') if inside else ''
            self.token(i)
        for function in functions:
            self.function = function.group('name')
            self.type = function.group('type')
            body = next(i for i, token in enumerate(self.tokens)
                        if token.start > function.start() and
                        token.text == '{')
            end = self.other[body]
            i = body + 1
            while i < end:
                i = self.statement(i, end)
        return self.found

    def add(self, kind, *edits):
        mutant = Mutant(kind, edits, self.function)
        changed = apply(self.text, mutant)
        if changed not in self.seen:    # another way to the same text
            self.seen.add(changed)
            self.found.append(mutant)

    def replace(self, kind, first, last, new):
        """from this token to that one, both included"""
        self.add(kind, (self.tokens[first].start, self.tokens[last].end, new))

    def part(self, first, last):
        return self.text[self.tokens[first].start:self.tokens[last].end]

    def is_binary(self, i):
        start, end = self.tokens[i].start, self.tokens[i].end
        return self.text[start - 1].isspace() and self.text[end].isspace()

    def token(self, i):
        token = self.tokens[i]
        if token.kind == 'number':
            for sign in '+-':
                self.replace('constant %s 1' % sign, i, i,
                             '(%s %s 1)' % (token.text, sign))
        elif token.kind == 'char':
            for sign in '+-':
                self.replace('character %s 1' % sign, i, i,
                             '(%s %s 1)' % (token.text, sign))
        elif token.kind == 'word' and token.text in ('true', 'false'):
            self.replace('truth', i, i,
                         'false' if token.text == 'true' else 'true')
        elif token.kind == 'operator':
            self.operator(i, token.text)

    def operator(self, i, text):
        if text in COMPARISONS:
            for new in COMPARISONS[text]:
                self.replace('comparison', i, i, new)
        elif text in LOGIC:
            for new in LOGIC[text]:
                self.replace('logic', i, i, new)
            neutral = 'true' if text == '&&' else 'false'
            for first, last in self.operands(i):
                self.replace('operand dropped', first, last, neutral)
        elif text in ASSIGNMENTS:
            for new in ASSIGNMENTS[text]:
                self.replace('assignment', i, i, new)
        elif text in ARITHMETIC and self.is_binary(i):
            for new in ARITHMETIC[text]:
                self.replace('arithmetic', i, i, new)
        elif text == '!':
            self.replace('negation dropped', i, i, '')
        elif text == '?':
            self.choice(i)

    def operands(self, i):
        """(first token, last) on both sides of && or ||"""
        ends = ('&&', '||', '?', ':', ';', ',', '=', 'return')
        first = i - 1
        while self.tokens[first].text not in ends + ('(', '[', '{'):
            if self.tokens[first].text in (')', ']', '}'):
                first = self.other[first]
            first -= 1
        last = i + 1
        while self.tokens[last].text not in ends + (')', ']', '}'):
            if self.tokens[last].text in OPENING:
                last = self.other[last]
            last += 1
        return (first + 1, i - 1), (i + 1, last - 1)

    def choice(self, i):
        """the condition before ?: what stands in brackets, or a name or call"""
        first = i - 1
        if self.tokens[first].text == ')':
            inner = (self.other[first] + 1, first - 1)
            if self.tokens[inner[0] - 2].kind != 'word' or \
                    self.tokens[inner[0] - 2].text == 'return':
                if self.is_negated_already(*inner):
                    return
                self.replace('condition', inner[0], inner[1],
                             '!(%s)' % self.part(*inner))
                return
            first = self.other[first] - 1
        while self.tokens[first - 1].text in ('.', '->'):
            first -= 2
        if self.tokens[first - 1].text not in COMPARISONS:
            self.add('condition', (self.tokens[first].start,) * 2 + ('!',))

    def is_negated_already(self, first, last):
        """a comparison or a negation alone: its operator is changed"""
        texts = self.at_top(first, last)
        if any(text in LOGIC or text == '?' for text in texts):
            return False
        return texts[0] == '!' or any(text in COMPARISONS for text in texts)

    def at_top(self, first, last):
        texts = []
        i = first
        while i <= last:
            texts.append(self.tokens[i].text)
            if self.tokens[i].text in OPENING and i in self.other:
                i = self.other[i]
            i += 1
        return texts

    def negate(self, first, last):
        """the condition of if or while"""
        if not self.is_negated_already(first, last):
            self.replace('condition', first, last,
                         '!(%s)' % self.part(first, last))

    def semicolon(self, i):
        while self.tokens[i].text != ';':
            i = self.other[i] if self.tokens[i].text in OPENING else i
            i += 1
        return i

    def statement(self, i, end):
        """Mutates the statement at this token; returns the token behind it.

        end     the bracket that closes the function
        """
        text = self.tokens[i].text
        following = self.tokens[i + 1].text
        if text == '{':
            last = self.other[i]
            i += 1
            while i < last:
                i = self.statement(i, end)
            return i + 1
        if text in ('if', 'while', 'switch', 'for'):
            close = self.other[i + 1]
            if text in ('if', 'while'):
                self.negate(i + 2, close - 1)
            i = self.statement(close + 1, end)
            if self.tokens[i].text == 'else':
                i = self.statement(i + 1, end)
            return i
        if text == 'do':
            i = self.statement(i + 1, end)
            self.negate(i + 2, self.other[i + 1] - 1)
            return self.semicolon(i) + 1
        if text == 'case':
            while self.tokens[i].text != ':':
                i += 1
            return i + 1
        if following == ':':                    # default, a label
            return i + 2
        if following == '(' and \
                self.tokens[self.other[i + 1] + 1].text == '{':
            return self.statement(self.other[i + 1] + 1, end)   # TAILQ_FOREACH
        last = self.semicolon(i)
        if last > i and not self.is_declaration(i):
            self.simple(i, last, last + 1 == end)
        return last + 1

    def is_declaration(self, i):
        text = self.tokens[i].text
        if text in TYPES:
            return True
        if self.tokens[i].kind != 'word' or text in ('return', 'goto'):
            return False
        return self.tokens[i + 1].kind == 'word' or \
            (self.tokens[i + 1].text == '*' and not self.is_binary(i + 1))

    def simple(self, first, last, at_end):
        """a statement that ends in this semicolon"""
        if self.tokens[first].text == 'return' and last > first + 1:
            self.returned(first + 1, last - 1)
            if at_end:
                return                  # a function without a result
        if not at_end or self.tokens[first].text != 'return':
            self.replace('statement dropped', first, last, ';')

    def returned(self, first, last):
        value = self.part(first, last)
        kind = set(re.findall(r'\w+|\*', self.type))
        if '*' in kind:
            if value != 'NULL':
                self.replace('result', first, last, 'NULL')
        elif 'bool' in kind:
            if value not in ('true', 'false') and \
                    not self.is_negated_already(first, last):
                self.replace('result', first, last, '!(%s)' % value)
        elif 'struct' not in kind and first < last or \
                self.tokens[first].kind == 'word':
            if 'struct' not in kind:
                self.replace('result', first, last, '(%s) + 1' % value)


def mutants(text):
    """[Mutant] of a file's text, always in the same order"""
    return sorted(File(text).mutants(), key=lambda m: (m.edits, m.kind))
