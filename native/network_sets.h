// The address sets of a filter on the host: what the longest-prefix-match trie is in the kernel.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

struct network_key;

namespace ringcap {

class NetworkSets {
  public:
    // Keys as the kernel's trie takes them. Their prefixes become intervals of addresses that do not overlap.
    explicit NetworkSets(std::span<const network_key> keys);

    // Whether a prefix of the key's set covers the key's address: a binary search.
    bool Contains(const network_key &key) const;

  private:
    using Address = unsigned __int128;
    struct Interval {
        Address first;
        Address last;
    };

    static size_t GroupOf(const network_key &key);
    static Address AddressOf(const network_key &key);

    // One list for each set and IP version, in order.
    std::array<std::vector<Interval>, 12> groups_;
};

} // namespace ringcap
