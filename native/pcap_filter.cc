// libpcap's filter compiler, loaded when it is first asked for: on Debian libpcap pulls in libraries that a process
// without an expression has no use for, and a host without it captures all the same.
#include <dlfcn.h>
#include <endian.h>
#include <linux/filter.h>
#include <napi.h>
#include <pthread.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "addon.h"
#include "arguments.h"
#include "failure.h"

namespace ringcap {

namespace {

// Of pcap/pcap.h and pcap/bpf.h, whose instructions are the kernel's struct sock_filter.
struct pcap;
struct bpf_program {
    unsigned int length;
    struct sock_filter *instructions;
};

constexpr size_t message_size = 256; // PCAP_ERRBUF_SIZE

struct PcapLibrary {
    pcap *(*open_dead)(int data_link_type, int snapshot_length);
    pcap *(*open_savefile)(FILE *file, char *message);
    int (*compile)(pcap *handle, bpf_program *program, const char *expression, int optimise, uint32_t netmask);
    void (*free_code)(bpf_program *program);
    char *(*get_error)(pcap *handle);
    void (*close)(pcap *handle);
};

// Before libpcap 1.8 the compiler kept its state in global variables; resolving names may still do so.
std::mutex library_in_use;

template <typename Function> bool Find(void *library, const char *name, Function &function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    return function != nullptr;
}

// The library of that name, which stays loaded; why there is none in `failure`.
const PcapLibrary *Load(const std::string &name, std::string &failure) {
    static std::map<std::string, PcapLibrary> loaded;
    if (const auto found = loaded.find(name); found != loaded.end())
        return &found->second;
    void *handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        failure = dlerror();
        return nullptr;
    }
    PcapLibrary library = {};
    const bool complete = Find(handle, "pcap_open_dead", library.open_dead) &&
                          Find(handle, "pcap_fopen_offline", library.open_savefile) &&
                          Find(handle, "pcap_compile", library.compile) &&
                          Find(handle, "pcap_freecode", library.free_code) &&
                          Find(handle, "pcap_geterr", library.get_error) && Find(handle, "pcap_close", library.close);
    if (!complete) {
        failure = name + ": " + dlerror();
        dlclose(handle);
        return nullptr;
    }
    return &loaded.emplace(name, library).first->second;
}

// Bytes. libpcap descends into a program on the stack: some 1 KiB for each alternative of an expression, of which there
// can be tens of thousands, while a worker thread of Node.js has 4 MiB. What is not used takes no memory.
constexpr size_t compiler_stack_size = size_t{256} << 20;

struct Compilation {
    const PcapLibrary *library;
    pcap *handle;
    bpf_program program;
    const char *expression;
    bool optimise;
    uint32_t netmask;
    int status;
};

void *RunCompilation(void *argument) {
    auto *run = static_cast<Compilation *>(argument);
    run->status = run->library->compile(run->handle, &run->program, run->expression, run->optimise, run->netmask);
    return nullptr;
}

// On a thread of its own, for the size of its stack. 0, or an errno value.
int CompileOnLargeStack(Compilation *compilation) {
    pthread_attr_t attributes;
    if (const int failure = pthread_attr_init(&attributes); failure != 0)
        return failure;
    pthread_t thread;
    int failure = pthread_attr_setstacksize(&attributes, compiler_stack_size);
    if (failure == 0)
        failure = pthread_create(&thread, &attributes, RunCompilation, compilation);
    pthread_attr_destroy(&attributes);
    return failure == 0 ? pthread_join(thread, nullptr) : failure;
}

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

// libpcap compiles some expressions otherwise for a savefile: it knows the byte order in which the file has the address
// families of BSD loopback, and that they may be those of any system. Only a handle of a savefile tells it so. What
// libpcap has against the header in `message`.
Handle OpenSavefile(const PcapLibrary &library, FileHeader &header, std::array<char, message_size> &message) {
    FILE *file = fmemopen(header.data(), sizeof(header), "r");
    // The handle closes the file, where there is one.
    pcap *handle = file == nullptr ? nullptr : library.open_savefile(file, message.data());
    if (file != nullptr && handle == nullptr)
        fclose(file);
    return {handle, library.close};
}

// (library, expression, linkType, snapshotLength, optimise, netmask, byteOrder): the program as struct sock_filter, one
// after the other; or, as a string, what libpcap has against the expression. The byte order, "little" or "big", is that
// of the capture file that the expression is for, whose link type is a LINKTYPE_; with "none" it is for packets that
// are captured, and the link type is a DLT_. Throws with code "ENOENT" where the library cannot be loaded. The netmask
// 255.255.255.0 is 0xffffff00.
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
    // What follows a zero would be ignored.
    if (expression.find('\0') != std::string::npos)
        throw Napi::RangeError::New(info.Env(), "there is a zero in the expression");

    const std::lock_guard<std::mutex> lock(library_in_use);
    std::string failure;
    const PcapLibrary *library = Load(name, failure);
    if (library == nullptr)
        throw SystemFailure(info.Env(), "load " + name, ENOENT, failure);
    FileHeader header = HeaderOf(link_type, snapshot_length, big_endian);
    std::array<char, message_size> message = {};
    const Handle handle =
        for_file ? OpenSavefile(*library, header, message)
                 : Handle(library->open_dead(static_cast<int>(link_type), static_cast<int>(snapshot_length)),
                          library->close);
    if (handle == nullptr && message[0] != '\0')
        return Napi::String::New(info.Env(), message.data());
    if (handle == nullptr)
        throw SystemFailure(info.Env(), "open a handle of libpcap", ENOMEM);
    Compilation compilation = {.library = library,
                               .handle = handle.get(),
                               .program = {},
                               .expression = expression.c_str(),
                               .optimise = optimise,
                               .netmask = netmask,
                               .status = 0};
    if (const int failure = CompileOnLargeStack(&compilation); failure != 0)
        throw SystemFailure(info.Env(), "start a thread for libpcap", failure);
    if (compilation.status != 0)
        return Napi::String::New(info.Env(), library->get_error(handle.get()));
    bpf_program &program = compilation.program;
    const std::unique_ptr<bpf_program, void (*)(bpf_program *)> code(&program, library->free_code);
    return Napi::Buffer<uint8_t>::Copy(info.Env(), reinterpret_cast<const uint8_t *>(program.instructions),
                                       program.length * sizeof(struct sock_filter));
}

} // namespace

void DefinePcapFilterFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("compilePcapFilter", Napi::Function::New<CompilePcapFilter>(env, "compilePcapFilter"));
}

} // namespace ringcap
