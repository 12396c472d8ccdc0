/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Messages.  What comes in by a datagram or from smbd goes to the rule, which
 * knows the aliases from the service, and what it has to tell to the sinks.
 */

#include "incoming.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "alarms.h"
#include "datagrams.h"
#include "event_message.h"
#include "mailbox.h"
#include "mailbox_path.h"
#include "samba_private.h"
#include "steady.h"

/* Where nmbd itself sends from. */
#define DATAGRAM_PORT 138

struct incoming {
	struct tevent_context *ev;
	const struct service *service;
	const struct interfaces *interfaces;
	struct event_sinks *sinks;
	struct alarms *alarms;
	struct post *post;
	struct slot *slot;
	struct mailbox *mailbox; /* NULL: closed, or not to be had */
	struct wire_name workgroup;
};

/* From the rule. */

static bool do_running(void *private_data)
{
	const struct incoming *in = private_data;

	return service_is_up(in->service);
}

static const char *do_find(void *private_data, const struct wire_name *wire)
{
	const struct incoming *in = private_data;
	const struct alias *a =
		alias_find(service_get_aliases(in->service), wire);

	return (a != NULL && a->state == ALIAS_REGISTERED) ? a->name : NULL;
}

static const char *do_next(void *private_data, const char *name)
{
	const struct incoming *in = private_data;
	const struct alias *a =
		alias_first(service_get_aliases(in->service));

	if (name != NULL) {
		while (a != NULL && a->name != name) {
			a = alias_next(a);
		}
		a = (a != NULL) ? alias_next(a) : NULL;
	}
	while (a != NULL && a->state != ALIAS_REGISTERED) {
		a = alias_next(a);
	}
	return (a != NULL) ? a->name : NULL;
}

static void do_received(void *private_data, const struct message *m)
{
	struct incoming *in = private_data;
	struct event *ev =
		event_of_message(in, EVENT_MESSAGE_RECEIVED, m, NULL, 0);

	if (ev != NULL) {
		event_sinks_tell(in->sinks, ev);
	}
}

static void do_refused(void *private_data, const struct turned_away_report *r)
{
	struct incoming *in = private_data;
	struct event *ev = event_of_message(in, EVENT_MESSAGE_REFUSED,
					    r->message, r->reason, r->count);

	if (ev != NULL) {
		event_sinks_write(in->sinks, ev);
	}
}

static void do_alarm(void *private_data, unsigned seconds)
{
	struct incoming *in = private_data;

	alarms_set(in->alarms, 0, seconds);
}

static void on_alarm(void *private_data, unsigned which)
{
	struct incoming *in = private_data;

	post_review(in->post);
}

static const struct post_ops post_ops = {
	.clock = steady_read,
	.running = do_running,
	.find = do_find,
	.next = do_next,
	.received = do_received,
	.refused = do_refused,
	.alarm = do_alarm,
};

/* The ways in. */

static void set_address(struct mail *mail, const struct span *text)
{
	unsigned char binary[sizeof(struct in6_addr)];

	if (text->len > 0 && text->len < sizeof(mail->address)) {
		memcpy(mail->address, text->bytes, text->len);
		mail->address[text->len] = '\0';
	}
	if (inet_pton(AF_INET, mail->address, binary) != 1 &&
	    inet_pton(AF_INET6, mail->address, binary) != 1) {
		mail->address[0] = '\0';
	}
}

static const char *on_letter(void *private_data, const struct letter *l,
			     uid_t uid)
{
	struct incoming *in = private_data;
	struct mail mail = {
		.via = MESSAGE_VIA_SMB,
		.charset = CLEAN_UNIX,
		.from = l->from,
		.to = l->to,
		.machine = l->machine,
		.text = l->text,
		.cut = l->whole - l->text.len,
	};

	set_address(&mail, &l->address);
	return post_take(in->post, &mail);
}

/* Who says what is not believed: only to whom he wanted to say it. */
static const char *on_forged(void *private_data, const struct letter *l,
			     uid_t uid)
{
	struct incoming *in = private_data;
	struct mail mail = { .charset = CLEAN_UNIX };
	char who[40];

	snprintf(who, sizeof(who), "local user %u", (unsigned)uid);
	mail.from = (struct span){ .bytes = (const uint8_t *)who,
				   .len = strlen(who) };
	if (l == NULL) {
		post_refuse(in->post, &mail, "what came is no message");
		return "that is no message";
	}
	mail.to = l->to;
	post_refuse(in->post, &mail, "only root and the guest account hand in "
				     "what smbd has received");
	return "this user may not hand in messages";
}

static const struct mailbox_ops mailbox_ops = {
	.letter = on_letter,
	.forged = on_forged,
};

void incoming_received(void *private_data, const struct packet_struct *packet)
{
	const struct incoming *in = private_data;
	struct slot_datagram d;
	struct mail mail;
	int port = 0;

	/* what this nmbd itself has sent comes back to it, and is no message */
	if (!datagrams_read(packet, &d, &port) ||
	    (port == DATAGRAM_PORT && interfaces_have(in->interfaces, d.from))) {
		return;
	}
	switch (slot_read(in->slot, &d, &in->workgroup,
			  steady_now() / 1000000, &mail)) {
	case SLOT_OTHER:
		break;
	case SLOT_MALFORMED:
		post_refuse(in->post, &mail, "it is malformed");
		break;
	case SLOT_MAIL:
		(void)post_take(in->post, &mail);
		break;
	}
}

void incoming_configure(struct incoming *in,
			const struct messenger_config *config)
{
	const char *name = NULL;
	uid_t guest = mailbox_guest(&name);
	char *path = NULL;

	post_configure(in->post, config->broadcast_messages);
	datagrams_workgroup(&in->workgroup);
	if (guest == 0) {
		DBG_ERR("messenger: guest account = %s: not in /etc/passwd; "
			"what smbd receives as that user is refused\n",
			name);
	}
	if (in->mailbox != NULL) {
		mailbox_allow(in->mailbox, guest);
		return;
	}
	path = mailbox_path(in);
	if (path != NULL) {
		in->mailbox = mailbox_open(in, in->ev, path, guest,
					   &mailbox_ops, in);
	}
	talloc_free(path);
}

void incoming_close(struct incoming *in)
{
	TALLOC_FREE(in->mailbox);
}

const struct post *incoming_post(const struct incoming *in)
{
	return (in != NULL) ? in->post : NULL;
}

struct incoming *incoming_init(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			       const struct service *service,
			       const struct interfaces *interfaces,
			       struct event_sinks *sinks)
{
	struct incoming *in = talloc_zero(mem_ctx, struct incoming);

	if (in == NULL) {
		return NULL;
	}
	in->ev = ev;
	in->service = service;
	in->interfaces = interfaces;
	in->sinks = sinks;
	in->alarms = alarms_create(in, ev, 1, on_alarm, in);
	in->post = post_init(in, &post_ops, in, event_sinks_instance(sinks));
	in->slot = slot_init(in);
	if (in->alarms == NULL || in->post == NULL || in->slot == NULL) {
		talloc_free(in);
		return NULL;
	}
	return in;
}
