# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that are wrong: one clear line each, and the rest works."""

import os
import shutil

from lab import check, mounts, wait_for
from steps import check_failed, check_running, pair, samba_minor, wait_state

WRONG = {
    'messenger:rfc timing': 'perhaps',
    'messenger:restart interval': 'soon',
    'messenger:max aliases': '-5',
    'messenger:store': '7 times',
    'messenger:user aliases': 'telepathy',
}


def _complaints(nmbd, option):
    return [entry for entry in nmbd.log_entries(option)]


def test_wrong_values():
    with pair() as p:
        nmbd = p.nmbd(WRONG)
        check_running(wait_state(nmbd, 'running'))
        for option, value in WRONG.items():
            found = _complaints(nmbd, option)
            check.equal(len(found), 1, 'complaints about ' + option)
            check.contains(found[0].text, value, 'complaint')
            check.equal(found[0].level, 0, 'level of the complaint')
            check.equal(found[0].text.count('\n'), 0,
                        'line ends in the complaint %r' % found[0].text)
        # the timing is the default: RFC 1002's
        check.equal(len(p.capture.registrations('ALPHA', 3)), 3, 'requests')


def test_misspelt():
    """Samba takes any option; those of nobody are told, at the start and when
    smb.conf is read again."""
    with pair() as p:
        options = {'messenger:aliasses': 'OPERATOR', 'messenger:hue': 'red'}
        nmbd = p.nmbd(options)
        check_running(wait_state(nmbd, 'running'))
        for option, said in (('messenger:aliasses', 'messenger:aliases is '),
                             ('messenger:hue', 'nmbd_messenger(8)')):
            (found,) = _complaints(nmbd, option)
            check.contains(found.text, said, 'complaint')
            check.equal(found.level, 0, 'level of the complaint')
        p.alpha.configure({'messenger:stor': 'no'}, 'messenger')
        nmbd.reload()
        nmbd.wait_log('perhaps messenger:store is meant')
        check.equal(len(_complaints(nmbd, 'messenger:hue')), 1, 'complaints')


def test_helper_that_is_cut_off():
    """rpcd_msgsvc, where it is installed: of one that is cut off nobody else
    tells. At the start, and when smb.conf is read again."""
    folder = '/usr/libexec/samba'
    if not os.path.isdir(folder):
        raise check.Skip('this Samba has no ' + folder)
    with pair() as p:
        mine = p.alpha.path('helpers')
        helper = os.path.join(mine, 'rpcd_msgsvc')
        os.mkdir(mine)
        shutil.copy('/bin/true', helper)
        size = os.stat(helper).st_size
        os.truncate(helper, size // 2)
        nmbd = p.nmbd(wrap=mounts.private('mount --bind "$0" "$1"', mine,
                                          folder))
        check_running(wait_state(nmbd, 'running'))
        (found,) = _complaints(nmbd, 'rpcd_msgsvc')
        check.contains(found.text, '%s/rpcd_msgsvc is damaged, it is cut off'
                       % folder, 'complaint')
        check.equal((found.level, found.text.count('\n')), (0, 0),
                    'level, line ends')
        # whole; no program, of which Samba tells; not there
        for state, prepare in enumerate((
                lambda: shutil.copy('/bin/true', helper),
                lambda: os.truncate(helper, 0),
                lambda: os.unlink(helper))):
            prepare()
            p.alpha.configure({'messenger:hue%d' % state: 'x'}, 'messenger')
            nmbd.reload()
            nmbd.wait_log('messenger:hue%d' % state)
            check.equal(len(_complaints(nmbd, 'rpcd_msgsvc')), 1,
                        'complaints in state %d' % state)
        shutil.copy('/bin/true', helper)
        os.truncate(helper, size // 2)
        nmbd.reload()
        wait_for(lambda: len(_complaints(nmbd, 'rpcd_msgsvc')) == 2, 5,
                 'another complaint')


def test_wrong_values_and_a_refusal():
    with pair() as p:
        p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(WRONG)
        check_failed(wait_state(nmbd, 'failed'))


def test_right_values_get_no_complaint():
    with pair() as p:
        nmbd = p.nmbd({'messenger:rfc timing': 'Yes',
                       'messenger:restart interval': '30',
                       'messenger:max aliases': '10',
                       'messenger:store': 'no',
                       'messenger:user aliases': 'no'})
        check_running(wait_state(nmbd, 'running'))
        check.none(nmbd.log_entries('messenger:'), 'complaints')


def test_wrong_value_by_reload():
    """A complaint with each reload that brings a wrong value; a running
    service goes on."""
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        p.alpha.configure({'messenger:restart interval': 'soon'},
                          'messenger')
        nmbd.reload()
        nmbd.wait_log('messenger:restart interval')
        check_running(nmbd.json('status'))
        p.check_answered()


def test_too_large_interval():
    with pair() as p:
        nmbd = p.nmbd({'messenger:restart interval':
                       '99999999999999999999'})
        check_running(wait_state(nmbd, 'running'))
        check.equal(len(_complaints(nmbd, 'messenger:restart interval')), 1,
                    'complaints')


def test_netbios_name_that_is_too_long():
    """nmbd registers an empty name for it, or before Samba 4.15 its beginning.
    The module stays out, says so, and what to do; nmbd and its other names are
    as without it."""
    options = {'netbios name': 'surveillance-king-home',
               'netbios aliases': 'BETA'}
    with pair() as p:
        stock = p.nmbd(options, modules=None)
        stock.wait_for(lambda: 'BETA<03>' in p.listed(), 6.0, 'BETA<03>')
        names = p.listed()
        check.contains(names, '<03>' if samba_minor(p.alpha) >= 15 else
                       'SURVEILLANCE-KI<03>', 'what it registers')
        stock.stop()
        nmbd = p.nmbd(dict(options, **{'messenger:aliases': 'OPERATOR'}))
        line = nmbd.wait_log('not hooked into nmbd').text
        for text in (line, nmbd.ask('status')):
            check.contains(text, 'registers its beginning or an empty name',
                           'why')
            check.contains(text, 'set another', 'what to do')
        nmbd.wait_for(lambda: 'BETA<03>' in p.listed(), 6.0, 'BETA<03>')
        check.equal(p.listed(), names, 'names')
        check.equal(nmbd.stop(), 0, 'exit status')


def test_names_that_are_none():
    """They are shown where an administrator looks, with their numbers."""
    with pair() as p:
        nmbd = p.nmbd({'messenger:aliases': '*X SIXTEEN-LETTERS-X OPERATOR'})
        check_running(wait_state(nmbd, 'running'))
        shown = {alias['name']: (alias['state'], alias.get('code'))
                 for alias in nmbd.json('list')['aliases']}
        check.equal({name: shown.get(name)
                     for name in ('*X', 'SIXTEEN-LETTERS-X')},
                    {'*X': ('invalid', 123),
                     'SIXTEEN-LETTERS-X': ('invalid', 87)}, 'json list')
        text = nmbd.ask('explain')
        check.contains(text, 'SIXTEEN-LETTERS-X in messenger:aliases is left '
                             'out, error 87', 'explain')
        # mended, and read anew
        p.alpha.configure({'messenger:aliases': 'OPERATOR'}, 'messenger')
        nmbd.reload()
        nmbd.wait_for(lambda: 'invalid' not in nmbd.ask('list'), 3.0,
                      'nothing is invalid any more')
