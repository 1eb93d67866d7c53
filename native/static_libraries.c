/*
 * What Debian's static libraries lack to be linked into a shared object.
 *
 * libelf.a: its elf_error.o keeps its state in local-exec thread-local storage, which only executables can have. The
 * functions here take its place.
 * libbpf.a: its libbpf.o reaches stderr relative to its own code. binding.gyp renames that symbol in a copy of the
 * archive to ringcap_stderr, which is here.
 */
#include <libelf.h>
#include <stddef.h>
#include <stdio.h>

#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN FILE *ringcap_stderr;

__attribute__((constructor)) static void copy_stderr(void) {
    ringcap_stderr = stderr;
}

static __thread int last_error;

HIDDEN void __libelf_seterrno(int value);

void __libelf_seterrno(int value) {
    last_error = value;
}

HIDDEN int elf_errno(void) {
    const int error = last_error;
    last_error = 0;
    return error;
}

HIDDEN const char *elf_errmsg(int error) {
    if (error == 0 && last_error == 0)
        return NULL;
    return "not a valid ELF object";
}
