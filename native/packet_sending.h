// The thread that sends the frames of one call of PacketSocket::Send.
#pragma once

#include <napi.h>

#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "paced_clock.h"

namespace ringcap {

// A packet socket that is open. It outlives the JavaScript object while a thread sends.
struct OpenPacketSocket {
    ~OpenPacketSocket() {
        close(fd);
        close(stop_fd);
    }

    void Stop() const {
        const uint64_t one = 1;
        if (write(stop_fd, &one, sizeof(one)) < 0)
            return; // the counter of the eventfd is full, so the thread has been told
    }

    int fd = -1;
    int stop_fd = -1;
    int interface_index = 0;
    bool is_raw_ip = false;
    int64_t waiting_since = 0;        // CLOCK_MONOTONIC since which the next frame waits for room, ns
    size_t refused_length = SIZE_MAX; // bytes of the shortest frame that found no room for longer than `patience`
    std::atomic<bool> sending = false;
    std::atomic<uint64_t> sent = 0;
    std::atomic<uint64_t> bytes = 0;
    std::atomic<uint64_t> retried = 0;
    // How long after their time paced frames were handed over, in nanoseconds.
    std::atomic<uint64_t> paced = 0;
    std::atomic<uint64_t> lateness = 0;
    std::atomic<uint64_t> lateness_max = 0;
    std::mutex mutex;
    std::map<int, uint64_t> errors; // frames by errno
};

// The messages of a batch.
struct FrameMessages {
    std::vector<struct iovec> vectors;
    std::vector<struct mmsghdr> messages;
    std::vector<struct sockaddr_ll> addresses; // raw IP only: the protocol differs from packet to packet
    std::span<const double> due;               // nanoseconds since start; empty: at once
    int64_t start = 0;
};

// Sends messages in the thread pool while JavaScript goes on.
class PacketSending : public Napi::AsyncWorker {
  public:
    PacketSending(Napi::Env env, std::shared_ptr<OpenPacketSocket> socket, FrameMessages batch)
        : Napi::AsyncWorker(env, "ringcap.PacketSocket"), deferred_(Napi::Promise::Deferred::New(env)),
          socket_(std::move(socket)), batch_(std::move(batch)) {}

    Napi::Promise Promise() const {
        return deferred_.Promise();
    }
    // Keeps the memory of JavaScript alive until everything is sent.
    void Hold(const Napi::Value &value) {
        held_.push_back(Napi::Persistent(value.As<Napi::Object>()));
    }

  protected:
    void Execute() override;
    void OnOK() override;

  private:
    int64_t DueOf(size_t frame) const;
    void Send(const PacedClock &clock, size_t group);
    void CountSent(size_t sent, int64_t now);

    Napi::Promise::Deferred deferred_;
    std::shared_ptr<OpenPacketSocket> socket_;
    FrameMessages batch_;
    std::vector<Napi::ObjectReference> held_;
    size_t behind_ = 0; // frames that were sent or failed
    int failure_ = 0;
    bool cut_short_ = false;
};

} // namespace ringcap
