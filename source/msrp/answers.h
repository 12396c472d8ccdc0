/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * From a request of [MS-MSRP] to one in the words of the module, and from the
 * module's answer to a reply.  What is a legal alias, and whose it is, the
 * module decides; here is only what the protocol adds.
 */

#ifndef MESSENGER_SOURCE_ANSWERS_H
#define MESSENGER_SOURCE_ANSWERS_H

#include "messenger.h"
#include "msgsvc_ndr.h"

/** Codes of the protocol that the service itself never has. */
enum msgsvc_code {
	MSGSVC_ACCESS_DENIED = 5,
	MSGSVC_NOT_ENOUGH_MEMORY = 8,
	MSGSVC_NOT_SUPPORTED = 50,
	MSGSVC_INVALID_LEVEL = 124,
	MSGSVC_MORE_DATA = 234,
	MSGSVC_BUF_TOO_SMALL = 2123,
};

/** @brief The symbol of a code of a reply, as winerror.h or lmerr.h has it. */
const char *msgsvc_code_name(uint32_t code);

/** @brief What it means: a constant string, without an end of line. */
const char *msgsvc_code_text(uint32_t code);

/** What the module answers at once, however many aliases there are. */
#define MSGSVC_PROBE_REQUEST "json help"

/** What the module is asked after that, and msgsvc_table_parse() reads. */
#define MSGSVC_TABLE_REQUEST "json status"

/** The aliases that are held, in the order of the list. */
struct msgsvc_table {
	char **names; /* UTF-8 */
	size_t num;
};

/**
 * @brief What is wrong with a request whatever the module says.
 *
 * @param[in]  mem_ctx  Owner of *order.
 * @param[out] order    Of an Add or Del: what to ask the module for, after
 *                      its table; NULL of the others.
 *
 * @return 0, or the code of the reply: [MS-MSRP] 3.1.4.6, .8, .12.
 */
uint32_t msgsvc_check(TALLOC_CTX *mem_ctx, const struct msgsvc_request *req,
		      char **order);

/**
 * @brief The module's answer to MSGSVC_TABLE_REQUEST.
 *
 * @param[in]  mem_ctx  Owner of the names.
 * @param[out] table    On success.
 *
 * @return 0; NERR_MsgNotStarted while there is no service or it is stopped or
 *         failed.
 */
uint32_t msgsvc_table_parse(TALLOC_CTX *mem_ctx, const char *text,
			    struct msgsvc_table *table);

/** @brief The code in the module's answer to an order. */
uint32_t msgsvc_order_code(const char *text);

/**
 * @brief The reply to an Enum or GetInfo, [MS-MSRP] 3.1.4.8, 3.1.4.10.
 *
 * @param[in] mem_ctx  Owner of the names in *reply.
 */
void msgsvc_answer(TALLOC_CTX *mem_ctx, const struct msgsvc_request *req,
		   const struct msgsvc_table *table,
		   struct msgsvc_reply *reply);

#endif /* MESSENGER_SOURCE_ANSWERS_H */
