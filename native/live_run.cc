#include "live_run.h"

#include <bpf/bpf.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <thread>

#include "glibc_2_31.h"

namespace ringcap {

namespace {

// How often one system call runs the program. A call with more than one run waits for grace periods of RCU before and
// after, some 25 ms together (bpf_prog_change_xdp in net/bpf/test_run.c).
constexpr uint64_t runs_max = 1 << 22;

template <typename Value> Value Read(Value *shared) {
    return std::atomic_ref<Value>(*shared).load(std::memory_order_relaxed);
}

// A CPU set of the size that the machine needs.
class CpuSet {
  public:
    explicit CpuSet(uint32_t cpu) : set_(CPU_ALLOC(cpu + 1)), size_(CPU_ALLOC_SIZE(cpu + 1)) {
        if (set_ == nullptr)
            return;
        CPU_ZERO_S(size_, set_);
        CPU_SET_S(cpu, size_, set_);
    }
    ~CpuSet() {
        CPU_FREE(set_);
    }
    CpuSet(const CpuSet &) = delete;
    CpuSet &operator=(const CpuSet &) = delete;

    int ApplyToThisThread() const {
        return set_ == nullptr ? ENOMEM : pthread_setaffinity_np(pthread_self(), size_, set_);
    }

  private:
    cpu_set_t *set_;
    size_t size_;
};

} // namespace

int LiveRun::Run() const {
    std::atomic<int> failure = 0;
    std::vector<std::thread> threads;
    threads.reserve(cpus.size());
    try {
        for (const uint32_t cpu : cpus) {
            threads.emplace_back([this, cpu, &failure] {
                if (const int result = RunOn(cpu); result != 0)
                    failure = result;
            });
        }
    } catch (const std::system_error &error) {
        failure = error.code().value();
        std::atomic_ref<uint32_t>(control->stop).store(1);
    }
    for (std::thread &thread : threads)
        thread.join();
    return failure;
}

// The positions that this CPU has taken, and its share of those that no CPU has taken.
uint64_t LiveRun::Left(const transmit_state &state) const {
    const uint64_t next = Read(&control->next);
    const uint64_t total = control->total;
    const uint64_t share = next < total ? (total - next + cpus.size() - 1) / cpus.size() : 0;
    return state.length - state.done + share;
}

// Each CPU has one state, and a thread that stays on its CPU uses that state alone.
int LiveRun::RunOn(uint32_t cpu) const {
    transmit_state &state = states[cpu];
    if (const int result = CpuSet(cpu).ApplyToThisThread(); result != 0)
        return result;
    // The program writes the frames. This buffer sets their length at first, and is never sent.
    const std::vector<uint8_t> blank(std::max<size_t>(length_max, TRANSMIT_LENGTH_MIN));
    for (;;) {
        const uint64_t left = Left(state);
        if (left == 0 || Read(&control->stop) != 0 || Read(&state.failure) != 0)
            return 0;
        const uint64_t runs =
            left == 1 ? 1 : (std::min(left, runs_max) + TRANSMIT_BATCH - 1) & ~uint64_t{TRANSMIT_BATCH - 1};
        LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = blank.data(),
                    .data_size_in = static_cast<__u32>(blank.size()), .repeat = static_cast<int>(runs),
                    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = TRANSMIT_BATCH);
        if (bpf_prog_test_run_opts(program_fd, &options) != 0 && errno != EINTR)
            return errno;
    }
}

} // namespace ringcap
