/*
 * Preloaded into a process: makes one chosen call into the C library fail, as if the kernel had refused it.
 *
 * The process chooses by trying to open /failing-calls/NAME/ERRNO/N: the N-th call of NAME from then on fails with errno
 * ERRNO. Opening /failing-calls/answer forgets the choice; it fails with EEXIST where the call was reached, with ENOENT
 * otherwise. Where the process cannot choose, the environment's FAILING_CALLS=NAME/ERRNO/N does; a process that makes
 * such a call then writes at its end, to the file FAILING_CALLS_MADE, how many of them it made, up to N.
 *
 * Calls of the addon count, and of node's own those on files: a C++ runtime that cannot map memory ends the process.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <unistd.h>

#define DOOR "/failing-calls/"

static char chosen[32];
static int failure;
static int asked;
static atomic_int left;
static atomic_bool reached;

static void choose(const char *text) {
    atomic_store(&left, 0);
    atomic_store(&reached, false);
    if (sscanf(text, "%31[a-z_0-9]/%d/%d", chosen, &failure, &asked) == 3)
        atomic_store(&left, asked);
}

__attribute__((constructor)) static void choose_from_environment(void) {
    const char *text = getenv("FAILING_CALLS");
    if (text != NULL)
        choose(text);
}

__attribute__((destructor)) static void write_made(void) {
    const char *path = getenv("FAILING_CALLS_MADE");
    const int made = asked - atomic_load(&left);
    FILE *file = path != NULL && made > 0 ? fopen(path, "w") : NULL;
    if (file == NULL)
        return;
    fprintf(file, "%d", made);
    fclose(file);
}

static bool is_of_addon(const void *caller) {
    Dl_info info;
    return dladdr(caller, &info) != 0 && info.dli_fname != NULL && strstr(info.dli_fname, ".node") != NULL;
}

/* Whether this call is the one that fails; errno is set then. */
static bool fails(const char *name) {
    if (atomic_load(&left) <= 0 || strcmp(name, chosen) != 0 || atomic_fetch_sub(&left, 1) != 1)
        return false;
    atomic_store(&reached, true);
    errno = failure;
    return true;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define ADDON_FAILS(name) (is_of_addon(__builtin_return_address(0)) && fails(name))

static bool is_door(const char *path) {
    if (strncmp(path, DOOR, strlen(DOOR)) != 0)
        return false;
    const bool was_reached = atomic_load(&reached);
    choose(path + strlen(DOOR));
    errno = was_reached ? EEXIST : ENOENT;
    return true;
}

#define DEFINE_OPEN(name)                                                                                              \
    int name(const char *path, int flags, ...) {                                                                       \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        const mode_t mode = va_arg(rest, mode_t);                                                                      \
        va_end(rest);                                                                                                  \
        if (is_door(path) || fails("open"))                                                                            \
            return -1;                                                                                                 \
        return NEXT(name)(path, flags, mode);                                                                          \
    }
DEFINE_OPEN(open)
DEFINE_OPEN(open64)

/* libuv wakes its threads by writing, and node ends where a file that it only read cannot be closed. */
static bool is_written(int fd) {
    struct stat file;
    return fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
}

long syscall(long number, ...) {
    va_list rest;
    va_start(rest, number);
    long arguments[6];
    for (int i = 0; i < 6; i++)
        arguments[i] = va_arg(rest, long);
    va_end(rest);
    if (number == SYS_bpf && ADDON_FAILS("bpf"))
        return -1;
    /* libuv */
    if (number == SYS_statx && fails("statx"))
        return -1;
    if (number == SYS_close) {
        const bool counts = is_written(arguments[0]);
        const long result = NEXT(syscall)(number, arguments[0]);
        return counts && fails("close") ? -1 : result;
    }
    return NEXT(syscall)(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}

/* Calls of the addon alone: what it maps, watches, asks of sockets and clocks. */
#define DEFINE_OF_ADDON(type, name, parameters, ...)                                                                   \
    type name parameters {                                                                                             \
        if (ADDON_FAILS(#name))                                                                                        \
            return (type)-1;                                                                                           \
        return NEXT(name)(__VA_ARGS__);                                                                                \
    }
DEFINE_OF_ADDON(void *, mmap, (void *at, size_t size, int protection, int flags, int fd, off_t offset), at, size,
                protection, flags, fd, offset)
DEFINE_OF_ADDON(void *, mmap64, (void *at, size_t size, int protection, int flags, int fd, off64_t offset), at, size,
                protection, flags, fd, offset)
DEFINE_OF_ADDON(int, epoll_create1, (int flags), flags)
DEFINE_OF_ADDON(int, epoll_ctl, (int epoll, int operation, int fd, struct epoll_event *event), epoll, operation, fd,
                event)
DEFINE_OF_ADDON(int, timerfd_create, (int clock, int flags), clock, flags)
DEFINE_OF_ADDON(int, timerfd_settime, (int fd, int flags, const struct itimerspec *to, struct itimerspec *old), fd,
                flags, to, old)
DEFINE_OF_ADDON(int, socket, (int domain, int type, int protocol), domain, type, protocol)
DEFINE_OF_ADDON(int, setsockopt, (int fd, int level, int name, const void *value, socklen_t length), fd, level, name,
                value, length)
DEFINE_OF_ADDON(int, bind, (int fd, const struct sockaddr *address, socklen_t length), fd, address, length)
DEFINE_OF_ADDON(ssize_t, send, (int fd, const void *bytes, size_t length, int flags), fd, bytes, length, flags)
DEFINE_OF_ADDON(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), fd, message, flags)
DEFINE_OF_ADDON(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), fd, message, flags)
DEFINE_OF_ADDON(int, getsockname, (int fd, struct sockaddr *address, socklen_t *length), fd, address, length)

/* Calls on files, of node too. */
#define DEFINE_OF_ALL(type, name, parameters, ...)                                                                     \
    type name parameters {                                                                                             \
        if (fails(#name))                                                                                              \
            return -1;                                                                                                 \
        return NEXT(name)(__VA_ARGS__);                                                                                \
    }
DEFINE_OF_ALL(int, fsync, (int fd), fd)
DEFINE_OF_ALL(int, ftruncate64, (int fd, off64_t length), fd, length)
DEFINE_OF_ALL(int, statx, (int at, const char *path, int flags, unsigned mask, struct statx *result), at, path, flags,
              mask, result)

ssize_t write(int fd, const void *bytes, size_t length) {
    if (is_written(fd) && fails("write"))
        return -1;
    return NEXT(write)(fd, bytes, length);
}

/* Closes, and then says that it failed, as the kernel does. */
int close(int fd) {
    const int result = NEXT(close)(fd);
    return is_of_addon(__builtin_return_address(0)) && fails("close") ? -1 : result;
}
