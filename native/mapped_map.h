// The values of a BPF array map in this process's memory (BPF_F_MMAPABLE).
#pragma once

#include <bpf/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>

#include <napi.h>

#include "failure.h"

namespace ringcap {

class MappedMap {
  public:
    // Throws a system failure when the map cannot be mapped, or its values are smaller than value_size.
    MappedMap(Napi::Env env, int fd, size_t value_size) {
        struct bpf_map_info map = {};
        __u32 length = sizeof(map);
        if (bpf_obj_get_info_by_fd(fd, &map, &length) != 0)
            throw SystemFailure(env, "ask the kernel about a map", errno);
        if (map.value_size < value_size)
            throw SystemFailure(env, std::string("map the map ") + map.name, EINVAL);
        entries_ = map.max_entries;
        value_size_ = map.value_size;
        const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
        const size_t values = (size_t{map.value_size} + 7) / 8 * 8 * map.max_entries;
        size_ = (values + page - 1) / page * page;
        void *at = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (at == MAP_FAILED)
            throw SystemFailure(env, std::string("map the map ") + map.name, errno);
        bytes_ = static_cast<uint8_t *>(at);
    }
    ~MappedMap() {
        munmap(bytes_, size_);
    }
    MappedMap(const MappedMap &) = delete;
    MappedMap &operator=(const MappedMap &) = delete;

    uint8_t *Bytes() const {
        return bytes_;
    }
    template <typename Value> Value *Values() const {
        static_assert(sizeof(Value) % 8 == 0);
        return reinterpret_cast<Value *>(bytes_);
    }
    // Bytes, whole pages.
    size_t Size() const {
        return size_;
    }
    uint32_t Entries() const {
        return entries_;
    }
    uint32_t ValueSize() const {
        return value_size_;
    }

  private:
    uint8_t *bytes_ = nullptr;
    size_t size_ = 0;
    uint32_t entries_ = 0;
    uint32_t value_size_ = 0;
};

} // namespace ringcap
