// bpf/filter/filter.h compiled for this machine, with the address sets and the link layers that it needs on the host.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ringcap {

class HostFilterProgram {
  public:
    // filter: struct filter; keys: struct network_key, one after the other; link_type: LINKTYPE_ number.
    // Throws std::invalid_argument when their sizes are wrong, or for a link type that cannot be read.
    HostFilterProgram(std::span<const uint8_t> filter, std::span<const uint8_t> keys, uint32_t link_type);
    ~HostFilterProgram();

    bool Matches(const uint8_t *data, uint32_t length);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace ringcap
