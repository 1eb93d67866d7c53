// Maps: create, look up, update, delete. Keys and values are bytes; their sizes are checked against the kernel's.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <napi.h>

#include <cerrno>
#include <vector>

#include "addon.h"
#include "arguments.h"
#include "descriptor.h"
#include "failure.h"
#include "mapped_map.h"

namespace ringcap {

namespace {

struct bpf_map_info MapInfo(Napi::Env env, int fd) {
    struct bpf_map_info info = {};
    __u32 length = sizeof(info);
    if (bpf_obj_get_info_by_fd(fd, &info, &length) != 0)
        throw SystemFailure(env, "ask the kernel about a map", errno);
    return info;
}

bool IsPerCpu(const struct bpf_map_info &info) {
    return info.type == BPF_MAP_TYPE_PERCPU_ARRAY || info.type == BPF_MAP_TYPE_PERCPU_HASH ||
           info.type == BPF_MAP_TYPE_LRU_PERCPU_HASH || info.type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

// Bytes that the kernel reads or writes for one value (kernel/bpf/syscall.c, bpf_map_value_size).
size_t ValueSize(Napi::Env env, const struct bpf_map_info &info) {
    if (!IsPerCpu(info))
        return info.value_size;
    const int cpus = libbpf_num_possible_cpus();
    if (cpus < 0)
        throw SystemFailure(env, "/sys/devices/system/cpu/possible", -cpus);
    return (info.value_size + 7) / 8 * 8 * static_cast<size_t>(cpus);
}

void ExpectSize(const Napi::CallbackInfo &info, const char *what, size_t actual, size_t expected) {
    if (actual != expected)
        throw Napi::RangeError::New(info.Env(), std::string("the ") + what + " has " + std::to_string(actual) +
                                                    " bytes, the map wants " + std::to_string(expected));
}

// (type, keySize, valueSize, maxEntries, flags, name)
Napi::Value CreateMap(const Napi::CallbackInfo &info) {
    const std::string name = StringArgument(info, 5);
    LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = UnsignedArgument(info, 4));
    const int fd =
        bpf_map_create(static_cast<enum bpf_map_type>(UnsignedArgument(info, 0)), name.c_str(),
                       UnsignedArgument(info, 1), UnsignedArgument(info, 2), UnsignedArgument(info, 3), &options);
    if (fd < 0)
        throw SystemFailure(info.Env(), "create the map " + name, errno);
    return Descriptor::Own(info.Env(), fd, DescriptorKind::map);
}

// (entries, inner, name): an array of maps that are like the inner one
Napi::Value CreateMapOfMaps(const Napi::CallbackInfo &info) {
    const std::string name = StringArgument(info, 2);
    const int inner = DescriptorArgument(info, 1, DescriptorKind::map);
    LIBBPF_OPTS(bpf_map_create_opts, options, .inner_map_fd = static_cast<__u32>(inner));
    const int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, name.c_str(), sizeof(__u32), sizeof(__u32),
                                  UnsignedArgument(info, 0), &options);
    if (fd < 0)
        throw SystemFailure(info.Env(), "create the map " + name, errno);
    return Descriptor::Own(info.Env(), fd, DescriptorKind::map);
}

// (map, key): the value, or undefined; of per-CPU maps the values of all possible CPUs in turn.
Napi::Value LookupMap(const Napi::CallbackInfo &info) {
    const int fd = DescriptorArgument(info, 0, DescriptorKind::map);
    const std::span<uint8_t> key = BytesArgument(info, 1);
    const struct bpf_map_info map = MapInfo(info.Env(), fd);
    ExpectSize(info, "key", key.size(), map.key_size);
    Napi::Uint8Array value = Napi::Uint8Array::New(info.Env(), ValueSize(info.Env(), map));
    if (bpf_map_lookup_elem(fd, key.data(), value.Data()) == 0)
        return value;
    if (errno == ENOENT)
        return info.Env().Undefined();
    throw SystemFailure(info.Env(), std::string("look up in the map ") + map.name, errno);
}

// (map, key, value, flags)
void UpdateMap(const Napi::CallbackInfo &info) {
    const int fd = DescriptorArgument(info, 0, DescriptorKind::map);
    const std::span<uint8_t> key = BytesArgument(info, 1);
    const std::span<uint8_t> value = BytesArgument(info, 2);
    const uint32_t flags = UnsignedArgument(info, 3);
    const struct bpf_map_info map = MapInfo(info.Env(), fd);
    ExpectSize(info, "key", key.size(), map.key_size);
    ExpectSize(info, "value", value.size(), ValueSize(info.Env(), map));
    if (bpf_map_update_elem(fd, key.data(), value.data(), flags) != 0)
        throw SystemFailure(info.Env(), std::string("update the map ") + map.name, errno);
}

// (map, keys, values, count): many entries in one call.
void UpdateMapBatch(const Napi::CallbackInfo &info) {
    const int fd = DescriptorArgument(info, 0, DescriptorKind::map);
    const std::span<uint8_t> keys = BytesArgument(info, 1);
    const std::span<uint8_t> values = BytesArgument(info, 2);
    const uint32_t count = UnsignedArgument(info, 3);
    const struct bpf_map_info map = MapInfo(info.Env(), fd);
    const size_t key_size = map.key_size;
    const size_t value_size = ValueSize(info.Env(), map);
    ExpectSize(info, "array of keys", keys.size(), count * key_size);
    ExpectSize(info, "array of values", values.size(), count * value_size);
    // The entries are updated one by one, because LPM tries know batches only since Linux 5.11, and 100,000 calls take
    // some 50 ms.
    for (uint32_t i = 0; i < count; i++) {
        if (bpf_map_update_elem(fd, keys.data() + i * key_size, values.data() + i * value_size, BPF_ANY) != 0)
            throw SystemFailure(info.Env(), std::string("update the map ") + map.name, errno);
    }
}

// (outer map of maps, key, inner map)
void UpdateMapOfMaps(const Napi::CallbackInfo &info) {
    const int fd = DescriptorArgument(info, 0, DescriptorKind::map);
    const std::span<uint8_t> key = BytesArgument(info, 1);
    const int inner = DescriptorArgument(info, 2, DescriptorKind::map);
    const struct bpf_map_info map = MapInfo(info.Env(), fd);
    ExpectSize(info, "key", key.size(), map.key_size);
    if (map.type != BPF_MAP_TYPE_ARRAY_OF_MAPS && map.type != BPF_MAP_TYPE_HASH_OF_MAPS)
        throw SystemFailure(info.Env(), std::string("put a map into the map ") + map.name, EINVAL);
    if (bpf_map_update_elem(fd, key.data(), &inner, BPF_ANY) != 0)
        throw SystemFailure(info.Env(), std::string("update the map ") + map.name, errno);
}

// (map): how many entries a hash has. The number is exact only while nobody changes the hash.
Napi::Value CountEntries(const Napi::CallbackInfo &info) {
    const int fd = DescriptorArgument(info, 0, DescriptorKind::map);
    const struct bpf_map_info map = MapInfo(info.Env(), fd);
    std::vector<uint8_t> key(map.key_size);
    uint32_t count = 0;
    // The walk is bounded, because it begins anew when the entry at which it stands is deleted.
    while (count < map.max_entries && bpf_map_get_next_key(fd, count == 0 ? nullptr : key.data(), key.data()) == 0)
        count++;
    return Napi::Number::New(info.Env(), count);
}

// (map): { type, keySize, valueSize, maxEntries, name }
Napi::Value DescribeMap(const Napi::CallbackInfo &info) {
    const struct bpf_map_info map = MapInfo(info.Env(), DescriptorArgument(info, 0, DescriptorKind::map));
    Napi::Object description = Napi::Object::New(info.Env());
    description.Set("type", map.type);
    description.Set("keySize", map.key_size);
    description.Set("valueSize", map.value_size);
    description.Set("maxEntries", map.max_entries);
    description.Set("name", std::string(map.name));
    return description;
}

// (map): ArrayBuffer
//
// The values of an array in memory (BPF_F_MMAPABLE), one after the other, each padded to eight bytes. The memory lasts
// as long as the buffer, even where the map is closed.
Napi::Value MapValues(const Napi::CallbackInfo &info) {
    const int fd = DescriptorArgument(info, 0, DescriptorKind::map);
    auto *mapped = new MappedMap(info.Env(), fd, 1);
    return Napi::ArrayBuffer::New(
        info.Env(), mapped->Bytes(), mapped->Size(), [](Napi::Env, void *, MappedMap *held) { delete held; }, mapped);
}

Napi::Value PossibleCpus(const Napi::CallbackInfo &info) {
    const int cpus = libbpf_num_possible_cpus();
    if (cpus < 0)
        throw SystemFailure(info.Env(), "/sys/devices/system/cpu/possible", -cpus);
    return Napi::Number::New(info.Env(), cpus);
}

} // namespace

void DefineMapFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("createMap", Napi::Function::New<CreateMap>(env, "createMap"));
    exports.Set("createMapOfMaps", Napi::Function::New<CreateMapOfMaps>(env, "createMapOfMaps"));
    exports.Set("lookupMap", Napi::Function::New<LookupMap>(env, "lookupMap"));
    exports.Set("updateMap", Napi::Function::New<UpdateMap>(env, "updateMap"));
    exports.Set("updateMapBatch", Napi::Function::New<UpdateMapBatch>(env, "updateMapBatch"));
    exports.Set("updateMapOfMaps", Napi::Function::New<UpdateMapOfMaps>(env, "updateMapOfMaps"));
    exports.Set("countEntries", Napi::Function::New<CountEntries>(env, "countEntries"));
    exports.Set("describeMap", Napi::Function::New<DescribeMap>(env, "describeMap"));
    exports.Set("mapValues", Napi::Function::New<MapValues>(env, "mapValues"));
    exports.Set("possibleCpus", Napi::Function::New<PossibleCpus>(env, "possibleCpus"));
}

} // namespace ringcap
