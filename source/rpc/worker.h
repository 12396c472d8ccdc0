/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The way from the program into the library: rpcd_msgsvc.c loads msgsvc.so,
 * which alone is linked with Samba.
 */

#ifndef MESSENGER_SOURCE_WORKER_H
#define MESSENGER_SOURCE_WORKER_H

#define MSGSVC_WORKER "msgsvc_worker"

/**
 * @brief Be a worker of samba-dcerpcd, by its command line.
 *
 * @return NULL at its end; else, at once and with nothing printed, why it
 *         cannot be one: a constant string.
 */
typedef const char *msgsvc_worker_fn(int argc, const char *argv[]);

msgsvc_worker_fn msgsvc_worker;

#endif /* MESSENGER_SOURCE_WORKER_H */
