/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What Samba's libraries export and no header of samba-dev declares: the
 * configuration, messaging, paths, the list of WINS servers, the loader.
 * Nothing here is nmbd's.
 */

#ifndef SAMBA_PRIVATE_H
#define SAMBA_PRIVATE_H

#include <netinet/in.h>
#include <regex.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <talloc.h>
#include <tevent.h>
#include <core/ntstatus.h>
#include <gen_ndr/server_id.h>
#include <util/data_blob.h>
#include <util/debug.h>

struct messaging_context;

const char *samba_version_string(void);

/* dynconfig/dynconfig.h */
const char *get_dyn_NMBDSOCKETDIR(void);

bool ismyip_v4(struct in_addr ip);

/* source3/lib/util_path.c */
char *state_path(TALLOC_CTX *mem_ctx, const char *name);

/* source3/lib/wins_srv.c */
char **wins_srv_tags(void);
void wins_srv_tags_free(char **list);
void wins_srv_died(struct in_addr wins_ip, struct in_addr src_ip);
void wins_srv_alive(struct in_addr wins_ip, struct in_addr src_ip);
struct in_addr wins_srv_ip_tag(const char *tag, struct in_addr src_ip);

/* lib/util/samba_util.h */
bool next_token_talloc(TALLOC_CTX *ctx, const char **ptr, char **pp_buff,
		       const char *sep);

/* source3/param/loadparm.c */
const char *lp_guest_account(void);
const char *lp_netbios_name(void);
const char *lp_workgroup(void);
const char **lp_netbios_aliases(void);
bool lp_load_global(const char *file_name);
const char *lp_default_path(void);
const char *lp_parm_const_string(int snum, const char *type, const char *option,
				 const char *def);
const char **lp_parm_string_list(int snum, const char *type, const char *option,
				 const char **def);
int lp_wi_scan_global_parametrics(const char *regex, size_t max_matches,
				  bool (*cb)(const char *string,
					     regmatch_t matches[],
					     void *private_data),
				  void *private_data);
bool lp_file_list_changed(void);
bool lp_clustering(void);
const char *lp_ctdbd_socket(void);
bool lp_domain_master(void);
const char **lp_wins_server_list(void);

/* source3/lib/messages.c */
struct messaging_rec {
	struct messaging_rec *prev, *next;
	uint32_t msg_version;
	uint32_t msg_type;
	struct server_id dest;
	struct server_id src;
	DATA_BLOB buf;
	uint8_t num_fds;
	int64_t *fds;
};

NTSTATUS messaging_register(struct messaging_context *msg_ctx,
			    void *private_data, uint32_t msg_type,
			    void (*fn)(struct messaging_context *msg,
				       void *private_data, uint32_t msg_type,
				       struct server_id server_id,
				       DATA_BLOB *data));
struct server_id messaging_server_id(const struct messaging_context *msg_ctx);
NTSTATUS messaging_send_buf(struct messaging_context *msg_ctx,
			    struct server_id server, uint32_t msg_type,
			    const uint8_t *buf, size_t len);
int messaging_send_iov_from(struct messaging_context *msg_ctx,
			    struct server_id src, struct server_id dst,
			    uint32_t msg_type, const struct iovec *iov,
			    int iovlen, const int *fds, size_t num_fds);
struct tevent_req *messaging_filtered_read_send(
	TALLOC_CTX *mem_ctx, struct tevent_context *ev,
	struct messaging_context *msg_ctx,
	bool (*filter)(struct messaging_rec *rec, void *private_data),
	void *private_data);
int messaging_filtered_read_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
				 struct messaging_rec **presult);
bool messaging_parent_dgm_cleanup_init(struct messaging_context *msg);

struct messaging_context *messaging_init(TALLOC_CTX *mem_ctx,
					 struct tevent_context *ev);

/* source3/lib/global_contexts.c */
struct messaging_context *global_messaging_context(void);

/* lib/util/talloc_stack.c */
TALLOC_CTX *_talloc_stackframe(const char *location);

/* source3/lib/util_procid.c, lib/util/pidfile.c */
struct server_id pid_to_procid(pid_t pid);
pid_t pidfile_pid(const char *piddir, const char *name);
const char *lp_pid_directory(void);

/* librpc/idl/messaging.idl */
#define MSG_SMB_CONF_UPDATED 0x0021
#define MSG_REQ_RINGBUF_LOG 0x0033
#define MSG_RINGBUF_LOG     0x0034
#define MSG_WINBIND_DUMP_DOMAIN_LIST 0x0409
#define MSG_RPC_DUMP_STATUS	     4006

/* lib/util/samba_modules.h */
NTSTATUS smb_load_module(const char *subsystem, const char *module);
int smb_load_all_modules_absoute_path(const char **modules);

#endif /* SAMBA_PRIVATE_H */
