import { expect, test } from "vitest";
import { neededForOpenDescriptors } from "../../../src/host/kernel-features.ts";

test.each([
  ["5.15.0-91-generic", ["CAP_BPF"]],
  ["5.18.19", ["CAP_BPF"]],
  ["5.19.0", []],
  ["6.1.0-18-amd64", []],
  ["unheard of", []],
])("the kernel %s takes %j for descriptors that are open", (release, capabilities) => {
  expect(neededForOpenDescriptors(release)).toEqual(capabilities);
});
