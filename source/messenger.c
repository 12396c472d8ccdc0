/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * messenger.so: makes nmbd's message aliases behave like those of the Windows
 * Messenger service.  Here is the way in, and the wiring of the parts: what
 * the hooks learn goes to the service.  What it decides goes on from
 * effects.c.
 */

#include "config.h"
#include "host_check.h"
#include "messenger_parts.h"
#include "samba_private.h"

/* From the network and from nmbd. */

static void on_diagnosed(void *private_data, uint64_t seq,
			 const struct netbios_name *name,
			 struct in_addr address, const struct holder *details)
{
	struct messenger *m = private_data;

	event_sinks_complete(m->sinks, seq, details);
	if (name->type == MESSENGER_NAME_TYPE) {
		service_diagnosed(m->service, &name->wire, address, details);
		control_diagnosed(m->control, &name->wire, address, details);
	} else {
		own_names_diagnosed(m->own, name, address, details);
	}
}

static void go_on(void *private_data)
{
	struct messenger *m = private_data;

	service_turn(m->service);
}

static void alarmed(void *private_data, unsigned which)
{
	struct messenger *m = private_data;

	service_alarmed(m->service, which);
}

/*
 * nmbd itself looks at its interfaces every two minutes, or when it reads its
 * configuration anew.  It is asked to only if there is an address it has not:
 * one that has lost its last address waits for another and answers nobody.
 */
static void on_network_changed(void *private_data)
{
	struct messenger *m = private_data;

	if (m->hooks == NULL) {
		return;
	}
	if (hooks_network_changed(m->hooks)) {
		control_reread(m->control);
	}
	service_network_changed(m->service);
}

static bool restore_one(void *private_data, const char *name)
{
	struct messenger *m = private_data;

	return service_restore(m->service, name);
}

static void on_written(void *private_data)
{
	struct messenger *m = private_data;

	service_alarmed(m->service, SERVICE_ALARM_STORE);
}

static void on_users(void *private_data, const char *const *users)
{
	struct messenger *m = private_data;

	service_set_users(m->service, users);
}

static void configure(struct messenger *m,
		      const struct messenger_config *config)
{
	event_sinks_configure(m->sinks, config);
	hooks_set_rfc_timing(m->hooks, config->rfc_timing);
	own_names_configure(m->own, config->own_names);
	incoming_configure(m->incoming, config);
	store_configure(m, &m->store, m->host->ev, config->store, on_written,
			m);
	in_cluster_configure(m->cluster, config->store);
	service_configure(m->service, config);
	logons_configure(m, &m->logons, m->host->ev, config, on_users, m);
}

/* Once, whatever asks for it first. */
static void reread(void *private_data)
{
	struct messenger *m = private_data;
	struct messenger_config *config = NULL;

	steady_stop(m->reread);
	config = messenger_config_load(m, service_get_computer(m->service));
	if (config != NULL) {
		configure(m, config);
	}
	hooks_reloaded(m->hooks);
	service_network_changed(m->service);
	talloc_free(config);
}

/* What was asked after it is answered after it. */
static void reread_first(void *private_data)
{
	struct messenger *m = private_data;

	if (m->hooks != NULL && steady_is_set(m->reread)) {
		reread(m);
	}
}

/* In a turn of its own: nmbd's part of it takes long enough. */
static void on_reloaded(void *private_data)
{
	struct messenger *m = private_data;

	if (m->hooks != NULL) {
		steady_set(m->reread, 0);
	}
}

/* Returns false without memory. */
static bool create_parts(struct messenger *m)
{
	m->sinks = event_sinks_init(m, m->host->ev);
	m->service = service_init(m, &effects_ops, m);
	m->diagnosis = diagnosis_init(m, m->host->ev, on_diagnosed, m);
	m->interfaces = interfaces_watch(m, m->host->ev, on_network_changed, m);
	m->more = steady_create(m, m->host->ev, go_on, m);
	m->reread = steady_create(m, m->host->ev, reread, m);
	m->alarms = alarms_create(m, m->host->ev, SERVICE_ALARMS, alarmed, m);
	if (m->sinks == NULL || m->service == NULL || m->diagnosis == NULL ||
	    m->interfaces == NULL || m->alarms == NULL || m->more == NULL ||
	    m->reread == NULL) {
		return false;
	}
	/* they use the others */
	m->own = own_names_init(m, m->host->ev, m->interfaces, m->sinks,
				m->diagnosis);
	m->incoming = incoming_init(m, m->host->ev, m->service, m->interfaces,
				    m->sinks);
	return m->own != NULL && m->incoming != NULL;
}

/* Returns why not, a string that stays, or NULL. */
static const char *start(struct messenger *m, TALLOC_CTX *frame)
{
	struct messenger_config *config = messenger_config_load(frame, NULL);
	const char *why = NULL;

	if (config == NULL || !create_parts(m)) {
		return "out of memory";
	}
	why = host_check_samba(m, config->unknown_samba);
	if (why != NULL) {
		return why;
	}
	if (config->computers == NULL) {
		event_sinks_complain(config);
		return "the netbios name is no legal alias (of one that is too "
		       "long nmbd registers its beginning or an empty name): "
		       "set another one";
	}
	m->hooks = hooks_init(m, m->host->ev, &service_claim_ops, m->service,
			      m->interfaces, &config->computers[0].wire, &why);
	if (m->hooks == NULL) {
		return why;
	}
	own_names_hook(m->own, m->hooks);
	hooks_hand_on(m->hooks, incoming_received, m->incoming);
	m->cluster = in_cluster_init(m, m->host->ev, m->hooks, m->service,
				     m->own, m->interfaces,
				     &config->computers[0].wire, &m->store);
	configure(m, config);
	store_traverse(m->store, restore_one, m);
	return NULL;
}

static bool is_elsewhere(void *private_data, uint32_t *vnn, uint32_t *pid)
{
	const struct messenger *m = private_data;

	return in_cluster_is_elsewhere(m->cluster, vnn, pid);
}

static void look_at_set(void *private_data)
{
	const struct messenger *m = private_data;

	in_cluster_look(m->cluster);
}

static const struct control_cluster control_cluster = {
	.elsewhere = is_elsewhere,
	.look = look_at_set,
};

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
	m->control = control_init(m, m->host->ev, m->host->msg,
				  (why == NULL) ? m->service : NULL,
				  own_names_table(m->own),
				  who_init(m, m->host->ev, m->hooks,
					   m->interfaces), m->sinks,
				  incoming_post(m->incoming), why);
	control_join(m->control, in_cluster_members(m->cluster),
		     &control_cluster, m);
	control_set_first(m->control, reread_first, m);
	if (why == NULL) {
		(void)service_start(m->service);
		hooks_follow(m->hooks);
	}
}

static void on_stopping(void *private_data)
{
	struct messenger *m = private_data;

	if (m->hooks != NULL) {
		incoming_close(m->incoming);
		(void)service_stop(m->service);
		service_finish(m->service);
		control_stopping(m->control);
		hooks_flush(m->hooks);
		in_cluster_say(m->cluster);
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
	struct messenger *m = talloc_zero(NULL, struct messenger);

	if (m == NULL) {
		return NT_STATUS_NO_MEMORY;
	}
	m->host = nmbd_module_register(NMBD_MODULE_ABI, "messenger",
				       &module_ops, m);
	if (m->host == NULL) {
		talloc_free(m);
		return NT_STATUS_UNSUCCESSFUL;
	}
	return NT_STATUS_OK;
}
