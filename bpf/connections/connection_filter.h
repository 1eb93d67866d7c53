/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Which connections count: by address, port and owner. Part of connections.bpf.c, whose maps and constants it uses. */
#ifndef RINGCAP_CONNECTION_FILTER_H
#define RINGCAP_CONNECTION_FILTER_H

static __always_inline bool port_in_set(enum port_set set, __u16 port) {
    return filter.ports[set][port >> 6] >> (port & 63) & 1;
}

static __always_inline bool address_in_set(enum network_set set, const struct endpoints *ends, bool local) {
    struct network_key key = {.set = set, .ip_version = ends->family};

    key.prefix_length = NETWORK_KEY_TAG_BITS + (ends->family == 4 ? 32 : 128);
    __builtin_memcpy(key.address, local ? ends->local_address : ends->remote_address, sizeof(key.address));
    return bpf_map_lookup_elem(&networks, &key) != NULL;
}

static __always_inline bool either_in_set(enum network_set set, const struct endpoints *ends) {
    return address_in_set(set, ends, true) || address_in_set(set, ends, false);
}

/* `any_local_port` says that the local port is not chosen yet and may become any. */
static __always_inline bool endpoints_match(const struct endpoints *ends, bool any_local_port) {
    const __u32 checks = filter.checks;

    if (checks & FILTER_IP_VERSION && ends->family != filter.ip_version)
        return false;
    if (checks & FILTER_PORT && !any_local_port && !port_in_set(PORT_SET_EITHER, ends->local_port) &&
        !port_in_set(PORT_SET_EITHER, ends->remote_port))
        return false;
    if (checks & FILTER_HOST && !either_in_set(NETWORK_SET_HOST, ends))
        return false;
    return !(checks & FILTER_NETWORK) || either_in_set(NETWORK_SET_NETWORK, ends);
}

static __always_inline bool owner_matches(const struct connection *connection) {
    return is_chosen_process(&connection->owner.pid, connection->owner.comm);
}

#endif
