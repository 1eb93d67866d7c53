// Locks of open files (flock(2)). The kernel releases a lock when the last descriptor of the open file is closed.
#include <napi.h>
#include <sys/file.h>

#include <cerrno>

#include "addon.h"
#include "arguments.h"
#include "failure.h"

namespace ringcap {

namespace {

// (fd: number): boolean
//
// Takes the lock of the file without waiting. Returns false where another open file has it.
Napi::Value LockFile(const Napi::CallbackInfo &info) {
    const int fd = static_cast<int>(UnsignedArgument(info, 0));
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return Napi::Boolean::New(info.Env(), true);
    if (errno != EWOULDBLOCK)
        throw SystemFailure(info.Env(), "lock the file", errno);
    return Napi::Boolean::New(info.Env(), false);
}

} // namespace

void DefineFileLockFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("lockFile", Napi::Function::New<LockFile>(env, "lockFile"));
}

} // namespace ringcap
