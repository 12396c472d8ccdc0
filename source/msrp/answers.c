/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the methods of [MS-MSRP] answer.
 */

#include "answers.h"

#include <string.h>

#include <jansson.h>

#include "msgsvc_name.h"
#include "name.h"

/* [MS-MSRP] 3.1.4.8: of level 0 no buffer may be larger, 256 entries of 46. */
#define LEVEL_0_MAX 11776

/*
 * Of an entry in that buffer: MSG_INFO_0 of 32 bits, and a name of 20
 * characters with its NUL; MSG_INFO_1 has two members more.
 */
#define LEVEL_0_ENTRY 46
#define LEVEL_1_ENTRY (LEVEL_0_ENTRY + 8)

/*
 * Codes.
 */

static const struct {
	uint32_t code;
	const char *name;
	const char *text;
} codes[] = {
	{ MSGSVC_ACCESS_DENIED, "ERROR_ACCESS_DENIED",
	  "Access is denied: it takes an administrator of that server." },
	{ MSGSVC_NOT_ENOUGH_MEMORY, "ERROR_NOT_ENOUGH_MEMORY",
	  "That server is out of memory." },
	{ MSGSVC_NOT_SUPPORTED, "ERROR_NOT_SUPPORTED",
	  "That server does not support this request." },
	{ MSGSVC_INVALID_LEVEL, "ERROR_INVALID_LEVEL",
	  "That server does not know this level." },
	{ MSGSVC_MORE_DATA, "ERROR_MORE_DATA", "There are more aliases." },
	{ MSGSVC_BUF_TOO_SMALL, "NERR_BufTooSmall",
	  "The buffer is too small." },
};

const char *msgsvc_code_name(uint32_t code)
{
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].code == code) {
			return codes[i].name;
		}
	}
	return messenger_code_name((enum messenger_code)code);
}

const char *msgsvc_code_text(uint32_t code)
{
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].code == code) {
			return codes[i].text;
		}
	}
	return messenger_code_text((enum messenger_code)code);
}

/*
 * Names.
 */

/*
 * By the module's own rules.  Blanks fill a name up and are no part of it;
 * before it they would be lost in a request, so there they are wrong.
 */
static enum messenger_code take_name(TALLOC_CTX *mem_ctx,
				     const struct msgsvc_name *name,
				     char **text, struct wire_name *wire)
{
	enum messenger_code code = msgsvc_name_to_unix(mem_ctx, name, text);
	char *upper = NULL;
	size_t len;

	if (code != NERR_Success) {
		return code;
	}
	for (len = strlen(*text); len > 0 && (*text)[len - 1] == ' '; len--) {
		(*text)[len - 1] = '\0';
	}
	if ((*text)[0] == ' ') {
		return ERROR_INVALID_NAME_;
	}
	code = messenger_name_parse(mem_ctx, *text, &upper, wire);
	talloc_free(upper);
	return code;
}

/*
 * Before the module is asked.
 */

static uint32_t check_order(TALLOC_CTX *mem_ctx,
			    const struct msgsvc_request *req, const char *verb,
			    char **order)
{
	struct wire_name wire;
	char *name = NULL;
	enum messenger_code code = take_name(mem_ctx, &req->name, &name, &wire);

	if (code != NERR_Success) {
		return code;
	}
	/* with its type, or ROOM#12 would be a ROOM of another */
	*order = talloc_asprintf(mem_ctx, "json %s %s<%02x>", verb, name,
				 MESSENGER_NAME_TYPE);
	talloc_free(name);
	return (*order != NULL) ? NERR_Success : NERR_InternalError;
}

static uint32_t check_enum(const struct msgsvc_request *req)
{
	if (req->level > 1) {
		return MSGSVC_INVALID_LEVEL;
	}
	if (req->level == 0 && req->pref_max_len != MSGSVC_NO_LIMIT &&
	    req->pref_max_len > LEVEL_0_MAX) {
		return ERROR_INVALID_PARAMETER_;
	}
	return NERR_Success;
}

uint32_t msgsvc_check(TALLOC_CTX *mem_ctx, const struct msgsvc_request *req,
		      char **order)
{
	*order = NULL;
	switch (req->method) {
	case MSGSVC_NAME_ADD:
		return check_order(mem_ctx, req, "add", order);
	case MSGSVC_NAME_DEL:
		return check_order(mem_ctx, req, "delete", order);
	case MSGSVC_NAME_ENUM:
		return check_enum(req);
	default:
		break;
	}
	return NERR_Success; /* GetInfo: its name comes before its level */
}

/*
 * What the module says.
 */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return (text != NULL) ? text : "";
}

/* Those that messages are listened for: what is refused or waits is not. */
static bool add_held(struct msgsvc_table *table, const json_t *alias)
{
	if (strcmp(text_of(alias, "state"), "registered") != 0) {
		return true;
	}
	table->names[table->num] =
		talloc_strdup(table->names, text_of(alias, "name"));
	return table->names[table->num++] != NULL;
}

uint32_t msgsvc_table_parse(TALLOC_CTX *mem_ctx, const char *text,
			    struct msgsvc_table *table)
{
	json_t *root = json_loads(text, 0, NULL);
	const json_t *aliases = json_object_get(root, "aliases");
	const char *state = text_of(json_object_get(root, "service"), "state");
	struct msgsvc_table t = { .num = 0 };
	uint32_t code = NERR_MsgNotStarted;
	size_t i;

	if (strcmp(state, "running") != 0 && strcmp(state, "starting") != 0) {
		goto done;
	}
	code = NERR_InternalError;
	t.names = talloc_array(mem_ctx, char *, json_array_size(aliases) + 1);
	for (i = 0; t.names != NULL && i < json_array_size(aliases); i++) {
		if (!add_held(&t, json_array_get(aliases, i))) {
			TALLOC_FREE(t.names);
		}
	}
	if (t.names != NULL) {
		*table = t;
		code = NERR_Success;
	}
done:
	json_decref(root);
	return code;
}

uint32_t msgsvc_order_code(const char *text)
{
	json_t *root = json_loads(text, 0, NULL);
	const json_t *code = json_object_get(root, "code");
	uint32_t value = (root == NULL)		 ? NERR_MsgNotStarted
			 : json_is_integer(code) ? json_integer_value(code)
						 : NERR_InternalError;

	json_decref(root);
	return value;
}

/*
 * After it was asked.
 */

static void answer_enum(TALLOC_CTX *mem_ctx, const struct msgsvc_request *req,
			const struct msgsvc_table *table,
			struct msgsvc_reply *reply)
{
	size_t entry = (req->level == 0) ? LEVEL_0_ENTRY : LEVEL_1_ENTRY;
	size_t first = req->has_resume ? req->resume : 0;
	size_t left = (first < table->num) ? table->num - first : 0;
	size_t num = left;
	size_t i;

	if (req->pref_max_len != MSGSVC_NO_LIMIT &&
	    num > req->pref_max_len / entry) {
		num = req->pref_max_len / entry;
	}
	reply->names = talloc_array(mem_ctx, struct msgsvc_name, num + 1);
	for (i = 0; reply->names != NULL && i < num; i++) {
		if (!msgsvc_name_from(reply->names, CH_UTF8,
				      table->names[first + i],
				      &reply->names[i])) {
			TALLOC_FREE(reply->names);
		}
	}
	if (reply->names == NULL) {
		reply->code = NERR_InternalError;
		return;
	}
	reply->num = num;
	if (num == left) {
		return;
	}
	/* by the one a client of Windows' knows that there is more */
	reply->code = (num > 0) ? MSGSVC_MORE_DATA : MSGSVC_BUF_TOO_SMALL;
	reply->resume = (uint32_t)(first + num);
}

static bool same_name(TALLOC_CTX *mem_ctx, const char *utf8,
		      const struct wire_name *wire)
{
	struct msgsvc_name name = { .num = 0 };
	struct wire_name other;
	char *text = NULL;

	return msgsvc_name_from(mem_ctx, CH_UTF8, utf8, &name) &&
	       take_name(mem_ctx, &name, &text, &other) == NERR_Success &&
	       wire_name_equal(&other, wire);
}

static void answer_get_info(TALLOC_CTX *mem_ctx,
			    const struct msgsvc_request *req,
			    const struct msgsvc_table *table,
			    struct msgsvc_reply *reply)
{
	struct wire_name wire;
	char *text = NULL;
	size_t i;

	reply->code = take_name(mem_ctx, &req->name, &text, &wire);
	if (reply->code != NERR_Success) {
		return;
	}
	for (i = 0; i < table->num; i++) {
		if (same_name(mem_ctx, table->names[i], &wire)) {
			break;
		}
	}
	if (i == table->num) {
		reply->code = NERR_NotLocalName;
		return;
	}
	if (req->level > 1) {
		reply->code = MSGSVC_INVALID_LEVEL;
		return;
	}
	reply->names = talloc_zero(mem_ctx, struct msgsvc_name);
	if (reply->names == NULL ||
	    !msgsvc_name_from(mem_ctx, CH_UTF8, table->names[i],
			      reply->names)) {
		reply->code = MSGSVC_NOT_ENOUGH_MEMORY;
		return;
	}
	reply->num = 1;
}

void msgsvc_answer(TALLOC_CTX *mem_ctx, const struct msgsvc_request *req,
		   const struct msgsvc_table *table, struct msgsvc_reply *reply)
{
	if (req->method == MSGSVC_NAME_GET_INFO) {
		answer_get_info(mem_ctx, req, table, reply);
	} else {
		answer_enum(mem_ctx, req, table, reply);
	}
}
