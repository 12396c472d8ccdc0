/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The answer to "status", as text for people and as JSON.  Pure.
 */

#include "report.h"

#include <arpa/inet.h>

#include "names_report.h"
#include "text.h"

/* "2026-11-22 12:00:00 UTC": people need no microseconds */
static void add_time(char **text, struct timespec t)
{
	char buf[sizeof("2026-11-22 12:00:00 UTC")];
	struct tm tm;

	if (gmtime_r(&t.tv_sec, &tm) != NULL &&
	    strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M:%S UTC", &tm) != 0) {
		text_add(text, "%s", buf);
	}
}

static const struct alias *find_refused_computer(const struct service *s)
{
	const struct alias *a = alias_first(service_get_aliases(s));

	return (a != NULL && a->kind == ALIAS_COMPUTER &&
		a->state == ALIAS_REFUSED)
		       ? a
		       : NULL;
}

/* "held by 10.88.0.9, the computer PLANT1" */
static void add_holder_computer(char **text, const struct alias_subnet *where)
{
	report_add_holder(text, where);
	if (where->details != NULL && where->details->computer != NULL) {
		text_add(text, ", the computer %s", where->details->computer);
	}
}

static void add_failure(char **text, const struct service *s)
{
	const struct alias *a = find_refused_computer(s);
	enum messenger_code code = service_get_exit(s);

	text_add(text, "  Exit codes: win32 %d, service %d (%s)\n",
		 service_get_win32_exit(s), code, messenger_code_name(code));
	text_add_wrapped(text, 2, TEXT_COLUMNS, messenger_code_text(code));
	if (a != NULL && a->subnets != NULL) {
		text_add(text, "  %s<%02x> on subnet %s: ", a->name,
			 MESSENGER_NAME_TYPE, a->subnets[0].subnet);
		add_holder_computer(text, &a->subnets[0]);
		text_add(text, "\n");
	}
	text_add(text, "  What to do: smbmessenger explain\n");
}

char *report_status_text(TALLOC_CTX *mem_ctx, const struct service *s,
			 const struct netbt *netbt)
{
	char *text = talloc_asprintf(mem_ctx, "Messenger service on %s: %s",
				     service_get_computer(s),
				     service_state_str(service_get_state(s)));

	text_add(&text, " since ");
	add_time(&text, service_get_since(s));
	text_add(&text, "\n");
	if (service_get_state(s) == SERVICE_FAILED) {
		add_failure(&text, s);
	}
	if (service_get_reason(s) != NULL) {
		text_add(&text, "  It waits for the network: %s\n",
			 service_get_reason(s));
	}
	names_add_status(&text, netbt);
	return text;
}

json_t *report_status_json(const struct service *s,
			   const struct netbt *netbt)
{
	struct service_counters c = service_get_counters(s);

	json_t *service =
		json_pack("{s:s, s:i, s:i, s:o}", "state",
			  service_state_str(service_get_state(s)),
			  "win32_exit_code", service_get_win32_exit(s),
			  "service_exit_code", service_get_exit(s), "since",
			  event_time_json(service_get_since(s)));

	return json_pack("{s:o, s:s, s:o, s:o, s:I, s:{s:I, s:I, s:I, s:I}}",
			 "service",
			 report_with_reason(service, service_get_reason(s)),
			 "condition",
			 service_condition_str(names_condition(s, netbt)),
			 "computer",
			 text_json(service_get_computer(s)), "aliases",
			 report_aliases_json(s), "names_in_conflict",
			 (json_int_t)((netbt != NULL) ? netbt_conflicts(netbt)
						      : 0),
			 "counters", "refusals",
			 (json_int_t)c.refusals, "failures",
			 (json_int_t)c.failures, "defences",
			 (json_int_t)c.defences, "demands",
			 (json_int_t)c.demands);
}
