/** Packets with libpcap's header of all interfaces, as tshark reads them. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { cook, cookedGrowth } from "../../../src/cap/cooked-header.ts";
import { PACKET_DIRECTION_IN, PACKET_DIRECTION_OUT } from "../../../src/generated/layouts.ts";
import type { CaptureInterface } from "../../../src/host/interfaces.ts";
import { ETHERNET, RAW_IP } from "../../../src/packets/link-types.ts";
import { PcapBatch } from "../../../src/packets/pcap-batch.ts";
import { ethernet, ipv4, ipv6, llc, udp, zeros } from "../../support/frames.ts";
import { writePcap } from "../../support/pcap-fixture.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { tsharkFields } from "../../support/tshark-fields.ts";

const device = (hardwareType: number, link = ETHERNET): CaptureInterface => ({
  ...{ name: "v0", index: 1, hardwareType, flags: 0, mtu: 1500, speed: 0, driver: "" },
  ...{ takesVlanTagsOut: false, completesPackets: true, transmitQueues: 1, up: true, link },
  address: Uint8Array.of(2, 0, 0, 0, 0, 2),
  loopback: hardwareType === 772,
});
const card = device(1);
const tunnel = device(0xfffe, RAW_IP);

function cooked(data: Uint8Array, target: CaptureInterface, direction = PACKET_DIRECTION_IN): Uint8Array {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(data.length, 8);
  header.writeUInt32LE(data.length, 12);
  const batch = new PcapBatch(Buffer.concat([header, data]), 1, { interfaceIndex: 1, direction, timeUnit: 1 });
  const cursor = batch.cursor();
  cursor.next();
  return cook(cursor, target);
}

const packet = ipv4({ payload: udp() });
const to = (destination: string) => ethernet({ destination, payload: packet });

describeWith([requirements.tools("tshark")], "a packet of all interfaces", () => {
  test("says whom it is for, where it is from and what it carries", async () => {
    const rows = [
      [cooked(to("02:00:00:00:00:02"), card), "0 1 02:00:00:00:00:01 0x0800   192.0.2.1"],
      [cooked(to("02:00:00:00:00:03"), card), "3 1 02:00:00:00:00:01 0x0800   192.0.2.1"],
      [cooked(to("ff:ff:ff:ff:ff:ff"), card), "1 1 02:00:00:00:00:01 0x0800   192.0.2.1"],
      [cooked(to("01:00:5e:00:00:01"), card), "2 1 02:00:00:00:00:01 0x0800   192.0.2.1"],
      [cooked(to("02:00:00:00:00:02"), card, PACKET_DIRECTION_OUT), "4 1 02:00:00:00:00:01 0x0800   192.0.2.1"],
      [cooked(to("00:00:00:00:00:00"), device(772)), "0 772 02:00:00:00:00:01 0x0800   192.0.2.1"],
      [cooked(ethernet({ vlans: [{ id: 5 }], payload: packet }), card), "0 1 02:00:00:00:00:01 0x8100  5 192.0.2.1"],
      [
        cooked(ethernet({ etherType: "length", payload: llc({ payload: zeros(9) }) }), card),
        "0 1 02:00:00:00:00:01  0x0004  ",
      ],
      [
        cooked(ethernet({ etherType: 0x05ff, payload: llc({ payload: zeros(9) }) }), card),
        "0 1 02:00:00:00:00:01  0x0004  ",
      ],
      [cooked(packet, tunnel), "0 65534  0x0800   192.0.2.1"],
      [cooked(ipv6({ payload: udp() }), tunnel, PACKET_DIRECTION_OUT), "4 65534  0x86dd   "],
    ] as const;
    const path = join(temporaryDirectory(), "cooked.pcap");
    writePcap(
      path,
      rows.map(([data]) => ({ data })),
      113,
    );
    const fields = ["sll.pkttype", "sll.hatype", "sll.src.eth", "sll.etype", "sll.ltype", "vlan.id", "ip.src"] as const;
    const judged = await tsharkFields(path, fields);
    expect(judged.map((row) => fields.map((field) => row[field]).join(" "))).toEqual(rows.map(([, wanted]) => wanted));
  });
});

test("it is longer by what its own header was shorter", () => {
  expect([cookedGrowth(card), cookedGrowth(tunnel)]).toEqual([2, 16]);
  expect([cooked(to("02:00:00:00:00:02"), card).length, cooked(packet, tunnel).length]).toEqual([
    14 + packet.length + 2,
    packet.length + 16,
  ]);
});
