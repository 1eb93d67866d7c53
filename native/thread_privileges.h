// What one thread gives up of its own privileges.
#ifndef RINGCAP_THREAD_PRIVILEGES_H
#define RINGCAP_THREAD_PRIVILEGES_H

#include <cstdint>
#include <vector>

namespace ringcap {

constexpr uint32_t unchanged = UINT32_MAX;

enum class Step : uint8_t { waiting, done, groups, group, user, capabilities, ambient, no_new_privileges };

struct Wish {
    uint32_t user = unchanged;
    uint32_t group = unchanged;
    std::vector<uint32_t> groups;
    uint64_t kept = 0;
};

// Changes the thread that calls it, and returns the step that failed with errno, or Step::done. It may be called in the
// handler of a signal.
Step Obey(const Wish &asked);

const char *WordsFor(Step step);

} // namespace ringcap

#endif
