// The address sets of a filter on the host. They stand for the longest-prefix-match trie of the kernel.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

struct network_key;

namespace ringcap {

class NetworkSets {
  public:
    // Takes keys as the kernel's trie takes them, with set and version in range. The keys become intervals that do not
    // overlap, for a binary search.
    explicit NetworkSets(std::span<const network_key> keys);

    // Whether a prefix of the key's set covers the key, that is all addresses that begin as its prefix_length bits do.
    bool Contains(const network_key &key) const;

  private:
    using Address = unsigned __int128;
    struct Interval {
        Address first;
        Address last;
    };

    static size_t GroupOf(const network_key &key);
    static Interval IntervalOf(const network_key &key);

    // One list for each set and IP version, in order.
    std::array<std::vector<Interval>, 12> groups_;
};

} // namespace ringcap
