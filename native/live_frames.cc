#include "live_frames.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <ctime>

#include "arguments.h"
#include "batch_reader.h"
#include "failure.h"

namespace ringcap {

namespace {

template <typename Value> Value Read(Value *shared) {
    return std::atomic_ref<Value>(*shared).load(std::memory_order_relaxed);
}

Napi::Error RunFailure(Napi::Env env, int errno_value) {
    return SystemFailure(env, "run the program that sends", errno_value);
}

} // namespace

// Runs in the thread pool while JavaScript goes on. Node.js waits for the work before it ends a worker thread.
class LiveFrames::Running : public Napi::AsyncWorker {
  public:
    Running(Napi::Env env, std::shared_ptr<TransmitMaps> maps, LiveRun run)
        : Napi::AsyncWorker(env, "ringcap.LiveFrames"), deferred_(Napi::Promise::Deferred::New(env)),
          maps_(std::move(maps)), run_(std::move(run)) {}

    Napi::Promise Promise() const {
        return deferred_.Promise();
    }

  protected:
    void Execute() override {
        failure_ = run_.Run();
    }
    void OnOK() override {
        maps_->running = false;
        if (failure_ != 0)
            deferred_.Reject(RunFailure(Env(), failure_).Value());
        else
            deferred_.Resolve(Env().Undefined());
    }

  private:
    Napi::Promise::Deferred deferred_;
    std::shared_ptr<TransmitMaps> maps_;
    LiveRun run_;
    int failure_ = 0;
};

Napi::Function LiveFrames::Define(Napi::Env env) {
    return DefineClass(env, "LiveFrames",
                       {InstanceMethod<&LiveFrames::Add>("add"), InstanceMethod<&LiveFrames::Clear>("clear"),
                        InstanceMethod<&LiveFrames::Run>("run"), InstanceMethod<&LiveFrames::RunNow>("runNow"),
                        InstanceMethod<&LiveFrames::Stop>("stop"), InstanceMethod<&LiveFrames::Counters>("counters"),
                        InstanceMethod<&LiveFrames::Close>("close")});
}

LiveFrames::LiveFrames(const Napi::CallbackInfo &info)
    : Napi::ObjectWrap<LiveFrames>(info), maps_(std::make_shared<TransmitMaps>(info)) {}

LiveFrames::~LiveFrames() {
    if (maps_ != nullptr)
        maps_->Stop();
}

TransmitMaps &LiveFrames::Opened(Napi::Env env) const {
    if (maps_ == nullptr)
        throw Napi::Error::New(env, "the frames are closed");
    return *maps_;
}

// (batch: Uint8Array, count, from, longest: number, sourceAddress, sourcePort: boolean):
//   { packets, tooShort, tooLong, full }
//
// Adds the packets of a batch in the layout of batch_record.h, from number `from` on. Packets of fewer than
// TRANSMIT_LENGTH_MIN bytes (tooShort) and of more than `longest` bytes (tooLong) are left out and counted. It ends
// before a packet for which there is no room (full), and before a packet of more than TRANSMIT_LENGTH_MAX bytes.
// packets: the number of packets of the batch that were added, left out, or stand before `from`.
Napi::Value LiveFrames::Add(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    TransmitMaps &maps = Opened(env);
    BatchReader batch(BytesArgument(info, 0));
    const uint32_t count = UnsignedArgument(info, 1);
    const uint32_t from = UnsignedArgument(info, 2);
    const uint32_t longest = UnsignedArgument(info, 3);
    const Vary vary = {.source_address = BooleanArgument(info, 4), .source_port = BooleanArgument(info, 5)};
    if (maps.running)
        throw Napi::Error::New(env, "the frames are being sent");

    uint32_t packets = 0;
    uint32_t too_short = 0;
    uint32_t too_long = 0;
    bool full = false;
    for (; packets < count; packets++) {
        const BatchReader::Packet packet = batch.Next(env);
        const uint32_t length = packet.header.captured_length;
        if (packets < from)
            continue;
        if (length < TRANSMIT_LENGTH_MIN) {
            too_short++;
        } else if (length > longest) {
            too_long++;
        } else if (length > TRANSMIT_LENGTH_MAX) {
            break;
        } else if (!maps.Add({packet.data, length}, vary)) {
            full = true;
            break;
        }
    }
    Napi::Object result = Napi::Object::New(env);
    result.Set("packets", packets);
    result.Set("tooShort", too_short);
    result.Set("tooLong", too_long);
    result.Set("full", full);
    return result;
}

void LiveFrames::Clear(const Napi::CallbackInfo &info) {
    TransmitMaps &maps = Opened(info.Env());
    if (maps.running)
        throw Napi::Error::New(info.Env(), "the frames are being sent");
    maps.count = 0;
    maps.used = 0;
    maps.length_max = 0;
}

LiveRun LiveFrames::Prepare(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    TransmitMaps &maps = Opened(env);
    const uint64_t start = BigIntArgument(info, 0);
    const uint64_t total = BigIntArgument(info, 1);
    const uint32_t cpu_count = UnsignedArgument(info, 2);
    const std::span<transmit_state> states = maps.States();
    if (maps.running)
        throw Napi::Error::New(env, "the frames are being sent");

    LiveRun run = {.program_fd = maps.program_fd,
                   .control = maps.Control(),
                   .states = states,
                   .cpus = {},
                   .length_max = maps.length_max};
    // The CPUs are chosen from the caller's CPU on, among those that the process may use.
    cpu_set_t *allowed = CPU_ALLOC(states.size());
    const size_t size = CPU_ALLOC_SIZE(states.size());
    const bool known = allowed != nullptr && sched_getaffinity(0, size, allowed) == 0;
    for (uint32_t cpu = 0; cpu < states.size() && run.cpus.size() < cpu_count; cpu++) {
        if (known && CPU_ISSET_S(cpu, size, allowed))
            run.cpus.push_back(cpu);
    }
    CPU_FREE(allowed);
    if (run.cpus.empty())
        throw SystemFailure(env, "choose the CPUs to send on", EINVAL);

    for (transmit_state &state : states) {
        // Frames that a stopped run had taken are not sent by the next run.
        state.length = state.done = state.pending = state.pending_bytes = 0;
        state.stalled_since = state.refused_length = state.failure = 0;
    }
    *maps.Control() = {.next = 0,
                       .reserved = {},
                       .start = start,
                       .total = maps.count == 0 ? 0 : total,
                       .count = maps.count,
                       .stop = 0};
    return run;
}

// (start: bigint, total: bigint, cpus: number): Promise<void>
//
// Sends `total` frames on at most `cpus` CPUs. It begins with frame `start` modulo the number of frames, and goes
// through all frames again and again. The promise resolves when all were sent or refused, after stop(), or when the
// interface takes nothing (see counters).
Napi::Value LiveFrames::Run(const Napi::CallbackInfo &info) {
    LiveRun run = Prepare(info);
    auto *running = new Running(info.Env(), maps_, std::move(run));
    const Napi::Promise promise = running->Promise();
    maps_->running = true;
    running->Queue();
    return promise;
}

// Does what run() does, but blocks, and returns nanoseconds.
Napi::Value LiveFrames::RunNow(const Napi::CallbackInfo &info) {
    const LiveRun run = Prepare(info);
    struct timespec start = {};
    struct timespec end = {};
    clock_gettime(CLOCK_MONOTONIC, &start);
    const int failure = run.Run();
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (failure != 0)
        throw RunFailure(info.Env(), failure);
    return Napi::Number::New(info.Env(), static_cast<double>(end.tv_sec - start.tv_sec) * 1e9 +
                                             static_cast<double>(end.tv_nsec - start.tv_nsec));
}

void LiveFrames::Stop(const Napi::CallbackInfo &info) {
    Opened(info.Env()).Stop();
}

// (): { sent, bytes, retried, refused, failure }
//
// Returns the counters of all runs. failure is the errno with which the interface refused to send in the last run, or
// 0.
Napi::Value LiveFrames::Counters(const Napi::CallbackInfo &info) {
    double sent = 0;
    double bytes = 0;
    double retried = 0;
    double refused = 0;
    uint32_t failure = 0;
    for (transmit_state &state : Opened(info.Env()).States()) {
        sent += static_cast<double>(Read(&state.sent));
        bytes += static_cast<double>(Read(&state.bytes));
        retried += static_cast<double>(Read(&state.retried));
        refused += static_cast<double>(Read(&state.refused));
        failure = std::max(failure, Read(&state.failure));
    }
    Napi::Object counters = Napi::Object::New(info.Env());
    counters.Set("sent", sent);
    counters.Set("bytes", bytes);
    counters.Set("retried", retried);
    counters.Set("refused", refused);
    counters.Set("failure", failure);
    return counters;
}

void LiveFrames::Close(const Napi::CallbackInfo &) {
    if (maps_ != nullptr)
        maps_->Stop();
    maps_.reset();
}

} // namespace ringcap
