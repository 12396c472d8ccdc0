/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Answers of a holder to a query or a node status request, and what is made
 * of them.  The first byte chooses the question; the transaction id is that of
 * the answer.
 */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "holder.h"
#include "nbns.h"
#include "text.h"

static void check_text(const char *text)
{
	FUZZ_MUST(text == NULL || !text_has_control(text));
}

static void check_holder(TALLOC_CTX *frame, const struct nbns_answer *a)
{
	static const struct wire_name alpha = { "ALPHA" };
	const struct in_addr address = { .s_addr = 0x0900580a };
	struct holder *h = holder_create(frame, a, &alpha);
	struct holder *copy = holder_copy(frame, h);
	char *text = talloc_strdup(frame, "");
	json_t *json = NULL;
	char *dump = NULL;
	size_t i;

	FUZZ_MUST(h != NULL && copy != NULL);
	FUZZ_MUST(talloc_array_length(copy->names) ==
		  talloc_array_length(h->names));
	check_text(h->computer);
	check_text(h->group);
	for (i = 0; i < talloc_array_length(h->names); i++) {
		FUZZ_MUST(h->names[i] != NULL);
		check_text(h->names[i]);
	}
	holder_add_text(&text, copy);
	FUZZ_MUST(text != NULL);
	json = holder_json(address, copy);
	FUZZ_MUST(json != NULL);
	dump = json_dumps(json, JSON_COMPACT);
	FUZZ_MUST(dump != NULL);
	free(dump);
	json_decref(json);
}

void fuzz_nbns(const uint8_t *data, size_t len)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct nbns_answer *a = talloc_zero(frame, struct nbns_answer);
	enum nbns_question question;
	uint8_t *packet = NULL;
	uint16_t id;

	if (len < 3) {
		talloc_free(frame);
		return;
	}
	question = (data[0] & 1) != 0 ? NBNS_STATUS : NBNS_QUERY;
	/* a buffer of its own, so that nothing is read beyond its end */
	len--;
	packet = malloc(len);
	FUZZ_MUST(packet != NULL && a != NULL);
	memcpy(packet, data + 1, len);
	id = (uint16_t)(packet[0] << 8 | packet[1]);
	if (nbns_read_answer(packet, len, id, question, a)) {
		FUZZ_MUST(a->num_addresses <= NBNS_ADDRESSES_MAX);
		FUZZ_MUST(a->num_names <= NBNS_NAMES_MAX);
		FUZZ_MUST(a->rcode >= 0 && a->rcode <= 15);
		check_holder(frame, a);
	}
	free(packet);
	talloc_free(frame);
}
