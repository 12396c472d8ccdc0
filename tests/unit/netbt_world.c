/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A table of names under test, and the world it acts on.
 */

#include "netbt_world.h"

#include "holder.h"

struct netbt_world netbt_world;

static void record(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void record(const char *fmt, ...)
{
	struct netbt_world *w = &netbt_world;
	size_t room = sizeof(w->lines) - w->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(w->lines + w->len, room, fmt, ap);
	va_end(ap);
	assert_true(n >= 0 && (size_t)n < room);
	w->len += (size_t)n;
}

static void record_address(const char *what, struct in_addr address)
{
	if (address.s_addr != 0) {
		record(" %s %s", what, inet_ntoa(address));
	}
}

static void record_name(const struct netbios_name *name)
{
	record("%s<%02x>", (const char *)name->wire.bytes, name->type);
}

static struct timespec on_clock(void *private_data, clockid_t clock)
{
	return (clock == CLOCK_REALTIME)
		       ? at(netbt_world.now)
		       : (struct timespec){ .tv_sec = 1000 + netbt_world.now };
}

static void on_event(void *private_data, struct event *ev)
{
	record("event %s ", event_type_str(ev->type));
	record_name(&ev->netbios);
	if (ev->subnet != NULL) {
		record(" on %s", ev->subnet);
	}
	if (ev->rcode != 0) {
		record(" rcode %d", ev->rcode);
	}
	record_address("holder", ev->holder);
	record_address("server", ev->server);
	record_address("record", ev->record);
	if (event_cause(ev) != CAUSE_NONE) {
		record(" cause %s", event_cause_str(event_cause(ev)));
	}
	record_address("interface", ev->interface);
	record_address("claimant", ev->claimant);
	if (ev->contest != CONTEST_REGISTRATION) {
		record(" %s",
		       (ev->contest == CONTEST_DEMAND) ? "demand" : "release");
	}
	if (ev->count != 0) {
		record(" count %u", ev->count);
	}
	record("\n");
	talloc_free(netbt_world.event);
	netbt_world.event = ev;
}

static void on_ask(void *private_data, const struct netbios_name *name,
		   struct in_addr host)
{
	record("ask %s of ", inet_ntoa(host));
	record_name(name);
	record("\n");
}

static void on_ask_wins(void *private_data, const struct netbios_name *name,
			struct in_addr server)
{
	record("wins %s of ", inet_ntoa(server));
	record_name(name);
	record("\n");
}

static void on_alarm(void *private_data, unsigned seconds)
{
	record("alarm %u\n", seconds);
}

static void on_look(void *private_data)
{
	const struct netbt_world *w = &netbt_world;
	size_t i;

	for (i = 0; i < NETBT_WORLD_LISTED && w->listed[i].subnet != NULL;
	     i++) {
		struct netbios_name name;

		if (w->listed[i].name == NULL) {
			netbt_name_ops.subnet(w->netbt, w->listed[i].subnet);
			continue;
		}
		name = netbios(w->listed[i].name, w->listed[i].type,
			       w->listed[i].group);
		netbt_name_ops.listed(w->netbt, &name, w->listed[i].subnet);
	}
}

static const struct netbt_ops ops = {
	.clock = on_clock,
	.event = on_event,
	.ask = on_ask,
	.ask_wins = on_ask_wins,
	.alarm = on_alarm,
	.look = on_look,
};

int netbt_world_setup(void **state)
{
	memset(&netbt_world, 0, sizeof(netbt_world));
	netbt_world.netbt = netbt_init(NULL, &ops, NULL);
	if (netbt_world.netbt == NULL) {
		return -1;
	}
	netbt_enable(netbt_world.netbt, true);
	return 0;
}

int netbt_world_teardown(void **state)
{
	TALLOC_FREE(netbt_world.event);
	TALLOC_FREE(netbt_world.netbt);
	return 0;
}

void netbt_world_expect(const char *lines)
{
	assert_string_equal(netbt_world.lines, lines);
	netbt_world.len = 0;
	netbt_world.lines[0] = '\0';
}

struct netbios_name netbios(const char *name, uint8_t type, bool group)
{
	return (struct netbios_name){ .wire = wire_of(name),
				      .type = type,
				      .group = group };
}

void netbt_claim(const char *name, uint8_t type, const char *subnet)
{
	const struct netbios_name n = netbios(name, type, false);

	netbt_name_ops.claiming(netbt_world.netbt, &n, subnet);
}

void netbt_grant(const char *name, uint8_t type, const char *subnet)
{
	const struct netbios_name n = netbios(name, type, false);

	netbt_name_ops.granted(netbt_world.netbt, &n, subnet);
}

void netbt_refuse(const char *name, uint8_t type, const char *subnet,
		  int rcode, const char *holder)
{
	const struct netbios_name n = netbios(name, type, false);
	const struct name_refusal r = {
		.refusal = { .rcode = rcode, .holder = ip(holder) },
		.interface = ip("10.88.0.2"),
	};

	netbt_name_ops.refused(netbt_world.netbt, &n, subnet, &r);
}

void netbt_refuse_in_wins(const char *name, uint8_t type, int rcode,
			  const char *server)
{
	const struct netbios_name n = netbios(name, type, false);
	const struct name_refusal r = {
		.refusal = { .rcode = rcode, .server = ip(server) },
		.interface = ip("10.88.0.2"),
	};

	netbt_name_ops.refused(netbt_world.netbt, &n, "UNICAST_SUBNET", &r);
}

void netbt_contest(const char *name, uint8_t type, enum contest_kind kind,
		   const char *from, uint16_t id)
{
	const struct contest c = {
		.kind = kind,
		.wire = wire_of(name),
		.type = type,
		.from = ip(from),
		.id = id,
	};

	netbt_name_ops.contested(netbt_world.netbt, &c, "10.88.0.2");
}

void netbt_diagnose(const char *name, uint8_t type, const char *address,
		    const char *computer)
{
	const struct netbios_name n = netbios(name, type, false);
	struct nbns_answer answer = { .num_names = 2 };
	struct holder *h = NULL;

	if (computer != NULL) {
		memset(answer.names, 0, sizeof(answer.names));
		memcpy(answer.names[0].bytes, computer, strlen(computer));
		memcpy(answer.names[1].bytes, name, strlen(name));
		answer.names[1].type = type;
	}
	h = holder_create_for(NULL, (computer != NULL) ? &answer : NULL, &n);
	assert_non_null(h);
	netbt_diagnosed(netbt_world.netbt, &n, ip(address), h);
	talloc_free(h);
}

const char *netbt_state(const char *name, uint8_t type, const char *subnet)
{
	const struct netbios_name n = netbios(name, type, false);
	const struct name_entry *e =
		name_table_find(netbt_table(netbt_world.netbt), &n);
	const struct name_subnet *where =
		(e != NULL) ? name_entry_find(e, subnet) : NULL;

	return (where != NULL) ? name_state_str(where->state) : "none";
}
