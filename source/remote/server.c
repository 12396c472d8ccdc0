/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server.h"

#include <string.h>
#include <unistd.h>

#include "msgsvc_client.h"
#include "samba_client.h"

struct server {
	struct dcerpc_pipe *pipe;
};

/* 17fdd703-1827-4e34-79d4-24a55c53bb37, version 1.0: [MS-MSRP] 1.9 */
static const struct ndr_interface_table msgsvc = {
	.name = "msgsvc",
	.syntax_id = {
		.uuid = { 0x17fdd703, 0x1827, 0x4e34, { 0x79, 0xd4 },
			  { 0x24, 0xa5, 0x5c, 0x53, 0xbb, 0x37 } },
		.if_version = 1,
	},
};

static const char *ask_password(struct cli_credentials *credentials)
{
	char *name =
		cli_credentials_get_unparsed_name(credentials, credentials);
	char *prompt = talloc_asprintf(credentials, "Password for [%s]: ",
				       (name != NULL) ? name : "");

	return (prompt != NULL) ? getpass(prompt) : NULL;
}

/* NULL: the file cannot be read, or there is no memory. */
static struct cli_credentials *make_credentials(
	TALLOC_CTX *mem_ctx, struct loadparm_context *lp_ctx,
	const struct server_options *options)
{
	struct cli_credentials *c = cli_credentials_init(mem_ctx);

	if (c == NULL || !cli_credentials_guess(c, lp_ctx)) {
		return NULL;
	}
	if (options->auth_file != NULL &&
	    !cli_credentials_parse_file(c, options->auth_file,
					CRED_SPECIFIED)) {
		return NULL;
	}
	if (options->user != NULL) {
		cli_credentials_parse_string(c, options->user, CRED_SPECIFIED);
	}
	(void)cli_credentials_set_password_callback(c, ask_password);
	return c;
}

static struct loadparm_context *load_config(const char *config)
{
	struct loadparm_context *lp_ctx = loadparm_init_global(config == NULL);

	if (lp_ctx == NULL || (config != NULL && !lpcfg_load(lp_ctx, config))) {
		return NULL;
	}
	return lp_ctx;
}

/* What makes up a name or an address, and means nothing in a binding. */
static bool is_host(const char *host)
{
	return host[0] != '\0' && host[strspn(host, "abcdefghijklmnopqrstuvwxyz"
						    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
						    "0123456789-._")] == '\0';
}

static const char *explain(NTSTATUS status)
{
	if (NT_STATUS_EQUAL(status, NT_STATUS_OBJECT_NAME_NOT_FOUND)) {
		return "it does not serve msgsvc: install nmbd-messenger-rpc "
		       "there, and restart its smbd";
	}
	return get_friendly_nt_error_msg(status);
}

struct server *server_connect(TALLOC_CTX *mem_ctx,
			      const struct server_options *options,
			      const char **why)
{
	struct server *s = talloc_zero(mem_ctx, struct server);
	struct tevent_context *ev = tevent_context_init(s);
	struct loadparm_context *lp_ctx = NULL;
	struct cli_credentials *credentials = NULL;
	char *binding = talloc_asprintf(s, "ncacn_np:%s[\\pipe\\msgsvc]",
					options->host);
	NTSTATUS status;

	if (s == NULL || ev == NULL || binding == NULL) {
		*why = "out of memory";
		goto failed;
	}
	if (!is_host(options->host)) {
		*why = "this is no name and no address of a host";
		goto failed;
	}
	lp_ctx = load_config(options->config);
	if (lp_ctx == NULL) {
		*why = "smb.conf cannot be read; name it with -s FILE";
		goto failed;
	}
	credentials = make_credentials(s, lp_ctx, options);
	if (credentials == NULL) {
		*why = "there is no user: name one with -U USER, or a file "
		       "that can be read with -A FILE";
		goto failed;
	}
	status = dcerpc_init();
	if (NT_STATUS_IS_OK(status)) {
		status = dcerpc_pipe_connect(s, &s->pipe, binding, &msgsvc,
					     credentials, ev, lp_ctx);
	}
	if (!NT_STATUS_IS_OK(status)) {
		*why = explain(status);
		goto failed;
	}
	dcerpc_binding_handle_set_timeout(s->pipe->binding_handle,
					  options->seconds);
	return s;
failed:
	talloc_free(s);
	return NULL;
}

bool server_call(TALLOC_CTX *mem_ctx, struct server *server,
		 const struct msgsvc_request *req, struct msgsvc_reply *reply,
		 const char **why)
{
	uint8_t *stub = msgsvc_push_request(server, req);
	uint8_t *answer = NULL;
	size_t len = 0;
	uint32_t flags = 0;
	NTSTATUS status;
	bool ok = false;

	if (stub == NULL) {
		*why = "out of memory";
		return false;
	}
	status = dcerpc_binding_handle_raw_call(server->pipe->binding_handle,
						NULL, req->method, 0, stub,
						talloc_get_size(stub), server,
						&answer, &len, &flags);
	if (!NT_STATUS_IS_OK(status)) {
		*why = explain(status);
	} else {
		ok = msgsvc_pull_reply(mem_ctx, req, answer, len,
				       (flags & LIBNDR_FLAG_BIGENDIAN) != 0,
				       reply);
		*why = "its answer cannot be read";
	}
	talloc_free(stub);
	talloc_free(answer);
	return ok;
}
