import { expect, test } from "vitest";
import { describeWireshark } from "../../../src/doctor/wireshark.ts";
import type { CaptureWay } from "../../../src/extcap/index.ts";

const capabilities: CaptureWay = { name: "capabilities", works: false, finding: "none" };
const sudo: CaptureWay = { name: "sudo", works: true, finding: "it works" };

test("without the launcher nothing is said, and nothing tried", () => {
  const ways = () => {
    throw new Error("a way was tried");
  };
  expect(describeWireshark([], ways)).toBeUndefined();
  expect(describeWireshark(["absent", "foreign"], ways)).toBeUndefined();
});

test("the first way that works is named", () => {
  expect(describeWireshark(["absent", "current"], () => [capabilities, sudo])).toEqual({
    name: "Wireshark",
    status: "ok",
    finding: "captures with ringcap by sudo",
  });
});

test("a launcher of another version, and one with which nobody captures, are worth a warning", () => {
  const outdated = describeWireshark(["outdated"], () => [sudo]);
  expect(outdated).toMatchObject({ status: "warning", remedy: expect.stringContaining("extcap install") });
  const useless = describeWireshark(["current"], () => [capabilities]);
  expect(useless).toMatchObject({ status: "warning", remedy: expect.stringContaining("extcap status") });
});
