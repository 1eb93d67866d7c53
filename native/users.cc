// Looks up users as the name service of the host knows them (nsswitch.conf(5)).
#include <grp.h>
#include <napi.h>
#include <pwd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "addon.h"
#include "arguments.h"
#include "failure.h"

namespace ringcap {

namespace {

constexpr size_t entry_size_min = 1024;
// NGROUPS_MAX of include/uapi/linux/limits.h.
constexpr int groups_max = 65536;

std::vector<gid_t> GroupsOf(const char *name, gid_t group) {
    std::vector<gid_t> groups(64);
    auto count = static_cast<int>(groups.size());
    while (getgrouplist(name, group, groups.data(), &count) < 0 && groups.size() < groups_max) {
        groups.resize(std::min<size_t>(groups_max, std::max<size_t>(count, groups.size() * 2)));
        count = static_cast<int>(groups.size());
    }
    groups.resize(static_cast<size_t>(count));
    return groups;
}

// (user: string | number): { name, user, group, groups } | undefined
//
// Looks a user up by name or number. The result is undefined where there is no such user.
Napi::Value LookUpUser(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    const bool by_name = info[0].IsString();
    const std::string name = by_name ? StringArgument(info, 0) : "";
    const uid_t number = by_name ? 0 : UnsignedArgument(info, 0);
    struct passwd entry = {};
    struct passwd *found = nullptr;
    std::vector<char> strings(entry_size_min);
    int failure = 0;
    do {
        failure = by_name ? getpwnam_r(name.c_str(), &entry, strings.data(), strings.size(), &found)
                          : getpwuid_r(number, &entry, strings.data(), strings.size(), &found);
        if (failure == ERANGE)
            strings.resize(strings.size() * 2);
    } while (failure == ERANGE || failure == EINTR);
    if (found == nullptr) {
        // getpwnam(3) lists the errno values that stand for "not found".
        if (failure == 0 || failure == ENOENT || failure == ESRCH || failure == EBADF || failure == EPERM)
            return env.Undefined();
        throw SystemFailure(env, "look up a user", failure);
    }
    Napi::Array groups = Napi::Array::New(env);
    for (const gid_t group : GroupsOf(entry.pw_name, entry.pw_gid))
        groups.Set(groups.Length(), group);
    Napi::Object user = Napi::Object::New(env);
    user.Set("name", std::string(entry.pw_name));
    user.Set("user", entry.pw_uid);
    user.Set("group", entry.pw_gid);
    user.Set("groups", groups);
    return user;
}

} // namespace

void DefineUserFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("lookUpUser", Napi::Function::New<LookUpUser>(env, "lookUpUser"));
}

} // namespace ringcap
