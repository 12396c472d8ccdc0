#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source of architecture.svg: boxes, and arrows between them.

    python3 docs/architecture.py > docs/architecture.svg
"""

WIDTH, HEIGHT = 860, 560
FILLS = {'ours': '#dbeafe', 'theirs': '#f3f4f6', 'out': '#ffffff',
         'pure': '#dcfce7'}

# key: (x, y, width, height, fill, lines; the first is the heading)
BOXES = {
    'net': (20, 70, 150, 84, 'out', ['The network', 'UDP port 137',
                                     'holders, senders,', 'WINS servers']),
    'nmbd': (210, 20, 630, 520, 'theirs', ['nmbd, as the distribution '
                                           'ships it']),
    'records': (235, 70, 150, 84, 'out', ['nmbd\'s records',
                                          'claims, names,', 'subnets']),
    'boot': (640, 45, 180, 66, 'ours', ['nmbd_modules.so', 'loads '
                                        'nmbd:modules,', 'passes on events']),
    'module': (235, 185, 585, 335, 'ours', ['messenger.so']),
    'hooks': (255, 225, 150, 66, 'out', ['hooks', 'verdicts, claims,',
                                         'releases']),
    'rules': (450, 225, 170, 84, 'pure', ['rules (pure)', 'service, aliases,',
                                          'what is wanted, texts']),
    'config': (660, 225, 140, 48, 'out', ['config', 'smb.conf']),
    'logons': (660, 285, 140, 48, 'out', ['logons', 'who has a session']),
    'store': (660, 345, 140, 48, 'out', ['store', 'aliases added']),
    'probe': (255, 330, 150, 66, 'out', ['diagnosis, WINS', 'asks holders',
                                         'who they are']),
    'sinks': (450, 430, 350, 66, 'out', ['sinks', 'log.nmbd, journal, JSON '
                                         'lines,', 'Samba event log, ring']),
    'control': (255, 430, 150, 66, 'out', ['control', 'requests, and who',
                                           'waits for an answer']),
    'tool': (20, 421, 150, 84, 'ours', ['smbmessenger', 'or smbcontrol,',
                                        'as root, over', 'Samba\'s messages']),
}

# (x1, y1, x2, y2, both ways?)
ARROWS = [
    (170, 112, 235, 112, True),     # net - records
    (370, 154, 370, 225, True),     # records - hooks
    (405, 258, 450, 258, True),     # hooks - rules
    (660, 249, 620, 249, False),    # config - rules
    (660, 305, 620, 275, False),    # logons - rules
    (660, 369, 610, 309, True),     # store - rules
    (535, 309, 535, 430, False),    # rules - sinks
    (360, 330, 450, 290, True),     # probe - rules
    (255, 363, 140, 154, True),     # probe - net
    (170, 463, 255, 463, True),     # tool - control
    (395, 430, 470, 309, True),     # control - rules
    (730, 111, 730, 185, False),    # boot - module
]


def escape(text):
    return text.replace('&', '&amp;').replace('<', '&lt;')


def box(x, y, width, height, fill, lines):
    yield ('<rect x="%d" y="%d" width="%d" height="%d" rx="6" fill="%s" '
           'stroke="#374151"/>' % (x, y, width, height, FILLS[fill]))
    for at, line in enumerate(lines):
        yield ('<text x="%d" y="%d"%s>%s</text>'
               % (x + 12, y + 22 + 18 * at,
                  ' font-weight="bold"' if at == 0 else '', escape(line)))


def arrow(x1, y1, x2, y2, both):
    yield ('<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#374151" '
           'stroke-width="1.5" marker-end="url(#head)"%s/>'
           % (x1, y1, x2, y2,
              ' marker-start="url(#head)"' if both else ''))


def main():
    print('<?xml version="1.0" encoding="UTF-8"?>')
    print('<!-- SPDX-License-Identifier: GPL-3.0-or-later')
    print('     Written by architecture.py: change that, not this. -->')
    print('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" '
          'width="%d" height="%d" font-family="sans-serif" font-size="13" '
          'fill="#111827">' % (WIDTH, HEIGHT, WIDTH, HEIGHT))
    print('<title>nmbd-messenger: its parts, and what passes between '
          'them</title>')
    print('<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" '
          'markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
          '<path d="M 0 0 L 10 5 L 0 10 z" fill="#374151"/></marker></defs>')
    print('<rect width="%d" height="%d" fill="#ffffff"/>' % (WIDTH, HEIGHT))
    for values in BOXES.values():
        print('\n'.join(box(*values)))
    for values in ARROWS:
        print('\n'.join(arrow(*values)))
    print('</svg>')


if __name__ == '__main__':
    main()
