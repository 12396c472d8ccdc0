/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The interface msgsvc of [MS-MSRP] on the wire: NDR 32, [C706] 14, by the IDL
 * of [MS-MSRP] 6.2.  Bytes in, values out, and back; it knows no Samba.
 */

#ifndef MESSENGER_SOURCE_MSGSVC_NDR_H
#define MESSENGER_SOURCE_MSGSVC_NDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

/** [MS-MSRP] 3.1.4: the methods, by their opnums. */
enum msgsvc_method {
	MSGSVC_NAME_ADD = 0,
	MSGSVC_NAME_ENUM = 1,
	MSGSVC_NAME_GET_INFO = 2,
	MSGSVC_NAME_DEL = 3,
	MSGSVC_METHODS /* how many */
};

/** PrefMaxLen: all of it, however long. */
#define MSGSVC_NO_LIMIT 0xFFFFFFFFU

/** Of a name in a request no more is kept: 15 are legal. */
#define MSGSVC_NAME_KEPT 64

/** A name: UTF-16 in the order of this machine, without a NUL. */
struct msgsvc_name {
	uint16_t *units;
	size_t num;
};

struct msgsvc_request {
	enum msgsvc_method method;
	struct msgsvc_name name; /* not Enum */
	uint32_t level;		 /* Enum, GetInfo; any number */
	/* Enum, of a level that there is */
	uint32_t pref_max_len;
	bool has_resume;
	uint32_t resume;
};

struct msgsvc_reply {
	uint32_t code;
	struct msgsvc_name *names; /* Enum; GetInfo: one, or none */
	size_t num;
	uint32_t resume; /* Enum: sent if the request had one */
};

/**
 * @brief The stub of a request.
 *
 * Alignment may leave up to three bytes behind the last parameter; anything
 * more is wrong.
 *
 * @param[in]  mem_ctx  Owner of the name.
 * @param[in]  big      Integers are big-endian.
 * @param[out] req      On success.
 *
 * @return false if it is no stub of this method, or without memory.
 */
bool msgsvc_pull(TALLOC_CTX *mem_ctx, enum msgsvc_method method,
		 const uint8_t *data, size_t len, bool big,
		 struct msgsvc_request *req);

/**
 * @brief The stub of a reply.
 *
 * @param[in] req  What it replies to: the level, and whether there is a
 *                 resume handle.
 *
 * @return A talloc array of bytes; NULL without memory.
 */
uint8_t *msgsvc_push(TALLOC_CTX *mem_ctx, const struct msgsvc_request *req,
		     const struct msgsvc_reply *reply, bool big);

#endif /* MESSENGER_SOURCE_MSGSVC_NDR_H */
