/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the modules of a cluster tell each other once a second, and its bytes.
 * It says all there is, so that one that is lost costs nothing.  Pure.
 */

#ifndef MESSENGER_SOURCE_HELLO_H
#define MESSENGER_SOURCE_HELLO_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "name.h"

/** More subnets of a node are not told of. */
#define HELLO_NETS_MAX 32

/**
 * Another one decides in another way who holds the names.  Whatever the version,
 * what is in a hello stays where it is: what is new comes behind it.
 */
#define HELLO_VERSION 1u

/** The longest one, in bytes. */
#define HELLO_MAX (40 + HELLO_NETS_MAX * 12)

/** A subnet of a node's nmbd. */
struct hello_net {
	struct in_addr address;
	struct in_addr mask;
	bool is_public; /* CTDB has put an address of this net on the node */
	bool holds;	/* the cluster's names are held on it */
};

struct hello {
	uint32_t version;  /* hello_write() writes ours */
	uint32_t vnn;	   /* CTDB's message has only that of who reads it */
	uint32_t pid;	   /* of its nmbd */
	struct wire_name computer;
	bool ready;	   /* its service is one that can hold the names */
	bool wins;	   /* it holds them in WINS */
	struct hello_net nets[HELLO_NETS_MAX];
	size_t num_nets;
};

/** @brief Its bytes; returns how many. */
size_t hello_write(uint8_t buf[HELLO_MAX], const struct hello *hello);

/**
 * @brief Read one, of any version; more at the end is of a later one, and
 *        passed over.
 *
 * @return false: it is none.
 */
bool hello_read(const uint8_t *buf, size_t len, struct hello *hello);

#endif /* MESSENGER_SOURCE_HELLO_H */
