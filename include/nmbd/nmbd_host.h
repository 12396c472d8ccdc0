/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The only mirror of nmbd in this project: its structures and functions, which
 * no header of samba-dev declares.  For source/nmbd alone, and what of it the
 * way in has to know.
 *
 * The structures are nmbd's own (source3/include/nameserv.h, since 4.21
 * source3/nmbd/nmbd.h, too); they have not changed from Samba 4.13 to 4.25 on
 * LP64, but for the end of userdata_struct, which is not used.  Every offset
 * that is used here is asserted below, and source/nmbd/host_check.c compares them
 * with live records before anything is changed.
 */

#ifndef NMBD_HOST_H
#define NMBD_HOST_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "samba_private.h"

/* The Samba releases whose structures these are: first and last, inclusive. */
#define NMBD_HOST_SAMBA_MAJOR	    4
#define NMBD_HOST_SAMBA_MINOR_FIRST 13
#define NMBD_HOST_SAMBA_MINOR_LAST  25

/*
 * Opcodes, flags and codes of the name service, RFC 1002 4.2.
 */
#define NMB_NAME_QUERY_OPCODE	  0x00
#define NMB_NAME_REG_OPCODE	  0x05
#define NMB_NAME_RELEASE_OPCODE	  0x06
#define NMB_WACK_OPCODE		  0x07
#define NMB_NAME_REFRESH_OPCODE_8 0x08
#define NMB_NAME_REFRESH_OPCODE_9 0x09
/* Microsoft's: one address of several, [MS-NBTE] 2.2.2 */
#define NMB_NAME_MULTIHOMED_REG_OPCODE 0x0f

/* name_record.data.nb_flags: being released */
#define NB_DEREG 0x10

/* the first byte of an address record, and nb_flags, RFC 1002 4.2.1.3 */
#define NB_GROUP 0x80

/* question_type of a name query */
#define QUESTION_TYPE_NB_QUERY 0x20

/* find_name_on_subnet(): own names only */
#define FIND_SELF_NAME true

enum subnet_type {
	NORMAL_SUBNET = 0,
	UNICAST_SUBNET = 1,
	REMOTE_BROADCAST_SUBNET = 2,
	WINS_SERVER_SUBNET = 3,
};

enum name_source {
	LMHOSTS_NAME = 0,
	REGISTER_NAME = 1,
	SELF_NAME = 2,
	DNS_NAME = 3,
	DNSFAIL_NAME = 4,
	PERMANENT_NAME = 5,
	WINS_PROXY_NAME = 6,
};

enum packet_type {
	NMB_PACKET = 0,
	DGRAM_PACKET = 1,
};

struct nmb_name {
	char name[16]; /* DOS charset, upper case, NUL-padded */
	char scope[64];
	unsigned int name_type;
};

struct res_rec {
	struct nmb_name rr_name;
	int rr_type;
	int rr_class;
	int ttl;
	int rdlength;
	char rdata[576];
};

struct nmb_packet {
	struct {
		int name_trn_id;
		int opcode;
		bool response;
		struct {
			bool bcast;
			bool recursion_available;
			bool recursion_desired;
			bool trunc;
			bool authoritative;
		} nm_flags;
		int rcode;
		int qdcount;
		int ancount;
		int nscount;
		int arcount;
	} header;
	struct {
		struct nmb_name question_name;
		int question_type;
		int question_class;
	} question;
	struct res_rec *answers;
	struct res_rec *nsrecs;
	struct res_rec *additional;
};

struct dgram_packet {
	struct {
		int msg_type;
		struct {
			int node_type;
			bool first;
			bool more;
		} flags;
		int dgm_id;
		struct in_addr source_ip;
		int source_port;
		int dgm_length;
		int packet_offset;
	} header;
	struct nmb_name source_name;
	struct nmb_name dest_name;
	int datasize;
	char data[576];
};

struct packet_struct {
	struct packet_struct *next, *prev;
	bool locked;
	struct in_addr ip;
	int port;
	int recv_fd;
	int send_fd;
	time_t timestamp;
	enum packet_type packet_type;
	union {
		struct nmb_packet nmb;
		struct dgram_packet dgram;
	} packet;
};

struct subnet_record;
struct response_record;

struct userdata_struct {
	struct userdata_struct *(*copy_fn)(struct userdata_struct *userdata);
	/* called when the record that owns this goes away, on every path */
	void (*free_fn)(struct userdata_struct *userdata);
	unsigned int userdata_len;
	/* then data[], at 20, since 4.24.4 at 48: not for us */
};

typedef void (*response_function)(struct subnet_record *subrec,
				  struct response_record *rrec,
				  struct packet_struct *p);
typedef void (*timeout_response_function)(struct subnet_record *subrec,
					  struct response_record *rrec);
typedef void (*register_name_success_function)(struct subnet_record *subrec,
					       struct userdata_struct *userdata,
					       struct nmb_name *name,
					       uint16_t nb_flags, int ttl,
					       struct in_addr ip);
typedef void (*register_name_fail_function)(struct subnet_record *subrec,
					    struct response_record *rrec,
					    struct nmb_name *name);
typedef void (*release_name_success_function)(struct subnet_record *subrec,
					      struct userdata_struct *userdata,
					      struct nmb_name *name,
					      struct in_addr ip);
typedef void (*release_name_fail_function)(struct subnet_record *subrec,
					   struct response_record *rrec,
					   struct nmb_name *name);

/* A request of nmbd's that waits for answers or for the end of its time. */
struct response_record {
	struct response_record *next, *prev;
	uint16_t response_id;
	response_function resp_fn;
	timeout_response_function timeout_fn;
	void *success_fn; /* called as one of the types above */
	void *fail_fn;
	struct packet_struct *packet;
	struct userdata_struct *userdata;
	int num_msgs;
	time_t repeat_time;
	time_t repeat_interval;
	int repeat_count;
	bool in_expiration_processing;
};

struct name_record {
	struct name_record *prev, *next;
	struct subnet_record *subnet;
	struct nmb_name name;
	struct {
		uint16_t nb_flags;
		int num_ips;
		struct in_addr *ip;
		enum name_source source;
		time_t death_time;
		time_t refresh_time;
		uint64_t id;
		struct in_addr wins_ip;
		int wins_flags;
	} data;
};

struct subnet_record {
	struct subnet_record *next, *prev;
	char *subnet_name;
	enum subnet_type type;
	void *workgrouplist;
	struct name_record *namelist;
	struct response_record *responselist;
	bool namelist_changed;
	bool work_changed;
	struct in_addr bcast_ip;
	struct in_addr mask_ip;
	struct in_addr myip;
	int nmb_sock;
	int nmb_bcast;
	int dgram_sock;
	int dgram_bcast;
};

#define HOST_OFFSET(type, member, offset)                                      \
	_Static_assert(offsetof(struct type, member) == (offset),              \
		       #type "." #member " is not where nmbd has it")
#define HOST_SIZE(type, size)                                                  \
	_Static_assert(sizeof(struct type) == (size),                          \
		       #type " has not the size nmbd gives it")

HOST_SIZE(nmb_name, 84);
HOST_OFFSET(nmb_name, name_type, 80);
HOST_SIZE(res_rec, 676);
HOST_OFFSET(res_rec, ttl, 92);
HOST_OFFSET(res_rec, rdlength, 96);
HOST_OFFSET(res_rec, rdata, 100);
HOST_SIZE(nmb_packet, 152);
HOST_OFFSET(nmb_packet, header.opcode, 4);
HOST_OFFSET(nmb_packet, header.response, 8);
HOST_OFFSET(nmb_packet, header.nm_flags.bcast, 9);
HOST_OFFSET(nmb_packet, header.rcode, 16);
HOST_OFFSET(nmb_packet, header.ancount, 24);
HOST_OFFSET(nmb_packet, question.question_name, 36);
HOST_OFFSET(nmb_packet, answers, 128);
HOST_OFFSET(nmb_packet, additional, 144);
HOST_SIZE(dgram_packet, 780);
HOST_OFFSET(dgram_packet, header.flags.first, 8);
HOST_OFFSET(dgram_packet, header.dgm_id, 12);
HOST_OFFSET(dgram_packet, header.packet_offset, 28);
HOST_OFFSET(dgram_packet, source_name, 32);
HOST_OFFSET(dgram_packet, dest_name, 116);
HOST_OFFSET(dgram_packet, datasize, 200);
HOST_OFFSET(dgram_packet, data, 204);
HOST_OFFSET(packet_struct, ip, 20);
HOST_OFFSET(packet_struct, timestamp, 40);
HOST_OFFSET(packet_struct, packet_type, 48);
HOST_OFFSET(packet_struct, packet, 56);
HOST_SIZE(response_record, 104);
HOST_OFFSET(response_record, response_id, 16);
HOST_OFFSET(response_record, resp_fn, 24);
HOST_OFFSET(response_record, timeout_fn, 32);
HOST_OFFSET(response_record, success_fn, 40);
HOST_OFFSET(response_record, fail_fn, 48);
HOST_OFFSET(response_record, packet, 56);
HOST_OFFSET(response_record, userdata, 64);
HOST_OFFSET(response_record, num_msgs, 72);
HOST_OFFSET(response_record, repeat_time, 80);
HOST_OFFSET(response_record, repeat_interval, 88);
HOST_OFFSET(response_record, repeat_count, 96);
HOST_SIZE(name_record, 168);
HOST_OFFSET(name_record, subnet, 16);
HOST_OFFSET(name_record, name, 24);
HOST_OFFSET(name_record, data.nb_flags, 112);
HOST_OFFSET(name_record, data.num_ips, 116);
HOST_OFFSET(name_record, data.ip, 120);
HOST_OFFSET(name_record, data.source, 128);
HOST_SIZE(subnet_record, 88);
HOST_OFFSET(subnet_record, subnet_name, 16);
HOST_OFFSET(subnet_record, type, 24);
HOST_OFFSET(subnet_record, namelist, 40);
HOST_OFFSET(subnet_record, responselist, 48);
HOST_OFFSET(subnet_record, bcast_ip, 60);
HOST_OFFSET(subnet_record, mask_ip, 64);
HOST_OFFSET(subnet_record, myip, 68);
HOST_OFFSET(subnet_record, nmb_sock, 72);
HOST_OFFSET(userdata_struct, free_fn, 8);
HOST_OFFSET(userdata_struct, userdata_len, 16);

#undef HOST_OFFSET
#undef HOST_SIZE

/*
 * nmbd exports these of its own (source3/nmbd/nmbd_proto.h).
 */
extern struct subnet_record *subnetlist;
extern struct subnet_record *unicast_subnet;
extern int num_response_packets;
extern uint16_t samba_nb_type;

struct tevent_context *nmbd_event_context(void);
bool we_are_a_wins_client(void);
void add_ip_to_name_record(struct name_record *namerec, struct in_addr new_ip);
void remove_ip_from_name_record(struct name_record *namerec,
				struct in_addr remove_ip);

void register_name(struct subnet_record *subrec, const char *name, int type,
		   uint16_t nb_flags, register_name_success_function success_fn,
		   register_name_fail_function fail_fn,
		   struct userdata_struct *userdata);
struct response_record *queue_release_name(
	struct subnet_record *subrec, response_function resp_fn,
	timeout_response_function timeout_fn,
	release_name_success_function success_fn,
	release_name_fail_function fail_fn, struct userdata_struct *userdata,
	struct nmb_name *nmbname, uint16_t nb_flags, struct in_addr release_ip,
	struct in_addr dest_ip);
void remove_response_record(struct subnet_record *subrec,
			    struct response_record *rrec);
struct name_record *find_name_on_subnet(struct subnet_record *subrec,
					const struct nmb_name *nmbname,
					bool self_only);
void remove_name_from_namelist(struct subnet_record *subrec,
			       struct name_record *namerec);
void insert_permanent_name_into_unicast(struct subnet_record *subrec,
					struct nmb_name *nmbname,
					uint16_t nb_type);

/* Samba's libraries: source3/libsmb/nmblib.c */
struct packet_struct *parse_packet(char *buf, int length,
				   enum packet_type packet_type,
				   struct in_addr ip, int port);

#endif /* NMBD_HOST_H */
