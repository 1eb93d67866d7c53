// Compiles expressions with libpcap.
#include <endian.h>
#include <linux/filter.h>
#include <napi.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>

#include "addon.h"
#include "arguments.h"
#include "failure.h"
#include "pcap_library.h"

namespace ringcap {

namespace {

using Handle = std::unique_ptr<pcap, void (*)(pcap *)>;

// The header of a pcap file, struct pcap_file_header.
using FileHeader = std::array<uint32_t, 6>;

FileHeader HeaderOf(uint32_t link_type, uint32_t snapshot_length, bool big_endian) {
    const uint32_t version = big_endian ? 0x00020004 : 0x00040002;
    FileHeader header = {0xa1b2c3d4, version, 0, 0, snapshot_length, link_type};
    for (uint32_t &word : header)
        word = big_endian ? htobe32(word) : htole32(word);
    return header;
}

// libpcap compiles some expressions differently for a savefile. It then knows the byte order in which the file holds
// the address families of BSD loopback, and takes the families of every system into account. Only a handle of a
// savefile tells it so. `message` receives what libpcap has against the header.
Handle OpenSavefile(const PcapLibrary &library, FileHeader &header, std::array<char, pcap_message_size> &message) {
    FILE *file = fmemopen(header.data(), sizeof(header), "r");
    // The handle closes the file where there is a handle.
    pcap *handle = file == nullptr ? nullptr : library.open_savefile(file, message.data());
    if (file != nullptr && handle == nullptr)
        fclose(file);
    return {handle, library.close};
}

// (library, expression, linkType, snapshotLength, optimise, netmask, byteOrder): returns the program as struct
// sock_filter, one after the other, or what libpcap has against the expression as a string. The byte order "little" or
// "big" is that of the capture file that the expression is for, and the link type is then a LINKTYPE_ number. With
// "none" the expression is for a live capture, and the link type is a DLT_ number. Throws with code "ENOENT" where the
// library cannot be loaded. The netmask 255.255.255.0 is 0xffffff00.
Napi::Value CompilePcapFilter(const Napi::CallbackInfo &info) {
    const std::string name = StringArgument(info, 0);
    const std::string expression = StringArgument(info, 1);
    const uint32_t link_type = UnsignedArgument(info, 2);
    const uint32_t snapshot_length = UnsignedArgument(info, 3);
    const bool optimise = BooleanArgument(info, 4);
    const uint32_t netmask = UnsignedArgument(info, 5);
    const std::string byte_order = StringArgument(info, 6);
    const bool big_endian = byte_order == "big";
    const bool for_file = big_endian || byte_order == "little";
    if (!for_file && byte_order != "none")
        throw Napi::RangeError::New(info.Env(), "the byte order is little, big or none");
    if (link_type > INT32_MAX || snapshot_length > INT32_MAX)
        throw Napi::RangeError::New(info.Env(), "the link type or the snapshot length is beyond 2147483647");

    const std::lock_guard<std::mutex> lock(PcapLibraryInUse());
    const PcapLibrary &library = RequirePcapLibrary(info.Env(), name);
    FileHeader header = HeaderOf(link_type, snapshot_length, big_endian);
    std::array<char, pcap_message_size> message = {};
    const Handle handle =
        for_file
            ? OpenSavefile(library, header, message)
            : Handle(library.open_dead(static_cast<int>(link_type), static_cast<int>(snapshot_length)), library.close);
    if (handle == nullptr && message[0] != '\0')
        return Napi::String::New(info.Env(), message.data());
    if (handle == nullptr)
        throw SystemFailure(info.Env(), "open a handle of libpcap", ENOMEM);
    return CompileWithHandle(info.Env(), library, handle.get(), expression, optimise, netmask);
}

} // namespace

void DefinePcapFilterFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("compilePcapFilter", Napi::Function::New<CompilePcapFilter>(env, "compilePcapFilter"));
}

} // namespace ringcap
