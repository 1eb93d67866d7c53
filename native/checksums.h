// The two checksums of the Internet's transports.
#pragma once

#include <cstdint>
#include <span>

namespace ringcap {

// The one's complement sum of 16-bit words in network byte order (RFC 1071), not complemented. It lies in [1, 0xffff]
// where any bit is set.
uint16_t FoldSum(uint64_t sum);
uint16_t SumOf(std::span<const uint8_t> bytes);

// The CRC32c of RFC 9260 appendix A as a number. A packet holds it with the lowest byte first.
uint32_t Crc32cOf(std::span<const uint8_t> bytes, uint32_t remainder);

} // namespace ringcap
