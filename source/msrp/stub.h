/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The basic types of NDR 32, [C706] 14, as the stubs of msgsvc have them.
 */

#ifndef MESSENGER_SOURCE_STUB_H
#define MESSENGER_SOURCE_STUB_H

#include "bytes.h"
#include "msgsvc_ndr.h"

/** Once something is wrong, it stays so, and all that is read is 0. */
struct stub_reader {
	const uint8_t *data;
	size_t len;
	size_t at;
	bool big;
	bool wrong;
};

/** @brief So many bytes, or NULL. */
const uint8_t *stub_take(struct stub_reader *r, size_t num);

/** @brief A unit of UTF-16 at p. */
uint16_t stub_unit_at(const uint8_t *p, bool big);

/** @brief An integer, aligned. */
uint32_t stub_take32(struct stub_reader *r);

/**
 * @brief A conformant varying string of wchar_t, ended by its only NUL.
 *
 * @param[out] num  Of its units, without the NUL; on success.
 *
 * @return Its units; NULL if it is none.
 */
const uint8_t *stub_take_string(struct stub_reader *r, size_t *num);

/** @brief One that a unique pointer leads to, which is deferred. */
void stub_skip_string(struct stub_reader *r, uint32_t pointer);

/**
 * @brief A name, of which no more than MSGSVC_NAME_KEPT is kept.
 *
 * @param[in] mem_ctx  Owner of its units.
 */
void stub_take_name(TALLOC_CTX *mem_ctx, struct stub_reader *r,
		    struct msgsvc_name *name);

struct stub_writer {
	struct bytes bytes;
	uint32_t pointers;
	bool big;
};

/** @brief An integer, aligned. */
void stub_put32(struct stub_writer *w, uint32_t v);

/** @brief A pointer, of a number of its own, or NULL. */
void stub_put_pointer(struct stub_writer *w, bool there);

/** @brief A string, as it is taken. */
void stub_put_string(struct stub_writer *w, const struct msgsvc_name *name);

#endif /* MESSENGER_SOURCE_STUB_H */
