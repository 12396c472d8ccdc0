/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A program that is cut off somewhere, and what is none.
 */

#include "helper.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

#define PARTS 3
#define END   9000U

struct head {
	Elf64_Ehdr program;
	Elf64_Phdr parts[PARTS];
};

/* Two parts that are mapped, and one that is no matter. */
static struct head whole(void)
{
	struct head h = { .program = { .e_phoff = sizeof(Elf64_Ehdr),
				       .e_phentsize = sizeof(Elf64_Phdr),
				       .e_phnum = PARTS } };

	memcpy(h.program.e_ident, ELFMAG, SELFMAG);
	h.program.e_ident[EI_CLASS] = ELFCLASS64;
	h.parts[0] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_filesz = 5000 };
	h.parts[1] = (Elf64_Phdr){ .p_type = PT_NOTE,
				   .p_offset = 2 * END,
				   .p_filesz = 1 };
	h.parts[2] = (Elf64_Phdr){ .p_type = PT_LOAD,
				   .p_offset = 8000,
				   .p_filesz = END - 8000,
				   .p_memsz = 3 * END };
	return h;
}

static bool is_cut(const struct head *h, size_t len, uint64_t size)
{
	/* as long as it is and no longer, for the sanitizer */
	uint8_t *copy = malloc((len > 0) ? len : 1);
	bool cut;

	assert_non_null(copy);
	memcpy(copy, h, len);
	cut = helper_head_is_cut(copy, len, size);
	free(copy);
	return cut;
}

static void each_end(void **state)
{
	struct head h = whole();
	size_t size;

	for (size = SELFMAG; size < END; size++) {
		size_t len = (size < sizeof(h)) ? size : sizeof(h);

		assert_true(is_cut(&h, len, size));
	}
	assert_false(is_cut(&h, sizeof(h), END));
	assert_false(is_cut(&h, sizeof(h), END + 1));
}

static void no_program(void **state)
{
	struct head h = whole();
	size_t len;

	for (len = 0; len < SELFMAG; len++) {
		assert_false(is_cut(&h, len, len));
	}
	h.program.e_ident[EI_CLASS] = ELFCLASS32;
	assert_false(is_cut(&h, sizeof(h), 1000));
	h = whole();
	h.program.e_phentsize = 32;
	assert_false(is_cut(&h, sizeof(h), 1000));
	memcpy(h.program.e_ident, "#!/bin/sh\n", 10);
	assert_false(is_cut(&h, sizeof(h), sizeof(h)));
}

static void headers_elsewhere(void **state)
{
	struct head h = whole();

	/* beyond what was read, and there */
	h.program.e_phoff = 5000;
	assert_false(is_cut(&h, sizeof(h), END));
	/* partly beyond the file */
	assert_true(is_cut(&h, sizeof(h), 5000 + sizeof(Elf64_Phdr) - 1));
	h.program.e_phoff = UINT64_MAX - 10;
	assert_true(is_cut(&h, sizeof(h), END));
	h = whole();
	h.parts[2].p_offset = UINT64_MAX - 10;
	assert_true(is_cut(&h, sizeof(h), END));
	h = whole();
	h.parts[2].p_filesz = UINT64_MAX;
	assert_true(is_cut(&h, sizeof(h), END));
}

/* This program, and a copy of its first half. */
static void files(void **state)
{
	char path[] = "/tmp/test_helper.XXXXXX";
	static uint8_t bytes[16384];
	FILE *file = fopen("/proc/self/exe", "re");
	int fd = mkstemp(path);

	assert_non_null(file);
	assert_int_not_equal(fd, -1);
	assert_int_equal(fread(bytes, 1, sizeof(bytes), file), sizeof(bytes));
	fclose(file);
	assert_false(helper_is_cut(path));
	assert_int_equal(write(fd, bytes, sizeof(bytes)), sizeof(bytes));
	close(fd);
	assert_true(helper_is_cut(path));
	unlink(path);
	assert_false(helper_is_cut(path));
	assert_false(helper_is_cut("/proc/self/exe"));
	assert_false(helper_is_cut("/"));
	assert_false(helper_is_cut("/dev/zero"));
	assert_string_equal(strrchr(helper_path, '/'), "/rpcd_msgsvc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_end),
		cmocka_unit_test(no_program),
		cmocka_unit_test(headers_elsewhere),
		cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
