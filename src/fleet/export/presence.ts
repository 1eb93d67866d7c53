/** Which packets of the columns have which header: 1 where it was captured, else 0. */
import { type HeaderColumns, MOST_PACKETS } from "../../report/analysis/header-columns.ts";
import { IP_LATER_FRAGMENT } from "../../report/analysis/ip-flags.ts";

const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMP6 = 58;
/** Bytes of the TCP header up to the end of the window. */
const UP_TO_WINDOW = 16;
const UDP_LENGTH = 8;
const TYPE_AND_CODE = 2;

export class Presence {
  readonly hasIp = new Uint8Array(MOST_PACKETS);
  readonly isIpv4 = new Uint8Array(MOST_PACKETS);
  readonly hasPorts = new Uint8Array(MOST_PACKETS);
  /** Of TCP, all up to the window. */
  readonly isTcp = new Uint8Array(MOST_PACKETS);
  readonly isIcmp = new Uint8Array(MOST_PACKETS);
  /** Of TCP and UDP. */
  readonly hasPayload = new Uint8Array(MOST_PACKETS);

  fill({ count, ipVersion, ipFlags, protocol, hasPorts, transport, headerEnd }: HeaderColumns): void {
    for (let index = 0; index < count; index++) {
      const version = ipVersion[index] ?? 0;
      const own = protocol[index] ?? 0;
      const ports = hasPorts[index] ?? 0;
      const isLater = ((ipFlags[index] ?? 0) & IP_LATER_FRAGMENT) !== 0;
      const left = isLater ? 0 : (headerEnd[index] ?? 0) - (transport[index] ?? 0);
      const isTcp = own === TCP && ports === 1 && left >= UP_TO_WINDOW;
      const isUdp = own === UDP && ports === 1 && left >= UDP_LENGTH;
      const isIcmp = own === (version === 4 ? ICMP : ICMP6) && left >= TYPE_AND_CODE;
      this.hasIp[index] = version === 0 ? 0 : 1;
      this.isIpv4[index] = version === 4 ? 1 : 0;
      this.hasPorts[index] = ports;
      this.isTcp[index] = isTcp ? 1 : 0;
      this.isIcmp[index] = isIcmp && version !== 0 ? 1 : 0;
      this.hasPayload[index] = isTcp || isUdp ? 1 : 0;
    }
  }
}
