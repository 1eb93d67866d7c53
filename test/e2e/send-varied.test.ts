import { afterAll, beforeAll, expect, test } from "vitest";
import {
  destinationOptions,
  ethernet,
  fragment,
  icmp6,
  ipv4,
  ipv6,
  part,
  protocols,
  raw,
  sender,
  tcp,
  u16,
  udp,
} from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith } from "../support/privileges.ts";
import { engines, fileOf, needed, receive, send } from "../support/sending.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

describeWith(needed, "ringcap send with varied sources", () => {
  /** For the tests that change nothing of it. */
  let shared: TestNetwork;
  beforeAll(async () => {
    shared = await TestNetwork.create();
  });
  afterAll(() => shared.destroy());

  test.each(engines)("%s: varied sources are many, and every checksum stays right", async (engine) => {
    const net = shared;
    const capture = await receive(net);
    const payload = [1, 2, 3];
    const udpSegment = udp({ destinationPort: 53, payload });
    const varied = [
      ethernet({ payload: ipv4({ payload: tcp({ destinationPort: 80, payload }) }) }),
      ethernet({ payload: ipv4({ payload: udpSegment }) }),
      ethernet({ payload: ipv6({ payload: tcp({ destinationPort: 80, payload }) }) }),
      ethernet({ payload: ipv6({ payload: udpSegment }) }),
      ethernet({ payload: ipv6({ payload: icmp6() }) }),
      ethernet({ vlans: [{ id: 5 }, { id: 6 }], payload: ipv4({ payload: tcp({ destinationPort: 80 }) }) }),
      ethernet({
        payload: ipv6({ extensions: Array.from({ length: 12 }, () => destinationOptions()), payload: udpSegment }),
      }),
    ];
    const file = fileOf(varied);
    const { report } = await send(
      net,
      file,
      "--topspeed",
      "--engine",
      engine,
      "--loop",
      "20",
      "--vary",
      "src-ip,src-port",
    );
    expect(report.frames).toMatchObject({ sent: 140, failed: 0 });
    const { path } = await capture.finish();
    const fields = ["ip.src", "ipv6.src", "tcp.srcport", "udp.srcport", "ip.checksum.status"] as const;
    const statuses = ["tcp.checksum.status", "udp.checksum.status", "icmpv6.checksum.status"] as const;
    const rows = await tsharkFields(path, [...fields, ...statuses]);
    expect(rows).toHaveLength(140);
    for (const row of rows) {
      expect(statuses.map((field) => row[field]).join("")).toBe("1");
      if (row["ip.src"] !== "") expect(row["ip.checksum.status"]).toBe("1");
    }
    expect(new Set(rows.map((row) => row["ip.src"] + row["ipv6.src"])).size).toBe(140);
    const ports = rows.map((row) => row["tcp.srcport"] + row["udp.srcport"]).filter((port) => port !== "");
    expect(new Set(ports).size).toBeGreaterThan(100);
  });

  test("a UDP checksum of 0 stays 0, and the fragments of a datagram keep one source", async () => {
    const net = shared;
    const capture = await receive(net);
    const datagram = udp({ destinationPort: 53, payload: new Uint8Array(64) });
    const unchecked = raw(protocols.udp, [...u16(49152), ...u16(53), ...u16(8), ...u16(0)]);
    const file = fileOf([
      ethernet({ payload: ipv4({ payload: unchecked }) }),
      ethernet({ payload: ipv4({ identification: 7, moreFragments: true, payload: part(datagram, 0, 40) }) }),
      ethernet({ payload: ipv4({ identification: 7, fragmentOffset: 40, payload: part(datagram, 40) }) }),
      ...[0, 40].map((offset) => {
        const extensions = [fragment({ identification: 9, offset, moreFragments: offset === 0 })];
        const payload = offset === 0 ? part(datagram, 0, 40) : part(datagram, 40);
        return ethernet({ payload: ipv6({ extensions, payload }) });
      }),
    ]);
    await send(net, file, "--topspeed", "--loop", "1", "--vary", "src-ip,src-port");
    const { path } = await capture.finish();
    const preferences = ["ip.defragment:TRUE", "ipv6.defragment:TRUE", "udp.check_checksum:TRUE"];
    const fields = ["ip.src", "ipv6.src", "udp.checksum", "udp.checksum.status"] as const;
    const rows = await tsharkFields(path, fields, { preferences });
    const sources = rows.map((row) => row["ip.src"] + row["ipv6.src"]);
    expect(sources).not.toContain(sender.ipv4);
    expect(rows[0]?.["udp.checksum"]).toBe("0x0000");
    for (const [first, last] of [
      [1, 2],
      [3, 4],
    ] as const) {
      expect(sources[first]).toBe(sources[last]);
      // The whole datagram is shown with its last fragment.
      expect(rows[last]?.["udp.checksum.status"]).toBe("1");
    }
  });
});
