/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "answer.h"

char *answer_text(TALLOC_CTX *mem_ctx, const struct pieces_kind *kind,
		  const struct service *service, const struct netbt *netbt)
{
	return pieces_whole(mem_ctx, kind, service, netbt, "");
}

json_t *answer_parse(char *text)
{
	json_t *json = NULL;

	if (text != NULL) {
		json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(json);
		assert_int_equal(json_object_del(json, "schema"), 0);
	}
	talloc_free(text);
	return json;
}

json_t *answer_json(const struct pieces_kind *kind,
		    const struct service *service, const struct netbt *netbt)
{
	return answer_parse(answer_text(NULL, kind, service, netbt));
}
