// The two checksums of the Internet's transports.
#pragma once

#include <cstdint>
#include <span>

namespace ringcap {

// The one's complement sum of 16-bit words in network byte order (RFC 1071), not complemented. In [1, 0xffff] where any
// bit is set.
uint16_t FoldSum(uint64_t sum);
uint16_t SumOf(std::span<const uint8_t> bytes);

// Of RFC 9260 appendix A, as a number: the packet has it with the lowest byte first.
uint32_t Crc32cOf(std::span<const uint8_t> bytes, uint32_t remainder);

} // namespace ringcap
