/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The fuzz targets: each takes any bytes, and abort()s when what must always
 * hold does not.  script/fuzz gives them to libFuzzer, one program each;
 * unit/test_fuzz_cases.c replays the corpus.
 */

#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

struct fuzz_target {
	const char *name; /* of its folder in corpus/, too */
	void (*run)(const uint8_t *data, size_t len);
};

/** The targets, ended by one whose name is NULL. */
extern const struct fuzz_target fuzz_targets[];

void fuzz_request(const uint8_t *data, size_t len);
void fuzz_config(const uint8_t *data, size_t len);
void fuzz_nbns(const uint8_t *data, size_t len);
void fuzz_cluster(const uint8_t *data, size_t len);
void fuzz_store(const uint8_t *data, size_t len);
void fuzz_event(const uint8_t *data, size_t len);
void fuzz_eventlog(const uint8_t *data, size_t len);
void fuzz_message(const uint8_t *data, size_t len);
void fuzz_msgsvc(const uint8_t *data, size_t len);

/** What must hold, or it is a finding. */
#define FUZZ_MUST(what) fuzz_must((what), #what, __FILE__, __LINE__)

void fuzz_must(bool holds, const char *what, const char *file, int line);

/** @brief Let Samba know the charsets; once, before anything else. */
void fuzz_init(void);

/**
 * @brief A path for a file, in a folder that goes with the process.
 *
 * The same file each time; constant.
 */
const char *fuzz_file(void);

/** @brief Write it anew. */
void fuzz_write_file(const uint8_t *data, size_t len);

/** Bytes to make something else of. */
struct fuzz_bytes {
	const uint8_t *p;
	size_t left;
};

/** @brief The next one; 0 when there are no more. */
uint8_t fuzz_take(struct fuzz_bytes *b);

/** @brief The next 32 bits. */
uint32_t fuzz_take32(struct fuzz_bytes *b);

/**
 * @brief The next text: a length, and so many bytes but NULs.
 *
 * @return Owned by mem_ctx.
 */
char *fuzz_take_text(TALLOC_CTX *mem_ctx, struct fuzz_bytes *b);

#endif /* TESTS_FUZZ_H */
