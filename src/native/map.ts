/** BPF maps as bytes in, bytes out. */
import { addon, type NativeTableFilling } from "./addon.ts";
import type { Descriptor } from "./descriptor.ts";
import { withCpusFromSys } from "./kernel-files.ts";

/** enum bpf_map_type of include/uapi/linux/bpf.h, as far as it is used. */
export const MapType = { ARRAY: 2, PROG_ARRAY: 3, LPM_TRIE: 11, RINGBUF: 27 } as const;

/** BPF_F_MMAPABLE of include/uapi/linux/bpf.h. */
const MMAPABLE = 1 << 10;

export class BpfMap implements Disposable {
  readonly descriptor: Descriptor;

  constructor(descriptor: Descriptor) {
    this.descriptor = descriptor;
  }

  /** A BPF ring buffer of `size` bytes, a power of two and a multiple of the page size. */
  static createRingBuffer(size: number, name: string): BpfMap {
    return new BpfMap(addon().createMap(MapType.RINGBUF, 0, 0, size, 0, name));
  }

  /** A table of programs for tail calls. It forgets them when its last descriptor is closed. */
  static createProgramArray(entries: number, name: string): BpfMap {
    return new BpfMap(addon().createMap(MapType.PROG_ARRAY, 4, 4, entries, 0, name));
  }

  /** An array of one value. */
  static createSingle(valueSize: number, name: string): BpfMap {
    return new BpfMap(addon().createMap(MapType.ARRAY, 4, valueSize, 1, 0, name));
  }

  /** An array that user space can map, of one value unless said otherwise. */
  static createMappable(valueSize: number, name: string, entries = 1): BpfMap {
    return new BpfMap(addon().createMap(MapType.ARRAY, 4, valueSize, entries, MMAPABLE, name));
  }

  /** An array of maps that are like this one. */
  createTable(entries: number, name: string): BpfMap {
    return new BpfMap(addon().createMapOfMaps(entries, this.descriptor, name));
  }

  /** The value, or undefined; of a per-CPU map the values of all possible CPUs, one after the other. */
  lookup(key: Uint8Array): Uint8Array | undefined {
    return withCpusFromSys("read a map", () => addon().lookupMap(this.descriptor, key));
  }

  update(key: Uint8Array, value: Uint8Array): void {
    addon().updateMap(this.descriptor, key, value, 0);
  }

  /** Many entries: keys and values each laid one after the other. */
  updateAll(keys: Uint8Array, values: Uint8Array, count: number): void {
    addon().updateMapBatch(this.descriptor, keys, values, count);
  }

  /**
   * Puts a map into this array of maps. When it returns, no program runs any more that could have seen the former
   * entry: the kernel waits for a grace period (kernel/bpf/syscall.c, maybe_wait_bpf_programs).
   */
  setInner(index: number, inner: BpfMap): void {
    addon().updateMapOfMaps(this.descriptor, unsigned32(index), inner.descriptor);
  }

  /**
   * The values of a mappable array in memory that the program writes too, one after the other, each padded to eight
   * bytes. They stay readable when the map is closed, until the buffer is garbage.
   */
  mapValues(): ArrayBuffer {
    return addon().mapValues(this.descriptor);
  }

  /** How many entries a hash has; exact only while nobody changes it. */
  countEntries(): number {
    return addon().countEntries(this.descriptor);
  }

  /** Puts a program into this table of programs. */
  setProgram(index: number, program: { descriptor: Descriptor }): void {
    this.update(unsigned32(index), unsigned32(program.descriptor.fd));
  }

  /**
   * Begins to set several entries of this array of maps, the last one last, in a thread. wait() of what it returns
   * waits for one grace period for all of them, and throws the system failure.
   */
  startSettingInner(inner: ReadonlyMap<number, BpfMap>): NativeTableFilling {
    const indices = new Uint8Array(Uint32Array.from(inner.keys()).buffer);
    const descriptors = Array.from(inner.values(), ({ descriptor }) => descriptor);
    return new (addon().TableFilling)(this.descriptor, indices, descriptors);
  }

  close(): void {
    this.descriptor.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A four-byte key in this machine's byte order. */
export function unsigned32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}
