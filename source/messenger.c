/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * messenger.so: makes nmbd's message aliases behave like those of the Windows
 * Messenger service.  Here is the way in, and the wiring of the parts: what
 * the hooks learn goes to the service, what it decides to the hooks, what
 * happens to the sinks, and outcomes to those who asked.
 */

#include <string.h>
#include <time.h>

#include "config.h"
#include "control.h"
#include "diagnosis.h"
#include "event_sinks.h"
#include "hooks.h"
#include "host_check.h"
#include "logons.h"
#include "nmbd_host.h"
#include "nmbd_module.h"
#include "service.h"
#include "store.h"

struct messenger {
	const struct nmbd_module_host *host;
	struct service *service;
	struct hooks *hooks;
	struct event_sinks *sinks;
	struct control *control;
	struct store *store;   /* NULL: off, or cannot be had */
	struct logons *logons; /* NULL: off */
	struct diagnosis *diagnosis;
	struct tevent_timer *retry; /* while one is due */
};

#define STORE_NAME "messenger.tdb"

/*
 * From the service.
 */

static struct timespec do_now(void *private_data)
{
	struct timespec now = { .tv_sec = 0 };

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return now;
}

static void do_claim(void *private_data, const struct alias *alias,
		     const char *subnet)
{
	struct messenger *m = private_data;

	hooks_claim(m->hooks, alias->name, &alias->wire, subnet);
}

static void do_release(void *private_data, const struct alias *alias)
{
	struct messenger *m = private_data;

	hooks_release(m->hooks, &alias->wire);
}

static void do_event(void *private_data, struct event *ev)
{
	struct messenger *m = private_data;
	struct wire_name wire;
	char *name = NULL;

	event_sinks_write(m->sinks, ev);
	if (ev->holder.s_addr != 0 &&
	    messenger_name_parse(ev, ev->alias, &name, &wire) == NERR_Success) {
		diagnosis_ask(m->diagnosis, ev->seq, &wire, ev->holder,
			      hooks_scope(m->hooks));
		talloc_free(name);
	}
}

static void on_diagnosed(void *private_data, uint64_t seq,
			 const struct wire_name *alias, struct in_addr address,
			 const struct holder *details)
{
	struct messenger *m = private_data;

	event_sinks_complete(m->sinks, seq, details);
	service_diagnosed(m->service, alias, address, details);
}

static uint64_t do_uptime(void *private_data)
{
	struct timespec now = { .tv_sec = 0 };

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec;
}

static void review_now(struct tevent_context *ev, struct tevent_timer *te,
		       struct timeval now, void *private_data)
{
	struct messenger *m = private_data;

	service_review(m->service);
}

static void do_review(void *private_data, unsigned seconds)
{
	struct messenger *m = private_data;

	/* without memory what was counted is told with the next attempt */
	(void)tevent_add_timer(m->host->ev, m,
			       tevent_timeval_current_ofs(seconds, 0),
			       review_now, m);
}

static void do_settled(void *private_data, const struct wire_name *wire,
		       enum messenger_code code, struct in_addr holder)
{
	struct messenger *m = private_data;

	if (m->control != NULL) {
		control_settled(m->control, wire, code, holder);
	}
}

static bool do_store(void *private_data, const char *name, bool kept)
{
	struct messenger *m = private_data;

	if (m->store == NULL) {
		return true; /* it was said that nothing is kept */
	}
	return kept ? store_add(m->store, name) : store_delete(m->store, name);
}

static void retry_now(struct tevent_context *ev, struct tevent_timer *te,
		      struct timeval now, void *private_data)
{
	struct messenger *m = private_data;

	TALLOC_FREE(m->retry);
	service_retry(m->service);
}

static void do_retry(void *private_data, unsigned seconds)
{
	struct messenger *m = private_data;

	TALLOC_FREE(m->retry);
	if (seconds == 0) {
		return;
	}
	m->retry = tevent_add_timer(m->host->ev, m,
				    tevent_timeval_current_ofs(seconds, 0),
				    retry_now, m);
	if (m->retry == NULL) {
		DBG_ERR("messenger: out of memory: the service does not try "
			"again by itself\n");
	}
}

static const struct service_ops service_ops = {
	.now = do_now,
	.claim = do_claim,
	.release = do_release,
	.event = do_event,
	.settled = do_settled,
	.store = do_store,
	.retry = do_retry,
	.uptime = do_uptime,
	.review = do_review,
};

/*
 * From the hooks.
 */

static enum claim_decision on_claiming(void *private_data,
				       const struct wire_name *wire,
				       const char *subnet)
{
	struct messenger *m = private_data;

	return service_claiming(m->service, wire, subnet);
}

static void on_granted(void *private_data, const struct wire_name *wire,
		       const char *subnet)
{
	struct messenger *m = private_data;

	service_granted(m->service, wire, subnet);
}

static void on_refused(void *private_data, const struct wire_name *wire,
		       const char *subnet, enum messenger_code code, int rcode,
		       struct in_addr holder)
{
	struct messenger *m = private_data;

	service_refused(m->service, wire, subnet, code, rcode, holder);
}

static void on_contested(void *private_data, const struct wire_name *wire,
			 bool demand, struct in_addr from, uint16_t id)
{
	struct messenger *m = private_data;
	struct contest c = {
		.kind = demand ? CONTEST_DEMAND : CONTEST_REGISTRATION,
		.wire = *wire,
		.from = from,
		.id = id,
	};

	service_contested(m->service, &c);
}

static void on_subnet_new(void *private_data, const char *subnet)
{
	struct messenger *m = private_data;

	service_subnet_new(m->service, subnet);
}

static void on_subnet_gone(void *private_data, const char *subnet)
{
	struct messenger *m = private_data;

	service_subnet_gone(m->service, subnet);
}

static const struct hooks_ops hooks_ops = {
	.claiming = on_claiming,
	.granted = on_granted,
	.refused = on_refused,
	.contested = on_contested,
	.subnet_new = on_subnet_new,
	.subnet_gone = on_subnet_gone,
};

/*
 * From nmbd.
 */

static void complain(const struct messenger_config *config)
{
	size_t i;

	for (i = 0; i < talloc_array_length(config->complaints); i++) {
		DBG_ERR("%s\n", config->complaints[i]);
	}
}

static bool restore_one(void *private_data, const char *name)
{
	struct messenger *m = private_data;

	return service_restore(m->service, name);
}

static void configure_store(struct messenger *m,
			    const struct messenger_config *config)
{
	char *path = NULL;

	if (!config->store) {
		TALLOC_FREE(m->store);
		return;
	}
	if (m->store != NULL) {
		return;
	}
	path = state_path(m, STORE_NAME);
	if (path == NULL) {
		return;
	}
	m->store = store_open(m, path);
	if (m->store != NULL && lp_clustering()) {
		DBG_ERR("messenger:store: clustering = yes, and %s is of this "
			"node alone: the other nodes do not get aliases that "
			"are added here\n",
			path);
	}
	talloc_free(path);
}

static void on_users(void *private_data, const char *const *users)
{
	struct messenger *m = private_data;

	service_set_users(m->service, users);
}

static void configure_logons(struct messenger *m,
			     const struct messenger_config *config)
{
	static const char *const nobody[] = { NULL };

	TALLOC_FREE(m->logons);
	if (config->users == CONFIG_USERS_NONE) {
		service_set_users(m->service, nobody);
		return;
	}
	m->logons =
		logons_watch(m, m->host->ev, config->ignore_users, on_users, m);
	if (m->logons == NULL) {
		DBG_ERR("messenger:user aliases: out of memory\n");
	}
}

static void configure(struct messenger *m,
		      const struct messenger_config *config)
{
	complain(config);
	event_sinks_configure(m->sinks, config);
	hooks_set_rfc_timing(m->hooks, config->rfc_timing);
	configure_store(m, config);
	service_configure(m->service, config);
	configure_logons(m, config);
}

/* Returns why not, a constant string, or NULL. */
static const char *start(struct messenger *m, TALLOC_CTX *frame)
{
	struct messenger_config *config = messenger_config_load(frame);
	const char *why = NULL;

	m->sinks = event_sinks_init(m, m->host->ev);
	m->service = service_init(m, &service_ops, m);
	m->diagnosis = diagnosis_init(m, m->host->ev, on_diagnosed, m);
	if (config == NULL || m->sinks == NULL || m->service == NULL ||
	    m->diagnosis == NULL) {
		return "out of memory";
	}
	if (config->computers == NULL) {
		complain(config);
		return "nmbd has no netbios name that could be an alias";
	}
	m->hooks = hooks_init(m, m->host->ev, &hooks_ops, m,
			      &config->computers[0].wire, &why);
	if (m->hooks == NULL) {
		return why;
	}
	configure(m, config);
	if (m->store != NULL) {
		store_traverse(m->store, restore_one, m);
	}
	return NULL;
}

static void on_started(void *private_data)
{
	struct messenger *m = private_data;
	TALLOC_CTX *frame = talloc_new(NULL);
	const char *why = (frame != NULL) ? start(m, frame) : "out of memory";

	talloc_free(frame);
	if (why != NULL) {
		DBG_ERR("messenger: %s: not hooked into nmbd, which goes on "
			"without it\n",
			why);
	}
	m->control =
		control_init(m, m->host->ev, m->host->msg,
			     (why == NULL) ? m->service : NULL, m->sinks, why);
	if (m->control == NULL) {
		DBG_ERR("messenger: requests cannot be answered: Samba's "
			"messaging refused\n");
	}
	if (why != NULL) {
		return;
	}
	(void)service_start(m->service);
	hooks_follow(m->hooks);
}

static void on_reloaded(void *private_data)
{
	struct messenger *m = private_data;
	struct messenger_config *config = NULL;

	if (m->hooks == NULL) {
		return;
	}
	config = messenger_config_load(m);
	if (config == NULL) {
		DBG_ERR("messenger: out of memory: smb.conf is not read\n");
		return;
	}
	if (talloc_array_length(config->computers) > 0 &&
	    strcmp(config->computers[0].name,
		   service_get_computer(m->service)) != 0) {
		DBG_ERR("messenger: netbios name is now %s in smb.conf; nmbd "
			"keeps %s until it is restarted\n",
			config->computers[0].name,
			service_get_computer(m->service));
	}
	configure(m, config);
	talloc_free(config);
}

static void on_stopping(void *private_data)
{
	struct messenger *m = private_data;

	if (m->hooks != NULL) {
		(void)service_stop(m->service);
	}
}

static void on_received(void *private_data, const struct packet_struct *packet)
{
	struct messenger *m = private_data;

	if (m->hooks != NULL) {
		hooks_received(m->hooks, packet);
	}
}

static const struct nmbd_module_ops module_ops = {
	.started = on_started,
	.reloaded = on_reloaded,
	.stopping = on_stopping,
	.received = on_received,
};

_PUBLIC_ NTSTATUS samba_init_module(TALLOC_CTX *mem_ctx);

/* mem_ctx is NULL: Samba's loader passes nothing */
_PUBLIC_ NTSTATUS samba_init_module(TALLOC_CTX *mem_ctx)
{
	static bool loaded;
	struct messenger *m = NULL;

	if (loaded) {
		DBG_ERR("messenger: nmbd:modules names it twice; once is "
			"enough\n");
		return NT_STATUS_OBJECT_NAME_COLLISION;
	}
	if (!host_check_version(samba_version_string())) {
		DBG_ERR("messenger: Samba %s is not one it knows (%d.%d to "
			"%d.%d): it stays out of this nmbd\n",
			samba_version_string(), NMBD_HOST_SAMBA_MAJOR,
			NMBD_HOST_SAMBA_MINOR_FIRST, NMBD_HOST_SAMBA_MAJOR,
			NMBD_HOST_SAMBA_MINOR_LAST);
		return NT_STATUS_REVISION_MISMATCH;
	}
	m = talloc_zero(NULL, struct messenger);
	if (m == NULL) {
		return NT_STATUS_NO_MEMORY;
	}
	m->host = nmbd_module_register(NMBD_MODULE_ABI, "messenger",
				       &module_ops, m);
	if (m->host == NULL) {
		talloc_free(m);
		return NT_STATUS_UNSUCCESSFUL;
	}
	loaded = true;
	return NT_STATUS_OK;
}
