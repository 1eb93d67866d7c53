#include "checksums.h"

#include <array>
#include <cstring>

namespace ringcap {

namespace {

constexpr uint32_t crc32c_polynomial = 0x82f63b78; // with its bits in reverse order

constexpr std::array<uint32_t, 256> Crc32cTable() {
    std::array<uint32_t, 256> table = {};
    for (uint32_t byte = 0; byte < table.size(); byte++) {
        uint32_t remainder = byte;
        for (int bit = 0; bit < 8; bit++)
            remainder = (remainder & 1) != 0 ? remainder >> 1 ^ crc32c_polynomial : remainder >> 1;
        table[byte] = remainder;
    }
    return table;
}

constexpr std::array<uint32_t, 256> crc32c_table = Crc32cTable();

} // namespace

uint16_t FoldSum(uint64_t sum) {
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<uint16_t>(sum);
}

// The words are summed in the byte order of this machine. The bytes of the sum are exchanged afterwards (RFC 1071
// section 2 B).
uint16_t SumOf(std::span<const uint8_t> bytes) {
    uint64_t sum = 0;
    size_t at = 0;
    for (; at + 4 <= bytes.size(); at += 4) {
        uint32_t word = 0;
        std::memcpy(&word, bytes.data() + at, sizeof(word));
        sum += word;
    }
    uint32_t rest = 0;
    if (at < bytes.size())
        std::memcpy(&rest, bytes.data() + at, bytes.size() - at);
    const uint16_t folded = FoldSum(sum + rest);
    uint8_t octets[2];
    std::memcpy(octets, &folded, sizeof(octets));
    return static_cast<uint16_t>(octets[0] << 8 | octets[1]);
}

uint32_t Crc32cOf(std::span<const uint8_t> bytes, uint32_t remainder) {
    for (const uint8_t byte : bytes)
        remainder = remainder >> 8 ^ crc32c_table[(remainder ^ byte) & 0xff];
    return remainder;
}

} // namespace ringcap
