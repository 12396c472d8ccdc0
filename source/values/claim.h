/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Claims for <03> names: what the one place that knows nmbd tells of them, and
 * what it asks; and what is seen of its other names.  Values only; nothing of
 * nmbd's gets out.
 */

#ifndef MESSENGER_SOURCE_CLAIM_H
#define MESSENGER_SOURCE_CLAIM_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "name.h"

/** nmbd's own name for the subnet that stands for the WINS servers. */
#define SUBNET_WINS "UNICAST_SUBNET"

/** What to do with a claim for a <03> name that nmbd has under way. */
enum claim_decision {
	CLAIM_FOLLOW, /* tell its outcome */
	CLAIM_CANCEL, /* one of our names, but not now */
	CLAIM_IGNORE, /* not ours: leave it alone */
};

/** Another host's negative answer to a claim; 0.0.0.0: unknown, or none. */
struct refusal {
	int rcode;	       /* enum rcode */
	struct in_addr holder; /* who holds the name, by its own word */
	struct in_addr server; /* the WINS server that refused it */
	struct in_addr record; /* who should hold it by WINS, and does not */
};

/** How another host contests a name. */
enum contest_kind {
	CONTEST_REGISTRATION, /* it claimed the name; nmbd refused it */
	CONTEST_DEMAND,	      /* NAME CONFLICT DEMAND; nmbd ignores it */
	CONTEST_RELEASE,      /* it released the name, or demands that; as well */
	CONTEST_KINDS,
};

/** One attempt, as it was read off the wire. */
struct contest {
	enum contest_kind kind;
	struct wire_name wire; /* a name of that type; it may be anybody's */
	uint8_t type;
	struct in_addr from;
	uint16_t id; /* transaction: a repetition has the same */
};

/**
 * Who hears of claims.  Subnets go by nmbd's own names for them.  A claim has
 * one of three outcomes: granted; refused, by another host's packet and by
 * nothing else; or waiting, for it could not be sent or was not answered as a
 * claim has to be.  The last costs no name.
 */
struct claim_ops {
	/** A claim is under way, or about to be. */
	enum claim_decision (*claiming)(void *private_data,
					const struct wire_name *wire,
					const char *subnet);
	/**
	 * A claim is about to be sent: is it left to another node of the
	 * cluster?
	 */
	bool (*stands_by)(void *private_data, const struct wire_name *wire,
			  const char *subnet);
	/** A claim was granted, or a refresh confirmed. */
	void (*granted)(void *private_data, const struct wire_name *wire,
			const char *subnet);
	/** A claim or a refresh was refused. */
	void (*refused)(void *private_data, const struct wire_name *wire,
			const char *subnet, const struct refusal *refusal);
	/** A claim under way is not answered so far; it may be yet. */
	void (*slow)(void *private_data, const struct wire_name *wire,
		     const char *subnet, const char *reason);
	/**
	 * A claim can neither be granted nor refused here and now.  answer:
	 * of a server that is no help; NULL: there was none.
	 */
	void (*waiting)(void *private_data, const struct wire_name *wire,
			const char *subnet, const char *reason,
			const struct refusal *answer);
	/** What became of a claim cannot be told for lack of memory. */
	void (*unheard)(void *private_data, const struct wire_name *wire,
			const char *subnet);
	/** Is it one of our names, in any case?  What others say of another
	 *  one is passed over. */
	bool (*known)(void *private_data, const struct wire_name *wire);
	void (*contested)(void *private_data, const struct contest *contest);
	void (*subnet_new)(void *private_data, const char *subnet);
	void (*subnet_gone)(void *private_data, const char *subnet);
	/** The machine has not its address any more, nor another one. */
	void (*subnet_lost)(void *private_data, const char *subnet,
			    const char *reason);
};

/** Called for a subnet, by nmbd's name for it. */
typedef void (*subnet_told)(void *private_data, const char *subnet,
			    struct in_addr address, struct in_addr mask);

/** A claim for a name that is no alias was refused. */
struct name_refusal {
	struct refusal refusal;	  /* rcode 0: nmbd gave up by itself */
	struct in_addr interface; /* the address it was claimed for */
};

/**
 * Who hears of nmbd's other names, which are seen and never touched.  Subnets
 * go by nmbd's own names for them.
 */
struct name_ops {
	/** May it be, in any case, a name of this server's?  Asked before
	 *  anything costs more: false is certain. */
	bool (*may_be_ours)(void *private_data, const struct wire_name *wire);

	/** Is it a name of this server's? */
	bool (*is_ours)(void *private_data, const struct netbios_name *name);
	/** nmbd claims it. */
	void (*claiming)(void *private_data, const struct netbios_name *name,
			 const char *subnet);
	void (*granted)(void *private_data, const struct netbios_name *name,
			const char *subnet);
	/** Told as soon as the packet is there; nmbd may take seconds. */
	void (*refused)(void *private_data, const struct netbios_name *name,
			const char *subnet, const struct name_refusal *refusal);
	/** No WINS server has answered; nmbd takes that for a grant. */
	void (*silent)(void *private_data, const struct netbios_name *name,
		       const char *subnet, struct in_addr server);
	void (*released)(void *private_data, const struct netbios_name *name,
			 const char *subnet);
	/** Of a host that is not this one, about a name that is_ours(). */
	void (*contested)(void *private_data, const struct contest *contest,
			  const char *subnet);
	/** nmbd has this broadcast subnet. */
	void (*subnet)(void *private_data, const char *subnet);
	/** nmbd has it in the list of a subnet. */
	void (*listed)(void *private_data, const struct netbios_name *name,
		       const char *subnet);
	void (*subnet_gone)(void *private_data, const char *subnet);
};

#endif /* MESSENGER_SOURCE_CLAIM_H */
