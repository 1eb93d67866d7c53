#include "network_sets.h"

#include <algorithm>

#include "filter_layout.h"

namespace ringcap {

namespace {

constexpr unsigned address_bits = 128;

} // namespace

NetworkSets::NetworkSets(std::span<const network_key> keys) {
    for (const network_key &key : keys) {
        // IPv4 addresses lie at the upper end, as in the key.
        const unsigned prefix = key.prefix_length - NETWORK_KEY_TAG_BITS;
        const Address rest = prefix == 0 ? ~Address{0} : prefix >= address_bits ? 0 : ~Address{0} >> prefix;
        const Address first = AddressOf(key) & ~rest;
        groups_[GroupOf(key)].push_back({first, first | rest});
    }
    for (std::vector<Interval> &group : groups_) {
        std::sort(group.begin(), group.end(), [](const Interval &a, const Interval &b) { return a.first < b.first; });
        size_t kept = 0;
        for (const Interval &interval : group) {
            if (kept > 0 && interval.first <= group[kept - 1].last)
                group[kept - 1].last = std::max(group[kept - 1].last, interval.last);
            else
                group[kept++] = interval;
        }
        group.resize(kept);
    }
}

bool NetworkSets::Contains(const network_key &key) const {
    const std::vector<Interval> &group = groups_[GroupOf(key)];
    const Address address = AddressOf(key);
    const auto after = std::upper_bound(group.begin(), group.end(), address,
                                        [](Address value, const Interval &interval) { return value < interval.first; });
    return after != group.begin() && address <= std::prev(after)->last;
}

size_t NetworkSets::GroupOf(const network_key &key) {
    return static_cast<size_t>(key.set) * 2 + (key.ip_version == 6 ? 1 : 0);
}

NetworkSets::Address NetworkSets::AddressOf(const network_key &key) {
    Address address = 0;
    const auto *bytes = reinterpret_cast<const uint8_t *>(key.address);
    for (size_t i = 0; i < sizeof(key.address); i++)
        address = address << 8 | bytes[i];
    return address;
}

} // namespace ringcap
