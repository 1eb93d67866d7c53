/** MMDB files, honest ones and hostile ones. The program that reads them is that of dist. */
import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AddressDatabase } from "../../../src/report/address-database.ts";
import { mmdbFile, mmdbValue } from "../../support/mmdb.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

async function databaseOf(content: Uint8Array): Promise<AddressDatabase> {
  const path = join(temporaryDirectory(), "x.mmdb");
  writeFileSync(path, content);
  const fd = openSync(path, "r");
  try {
    return await AddressDatabase.open("x.mmdb", fd);
  } finally {
    closeSync(fd);
  }
}

test("addresses are told by the fields of GeoLite2, DB-IP and IPinfo", async () => {
  const file = mmdbFile({
    "192.0.2.0/24": { autonomous_system_number: 64500, autonomous_system_organization: "Example Net" },
    "198.51.100.0/24": { country: { iso_code: "DE" }, registered_country: { iso_code: "AT" } },
    "203.0.113.0/25": { asn: "AS64501", as_name: "Other", country_code: "US", country: "United States" },
    "203.0.113.128/25": { asn: { number: 1 }, country: 7, __proto__: "x" },
  });
  await using database = await databaseOf(file);
  const addresses = ["192.0.2.1", "198.51.100.255", "203.0.113.127", "203.0.113.128", "10.0.0.1", "2001:db8::1"];
  expect(await database.lookUp(addresses)).toEqual([
    { asn: "AS64500 Example Net" },
    { country: "DE" },
    { asn: "AS64501 Other", country: "US" },
    { country: "7" },
    {},
    {},
  ]);
});

test.each([
  ["no MMDB file", Buffer.from("not a database")],
  ["an empty file", Buffer.alloc(0)],
])("%s is refused by name", async (_, file) => {
  await expect(databaseOf(file)).rejects.toThrow(/^read x\.mmdb: /);
});

/** A pointer to an offset of the data section: 11 bits, or 19 bits from 2048 on. */
function pointer(offset: number): Buffer {
  return Buffer.from([0x20 | (offset >> 8), offset & 0xff]);
}

/** Arrays of arrays: each level has 28 pointers to the one before, so that a few hundred bytes are 28^12 values. */
function bomb(): { data: Buffer; top: number } {
  const levels = [mmdbValue("x")];
  let [length, top] = [levels[0]?.length ?? 0, 0];
  for (let level = 0; level < 12; level++) {
    const array = Buffer.concat([Buffer.from([28, 4]), ...Array.from({ length: 28 }, () => pointer(top))]);
    [top, length] = [length, length + array.length];
    levels.push(array);
  }
  return { data: Buffer.concat(levels), top };
}

test.each([
  ["a value of 28^12 values", bomb()],
  ["a pointer to itself", { data: pointer(0), top: 0 }],
  ["an array of 16 million entries that are not there", { data: Buffer.from([0x1f, 4, 0xff, 0xff, 0xff]), top: 0 }],
  ["a text that is longer than the file", { data: Buffer.from([0x5f, 0xff, 0xff, 0xff]), top: 0 }],
])("%s ends the reading of the file and nothing else", async (_, { data, top }) => {
  const file = mmdbFile({ "192.0.2.0/24": pointer(top) }, data);
  await using database = await databaseOf(file);
  const answer = database.lookUp(["192.0.2.1"]).catch((error: unknown) => error);
  expect([await answer].flat()[0]).toSatisfy(
    (found: unknown) =>
      (found instanceof Error && found.message.startsWith("read x.mmdb: ")) || JSON.stringify(found) === "{}",
  );
});
