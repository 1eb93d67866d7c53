/*
 * What the addon would take from a glibc after 2.31, for libraries and headers that were made with a later one.
 *
 * fstat: libelf.a calls it as a function of glibc 2.33. The structure is the kernel's own on x64 and arm64. Its header
 * is not included, since that gives the function another name where files may have more than 2 GiB.
 * __libc_single_threaded: the headers of libstdc++ ask it whether a count needs an atomic instruction. Node.js always
 * has several threads.
 */
#include <sys/syscall.h>
#include <unistd.h>

#define HIDDEN __attribute__((visibility("hidden")))

struct stat;
HIDDEN int fstat(int descriptor, struct stat *status);

int fstat(int descriptor, struct stat *status) {
    return (int)syscall(SYS_fstat, descriptor, status);
}

HIDDEN extern char __libc_single_threaded;
char __libc_single_threaded = 0;
