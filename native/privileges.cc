// Gives up privileges in threads of this process. The kernel keeps user, groups, capabilities and no_new_privs for each
// thread, and lets only the thread itself change them.
#include <napi.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "addon.h"
#include "arguments.h"
#include "failure.h"
#include "thread_privileges.h"

namespace ringcap {

namespace {

// The signal by which glibc's setuid(2) reaches all threads (SIGSETXID). sigfillset(3) leaves it out, so no thread that
// libuv, V8 or glibc made blocks it. sigaction(3) refuses this signal, and the system call accepts it.
constexpr int thread_signal = 33;
constexpr unsigned long restorer_flag = 0x04000000; // SA_RESTORER of the kernel's asm/signal.h
constexpr auto look = std::chrono::microseconds(100);
constexpr int quick_looks = 50;
constexpr size_t threads_at_once = 256;

// struct sigaction of include/linux/signal_types.h, which is not the one of glibc.
struct KernelAction {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)();
    uint64_t mask;
};

// What a thread is asked, and what it answers.
struct Asked {
    std::atomic<pid_t> thread = 0;
    std::atomic<Step> reached = Step::waiting;
    std::atomic<int> failure = 0;
};

// The data of the signal handler. Under the lock, one caller at a time asks threads. The array stays where it is,
// because a thread may look into it late.
std::mutex asking;
Wish wish;
Asked asked_threads[threads_at_once];
std::atomic<size_t> asked_count;
// Whether a thread has not answered in time. It may still obey the wish, so that nothing changes it from then on.
bool is_awaited;

void OnThreadSignal(int) {
    const int failure = errno;
    const auto self = static_cast<pid_t>(syscall(SYS_gettid));
    for (size_t i = 0; i < asked_count; i++) {
        Asked &asked = asked_threads[i];
        if (asked.thread != self || asked.reached != Step::waiting)
            continue;
        const Step step = Obey(wish);
        asked.failure = errno;
        asked.reached = step;
    }
    errno = failure;
}

long Action(const KernelAction *next, KernelAction *previous) {
    return syscall(SYS_rt_sigaction, thread_signal, next, previous, sizeof(uint64_t));
}

// Takes the signal over from glibc for a while. The action of glibc has the restorer that x86 needs to return from a
// handler.
class TakenSignal {
  public:
    explicit TakenSignal(Napi::Env env) {
        if (Action(nullptr, &before_) != 0)
            throw SystemFailure(env, "look at the signal for threads", errno);
        if (before_.handler == SIG_DFL || before_.handler == SIG_IGN)
            throw SystemFailure(env, "take the signal for threads, which glibc has not set up", ENOTSUP);
        const unsigned long flags = (before_.flags & restorer_flag) | SA_RESTART | SA_ONSTACK;
        const KernelAction ours = {.handler = OnThreadSignal, .flags = flags, .restorer = before_.restorer, .mask = 0};
        if (Action(&ours, nullptr) != 0)
            throw SystemFailure(env, "take the signal for threads", errno);
    }
    // The signal goes back unless a thread has not answered, which may still get the signal when this object is gone:
    // glibc's handler fails on a signal that it did not send.
    ~TakenSignal() {
        if (!is_awaited)
            Action(&before_, nullptr);
    }
    TakenSignal(const TakenSignal &) = delete;
    TakenSignal &operator=(const TakenSignal &) = delete;

  private:
    KernelAction before_ = {};
};

// Returns when the thread has obeyed, has failed or has ended. Returns false where it did not in time.
bool Answers(const Asked &asked, std::chrono::steady_clock::time_point deadline) {
    for (int looks = 0; asked.reached == Step::waiting; looks++) {
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        if (syscall(SYS_tgkill, getpid(), asked.thread.load(), 0) != 0)
            return true;
        // Most threads sleep, and answer as soon as they have a CPU.
        if (looks < quick_looks)
            std::this_thread::yield();
        else
            std::this_thread::sleep_for(look);
    }
    return true;
}

// Asks all these threads at once, and waits for each of them.
void Ask(Napi::Env env, std::span<const uint32_t> threads, std::chrono::steady_clock::time_point deadline) {
    asked_count = 0;
    for (size_t i = 0; i < threads.size(); i++) {
        asked_threads[i].thread = static_cast<pid_t>(threads[i]);
        asked_threads[i].reached = Step::waiting;
    }
    asked_count = threads.size();
    const std::span asked(asked_threads, threads.size());
    for (const Asked &one : asked)
        syscall(SYS_tgkill, getpid(), one.thread.load(), thread_signal);
    for (const Asked &one : asked) {
        if (!Answers(one, deadline)) {
            is_awaited = true;
            throw SystemFailure(env, "ask thread " + std::to_string(one.thread), ETIMEDOUT);
        }
    }
    asked_count = 0;
    for (const Asked &one : asked) {
        if (one.reached != Step::done && one.reached != Step::waiting)
            throw SystemFailure(env, std::string(WordsFor(one.reached)) + " of thread " + std::to_string(one.thread),
                                one.failure);
    }
}

std::vector<uint32_t> Numbers(std::span<const uint8_t> bytes) {
    std::vector<uint32_t> numbers(bytes.size() / sizeof(uint32_t));
    std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(uint32_t));
    return numbers;
}

// (threads, user, group, groups, kept, milliseconds): each thread takes the user, the group and the
// groups (unless user is 2^32 - 1), keeps only the capabilities in `kept`, and sets no_new_privs. threads and groups
// are bytes of 32-bit numbers, and kept has a bit for each capability. Threads that have ended are skipped. A thread
// that does not answer within the time causes ETIMEDOUT, and every later call then EBUSY.
void ChangeThreads(const Napi::CallbackInfo &info) {
    const std::vector<uint32_t> threads = Numbers(BytesArgument(info, 0));
    Wish asked = {.user = UnsignedArgument(info, 1),
                  .group = UnsignedArgument(info, 2),
                  .groups = Numbers(BytesArgument(info, 3)),
                  .kept = BigIntArgument(info, 4)};
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(UnsignedArgument(info, 5));
    const std::lock_guard lock(asking);
    if (is_awaited)
        throw SystemFailure(info.Env(), "ask threads, of which one has not answered before", EBUSY);
    wish = std::move(asked);
    const TakenSignal signal(info.Env());
    for (std::span<const uint32_t> rest = threads; !rest.empty();) {
        const auto some = rest.first(std::min(rest.size(), threads_at_once));
        Ask(info.Env(), some, deadline);
        rest = rest.subspan(some.size());
    }
}

} // namespace

void DefinePrivilegeFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("changeThreads", Napi::Function::New<ChangeThreads>(env, "changeThreads"));
}

} // namespace ringcap
