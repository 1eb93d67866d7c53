#include "kernel_replay.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "arguments.h"
#include "failure.h"
#include "host_filter.h"
#include "capture/packet_record.h"

namespace ringcap {

namespace {

constexpr uint32_t ethernet_header_length = 14;
constexpr uint32_t ether_type_offset = 12;
constexpr uint32_t link_type_ethernet = 1;

// The return values for a packet that does not match and for one that does, when the programs drop what matches:
// XDP_PASS and XDP_DROP, or TC_NEXT and TC_DROP of capture.bpf.c.
constexpr uint32_t xdp_passed = XDP_PASS;
constexpr uint32_t xdp_matched = XDP_DROP;
constexpr uint32_t tc_passed = static_cast<uint32_t>(-1);
constexpr uint32_t tc_matched = 2;

// Lengths of ordinary frames, which every kernel accepts for a test run.
constexpr size_t ordinary_length_min = 60;
constexpr size_t ordinary_length_max = 1514;

// Whether the kernel refused a packet for being too short or too long for a test run (net/bpf/test_run.c).
bool IsBeyondTestRuns(size_t length, int errno_value) {
    return (length < ordinary_length_min || length > ordinary_length_max) &&
           (errno_value == EINVAL || errno_value == ENOMEM || errno_value == E2BIG);
}

} // namespace

Napi::Function KernelReplay::Define(Napi::Env env) {
    return DefineClass(env, "KernelReplay",
                       {InstanceMethod<&KernelReplay::Run>("run"), InstanceMethod<&KernelReplay::Close>("close")});
}

KernelReplay::KernelReplay(const Napi::CallbackInfo &info) : Napi::ObjectWrap<KernelReplay>(info) {
    const int program = DescriptorArgument(info, 0, DescriptorKind::program);
    const int ring = DescriptorArgument(info, 1, DescriptorKind::map);
    at_tc_ = BooleanArgument(info, 2);
    snapshot_length_ = UnsignedArgument(info, 3);
    needs_wire_length_ = BooleanArgument(info, 7);
    host_ = HostFilterArguments(info, 4);
    // A test run wants an Ethernet frame. A packet without a link header gets an Ethernet header that adds only its
    // EtherType.
    prefix_ = UnsignedArgument(info, 6) == link_type_ethernet ? 0 : ethernet_header_length;
    ring_ = std::make_unique<RingReader>(info.Env(), ring, RecordLayout{});
    position_ = ring_->Published().position;
    program_fd_ = fcntl(program, F_DUPFD_CLOEXEC, 0);
    if (program_fd_ < 0)
        throw SystemFailure(info.Env(), "duplicate a descriptor", errno);
}

KernelReplay::~KernelReplay() {
    if (program_fd_ >= 0)
        close(program_fd_);
}

// (input: Uint8Array, count: number, limit: number, output: Uint8Array, verdicts: Uint8Array):
//     { packets, matched, notRun, bytes }
//
// Puts packets to the program, and ends after `limit` matches. Both batches are laid out as in batch_record.h, and the
// output needs no more room than the input takes. The bytes of the output come out of the ring. Time, original length,
// interface and direction are those of the input.
//
// verdicts: for each packet, whether the program in front of the filter, which the host does not have, lets it through.
// packets: the number of packets that were put to the program.
// notRun: the number of packets for which the filter on the host decided, because the kernel takes no packet of their
// length for a test run.
Napi::Value KernelReplay::Run(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    BatchReader batch(BytesArgument(info, 0));
    const uint32_t count = UnsignedArgument(info, 1);
    const uint32_t limit = UnsignedArgument(info, 2);
    const std::span<uint8_t> room = BytesArgument(info, 3);
    const std::span<const uint8_t> verdicts = BytesArgument(info, 4);
    Output output = {.data = room.data(), .capacity = room.size()};
    if (verdicts.size() < count)
        throw Napi::RangeError::New(env, "there is not a verdict for each packet");
    if (ring_ == nullptr)
        throw Napi::Error::New(env, "the replay is closed");

    uint32_t packets = 0;
    uint32_t matched = 0;
    uint32_t not_run = 0;
    for (; packets < count && matched < limit; packets++) {
        const BatchReader::Packet packet = batch.Next(env);
        switch (RunProgram(env, packet)) {
        case Verdict::matched:
            TakeRecord(env, packet, &output);
            matched++;
            break;
        case Verdict::passed:
            break;
        case Verdict::not_run:
            not_run++;
            if (verdicts[packets] != 0 && host_->Matches(packet.data, packet.header.captured_length)) {
                Append(env, packet.header, packet.data, packet.header.captured_length, &output);
                matched++;
            }
            break;
        }
        if (ring_->Published().position != position_)
            throw SystemFailure(env, "replay a packet: the program put a record too many into the ring", EPROTO);
    }

    Napi::Object result = Napi::Object::New(env);
    result.Set("packets", packets);
    result.Set("matched", matched);
    result.Set("notRun", not_run);
    result.Set("bytes", static_cast<double>(output.used));
    return result;
}

KernelReplay::Verdict KernelReplay::RunProgram(Napi::Env env, const BatchReader::Packet &packet) {
    // In a test run the original length of a packet is the number of its bytes.
    if (needs_wire_length_ && packet.header.original_length != packet.header.captured_length)
        return Verdict::not_run;
    const std::span<const uint8_t> frame = Framed(packet);
    LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = static_cast<__u32>(frame.size()),
                .repeat = 1);
    if (bpf_prog_test_run_opts(program_fd_, &options) != 0) {
        const int failure = errno;
        if (IsBeyondTestRuns(frame.size(), failure))
            return Verdict::not_run;
        throw SystemFailure(env, "run the program on a packet of " + std::to_string(frame.size()) + " bytes", failure);
    }
    if (options.retval == (at_tc_ ? tc_matched : xdp_matched))
        return Verdict::matched;
    if (options.retval != (at_tc_ ? tc_passed : xdp_passed))
        throw SystemFailure(env, "replay a packet: the program returned " + std::to_string(options.retval), EPROTO);
    return Verdict::passed;
}

std::span<const uint8_t> KernelReplay::Framed(const BatchReader::Packet &packet) {
    const uint32_t length = packet.header.captured_length;
    if (prefix_ == 0)
        return {packet.data, length};
    const uint8_t version = length == 0 ? 0 : packet.data[0] >> 4;
    framed_.assign(prefix_, 0);
    framed_[ether_type_offset] = version == 4 ? 0x08 : version == 6 ? 0x86 : 0;
    framed_[ether_type_offset + 1] = version == 6 ? 0xdd : 0;
    framed_.insert(framed_.end(), packet.data, packet.data + length);
    return framed_;
}

void KernelReplay::TakeRecord(Napi::Env env, const BatchReader::Packet &packet, Output *output) {
    const uint64_t end = ring_->Published().position;
    if (end == position_)
        throw SystemFailure(env, "replay a packet: it matched, but is not in the ring", EPROTO);
    const RingReader::Record record = ring_->Read(env, position_, end);
    const uint32_t wanted = std::min(packet.header.captured_length, snapshot_length_) + prefix_;
    if (record.header.captured_length != wanted ||
        record.header.original_length != packet.header.captured_length + prefix_)
        throw SystemFailure(env, "replay a packet: its record in the ring has the wrong length", EPROTO);
    Append(env, packet.header, record.data + prefix_, wanted - prefix_, output);
    position_ = record.next;
    ring_->Release(position_);
}

// Appends a packet to the output, cut to the snapshot length.
void KernelReplay::Append(Napi::Env env, const batch_record &header, const uint8_t *data, uint32_t length,
                          Output *output) {
    batch_record cut = header;
    cut.captured_length = std::min(length, snapshot_length_);
    const size_t size = (sizeof(cut) + static_cast<size_t>(cut.captured_length) + 7) / 8 * 8;
    if (size > output->capacity - output->used)
        throw Napi::RangeError::New(env, "the output has no room for a packet");
    uint8_t *to = output->data + output->used;
    std::memcpy(to, &cut, sizeof(cut));
    std::memcpy(to + sizeof(cut), data, cut.captured_length);
    output->used += size;
}

void KernelReplay::Close(const Napi::CallbackInfo &) {
    ring_.reset();
    if (program_fd_ >= 0)
        close(program_fd_);
    program_fd_ = -1;
}

} // namespace ringcap
