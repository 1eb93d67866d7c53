#include "object.h"

#include <bpf/btf.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "arguments.h"
#include "descriptor.h"
#include "failure.h"
#include "held_signals.h"

namespace ringcap {

namespace {

constexpr size_t kernel_log_size = 1 << 20;

struct Variable {
    struct bpf_map *section = nullptr;
    uint32_t offset = 0;
    uint32_t size = 0;
};

// Finds a global variable by its name in the sections that BTF describes (.rodata, .data, .bss).
Variable FindVariable(struct bpf_object *object, const std::string &name) {
    const struct btf *btf = bpf_object__btf(object);
    if (btf == nullptr)
        return {};
    for (uint32_t id = 1; id < btf__type_cnt(btf); id++) {
        const struct btf_type *section = btf__type_by_id(btf, id);
        if (!btf_is_datasec(section))
            continue;
        const struct btf_var_secinfo *entry = btf_var_secinfos(section);
        for (int i = 0; i < btf_vlen(section); i++, entry++) {
            const struct btf_type *variable = btf__type_by_id(btf, entry->type);
            if (name != btf__name_by_offset(btf, variable->name_off))
                continue;
            const char *section_name = btf__name_by_offset(btf, section->name_off);
            return {bpf_object__find_map_by_name(object, section_name), entry->offset, entry->size};
        }
    }
    return {};
}

} // namespace

Napi::Function BpfObject::Define(Napi::Env env) {
    return DefineClass(env, "BpfObject",
                       {InstanceMethod<&BpfObject::SetVariable>("setVariable"),
                        InstanceMethod<&BpfObject::SetMaxEntries>("setMaxEntries"),
                        InstanceMethod<&BpfObject::SetValueSize>("setValueSize"),
                        InstanceMethod<&BpfObject::SetInnerValueSize>("setInnerValueSize"),
                        InstanceMethod<&BpfObject::ReuseMap>("reuseMap"),
                        InstanceMethod<&BpfObject::SetAutoload>("setAutoload"),
                        InstanceMethod<&BpfObject::SetProgramFlags>("setProgramFlags"),
                        InstanceMethod<&BpfObject::StartLoading>("startLoading"),
                        InstanceMethod<&BpfObject::Load>("load"), InstanceMethod<&BpfObject::Map>("map"),
                        InstanceMethod<&BpfObject::Program>("program"), InstanceMethod<&BpfObject::Close>("close")});
}

BpfObject::BpfObject(const Napi::CallbackInfo &info) : Napi::ObjectWrap<BpfObject>(info) {
    const std::span<uint8_t> bytes = BytesArgument(info, 0);
    const std::string name = StringArgument(info, 1);

    // The kernel fills it only where it refuses a program.
    kernel_log_ = std::make_unique_for_overwrite<char[]>(kernel_log_size);
    kernel_log_[0] = '\0';
    LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = name.c_str(), .kernel_log_buf = kernel_log_.get(),
                .kernel_log_size = kernel_log_size);
    CollectLibbpfLog();
    // libbpf copies what it needs of the file.
    object_ = bpf_object__open_mem(bytes.data(), bytes.size(), &options);
    if (object_ == nullptr)
        throw SystemFailure(info.Env(), "open the BPF object " + name, errno, TakeLibbpfLog());
}

BpfObject::~BpfObject() {
    WaitForLoading();
    bpf_object__close(object_);
}

struct bpf_object *BpfObject::Opened(Napi::Env env) {
    WaitForLoading();
    if (object_ == nullptr)
        throw Napi::Error::New(env, "the BPF object is closed");
    return object_;
}

struct bpf_map *BpfObject::FindMap(const Napi::CallbackInfo &info) {
    const std::string name = StringArgument(info, 0);
    struct bpf_map *map = bpf_object__find_map_by_name(Opened(info.Env()), name.c_str());
    if (map == nullptr)
        throw SystemFailure(info.Env(), "find the map " + name, ENOENT);
    return map;
}

struct bpf_program *BpfObject::FindProgram(const Napi::CallbackInfo &info) {
    const std::string name = StringArgument(info, 0);
    struct bpf_program *program = bpf_object__find_program_by_name(Opened(info.Env()), name.c_str());
    if (program == nullptr)
        throw SystemFailure(info.Env(), "find the program " + name, ENOENT);
    return program;
}

// (name: string, value: Uint8Array): the initial value of a global variable; its size must be the variable's.
void BpfObject::SetVariable(const Napi::CallbackInfo &info) {
    const std::string name = StringArgument(info, 0);
    const std::span<uint8_t> value = BytesArgument(info, 1);
    const Variable variable = FindVariable(Opened(info.Env()), name);
    if (variable.section == nullptr)
        throw SystemFailure(info.Env(), "find the variable " + name, ENOENT);
    if (loaded_)
        throw SystemFailure(info.Env(), "set the variable " + name + " of a loaded object", EBUSY);
    if (value.size() != variable.size)
        throw SystemFailure(info.Env(),
                            "set the variable " + name + " of " + std::to_string(variable.size) + " bytes to " +
                                std::to_string(value.size()) + " bytes",
                            EINVAL);
    size_t section_size = 0;
    void *section = const_cast<void *>(bpf_map__initial_value(variable.section, &section_size));
    if (section == nullptr || size_t{variable.offset} + variable.size > section_size)
        throw SystemFailure(info.Env(), "reach the variable " + name, EINVAL);
    std::memcpy(static_cast<uint8_t *>(section) + variable.offset, value.data(), value.size());
}

// (map: string, entries: number)
void BpfObject::SetMaxEntries(const Napi::CallbackInfo &info) {
    const int result = bpf_map__set_max_entries(FindMap(info), UnsignedArgument(info, 1));
    if (result != 0)
        throw SystemFailure(info.Env(), "set the size of the map " + StringArgument(info, 0), -result);
}

// (map: string, bytes: number)
void BpfObject::SetValueSize(const Napi::CallbackInfo &info) {
    const int result = bpf_map__set_value_size(FindMap(info), UnsignedArgument(info, 1));
    if (result != 0)
        throw SystemFailure(info.Env(), "set the size of values of the map " + StringArgument(info, 0), -result);
}

// (map: string, existing: Descriptor): uses a map that exists instead of creating this one
void BpfObject::ReuseMap(const Napi::CallbackInfo &info) {
    const int result = bpf_map__reuse_fd(FindMap(info), DescriptorArgument(info, 1, DescriptorKind::map));
    if (result != 0)
        throw SystemFailure(info.Env(), "use a map that is there as " + StringArgument(info, 0), -result);
}

// (map: string, bytes: number): the size of values of the maps in a map of maps
void BpfObject::SetInnerValueSize(const Napi::CallbackInfo &info) {
    const uint32_t bytes = UnsignedArgument(info, 1);
    struct bpf_map *inner = bpf_map__inner_map(FindMap(info));
    const int result = inner == nullptr ? -EINVAL : bpf_map__set_value_size(inner, bytes);
    if (result != 0)
        throw SystemFailure(info.Env(), "set the size of values of the maps in " + StringArgument(info, 0), -result);
}

// (program: string, autoload: boolean)
void BpfObject::SetAutoload(const Napi::CallbackInfo &info) {
    const int result = bpf_program__set_autoload(FindProgram(info), BooleanArgument(info, 1));
    if (result != 0)
        throw SystemFailure(info.Env(), "choose the program " + StringArgument(info, 0), -result);
}

// (program: string, flags: number): BPF_F_* of BPF_PROG_LOAD
void BpfObject::SetProgramFlags(const Napi::CallbackInfo &info) {
    const int result = bpf_program__set_flags(FindProgram(info), UnsignedArgument(info, 1));
    if (result != 0)
        throw SystemFailure(info.Env(), "set the flags of the program " + StringArgument(info, 0), -result);
}

// libbpf's messages are of one thread.
void BpfObject::LoadHere() {
    CollectLibbpfLog();
    kernel_log_[0] = '\0';
    const HeldSignals held;
    load_result_ = bpf_object__load(object_);
    load_log_ = TakeLibbpfLog();
}

void BpfObject::WaitForLoading() {
    if (loading_.joinable())
        loading_.join();
}

// (): begins to load, and returns at once. load() waits for the end of it.
void BpfObject::StartLoading(const Napi::CallbackInfo &info) {
    Opened(info.Env());
    if (started_)
        throw SystemFailure(info.Env(), "load a BPF object again", EBUSY);
    const HeldSignals inherited;
    try {
        loading_ = std::thread([this] { LoadHere(); });
        started_ = true;
    } catch (const std::system_error &) {
        // There is no room for another thread, so that load() does it all.
    }
}

// A failed object cannot be loaded again: libbpf has already freed its parts.
void BpfObject::Load(const Napi::CallbackInfo &info) {
    struct bpf_object *object = Opened(info.Env());
    if (!started_)
        LoadHere();
    started_ = false;
    if (load_result_ != 0) {
        Napi::Error error = SystemFailure(info.Env(), std::string("load the BPF object ") + bpf_object__name(object),
                                          -load_result_, load_log_);
        error.Set("verifierLog", Napi::String::New(info.Env(), kernel_log_.get()));
        throw error;
    }
    loaded_ = true;
}

Napi::Value BpfObject::Map(const Napi::CallbackInfo &info) {
    const int fd = bpf_map__fd(FindMap(info));
    if (fd < 0)
        throw SystemFailure(info.Env(), "use the map " + StringArgument(info, 0) + " before loading", EBADF);
    return Descriptor::Duplicate(info.Env(), fd, DescriptorKind::map);
}

Napi::Value BpfObject::Program(const Napi::CallbackInfo &info) {
    const int fd = bpf_program__fd(FindProgram(info));
    if (fd < 0)
        throw SystemFailure(info.Env(), "use the program " + StringArgument(info, 0) + " before loading", EBADF);
    return Descriptor::Duplicate(info.Env(), fd, DescriptorKind::program);
}

void BpfObject::Close(const Napi::CallbackInfo &) {
    WaitForLoading();
    bpf_object__close(object_);
    object_ = nullptr;
    kernel_log_.reset();
}

} // namespace ringcap
