// Waits for points in time with an error of some microseconds, and can be woken.
#pragma once

#include <cstdint>

namespace ringcap {

class PacedClock {
  public:
    // stop_fd is an eventfd that ends every wait once it is readable.
    explicit PacedClock(int stop_fd);
    // Restores the timer slack of this thread.
    ~PacedClock();
    PacedClock(const PacedClock &) = delete;
    PacedClock &operator=(const PacedClock &) = delete;

    // The time of CLOCK_MONOTONIC in nanoseconds.
    static int64_t Now();
    // Sleeps until shortly before the time, and watches the clock for the rest. How early the sleep ends follows from
    // how late this machine wakes up. Returns false when it was woken before the time.
    bool WaitUntil(int64_t time);
    // Sleeps for a time that need not be exact. Returns false when it was woken.
    bool Sleep(int64_t nanoseconds, int fd = -1) const;

  private:
    const int stop_fd_;
    const int slack_;
    int64_t lateness_; // average delay of the end of a sleep, ns
};

} // namespace ringcap
