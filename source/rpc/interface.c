/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The interface: its name and endpoint, and its calls from stub to stub.
 *
 * A call that needs nmbd is pending until nmbd has answered or time is over.
 * Its client may vanish meanwhile: Samba keeps the call until it is replied to,
 * and then lets it go with the connection.
 */

#include "interface.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "access.h"
#include "answers.h"
#include "ask.h"
#include "samba_private.h"
#include "samba_rpc.h"

#define NAME	 "msgsvc"
#define ENDPOINT "ncacn_np:[\\pipe\\msgsvc]"

/* Questions are answered at once, orders after 8 s at the latest. */
#define QUESTION_SECONDS 5
#define ORDER_SECONDS	 15

/* What Samba carries through a call as its r. */
struct exchange {
	struct dcesrv_call_state *call;
	struct msgsvc_request request;
	struct msgsvc_reply reply;
	char *order; /* Add, Del: for the module */
};

/*
 * A call that waits for nmbd.
 */

static const char *or_nothing(const char *text)
{
	return (text != NULL) ? text : "";
}

/* Who changed what: standard error is the worker's log. */
static void log_change(const struct exchange *x)
{
	const struct auth_session_info *session =
		dcesrv_call_session_info(x->call);
	const struct auth_user_info *user =
		(session != NULL) ? session->info : NULL;

	if (user != NULL && x->order != NULL) {
		fprintf(stderr, "rpcd_msgsvc: %s\\%s: %s: %" PRIu32 " (%s)\n",
			or_nothing(user->domain_name),
			or_nothing(user->account_name),
			x->order + strlen("json "), x->reply.code,
			msgsvc_code_name(x->reply.code));
	}
}

static void finish(struct exchange *x, uint32_t code)
{
	x->reply.code = code;
	log_change(x);
	/* what fails here is the connection, and Samba's matter */
	(void)dcesrv_reply(x->call);
}

static void got_outcome(struct tevent_req *req)
{
	struct exchange *x = tevent_req_callback_data(req, struct exchange);
	char *text = NULL;
	uint32_t code = ask_recv(req, x, &text);

	talloc_free(req);
	finish(x, (code != NERR_Success) ? code : msgsvc_order_code(text));
}

static void got_table(struct tevent_req *req)
{
	struct exchange *x = tevent_req_callback_data(req, struct exchange);
	struct msgsvc_table table = { .num = 0 };
	struct tevent_req *subreq = NULL;
	char *text = NULL;
	uint32_t code = ask_recv(req, x, &text);

	talloc_free(req);
	if (code == NERR_Success) {
		code = msgsvc_table_parse(x, text, &table);
	}
	if (code != NERR_Success) {
		finish(x, code);
		return;
	}
	if (x->order == NULL) {
		msgsvc_answer(x, &x->request, &table, &x->reply);
		finish(x, x->reply.code);
		return;
	}
	subreq = ask_send(x, x->call->event_ctx, global_messaging_context(),
			  x->order, false, ORDER_SECONDS);
	if (subreq == NULL) {
		finish(x, NERR_InternalError);
		return;
	}
	tevent_req_set_callback(subreq, got_outcome, x);
}

/* There is a module: of many aliases it tells when its loop has gone round. */
static void got_probe(struct tevent_req *req)
{
	struct exchange *x = tevent_req_callback_data(req, struct exchange);
	struct tevent_req *subreq = NULL;
	char *text = NULL;
	uint32_t code = ask_recv(req, x, &text);

	talloc_free(req);
	if (code != NERR_Success) {
		finish(x, code);
		return;
	}
	subreq = ask_send(x, x->call->event_ctx, global_messaging_context(),
			  MSGSVC_TABLE_REQUEST, false, QUESTION_SECONDS);
	if (subreq == NULL) {
		finish(x, NERR_InternalError);
		return;
	}
	tevent_req_set_callback(subreq, got_table, x);
}

/* Returns a code if it is known at once. */
static uint32_t begin(struct exchange *x)
{
	struct dcesrv_call_state *call = x->call;
	struct tevent_req *req = NULL;
	uint32_t code;

	if (!access_is_administrator(dcesrv_call_session_info(call))) {
		return MSGSVC_ACCESS_DENIED;
	}
	code = msgsvc_check(x, &x->request, &x->order);
	if (code != NERR_Success) {
		return code;
	}
	if (!(call->state_flags & DCESRV_CALL_STATE_FLAG_MAY_ASYNC)) {
		return MSGSVC_NOT_SUPPORTED;
	}
	req = ask_send(x, call->event_ctx, global_messaging_context(),
		       MSGSVC_PROBE_REQUEST, true, QUESTION_SECONDS);
	if (req == NULL) {
		return NERR_InternalError;
	}
	tevent_req_set_callback(req, got_probe, x);
	call->state_flags |= DCESRV_CALL_STATE_FLAG_ASYNC;
	return NERR_Success;
}

/*
 * What Samba calls.
 */

static NTSTATUS op_bind(struct dcesrv_connection_context *context,
			const struct dcesrv_interface *iface)
{
	return NT_STATUS_OK;
}

static NTSTATUS op_pull(struct dcesrv_call_state *call, TALLOC_CTX *mem_ctx,
			struct ndr_pull *pull, void **r)
{
	uint16_t opnum = call->pkt.u.request.opnum;
	struct exchange *x = NULL;

	if (opnum >= MSGSVC_METHODS) {
		call->fault_code = DCERPC_FAULT_OP_RNG_ERROR;
		return NT_STATUS_NET_WRITE_FAULT;
	}
	x = talloc_zero(mem_ctx, struct exchange);
	if (x == NULL) {
		return NT_STATUS_NO_MEMORY;
	}
	if ((pull->flags & LIBNDR_FLAG_NDR64) ||
	    !msgsvc_pull(x, (enum msgsvc_method)opnum,
			 pull->data + pull->offset,
			 pull->data_size - pull->offset,
			 (pull->flags & LIBNDR_FLAG_BIGENDIAN) != 0,
			 &x->request)) {
		talloc_free(x);
		call->fault_code = DCERPC_FAULT_NDR;
		return NT_STATUS_NET_WRITE_FAULT;
	}
	pull->offset = pull->data_size;
	x->call = call;
	x->reply.resume = x->request.resume;
	*r = x;
	return NT_STATUS_OK;
}

static NTSTATUS op_dispatch(struct dcesrv_call_state *call, TALLOC_CTX *mem_ctx,
			    void *r)
{
	struct exchange *x = talloc_get_type_abort(r, struct exchange);

	x->reply.code = begin(x);
	return NT_STATUS_OK;
}

static NTSTATUS op_reply(struct dcesrv_call_state *call, TALLOC_CTX *mem_ctx,
			 void *r)
{
	return NT_STATUS_OK;
}

static NTSTATUS op_push(struct dcesrv_call_state *call, TALLOC_CTX *mem_ctx,
			struct ndr_push *push, const void *r)
{
	const struct exchange *x = talloc_get_type_abort(r, struct exchange);
	uint8_t *stub = msgsvc_push(mem_ctx, &x->request, &x->reply,
				    (push->flags & LIBNDR_FLAG_BIGENDIAN) != 0);

	if (stub == NULL ||
	    ndr_push_bytes(push, stub, talloc_array_length(stub)) !=
		    NDR_ERR_SUCCESS) {
		call->fault_code = DCERPC_FAULT_NDR;
		return NT_STATUS_NET_WRITE_FAULT;
	}
	return NT_STATUS_OK;
}

/* 17fdd703-1827-4e34-79d4-24a55c53bb37, version 1.0: [MS-MSRP] 1.9 */
#define SYNTAX_ID                                                              \
	{                                                                      \
		.uuid = { .time_low = 0x17fdd703,                              \
			  .time_mid = 0x1827,                                  \
			  .time_hi_and_version = 0x4e34,                       \
			  .clock_seq = { 0x79, 0xd4 },                         \
			  .node = { 0x24, 0xa5, 0x5c, 0x53, 0xbb, 0x37 } },    \
		.if_version = 1,                                               \
	}

static const struct dcesrv_interface msgsvc_interface = {
	.name = NAME,
	.syntax_id = SYNTAX_ID,
	.bind = op_bind,
	.ndr_pull = op_pull,
	.dispatch = op_dispatch,
	.reply = op_reply,
	.ndr_push = op_push,
	.flags = DCESRV_INTERFACE_FLAGS_HANDLES_NOT_USED,
};

static NTSTATUS init_server(struct dcesrv_context *dce_ctx,
			    const struct dcesrv_endpoint_server *server)
{
	return dcesrv_interface_register(dce_ctx, ENDPOINT, NULL,
					 &msgsvc_interface, NULL);
}

static NTSTATUS shutdown_server(struct dcesrv_context *dce_ctx,
				const struct dcesrv_endpoint_server *server)
{
	return NT_STATUS_OK;
}

static bool interface_by_uuid(struct dcesrv_interface *iface,
			      const struct GUID *uuid, uint32_t version)
{
	if (version != msgsvc_interface.syntax_id.if_version ||
	    memcmp(uuid, &msgsvc_interface.syntax_id.uuid, sizeof(*uuid)) !=
		    0) {
		return false;
	}
	*iface = msgsvc_interface;
	return true;
}

static bool interface_by_name(struct dcesrv_interface *iface, const char *name)
{
	if (strcmp(name, NAME) != 0) {
		return false;
	}
	*iface = msgsvc_interface;
	return true;
}

const struct dcesrv_endpoint_server msgsvc_server = {
	.name = NAME,
	.init_server = init_server,
	.shutdown_server = shutdown_server,
	.interface_by_uuid = interface_by_uuid,
	.interface_by_name = interface_by_name,
};

static const char *const endpoints[] = { ENDPOINT };

static const struct ndr_interface_string_array endpoint_array = {
	.count = 1,
	.names = endpoints,
};

const struct ndr_interface_table msgsvc_table = {
	.name = NAME,
	.syntax_id = SYNTAX_ID,
	.endpoints = &endpoint_array,
};
