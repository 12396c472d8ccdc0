/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The table of names when memory runs out: nothing is told by halves, nothing
 * leaks, and what it says afterwards can be read.
 */

#include "answer.h"
#include "allocation.h"
#include "names_report.h"
#include "netbt_world.h"
#include "recorder.h"

#define NET "10.88.0.2"

static const struct netbios_name alpha = {
	.wire = { "ALPHA" },
	.type = 0x20,
};

static void story(void)
{
	netbt_claim("ALPHA", 0x20, NET);
	netbt_claim("ALPHA", 0x00, NET);
	netbt_contest("ALPHA", 0x00, CONTEST_REGISTRATION, "10.88.0.9", 1);
	netbt_refuse("ALPHA", 0x20, NET, 6, "10.88.0.9");
	netbt_grant("ALPHA", 0x00, NET);
	netbt_contest("ALPHA", 0x00, CONTEST_DEMAND, "10.88.0.9", 2);
	netbt_refuse_in_wins("ALPHA", 0x20, 5, "10.88.0.1");
	netbt_owner(netbt_world.netbt, &alpha, ip("10.88.0.1"),
		    ip("10.88.0.77"));
	(void)netbt_look(netbt_world.netbt);
	netbt_review(netbt_world.netbt);
}

static void short_of_memory(void **state)
{
	struct shortage s = { 0 };

	if (!shortage_possible()) {
		skip();
	}
	while (shortage_next(&s)) {
		int made;

		shortage_begin(&s);
		made = netbt_world_setup(NULL);
		if (made == 0) {
			story();
		}
		shortage_end(&s);
		if (made != 0) {
			assert_true(s.happened);
			continue;
		}
		/* as many as there was memory for */
		assert_in_range(netbt_conflicts(netbt_world.netbt), 0, 1);
		if (!s.happened) {
			assert_int_equal(netbt_conflicts(netbt_world.netbt),
					 1);
		}
		netbt_world_teardown(NULL);
	}
}

static void reports(void **state)
{
	struct recorder *r = recorder_create();
	struct shortage s = { 0 };
	json_t *all = NULL;
	json_t *all_findings = NULL;

	recorder_configure(r, "ALPHA", "");
	r->subnets[0] = NET;
	service_start(r->service);
	recorder_grant(r, "ALPHA", NET);
	netbt_world_setup(NULL);
	story();
	netbt_diagnose("ALPHA", 0x20, "10.88.0.9", "ALPHA");
	(void)netbt_look(netbt_world.netbt);
	all = answer_json(&names_json, r->service, netbt_world.netbt);
	all_findings = answer_json(&explain_json, r->service, netbt_world.netbt);
	while (shortage_possible() && shortage_next(&s)) {
		TALLOC_CTX *frame = NULL;
		char *text = NULL;
		char *why = NULL;
		char *names = NULL;
		json_t *json = NULL;
		char *findings_text = NULL;
		json_t *findings = NULL;

		shortage_begin(&s);
		frame = talloc_new(NULL);
		if (frame != NULL) {
			text = answer_text(frame, &names_text, r->service,
					   netbt_world.netbt);
			why = answer_text(frame, &explain_text, r->service, netbt_world.netbt);
		}
		names = answer_text(NULL, &names_json, r->service,
				    netbt_world.netbt);
		findings_text = answer_text(NULL, &explain_json, r->service,
					    netbt_world.netbt);
		shortage_end(&s);
		json = answer_parse(names);
		findings = answer_parse(findings_text);
		if (!s.happened) {
			assert_non_null(text);
			assert_non_null(why);
			assert_non_null(json);
			assert_non_null(findings);
		}
		/* all of it, or nothing */
		assert_true(json == NULL || json_equal(json, all));
		assert_true(findings == NULL ||
			    json_equal(findings, all_findings));
		talloc_free(frame);
		json_decref(json);
		json_decref(findings);
	}
	json_decref(all);
	json_decref(all_findings);
	netbt_world_teardown(NULL);
	recorder_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_of_memory),
		cmocka_unit_test(reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
