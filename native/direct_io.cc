// Writes that go from a process's memory to the disk without the page cache (open(2), O_DIRECT).
#include <fcntl.h>
#include <napi.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "addon.h"
#include "arguments.h"
#include "failure.h"

// Linux 6.1. The headers of older distributions do not have it (include/uapi/linux/stat.h).
#ifndef STATX_DIOALIGN
#define STATX_DIOALIGN 0x00002000U
#endif

namespace ringcap {

namespace {

// struct statx of Linux 6.1, of which older headers lack the last fields.
struct StatxWithAlignment {
    uint32_t mask;
    uint8_t before[148];
    uint32_t memory_alignment; // stx_dio_mem_align
    uint32_t offset_alignment; // stx_dio_offset_align
    uint8_t after[96];
};
static_assert(sizeof(StatxWithAlignment) == sizeof(struct statx));
static_assert(offsetof(StatxWithAlignment, memory_alignment) == 0x98);

// (fd: number): number
//
// The alignment in bytes that direct writes to the file need, of memory, position and length alike; 0 where the file
// system has no direct writes, or the kernel does not tell.
Napi::Value DirectAlignment(const Napi::CallbackInfo &info) {
    const int fd = static_cast<int>(UnsignedArgument(info, 0));
    StatxWithAlignment status = {};
    if (statx(fd, "", AT_EMPTY_PATH, STATX_DIOALIGN, reinterpret_cast<struct statx *>(&status)) != 0)
        throw SystemFailure(info.Env(), "ask how a file is written directly", errno);
    const bool told = (status.mask & STATX_DIOALIGN) != 0;
    return Napi::Number::New(info.Env(), told ? std::max(status.memory_alignment, status.offset_alignment) : 0);
}

// (fd: number, direct: boolean)
//
// Decides whether the next writes to the open file are direct.
void SetDirect(const Napi::CallbackInfo &info) {
    const int fd = static_cast<int>(UnsignedArgument(info, 0));
    const bool direct = BooleanArgument(info, 1);
    const int flags = fcntl(fd, F_GETFL);
    if (flags == -1 || fcntl(fd, F_SETFL, direct ? flags | O_DIRECT : flags & ~O_DIRECT) != 0)
        throw SystemFailure(info.Env(), "choose how a file is written", errno);
}

// (length: number): ArrayBuffer
//
// So many bytes of memory of their own, from the beginning of a page on.
Napi::Value AllocatePages(const Napi::CallbackInfo &info) {
    const size_t length = UnsignedArgument(info, 0);
    void *pages = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        throw SystemFailure(info.Env(), "allocate memory", errno);
    return Napi::ArrayBuffer::New(info.Env(), pages, length, [length](Napi::Env, void *data) { munmap(data, length); });
}

} // namespace

void DefineDirectIoFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("directAlignment", Napi::Function::New<DirectAlignment>(env, "directAlignment"));
    exports.Set("setDirect", Napi::Function::New<SetDirect>(env, "setDirect"));
    exports.Set("allocatePages", Napi::Function::New<AllocatePages>(env, "allocatePages"));
}

} // namespace ringcap
