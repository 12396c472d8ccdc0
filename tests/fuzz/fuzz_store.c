/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The tdb of aliases added by request.  The first byte chooses: the rest is
 * the file as it is, or records in a sound file.
 */

#include "fuzz.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <tdb.h>

#include "name.h"
#include "store_file.h"
#include "store_records.h"
#include "text.h"

static void write_records(struct fuzz_bytes *b)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct tdb_context *tdb = tdb_open(fuzz_file(), 1, TDB_NOSYNC,
					   O_RDWR | O_CREAT | O_TRUNC, 0600);

	FUZZ_MUST(tdb != NULL);
	while (b->left > 0) {
		bool prefixed = (fuzz_take(b) & 1) != 0;
		char *text = fuzz_take_text(frame, b);
		uint8_t value[4];
		TDB_DATA v = { .dptr = value, .dsize = fuzz_take(b) % 4 };
		TDB_DATA k;

		memset(value, fuzz_take(b), sizeof(value));
		if (prefixed) {
			text = talloc_asprintf(frame, "alias/%s", text);
			FUZZ_MUST(text != NULL);
		}
		k.dptr = (unsigned char *)text;
		k.dsize = strlen(text) + ((fuzz_take(b) & 7) == 0 ? 1 : 0);
		FUZZ_MUST(tdb_store(tdb, k, v, TDB_REPLACE) == 0);
	}
	tdb_close(tdb);
	talloc_free(frame);
}

static bool one(void *private_data, const char *text)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	unsigned *count = private_data;
	struct wire_name wire;
	char *name = NULL;
	bool ok =
		messenger_name_parse(frame, text, &name, &wire) == NERR_Success;

	(*count)++;
	FUZZ_MUST(text[0] != '\0');
	FUZZ_MUST(!ok || !text_has_control(name));
	talloc_free(frame);
	return ok;
}

static bool find(void *private_data, const char *name)
{
	unsigned *found = private_data;

	*found += (strcmp(name, "OPERATOR") == 0) ? 1 : 0;
	return true;
}

/* A damaged one is set aside. */
static void use_store(void)
{
	struct store_file *file = store_file_create(fuzz_file());
	unsigned count = 0;

	FUZZ_MUST(file != NULL);
	if (store_file_open(file) == 0) {
		store_records_traverse(file, one, &count);
		if (store_records_change(file, "OPERATOR", true) == 0) {
			count = 0;
			store_records_traverse(file, find, &count);
			FUZZ_MUST(count == 1);
			FUZZ_MUST(store_records_change(file, "OPERATOR",
						       false) == 0);
		}
		count = 0;
		store_records_traverse(file, find, &count);
		FUZZ_MUST(count == 0);
	}
	store_file_leave(file);
	store_file_log(file);
	store_file_free(file);
}

void fuzz_store(const uint8_t *data, size_t len)
{
	struct fuzz_bytes b = { .p = data, .left = len };

	if ((fuzz_take(&b) & 1) != 0) {
		write_records(&b);
	} else {
		fuzz_write_file(b.p, b.left);
	}
	use_store();
	unlink(fuzz_file());
}
