#include "watchdog.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <system_error>

#include "arguments.h"
#include "descriptor.h"
#include "failure.h"
#include "held_signals.h"

namespace ringcap {

namespace {

constexpr int64_t millisecond = 1000000;
// A process that was stopped, frozen or starved for longer than this drops nothing until it goes on.
constexpr int64_t lease_length = 3000 * millisecond;
constexpr int64_t renewal = 500 * millisecond;
// Signals within this time are one wish (src/cli/stop-signals.ts).
constexpr int64_t same_wish = 300 * millisecond;
// The time for the event loop to handle a further signal. The event loop runs nothing while XDP programs are detached,
// because drivers then restart their interfaces.
constexpr int64_t patience = 6000 * millisecond;

// The data of the signal handler, which one watchdog of the process has.
std::atomic<int> signalled_fd = -1;
std::atomic<uint32_t> signals_seen = 0;
struct sigaction handlers_before[NSIG];

void OnSignal(int number) {
    const int failure = errno;
    signals_seen++;
    eventfd_write(signalled_fd, 1);
    handlers_before[number].sa_handler(number);
    errno = failure;
}

int64_t Now() {
    struct timespec time = {};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<int64_t>(time.tv_sec) * 1000000000 + time.tv_nsec;
}

} // namespace

Napi::Function Watchdog::Define(Napi::Env env) {
    return DefineClass(env, "Watchdog",
                       {InstanceMethod<&Watchdog::WatchSignals>("watchSignals"),
                        InstanceMethod<&Watchdog::Acknowledge>("acknowledge"),
                        InstanceMethod<&Watchdog::HasLapsed>("hasLapsed"), InstanceMethod<&Watchdog::Close>("close")});
}

Watchdog::Watchdog(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Watchdog>(info) {
    const auto duration = static_cast<int64_t>(BigIntArgument(info, 1));
    clock_shift_ = static_cast<int64_t>(BigIntArgument(info, 2));
    const int64_t now = Now();
    if (duration > 0 && duration < INT64_MAX - now)
        deadline_ = now + duration;
    if (!info[0].IsUndefined()) {
        lease_fd_ = fcntl(DescriptorArgument(info, 0, DescriptorKind::map), F_DUPFD_CLOEXEC, 0);
        if (lease_fd_ < 0)
            throw SystemFailure(info.Env(), "duplicate a descriptor", errno);
        dropping_ = true;
    }
    Start(info.Env());
}

void Watchdog::Start(Napi::Env env) {
    int failure = 0;
    wake_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_fd_ < 0) {
        failure = errno;
    } else {
        try {
            // The thread inherits a mask that blocks every signal, because the handlers of others run elsewhere.
            const HeldSignals held;
            thread_ = std::thread([this] { Run(); });
            return;
        } catch (const std::system_error &error) {
            failure = error.code().value();
        }
    }
    End();
    throw SystemFailure(env, "start a thread", failure);
}

Watchdog::~Watchdog() {
    End();
}

void Watchdog::End() {
    if (has_signals_) {
        has_signals_ = false;
        for (const uint8_t number : watched_) {
            struct sigaction current = {};
            if (sigaction(number, nullptr, &current) == 0 && current.sa_handler == OnSignal)
                sigaction(number, &handlers_before[number], nullptr);
        }
        watched_.clear();
        signalled_fd = -1;
    }
    if (thread_.joinable()) {
        closing_ = true;
        eventfd_write(wake_fd_, 1);
        thread_.join();
    }
    const int signal_fd = signal_fd_.exchange(-1);
    if (signal_fd >= 0)
        close(signal_fd);
    for (int *fd : {&wake_fd_, &lease_fd_, &message_fd_}) {
        if (*fd >= 0)
            close(*fd);
        *fd = -1;
    }
}

void Watchdog::WatchSignals(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> signals = BytesArgument(info, 0);
    const std::string words = StringArgument(info, 1);
    int none = -1;
    if (!thread_.joinable() || !signalled_fd.compare_exchange_strong(none, wake_fd_))
        throw Napi::Error::New(info.Env(),
                               "the signals of this process are watched already, or this watchdog is closed");
    has_signals_ = true;
    last_words_ = words;
    // A terminal or a pipe that stalls must not keep the process from ending.
    message_fd_ = open("/proc/self/fd/2", O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    sigset_t watched;
    sigemptyset(&watched);
    for (const uint8_t number : signals) {
        struct sigaction action = {};
        if (number >= NSIG || sigaction(number, nullptr, &action) != 0 || action.sa_handler == SIG_DFL ||
            action.sa_handler == SIG_IGN || (action.sa_flags & SA_SIGINFO) != 0)
            continue;
        handlers_before[number] = action;
        action.sa_handler = OnSignal;
        if (sigaction(number, &action, nullptr) != 0)
            continue;
        watched_.push_back(number);
        sigaddset(&watched, number);
    }
    signal_fd_ = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    eventfd_write(wake_fd_, 1);
}

void Watchdog::Acknowledge(const Napi::CallbackInfo &) {
    acknowledged_at_ = Now();
}

Napi::Value Watchdog::HasLapsed(const Napi::CallbackInfo &info) {
    return Napi::Boolean::New(info.Env(), lapsed_);
}

void Watchdog::Close(const Napi::CallbackInfo &) {
    End();
}

void Watchdog::Run() {
    while (!closing_) {
        const int64_t now = Now();
        CountSignals(now);
        KeepLease(now);
        if (now >= exit_at_) {
            // The event loop may have been quicker than this thread.
            if (acknowledged_at_ < exit_at_ - patience - same_wish)
                ExitWithLastWords();
            exit_at_ = INT64_MAX;
        }
        // poll(2) skips a descriptor of -1.
        struct pollfd wakes[] = {{.fd = wake_fd_, .events = POLLIN, .revents = 0},
                                 {.fd = signal_fd_, .events = POLLIN, .revents = 0}};
        poll(wakes, 2, MillisecondsToWait(now));
        TakeSignals();
    }
}

// The kernel gives a signal to the main thread and to no other thread, also where the main thread waits in the kernel.
// This thread takes the signal away and handles it in place of the main thread.
void Watchdog::TakeSignals() const {
    struct signalfd_siginfo signal = {};
    while (read(signal_fd_, &signal, sizeof(signal)) == sizeof(signal))
        OnSignal(static_cast<int>(signal.ssi_signo));
}

void Watchdog::CountSignals(int64_t now) {
    eventfd_t wakes = 0;
    eventfd_read(wake_fd_, &wakes);
    if (signals_seen.exchange(0) == 0)
        return;
    if (first_signal_ == 0) {
        first_signal_ = now;
    } else if (now - first_signal_ > same_wish && exit_at_ == INT64_MAX) {
        exit_at_ = now + patience;
    }
}

void Watchdog::KeepLease(int64_t now) {
    if (!dropping_)
        return;
    if (first_signal_ != 0 || now >= deadline_) {
        dropping_ = false;
        DropUntil(0);
        return;
    }
    if (drop_until_ != 0 && now > drop_until_)
        lapsed_ = true;
    drop_until_ = std::min(now + lease_length, deadline_);
    DropUntil(drop_until_ + clock_shift_);
}

void Watchdog::DropUntil(int64_t time) const {
    const uint32_t zero = 0;
    bpf_map_update_elem(lease_fd_, &zero, &time, BPF_ANY);
}

int Watchdog::MillisecondsToWait(int64_t now) const {
    int64_t next = exit_at_;
    if (dropping_)
        next = std::min({next, deadline_, now + renewal});
    if (next == INT64_MAX)
        return -1;
    // The time is rounded up, so that the thread does not wake a moment too early again and again.
    return static_cast<int>(std::clamp<int64_t>((next - now) / millisecond + 1, 0, INT32_MAX));
}

void Watchdog::ExitWithLastWords() const {
    const bool sent = send(STDERR_FILENO, last_words_.data(), last_words_.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
    if (!sent && errno == ENOTSOCK && message_fd_ >= 0) [[maybe_unused]]
        const ssize_t written = write(message_fd_, last_words_.data(), last_words_.size());
    _exit(1);
}

} // namespace ringcap
