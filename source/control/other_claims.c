/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Asks other nodes of the cluster what became of their claims.
 */

#include "other_claims.h"

#include <sys/queue.h>

#include "messenger.h"
#include "steady.h"

/* A node that was asked; another process there is asked anew. */
struct asked {
	uint32_t vnn;
	uint32_t pid;
	uint64_t when;
	bool answered;
	bool heard; /* it has answered, this one or the one before */
	struct claim_said said; /* what it points to is the claim's */
};

struct other_claim {
	TAILQ_ENTRY(other_claim) entry;
	struct other_claims *all;
	struct wire_name wire;
	struct asked *asked; /* a talloc array */
};

struct other_claims {
	struct messaging_context *msg;
	const struct members *members;
	void (*said)(void *private_data);
	void *private_data;
	TAILQ_HEAD(other_claim_list, other_claim) list;
};

bool other_claims_are_needed(const struct alias *a)
{
	size_t i;

	for (i = 0; i < a->num_subnets; i++) {
		if (alias_subnet_is_left(&a->subnets[i])) {
			return true;
		}
	}
	return false;
}

static struct asked *find(const struct other_claim *c, uint32_t vnn)
{
	size_t i;

	for (i = 0; i < talloc_array_length(c->asked); i++) {
		if (c->asked[i].vnn == vnn) {
			return &c->asked[i];
		}
	}
	return NULL;
}

/* Of its nmbd; 0: it has none that speaks. */
static uint32_t find_pid(const struct members *members, uint32_t vnn)
{
	struct members_node node;
	size_t i;

	for (i = 0; members_at(members, i, steady_now(), &node); i++) {
		if (node.vnn == vnn) {
			return (node.there && node.hello != NULL)
				       ? node.hello->pid
				       : 0;
		}
	}
	return 0;
}

/* Returns NULL without memory. */
static struct asked *add(struct other_claim *c, uint32_t vnn)
{
	size_t num = talloc_array_length(c->asked);
	struct asked *asked =
		talloc_realloc(c, c->asked, struct asked, num + 1);

	if (asked == NULL) {
		return NULL;
	}
	c->asked = asked;
	asked[num] = (struct asked){ .vnn = vnn };
	return &c->asked[num];
}

/* One that has too many questions, or was cut off, is asked again then. */
#define AGAIN_USEC 2000000

/* It is to be asked: another nmbd than before, or one that says nothing. */
static bool is_to_ask(const struct asked *asked, uint32_t pid)
{
	return asked == NULL || asked->pid != pid ||
	       (!asked->answered && steady_now() >= asked->when + AGAIN_USEC);
}

static void ask(struct other_claim *c, uint32_t vnn)
{
	uint8_t buf[CLAIM_QUESTION_LEN];
	uint32_t pid = find_pid(c->all->members, vnn);
	struct asked *asked = find(c, vnn);

	if (pid == 0 || !is_to_ask(asked, pid)) {
		return;
	}
	if (asked == NULL) {
		asked = add(c, vnn);
	}
	if (asked != NULL &&
	    NT_STATUS_IS_OK(
		    messaging_send_buf(c->all->msg,
				       (struct server_id){ .vnn = vnn,
							   .pid = pid },
				       MESSENGER_MSG_CLAIM_ASK, buf,
				       claim_ask_write(buf, &c->wire)))) {
		asked->pid = pid;
		asked->when = steady_now();
		asked->answered = false;
	}
}

/* What a node has said, or is to be asked. */
static enum other_verdict judge_node(struct other_claim *c, uint32_t vnn)
{
	const struct asked *asked = NULL;

	ask(c, vnn);
	asked = find(c, vnn);
	if (asked == NULL || !asked->answered) {
		return OTHER_PENDING;
	}
	switch (asked->said.code) {
	case NERR_Success:
		return OTHER_CLAIMED;
	case NERR_DuplicateName:
		return OTHER_REFUSED;
	case NERR_MsgNotStarted:
		/* another node takes its place before long */
		return OTHER_PENDING;
	default:
		break;
	}
	return OTHER_OPEN;
}

static enum other_verdict judge_subnet(struct other_claim *c,
				       const struct alias_subnet *where)
{
	if (alias_subnet_is_left(where)) {
		return judge_node(c, where->node - 1);
	}
	if (where->state == ALIAS_REGISTERED || where->state == ALIAS_WAITING ||
	    alias_subnet_is_wins(where->subnet)) {
		return OTHER_CLAIMED;
	}
	return OTHER_PENDING; /* this node is at it */
}

enum other_verdict other_claim_judge(struct other_claim *c,
				     const struct alias *a)
{
	unsigned num[OTHER_REFUSED + 1] = { 0 };
	size_t i;

	for (i = 0; i < a->num_subnets; i++) {
		num[judge_subnet(c, &a->subnets[i])]++;
	}
	if (num[OTHER_REFUSED] > 0) {
		return OTHER_REFUSED;
	}
	if (num[OTHER_PENDING] > 0) {
		return OTHER_PENDING;
	}
	return (num[OTHER_OPEN] > 0) ? OTHER_OPEN : OTHER_CLAIMED;
}

const struct claim_said *other_claim_refusal(const struct other_claim *c,
					     const struct alias *a,
					     const char **subnet)
{
	size_t i;

	for (i = 0; i < a->num_subnets; i++) {
		const struct alias_subnet *where = &a->subnets[i];
		const struct asked *asked =
			alias_subnet_is_left(where)
				? find(c, where->node - 1)
				: NULL;

		if (asked != NULL && asked->answered &&
		    asked->said.code == NERR_DuplicateName) {
			*subnet = where->subnet;
			return &asked->said;
		}
	}
	return NULL;
}

struct report_nodes other_claim_nodes(TALLOC_CTX *mem_ctx,
				      const struct other_claim *c)
{
	size_t num = talloc_array_length(c->asked);
	struct report_node *nodes =
		talloc_zero_array(mem_ctx, struct report_node, num);
	size_t i;

	for (i = 0; nodes != NULL && i < num; i++) {
		const struct asked *asked = &c->asked[i];

		nodes[i] = (struct report_node){
			.node = asked->vnn,
			.claimed = asked->heard &&
				   asked->said.code == NERR_Success,
			.code = asked->said.code,
			.reason = asked->said.reason,
		};
	}
	return (struct report_nodes){
		.nodes = nodes,
		.num = (nodes != NULL) ? num : 0,
	};
}

/* Returns whether this is what it waits for. */
static bool take(struct other_claim *c, struct server_id from,
		 const struct claim_said *said)
{
	struct asked *asked = find(c, from.vnn);

	if (asked == NULL || asked->pid != from.pid ||
	    !wire_name_equal(&c->wire, &said->wire) || asked->answered) {
		return false;
	}
	asked->said = *said;
	asked->said.details = holder_copy(c, said->details);
	asked->said.reason = talloc_strdup(c, said->reason);
	asked->answered = true;
	asked->heard = true;
	return true;
}

static void got_answer(struct messaging_context *msg, void *private_data,
		       uint32_t msg_type, struct server_id from,
		       DATA_BLOB *data)
{
	struct other_claims *all =
		talloc_get_type_abort(private_data, struct other_claims);
	TALLOC_CTX *frame = talloc_new(all);
	struct other_claim *c = NULL;
	struct claim_said said;
	bool taken = false;

	if (frame != NULL &&
	    claim_said_read(frame, data->data, data->length, &said)) {
		TAILQ_FOREACH(c, &all->list, entry) {
			taken |= take(c, from, &said);
		}
	}
	talloc_free(frame);
	if (taken) {
		all->said(all->private_data);
	}
}

static int remove_claim(struct other_claim *c)
{
	TAILQ_REMOVE(&c->all->list, c, entry);
	return 0;
}

struct other_claim *other_claim_create(TALLOC_CTX *mem_ctx,
				       struct other_claims *all,
				       const struct wire_name *wire)
{
	struct other_claim *c = talloc_zero(mem_ctx, struct other_claim);

	if (c != NULL) {
		c->all = all;
		c->wire = *wire;
		TAILQ_INSERT_TAIL(&all->list, c, entry);
		talloc_set_destructor(c, remove_claim);
	}
	return c;
}

struct other_claims *other_claims_init(TALLOC_CTX *mem_ctx,
				       struct messaging_context *msg,
				       const struct members *members,
				       void (*said)(void *private_data),
				       void *private_data)
{
	struct other_claims *all = talloc_zero(mem_ctx, struct other_claims);

	if (all == NULL) {
		return NULL;
	}
	all->msg = msg;
	all->members = members;
	all->said = said;
	all->private_data = private_data;
	TAILQ_INIT(&all->list);
	if (!NT_STATUS_IS_OK(messaging_register(msg, all,
						MESSENGER_MSG_CLAIM_SAID,
						got_answer))) {
		DBG_ERR("messenger: cluster: other nodes are not asked what "
			"becomes of claims: out of memory\n");
		TALLOC_FREE(all);
	}
	return all;
}
