/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What became of this node's claims, for other nodes of the cluster that ask.
 * Who asks waits for somebody else, and not for long; what is asked here is not
 * asked on.
 */

#include "own_claims.h"

#include <sys/queue.h>

#include "claim_words.h"
#include "messenger.h"
#include "patience.h"
#include "steady.h"

/* More at a time are not answered: who asked says that it does not know. */
#define QUESTIONS_MAX 256

/* So long the set is looked at for an alias that this node has not. */
#define ABSENT_USEC 3000000

struct question {
	TAILQ_ENTRY(question) entry;
	struct server_id from;
	struct wire_name wire;
	uint64_t since;
	uint64_t refused; /* since when; 0: it is not */
};

struct own_claims {
	struct messaging_context *msg;
	struct service *service;
	void (*look)(void *private_data);
	void *private_data;
	struct steady *timer;
	TAILQ_HEAD(question_list, question) list;
	unsigned num;
};

static void end(struct own_claims *oc, struct question *q)
{
	TAILQ_REMOVE(&oc->list, q, entry);
	oc->num--;
	talloc_free(q);
}

static void say(struct own_claims *oc, struct question *q,
		struct claim_said *said)
{
	uint8_t buf[CLAIM_SAID_MAX];

	said->wire = q->wire;
	(void)messaging_send_buf(oc->msg, q->from, MESSENGER_MSG_CLAIM_SAID,
				 buf, claim_said_write(buf, said));
	end(oc, q);
}

/* Returns whether it is to be told now; who refused it is being asked. */
static bool judge_refused(struct question *q, const struct alias *a,
			  struct claim_said *said)
{
	const struct alias_subnet *where = alias_subnet_in(a, ALIAS_REFUSED);
	uint64_t now = steady_now();

	if (q->refused == 0) {
		q->refused = now;
	}
	said->code = NERR_DuplicateName;
	if (where != NULL) {
		said->holder = where->holder;
		said->rcode = where->rcode;
		said->details = where->details;
	}
	return said->holder.s_addr == 0 || said->details != NULL ||
	       now >= q->refused + DIAGNOSIS_USEC;
}

static bool judge_absent(struct own_claims *oc, const struct question *q,
			 struct claim_said *said)
{
	const struct wanted_list *list = NULL;
	const struct wanted *w = NULL;

	(void)service_get_wanted(oc->service, &list);
	w = wanted_any(list, &q->wire);
	if (w != NULL && w->left_out) {
		said->code = NERR_TooManyNames;
		return true;
	}
	if (steady_now() >= q->since + ABSENT_USEC) {
		said->code = NERR_NotLocalName;
		return true;
	}
	oc->look(oc->private_data);
	return false;
}

/* Returns whether there is something to say. */
static bool judge(struct own_claims *oc, struct question *q,
		  struct claim_said *said)
{
	const struct alias *a =
		alias_find(service_get_aliases(oc->service), &q->wire);
	enum alias_state state;

	if (!service_is_up(oc->service)) {
		said->code = NERR_MsgNotStarted;
		return service_get_state(oc->service) != SERVICE_STARTING;
	}
	if (a == NULL) {
		return judge_absent(oc, q, said);
	}
	if (a->state == ALIAS_REFUSED) {
		return judge_refused(q, a, said);
	}
	q->refused = 0;
	state = alias_verdict(a);
	if (a->state == ALIAS_WAITING || state == ALIAS_WAITING) {
		said->code = NERR_NetworkError;
		said->reason = alias_reason(a);
		return true;
	}
	said->code = NERR_Success;
	return a->granted && state == ALIAS_REGISTERED;
}

static void look_at_all(void *private_data)
{
	struct own_claims *oc = private_data;
	struct question *q = NULL;
	struct question *next = NULL;

	for (q = TAILQ_FIRST(&oc->list); q != NULL; q = next) {
		struct claim_said said = { .code = NERR_Success };

		next = TAILQ_NEXT(q, entry);
		if (judge(oc, q, &said)) {
			say(oc, q, &said);
		} else if (steady_now() >= q->since + PATIENCE_USEC) {
			end(oc, q);
		}
	}
	if (oc->num > 0) {
		steady_set(oc->timer, PAUSE_USEC);
	}
}

void own_claims_look(struct own_claims *oc)
{
	if (oc != NULL && oc->num > 0) {
		steady_set(oc->timer, 0);
	}
}

/* Is somebody waiting for this one?  from: is this one?  NULL: anybody. */
static bool is_asked(const struct own_claims *oc, const struct wire_name *wire,
		     const struct server_id *from)
{
	const struct question *q = NULL;

	TAILQ_FOREACH(q, &oc->list, entry) {
		if (wire_name_equal(&q->wire, wire) &&
		    (from == NULL ||
		     (q->from.vnn == from->vnn && q->from.pid == from->pid))) {
			return true;
		}
	}
	return false;
}

/* It was refused before: to be asked for it is another try, as of an add. */
static void try_again(struct own_claims *oc, const struct wire_name *wire)
{
	const struct alias *a =
		alias_find(service_get_aliases(oc->service), wire);
	struct wire_name same;
	char *name = NULL;

	if (a == NULL || a->state != ALIAS_REFUSED || is_asked(oc, wire, NULL)) {
		return;
	}
	name = talloc_strdup(oc, a->name);
	if (name != NULL) {
		(void)service_add(oc->service, name, &same);
	}
	talloc_free(name);
}

static void got_question(struct messaging_context *msg, void *private_data,
			 uint32_t msg_type, struct server_id from,
			 DATA_BLOB *data)
{
	struct own_claims *oc =
		talloc_get_type_abort(private_data, struct own_claims);
	struct wire_name wire;
	struct question *q = NULL;

	if (!claim_ask_read(data->data, data->length, &wire) ||
	    oc->num >= QUESTIONS_MAX || is_asked(oc, &wire, &from)) {
		return;
	}
	try_again(oc, &wire);
	q = talloc_zero(oc, struct question);
	if (q == NULL) {
		return;
	}
	q->from = from;
	q->wire = wire;
	q->since = steady_now();
	TAILQ_INSERT_TAIL(&oc->list, q, entry);
	oc->num++;
	steady_set(oc->timer, 0);
}

struct own_claims *own_claims_init(TALLOC_CTX *mem_ctx,
				   struct tevent_context *ev,
				   struct messaging_context *msg,
				   struct service *service,
				   void (*look)(void *private_data),
				   void *private_data)
{
	struct own_claims *oc = talloc_zero(mem_ctx, struct own_claims);

	if (oc == NULL) {
		return NULL;
	}
	oc->msg = msg;
	oc->service = service;
	oc->look = look;
	oc->private_data = private_data;
	oc->timer = steady_create(oc, ev, look_at_all, oc);
	TAILQ_INIT(&oc->list);
	if (oc->timer == NULL ||
	    !NT_STATUS_IS_OK(messaging_register(msg, oc,
						MESSENGER_MSG_CLAIM_ASK,
						got_question))) {
		DBG_ERR("messenger: cluster: other nodes are not told what "
			"becomes of claims: out of memory\n");
		TALLOC_FREE(oc);
	}
	return oc;
}
