/*
 * Opens and closes TCP connections on loopback at a steady rate: connection-storm <port> <per second> <seconds>.
 * Prints how many there were. A thread of its own accepts, reads to the end and closes.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Addresses of loopback in turn: each has ports of its own, and closed connections keep theirs for a minute. */
#define DESTINATIONS 64

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void *serve(void *argument) {
    const int listener = *(int *)argument;
    char byte;
    for (;;) {
        const int connection = accept(listener, NULL, NULL);
        if (connection < 0)
            return NULL;
        while (read(connection, &byte, 1) > 0) {
        }
        close(connection);
    }
}

int main(int count, char **words) {
    if (count != 4)
        return 2;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1]))};
    const long long interval = 1000000000LL / atoi(words[2]);
    const long long total = atoll(words[2]) * atoi(words[3]);
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    const int yes = 1;
    pthread_t server;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(listener, 4096) != 0)
        return 1;
    pthread_create(&server, NULL, serve, (void *)&listener);
    const long long start = now();
    long long made = 0;
    for (; made < total; made++) {
        /* A wait for each hundred: sleeping takes longer than connecting. */
        while (made % 100 == 0 && now() < start + made * interval)
            usleep(100);
        const int connection = socket(AF_INET, SOCK_STREAM, 0);
        address.sin_addr.s_addr = htonl(0x7f000001 + made % DESTINATIONS);
        if (connect(connection, (struct sockaddr *)&address, sizeof(address)) != 0) {
            perror("connect");
            return 1;
        }
        close(connection);
    }
    const long long elapsed = now() - start;
    sleep(1); /* until the last is closed on both sides */
    printf("{\"connections\":%lld,\"seconds\":%.3f}\n", made, elapsed / 1e9);
    fflush(stdout);
    _exit(0);
}
