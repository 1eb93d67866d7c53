#include "frame_edits.h"

#include <algorithm>
#include <optional>
#include <random>

#include "network_headers.h"
#include "transmit/vary.h"

static __always_inline __u32 vary_random(void) {
    static thread_local std::mt19937 random(std::random_device{}());
    return random();
}

namespace ringcap {

namespace {

constexpr uint16_t ipv4_checksum_offset = 10;

// A number that all fragments of a datagram have in common. It is never 0.
uint32_t SeedOf(std::span<const uint8_t> frame, const Network &network) {
    constexpr uint32_t fnv_offset_basis = 2166136261;
    uint32_t hash = fnv_offset_basis;
    const auto add = [&](uint64_t offset, uint64_t size) {
        for (const uint8_t byte : frame.subspan(offset, size))
            hash = (hash ^ byte) * 16777619; // FNV-1a
    };
    add(network.source_address, uint64_t{2} * network.address_length);
    add(network.fragment_id, network.fragment_id_length);
    return hash == 0 ? 1 : hash;
}

} // namespace

frame_edits FindEdits(std::span<const uint8_t> bytes, bool is_raw_ip, Vary vary) {
    const std::span<const uint8_t> frame = bytes.first(std::min<size_t>(bytes.size(), VARY_OFFSET_MAX));
    const NetworkStart start = FindNetworkBehindTags(is_raw_ip ? LinkFraming::bare_ip : LinkFraming::ethernet, frame);
    const std::optional<Network> network = ReadNetwork(frame, start);
    frame_edits edits = {};
    if (!network)
        return edits;
    if (vary.source_address) {
        edits.address_seed = network->fragment_id == 0 ? 0 : SeedOf(frame, *network);
        edits.source_address = static_cast<uint16_t>(network->source_address);
        edits.address_length = static_cast<uint8_t>(network->address_length);
        edits.header_checksum = static_cast<uint16_t>(network->is_ipv4 ? start.offset + ipv4_checksum_offset : 0);
    }
    const ChecksummedTransport *transport = TransportOf(*network);
    if (transport == nullptr || network->transport == 0 ||
        network->transport + transport->checksum_offset + 2 > frame.size())
        return edits;
    if (vary.source_port && transport->has_ports)
        edits.source_port = static_cast<uint16_t>(network->transport);
    edits.transport_checksum = static_cast<uint16_t>(network->transport + transport->checksum_offset);
    edits.zero_is_no_checksum = transport->zero_is_no_checksum;
    return edits;
}

void ApplyEdits(std::span<uint8_t> frame, const frame_edits &edits) {
    vary_frame(frame.data(), frame.data() + frame.size(), &edits);
}

} // namespace ringcap
