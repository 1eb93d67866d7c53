// Completes checksums that the kernel left to the network card. A packet that is captured before the card computes its
// checksum has the sum of its pseudo header in the field (CHECKSUM_PARTIAL of include/linux/skbuff.h), and zero in
// SCTP. A packet whose field holds anything else stays as it is, right or wrong.
#include <napi.h>

#include <algorithm>
#include <cstring>

#include "addon.h"
#include "arguments.h"
#include "checksum_repair.h"
#include "checksums.h"
#include "encapsulation.h"
#include "network_headers.h"
#include "capture/packet_record.h"

namespace ringcap {

namespace {

constexpr uint8_t protocol_sctp = 132;
constexpr uint64_t sctp_checksum_offset = 8; // RFC 9260 section 3.1
constexpr uint64_t sctp_header_length = 12;
constexpr uint8_t protocol_udp_lite = 136; // its checksum need not cover the whole packet: Linux computes it itself

// How many packets within packets are looked at: a bound for hostile packets.
constexpr int encapsulations_max = 8;

using Outcome = ChecksumOutcome;

struct Frame {
    std::span<uint8_t> bytes; // captured bytes
    bool is_whole;
};

uint16_t Read16(std::span<const uint8_t> bytes, uint64_t offset) {
    return static_cast<uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
}

// Where the packet ends in the captured bytes, or 0 where it does not end in them.
uint64_t EndOf(const Frame &frame, const Network &network) {
    const uint64_t captured = frame.bytes.size();
    if (network.end == 0)
        return frame.is_whole ? captured : 0;
    return network.end <= captured ? network.end : 0;
}

// Returns the sum of the pseudo header (RFC 9293 section 3.1 and RFC 8200 section 8.1) for the whole length of the
// packet, however much of it was captured.
uint16_t PseudoHeaderSum(const Frame &frame, const Network &network, uint64_t length) {
    const std::span<const uint8_t> bytes = frame.bytes;
    const uint64_t sum = uint64_t{SumOf(bytes.subspan(network.source_address, network.address_length))} +
                         SumOf(bytes.subspan(network.destination_address, network.address_length)) + network.protocol +
                         (length >> 16) + (length & 0xffff);
    return FoldSum(sum);
}

// The field is part of the sum, because it holds the sum of the pseudo header.
Outcome CompleteInternetChecksum(const Frame &frame, const Network &network, uint64_t original_end) {
    const ChecksummedTransport *transport = TransportOf(network);
    if (transport == nullptr || transport->protocol == protocol_udp_lite)
        return Outcome::untouched;
    const uint64_t field = network.transport + transport->checksum_offset;
    const uint64_t stated_end = network.end != 0 ? network.end : original_end;
    if (field + 2 > std::min<uint64_t>(frame.bytes.size(), stated_end))
        return Outcome::untouched;
    if (Read16(frame.bytes, field) != PseudoHeaderSum(frame, network, stated_end - network.transport))
        return Outcome::untouched;
    const uint64_t end = EndOf(frame, network);
    if (end == 0)
        return Outcome::cut;
    uint16_t checksum = static_cast<uint16_t>(~SumOf(frame.bytes.subspan(network.transport, end - network.transport)));
    if (checksum == 0 && transport->zero_is_no_checksum)
        checksum = 0xffff;
    frame.bytes[field] = static_cast<uint8_t>(checksum >> 8);
    frame.bytes[field + 1] = static_cast<uint8_t>(checksum);
    return Outcome::completed;
}

Outcome CompleteSctpChecksum(const Frame &frame, const Network &network) {
    const uint64_t start = network.transport;
    if (start + sctp_header_length > frame.bytes.size())
        return Outcome::untouched;
    const std::span<uint8_t> field = frame.bytes.subspan(start + sctp_checksum_offset, 4);
    if (std::any_of(field.begin(), field.end(), [](uint8_t byte) { return byte != 0; }))
        return Outcome::untouched;
    const uint64_t end = EndOf(frame, network);
    if (end == 0)
        return Outcome::cut;
    if (start + sctp_header_length > end)
        return Outcome::untouched;
    const uint32_t checksum = ~Crc32cOf(frame.bytes.subspan(start, end - start), 0xffffffff);
    for (size_t i = 0; i < field.size(); i++)
        field[i] = static_cast<uint8_t>(checksum >> 8 * i);
    return Outcome::completed;
}

// Packets are completed from the inside out, because the outer checksum covers the inner one.
Outcome CompleteFrom(const Frame &frame, NetworkStart start, uint64_t original_length, int encapsulations) {
    const std::optional<Network> network = ReadNetwork(frame.bytes, start);
    if (!network || network->is_part || network->transport == 0)
        return Outcome::untouched;
    Outcome inner = Outcome::untouched;
    const std::optional<NetworkStart> encapsulated = FindEncapsulated(frame.bytes, *network);
    if (encapsulated && encapsulations < encapsulations_max)
        inner = CompleteFrom(frame, *encapsulated, original_length, encapsulations + 1);
    const Outcome outer = network->protocol == protocol_sctp
                              ? CompleteSctpChecksum(frame, *network)
                              : CompleteInternetChecksum(frame, *network, original_length);
    return std::max(inner, outer);
}

// (records, count, linkType): { completed, cut }, packets.
//
// Completes the checksums of records, which lie in a row as pack.cc writes them, and are changed in place. cut counts
// packets whose checksum is to be completed, but whose bytes were not all captured.
Napi::Value CompleteChecksums(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> records = BytesArgument(info, 0);
    const uint32_t count = UnsignedArgument(info, 1);
    const std::optional<LinkFraming> framing = FramingOf(UnsignedArgument(info, 2));
    uint32_t outcomes[] = {0, 0, 0};
    size_t at = 0;
    for (uint32_t i = 0; framing && i < count; i++) {
        packet_record record;
        if (records.size() - at < sizeof(record))
            throw Napi::RangeError::New(info.Env(), "the records end before the last one");
        std::memcpy(&record, records.data() + at, sizeof(record));
        at += sizeof(record);
        if (records.size() - at < record.captured_length)
            throw Napi::RangeError::New(info.Env(), "a record is longer than what holds it");
        const std::span<uint8_t> captured = records.subspan(at, record.captured_length);
        outcomes[static_cast<size_t>(CompletePacketChecksums(captured, record.original_length, *framing))]++;
        at += record.captured_length;
    }
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("completed", outcomes[static_cast<size_t>(Outcome::completed)]);
    result.Set("cut", outcomes[static_cast<size_t>(Outcome::cut)]);
    return result;
}

} // namespace

ChecksumOutcome CompletePacketChecksums(std::span<uint8_t> captured, uint32_t original_length,
                                        const LinkFraming &framing) {
    const Frame frame = {captured, original_length <= captured.size()};
    const NetworkStart start = FindNetworkBehindTags(framing, captured);
    return CompleteFrom(frame, start, std::max<uint64_t>(original_length, captured.size()), 0);
}

void DefineChecksumFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("completeChecksums", Napi::Function::New<CompleteChecksums>(env, "completeChecksums"));
}

} // namespace ringcap
