/** The numbers of link types in files (LINKTYPE_) and in libpcap (DLT_), which differ for the oldest of them. */

/** The link types whose numbers differ on Linux (pcap/dlt.h; https://www.tcpdump.org/linktypes.html). */
const DATA_LINK_TYPES: ReadonlyMap<number, number> = new Map([
  // OpenBSD's DLT_RAW, which got into files.
  [14, 12],
  [100, 11],
  [101, 12],
  [102, 15],
  [103, 16],
  [106, 19],
]);

/** @param linkType LINKTYPE_ number */
export function dataLinkTypeOf(linkType: number): number {
  return DATA_LINK_TYPES.get(linkType) ?? linkType;
}

/** OpenBSD's DLT_RAW, which got into files and which libpcap does not read there, is raw IP. */
const FILE_LINK_TYPES: ReadonlyMap<number, number> = new Map([[14, 101]]);

/** @param linkType LINKTYPE_ number @returns that of the same packets which libpcap knows in a file */
export function fileLinkTypeOf(linkType: number): number {
  return FILE_LINK_TYPES.get(linkType) ?? linkType;
}
