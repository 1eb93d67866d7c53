// SPDX-License-Identifier: MIT
/*
 * How long each CPU takes for the same work, ns, one line a CPU. The additions do not depend on each other, so that
 * they take as long as the core has units for them: longer while a neighbour, perhaps one outside of this virtual
 * machine, computes on the other hardware thread of the core.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 12000000

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

#define ADD(variable)                                                                                                  \
    variable += 1;                                                                                                     \
    __asm__ volatile("" : "+r"(variable))

static long long work(void) {
    long a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
    const long long start = now();
    for (int i = 0; i < ROUNDS; i++) {
        ADD(a);
        ADD(b);
        ADD(c);
        ADD(d);
        ADD(e);
        ADD(f);
        ADD(g);
        ADD(h);
    }
    return now() - start;
}

int main(void) {
    const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    for (int cpu = 0; cpu < cpus; cpu++) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(cpu, &set);
        if (sched_setaffinity(0, sizeof(set), &set) != 0) {
            perror("sched_setaffinity");
            return 1;
        }
        printf("%lld\n", work());
    }
    return 0;
}
