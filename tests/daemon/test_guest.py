# SPDX-License-Identifier: GPL-3.0-or-later
"""Guest manners: whatever is wrong, one clear line, and nmbd as ever."""

import os
import shutil
import socket
import struct

from lab import (MESSENGER_SO, NMBD_MODULES_SO, Lab, check, nbt,
                 preload_value, test_module, test_preload, wait_for)
from steps import check_failed, check_running, pair, wait_state


def _alone_in(nmbd, *words):
    """The one error in the log that has these words; nmbd lives."""
    def found():
        return [entry for entry in nmbd.log_entries()
                if entry.level == 0
                and all(word in entry.text for word in words)]

    entry = nmbd.wait_for(found, 3.0, 'an error with %s' % (words,))
    check.equal(len(entry), 1, 'errors with %s' % (words,))
    check.contains(nmbd.smbcontrol('ping'), 'PONG', 'ping')
    return entry[0]


def _as_stock(p, nmbd, rule=None, answer='No replies received'):
    """ALPHA's claims are nmbd's own: no module has its hand in them."""
    if rule is not None:
        rule.first_reply()
        nmbd.wait_log('Failed to register my name ALPHA<03>', 5.0)
        check.none(nmbd.log_entries('Reject came from'),
                   'refusals that nmbd saw as such')
        check.contains(p.listed(), 'ALPHA<03>', 'node status')
    else:
        nmbd.wait_for(p.broadcast_answer, 6.0, 'ALPHA<03> is answered')
        check.equal(len(p.capture.registrations('ALPHA', 3)), 4,
                    'registration requests')
    done = p.alpha.run(['smbcontrol', '-s', p.alpha.conf, '-t', '1', 'nmbd',
                        'dump-domain-list', 'status'])
    check.contains(done.stdout + done.stderr, answer, 'answer to a request')


def test_idle():
    """Preloaded, but smb.conf names no module: nothing happens."""
    with pair() as p:
        nmbd = p.nmbd(modules=None, preload=True)
        check.contains(nmbd.maps(), NMBD_MODULES_SO, 'what is mapped')
        check.lacks(nmbd.maps(), MESSENGER_SO, 'what is mapped')
        _as_stock(p, nmbd)
        check.none([entry.text for entry in nmbd.log_entries()
                    if 'odule' in entry.text], 'words about modules')
        check.equal(nmbd.errors, '', 'standard error')


def test_idle_refused_like_stock():
    with pair() as p:
        rule = p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(modules=None, preload=True)
        _as_stock(p, nmbd, rule)


def test_empty_list_of_modules():
    with pair() as p:
        nmbd = p.nmbd({'nmbd:modules': ''}, modules=None, preload=True)
        check.none([entry.text for entry in nmbd.log_entries()
                    if 'odule' in entry.text], 'words about modules')
        check.contains(nmbd.smbcontrol('ping'), 'PONG', 'ping')


def test_modules_without_preload():
    """The option alone does nothing: that is how one takes it out again."""
    with pair() as p:
        nmbd = p.nmbd(preload=False)
        check.lacks(nmbd.maps(), MESSENGER_SO, 'what is mapped')
        check.contains(nmbd.smbcontrol('ping'), 'PONG', 'ping')


def test_option_is_unknown_to_nobody():
    """testparm has nothing to say about our options."""
    with pair() as p:
        p.alpha.configure({
            'messenger:rfc timing': 'yes',
            'messenger:restart interval': '5',
            'messenger:json log': p.alpha.path('events.json'),
            'messenger:max aliases': '10'}, 'messenger')
        done = p.alpha.run(['testparm', '-s', p.alpha.conf])
        check.equal(done.returncode, 0, 'exit status')
        for word in ('Unknown', 'Ignoring', 'rror'):
            check.lacks(done.stderr, word, 'standard error')
        check.contains(done.stdout, 'nmbd:modules', 'standard output')
        check.contains(done.stdout, 'messenger:restart interval = 5',
                       'standard output')


def test_missing_file():
    path = '/nonexistent/module.so'
    with pair() as p:
        rule = p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(modules=path)
        _alone_in(nmbd, path, 'not loaded')
        _as_stock(p, nmbd, rule)


def test_missing_bare_name():
    with pair() as p:
        nmbd = p.nmbd({'nmbd:modules': 'no-such-module'}, modules=None,
                      preload=True)
        _alone_in(nmbd, "'no-such-module'", 'not loaded')


def test_relative_path():
    with pair() as p:
        nmbd = p.nmbd(modules='folder/module')
        _alone_in(nmbd, 'folder/module', 'neither a bare name nor')


def test_not_a_library():
    with pair() as p:
        path = p.alpha.path('text.so')
        with open(path, 'w') as text:
            text.write('This is no shared library.\n')
        nmbd = p.nmbd(modules=path)
        _alone_in(nmbd, path, 'not loaded')


def test_library_without_entry():
    with pair() as p:
        nmbd = p.nmbd(modules='hollow')
        _alone_in(nmbd, test_module('hollow'), 'not loaded')


def test_failing_init():
    """Its callbacks are never called: it is not even mapped any more."""
    with pair() as p:
        nmbd = p.nmbd(modules='failing')
        _alone_in(nmbd, test_module('failing'), 'not loaded')
        check.lacks(nmbd.maps(), test_module('failing'), 'what is mapped')
        nmbd.reload()
        check.contains(nmbd.smbcontrol('ping'), 'PONG', 'ping')
        check.equal(nmbd.stop(), 0, 'exit status')


def test_module_for_another_interface():
    with pair() as p:
        nmbd = p.nmbd(modules='foreign')
        _alone_in(nmbd, 'foreign', 'version')
        _alone_in(nmbd, test_module('foreign'), 'not loaded')
        nmbd.reload()
        check.equal(nmbd.stop(), 0, 'exit status')


def test_one_bad_module_does_not_spoil_the_next():
    with pair() as p:
        nmbd = p.nmbd(modules=['failing', '/nonexistent/module.so',
                               'messenger', 'hollow', 'observer'])
        check_running(wait_state(nmbd, 'running'))
        nmbd.wait_log('observer: started')
        for path in (test_module('failing'), '/nonexistent/module.so',
                     test_module('hollow')):
            _alone_in(nmbd, path, 'not loaded')
        check.equal(nmbd.stop(), 0, 'exit status')


def test_same_module_twice():
    with pair() as p:
        nmbd = p.nmbd(modules=['messenger', 'messenger'])
        check_running(wait_state(nmbd, 'running'))
        check.equal(len(p.capture.registrations('ALPHA', 3)), 3,
                    'registration requests')
        p.check_answered()
        check.equal(nmbd.stop(), 0, 'exit status')


def _other_version(version):
    with pair() as p:
        rule = p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd(preload=[test_preload('samba_version'),
                               NMBD_MODULES_SO],
                      env={'FAKE_SAMBA_VERSION': version})
        nmbd.wait_log('version %s started' % version)
        found = nmbd.wait_for(
            lambda: [entry for entry in nmbd.log_entries(version)
                     if entry.level == 0 and 'essenger' in entry.text],
            2.0, 'an error that names the version')
        check.equal(len(found), 1, 'errors that name the version')

        # who asks is told the reason, and the way on
        _as_stock(p, nmbd, rule, 'messenger:unknown samba')
        check.equal(nmbd.stop(), 0, 'exit status')


def test_unknown_version_tried():
    """messenger:unknown samba = check: all that is compared fits, so it runs,
    and says at level 0 that it is a try."""
    with pair() as p:
        nmbd = p.nmbd({'messenger:unknown samba': 'check', 'log level': '0'},
                      preload=[test_preload('samba_version'),
                               NMBD_MODULES_SO],
                      env={'FAKE_SAMBA_VERSION': '4.99.0'})
        nmbd.wait_log('version 4.99.0 started')
        check.equal(wait_state(nmbd, 'running')['computer'], 'ALPHA',
                    'computer')
        found = [entry for entry in nmbd.log_entries('4.99.0')
                 if 'unknown samba' in entry.text]
        check.equal([entry.level for entry in found], [0],
                    'lines that say so')
        check.equal(nmbd.stop(), 0, 'exit status')


def test_unknown_version_newer():
    _other_version('4.99.0')


def test_unknown_version_older():
    _other_version('4.12.15-Debian')


def test_unknown_version_next_major():
    _other_version('5.17.12')


def test_unknown_version_nonsense():
    _other_version('weekly')


def test_known_versions():
    """Every version of the table, as distributions write it."""
    with Lab() as lab:
        hosts = [lab.host(name, '10.88.0.%d/24' % number) for number, name
                 in enumerate(('ALPHA', 'BRAVO', 'CHARLIE'), 2)]
        versions = ('4.13.13-Debian', '4.22.11-Debian-4.22.11+dfsg-0+deb13u1',
                    '4.25.1')
        for host, version in zip(hosts, versions):
            nmbd = host.nmbd(modules='messenger',
                             preload=[test_preload('samba_version'),
                                      NMBD_MODULES_SO],
                             env={'FAKE_SAMBA_VERSION': version})
            nmbd.wait_log('version %s started' % version)
        for host in hosts:
            check.equal(wait_state(host.nmbds[0], 'running')['computer'],
                        host.name, 'computer')


def _odd_struct(what):
    """The module stays out, and says so to whoever asks; nmbd's claims are
    its own."""
    with pair() as p:
        nmbd = p.nmbd(preload=[test_preload('odd_structs'), NMBD_MODULES_SO],
                      env={'ODD_STRUCT': what})
        entry = _alone_in(nmbd, 'messenger: ')
        check.contains(entry.text, 'not hooked', 'the error')
        check.contains(nmbd.ask('status'), 'not there', 'answer to status')
        nmbd.wait_for(p.broadcast_answer, 6.0, 'ALPHA<03> is answered')
        check.equal(len(p.capture.registrations('ALPHA', 3)), 4,
                    'registration requests')
        nmbd.reload()
        check.contains(nmbd.ask('status'), 'not there', 'answer to status')
        check.equal(nmbd.stop(), 0, 'exit status')


def test_odd_subnet():
    _odd_struct('unicast type')


def test_odd_response_record():
    _odd_struct('claim id')


ODD = {
    'no subnet': 'there is no subnet',
    'subnet list': 'the list of subnets is not closed',
    'subnet type': 'a subnet is not of type normal',
    'subnet name': 'a subnet is not named by its address',
    'subnet name pointer': 'a subnet is not named by its address',
    'subnet socket': "a subnet's socket is not bound to its address",
    'subnet broadcast': "a subnet's broadcast address is not of its net",
    'unicast type': 'the unicast subnet is not of type unicast',
    'unicast name': 'the unicast subnet is not of type unicast',
    'no names': 'the computer name is not in the unicast subnet',
    'names pointer': 'a name is not of the subnet it stands on',
    "name's subnet": 'a name is not of the subnet it stands on',
    'name source': "the computer name is not nmbd's own",
    'name address': 'the computer name has not our address',
    'no claim function': 'a registration does not answer to nmbd',
    'claim function': 'a registration does not answer to nmbd',
    'no claim packet': 'a registration has no packet',
    'claim packet type': 'a registration has no packet',
    'claim id': 'a registration has another transaction than its packet',
    'claim address record': "a registration's packet has no address record",
    'claim success function': 'a registration does not answer to nmbd',
    'claim failure function': 'a registration does not answer to nmbd',
    'claim userdata': 'a registration does not answer to nmbd',
    'claim interval': 'a registration is not repeated as nmbd repeats it',
    'claim requests': 'a registration is not repeated as nmbd repeats it',
    'claim answers': 'a registration is not repeated as nmbd repeats it',
    'claim destination': 'a registration is not for the subnet it stands on',
}


def test_odd_structures():
    """Each that is looked at, wrong: what does not fit is said, and nmbd goes
    on."""
    preload = [test_preload('odd_structs'), NMBD_MODULES_SO]
    with Lab() as lab:
        host = lab.host('ALPHA', '10.88.0.2/24')
        for what, why in ODD.items():
            nmbd = host.nmbd(modules='messenger', preload=preload,
                             env={'ODD_STRUCT': what})
            entry = nmbd.wait_log('messenger: ')
            check.equal(entry.text.split('messenger: ')[1].split('\n')[0],
                        why + ': not hooked into nmbd, which goes on without '
                        'it', what)
            check.contains(nmbd.ask('status'), why, what)
            check.equal(nmbd.stop(), 0, 'exit status, ' + what)


def test_odd_structures_unread():
    """Where memory cannot be read by the kernel the contents must do."""
    preload = [test_preload('odd_structs'), NMBD_MODULES_SO]
    with Lab() as lab:
        host = lab.host('ALPHA', '10.88.0.2/24')
        for what, why in (('nothing', None),
                          ('subnet name', ODD['subnet name'])):
            nmbd = host.nmbd(modules='messenger', preload=preload,
                             env={'ODD_STRUCT': what, 'ODD_FORBIDDEN': '1'})
            if why is None:
                wait_state(nmbd, 'running')
            else:
                check.contains(nmbd.wait_log('messenger: ').text, why, what)
            check.equal(nmbd.stop(), 0, 'exit status, ' + what)


def _preloaded(host, args):
    return host.run(['env', 'LD_PRELOAD=' + preload_value([NMBD_MODULES_SO])]
                    + args)


def test_other_programs():
    """LD_PRELOAD as a careless administrator sets it, for everything."""
    with Lab() as lab:
        host = lab.host('ALPHA', '10.88.0.2/24')
        host.configure({}, 'messenger')
        for args, word in ((['/bin/true'], ''),
                           (['/bin/sh', '-c', 'echo works'], 'works'),
                           (['testparm', '-s', host.conf], 'netbios name'),
                           (['nmblookup', '--help'], 'Usage'),
                           (['nmbd', '--version'], 'Version')):
            plain, loaded = host.run(args), _preloaded(host, args)
            check.equal((loaded.returncode, loaded.stdout, loaded.stderr),
                        (plain.returncode, plain.stdout, plain.stderr),
                        ' '.join(args))
            check.contains(loaded.stdout + loaded.stderr, word, args[0])
        shell = _preloaded(host, ['/bin/sh', '-c',
                                  'echo $LD_PRELOAD; cat /proc/self/maps'])
        check.equal(shell.stdout.splitlines()[0],
                    preload_value([NMBD_MODULES_SO]),
                    'LD_PRELOAD of a shell: left alone')
        check.contains(shell.stdout, NMBD_MODULES_SO, 'maps of cat')


# Called by a program that knows it by its name alone.
_CALLER = '''
import ctypes
parse = ctypes.CDLL(None).parse_packet
parse.argtypes = [ctypes.c_uint64] * 6
parse.restype = ctypes.c_uint64
print(parse(*[0x0101010101010101 * turn for turn in (1, 2, 4, 8, 16, 32)]))
'''


def test_function_of_that_name_elsewhere():
    """What another library calls parse_packet() is not Samba's: it gets what
    it was called with, and its caller what it returns."""
    with Lab() as lab:
        host = lab.host('ALPHA', '10.88.0.2/24')
        other = test_preload('other_parser')
        answers = []
        for libraries in ([other], [NMBD_MODULES_SO, other]):
            done = host.run(['env', 'LD_PRELOAD=' + preload_value(libraries),
                             '/usr/bin/python3', '-c', _CALLER])
            check.equal((done.returncode, done.stderr), (0, ''), 'the caller')
            answers.append(int(done.stdout))
        check.equal(answers[1], answers[0], 'what it returns')
        check.true(answers[0] >> 56, 'all of its bits count')


def test_smbd():
    """smbd calls what we interpose, too: it loads nothing, and serves."""
    with Lab() as lab:
        host = lab.host('ALPHA', '10.88.0.2/24')
        host.configure({'smb ports': '139'}, 'messenger')
        smbd = host.smbd(preload=True)

        def session():
            check.equal(smbd.poll(), None, 'exit status of smbd')
            sock = host.namespace.socket(socket.AF_INET, socket.SOCK_STREAM)
            with sock:
                sock.settimeout(5)
                try:
                    sock.connect((host.address, 139))
                    names = (nbt.encode_name(nbt.Name('ALPHA', 0x20))
                             + nbt.encode_name(nbt.Name('TEST', 0x00)))
                    sock.sendall(struct.pack('>HH', 0x8100, len(names))
                                 + names)
                    return sock.recv(4)
                except ConnectionError as error:
                    raise ValueError(error)

        check.equal(wait_for(session, 10.0, 'smbd answers')[0], 0x82,
                    'positive session response')
        with open('/proc/%d/maps' % smbd.pid) as maps:
            text = maps.read()
        check.contains(text, NMBD_MODULES_SO, 'what is mapped')
        check.lacks(text, MESSENGER_SO, 'what is mapped')
        with open(host.path('log.smbd')) as log:
            check.lacks(log.read(), 'nmbd:modules', 'log of smbd')


def _wins_hook(host, preload):
    """The environment of a wins hook's child, as a list of lines."""
    out, script = host.path('environment'), host.path('hook')
    with open(script, 'w') as text:
        text.write('#!/bin/sh\nenv >%s.new\nmv %s.new %s\n'
                   % (out, out, out))
    os.chmod(script, 0o755)
    nmbd = host.nmbd({'wins support': 'yes', 'wins hook': script},
                     modules='messenger', preload=preload)
    nmbd.wait_for(lambda: os.path.exists(out), 5.0, 'the wins hook ran')
    # nmbd does not take the answer of its own WINS server: it runs out
    wait_state(nmbd, 'running', 8.0)
    nmbd.stop()
    with open(out) as lines:
        return lines.read().splitlines()


def test_wins_hook_does_not_inherit():
    with Lab() as lab:
        environment = _wins_hook(lab.host('ALPHA', '10.88.0.2/24'),
                                 [NMBD_MODULES_SO])
        check.true(any(line.startswith('PATH=') for line in environment),
                   'environment of the hook')
        check.none([line for line in environment
                    if 'nmbd_modules' in line], 'our library in it')


def test_wins_hook_inherits_others():
    """Only we ourselves leave LD_PRELOAD; what stands around us stays."""
    with Lab() as lab:
        host = lab.host('ALPHA', '10.88.0.2/24')
        # a library without effect, with a name as long as ours
        first = host.path('the_other_so.so')
        check.equal(len(os.path.basename(first)),
                    len(os.path.basename(NMBD_MODULES_SO)), 'length')
        shutil.copy(test_preload('odd_structs'), first)
        environment = _wins_hook(host, [first, NMBD_MODULES_SO])
        (line,) = [line for line in environment
                   if line.startswith('LD_PRELOAD=')]
        check.equal(line, 'LD_PRELOAD=' + preload_value([first]),
                    'LD_PRELOAD of the hook')


def _ends(how, state=None, refuse=False):
    with pair() as p:
        if refuse:
            p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd()
        if state is None:
            p.capture.wait_for(lambda: p.capture.registrations('ALPHA', 3),
                               3.0, 'the first request')
        else:
            wait_state(nmbd, state)
        check.equal(how(nmbd), 0, 'exit status')
        check.none(nmbd.faults(), 'faults')
        check.contains(nmbd.log, 'going down', 'log')


def test_ends_by_sigterm():
    _ends(lambda nmbd: nmbd.stop(2.0), 'running')


def test_ends_by_sigterm_when_failed():
    _ends(lambda nmbd: nmbd.stop(2.0), 'failed', refuse=True)


def test_ends_by_sigterm_while_registering():
    _ends(lambda nmbd: nmbd.stop(2.0))


def test_ends_by_smbcontrol():
    _ends(lambda nmbd: nmbd.shutdown(2.0), 'running')


def test_ends_by_smbcontrol_when_failed():
    _ends(lambda nmbd: nmbd.shutdown(2.0), 'failed', refuse=True)


def test_ends_by_smbcontrol_while_registering():
    _ends(lambda nmbd: nmbd.shutdown(2.0))


def test_ends_when_stopped():
    """A second release at the end, of names long given up, must not be."""
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        nmbd.ask('stop')
        wait_state(nmbd, 'stopped')
        check.equal(nmbd.stop(2.0), 0, 'exit status')


def test_log_shows_no_build_path():
    """Samba's log names the source file of an entry: not where it was
    built."""
    with pair() as p:
        nmbd = p.nmbd(modules=['messenger', '/nonexistent/module.so'])
        wait_state(nmbd, 'running')
        check.none([line for line in nmbd.log.splitlines()
                    if line.startswith('[') and '] /' in line],
                   'absolute paths of source files')


def test_restart_after_kill():
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        nmbd.kill()
        nmbd = p.nmbd()
        check_running(wait_state(nmbd, 'running'))
        p.check_answered()


def test_renamed_server():
    """The way out of a conflict: another netbios name and a restart."""
    with pair() as p:
        p.peer.hold('ALPHA', 3)
        nmbd = p.nmbd()
        check_failed(wait_state(nmbd, 'failed'))
        check.equal(nmbd.stop(), 0, 'exit status')
        nmbd = p.nmbd({'netbios name': 'DELTA'})
        check_running(wait_state(nmbd, 'running'), computer='DELTA')
        p.check_answered('DELTA')
        p.check_silent('ALPHA')
        check.none([event for event in nmbd.json('events')['events']
                    if event.get('alias') == 'ALPHA'], 'events about ALPHA')


def test_renamed_without_restart():
    """nmbd keeps its names until it is restarted, and so do we."""
    with pair() as p:
        nmbd = p.nmbd()
        wait_state(nmbd, 'running')
        p.alpha.configure({'netbios name': 'DELTA'}, 'messenger')
        nmbd.reload()
        nmbd.wait_for(lambda: p.broadcast_answer('ALPHA', 0x00), 6.0,
                      'nmbd has registered ALPHA<00>')
        check_running(nmbd.json('status'))
        p.check_answered()
        check.none(p.capture.registrations('DELTA', 3),
                   'registrations of DELTA<03>')


def test_renamed_without_restart_while_failed():
    with pair() as p:
        rule = p.peer.refuse('ALPHA', 3)
        nmbd = p.nmbd()
        wait_state(nmbd, 'failed')
        p.peer.forget(rule)
        p.alpha.configure({'netbios name': 'DELTA'}, 'messenger')
        nmbd.reload()
        check_running(wait_state(nmbd, 'running'))
        p.check_answered()
        check.none(p.capture.registrations('DELTA', 3),
                   'registrations of DELTA<03>')
