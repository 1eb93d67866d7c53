// A thread that ends dropping when its time is over or a signal asks for it, whatever the main thread waits for.
#pragma once

#include <napi.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace ringcap {

class Watchdog : public Napi::ObjectWrap<Watchdog> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (lease: Descriptor of a map or undefined, duration: bigint, clockShift: bigint), times in nanoseconds
    //
    // The map `lease` has one value: the time until which packets are dropped. clockShift is added to the
    // CLOCK_MONOTONIC of this process, and gives the CLOCK_MONOTONIC of BPF programs.
    explicit Watchdog(const Napi::CallbackInfo &info);
    ~Watchdog() override;

  private:
    // (signals: Uint8Array, lastWords: string)
    //
    // Makes each of the signals, which libuv handles already, end the dropping too. A signal that comes after the first
    // one, and is not acknowledged soon, ends the process with exit code 1.
    void WatchSignals(const Napi::CallbackInfo &info);
    // The event loop has handled the signals so far.
    void Acknowledge(const Napi::CallbackInfo &info);
    // Whether dropping was interrupted because this process stood still.
    Napi::Value HasLapsed(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    void Start(Napi::Env env);
    void End();
    void Run();
    void TakeSignals() const;
    void CountSignals(int64_t now);
    void KeepLease(int64_t now);
    void DropUntil(int64_t time) const;
    int MillisecondsToWait(int64_t now) const;
    [[noreturn]] void ExitWithLastWords() const;

    int wake_fd_ = -1;
    std::atomic<int> signal_fd_ = -1;
    int lease_fd_ = -1;
    int message_fd_ = -1;
    int64_t deadline_ = INT64_MAX; // of CLOCK_MONOTONIC, ns, as are the other times
    int64_t clock_shift_ = 0;
    int64_t drop_until_ = 0;
    int64_t first_signal_ = 0;
    int64_t exit_at_ = INT64_MAX;
    bool dropping_ = false;
    std::string last_words_;
    bool has_signals_ = false; // whether this watchdog is the one of the process that has them
    std::vector<uint8_t> watched_;
    std::atomic<int64_t> acknowledged_at_ = 0;
    std::atomic<bool> lapsed_ = false;
    std::atomic<bool> closing_ = false;
    std::thread thread_;
};

} // namespace ringcap
