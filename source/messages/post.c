/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The rule of messages, [MS-MSRP] 3.2.4.4: whoever receives one looks whether
 * it is for one of his aliases.  Pure.
 */

#include "post.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "post_private.h"

static const char not_running[] = "the Messenger service is not running";
static const char no_alias[] = "no such alias is registered here";
static const char too_many[] = "too many messages come";
static const char no_broadcasts[] =
	"messages to everybody are not taken (messenger:broadcast messages)";
static const char out_of_memory[] = "there is no memory for it";

struct post *post_init(TALLOC_CTX *mem_ctx, const struct post_ops *ops,
		       void *private_data, const char *instance)
{
	struct post *post = talloc_zero(mem_ctx, struct post);

	if (post == NULL) {
		return NULL;
	}
	talloc_set_name_const(post, "messenger: messages");
	post->ops = ops;
	post->private_data = private_data;
	post->instance = talloc_strdup(post, instance);
	post->limits = limits_init(post);
	post->turned_away = turned_away_init(post);
	if (post->instance == NULL || post->limits == NULL ||
	    post->turned_away == NULL) {
		talloc_free(post);
		return NULL;
	}
	return post;
}

void post_configure(struct post *post, bool broadcasts)
{
	post->broadcasts = broadcasts;
}

static uint64_t uptime(const struct post *post)
{
	struct timespec t = post->ops->clock(post->private_data,
					     CLOCK_BOOTTIME);

	return (uint64_t)t.tv_sec;
}

/*
 * Whom it is for.
 */

/*
 * smbd hands the name on in lower case, with '_' for each byte that is neither
 * a letter nor a digit of ASCII's, nor one of these.
 */
static bool is_smbd_for(const char *name, const char *called)
{
	for (; *name != '\0' && *called != '\0'; name++, called++) {
		int n = (unsigned char)*name;
		int c = (unsigned char)*called;

		if (n < 0x80 && (isalnum(n) || strchr(". -_", n) != NULL)) {
			if (tolower(n) != tolower(c)) {
				return false;
			}
		} else if (c != '_' && c != n) {
			return false;
		}
	}
	return *name == *called;
}

/* The only one that smbd writes so. */
static const char *find_likeness(const struct post *post, const char *called)
{
	const char *found = NULL;
	const char *name = NULL;

	while ((name = post->ops->next(post->private_data, name)) != NULL) {
		if (!is_smbd_for(name, called)) {
			continue;
		}
		if (found != NULL) {
			return NULL;
		}
		found = name;
	}
	return found;
}

static const char *find_called(const struct post *post, TALLOC_CTX *frame,
			       const char *called)
{
	struct wire_name wire;
	const char *found = NULL;
	char *name = NULL;

	if (messenger_name_parse(frame, called, &name, &wire) ==
	    NERR_Success) {
		found = post->ops->find(post->private_data, &wire);
	}
	if (found == NULL && strchr(called, '_') != NULL) {
		found = find_likeness(post, called);
	}
	return found;
}

/* Returns why not, or NULL; *to is whom it is for, if that is an alias. */
static const char *address(const struct post *post, TALLOC_CTX *frame,
			   const struct mail *mail, const char **to)
{
	char *called = NULL;

	if (!post->ops->running(post->private_data)) {
		return not_running;
	}
	if (mail->to_all) {
		return post->broadcasts ? NULL : no_broadcasts;
	}
	if (mail->wire != NULL) {
		*to = post->ops->find(post->private_data, mail->wire);
		return (*to != NULL) ? NULL : no_alias;
	}
	called = talloc_strndup(frame, (const char *)mail->to.bytes,
				mail->to.len);
	if (called == NULL) {
		return out_of_memory;
	}
	*to = find_called(post, frame, called);
	return (*to != NULL) ? NULL : no_alias;
}

/*
 * What becomes of it.
 */

/* Made fit to be shown; to: as it is here, NULL: as it was called. */
static struct message *open_mail(const struct post *post, TALLOC_CTX *mem_ctx,
				 const struct mail *mail, const char *to)
{
	struct message *m = talloc_zero(mem_ctx, struct message);

	if (m == NULL) {
		return NULL;
	}
	m->time = post->ops->clock(post->private_data, CLOCK_REALTIME);
	m->via = mail->via;
	m->from = clean_name(m, mail->charset, mail->from.bytes,
			     mail->from.len);
	m->to = (to != NULL) ? clean_name(m, CLEAN_UNIX, (const uint8_t *)to,
					  strlen(to))
			     : clean_name(m, mail->charset, mail->to.bytes,
					  mail->to.len);
	m->machine = clean_name(m, mail->charset, mail->machine.bytes,
				mail->machine.len);
	m->address = talloc_strdup(m, mail->address);
	m->text = clean_text(m, mail->charset, mail->text.bytes,
			     mail->text.len, &m->cut);
	m->cut += mail->cut;
	if (m->from == NULL || m->to == NULL || m->machine == NULL ||
	    m->address == NULL || m->text == NULL) {
		talloc_free(m);
		return NULL;
	}
	return m;
}

static void plan_review(struct post *post)
{
	if (!post->reviewing && turned_away_pending(post->turned_away)) {
		post->reviewing = true;
		post->ops->alarm(post->private_data,
				 TURNED_AWAY_QUIET_SECONDS);
	}
}

void post_refuse(struct post *post, const struct mail *mail,
		 const char *reason)
{
	uint64_t now = uptime(post);
	struct turned_away_report report;
	struct message *m = NULL;
	bool wanted = false;

	turned_away_count(post->turned_away, mail->address, now, &wanted);
	/* it is not even looked at if it would not be told */
	m = wanted ? open_mail(post, post, mail, NULL) : NULL;
	if (m != NULL && turned_away_show(post->turned_away, m, reason, now,
					  &report)) {
		post->ops->refused(post->private_data, &report);
	}
	talloc_free(m);
	plan_review(post);
}

void post_review(struct post *post)
{
	uint64_t now = uptime(post);
	struct turned_away_report report;

	post->reviewing = false;
	while (turned_away_due(post->turned_away, now, &report)) {
		post->ops->refused(post->private_data, &report);
	}
	plan_review(post);
}

static const char *keep(struct post *post, const struct mail *mail,
			const char *to)
{
	struct message *m = open_mail(post, post, mail, to);
	struct message **slot = NULL;

	if (m == NULL) {
		return out_of_memory;
	}
	m->seq = ++post->seq;
	slot = &post->ring[m->seq % RING_SIZE];
	talloc_free(*slot);
	*slot = m;
	post->ops->received(post->private_data, m);
	return NULL;
}

const char *post_take(struct post *post, const struct mail *mail)
{
	TALLOC_CTX *frame = talloc_new(post);
	const char *why = out_of_memory;
	const char *to = NULL;

	if (frame != NULL) {
		why = address(post, frame, mail, &to);
	}
	if (why == NULL && !limits_let_in(post->limits, mail->address,
					  uptime(post))) {
		why = too_many;
	}
	if (why == NULL) {
		why = keep(post, mail, to);
	}
	if (why != NULL) {
		post_refuse(post, mail, why);
	}
	talloc_free(frame);
	return why;
}
