#include "ring.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>

#include "failure.h"

namespace ringcap {

namespace {

uint64_t LoadPosition(const uint8_t *page) {
    return __atomic_load_n(reinterpret_cast<const unsigned long *>(page), __ATOMIC_ACQUIRE);
}

uint64_t RecordEnd(uint64_t position, uint32_t length) {
    return position + (length + BPF_RINGBUF_HDR_SZ + 7) / 8 * 8;
}

} // namespace

Ring::Ring(Napi::Env env, int map_fd) : page_size_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
    struct bpf_map_info info = {};
    __u32 length = sizeof(info);
    if (bpf_obj_get_info_by_fd(map_fd, &info, &length) != 0)
        throw SystemFailure(env, "ask the kernel about a ring buffer", errno);
    if (info.type != BPF_MAP_TYPE_RINGBUF)
        throw SystemFailure(env, std::string("read the map ") + info.name + ", which is no ring buffer", EINVAL);
    size_ = info.max_entries;

    void *consumer = mmap(nullptr, page_size_, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
    if (consumer == MAP_FAILED)
        throw SystemFailure(env, "map the consumer page of a ring buffer", errno);
    consumer_ = static_cast<uint8_t *>(consumer);

    void *producer =
        mmap(nullptr, page_size_ + 2 * size_, PROT_READ, MAP_SHARED, map_fd, static_cast<off_t>(page_size_));
    if (producer == MAP_FAILED) {
        const int failure = errno;
        munmap(consumer_, page_size_);
        throw SystemFailure(env, "map the data of a ring buffer", failure);
    }
    producer_ = static_cast<uint8_t *>(producer);
    data_ = producer_ + page_size_;
    position_ = LoadPosition(consumer_);
    available_ = position_;
}

Ring::Ring(Ring &&other) noexcept
    : consumer_(std::exchange(other.consumer_, nullptr)), producer_(std::exchange(other.producer_, nullptr)),
      data_(other.data_), position_(other.position_), available_(other.available_), size_(other.size_),
      page_size_(other.page_size_) {}

Ring::~Ring() {
    if (consumer_ != nullptr)
        munmap(consumer_, page_size_);
    if (producer_ != nullptr)
        munmap(producer_, page_size_ + 2 * size_);
}

void Ring::Refresh(Napi::Env env) {
    const uint64_t available = LoadPosition(producer_);
    if (position_ % 8 != 0 || available - position_ > size_)
        throw SystemFailure(env, "read a ring buffer whose consumer's position was changed", EPROTO);
    available_ = available;
}

Ring::Head Ring::Peek(Napi::Env env, Record *record) {
    for (;;) {
        if (position_ == available_)
            Refresh(env);
        if (position_ == available_)
            return Head::none;
        const uint8_t *header = data_ + (position_ & (size_ - 1));
        const uint32_t length = __atomic_load_n(reinterpret_cast<const uint32_t *>(header), __ATOMIC_ACQUIRE);
        if (length & BPF_RINGBUF_BUSY_BIT)
            return Head::busy;
        if (RecordEnd(position_, length & ~BPF_RINGBUF_DISCARD_BIT) > available_)
            throw SystemFailure(env, "read a record that is longer than what the ring holds", EPROTO);
        if (length & BPF_RINGBUF_DISCARD_BIT) {
            position_ = RecordEnd(position_, length & ~BPF_RINGBUF_DISCARD_BIT);
            Release();
            continue;
        }
        *record = {header + BPF_RINGBUF_HDR_SZ, length};
        return Head::record;
    }
}

void Ring::Consume(const Record &record) {
    position_ = RecordEnd(position_, record.length);
}

void Ring::Release() {
    __atomic_store_n(reinterpret_cast<unsigned long *>(consumer_), position_, __ATOMIC_RELEASE);
}

} // namespace ringcap
