// These are bare system calls, because the functions of glibc would ask all threads.
#include "thread_privileges.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ringcap {

namespace {

bool SetCapabilities(uint64_t kept) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
    for (int word = 0; word < _LINUX_CAPABILITY_U32S_3; word++)
        data[word].effective = data[word].permitted = static_cast<uint32_t>(kept >> (32 * word));
    return syscall(SYS_capset, &header, data) == 0;
}

// Without CAP_SETPCAP the bounding set stays. no_new_privs keeps the process from gaining anything from it.
void ShrinkBoundingSet(uint64_t kept) {
    for (unsigned long capability = 0; capability < 64; capability++) {
        const bool is_kept = ((kept >> capability) & 1) != 0;
        if (!is_kept && syscall(SYS_prctl, PR_CAPBSET_DROP, capability, 0, 0, 0) != 0)
            return;
    }
}

} // namespace

// When a thread changes from uid 0, the kernel takes its permitted capabilities unless PR_SET_KEEPCAPS is set
// (capabilities(7)).
Step Obey(const Wish &asked) {
    ShrinkBoundingSet(asked.kept);
    if (asked.user != unchanged) {
        syscall(SYS_prctl, PR_SET_KEEPCAPS, 1, 0, 0, 0);
        if (syscall(SYS_setgroups, asked.groups.size(), asked.groups.data()) != 0)
            return Step::groups;
        if (syscall(SYS_setresgid, asked.group, asked.group, asked.group) != 0)
            return Step::group;
        if (syscall(SYS_setresuid, asked.user, asked.user, asked.user) != 0)
            return Step::user;
        syscall(SYS_prctl, PR_SET_KEEPCAPS, 0, 0, 0, 0);
    }
    if (!SetCapabilities(asked.kept))
        return Step::capabilities;
    if (syscall(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
        return Step::ambient;
    if (syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return Step::no_new_privileges;
    return Step::done;
}

const char *WordsFor(Step step) {
    switch (step) {
    case Step::groups:
        return "set the groups";
    case Step::group:
        return "set the group";
    case Step::user:
        return "set the user";
    case Step::capabilities:
        return "give up the capabilities";
    case Step::ambient:
        return "clear the ambient capabilities";
    case Step::no_new_privileges:
        return "set no_new_privs";
    default:
        return "ask";
    }
}

} // namespace ringcap
