import { expect, test } from "vitest";
import { isRealTimeKernel } from "../../../src/host/real-time-kernel.ts";

test.each([
  ["#1 SMP PREEMPT_RT Debian 6.12.43-1 (2025-08-27)", true],
  ["#1 SMP PREEMPT RT Tue Apr 5 12:00:00 UTC 2016", true],
  ["#1 SMP PREEMPT_DYNAMIC Debian 6.1.170-3 (2026-05-08)", false],
  ["#1 SMP PREEMPT_DYNAMIC @0", false],
])("a kernel of the version %s is known for what it is", (text, expected) => {
  expect(isRealTimeKernel(text)).toBe(expected);
});
