/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the modules of a cluster tell each other, as bytes.  Numbers are in the
 * order of the network.  Pure.
 */

#include "hello.h"

#include <string.h>

#include "net_order.h"

/* "NMSG" */
#define MAGIC 0x4e4d5347u

#define AT_VERSION  4
#define AT_VNN	    8
#define AT_PID	    12
#define AT_FLAGS    16
#define AT_COMPUTER 20
#define AT_NUM	    36
#define AT_NETS	    40
#define NET_LENGTH  12

#define FLAG_READY 1u
#define FLAG_WINS  2u

#define NET_PUBLIC 1u
#define NET_HOLDS  2u

size_t hello_write(uint8_t buf[HELLO_MAX], const struct hello *h)
{
	size_t len = AT_NETS + h->num_nets * NET_LENGTH;
	size_t i;

	memset(buf, 0, len);
	put32(buf, MAGIC);
	put32(buf + AT_VERSION, HELLO_VERSION);
	put32(buf + AT_VNN, h->vnn);
	put32(buf + AT_PID, h->pid);
	put32(buf + AT_FLAGS, (h->ready ? FLAG_READY : 0) |
				      (h->wins ? FLAG_WINS : 0));
	memcpy(buf + AT_COMPUTER, h->computer.bytes,
	       sizeof(h->computer.bytes));
	put32(buf + AT_NUM, (uint32_t)h->num_nets);
	for (i = 0; i < h->num_nets; i++) {
		const struct hello_net *net = &h->nets[i];
		uint8_t *at = buf + AT_NETS + i * NET_LENGTH;

		memcpy(at, &net->address, sizeof(net->address));
		memcpy(at + 4, &net->mask, sizeof(net->mask));
		put32(at + 8, (net->is_public ? NET_PUBLIC : 0) |
				      (net->holds ? NET_HOLDS : 0));
	}
	return len;
}

bool hello_read(const uint8_t *buf, size_t len, struct hello *h)
{
	uint32_t num = (len >= AT_NETS) ? get32(buf + AT_NUM) : 0;
	size_t i;

	if (len < AT_NETS || get32(buf) != MAGIC ||
	    num > HELLO_NETS_MAX || len - AT_NETS < num * NET_LENGTH) {
		return false;
	}
	*h = (struct hello){
		.version = get32(buf + AT_VERSION),
		.vnn = get32(buf + AT_VNN),
		.pid = get32(buf + AT_PID),
		.ready = (get32(buf + AT_FLAGS) & FLAG_READY) != 0,
		.wins = (get32(buf + AT_FLAGS) & FLAG_WINS) != 0,
		.num_nets = num,
	};
	memcpy(h->computer.bytes, buf + AT_COMPUTER,
	       sizeof(h->computer.bytes));
	for (i = 0; i < num; i++) {
		const uint8_t *at = buf + AT_NETS + i * NET_LENGTH;
		struct hello_net *net = &h->nets[i];

		memcpy(&net->address, at, sizeof(net->address));
		memcpy(&net->mask, at + 4, sizeof(net->mask));
		net->is_public = (get32(at + 8) & NET_PUBLIC) != 0;
		net->holds = (get32(at + 8) & NET_HOLDS) != 0;
	}
	return true;
}
