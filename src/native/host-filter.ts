/** The filter of the kernel program, compiled for this machine. */
import { addon, type NativeHostFilter } from "./addon.ts";

export class HostFilter {
  readonly #filter: NativeHostFilter;

  /**
   * @param filter struct filter of bpf/filter/filter_layout.h
   * @param networkKeys struct network_key, one after the other
   * @param linkType LINKTYPE_ number
   * @throws RangeError for a link type whose packets the filter cannot read
   */
  constructor(filter: Uint8Array, networkKeys: Uint8Array, linkType: number) {
    this.#filter = new (addon().HostFilter)(filter, networkKeys, linkType);
  }

  /**
   * Puts 1 or 0 into `verdicts` for each of `count` packets.
   *
   * @param batch records in the layout of native/batch_record.h
   * @returns how many match
   */
  match(batch: Uint8Array, count: number, verdicts: Uint8Array): number {
    return this.#filter.match(batch, count, verdicts);
  }
}
