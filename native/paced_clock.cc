#include "paced_clock.h"

#include <poll.h>
#include <sys/prctl.h>

#include <algorithm>
#include <ctime>

namespace ringcap {

namespace {

constexpr int64_t nanoseconds_per_second = 1000000000;
// The longest time for which the clock is watched, in nanoseconds. A sleep may end later than that now and then, but
// watching for longer would cost more than it gains.
constexpr int64_t watched_max = 50000;
constexpr int64_t first_lateness = 20000;

} // namespace

PacedClock::PacedClock(int stop_fd)
    : stop_fd_(stop_fd), slack_(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0)), lateness_(first_lateness) {
    // The default timer slack lets every sleep end up to 50 us late (prctl(2)).
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
}

PacedClock::~PacedClock() {
    prctl(PR_SET_TIMERSLACK, slack_, 0, 0, 0);
}

int64_t PacedClock::Now() {
    struct timespec now = {};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * nanoseconds_per_second + now.tv_nsec;
}

bool PacedClock::Sleep(int64_t nanoseconds, int fd) const {
    struct pollfd watched[2] = {{.fd = stop_fd_, .events = POLLIN, .revents = 0},
                                {.fd = fd, .events = POLLOUT, .revents = 0}};
    const struct timespec timeout = {.tv_sec = nanoseconds / nanoseconds_per_second,
                                     .tv_nsec = nanoseconds % nanoseconds_per_second};
    ppoll(watched, fd < 0 ? 1 : 2, &timeout, nullptr);
    return watched[0].revents == 0;
}

bool PacedClock::WaitUntil(int64_t time) {
    for (int64_t now = Now(); now < time; now = Now()) {
        const int64_t watched = std::min(2 * lateness_, watched_max);
        if (time - now <= watched)
            continue;
        if (!Sleep(time - now - watched))
            return false;
        const int64_t late = Now() - (time - watched);
        // The moving average forgets a single long delay soon.
        lateness_ += (std::clamp(late, int64_t{0}, watched_max) - lateness_) / 8;
    }
    return true;
}

} // namespace ringcap
