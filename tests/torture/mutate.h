/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Packets as nmbd gets them from others, and what random mutations make of
 * them.
 */

#ifndef TESTS_TORTURE_MUTATE_H
#define TESTS_TORTURE_MUTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_MAX 1400
#define HEADER_LEN 12

enum kind {
	KIND_NAME,
	KIND_DGRAM,
	KIND_CLAIM,
	KIND_STATUS,
};

struct packet {
	uint8_t data[PACKET_MAX];
	size_t len;
};

/**
 * @brief Reads the packets to start from.
 *
 * One a line: "137", "138", "claim" or "status", and hex.  False unless there
 * is one of each kind.
 */
bool read_models(const char *path);

/** @brief One of those of a kind. */
const struct packet *some(enum kind kind);

/** @brief Changes a packet of a kind in one or two of a dozen ways. */
void mutate(struct packet *p, enum kind kind);

#endif
