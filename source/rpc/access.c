/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "access.h"

#include <string.h>

#include "samba_rpc.h"

/* S-1-5-32-544, -546, S-1-5-7: [MS-DTYP] 2.4.2.4 */
static const uint8_t nt_authority[6] = { 0, 0, 0, 0, 0, 5 };
static const uint32_t administrators[] = { 32, 544 };
static const uint32_t guests[] = { 32, 546 };
static const uint32_t anonymous[] = { 7 };

static bool has_sid(const struct security_token *token, const uint32_t *subs,
		    int num)
{
	uint32_t i;

	for (i = 0; i < token->num_sids; i++) {
		const struct dom_sid *sid = &token->sids[i];

		if (sid->sid_rev_num == 1 && sid->num_auths == num &&
		    memcmp(sid->id_auth, nt_authority, 6) == 0 &&
		    memcmp(sid->sub_auths, subs, num * sizeof(*subs)) == 0) {
			return true;
		}
	}
	return false;
}

bool access_is_administrator(const struct auth_session_info *info)
{
	const struct security_token *token = NULL;

	if (info == NULL || info->security_token == NULL ||
	    info->unix_token == NULL) {
		return false;
	}
	token = info->security_token;
	if (has_sid(token, anonymous, 1) || has_sid(token, guests, 2)) {
		return false; /* even if "guest account" says root */
	}
	return info->unix_token->uid == 0 || has_sid(token, administrators, 2);
}
