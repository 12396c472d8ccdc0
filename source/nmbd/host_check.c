/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Is this nmbd the one whose structures we were built with?
 *
 * The compiler has checked the offsets of our own mirror.  Here live records,
 * whose contents are known from elsewhere (smb.conf, sockets, the wire), are
 * held against it before anything is changed.  If the mirror were wrong its
 * pointers would be too: so they are read by the kernel, which fails where we
 * would crash.
 */

#include "host_check.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "nmbd_host.h"

/* More subnets, names or requests than any nmbd has: the list runs wild. */
#define LIST_LIMIT 100000

/* nmbd's own, seconds and requests; more answers than hosts would send */
#define BROADCAST_INTERVAL 1
#define UNICAST_INTERVAL   5
#define REPEATS		   3
#define ANSWERS_LIMIT	   1000

static bool is_known(const char *version)
{
	int major = 0;
	int minor = 0;

	return version != NULL &&
	       sscanf(version, "%d.%d.", &major, &minor) == 2 &&
	       major == NMBD_HOST_SAMBA_MAJOR &&
	       minor >= NMBD_HOST_SAMBA_MINOR_FIRST &&
	       minor <= NMBD_HOST_SAMBA_MINOR_LAST;
}

const char *host_check_samba(TALLOC_CTX *mem_ctx, bool unknown)
{
	const char *version = samba_version_string();
	const char *why = NULL;

	if (is_known(version)) {
		return NULL;
	}
	why = talloc_asprintf(mem_ctx,
			      "Samba %s is not one it knows (%d.%d to %d.%d)",
			      version, NMBD_HOST_SAMBA_MAJOR,
			      NMBD_HOST_SAMBA_MINOR_FIRST,
			      NMBD_HOST_SAMBA_MAJOR,
			      NMBD_HOST_SAMBA_MINOR_LAST);
	if (why == NULL) {
		return "out of memory";
	}
	if (unknown) {
		DBG_ERR("messenger: %s: it runs if all that it compares fits, "
			"as messenger:unknown samba has it\n",
			why);
		return NULL;
	}
	return talloc_asprintf_append((char *)why,
				      "; messenger:unknown samba = check lets "
				      "it try");
}

static bool readable(const void *p, size_t len)
{
	char buf[1024];
	struct iovec to = { .iov_base = buf, .iov_len = len };
	struct iovec from = { .iov_base = (void *)(uintptr_t)p,
			      .iov_len = len };

	if (p == NULL || ((uintptr_t)p % sizeof(int)) != 0 ||
	    len > sizeof(buf)) {
		return false;
	}
	if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) == (ssize_t)len) {
		return true;
	}
	/* some containers forbid the call: then the contents must do */
	return errno == EPERM || errno == ENOSYS;
}

static bool readable_string(const char *p, char *copy, size_t size)
{
	struct iovec to = { .iov_base = copy, .iov_len = size - 1 };
	struct iovec from = { .iov_base = (void *)(uintptr_t)p,
			      .iov_len = size - 1 };
	ssize_t n;

	if (p == NULL) {
		return false;
	}
	memset(copy, 0, size);
	/* a short string may stand at the end of what is mapped */
	n = process_vm_readv(getpid(), &to, 1, &from, 1, 0);
	if (n < 0 && (errno == EPERM || errno == ENOSYS)) {
		strncpy(copy, p, size - 1);
		n = (ssize_t)strlen(copy);
	}
	return n > 0;
}

/* A function of nmbd's own program. */
static bool in_nmbd(const void *fn)
{
	Dl_info here;
	Dl_info known;

	return fn != NULL && dladdr(fn, &here) != 0 &&
	       dladdr((const void *)(uintptr_t)&register_name, &known) != 0 &&
	       here.dli_fbase == known.dli_fbase;
}

static bool socket_has_address(int fd, struct in_addr ip)
{
	struct sockaddr_in sin = { .sin_family = AF_UNSPEC };
	socklen_t len = sizeof(sin);

	return getsockname(fd, (struct sockaddr *)&sin, &len) == 0 &&
	       sin.sin_family == AF_INET && sin.sin_addr.s_addr == ip.s_addr;
}

static const char *check_normal_subnet(const struct subnet_record *subrec)
{
	char name[INET_ADDRSTRLEN];

	if (!readable(subrec, sizeof(*subrec)) ||
	    subrec->type != NORMAL_SUBNET) {
		return "a subnet is not of type normal";
	}
	if (!readable_string(subrec->subnet_name, name, sizeof(name)) ||
	    strcmp(name, inet_ntoa(subrec->myip)) != 0) {
		return "a subnet is not named by its address";
	}
	if (!socket_has_address(subrec->nmb_sock, subrec->myip)) {
		return "a subnet's socket is not bound to its address";
	}
	if ((subrec->myip.s_addr & subrec->mask_ip.s_addr) !=
	    (subrec->bcast_ip.s_addr & subrec->mask_ip.s_addr)) {
		return "a subnet's broadcast address is not of its net";
	}
	return NULL;
}

/* nmbd enters its own names here before it registers them. */
static const char *check_unicast_names(const struct wire_name *computer)
{
	const struct name_record *n = unicast_subnet->namelist;
	size_t limit = LIST_LIMIT;

	for (; n != NULL && limit > 0; n = n->next, limit--) {
		if (!readable(n, sizeof(*n)) || n->subnet != unicast_subnet) {
			return "a name is not of the subnet it stands on";
		}
		if (n->name.name_type != MESSENGER_NAME_TYPE ||
		    memcmp(n->name.name, computer->bytes,
			   sizeof(computer->bytes)) != 0) {
			continue;
		}
		if (n->data.source != SELF_NAME &&
		    n->data.source != PERMANENT_NAME) {
			return "the computer name is not nmbd's own";
		}
		if (n->data.num_ips < 1 ||
		    !readable(n->data.ip, sizeof(*n->data.ip)) ||
		    !ismyip_v4(n->data.ip[0])) {
			return "the computer name has not our address";
		}
		return NULL;
	}
	return "the computer name is not in the unicast subnet";
}

static bool is_of_nmbd(const void *fn)
{
	return fn == NULL || in_nmbd(fn);
}

const char *host_check_record(const struct subnet_record *subrec,
			      const struct response_record *rrec)
{
	const struct nmb_packet *nmb = NULL;
	struct in_addr ip;

	if (!readable(rrec, sizeof(*rrec)) || !in_nmbd(rrec->resp_fn) ||
	    !in_nmbd(rrec->timeout_fn)) {
		return "a registration does not answer to nmbd";
	}
	if (!readable(rrec->packet, sizeof(*rrec->packet)) ||
	    rrec->packet->packet_type != NMB_PACKET) {
		return "a registration has no packet";
	}
	nmb = &rrec->packet->packet.nmb;
	if (nmb->header.name_trn_id != rrec->response_id ||
	    nmb->header.response) {
		return "a registration has another transaction than its packet";
	}
	if (nmb->header.arcount == 0) {
		return NULL; /* a query */
	}
	if (!readable(nmb->additional, sizeof(*nmb->additional)) ||
	    nmb->additional->rdlength != 6) {
		return "a registration's packet has no address record";
	}
	if (!is_of_nmbd(rrec->success_fn) || !is_of_nmbd(rrec->fail_fn) ||
	    (rrec->userdata != NULL &&
	     !readable(rrec->userdata, sizeof(*rrec->userdata)))) {
		return "a registration does not answer to nmbd";
	}
	/* as make_response_record() sets them, and answers and time count */
	if (rrec->repeat_interval !=
		    (nmb->header.nm_flags.bcast ? BROADCAST_INTERVAL
						: UNICAST_INTERVAL) ||
	    rrec->repeat_count < 0 || rrec->repeat_count > REPEATS ||
	    rrec->num_msgs < 0 || rrec->num_msgs > ANSWERS_LIMIT) {
		return "a registration is not repeated as nmbd repeats it";
	}
	memcpy(&ip, &nmb->additional->rdata[2], sizeof(ip));
	/* two addresses in one net: the first of them speaks for both */
	if (subrec->type == NORMAL_SUBNET &&
	    (!ismyip_v4(ip) ||
	     rrec->packet->ip.s_addr != subrec->bcast_ip.s_addr ||
	     !nmb->header.nm_flags.bcast)) {
		return "a registration is not for the subnet it stands on";
	}
	return NULL;
}

static const char *check_records(const struct subnet_record *subrec)
{
	const struct response_record *rrec = subrec->responselist;
	const char *why = NULL;

	for (; rrec != NULL && why == NULL; rrec = rrec->next) {
		why = host_check_record(subrec, rrec);
	}
	return why;
}

const char *host_check_subnets(const struct wire_name *computer)
{
	const struct subnet_record *subrec = subnetlist;
	const struct subnet_record *last = NULL;
	const char *why = NULL;
	char name[sizeof("UNICAST_SUBNET")];
	size_t limit = LIST_LIMIT;

	if (subrec == NULL) {
		return "there is no subnet";
	}
	for (; subrec != NULL && limit > 0; subrec = subrec->next, limit--) {
		why = check_normal_subnet(subrec);
		if (why != NULL) {
			return why;
		}
		last = subrec;
	}
	if (limit == 0 || subnetlist->prev != last) {
		return "the list of subnets is not closed";
	}
	if (!readable(unicast_subnet, sizeof(*unicast_subnet)) ||
	    unicast_subnet->type != UNICAST_SUBNET ||
	    !readable_string(unicast_subnet->subnet_name, name, sizeof(name)) ||
	    strcmp(name, "UNICAST_SUBNET") != 0) {
		return "the unicast subnet is not of type unicast";
	}
	why = check_unicast_names(computer);
	for (subrec = subnetlist; subrec != NULL && why == NULL;
	     subrec = subrec->next) {
		why = check_records(subrec);
	}
	return why;
}
