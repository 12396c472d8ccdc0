/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * nmbd_modules.so, the preload library: gives stock nmbd what smbd has always
 * had, modules named in smb.conf.
 *
 * It owns the way in (three interposed functions), the list of modules that
 * registered, and the four events it passes on.  It knows nothing of what the
 * modules do.
 *
 * LD_PRELOAD puts it into every process of the unit, dash and testparm among
 * them.  So it links nothing but libc, refers to Samba by weak symbols only,
 * and does nothing in a process that is not nmbd.
 */

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nmbd_host.h"
#include "nmbd_module.h"

#pragma weak _tevent_create_immediate
#pragma weak _tevent_schedule_immediate
#pragma weak dbghdrclass
#pragma weak dbgtext
#pragma weak debuglevel_get_class
#pragma weak lp_parm_string_list
#pragma weak nmbd_event_context
#pragma weak smb_load_all_modules_absoute_path
#pragma weak smb_load_module

struct module {
	struct module *next;
	struct module *next_receiver;
	const char *name;
	const struct nmbd_module_ops *ops;
	void *private_data;
};

static struct {
	/* set once, in nmbd's main process; host.ev tells that it happened */
	struct nmbd_module_host host;
	pid_t pid;
	struct tevent_immediate *started;
	struct tevent_immediate *reloaded;
	/* in the order of registration */
	struct module *modules;
	struct module *receivers; /* those that want packets */
} boot;

/* The function of this name that we stand in front of. */
static void *next_symbol(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/*
 * nmbd's own function is there in nmbd alone; the others are those of its
 * libraries that are called below.
 */
static bool inside_nmbd(void)
{
	return nmbd_event_context != NULL && lp_parm_string_list != NULL &&
	       smb_load_module != NULL &&
	       smb_load_all_modules_absoute_path != NULL &&
	       dbghdrclass != NULL && dbgtext != NULL &&
	       debuglevel_get_class != NULL &&
	       _tevent_create_immediate != NULL &&
	       _tevent_schedule_immediate != NULL;
}

_PUBLIC_ const struct nmbd_module_host *nmbd_module_register(
	uint32_t abi, const char *name, const struct nmbd_module_ops *ops,
	void *private_data)
{
	struct module **end = NULL;
	struct module *m = NULL;

	if (boot.host.ev == NULL) {
		return NULL;
	}
	if (abi != NMBD_MODULE_ABI) {
		DBG_ERR("nmbd module %s was built for version %u of the module "
			"interface, this is version %u: not loaded\n",
			name, (unsigned)abi, (unsigned)NMBD_MODULE_ABI);
		return NULL;
	}
	m = calloc(1, sizeof(*m));
	if (m == NULL) {
		DBG_ERR("nmbd module %s: out of memory\n", name);
		return NULL;
	}
	m->name = name;
	m->ops = ops;
	m->private_data = private_data;
	for (end = &boot.modules; *end != NULL; end = &(*end)->next) {
		if (strcmp((*end)->name, name) == 0) {
			DBG_ERR("nmbd:modules has %s twice; once is enough\n",
				name);
			free(m);
			return NULL;
		}
	}
	*end = m;
	return &boot.host;
}

static void started(struct tevent_context *ev, struct tevent_immediate *im,
		    void *private_data)
{
	struct module *m = NULL;

	for (m = boot.modules; m != NULL; m = m->next) {
		if (m->ops->started != NULL) {
			m->ops->started(m->private_data);
		}
	}
}

static void reloaded(struct tevent_context *ev, struct tevent_immediate *im,
		     void *private_data)
{
	struct module *m = NULL;

	for (m = boot.modules; m != NULL; m = m->next) {
		if (m->ops->reloaded != NULL) {
			m->ops->reloaded(m->private_data);
		}
	}
}

/*
 * atexit(): nmbd ends in exit() from its signal handler, so talloc's
 * destructors never run.  Children that it forks come by here too.
 */
static void stopping(void)
{
	struct module *m = NULL;

	if (getpid() != boot.pid) {
		return;
	}
	for (m = boot.modules; m != NULL; m = m->next) {
		if (m->ops->stopping != NULL) {
			m->ops->stopping(m->private_data);
		}
	}
}

static bool load_module(const char *module)
{
	const char *path[] = { module, NULL };

	if (module[0] == '/') {
		return smb_load_all_modules_absoute_path(path) == 1;
	}
	if (strchr(module, '/') != NULL) {
		DBG_ERR("nmbd:modules: '%s' is neither a bare name nor an "
			"absolute path\n",
			module);
		return false;
	}
	return NT_STATUS_IS_OK(smb_load_module("nmbd", module));
}

/* Samba's loader unloads a module that failed: forget what it registered. */
static void forget_from(struct module **first)
{
	while (*first != NULL) {
		struct module *m = *first;

		*first = m->next;
		free(m);
	}
}

static void note_receivers(void)
{
	struct module **end = &boot.receivers;
	struct module *m = NULL;

	for (m = boot.modules; m != NULL; m = m->next) {
		if (m->ops->received != NULL) {
			*end = m;
			end = &m->next_receiver;
		}
	}
}

static void load_modules(void)
{
	const char **list = NULL;
	struct module **end = NULL;

	list = lp_parm_string_list(-1, "nmbd", "modules", NULL);
	for (; list != NULL && *list != NULL; list++) {
		for (end = &boot.modules; *end != NULL; end = &(*end)->next) {
			;
		}
		if (!load_module(*list)) {
			DBG_ERR("nmbd:modules: '%s' was not loaded (the lines "
				"above say why); nmbd goes on without it\n",
				*list);
			forget_from(end);
		}
	}
	note_receivers();
}

/*
 * Take ourselves, and nobody else, out of LD_PRELOAD: what nmbd executes from
 * here on (wins hook) is not ours.
 */
static void leave_preload(void)
{
	const char *old = getenv("LD_PRELOAD");
	const char *self = NULL;
	char *kept = NULL;
	Dl_info info;

	if (old == NULL || dladdr(&boot, &info) == 0) {
		return;
	}
	self = strrchr(info.dli_fname, '/');
	self = (self != NULL) ? self + 1 : info.dli_fname;

	kept = calloc(1, strlen(old) + 1);
	if (kept == NULL) {
		return;
	}
	while (*old != '\0') {
		size_t len = strcspn(old, ": ");
		const char *base = memrchr(old, '/', len);
		size_t base_len = 0;

		base = (base != NULL) ? base + 1 : old;
		base_len = len - (size_t)(base - old);
		if (len > 0 && (base_len != strlen(self) ||
				memcmp(base, self, base_len) != 0)) {
			if (kept[0] != '\0') {
				strcat(kept, ":");
			}
			strncat(kept, old, len);
		}
		old += len;
		old += (*old != '\0') ? 1 : 0;
	}
	if (kept[0] == '\0') {
		unsetenv("LD_PRELOAD");
	} else {
		setenv("LD_PRELOAD", kept, 1);
	}
	free(kept);
}

/*
 * Interposed.  nmbd calls it once, after its last fork and before it opens
 * sockets, with the one thing a module cannot get elsewhere: the messaging
 * context.  smbd and winbindd call it too.
 */
_PUBLIC_ bool messaging_parent_dgm_cleanup_init(struct messaging_context *msg)
{
	bool (*real)(struct messaging_context *) =
		next_symbol("messaging_parent_dgm_cleanup_init");
	bool ok = false;

	ok = (real != NULL) ? real(msg) : false;
	if (!ok || boot.host.ev != NULL || !inside_nmbd()) {
		return ok;
	}

	leave_preload();

	boot.started = _tevent_create_immediate(NULL, __location__);
	boot.reloaded = _tevent_create_immediate(NULL, __location__);
	if (boot.started == NULL || boot.reloaded == NULL ||
	    atexit(stopping) != 0) {
		DBG_ERR("nmbd_modules: out of memory: no module is loaded\n");
		return ok;
	}
	boot.pid = getpid();
	boot.host.msg = msg;
	boot.host.ev = nmbd_event_context();

	load_modules();

	if (boot.modules != NULL) {
		_tevent_schedule_immediate(boot.started, boot.host.ev, started,
					   NULL, "started", __location__);
	}
	return ok;
}

/*
 * Interposed.  nmbd asks this on each reload-config and SIGHUP, whether or
 * not smb.conf changed (lp_load_global is called only if it did), and looks
 * for new interfaces right after; the callbacks run in the next turn.
 */
_PUBLIC_ bool lp_file_list_changed(void)
{
	static bool (*real)(void);

	if (real == NULL) {
		real = next_symbol("lp_file_list_changed");
	}

	if (boot.modules != NULL) {
		_tevent_schedule_immediate(boot.reloaded, boot.host.ev,
					   reloaded, NULL, "reloaded",
					   __location__);
	}
	return (real != NULL) ? real() : false;
}

/* Arguments as the callee finds them, whatever they mean to it. */
typedef uintptr_t words_fn(uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d,
			   uintptr_t e, uintptr_t f);

words_fn interposed_parse_packet __asm__("parse_packet");

/* The function itself, once it was called for the first time. */
static words_fn first_parse_packet;
static words_fn *real_parse_packet = first_parse_packet;

static uintptr_t first_parse_packet(uintptr_t a, uintptr_t b, uintptr_t c,
				    uintptr_t d, uintptr_t e, uintptr_t f)
{
	words_fn *real = next_symbol("parse_packet");

	if (real == NULL) {
		return 0;
	}
	real_parse_packet = real;
	return real(a, b, c, d, e, f);
}

/*
 * Interposed.  nmbd reads every datagram by it, from one place.
 *
 * The name is a common one: a program of the unit that is not nmbd may have a
 * library with another function of this name.  So what is not Samba's is not
 * taken for it: six words of arguments go through as they are, and back comes
 * what was returned.
 */
_PUBLIC_ uintptr_t interposed_parse_packet(uintptr_t a, uintptr_t b,
					   uintptr_t c, uintptr_t d,
					   uintptr_t e, uintptr_t f)
{
	uintptr_t packet = real_parse_packet(a, b, c, d, e, f);
	const struct module *m = NULL;
	/* modules are loaded in nmbd alone */
	for (m = boot.receivers; m != NULL && packet != 0;
	     m = m->next_receiver) {
		m->ops->received(m->private_data,
				 (const struct packet_struct *)packet);
	}
	return packet;
}
