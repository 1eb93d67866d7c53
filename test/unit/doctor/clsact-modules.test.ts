import { expect, test } from "vitest";
import { checkClsactModules } from "../../../src/doctor/clsact-modules.ts";
import { factsOf } from "../../support/kernel-facts.ts";

test("modules for TC are nobody's concern where there is TCX", () => {
  expect(checkClsactModules(true, factsOf({ modules: [] }))).toBeUndefined();
});

test("modules for TC are well where the kernel has them or gets them", () => {
  expect(checkClsactModules(false, factsOf({}))).toMatchObject({ status: "ok" });
});

test("modules for TC that are not loaded are named, with the command that loads them", () => {
  const facts = { ...factsOf({}), isModuleAtHand: (name: string) => name === "cls_bpf" };
  expect(checkClsactModules(false, facts)).toMatchObject({
    status: "warning",
    finding: expect.stringMatching(/^sch_ingress not loaded/),
    remedy: expect.stringContaining("modprobe -a sch_ingress cls_bpf"),
  });
});
