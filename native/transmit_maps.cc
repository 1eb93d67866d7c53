#include "transmit_maps.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "arguments.h"
#include "descriptor.h"
#include "failure.h"

namespace ringcap {

TransmitMaps::TransmitMaps(const Napi::CallbackInfo &info)
    : frames(info.Env(), DescriptorArgument(info, 1, DescriptorKind::map), sizeof(transmit_frame)),
      bytes(info.Env(), DescriptorArgument(info, 2, DescriptorKind::map), TRANSMIT_LENGTH_MAX),
      control(info.Env(), DescriptorArgument(info, 3, DescriptorKind::map), sizeof(transmit_control)),
      states(info.Env(), DescriptorArgument(info, 4, DescriptorKind::map), sizeof(transmit_state)) {
    program_fd = fcntl(DescriptorArgument(info, 0, DescriptorKind::program), F_DUPFD_CLOEXEC, 0);
    if (program_fd < 0)
        throw SystemFailure(info.Env(), "duplicate a descriptor", errno);
}

bool TransmitMaps::Add(std::span<const uint8_t> data, Vary vary) {
    const size_t capacity = bytes.ValueSize() - TRANSMIT_LENGTH_MAX;
    if (count == frames.Entries() || used > capacity || data.size() > capacity - used)
        return false;
    std::memcpy(bytes.Bytes() + used, data.data(), data.size());
    transmit_frame &frame = frames.Values<transmit_frame>()[count++];
    const auto length = static_cast<uint32_t>(data.size());
    frame = {.offset = static_cast<uint32_t>(used), .length = length, .edits = {}};
    if (vary.source_address || vary.source_port)
        frame.edits = FindEdits(data, false, vary);
    length_max = std::max(length_max, length);
    used += (data.size() + 7) / 8 * 8;
    return true;
}

} // namespace ringcap
