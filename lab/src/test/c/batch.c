/*
 * batch SERVICES DESTINATIONS: creates the table of the axis "commands" in the kernel. Many commands are sent with one system
 * call, each is acknowledged, and every acknowledgement is read. Prints the seconds from the first message to the last
 * acknowledgement. Ends with 1 if a command failed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { COMMANDS_PER_CALL = 256, BUFFER = 65536, RECEIVE_BUFFER = 4 << 20, SERVICE_PORT = 80, SERVER_PORT = 8000 };

static char out[BUFFER], in[BUFFER];
static size_t length;
static unsigned pending;
static int sock;

static void fail(const char *what)
{
	fprintf(stderr, "batch: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void *append(const void *data, size_t size)
{
	size_t padded = NLMSG_ALIGN(size);
	char *at = out + length;
	if (length + padded > sizeof(out)) {
		errno = ENOBUFS;
		fail("message");
	}
	memset(at, 0, padded);
	if (data)
		memcpy(at, data, size);
	length += padded;
	return at;
}

static void attribute(uint16_t type, const void *data, uint16_t size)
{
	struct nlattr head = {.nla_len = NLA_HDRLEN + size, .nla_type = type};
	append(&head, sizeof(head));
	append(data, size);
}

static void attribute16(uint16_t type, uint16_t value)
{
	attribute(type, &value, sizeof(value));
}

static void attribute32(uint16_t type, uint32_t value)
{
	attribute(type, &value, sizeof(value));
}

static struct nlattr *open_nested(uint16_t type)
{
	struct nlattr head = {.nla_len = 0, .nla_type = type | NLA_F_NESTED};
	return append(&head, sizeof(head));
}

static void close_nested(struct nlattr *head)
{
	head->nla_len = out + length - (char *)head;
}

static struct nlmsghdr *open_message(uint16_t family, uint8_t command)
{
	struct nlmsghdr head = {.nlmsg_type = family, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK};
	struct genlmsghdr generic = {.cmd = command, .version = 1};
	struct nlmsghdr *message = append(&head, sizeof(head));
	append(&generic, sizeof(generic));
	return message;
}

static void close_message(struct nlmsghdr *message)
{
	message->nlmsg_len = out + length - (char *)message;
	pending++;
}

static ssize_t receive(void)
{
	ssize_t size = recv(sock, in, sizeof(in), 0);
	if (size < 0)
		fail("recv");
	return size;
}

/* Sends what was collected, and reads an acknowledgement of each command. */
static void flush(void)
{
	if (!pending)
		return;
	if (send(sock, out, length, 0) != (ssize_t)length)
		fail("send");
	length = 0;
	while (pending) {
		int size = receive();
		for (struct nlmsghdr *m = (void *)in; NLMSG_OK(m, size); m = NLMSG_NEXT(m, size)) {
			if (m->nlmsg_type != NLMSG_ERROR)
				continue;
			errno = -((struct nlmsgerr *)NLMSG_DATA(m))->error;
			if (errno)
				fail("command");
			pending--;
		}
	}
}

static uint16_t family(void)
{
	struct nlmsghdr *message = open_message(GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	uint16_t id = 0;
	message->nlmsg_flags = NLM_F_REQUEST;
	attribute(CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME, sizeof(IPVS_GENL_NAME));
	close_message(message);
	if (send(sock, out, length, 0) < 0)
		fail("send");
	length = 0;
	pending = 0;
	ssize_t size = receive();
	struct nlattr *a = (void *)(in + NLMSG_HDRLEN + GENL_HDRLEN);
	while ((char *)a + NLA_HDRLEN <= in + size && a->nla_len >= NLA_HDRLEN) {
		if (a->nla_type == CTRL_ATTR_FAMILY_ID)
			memcpy(&id, (char *)a + NLA_HDRLEN, sizeof(id));
		a = (void *)((char *)a + NLA_ALIGN(a->nla_len));
	}
	if (!id) {
		errno = ENOENT;
		fail("IPVS");
	}
	return id;
}

/* The same addresses as in CommandBench: 10.SECOND.(n / 250).(n % 250 + 1). */
static void address(uint16_t type, unsigned second, unsigned n)
{
	uint8_t bytes[16] = {10, second, n / 250, n % 250 + 1};
	attribute(type, bytes, sizeof(bytes));
}

static void service_key(unsigned number)
{
	attribute16(IPVS_SVC_ATTR_AF, AF_INET);
	attribute16(IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP);
	address(IPVS_SVC_ATTR_ADDR, 88, number);
	attribute16(IPVS_SVC_ATTR_PORT, htons(SERVICE_PORT));
}

static void service(uint16_t id, unsigned number)
{
	struct ip_vs_flags flags = {.flags = 0, .mask = ~0};
	struct nlmsghdr *message = open_message(id, IPVS_CMD_NEW_SERVICE);
	struct nlattr *nested = open_nested(IPVS_CMD_ATTR_SERVICE);
	service_key(number);
	attribute(IPVS_SVC_ATTR_SCHED_NAME, "rr", sizeof("rr"));
	attribute(IPVS_SVC_ATTR_FLAGS, &flags, sizeof(flags));
	attribute32(IPVS_SVC_ATTR_TIMEOUT, 0);
	attribute32(IPVS_SVC_ATTR_NETMASK, ~0);
	close_nested(nested);
	close_message(message);
}

static void destination(uint16_t id, unsigned service, unsigned number)
{
	struct nlmsghdr *message = open_message(id, IPVS_CMD_NEW_DEST);
	struct nlattr *nested = open_nested(IPVS_CMD_ATTR_SERVICE);
	service_key(service);
	close_nested(nested);
	nested = open_nested(IPVS_CMD_ATTR_DEST);
	attribute16(IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET);
	address(IPVS_DEST_ATTR_ADDR, 77, number);
	attribute16(IPVS_DEST_ATTR_PORT, htons(SERVER_PORT));
	attribute32(IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_MASQ);
	attribute32(IPVS_DEST_ATTR_WEIGHT, 1);
	attribute32(IPVS_DEST_ATTR_U_THRESH, 0);
	attribute32(IPVS_DEST_ATTR_L_THRESH, 0);
	close_nested(nested);
	close_message(message);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: batch SERVICES DESTINATIONS\n");
		return 2;
	}
	unsigned services = atoi(argv[1]), destinations = atoi(argv[2]);
	int size = RECEIVE_BUFFER;
	struct sockaddr_nl local = {.nl_family = AF_NETLINK};
	struct timespec start, end;
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (sock < 0 || bind(sock, (void *)&local, sizeof(local)))
		fail("socket");
	if (setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		fail("SO_RCVBUFFORCE");
	uint16_t id = family();
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (unsigned s = 0; s < services; s++) {
		service(id, s);
		for (unsigned d = 0; d < destinations; d++) {
			if (pending == COMMANDS_PER_CALL)
				flush();
			destination(id, s, s * destinations + d);
		}
		if (pending == COMMANDS_PER_CALL)
			flush();
	}
	flush();
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.9f\n", end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9);
	return 0;
}
