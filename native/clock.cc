// Reads clocks. The kernel stamps packets with CLOCK_MONOTONIC, files want the time since the epoch, and people want
// local time.
#include <napi.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <ctime>

#include "addon.h"
#include "arguments.h"
#include "descriptor.h"
#include "failure.h"

namespace ringcap {

namespace {

constexpr int sampling_rounds = 5;

int64_t Now(clockid_t clock) {
    struct timespec time = {};
    clock_gettime(clock, &time);
    return static_cast<int64_t>(time.tv_sec) * 1000000000 + time.tv_nsec;
}

// (): { monotonic, epochOffset }, both bigint, ns. CLOCK_REALTIME = CLOCK_MONOTONIC + epochOffset, taken from the round
// whose readings lie closest together.
Napi::Value ReadClocks(const Napi::CallbackInfo &info) {
    int64_t closest = INT64_MAX;
    int64_t offset = 0;
    int64_t after = 0;
    for (int i = 0; i < sampling_rounds; i++) {
        const int64_t before = Now(CLOCK_MONOTONIC);
        const int64_t real = Now(CLOCK_REALTIME);
        after = Now(CLOCK_MONOTONIC);
        if (after - before < closest) {
            closest = after - before;
            offset = real - (before + (after - before) / 2);
        }
    }
    Napi::Object clocks = Napi::Object::New(info.Env());
    clocks.Set("monotonic", Napi::BigInt::New(info.Env(), after));
    clocks.Set("epochOffset", Napi::BigInt::New(info.Env(), offset));
    return clocks;
}

// (): a Descriptor that becomes readable whenever somebody sets CLOCK_REALTIME (timerfd_create(2),
// TFD_TIMER_CANCEL_ON_SET). It need not be read, because every further step makes it readable again.
Napi::Value CreateClockStepWatch(const Napi::CallbackInfo &info) {
    const int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (fd < 0)
        throw SystemFailure(info.Env(), "create a timer", errno);
    struct itimerspec never = {};
    never.it_value.tv_sec = INT64_MAX / 1000000000;
    if (timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, nullptr) != 0) {
        const int failure = errno;
        close(fd);
        throw SystemFailure(info.Env(), "watch the clock", failure);
    }
    return Descriptor::Own(info.Env(), fd);
}

// (second): how many seconds local time is ahead of UTC at that second since the epoch, by the C library's rules for
// TZ.
Napi::Value LocalTimeOffset(const Napi::CallbackInfo &info) {
    const auto second = static_cast<time_t>(UnsignedArgument(info, 0));
    struct tm local = {};
    if (localtime_r(&second, &local) == nullptr)
        throw SystemFailure(info.Env(), "look up the local time", errno);
    return Napi::Number::New(info.Env(), static_cast<double>(local.tm_gmtoff));
}

} // namespace

void DefineClockFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("readClocks", Napi::Function::New<ReadClocks>(env, "readClocks"));
    exports.Set("createClockStepWatch", Napi::Function::New<CreateClockStepWatch>(env, "createClockStepWatch"));
    exports.Set("localTimeOffset", Napi::Function::New<LocalTimeOffset>(env, "localTimeOffset"));
}

} // namespace ringcap
