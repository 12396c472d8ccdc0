/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * nmbd's name lists.
 */

#ifndef MESSENGER_SOURCE_NMBD_NAMES_H
#define MESSENGER_SOURCE_NMBD_NAMES_H

#include "name.h"
#include "nmbd_host.h"
#include "presence.h"
#include "releases.h"

/** What all names of ours have in common. */
struct names {
	char scope[64];		   /* "" for none */
	struct wire_name computer; /* nmbd's first name */
	struct releases *releases;
	struct presence *presence;
};

void names_make(const struct names *names, struct nmb_name *n,
		const struct wire_name *wire);
void names_wire_of(struct wire_name *wire, const struct nmb_name *n);

/** @brief Is it in the list of any broadcast subnet, as ours? */
bool names_have_anywhere(const struct names *names,
			 const struct wire_name *wire);

/** @brief Our name in this subnet's list, or NULL. */
struct name_record *names_find_own(const struct names *names,
				   const struct subnet_record *subrec,
				   const struct wire_name *wire);

/** @brief Take a name out of a subnet's list; nobody is told. */
void names_remove(const struct names *names, struct subnet_record *subrec,
		  const struct wire_name *wire);

/**
 * @brief A name that is at the head of a list goes to its end.
 *
 * The computer's own stays.
 */
void names_put_last(const struct names *names, struct subnet_record *subrec,
		    const struct wire_name *wire);

/** The end of a list that is hidden from nmbd for a while. */
struct names_hidden {
	struct name_record *last; /* of those that nmbd sees; NULL: all */
	struct name_record *first;
	struct name_record *tail;
	bool was_in; /* the name that is about to be put in */
};

/**
 * @brief nmbd is about to put a name into a list, which it searches for it
 *        first: all of it, unless the name is known not to be there.
 *
 * names_entered() is to follow, and nothing else about this list before.
 */
void names_entering(const struct names *names, struct subnet_record *subrec,
		    const struct wire_name *wire, struct names_hidden *hidden);

/** @param[in] is_in  Whether it is in the list now. */
void names_entered(const struct names *names, struct subnet_record *subrec,
		   const struct wire_name *wire,
		   const struct names_hidden *hidden, bool is_in);

/** @brief Out of a subnet's list, and release it by broadcast. */
void names_release_broadcast(const struct names *names,
			     struct subnet_record *subrec,
			     const struct wire_name *wire);

/**
 * @brief Granted on a subnet: unicast queries and node status have it too.
 *
 * @return Whether WINS has to be told, by a registration of all addresses;
 *         nmbd's wins_refresh_name() would tell it of the first one only.
 */
bool names_enter_unicast(const struct names *names,
			 struct subnet_record *subrec,
			 const struct wire_name *wire);

/**
 * @brief The address of a closed subnet goes out of a unicast name and of WINS.
 *
 * nmbd leaves it in it.
 *
 * @return Whether its other addresses have to be registered in WINS anew.
 */
bool names_forget_address(const struct names *names,
			  const struct wire_name *wire, struct in_addr ip);

/** @brief Out of the unicast list, and release it in WINS. */
void names_release_unicast(const struct names *names,
			   const struct wire_name *wire);

#endif /* MESSENGER_SOURCE_NMBD_NAMES_H */
