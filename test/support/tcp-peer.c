/*
 * One end of TCP connections, or of UDP, told what to do by lines on standard input. Answers each with a line of JSON: what it
 * measured of its own connection, by which others are judged.
 *
 *     listen <address> <port> [reuseport, or backlog]    accept    connect <address> <port> [user timeout in ms]
 *     send <bytes>    receive <bytes, 0: until the end>    shutdown    close    reset    fork <bytes>    exit
 *     serve-as <uid>: a child of that user, named "worker", accepts and answers a byte
 *     bind <address> <port>    send-to <address> <port>    answer: datagrams of a byte
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int listener = -1;
static int connection = -1;
static int datagrams = -1;
static long long begun, ready, sent, received;

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static socklen_t parse(const char *address, int port, struct sockaddr_storage *to) {
    struct sockaddr_in *ipv4 = (struct sockaddr_in *)to;
    struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)to;
    memset(to, 0, sizeof(*to));
    if (inet_pton(AF_INET, address, &ipv4->sin_addr) == 1) {
        ipv4->sin_family = AF_INET;
        ipv4->sin_port = htons(port);
        return sizeof(*ipv4);
    }
    inet_pton(AF_INET6, address, &ipv6->sin6_addr);
    ipv6->sin6_family = AF_INET6;
    ipv6->sin6_port = htons(port);
    return sizeof(*ipv6);
}

static int local_port(int fd) {
    struct sockaddr_storage own;
    socklen_t length = sizeof(own);
    if (getsockname(fd, (struct sockaddr *)&own, &length) != 0)
        return 0;
    return ntohs(own.ss_family == AF_INET ? ((struct sockaddr_in *)&own)->sin_port
                                          : ((struct sockaddr_in6 *)&own)->sin6_port);
}

static void begin(int fd) {
    connection = fd;
    sent = received = 0;
}

static int transfer(long long bytes, int sending) {
    static char buffer[65536];
    long long *count = sending ? &sent : &received;
    const long long until = *count + bytes;
    while ((!sending && bytes == 0) || *count < until) {
        size_t size = sizeof(buffer);
        if (bytes != 0 && until - *count < (long long)size)
            size = until - *count;
        const ssize_t length = sending ? send(connection, buffer, size, MSG_NOSIGNAL) : recv(connection, buffer, size, 0);
        if (length < 0)
            return errno;
        if (length == 0)
            return 0;
        *count += length;
    }
    return 0;
}

/* The child serves the connection to its end; the parent only accepted it. */
static int serve_in_child(long long bytes) {
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        close(listener);
        const int failure = transfer(0, 0) || transfer(bytes, 1);
        close(connection);
        _exit(failure);
    }
    close(connection);
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

/* The child is another process, user and name than the listener. It ends with the connection. */
static int serve_as(int uid) {
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_NAME, "worker");
        if (setuid(uid) != 0)
            _exit(1);
        begin(accept(listener, NULL, NULL));
        _exit(transfer(1, 0) || transfer(1, 1) || transfer(0, 0));
    }
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

/* Sends what came back to where it came from. */
static int answer(void) {
    char byte;
    struct sockaddr_storage from;
    socklen_t length = sizeof(from);
    if (recvfrom(datagrams, &byte, 1, 0, (struct sockaddr *)&from, &length) != 1)
        return errno;
    return sendto(datagrams, &byte, 1, 0, (struct sockaddr *)&from, length) != 1 ? errno : 0;
}

static int run(const char *command, const char *first, const char *second, const char *third) {
    struct sockaddr_storage address;
    const int yes = 1;
    if (strcmp(command, "listen") == 0) {
        const socklen_t length = parse(first, atoi(second), &address);
        const int backlog = atoi(third) != 0 ? atoi(third) : 128;
        listener = socket(address.ss_family, SOCK_STREAM, 0);
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
        if (strcmp(third, "reuseport") == 0)
            setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
        return bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, backlog) != 0 ? errno : 0;
    }
    if (strcmp(command, "accept") == 0) {
        begun = now();
        const int fd = accept(listener, NULL, NULL);
        ready = now();
        begin(fd);
        return fd < 0 ? errno : 0;
    }
    if (strcmp(command, "connect") == 0) {
        const socklen_t length = parse(first, atoi(second), &address);
        const unsigned int timeout = atoi(third);
        const int fd = socket(address.ss_family, SOCK_STREAM, 0);
        if (timeout != 0)
            setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof(timeout));
        begin(fd);
        begun = now();
        const int failure = connect(fd, (struct sockaddr *)&address, length) != 0 ? errno : 0;
        ready = now();
        return failure;
    }
    if (strcmp(command, "send") == 0)
        return transfer(atoll(first), 1);
    if (strcmp(command, "receive") == 0)
        return transfer(atoll(first), 0);
    if (strcmp(command, "serve-as") == 0)
        return serve_as(atoi(first));
    if (strcmp(command, "bind") == 0 || strcmp(command, "send-to") == 0) {
        const socklen_t length = parse(first, atoi(second), &address);
        if (datagrams < 0)
            datagrams = socket(address.ss_family, SOCK_DGRAM, 0);
        if (*command == 'b')
            return bind(datagrams, (struct sockaddr *)&address, length) != 0 ? errno : 0;
        return sendto(datagrams, "x", 1, 0, (struct sockaddr *)&address, length) != 1 ? errno : 0;
    }
    if (strcmp(command, "answer") == 0)
        return answer();
    if (strcmp(command, "shutdown") == 0)
        return shutdown(connection, SHUT_WR) != 0 ? errno : 0;
    if (strcmp(command, "reset") == 0) {
        const struct linger hard = {.l_onoff = 1, .l_linger = 0};
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
        return close(connection) != 0 ? errno : 0;
    }
    if (strcmp(command, "fork") == 0)
        return serve_in_child(atoll(first));
    if (strcmp(command, "close") == 0)
        return close(connection) != 0 ? errno : 0;
    exit(0);
}

int main(void) {
    char line[256], command[32], first[64], second[64], third[64];
    setvbuf(stdout, NULL, _IOLBF, 0);
    while (fgets(line, sizeof(line), stdin) != NULL) {
        *command = *first = *second = *third = '\0';
        sscanf(line, "%31s %63s %63s %63s", command, first, second, third);
        const int port = strcmp(command, "close") == 0 ? local_port(connection) : 0;
        const long long called = now();
        const int failure = run(command, first, second, third);
        printf("{\"pid\":%d,\"uid\":%d,\"errno\":\"%s\",\"localPort\":%d,\"begunNs\":%lld,\"readyNs\":%lld,\"calledNs\":%lld,\"endedNs\":%lld,"
               "\"sent\":%lld,\"received\":%lld}\n",
               getpid(), getuid(), failure ? strerrorname_np(failure) : "", port ? port : local_port(connection), begun,
               ready, called, now(), sent, received);
    }
    return 0;
}
