// Completes the checksums that the kernel left to the network card, in one captured packet.
#pragma once

#include <cstdint>
#include <span>

#include "host_link.h"

namespace ringcap {

// cut: a checksum is to be completed, but not all the bytes that it covers were captured.
enum class ChecksumOutcome { untouched, completed, cut };

// Changes the captured bytes in place.
ChecksumOutcome CompletePacketChecksums(std::span<uint8_t> captured, uint32_t original_length,
                                        const LinkFraming &framing);

} // namespace ringcap
