/*
 * What the kernel's own classic BPF says of packets: attaches a program to a socket (SO_ATTACH_FILTER) and sends itself
 * the packets. stdin: the number of instructions, struct sock_filter each, then for each packet its length and bytes,
 * numbers of 32 bits. stdout: a byte for each packet, 1 where it came through.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* A program of 4,096 instructions is more than sockets may hold (net.core.optmem_max), except in a namespace of ours. */
static void allow_long_programs(void) {
    if (unshare(CLONE_NEWNET) != 0)
        fail("make a network namespace");
    FILE *limit = fopen("/proc/sys/net/core/optmem_max", "w");
    if (!limit || fputs("1048576", limit) < 0 || fclose(limit) != 0)
        fail("raise net.core.optmem_max");
}

int main(void) {
    static struct sock_filter instructions[BPF_MAXINSNS];
    static uint8_t packet[1 << 16];
    uint32_t length = 0;
    int sockets[2];

    if (fread(&length, sizeof(length), 1, stdin) != 1 || length > BPF_MAXINSNS ||
        fread(instructions, sizeof(*instructions), length, stdin) != length)
        fail("read the program");
    if (length > 1000)
        allow_long_programs();
    const struct sock_fprog program = {.len = (unsigned short)length, .filter = instructions};
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets) != 0)
        fail("make a pair of sockets");
    if (setsockopt(sockets[1], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) != 0)
        fail("attach the program");
    while (fread(&length, sizeof(length), 1, stdin) == 1) {
        if (length > sizeof(packet) || fread(packet, 1, length, stdin) != length)
            fail("read a packet");
        if (send(sockets[0], packet, length, 0) != (ssize_t)length)
            fail("send a packet");
        const ssize_t received = recv(sockets[1], packet, sizeof(packet), MSG_DONTWAIT);
        if (received < 0 && errno != EAGAIN)
            fail("receive a packet");
        putchar(received < 0 ? 0 : 1);
    }
    return 0;
}
