import { expect, test } from "vitest";
import { capabilitiesOf, type RightsFacts } from "../../../src/service/rights.ts";

const WATCH: RightsFacts = {
  command: "watch",
  hook: undefined,
  promiscuous: false,
  halfOpen: false,
  port: undefined,
};

test.each<[Partial<RightsFacts>, string]>([
  [{}, "CAP_BPF CAP_NET_ADMIN CAP_PERFMON"],
  [{ hook: "tc" }, "CAP_BPF CAP_NET_ADMIN CAP_PERFMON"],
  [{ promiscuous: true }, "CAP_BPF CAP_NET_ADMIN CAP_NET_RAW CAP_PERFMON"],
  [{ hook: "packet" }, "CAP_NET_RAW"],
  [{ hook: "packet", promiscuous: true }, "CAP_NET_RAW"],
  [{ port: 0 }, "CAP_BPF CAP_NET_ADMIN CAP_PERFMON"],
  [{ port: 1023 }, "CAP_BPF CAP_NET_ADMIN CAP_NET_BIND_SERVICE CAP_PERFMON"],
  [{ port: 1024 }, "CAP_BPF CAP_NET_ADMIN CAP_PERFMON"],
  [{ command: "capture" }, "CAP_BPF CAP_NET_ADMIN CAP_PERFMON"],
  [{ command: "connections" }, "CAP_BPF CAP_PERFMON"],
  [{ command: "connections", halfOpen: true }, "CAP_BPF CAP_NET_ADMIN CAP_PERFMON"],
])("%j takes %s", (facts, capabilities) => {
  expect(capabilitiesOf({ ...WATCH, ...facts }).join(" ")).toBe(capabilities);
});
