/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "helper.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef HELPERSDIR
#define HELPERSDIR "/usr/libexec/samba"
#endif

const char helper_path[] = HELPERSDIR "/rpcd_msgsvc";

static bool ends_before(uint64_t size, uint64_t offset, uint64_t bytes)
{
	return offset > size || bytes > size - offset;
}

bool helper_head_is_cut(const uint8_t *head, size_t len, uint64_t size)
{
	Elf64_Ehdr program;
	Elf64_Phdr part;
	uint64_t at;
	unsigned i;

	if (len < SELFMAG || memcmp(head, ELFMAG, SELFMAG) != 0) {
		return false;
	}
	if (len < sizeof(program)) {
		return true;
	}
	memcpy(&program, head, sizeof(program));
	if (program.e_ident[EI_CLASS] != ELFCLASS64 ||
	    program.e_phentsize != sizeof(part)) {
		return false;
	}
	at = program.e_phoff;
	for (i = 0; i < program.e_phnum; i++, at += sizeof(part)) {
		if (ends_before(size, at, sizeof(part))) {
			return true;
		}
		if (ends_before(len, at, sizeof(part))) {
			return false; /* further back than was read */
		}
		memcpy(&part, head + at, sizeof(part));
		if (part.p_type == PT_LOAD &&
		    ends_before(size, part.p_offset, part.p_filesz)) {
			return true;
		}
	}
	return false;
}

bool helper_is_cut(const char *path)
{
	uint8_t head[HELPER_HEAD_BYTES];
	struct stat st;
	ssize_t len = -1;
	/* a pipe in its place holds nobody up */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd == -1) {
		return false;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		len = pread(fd, head, sizeof(head), 0);
	}
	close(fd);
	return len >= 0 &&
	       helper_head_is_cut(head, (size_t)len, (uint64_t)st.st_size);
}
