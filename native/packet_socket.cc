#include "packet_socket.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "arguments.h"
#include "batch_reader.h"
#include "failure.h"
#include "frame_edits.h"
#include "paced_clock.h"

namespace ringcap {

namespace {

constexpr size_t frames_per_call = 64;
// The longest time of one call of send(), so that its caller learns how far it is.
constexpr int64_t slice = 250000000;
// How long a frame is offered to an interface that says that it has no room. A veth also says so of a frame that is
// longer than its other end accepts. After a frame was refused for that long, frames of its length and above are
// offered only once.
constexpr int64_t patience = 250000000;
constexpr int64_t pause_without_room = 200000;

// The errors that concern one frame, because it is too long or too short. Any other error would meet every frame.
bool IsOfTheFrame(int errno_value) {
    return errno_value == EMSGSIZE || errno_value == EINVAL;
}

bool IsWithoutRoom(int errno_value) {
    return errno_value == ENOBUFS || errno_value == EAGAIN || errno_value == ENOMEM;
}

} // namespace

struct PacketSocket::Socket {
    ~Socket() {
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
    int64_t waiting_since = 0;        // since when the next frame waits for room, ns
    size_t refused_length = SIZE_MAX; // of the shortest frame that found no room for longer than `patience`
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
struct PacketSocket::Batch {
    std::vector<struct iovec> vectors;
    std::vector<struct mmsghdr> messages;
    std::vector<struct sockaddr_ll> addresses; // raw IP only: the protocol differs from packet to packet
    std::span<const double> due;               // nanoseconds since start; empty: at once
    int64_t start = 0;
};

class PacketSocket::Sending : public Napi::AsyncWorker {
  public:
    Sending(Napi::Env env, std::shared_ptr<Socket> socket, Batch batch)
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
    void Execute() override {
        PacedClock clock(socket_->stop_fd);
        const int64_t end = PacedClock::Now() + slice;
        const size_t count = batch_.messages.size();
        while (behind_ < count && failure_ == 0) {
            int64_t now = PacedClock::Now();
            const int64_t due = DueOf(behind_);
            if (due > now) {
                // The next call continues a long wait.
                if (!clock.WaitUntil(std::min(due, end)) || due > end)
                    return;
                now = PacedClock::Now();
            } else if (now >= end || !clock.Sleep(0)) {
                return;
            }
            size_t group = 1;
            while (group < frames_per_call && behind_ + group < count && DueOf(behind_ + group) <= now)
                group++;
            Send(clock, group);
        }
    }

    void OnOK() override {
        socket_->sending = false;
        Napi::Object result = Napi::Object::New(Env());
        result.Set("frames", static_cast<double>(behind_));
        result.Set("failure", failure_ == 0 ? Env().Undefined() : SystemFailure(Env(), "send", failure_).Value());
        deferred_.Resolve(result);
    }

  private:
    int64_t DueOf(size_t frame) const {
        return batch_.due.empty() ? 0 : batch_.start + static_cast<int64_t>(batch_.due[frame]);
    }

    void Send(const PacedClock &clock, size_t group) {
        const int64_t now = PacedClock::Now();
        const int sent = sendmmsg(socket_->fd, &batch_.messages[behind_], static_cast<unsigned>(group), MSG_DONTWAIT);
        if (sent > 0) {
            // sendmmsg reports the error that ended the group only to the next call, which offers the frame again.
            cut_short_ = static_cast<size_t>(sent) < group;
            CountSent(static_cast<size_t>(sent), now);
            return;
        }
        const int failure = errno;
        if (std::exchange(cut_short_, false) && failure == ENOBUFS)
            socket_->retried++;
        if (failure == EINTR)
            return;
        const size_t length = batch_.vectors[behind_].iov_len;
        if (IsWithoutRoom(failure) && length < socket_->refused_length) {
            if (socket_->waiting_since == 0)
                socket_->waiting_since = now;
            if (now - socket_->waiting_since < patience) {
                socket_->retried++;
                clock.Sleep(pause_without_room, failure == EAGAIN ? socket_->fd : -1);
                return;
            }
            socket_->refused_length = length;
        }
        if (!IsWithoutRoom(failure) && !IsOfTheFrame(failure)) {
            failure_ = failure;
            return;
        }
        socket_->waiting_since = 0;
        behind_++;
        const std::lock_guard<std::mutex> lock(socket_->mutex);
        socket_->errors[failure]++;
    }

    void CountSent(size_t sent, int64_t now) {
        uint64_t bytes = 0;
        for (size_t i = behind_; i < behind_ + sent; i++) {
            const size_t length = batch_.vectors[i].iov_len;
            bytes += length;
            if (length >= socket_->refused_length)
                socket_->refused_length = SIZE_MAX; // the interface was merely short of room
            if (batch_.due.empty())
                continue;
            const uint64_t late = static_cast<uint64_t>(std::max<int64_t>(0, now - DueOf(i)));
            socket_->paced++;
            socket_->lateness += late;
            if (late > socket_->lateness_max)
                socket_->lateness_max = late;
        }
        behind_ += sent;
        socket_->waiting_since = 0;
        socket_->sent += sent;
        socket_->bytes += bytes;
    }

    Napi::Promise::Deferred deferred_;
    std::shared_ptr<Socket> socket_;
    Batch batch_;
    std::vector<Napi::ObjectReference> held_;
    size_t behind_ = 0; // frames that were sent or failed
    int failure_ = 0;
    bool cut_short_ = false;
};

Napi::Function PacketSocket::Define(Napi::Env env) {
    return DefineClass(env, "PacketSocket",
                       {InstanceMethod<&PacketSocket::Send>("send"), InstanceMethod<&PacketSocket::Stop>("stop"),
                        InstanceMethod<&PacketSocket::Counters>("counters"),
                        InstanceMethod<&PacketSocket::Close>("close")});
}

PacketSocket::PacketSocket(const Napi::CallbackInfo &info)
    : Napi::ObjectWrap<PacketSocket>(info), socket_(std::make_shared<Socket>()) {
    socket_->interface_index = static_cast<int>(UnsignedArgument(info, 0));
    socket_->is_raw_ip = BooleanArgument(info, 1);
    socket_->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    // With the protocol 0 the socket receives nothing.
    socket_->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (socket_->fd < 0 || socket_->stop_fd < 0)
        throw SystemFailure(info.Env(), "open a packet socket", errno);
    struct sockaddr_ll address = {};
    address.sll_family = AF_PACKET;
    address.sll_ifindex = socket_->interface_index;
    if (bind(socket_->fd, reinterpret_cast<struct sockaddr *>(&address), sizeof(address)) != 0)
        throw SystemFailure(info.Env(), "bind a packet socket", errno);
}

PacketSocket::~PacketSocket() {
    if (socket_ != nullptr)
        socket_->Stop();
}

PacketSocket::Socket &PacketSocket::Opened(Napi::Env env) const {
    if (socket_ == nullptr)
        throw Napi::Error::New(env, "the socket is closed");
    return *socket_;
}

// (batch: Uint8Array, count, from, due: Float64Array | undefined, start: bigint, sourceAddress, sourcePort: boolean):
//   Promise<{ frames, failure }>
//
// Sends packets `from` to `count` of a batch in the layout of batch_record.h, each not before start + due[its number]
// (CLOCK_MONOTONIC and nanoseconds), or at once. Resolves when all are sent, after stop(), at the latest after 250 ms,
// or when the interface refuses to send at all, with that failure. frames: of these packets, those that were sent or
// counted as errors.
Napi::Value PacketSocket::Send(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    Socket &socket = Opened(env);
    const std::span<uint8_t> bytes = BytesArgument(info, 0);
    const uint32_t count = UnsignedArgument(info, 1);
    const uint32_t from = UnsignedArgument(info, 2);
    const Vary vary = {.source_address = BooleanArgument(info, 5), .source_port = BooleanArgument(info, 6)};
    Batch batch;
    batch.start = static_cast<int64_t>(BigIntArgument(info, 4));
    if (!info[3].IsUndefined()) {
        if (!info[3].IsTypedArray() || info[3].As<Napi::TypedArray>().TypedArrayType() != napi_float64_array)
            throw Napi::TypeError::New(env, "argument 3: expected a Float64Array");
        Napi::Float64Array due = info[3].As<Napi::Float64Array>();
        if (due.ElementLength() < count)
            throw Napi::RangeError::New(env, "there are fewer times than packets");
        batch.due = {due.Data() + from, due.ElementLength() - from};
    }
    if (socket.sending)
        throw Napi::Error::New(env, "the socket is sending");

    BatchReader reader(bytes);
    for (uint32_t i = 0; i < count; i++) {
        const BatchReader::Packet packet = reader.Next(env);
        if (i < from)
            continue;
        uint8_t *data = bytes.data() + (packet.data - bytes.data());
        const std::span<uint8_t> frame = {data, packet.header.captured_length};
        if (vary.source_address || vary.source_port)
            ApplyEdits(frame, FindEdits(frame, socket.is_raw_ip, vary));
        batch.vectors.push_back({.iov_base = data, .iov_len = frame.size()});
        struct sockaddr_ll address = {};
        if (socket.is_raw_ip) {
            address.sll_family = AF_PACKET;
            address.sll_ifindex = socket.interface_index;
            address.sll_protocol = htons(!frame.empty() && frame[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP);
            batch.addresses.push_back(address);
        }
    }
    batch.messages.resize(batch.vectors.size());
    for (size_t i = 0; i < batch.messages.size(); i++) {
        struct msghdr &header = batch.messages[i].msg_hdr;
        header.msg_iov = &batch.vectors[i];
        header.msg_iovlen = 1;
        if (socket.is_raw_ip) {
            header.msg_name = &batch.addresses[i];
            header.msg_namelen = sizeof(struct sockaddr_ll);
        }
    }

    auto *sending = new Sending(env, socket_, std::move(batch));
    sending->Hold(info[0]);
    if (!info[3].IsUndefined())
        sending->Hold(info[3]);
    const Napi::Promise promise = sending->Promise();
    socket.sending = true;
    sending->Queue();
    return promise;
}

void PacketSocket::Stop(const Napi::CallbackInfo &info) {
    Opened(info.Env()).Stop();
}

// (): { sent, bytes, retried, paced, lateness, latenessMax (ns), errors: { [errno]: frames } }
Napi::Value PacketSocket::Counters(const Napi::CallbackInfo &info) {
    Socket &socket = Opened(info.Env());
    Napi::Object counters = Napi::Object::New(info.Env());
    counters.Set("sent", static_cast<double>(socket.sent));
    counters.Set("bytes", static_cast<double>(socket.bytes));
    counters.Set("retried", static_cast<double>(socket.retried));
    counters.Set("paced", static_cast<double>(socket.paced));
    counters.Set("lateness", static_cast<double>(socket.lateness));
    counters.Set("latenessMax", static_cast<double>(socket.lateness_max));
    Napi::Object errors = Napi::Object::New(info.Env());
    const std::lock_guard<std::mutex> lock(socket.mutex);
    for (const auto &[errno_value, frames] : socket.errors)
        errors.Set(strerrorname_np(errno_value), static_cast<double>(frames));
    counters.Set("errors", errors);
    return counters;
}

void PacketSocket::Close(const Napi::CallbackInfo &) {
    if (socket_ != nullptr)
        socket_->Stop();
    socket_.reset();
}

} // namespace ringcap
