/** One capture, attached and taken off again. */
import { deepEqual } from "node:assert/strict";
import { OpenCapture } from "../../../src/capture/open-capture.ts";
import type { CaptureOptions } from "../../../src/capture/options.ts";
import { planCapture } from "../../../src/capture/plan.ts";
import type { SinkNeeds } from "../../../src/pipeline/sink.ts";
import { receiver } from "./guest.ts";

/** A filter that asks for everything at once, and that an IPv4 packet can match. */
export const everyOption = {
  port: "80,443",
  sourcePort: "1024-65535",
  destinationPort: "0-1023",
  tcpFlags: "syn,!ack",
  protocol: "tcp",
  host: "192.0.2.1,2001:db8::1",
  sourceHost: "192.0.2.2",
  destinationHost: "192.0.2.3,2001:db8::2",
  network: "10.0.0.0/8,2001:db8::/32",
  sourceNetwork: "0.0.0.0/0",
  destinationNetwork: "0.0.0.0/0,::/0",
  ipVersion: 4,
  vlan: 5,
} as const;

/**
 * @param needs of the sink, which choose the layout of records
 * @throws RingcapError, or AssertionError when it was attached at another hook than the one asked for
 */
export function attachOnce(options: CaptureOptions, needs?: SinkNeeds): void {
  const plan = planCapture({ interfaces: [receiver], bufferSize: 1, ...options }, needs);
  using open = new OpenCapture(plan, 0n);
  deepEqual(
    open.interfaces.map(({ hook }) => hook),
    [options.hook],
  );
}
