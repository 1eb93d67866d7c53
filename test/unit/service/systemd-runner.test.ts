/** The unit of a check, which is started, stopped and cleaned, is that of no service. */
import { expect, test } from "vitest";
import { checkUnit } from "../../../src/service/check/systemd-runner.ts";
import { unitFile } from "../../../src/service/unit-text.ts";

test("the check of a service does not touch the service that is named after it", () => {
  expect(checkUnit({ name: "web" })).not.toBe(unitFile({ name: "web-check" }));
  expect(checkUnit({ name: "web" })).toMatch(/^ringcap-web\..*\.service$/);
});
