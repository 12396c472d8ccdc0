/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A table of names under test and the world it acts on: a clock, nmbd's name
 * lists, and a record of all it has done, as lines of text:
 *
 *	event TYPE NAME<TT> [on SUBNET] [rcode N] [holder A] [server A]
 *		[record A] [cause CAUSE] [interface A] [claimant A]
 *		[demand|release] [count N]
 *	ask ADDRESS of NAME<TT>
 *	wins ADDRESS of NAME<TT>
 *	alarm SECONDS
 */

#ifndef TESTS_UNIT_NETBT_WORLD_H
#define TESTS_UNIT_NETBT_WORLD_H

#include "netbt.h"
#include "unit.h"

#define NETBT_WORLD_LISTED 16

struct netbt_world {
	struct netbt *netbt;
	time_t now;
	/* nmbd's lists, for the test to set; subnet NULL: the end */
	struct {
		const char *name; /* NULL: the subnet alone */
		uint8_t type;
		bool group;
		const char *subnet;
	} listed[NETBT_WORLD_LISTED];
	struct event *event; /* the last one */
	char lines[8192];
	size_t len;
};

extern struct netbt_world netbt_world;

/** @brief A table that is on, empty, at(0); cmocka's setup and teardown. */
int netbt_world_setup(void **state);
int netbt_world_teardown(void **state);

/** @brief All that was done since the last time is this; begin anew. */
void netbt_world_expect(const char *lines);

struct netbios_name netbios(const char *name, uint8_t type, bool group);

/* What the observer would say of a unique name. */
void netbt_claim(const char *name, uint8_t type, const char *subnet);
void netbt_grant(const char *name, uint8_t type, const char *subnet);
void netbt_refuse(const char *name, uint8_t type, const char *subnet,
		  int rcode, const char *holder);
void netbt_refuse_in_wins(const char *name, uint8_t type, int rcode,
			  const char *server);
void netbt_contest(const char *name, uint8_t type, enum contest_kind kind,
		   const char *from, uint16_t id);

/** @brief The holder says that it is this computer, or nothing (NULL). */
void netbt_diagnose(const char *name, uint8_t type, const char *address,
		    const char *computer);

/** @brief The state of a name on a subnet, as a word; "none": not there. */
const char *netbt_state(const char *name, uint8_t type, const char *subnet);

#endif /* TESTS_UNIT_NETBT_WORLD_H */
