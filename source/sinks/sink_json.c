/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A file of JSON lines, one for each event, and one more when the holder of a
 * refused name is known.
 */

#include "sinks.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#define SINK "messenger:json log"

struct sink_json {
	char *path; /* NULL: none */
	int fd;	    /* -1: not open */
	struct sink_trouble trouble;
};

static int close_file(struct sink_json *sink)
{
	if (sink->fd != -1) {
		close(sink->fd);
		sink->fd = -1;
	}
	return 0;
}

struct sink_json *sink_json_init(TALLOC_CTX *mem_ctx)
{
	struct sink_json *sink = talloc_zero(mem_ctx, struct sink_json);

	if (sink != NULL) {
		sink->fd = -1;
		talloc_set_destructor(sink, close_file);
	}
	return sink;
}

static void failed(struct sink_json *sink, const char *what, const char *why)
{
	char *doing = talloc_asprintf(sink, "%s %s", what, sink->path);

	sink_failed(&sink->trouble, SINK, (doing != NULL) ? doing : what, why);
	talloc_free(doing);
}

/* Neither moved away nor removed since it was opened. */
static bool is_current(const struct sink_json *sink)
{
	struct stat open_file;
	struct stat path;

	return sink->fd != -1 && fstat(sink->fd, &open_file) == 0 &&
	       stat(sink->path, &path) == 0 &&
	       open_file.st_dev == path.st_dev &&
	       open_file.st_ino == path.st_ino;
}

/*
 * A new file has the group of its folder: on Debian that of /var/log/samba is
 * adm, whose members read log.nmbd there.  Without CAP_CHOWN it takes a process
 * that is in that group; a log with another group is better than none.
 */
static void share_with_folder(struct sink_json *sink)
{
	char *folder = talloc_strdup(sink, sink->path);
	char *slash = (folder != NULL) ? strrchr(folder, '/') : NULL;
	struct stat st;

	if (slash != NULL && slash != folder) {
		*slash = '\0';
		if (stat(folder, &st) != 0 ||
		    fchown(sink->fd, (uid_t)-1, st.st_gid) != 0) {
			errno = 0;
		}
	}
	talloc_free(folder);
}

static bool open_file(struct sink_json *sink)
{
	const int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW |
			  O_NONBLOCK | O_NOCTTY;
	struct stat st;

	close_file(sink);
	/* O_NONBLOCK: a FIFO without a reader would stop nmbd */
	sink->fd = open(sink->path, flags | O_CREAT | O_EXCL, 0640);
	if (sink->fd != -1) {
		share_with_folder(sink);
	} else if (errno == EEXIST) {
		sink->fd = open(sink->path, flags);
	}
	if (sink->fd == -1) {
		failed(sink, "open", strerror(errno));
		return false;
	}
	if (fstat(sink->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close_file(sink);
		failed(sink, "write to", "it is not a regular file");
		return false;
	}
	return true;
}

/* A line that does not fit on the disk is taken back, not left in halves. */
static void write_line(struct sink_json *sink, const char *line, size_t len)
{
	off_t end = lseek(sink->fd, 0, SEEK_END);
	ssize_t n = write(sink->fd, line, len);
	int err = (n < 0) ? errno : ENOSPC;

	if (n == (ssize_t)len) {
		sink_works(&sink->trouble, SINK);
		return;
	}
	if (n > 0 && end >= 0 && ftruncate(sink->fd, end) != 0) {
		err = errno;
	}
	failed(sink, "write to", strerror(err));
}

void sink_json_configure(struct sink_json *sink, const char *path)
{
	close_file(sink);
	sink->trouble.told = false;
	TALLOC_FREE(sink->path);
	if (path != NULL) {
		sink->path = talloc_strdup(sink, path);
	}
	if (sink->path != NULL) {
		(void)open_file(sink);
	}
}

void sink_json_write(struct sink_json *sink, const struct event *ev,
		     bool completed)
{
	json_t *json = NULL;
	char *line = NULL;

	if (sink->path == NULL || (!is_current(sink) && !open_file(sink))) {
		return;
	}
	json = event_json(ev);
	line = text_of_json(sink, json);
	text_add(&line, "\n");
	if (line != NULL) {
		write_line(sink, line, strlen(line));
	} else {
		failed(sink, "write to", strerror(ENOMEM));
	}
	talloc_free(line);
	json_decref(json);
}
