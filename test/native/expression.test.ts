import { expect, test } from "vitest";
import type { RingcapError } from "../../src/errors.ts";
import { compileExpression } from "../../src/filter/expression.ts";
import { describeWith, requirements } from "../support/privileges.ts";

const ETHERNET = 1;

function refusalOf(text: string, linkType = ETHERNET): RingcapError {
  try {
    compileExpression(text, linkType);
  } catch (error) {
    return error as RingcapError;
  }
  throw new Error(`"${text}" compiles`);
}

/** What stands above the caret; "" at the end of the expression; undefined without a caret. */
function markedIn(text: string): string | undefined {
  const [, line = "", caret] = refusalOf(text).message.split("\n");
  if (caret === undefined) return undefined;
  return line.slice(caret.indexOf("^"), caret.length);
}

describeWith(requirements.tools("tcpdump"), "an expression", () => {
  test.each(["", "  ", " \n\t "])("of nothing (%j) matches every packet, as in tcpdump", (text) => {
    expect(compileExpression(text, ETHERNET).program).toEqual([{ kind: "return", value: 262_144 }]);
  });

  test("is compiled for the link type of the packets", () => {
    const loadsOf = (linkType: number) => compileExpression("ip", linkType).program[0];
    expect(loadsOf(1)).toEqual({ kind: "load-packet", size: 2, offset: 12, indexed: false });
    // LINKTYPE_RAW, and the numbers that systems have used for it.
    for (const linkType of [12, 14, 101]) {
      expect(loadsOf(linkType)).toEqual({ kind: "load-packet", size: 1, offset: 0, indexed: false });
    }
    expect(loadsOf(113)).toEqual({ kind: "load-packet", size: 2, offset: 14, indexed: false });
  });

  test("has the netmask for ip broadcast, and returns the snapshot length", () => {
    const { program } = compileExpression("ip broadcast", ETHERNET, { netmask: 0xffff_ff00, snapshotLength: 96 });
    expect(program).toContainEqual(expect.objectContaining({ kind: "branch", comparison: "any-bit", operand: 0xff }));
    expect(program).toContainEqual({ kind: "return", value: 96 });
  });

  test.each([
    ["tcp dst prt 80", "prt"],
    ["tcp and prt", "prt"],
    ["tcp port @", "@"],
    ["host nosuch.invalid", "nosuch.invalid"],
    ["host nosuch.invalid or host nosuch.invalid", "nosuch.invalid"],
    ["port 80 and tcp host 192.0.2.1", "tcp"],
    ["tcp port 80 and (tcp host 192.0.2.1)", "tcp"],
    ["ip and (tcp or udp))", ")"],
    ["and tcp", "and"],
    ["tcp or or udp", "or"],
    ["tcp \n and\t\r or", "or"],
    ["tcp = 5", "="],
    ["len > 5 < 6", "<"],
    ["tcp[0:3] = 1", "]"],
    ["host 10.0.0.0/8", "10.0.0.0/8"],
    ["net 10.0.0.1/8", "10.0.0.1/8"],
    ["net 10.0.0.1 mask 255.0.0.0", "10.0.0.1 mask 255.0.0.0"],
    ["vlan 5 and vlan 5000", "5000"],
    ["port 80 or port 99999 or port 80", "99999"],
    ["ether host 1:2:3", "1:2:3"],
    ["ether proto \\nosuch", "nosuch"],
    ["ip[4] > 'x'", "'x'"],
  ])("is refused with a caret: %j under %j", (text, marked) => {
    expect(markedIn(text)).toBe(marked);
  });

  test.each([
    ...["http", "https", "tls", "ssl", "quic", "dns", "mdns", "ssh", "smtp", "ntp", "syslog", "dhcp", "ipv4", "ipv6"],
    ...["icmpv6", "syn", "fin", "rst", "TCP", "80,443", "10.0.0.1", "10.0.0.0/8", "2001:db8::/32", "2001:db8::1"],
    ...["ip.addr == 192.0.2.1", "port == 80", "tcp and port 80-90", "aa:bb:cc:dd:ee:ff"],
  ])("of another filter's words (%j) has a hint that compiles", (text) => {
    const hinted = /type '?([^',]+)/.exec(refusalOf(text).hint ?? "")?.[1];
    expect(compileExpression(hinted ?? "no hint", ETHERNET).program.length).toBeGreaterThan(1);
  });

  test.each(["tcp and", "(tcp", "tcp[", "tcp[0] ==", "host", "not", "tcp and not "])(
    "that ends too early (%j) has the caret at its end",
    (text) => {
      const caret = refusalOf(text).message.split("\n").at(-1) ?? "";
      expect(caret).toBe(`  ${" ".repeat(text.length)}^`);
    },
  );

  test.each(["tcp and udp", "ip and ip6", `${"(".repeat(30_000)}ip`])(
    "whose fault has no place (%.12s) is refused without a caret",
    (text) => {
      expect(markedIn(text)).toBeUndefined();
    },
  );

  test("is refused with libpcap's words", () => {
    expect(refusalOf("tcp and udp")).toMatchObject({
      code: "USAGE",
      message: "compile the expression: expression rejects all packets",
    });
    expect(refusalOf("port nosuch").message).toBe(
      "compile the expression: unknown port 'nosuch'\n  port nosuch\n       ^~~~~~",
    );
  });

  test("of which only a part fits a line is shown around the caret", () => {
    const many = "port 80 or ".repeat(100);
    const [, line = "", caret = ""] = refusalOf(`${many}port nosuch or ${many}ip`).message.split("\n");
    expect(line.length).toBeLessThan(160);
    expect(line).toMatch(/^ {2}\.\.\..*\.\.\.$/);
    expect(line.slice(caret.indexOf("^"), caret.length)).toBe("nosuch");
  });

  test("with characters of unknown width or that steer terminals is refused without showing it", () => {
    for (const text of ["host é", "tcp \u001b[2J", "tcp \u00a0", "host '\u001b[2J'"]) {
      expect(refusalOf(text).message).toMatch(/^compile the expression: [ -~]*$/);
    }
  });

  test("that is too long, or has a zero inside, is refused before it is compiled", () => {
    expect(refusalOf("ip or ".repeat(20_000)).message).toMatch(/120000 characters, more than 65536/);
    expect(refusalOf("ip\0").message).toMatch(/zero/);
  });

  test("has a program without loops beside the one that libpcap gave", () => {
    const { listing, raw } = compileExpression("ip6 protochain 6", ETHERNET);
    const jumpsBack = ({ code, k }: { code: number; k: number }) => code === 0x05 && k >= 0x8000_0000;
    expect(listing.filter(jumpsBack)).toHaveLength(2);
    expect(raw.filter(jumpsBack)).toEqual([]);
  });

  test("that is longer than a program may be is refused by name", () => {
    const list = Array.from({ length: 2000 }, (_, index) => `port ${index}`).join(" or ");
    expect(refusalOf(list).message).toMatch(/instructions, more than 4096/);
  });

  test("for a link type that libpcap does not know is refused", () => {
    expect(refusalOf("tcp", 9999).message).toMatch(/^compile the expression: .*9999.*$/);
  });
});
