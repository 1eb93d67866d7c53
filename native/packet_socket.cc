#include "packet_socket.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "arguments.h"
#include "batch_reader.h"
#include "failure.h"
#include "frame_edits.h"
#include "packet_sending.h"

namespace ringcap {

namespace {

// The kernel learns the protocol of a frame without a link-layer header from the address alone.
struct sockaddr_ll AddressOf(const OpenPacketSocket &socket, std::span<const uint8_t> frame) {
    struct sockaddr_ll address = {};
    address.sll_family = AF_PACKET;
    address.sll_ifindex = socket.interface_index;
    address.sll_protocol = htons(!frame.empty() && frame[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP);
    return address;
}

} // namespace

Napi::Function PacketSocket::Define(Napi::Env env) {
    return DefineClass(env, "PacketSocket",
                       {InstanceMethod<&PacketSocket::Send>("send"), InstanceMethod<&PacketSocket::SendNow>("sendNow"),
                        InstanceMethod<&PacketSocket::Stop>("stop"),
                        InstanceMethod<&PacketSocket::Counters>("counters"),
                        InstanceMethod<&PacketSocket::Close>("close")});
}

PacketSocket::PacketSocket(const Napi::CallbackInfo &info)
    : Napi::ObjectWrap<PacketSocket>(info), socket_(std::make_shared<OpenPacketSocket>()) {
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

OpenPacketSocket &PacketSocket::Opened(Napi::Env env) const {
    if (socket_ == nullptr)
        throw Napi::Error::New(env, "the socket is closed");
    return *socket_;
}

// (frame: Uint8Array): sends the frame before it returns, and waits for room where the interface has none. The counters
// know nothing of it.
void PacketSocket::SendNow(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    OpenPacketSocket &socket = Opened(env);
    const std::span<uint8_t> frame = BytesArgument(info, 0);
    struct sockaddr_ll address = AddressOf(socket, frame);
    struct iovec vector = {.iov_base = frame.data(), .iov_len = frame.size()};
    struct msghdr message = {};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    if (socket.is_raw_ip) {
        message.msg_name = &address;
        message.msg_namelen = sizeof(address);
    }
    ssize_t sent = 0;
    do
        sent = sendmsg(socket.fd, &message, 0);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        throw SystemFailure(env, "send a frame", errno);
}

// (batch: Uint8Array, count, from, due: Float64Array | undefined, start: bigint, sourceAddress, sourcePort: boolean):
//   Promise<{ frames, failure }>
//
// Sends the packets from number `from` up to number `count` of a batch in the layout of batch_record.h. Packet n is
// sent at start + due[n] (CLOCK_MONOTONIC, nanoseconds) or later, or at once where `due` is undefined. The promise
// resolves when all packets are sent, after stop(), after 250 ms, or when the interface refuses to send at all.
// frames: the number of packets that were sent or counted as errors.
// failure: the error with which the interface refused to send, or undefined.
Napi::Value PacketSocket::Send(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    OpenPacketSocket &socket = Opened(env);
    const std::span<uint8_t> bytes = BytesArgument(info, 0);
    const uint32_t count = UnsignedArgument(info, 1);
    const uint32_t from = UnsignedArgument(info, 2);
    const Vary vary = {.source_address = BooleanArgument(info, 5), .source_port = BooleanArgument(info, 6)};
    FrameMessages batch;
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
        if (socket.is_raw_ip)
            batch.addresses.push_back(AddressOf(socket, frame));
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

    auto *sending = new PacketSending(env, socket_, std::move(batch));
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

// (): { sent, bytes, retried, paced, lateness, latenessMax, errors: { [errno]: frames } }
//
// Returns the counters. The two latenesses are in nanoseconds.
Napi::Value PacketSocket::Counters(const Napi::CallbackInfo &info) {
    OpenPacketSocket &socket = Opened(info.Env());
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
        errors.Set(ErrorCode(errno_value), static_cast<double>(frames));
    counters.Set("errors", errors);
    return counters;
}

void PacketSocket::Close(const Napi::CallbackInfo &) {
    if (socket_ != nullptr)
        socket_->Stop();
    socket_.reset();
}

} // namespace ringcap
