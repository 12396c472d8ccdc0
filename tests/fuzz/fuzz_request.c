/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The request language, and the name in a request.
 */

#include "fuzz.h"

#include <string.h>

#include "name.h"
#include "request.h"
#include "text.h"

static void parse_name(TALLOC_CTX *mem_ctx, const char *text)
{
	struct wire_name wire;
	char *name = NULL;

	if (messenger_name_parse(mem_ctx, text, &name, &wire) != NERR_Success) {
		return;
	}
	FUZZ_MUST(name != NULL && name[0] != '\0');
	FUZZ_MUST(!text_has_control(name));
	FUZZ_MUST(wire.bytes[0] != '\0' && wire.bytes[0] != '*');
}

static bool is_plain_ascii(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < ' ' || (unsigned char)*text > '~') {
			return false;
		}
	}
	return true;
}

void fuzz_request(const uint8_t *data, size_t len)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct request req;
	char *error = NULL;

	memset(&req, 0xee, sizeof(req));
	if (!request_parse(frame, data, len, &req, &error)) {
		/* it goes to a terminal */
		FUZZ_MUST(error != NULL && is_plain_ascii(error));
		talloc_free(frame);
		return;
	}
	FUZZ_MUST(len <= REQUEST_MAX + 1);
	FUZZ_MUST(req.verb <= REQUEST_HELP);
	if (req.verb == REQUEST_ADD || req.verb == REQUEST_DELETE ||
	    req.verb == REQUEST_ENSURE || req.verb == REQUEST_WHO) {
		FUZZ_MUST(req.subject != NULL);
		FUZZ_MUST(req.type >= MESSENGER_NAME_NO_TYPE && req.type < 256);
		FUZZ_MUST(req.name != NULL && strlen(req.name) <= REQUEST_MAX);
		FUZZ_MUST(!text_has_control(req.name));
		parse_name(frame, req.name);
	} else {
		FUZZ_MUST(req.name == NULL);
	}
	if (req.verb == REQUEST_EVENTS || req.verb == REQUEST_MESSAGES) {
		FUZZ_MUST(req.count >= 1 && req.count <= MESSENGER_EVENT_RING);
	}
	talloc_free(frame);
}
