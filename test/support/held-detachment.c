/*
 * Preloaded into a process: detaching a link (BPF_LINK_DETACH of include/uapi/linux/bpf.h) waits until somebody writes to
 * the named pipe HELD_DETACHMENT, as it waits for the kernel where many are detached.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

long syscall(long number, ...) {
    va_list rest;
    va_start(rest, number);
    long arguments[6];
    for (int i = 0; i < 6; i++)
        arguments[i] = va_arg(rest, long);
    va_end(rest);
    const char *pipe = getenv("HELD_DETACHMENT");
    if (number == SYS_bpf && arguments[0] == BPF_LINK_DETACH && pipe != NULL) {
        const int fd = open(pipe, O_RDONLY | O_CLOEXEC);
        if (fd >= 0)
            close(fd);
    }
    long (*next)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return next(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}
