# SPDX-License-Identifier: GPL-3.0-or-later
#
# The build: what it needs, how it compiles, how unit tests are counted and
# how a module's symbols are checked.  Run it through ./waf (2.0.15 or later).
#
# Several configurations side by side, each with its own folder:
#   WAFLOCK=.lock-asan ./waf -o build-asan configure --enable-asan build test

import os
import re
import sys

from waflib import Build, ConfigSet, Context, Logs, Options, Task
from waflib.Configure import conf as build_function
from waflib.TaskGen import after_method, feature

APPNAME = 'nmbd-messenger'
VERSION = '0.1.0'

top = '.'
out = 'build'

# pkg-config name, oldest version (Debian 11's), compulsory
PACKAGES = [
    ('talloc', '2.3.1', True),
    ('tevent', '0.10.2', True),
    ('tdb', '1.4.3', True),
    ('samba-util', None, True),
    ('samba-hostconfig', None, True),
    ('jansson', '2.13', True),
    ('libsystemd', '247', True),
    ('popt', '1.14', True),
    ('cmocka', '1.1.5', False),
]


def options(opt):
    opt.load('compiler_c gnu_dirs waf_unit_test')
    # next to the distribution's Samba, which is what loads the module
    opt.parser.set_defaults(prefix='/usr')
    gr = opt.add_option_group('Build variants')
    gr.add_option('--enable-debug', action='store_true', default=False,
                  help='no optimisation, debug code, warnings are errors')
    gr.add_option('--enable-asan', action='store_true', default=False,
                  help='address and undefined-behaviour sanitizers')
    gr.add_option('--enable-coverage', action='store_true', default=False,
                  help='count executed lines (./waf test coverage)')
    gr.add_option('--with-rpc', action='store_true', default=False,
                  help='remote administration, rpcd_msgsvc, for the Samba '
                       'that is installed (4.16 or later)')
    gr.add_option('--with-systemdunitdir', dest='UNITDIR', default='',
                  help='where the drop-in for nmbd.service goes '
                       '[systemd\'s own directory]')
    gr = opt.add_option_group('Tests')
    gr.add_option('--only', action='append', default=[], metavar='TEXT',
                  help='run only unit test programs with TEXT in their name '
                       '(may be given more than once)')


# --- configure --------------------------------------------------------------

def configure(conf):
    conf.load('compiler_c')
    conf.find_program('nm', var='NM')
    conf.find_program('ldd', var='LDD')
    conf.find_program('xsltproc', var='XSLTPROC', mandatory=False)

    check_packages(conf)
    check_directories(conf)
    conf.load('waf_unit_test')
    check_samba(conf)
    check_rpc(conf)

    conf.env.VERSION = VERSION
    # what configure found out goes on the compiler's command line, for lack of
    # a header of that name: source/sources/config.h is another thing
    conf.define('PACKAGE_VERSION', VERSION)
    conf.define('MODULESDIR', conf.env.MODULESDIR)
    conf.define('_GNU_SOURCE', 1)
    set_flags(conf)

    # gccdeps, because waf's own scanner does not look outside the tree: a
    # changed Samba header would rebuild nothing
    conf.load('gccdeps clang_compilation_database')
    summary(conf)


def check_packages(conf):
    for name, oldest, must in PACKAGES:
        args = ['--cflags', '--libs']
        if oldest:
            args.insert(0, '%s >= %s' % (name, oldest))
        conf.check_cfg(package=name, args=args, mandatory=must,
                       msg='Checking for %s%s' % (
                           name, ' >= ' + oldest if oldest else ''))


def check_directories(conf):
    opts = conf.options
    conf.check_cfg(package='samba-hostconfig', variables=['libdir'],
                   uselib_store='HOSTCONFIG',
                   msg='Checking where Samba keeps its libraries')
    conf.check_cfg(package='systemd', variables=['systemdsystemunitdir'],
                   uselib_store='SYSTEMD', mandatory=False,
                   msg='Checking where systemd keeps its units')

    # waf guesses lib64 on Debian: ask Samba's own .pc file instead
    unitdir = '${PREFIX}/lib/systemd/system'
    if opts.prefix == '/usr':
        opts.LIBDIR = opts.LIBDIR or conf.env.HOSTCONFIG_libdir
        opts.SYSCONFDIR = opts.SYSCONFDIR or '/etc'
        opts.LOCALSTATEDIR = opts.LOCALSTATEDIR or '/var'
        unitdir = conf.env.SYSTEMD_systemdsystemunitdir or unitdir
    conf.load('gnu_dirs')
    conf.env.SAMBALIBDIR = os.path.join(conf.env.LIBDIR, 'samba')
    conf.env.MODULESDIR = os.path.join(conf.env.SAMBALIBDIR, 'nmbd')
    conf.env.UNITDIR = (opts.UNITDIR or
                        unitdir.replace('${PREFIX}', conf.env.PREFIX))


def check_samba(conf):
    conf.check_cc(header_name='stdint.h stdbool.h talloc.h tevent.h tdb.h',
                  use='TALLOC TEVENT TDB', msg='Checking for the headers')
    # glibc 2.34 and later: the functions are in libc, these are empty stubs
    conf.check_cc(lib='dl', uselib_store='DL', mandatory=False)
    conf.check_cc(lib='pthread', uselib_store='PTHREAD', mandatory=False)
    # Inside nmbd the core finds lp_parm_*() in what nmbd has mapped; the tool
    # and the unit tests link it.  Samba's public libraries need its private
    # ones.
    private = os.path.join(conf.env.HOSTCONFIG_libdir, 'samba')
    conf.check_cc(
        lib='smbconf', uselib_store='SMBCONF', use='SAMBA-UTIL',
        linkflags=['-Wl,-rpath-link,' + private,
                   '-Wl,--allow-shlib-undefined'],
        msg='Checking for lp_parm_bool in libsmbconf', fragment='''
        #include <stdbool.h>
        bool lp_parm_bool(int snum, const char *type, const char *option,
                          bool def);
        int main(void) { return lp_parm_bool(-1, "a", "b", false); }
        ''')


def check_rpc(conf):
    """What rpcd_msgsvc needs of samba-dev, beyond the rest"""
    conf.env.WITH_RPC = conf.options.with_rpc
    conf.env.RPCDDIR = os.path.join(conf.env.LIBEXECDIR, 'samba')
    conf.env.MSGSVCDIR = os.path.join(conf.env.SAMBALIBDIR, 'msgsvc')
    if not conf.env.WITH_RPC:
        return
    for name in ('ndr', 'dcerpc', 'samba-credentials'):
        conf.check_cfg(package=name, args=['--cflags', '--libs'])
    conf.check_cc(lib='samba-errors', uselib_store='SAMBA-ERRORS',
                  linkflags=['-Wl,--allow-shlib-undefined'])
    conf.check_cc(
        lib='dcerpc-server-core', uselib_store='DCESRV',
        use='NDR SAMBA-UTIL TALLOC TEVENT',
        linkflags=['-Wl,--allow-shlib-undefined'],
        msg='Checking for the RPC server of Samba 4.16 or later', fragment='''
        #include <inttypes.h>
        #include <stdbool.h>
        #include <core/error.h>
        #include <util/data_blob.h>
        #include <util/time.h>
        #include <dcesrv_core.h>
        #include <samba/version.h>
        #if SAMBA_VERSION_MAJOR != 4 || SAMBA_VERSION_MINOR < 16
        #error this Samba has no rpc_worker_main()
        #endif
        int main(void) { return dcesrv_reply(NULL).v != 0; }
        ''')


def set_flags(conf):
    opts = conf.options
    # no -fvisibility: each library's version script alone says what it exports
    cflags = ['-std=gnu11', '-g', '-fPIC', '-fstack-protector-strong',
              '-Wall', '-Wextra', '-Wshadow', '-Wstrict-prototypes',
              '-Wmissing-prototypes', '-Wno-unused-parameter',
              # the log shows __FILE__: a path in the tree, not of a machine
              '-fmacro-prefix-map=%s/=' % conf.path.abspath(),
              # nmbd's functions stay undefined when a module is linked, so
              # only the compiler can find a misspelt one
              '-Werror=implicit-function-declaration']
    # named here, for gcc does not pass it by itself with -fsanitize
    linkflags = ['-Wl,-z,relro', '-Wl,-z,now', '-Wl,--as-needed']
    optimise = ['-O2', '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=2']
    if opts.enable_debug:
        cflags += ['-Werror', '-DDEVELOPER=1']
        optimise = ['-O0']
    if opts.enable_asan:
        san = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all',
               '-fno-omit-frame-pointer']
        conf.check_cc(msg='Checking for the sanitizers', cflags=san,
                      linkflags=san)
        # _FORTIFY_SOURCE hides calls from the sanitizer
        optimise = optimise[:1] + san
        linkflags += san
        conf.env.VARIANT_FLAGS += san
        # a preloaded library needs the run-time library before it
        name = 'libasan.so'
        if conf.env.CC_NAME == 'clang':
            name = 'libclang_rt.asan-%s.so' % conf.env.DEST_CPU
        conf.env.ASAN_LIB = conf.cmd_and_log(
            conf.env.CC + ['-print-file-name=' + name]).strip()
    if opts.enable_coverage:
        if conf.env.CC_NAME != 'gcc':
            conf.fatal('--enable-coverage needs gcc')
        count = ['--coverage', '-fprofile-update=atomic']
        conf.env.VARIANT_FLAGS += count
        optimise = [f for f in optimise if f.startswith('-f')] + ['-O0'] + count
        linkflags += ['--coverage']
        conf.find_program('gcovr', var='GCOVR', mandatory=False)
    conf.env.append_value('CFLAGS', cflags + optimise)
    conf.env.append_value('LINKFLAGS', linkflags)
    # compiler_c has already put the builder's CFLAGS in; say them again at
    # the end, where they win
    conf.env.append_value('CFLAGS', os.environ.get('CFLAGS', '').split())
    conf.env.VARIANT_ASAN = opts.enable_asan
    conf.env.VARIANT_COVERAGE = opts.enable_coverage


def summary(conf):
    Logs.info('')
    for what, value in (
            ('prefix', conf.env.PREFIX),
            ('preload library', conf.env.SAMBALIBDIR),
            ('modules', conf.env.MODULESDIR),
            ('systemd units', conf.env.UNITDIR),
            ('remote administration', bool(conf.env.WITH_RPC)),
            ('compiler', '%s %s' % (conf.env.CC_NAME,
                                    '.'.join(conf.env.CC_VERSION))),
            ('debug', conf.options.enable_debug),
            ('asan', conf.options.enable_asan),
            ('coverage', conf.options.enable_coverage),
            ('unit tests', bool(conf.env.HAVE_CMOCKA))):
        conf.msg('  ' + what, value if isinstance(value, str)
                 else 'yes' if value else 'no')


# --- build ------------------------------------------------------------------

def forget_what_is_gone(bld):
    """Headers that are not there any more: waf's gccdeps ends with a traceback
    when it looks for one that the last build has seen."""
    seen = {node for nodes in bld.node_deps.values() for node in nodes}
    gone = {node for node in seen if not node.is_bld() and not node.exists()}
    if gone:
        for nodes in bld.node_deps.values():
            nodes[:] = [node for node in nodes if node not in gone]


def build(bld):
    forget_what_is_gone(bld)
    # our public headers and Samba's are for all, its libraries only for those
    # that say so
    bld.env.append_value('INCLUDES', [bld.path.abspath() + '/include/public'] +
                         bld.env['INCLUDES_SAMBA-UTIL'])
    testing = bld.cmd == 'test'
    Options.options.no_tests = not testing
    Options.options.all_tests = testing

    bld.recurse('source docs conf')
    if bld.env.HAVE_CMOCKA:
        # a barrier: a test may dlopen what the group before has linked
        bld.add_group()
        bld.recurse('tests')
    elif testing:
        bld.fatal('no cmocka at configure time: nothing to test with')
    if testing:
        if bld.env.VARIANT_COVERAGE:    # numbers of this run, not of all runs
            for node in bld.bldnode.ant_glob('**/*.gcda', remove=False,
                                             quiet=True):
                os.unlink(node.abspath())
        bld.add_post_fun(report)
    if bld.is_install and not Options.options.destdir:
        bld.add_post_fun(say_what_next)


@build_function
def includes_of(bld, may):
    """The include path of code that may look into these folders."""
    paths = []
    for name in may:
        folder = 'include' if name in ('samba', 'nmbd_host') else 'source'
        where = {'samba': 'samba', 'nmbd_host': 'nmbd'}.get(name, name)
        paths.append(bld.srcnode.find_dir('%s/%s' % (folder, where)).abspath())
    return paths


@build_function
def room(bld, may='', libs='', defines=''):
    """A folder of source/: one static library with an include path of its own.

    may    what its files may include beside their own folder and
           include/public: folders of source/, or samba (include/samba) and
           nmbd_host (include/nmbd). script/check holds the includes against
           it, and docs/architecture.py draws it.
    libs   of others
    defines  for the compiler
    """
    may = may.split()
    rooms = ['room-' + name for name in may
             if name not in ('samba', 'nmbd_host')]
    bld.stlib(source=bld.path.ant_glob('*.c'), install_path=None,
              target='room-' + bld.path.name, use=rooms + libs.split(),
              defines=defines,
              includes=[bld.path.abspath()] + bld.includes_of(may))


def say_what_next(bld):
    """systemd is to know that the drop-in came or went; nmbd stays as it is"""
    if os.path.isdir('/run/systemd/system') and os.geteuid() == 0:
        bld.exec_command(['systemctl', 'daemon-reload'])
    if bld.is_install > 0:
        Logs.info('To use it, add to [global] in smb.conf:\n'
                  '    nmbd:modules = messenger\n'
                  'then:\n'
                  '    systemctl restart nmbd\n'
                  '    smbmessenger status')
    else:
        Logs.info('To take it out of the nmbd that runs: '
                  'systemctl restart nmbd')


class TestContext(Build.BuildContext):
    '''builds the project, then runs every unit test'''
    cmd = 'test'
    fun = 'build'


# --- unit tests: cmocka's own numbers, added up -----------------------------

TALLY = None


def count(code, text):
    """(passed, failed, skipped) of one cmocka program's output.

    cmocka's closing "[  PASSED  ] N test(s)." is only there when the program
    lives to print it, so the tests it announced are what must be accounted
    for: one that neither passed nor was skipped has failed.
    """
    def total(pattern):
        return sum(int(n) for n in re.findall(pattern, text, re.M))
    # cmocka 2 puts the group's name before each of its own numbers
    group = r'\] (?:.*: )?'
    announced = total(r'^\[==========' + group + r'Running (\d+) test\(s\)')
    closed = total(r'^\[==========' + group + r'(\d+) test\(s\) run')
    passed = len(re.findall(r'^\[       OK \] ', text, re.M))
    skipped = len(re.findall(r'^\[  SKIPPED \] \S+$', text, re.M))
    if announced == closed:
        # cmocka's own count; the two differ when a test prints such lines
        passed = total(r'^\[  PASSED  ' + group + r'(\d+) test\(s\)')
        skipped = total(r'^\[  SKIPPED ' + group + r'(\d+) test\(s\)')
    failed = max(0, announced - passed - skipped)
    if not failed and (code or not announced):
        failed = 1          # died after its tests, or never ran one
    return passed, failed, skipped


def counts(passed, failed, skipped):
    line = '%d passed, %d failed' % (passed, failed)
    return line + (', %d skipped' % skipped if skipped else '')


def report(bld):
    global TALLY
    sums = [0, 0, 0]
    log = []
    for path, code, text, _ in sorted(getattr(bld, 'utest_results', [])):
        text = text.decode('utf-8', 'replace')
        result = count(code, text)
        sums = [a + b for a, b in zip(sums, result)]
        line = '%-32s %s' % (os.path.basename(path), counts(*result))
        if code:
            line += ' (%s)' % (
                'ran out of time' if code in (124, 137) else
                'signal %d' % -code if code < 0 else 'exit %d' % code)
        print(line)
        # all of its output when something is wrong, or with -v
        if result[1] or Logs.verbose:
            print(text)
        log.append('== %s\n%s' % (line, text))
    passed, failed, _ = sums
    line = 'unit: ' + counts(*sums)
    bld.bldnode.make_node('test.log').write(
        '\n'.join(log + [line]) + '\n', encoding='utf-8')
    sys.stdout.flush()
    if failed or not (passed or Options.options.only):
        print(line, flush=True)
        sys.exit(1)             # what comes next, install say, must not run
    TALLY = line


def shutdown(ctx):
    if TALLY:
        print(TALLY)            # after waf's own "finished successfully"


# --- coverage ---------------------------------------------------------------

def coverage(ctx):
    '''prints line coverage of the last test run (--enable-coverage)'''
    build_dir = Context.out_dir         # known here: waf read its lock file
    try:
        env = ConfigSet.ConfigSet(os.path.join(build_dir, 'c4che/_cache.py'))
    except OSError:
        ctx.fatal('run ./waf configure first')
    if not env.VARIANT_COVERAGE:
        ctx.fatal('configure with --enable-coverage first')
    if not env.GCOVR:
        ctx.fatal('needs gcovr (sh script/bootstrap --full), then configure')
    if ctx.exec_command(
            env.GCOVR + ['--root', Context.top_dir, '--filter', 'source/',
                         '--object-directory', build_dir,
                         '--xml', os.path.join(build_dir, 'coverage.xml'),
                         '--print-summary', build_dir],
            stdout=None, stderr=None):
        ctx.fatal('gcovr failed')


# --- symbols of a module ----------------------------------------------------

class modsyms(Task.Task):
    '''fails when a library wants, or offers, a symbol it should not

    inputs: the library, its linker version script (what it may offer, all of
    it and nothing else) and, for a module, the list of symbols that the
    process has which loads it.  Without such a list the library goes into any
    process: what its own libraries do not have, it may only refer to weakly.
    '''
    color = 'PINK'
    # left open by the compiler itself, or filled in by its instrumentation
    FREE = ('_ITM_', '__gmon_start__', '__cxa_finalize', '__asan_',
            '___asan_', '__ubsan_', '__sanitizer_', '__odr_asan', '__gcov_')

    def symbols(self, what, path):
        """{name: nm's letter}"""
        text = self.generator.bld.cmd_and_log(
            self.env.NM + ['-D', what, path], quiet=Context.BOTH)
        # NAME@@VERSION in binutils 2.35 and later
        lines = [line.split('@')[0].split() for line in text.splitlines()
                 if line]
        return {words[-1]: words[-2] for words in lines
                if not words[-1].startswith(self.FREE)}

    def found(self, path):
        """what the libraries offer that the linker has put down as needed"""
        text = self.generator.bld.cmd_and_log(self.env.LDD + [path],
                                              quiet=Context.BOTH)
        names = set()
        for lib in re.findall(r'(?:=>\s+|^\s+)(/\S+)', text, re.M):
            names.update(self.symbols('--defined-only', lib))
        return names

    def run(self):
        so, script = self.inputs[:2]
        text = re.sub(r'/\*.*?\*/', '', script.read(), flags=re.S)
        exports = set(re.findall(r'\w+(?=;)', text.split('local:')[0]))
        host = set()
        if self.inputs[2:]:
            host = set(re.sub(r'#.*', '', self.inputs[2].read()).split())
        wants = self.symbols('--undefined-only', so.abspath())
        if not self.inputs[2:]:
            wants = {s: kind for s, kind in wants.items() if kind not in 'wv'}
        gives = set(self.symbols('--defined-only', so.abspath()))

        wrong = False
        unmet = ('wants what neither its libraries have nor %s lists' %
                 self.inputs[2] if self.inputs[2:] else
                 'needs, by more than a weak reference, what its libraries '
                 'do not have')
        for names, complaint in (
                (set(wants) - self.found(so.abspath()) - host, unmet),
                (gives - exports, 'exports what %s does not list' % script),
                (exports - gives, 'does not export what %s lists' % script)):
            if names:
                Logs.error('%s %s: %s', so, complaint,
                           ' '.join(sorted(names)))
                wrong = True
        if wrong:
            return 1
        self.outputs[0].write(''.join(s + '\n' for s in
                                      sorted(host.intersection(wants))))
        return 0


@feature('modsyms')
@after_method('apply_link')
def check_modsyms(self):
    """version_script: of the library; host_symbols: see class modsyms"""
    link = self.link_task
    script = self.path.find_resource(self.version_script)
    link.dep_nodes.append(script)
    self.env.append_value('LINKFLAGS',
                          '-Wl,--version-script=' + script.abspath())
    inputs = [link.outputs[0], script]
    if getattr(self, 'host_symbols', None):
        inputs.append(self.path.find_resource(self.host_symbols))
    self.create_task('modsyms', inputs,
                     link.outputs[0].change_ext('.wants')).set_run_after(link)


def dist(ctx):
    ctx.algo = 'tar.gz'
    # what is built, each by its place: a pattern of another folder would
    # leave out sources without a word
    ctx.excl = ('build build-* *.tar.gz .cache .lock-* .git '
                '**/*.pyc **/__pycache__ '
                'debian/.debhelper debian/*.debhelper* debian/*.substvars '
                'debian/debhelper-build-stamp debian/files debian/tmp '
                'debian/nmbd-messenger debian/nmbd-messenger-rpc')
