/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A smb.conf for a test, read by Samba's own functions.
 */

#ifndef TESTS_UNIT_SMB_CONF_H
#define TESTS_UNIT_SMB_CONF_H

/**
 * @brief Let Samba load a smb.conf; what was loaded before is forgotten.
 *
 * @param[in] global  The lines of [global].  "netbios name" is ALPHA unless
 *                    they say otherwise.
 */
void load_smb_conf(const char *global);

/** @brief Give Samba's memory back; for the end of a test program. */
void unload_smb_conf(void);

/** @brief A group's setup: the charsets of an empty smb.conf. */
int setup_smb_conf(void **state);

/** @brief And its teardown. */
int teardown_smb_conf(void **state);

#endif /* TESTS_UNIT_SMB_CONF_H */
