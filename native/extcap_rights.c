/*
 * Runs `ringcap extcap run` with the capabilities that this file was given (src/extcap/grant.ts).
 *
 * Whoever may run this program gets the capabilities for what the two links below name, which root made, and for
 * nothing else. Node.js would take a script, modules and options from its arguments and its environment, so that the
 * arguments stand behind the words that choose the command, and the environment is empty but for the PATH.
 *
 * The capabilities go through the ambient set (capabilities(7)): a program without capabilities of its own keeps those
 * at execve(2). Without them, as under no_new_privs, the command runs all the same and says what it lacks.
 *
 * There is no C library in it, so that one binary serves glibc and musl.
 */
#include <linux/capability.h>
#include <linux/prctl.h>
#include <asm/unistd.h>

/* Of src/extcap/granted-paths.ts. */
#define NODE "/usr/lib/ringcap/node"
#define SCRIPT "/usr/lib/ringcap/script"

static long call(long number, long first, long second, long third, long fourth, long fifth) {
#if defined(__x86_64__)
    long result;
    register long r10 __asm__("r10") = fourth;
    register long r8 __asm__("r8") = fifth;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(first), "S"(second), "d"(third), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = first;
    register long x1 __asm__("x1") = second;
    register long x2 __asm__("x2") = third;
    register long x3 __asm__("x3") = fourth;
    register long x4 __asm__("x4") = fifth;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return x0;
#else
#error "system calls of this architecture are not known"
#endif
}

/* Puts a capability that this file has into the sets that execve(2) keeps. */
static void keep(const int *capabilities, unsigned int count) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}, {0, 0, 0}};
    if (call(__NR_capget, (long)&header, (long)data, 0, 0, 0) != 0)
        return;
    for (unsigned int i = 0; i < count; i++) {
        struct __user_cap_data_struct *word = &data[CAP_TO_INDEX(capabilities[i])];
        word->inheritable |= word->permitted & CAP_TO_MASK(capabilities[i]);
    }
    if (call(__NR_capset, (long)&header, (long)data, 0, 0, 0) != 0)
        return;
    for (unsigned int i = 0; i < count; i++) {
        call(__NR_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capabilities[i], 0, 0);
    }
}

/* @param stack as the kernel leaves it: the number of arguments, and then a pointer to each */
__attribute__((used, noreturn)) static void run(long *stack) {
    static const int kept[] = {CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON};
    static char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", 0};
    static char *const words[] = {NODE, "--inspect-port=240.0.0.1:9229", SCRIPT, "extcap", "run"};
    enum { WORDS = sizeof words / sizeof words[0] };
    static const char failed[] = "ringcap: error: " NODE " does not run: sudo ringcap extcap install --grant GROUP\n";
    const long given = stack[0] > 0 ? stack[0] - 1 : 0;
    char **const arguments = (char **)(stack + 1);
    char *next[WORDS + given + 1];
    for (long i = 0; i < WORDS; i++)
        next[i] = words[i];
    for (long i = 0; i < given; i++)
        next[WORDS + i] = arguments[1 + i];
    next[WORDS + given] = 0;
    keep(kept, sizeof kept / sizeof kept[0]);
    call(__NR_execve, (long)NODE, (long)next, (long)environment, 0, 0);
    call(__NR_write, 2, (long)failed, sizeof failed - 1, 0, 0);
    for (;;)
        call(__NR_exit_group, 1, 0, 0, 0, 0);
}

/* The first instruction: there is no return address on the stack, so that C cannot be it. */
__asm__(".globl _start\n"
        "_start:\n"
#if defined(__x86_64__)
        "  xor %ebp, %ebp\n"
        "  mov %rsp, %rdi\n"
        "  and $-16, %rsp\n"
        "  call run\n"
#else
        "  mov x29, #0\n"
        "  mov x30, #0\n"
        "  mov x0, sp\n"
        "  bl run\n"
#endif
);
