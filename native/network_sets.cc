#include "network_sets.h"

#include <algorithm>

#include "filter/filter_layout.h"

namespace ringcap {

namespace {

constexpr unsigned address_bits = 128;

} // namespace

NetworkSets::NetworkSets(std::span<const network_key> keys) {
    for (const network_key &key : keys)
        groups_[GroupOf(key)].push_back(IntervalOf(key));
    for (std::vector<Interval> &group : groups_) {
        std::sort(group.begin(), group.end(), [](const Interval &a, const Interval &b) { return a.first < b.first; });
        // Of two prefixes, one lies within the other or they lie apart. Neighbours stay two intervals, because together
        // they are no prefix.
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
    const Interval wanted = IntervalOf(key);
    const auto after = std::upper_bound(group.begin(), group.end(), wanted.first,
                                        [](Address value, const Interval &interval) { return value < interval.first; });
    return after != group.begin() && wanted.last <= std::prev(after)->last;
}

size_t NetworkSets::GroupOf(const network_key &key) {
    return static_cast<size_t>(key.set) * 2 + (key.ip_version == 6 ? 1 : 0);
}

// An IPv4 address lies at the upper end of the number, as in the key.
NetworkSets::Interval NetworkSets::IntervalOf(const network_key &key) {
    const unsigned prefix = std::min(key.prefix_length - NETWORK_KEY_TAG_BITS, address_bits);
    const Address rest = prefix == address_bits ? 0 : ~Address{0} >> prefix;
    const auto *bytes = reinterpret_cast<const uint8_t *>(key.address);
    Address address = 0;
    for (size_t i = 0; i < sizeof(key.address); i++)
        address = address << 8 | bytes[i];
    return {address & ~rest, address | rest};
}

} // namespace ringcap
