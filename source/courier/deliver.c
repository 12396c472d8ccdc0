/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * smbmessenger deliver.  It runs as smbd's guest account, with arguments that
 * a stranger has chosen, and whoever sends the message waits for it: nothing
 * here takes longer than PATIENCE_MSEC.
 */

#include "deliver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clean.h"
#include "letter.h"
#include "mailbox_path.h"
#include "samba_private.h"
#include "undelivered.h"

/* nmbd answers in a millisecond, or does not at all. */
#define PATIENCE_MSEC 2000

static struct span span_of(const char *text)
{
	return (struct span){ .bytes = (const uint8_t *)text,
			      .len = strlen(text) };
}

/*
 * What smbd has written, and so much of it as a letter takes.  Returns 0 or an
 * errno.
 */
static int read_file(TALLOC_CTX *mem_ctx, const char *path,
		     struct letter *letter)
{
	uint8_t *buf = talloc_array(mem_ctx, uint8_t, LETTER_TEXT_MAX);
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
				    O_CLOEXEC);
	int err = (fd == -1) ? errno : 0;
	struct stat st = { .st_mode = 0 };
	ssize_t len = 0;

	if (buf == NULL) {
		err = ENOMEM;
	} else if (err == 0 && fstat(fd, &st) != 0) {
		err = errno;
	} else if (err == 0 && !S_ISREG(st.st_mode)) {
		err = EINVAL;
	}
	if (err == 0) {
		len = read(fd, buf, LETTER_TEXT_MAX);
		err = (len < 0) ? errno : 0;
	}
	if (err == 0) {
		letter->text.bytes = buf;
		letter->text.len = (size_t)len;
		letter->whole = (size_t)st.st_size;
	}
	if (fd != -1) {
		close(fd);
	}
	(void)unlink(path);
	return err;
}

/* Returns a descriptor, or -1 with why in errno. */
static int connect_to(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(to.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(to.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd != -1 &&
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		int err = errno;

		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

/*
 * Returns whether there was an answer; *refused is why it was not taken, and
 * *err why there was none.
 */
static bool converse(TALLOC_CTX *mem_ctx, int fd, const uint8_t *packet,
		     const char **refused, int *err)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char answer[LETTER_ANSWER_MAX];
	ssize_t len;

	/* a refusal may be there before anything is sent */
	if (send(fd, packet, talloc_array_length(packet), MSG_NOSIGNAL) == -1 &&
	    errno != EPIPE && errno != ECONNRESET) {
		*err = errno;
		return false;
	}
	if (poll(&p, 1, PATIENCE_MSEC) != 1) {
		*err = ETIMEDOUT;
		return false;
	}
	len = recv(fd, answer, sizeof(answer), 0);
	if (len < 1) {
		*err = (len == 0) ? ECONNRESET : errno;
		return false;
	}
	if (answer[0] != 0) {
		*refused = talloc_strndup(mem_ctx, answer + 1,
					  (size_t)len - 1);
	}
	return true;
}

static const char *reason_text(int err, bool configured)
{
	if (!configured && (err == ENOENT || err == ECONNREFUSED)) {
		return "smb.conf cannot be read by the user who runs this, "
		       "and where nmbd has its sockets by default there is none "
		       "for messages";
	}
	switch (err) {
	case ENOENT:
	case ECONNREFUSED:
		return "nmbd is not running, runs without the module, or has "
		       "no socket for messages (log.nmbd says why)";
	case EAGAIN:
	case ECONNRESET:
	case ETIMEDOUT:
		return "nmbd is busy";
	default:
		break;
	}
	return strerror(err);
}

static enum exit_status hand_over(TALLOC_CTX *mem_ctx,
				  const struct letter *letter,
				  bool configured, const char **why)
{
	uint8_t *packet = letter_write(mem_ctx, letter);
	char *path = mailbox_path(mem_ctx);
	const char *refused = NULL;
	int err = ENOMEM;
	int fd = -1;

	if (packet != NULL && path != NULL) {
		fd = connect_to(path);
		err = errno;
	}
	if (fd == -1 || !converse(mem_ctx, fd, packet, &refused, &err)) {
		*why = reason_text(err, configured);
		undelivered_tell(letter, *why);
		if (fd != -1) {
			close(fd);
		}
		return EXIT_NO_SERVICE;
	}
	close(fd);
	*why = refused;
	return (refused != NULL) ? EXIT_REFUSED : EXIT_DONE;
}

static bool is_address(const char *text)
{
	unsigned char binary[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, text, binary) == 1 ||
	       inet_pton(AF_INET6, text, binary) == 1;
}

enum exit_status deliver(TALLOC_CTX *mem_ctx, const char *config,
			 const char **words, const char **why)
{
	/* a machine without a name is no word */
	bool nameless = words[4] == NULL && is_address(words[3]);
	struct letter letter = {
		.from = span_of(words[1]),
		.to = span_of(words[2]),
		.machine = span_of(nameless ? "" : words[3]),
		.address = span_of(nameless ? words[3]
				   : (words[4] != NULL) ? words[4]
							: ""),
	};
	int err = read_file(mem_ctx, words[0], &letter);
	bool configured;

	if (err != 0) {
		/* one without a text is not what was sent */
		*why = talloc_asprintf(mem_ctx,
				       "its text cannot be read from %s: %s",
				       words[0],
				       (err == EINVAL) ? "not a plain file"
						       : strerror(err));
		*why = (*why != NULL) ? *why : "out of memory";
		undelivered_tell(&letter, *why);
		return EXIT_REFUSED;
	}
	/* it may be for root alone; most have the socket where it is anyway */
	configured = lp_load_global((config != NULL) ? config
						     : lp_default_path());
	return hand_over(mem_ctx, &letter, configured, why);
}
