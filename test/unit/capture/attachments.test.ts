import { expect, test } from "vitest";
import { Attachment, type Link } from "../../../src/capture/attach.ts";
import { Attachments } from "../../../src/capture/attachments.ts";
import { ETHERNET } from "../../../src/packets/link-types.ts";
import { ethernet } from "./targets.ts";

/** A link that notes what it is asked, and throws at the steps that are named. */
function linkOf(log: string[], name: string, { fails = [] as string[], index = 1, canVacate = false } = {}): Link {
  const step = (what: string) => {
    log.push(`${what} ${name}`);
    if (fails.includes(what)) throw new Error(`${what} ${name}`);
  };
  return {
    interfaceIndex: () => index,
    close: () => step("close"),
    checkPlace: () => [`${name} was passed`],
    ...(canVacate ? { vacate: () => step("vacate"), remove: async () => step("remove") } : {}),
  };
}

/** Of two interfaces, with one link and with two. */
function attachmentsOf(first: Link, ...second: Link[]): Attachments {
  const attachments = new Attachments();
  attachments.add({ ...ethernet, name: "v0" }, new Attachment("xdp-native", [first]));
  attachments.add({ ...ethernet, name: "v1" }, new Attachment("tc", second));
  return attachments;
}

test("says of each interface where its program is", () => {
  const attachments = attachmentsOf(linkOf([], "a"), linkOf([], "b"));
  expect(attachments.describe("in")).toEqual([
    expect.objectContaining({ name: "v0", hook: "xdp-native", direction: "in", link: ETHERNET }),
    expect.objectContaining({ name: "v1", hook: "tc" }),
  ]);
  expect(attachments.haveNeighbours).toBe(true);
});

test("the interface of a link that lost it is missing, until the end has begun", () => {
  const attachments = attachmentsOf(linkOf([], "a"), linkOf([], "b"), linkOf([], "c", { index: 0 }));
  expect(attachments.missingInterface()).toBe("v1");
  attachments.vacate();
  expect(attachments.missingInterface()).toBeUndefined();
});

test("what links found in front is told with the name of their interface, until the end has begun", () => {
  const notes: string[] = [];
  const attachments = attachmentsOf(linkOf([], "a"), linkOf([], "b"));
  attachments.checkPlaces((note) => notes.push(note));
  expect(notes).toEqual(["v0: a was passed", "v1: b was passed"]);
  attachments.vacate();
  attachments.checkPlaces((note) => notes.push(note));
  expect(notes).toHaveLength(2);
});

test("the capabilities to detach with are those of its links", () => {
  const clsact = { ...linkOf([], "b"), detachesBy: "CAP_NET_ADMIN" } as const;
  expect(attachmentsOf(linkOf([], "a"), clsact).detachedBy()).toEqual(["CAP_NET_ADMIN"]);
});

test("links that can leave a place behind do so at the end, once, and the others are closed", () => {
  const log: string[] = [];
  const attachments = attachmentsOf(linkOf(log, "a"), linkOf(log, "b", { canVacate: true }));
  attachments.vacate();
  attachments.vacate();
  expect(log).toEqual(["close a", "vacate b"]);
});

test("a place that cannot be left, as its interface is gone, is closed", () => {
  const log: string[] = [];
  attachmentsOf(linkOf(log, "a"), linkOf(log, "b", { canVacate: true, fails: ["vacate"] })).vacate();
  expect(log).toEqual(["close a", "vacate b", "close b"]);
});

test.each(["vacate", "close"] as const)("%s goes on to every link, and throws the first failure", (step) => {
  const log: string[] = [];
  const [first, second] = ["a", "b"].map((name) => linkOf(log, name, { fails: ["close"] })) as [Link, Link];
  expect(() => attachmentsOf(first, second, linkOf(log, "c"))[step]()).toThrow("close a");
  expect(log).toEqual(["close a", "close b", "close c"]);
});

test("links are removed one after the other, and the first failure is told after the last", async () => {
  const log: string[] = [];
  const failing = linkOf(log, "b", { canVacate: true, fails: ["remove"] });
  await expect(attachmentsOf(linkOf(log, "a"), failing, linkOf(log, "c")).remove()).rejects.toThrow("remove b");
  expect(log).toEqual(["close a", "remove b", "close c"]);
});
