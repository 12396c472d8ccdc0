/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long anybody waits for what becomes of a claim, on this node or for
 * another one that has asked.
 */

#ifndef MESSENGER_SOURCE_PATIENCE_H
#define MESSENGER_SOURCE_PATIENCE_H

/** smbcontrol waits 10 s for an answer unless told otherwise. */
#define PATIENCE_USEC 8000000

/** A holder that is there says who it is in a few milliseconds. */
#define DIAGNOSIS_USEC 1000000

/** Not all that may bring the verdict of another node is told. */
#define PAUSE_USEC 100000

#endif /* MESSENGER_SOURCE_PATIENCE_H */
