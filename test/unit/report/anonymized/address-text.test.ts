import { expect, test } from "vitest";
import { AddressText } from "../../../../src/report/anonymized/address-text.ts";
import { sampleAnonymizer } from "../../../support/anonymized.ts";

const anonymizer = sampleAnonymizer();
const text = new AddressText(anonymizer, ["10.0.0.0/8"]);
const v4 = anonymizer.address("203.0.113.7");
const v6 = anonymizer.address("2001:db8::1");

test.each([
  ["203.0.113.7", v4],
  ["203.0.113.7 443", `${v4} 443`],
  ["203.0.113.7:443", `${v4}:443`],
  ["SYN flood of 203.0.113.7 port 443, from 203.0.113.7.", `SYN flood of ${v4} port 443, from ${v4}.`],
  ["203.0.113.7: it answers", `${v4}: it answers`],
  ["2001:db8::1: it answers 2001:db8::1.", `${v6}: it answers ${v6}.`],
  ["[2001:db8::1]:443 and 2001:db8::1.443", `[${v6}]:443 and ${v6}.443`],
  ["2001:db8::/48", anonymizer.network("2001:db8::/48")],
  ["203.0.113.0/24 was looked through", `${anonymizer.network("203.0.113.0/24")} was looked through`],
])("%s: addresses are replaced", (original, replaced) => expect(text.replace(original)).toBe(replaced));

test.each([
  "12.5 % of 1000 packets at 2026-11-28T07:40:09.123456789+01:00",
  "sources in 10.0.0.0/8 cannot be",
  "ringcap 0.1.0, Linux 6.12.9",
  "127.0.0.1 and ff02::1",
  "see: this, and that: :: .",
])("%s: nothing is replaced", (original) => expect(text.replace(original)).toBe(original));
