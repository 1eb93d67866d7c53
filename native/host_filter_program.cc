#include "host_filter_program.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>

#include "filter/filter.h"
#include "host_link.h"
#include "network_sets.h"

// filter.h passes no context to what it leaves to its executor, so this thread keeps what it filters a packet with.
static thread_local const ringcap::NetworkSets *current_networks = nullptr;
static thread_local const struct filter *current_filter = nullptr;

// A packet on the host is linear as a whole.
static __always_inline bool packet_load(const struct packet *, __u32, void *, __u32) {
    return false;
}

static __always_inline bool network_set_contains(struct network_key *key) {
    return current_networks->Contains(*key);
}

static __always_inline bool find_transport(const struct packet *packet, const struct link_headers *link,
                                           struct transport *transport) {
    return read_transport(packet, link, &current_filter->protocols, transport);
}

static __always_inline bool walk_matches(const struct packet *packet) {
    return walked_headers_match(current_filter, packet);
}

namespace ringcap {

namespace {

// filter.h reads nothing beyond this length.
constexpr size_t readable_length = PACKET_OFFSET_MAX + sizeof(__u64);

NetworkSets NetworksOf(std::span<const uint8_t> bytes) {
    if (bytes.size() % sizeof(network_key) != 0)
        throw std::invalid_argument("the network keys are cut off");
    std::vector<network_key> keys(bytes.size() / sizeof(network_key));
    if (!keys.empty())
        std::memcpy(keys.data(), bytes.data(), bytes.size());
    for (const network_key &key : keys) {
        if (key.set > NETWORK_SET_DESTINATION_NETWORK || (key.ip_version != 4 && key.ip_version != 6) ||
            key.prefix_length < NETWORK_KEY_TAG_BITS)
            throw std::invalid_argument("a network key is broken");
    }
    return NetworkSets(keys);
}

} // namespace

struct HostFilterProgram::State {
    struct filter filter;
    NetworkSets networks;
    LinkFraming framing;
    uint8_t rewritten[ETHERNET_HEADER_LENGTH + readable_length];
};

HostFilterProgram::HostFilterProgram(std::span<const uint8_t> filter, std::span<const uint8_t> keys,
                                     uint32_t link_type) {
    if (filter.size() != sizeof(struct filter))
        throw std::invalid_argument("the filter has not the size of struct filter");
    const std::optional<LinkFraming> framing = FramingOf(link_type);
    if (!framing)
        throw std::invalid_argument("packets of link type " + std::to_string(link_type) + " cannot be filtered");
    state_.reset(new State{.filter = {}, .networks = NetworksOf(keys), .framing = *framing, .rewritten = {}});
    std::memcpy(&state_->filter, filter.data(), filter.size());
}

HostFilterProgram::~HostFilterProgram() = default;

bool HostFilterProgram::Matches(const uint8_t *data, uint32_t length) {
    struct packet packet = {};
    packet.data = data;
    packet.data_end = data + length;
    packet.link_layer = state_->framing == LinkFraming::bare_ip ? LINK_LAYER_NONE : LINK_LAYER_ETHERNET;
    if (state_->framing != LinkFraming::ethernet && state_->framing != LinkFraming::bare_ip) {
        // filter.h reads Ethernet: the same payload under an Ethernet header with the same type.
        const NetworkStart start = FindNetwork(state_->framing, {data, length});
        const size_t kept = std::min<size_t>(length - start.offset, readable_length);
        uint8_t *rewritten = state_->rewritten;
        rewritten[ETHERNET_ADDRESSES_LENGTH] = static_cast<uint8_t>(start.ether_type >> 8);
        rewritten[ETHERNET_ADDRESSES_LENGTH + 1] = static_cast<uint8_t>(start.ether_type);
        std::memcpy(rewritten + ETHERNET_HEADER_LENGTH, data + start.offset, kept);
        packet.data = rewritten;
        packet.data_end = rewritten + ETHERNET_HEADER_LENGTH + kept;
    }
    current_networks = &state_->networks;
    current_filter = &state_->filter;
    return filter_matches(&state_->filter, &packet);
}

} // namespace ringcap
