/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A shared library that is no module: it has no samba_init_module(). */

int hollow_answer(void);

int hollow_answer(void)
{
	return 42;
}
