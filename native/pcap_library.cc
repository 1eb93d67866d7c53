#include "pcap_library.h"

#include <dlfcn.h>
#include <pthread.h>

#include <cerrno>
#include <map>
#include <memory>

#include "failure.h"
#include "glibc_2_31.h"

namespace ringcap {

namespace {

template <typename Function> bool Find(void *library, const char *name, Function &function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    return function != nullptr;
}

bool FindCaptureFunctions(void *handle, PcapLibrary &library) {
    return Find(handle, "pcap_create", library.create) && Find(handle, "pcap_set_snaplen", library.set_snaplen) &&
           Find(handle, "pcap_set_promisc", library.set_promisc) &&
           Find(handle, "pcap_set_timeout", library.set_timeout) &&
           Find(handle, "pcap_set_buffer_size", library.set_buffer_size) &&
           Find(handle, "pcap_set_tstamp_precision", library.set_tstamp_precision) &&
           Find(handle, "pcap_activate", library.activate) && Find(handle, "pcap_setnonblock", library.setnonblock) &&
           Find(handle, "pcap_datalink", library.datalink) &&
           Find(handle, "pcap_get_selectable_fd", library.get_selectable_fd) &&
           Find(handle, "pcap_dispatch", library.dispatch) && Find(handle, "pcap_stats", library.stats) &&
           Find(handle, "pcap_offline_filter", library.offline_filter);
}

// Loads the library of that name. `failure` receives the reason where that is not possible.
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
    const bool complete =
        Find(handle, "pcap_open_dead", library.open_dead) &&
        Find(handle, "pcap_fopen_offline", library.open_savefile) && Find(handle, "pcap_compile", library.compile) &&
        Find(handle, "pcap_freecode", library.free_code) && Find(handle, "pcap_geterr", library.get_error) &&
        Find(handle, "pcap_close", library.close) && Find(handle, "pcap_findalldevs", library.find_all_devices) &&
        Find(handle, "pcap_freealldevs", library.free_all_devices);
    if (!complete) {
        failure = name + ": " + dlerror();
        dlclose(handle);
        return nullptr;
    }
    library.can_capture = FindCaptureFunctions(handle, library);
    return &loaded.emplace(name, library).first->second;
}

// The size of the stack in bytes. libpcap's compiler is recursive and needs some 1 KiB for each alternative of an
// expression. An expression can have tens of thousands of them, and a worker thread of Node.js has 4 MiB of stack. A
// part of the stack that is not used takes no memory.
constexpr size_t compiler_stack_size = size_t{256} << 20;

struct Compilation {
    const PcapLibrary *library;
    pcap *handle;
    pcap_program program;
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

// Runs the work on a thread of its own, because of the size of its stack. Returns 0 or an errno value.
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

} // namespace

std::mutex &PcapLibraryInUse() {
    static std::mutex in_use;
    return in_use;
}

const PcapLibrary &RequirePcapLibrary(Napi::Env env, const std::string &name) {
    std::string failure;
    const PcapLibrary *library = Load(name, failure);
    if (library == nullptr)
        throw SystemFailure(env, "load " + name, ENOENT, failure);
    return *library;
}

Napi::Value CompileWithHandle(Napi::Env env, const PcapLibrary &library, pcap *handle, const std::string &expression,
                              bool optimise, uint32_t netmask) {
    // libpcap would ignore what follows a zero byte.
    if (expression.find('\0') != std::string::npos)
        throw Napi::RangeError::New(env, "there is a zero in the expression");
    Compilation compilation = {.library = &library,
                               .handle = handle,
                               .program = {},
                               .expression = expression.c_str(),
                               .optimise = optimise,
                               .netmask = netmask,
                               .status = 0};
    if (const int failure = CompileOnLargeStack(&compilation); failure != 0)
        throw SystemFailure(env, "start a thread for libpcap", failure);
    if (compilation.status != 0)
        return Napi::String::New(env, library.get_error(handle));
    pcap_program &program = compilation.program;
    const std::unique_ptr<pcap_program, void (*)(pcap_program *)> code(&program, library.free_code);
    return Napi::Buffer<uint8_t>::Copy(env, reinterpret_cast<const uint8_t *>(program.instructions),
                                       program.length * sizeof(struct sock_filter));
}

} // namespace ringcap
