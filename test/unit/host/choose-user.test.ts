import { describe, expect, test } from "vitest";
import { chooseUser, type UserCircumstances } from "../../../src/host/choose-user.ts";
import type { UserAccount } from "../../../src/native/privileges.ts";

const root: UserAccount = { name: "root", user: 0, group: 0, groups: [0] };
const alice: UserAccount = { name: "alice", user: 1000, group: 1000, groups: [1000, 27] };
const accounts = [root, alice];

function circumstances(given: Partial<UserCircumstances> = {}): UserCircumstances {
  return {
    user: 0,
    mayBecome: true,
    sudo: { user: undefined, group: undefined },
    directory: undefined,
    lookUp: (wanted) => accounts.find(({ name, user }) => wanted === name || wanted === user),
    ...given,
  };
}

const bySudo = (user: string, group = "1000") => circumstances({ sudo: { user, group } });

describe("without --user", () => {
  test("root stays root where nothing else is known", () => {
    expect(chooseUser(undefined, circumstances())).toBeUndefined();
  });

  test("root becomes the caller of sudo, with all of the groups", () => {
    expect(chooseUser(undefined, bySudo("1000"))).toEqual(alice);
  });

  test("a caller of sudo whom the host does not list has the numbers of the environment", () => {
    expect(chooseUser(undefined, bySudo("1234", "55"))).toEqual({
      name: undefined,
      user: 1234,
      group: 55,
      groups: [55],
    });
  });

  test.each(["", "alice", "-1", "0x3e8", "1e3", "4294967295", "99999999999", "1000\n"])(
    "SUDO_UID=%j is no caller",
    (user) => {
      expect(chooseUser(undefined, bySudo(user))).toBeUndefined();
    },
  );

  test("a caller without a group is none", () => {
    expect(chooseUser(undefined, circumstances({ sudo: { user: "1000", group: undefined } }))).toBeUndefined();
  });

  test("root becomes the owner of the output's directory, after the caller of sudo", () => {
    const directory = { user: 33, group: 34 };
    const owner = { name: undefined, user: 33, group: 34, groups: [34] };
    expect(chooseUser(undefined, circumstances({ directory }))).toEqual(owner);
    expect(chooseUser(undefined, { ...bySudo("0", "0"), directory })).toEqual(owner);
    expect(chooseUser(undefined, { ...bySudo("1000"), directory })).toEqual(alice);
    expect(chooseUser(undefined, { ...bySudo("1000"), directory: { ...directory, isRead: true } })).toEqual(owner);
    expect(chooseUser(undefined, circumstances({ directory: { user: 0, group: 0 } }))).toBeUndefined();
  });

  test("root without the capabilities to change stays, and fails only for a user that was asked for", () => {
    const directory = { user: 33, group: 33 };
    const inContainer = { ...bySudo("1000"), mayBecome: false, directory };
    expect(chooseUser(undefined, inContainer)).toBeUndefined();
    expect(chooseUser("alice", inContainer)).toEqual(alice);
  });

  test("nobody but root believes the environment, or a directory", () => {
    const others = { ...bySudo("1000"), user: 33, directory: { user: 1000, group: 1000 } };
    expect(chooseUser(undefined, others)).toBeUndefined();
  });
});

describe("with --user", () => {
  test.each(["alice", "1000"])("%s is looked up", (wanted) => {
    expect(chooseUser(wanted, { ...bySudo("1234"), directory: { user: 33, group: 33 } })).toEqual(alice);
  });

  test("oneself is no change", () => {
    expect(chooseUser("root", circumstances())).toBeUndefined();
    expect(chooseUser("alice", circumstances({ user: 1000 }))).toBeUndefined();
  });

  test.each(["mallory", "12345", "", "alice:users"])('"%s" is refused with what to name', (wanted) => {
    expect(() => chooseUser(wanted, circumstances())).toThrow(
      expect.objectContaining({
        code: "USAGE",
        message: `user: there is no user "${wanted}"`,
        hint: expect.stringContaining("getent passwd"),
      }),
    );
  });

  test("another one is for root alone", () => {
    expect(() => chooseUser("root", circumstances({ user: 1000 }))).toThrow(
      expect.objectContaining({ code: "PRIVILEGE", message: "become the user root: only root can (this is uid 1000)" }),
    );
  });
});
