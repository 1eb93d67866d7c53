import { expect, test } from "vitest";
import { chooseFolder, parseFolders } from "../../../src/extcap/folders.ts";

const personal = { path: "/home/u/.local/lib/wireshark/extcap", isPersonal: true };
const shared = (path: string) => ({ path, isPersonal: false });

test.each([
  [
    "4.0",
    "Temp:                \t/tmp\nExtcap path:         \t/usr/lib/x86_64-linux-gnu/wireshark/extcap\nMaxMind database path:\t/x\n",
    [shared("/usr/lib/x86_64-linux-gnu/wireshark/extcap")],
  ],
  [
    "4.6",
    "Personal Extcap path:\t/home/u/.local/lib/wireshark/extcap\nGlobal Extcap path:  \t/usr/libexec/wireshark/extcap\n",
    [personal, shared("/usr/libexec/wireshark/extcap")],
  ],
  ["a Wireshark without it", "Temp:\t/tmp\n", []],
])("the folders of %s are read", (_version, text, folders) => {
  expect(parseFolders(text)).toEqual(folders);
});

test("root installs for all users, and another user for itself", () => {
  const both = [personal, shared("/usr/libexec/wireshark/extcap")];
  expect(chooseFolder(both, true)).toBe("/usr/libexec/wireshark/extcap");
  expect(chooseFolder(both, false)).toBe(personal.path);
  expect(chooseFolder([shared("/tmp")], false)).toBe("/tmp");
});

test("a user is sent to root where only root may write, and to the packages where there is no Wireshark", () => {
  expect(() => chooseFolder([shared("/proc/wireshark/extcap/x")], false)).toThrow(
    expect.objectContaining({ code: "PRIVILEGE", hint: "sudo ringcap extcap install" }),
  );
  expect(() => chooseFolder([], true)).toThrow(expect.objectContaining({ code: "INSTALLATION" }));
});
