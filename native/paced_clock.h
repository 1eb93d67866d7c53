// Waits for points in time, to some microseconds, and can be woken.
#pragma once

#include <cstdint>

namespace ringcap {

class PacedClock {
  public:
    // stop_fd: an eventfd that ends every wait once it is readable.
    explicit PacedClock(int stop_fd);
    // Restores the timer slack of this thread.
    ~PacedClock();
    PacedClock(const PacedClock &) = delete;
    PacedClock &operator=(const PacedClock &) = delete;

    // CLOCK_MONOTONIC, nanoseconds.
    static int64_t Now();
    // Sleeps until shortly before, as late as this machine wakes up, and looks at the clock for the rest. False when it
    // was woken before.
    bool WaitUntil(int64_t time);
    // Sleeps, not exactly. False when it was woken.
    bool Sleep(int64_t nanoseconds, int fd = -1) const;

  private:
    const int stop_fd_;
    const int slack_;
    int64_t lateness_; // how late sleeps end, on average
};

} // namespace ringcap
