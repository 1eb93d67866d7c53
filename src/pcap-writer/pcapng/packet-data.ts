/** The limits that all blocks with packets share. */
import { usageError } from "../../errors.ts";
import { SNAPSHOT_LENGTH_MAX } from "../pcap-encoder.ts";
import { checkNumber, MOST_32 } from "./checks.ts";

/**
 * Checks the lengths of a packet.
 *
 * @throws RingcapError USAGE for more captured bytes than readers accept, or an original length of more than 32 bits
 */
export function checkPacketData(data: Uint8Array, originalLength: number): void {
  if (data.length > SNAPSHOT_LENGTH_MAX) {
    throw usageError("data", `${data.length} captured bytes; readers take ${SNAPSHOT_LENGTH_MAX} at most`);
  }
  checkNumber("originalLength", originalLength, MOST_32);
}
