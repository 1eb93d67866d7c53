/** SYNs of many kinds, each with the tuple that p0f's documentation gives it, written by hand. */
import {
  destinationOptions,
  ethernet,
  fragment,
  hopByHop,
  icmp,
  ipv4,
  ipv6,
  part,
  type Segment,
  tcp,
  tcpOption,
  udp,
} from "./frames.ts";

export interface SynKind {
  /** In p0f's notation. Null: it has no fingerprint, and no filter may choose it. */
  readonly tuple: string | null;
  readonly label?: string | null;
  /** The frame of the packet with this number, from 0. What real senders vary is varied by it. */
  readonly frame: (number: number) => Uint8Array;
}

const { maximumSegmentSize: mss, windowScale: ws, selectiveAcknowledgmentPermitted: sok, timestamps: ts } = tcpOption;
const nop = tcpOption.noOperation;

interface Syn {
  readonly window?: number;
  readonly options?: (number: number) => readonly number[];
  readonly tcp?: (number: number) => Parameters<typeof tcp>[0];
}

/** A SYN whose ports, sequence number and addresses are others in each packet. */
function syn(number: number, { window = 64_240, options, tcp: more }: Syn): Segment {
  return tcp({
    sourcePort: 1024 + number,
    destinationPort: 80 + (number % 3),
    sequence: 0x1234_5601 + number * 7919,
    window,
    options: options?.(number) ?? [],
    ...more?.(number),
  });
}

type Ipv4 = Partial<Parameters<typeof ipv4>[0]>;
type Ipv6 = Partial<Parameters<typeof ipv6>[0]>;

function packet4(number: number, what: Syn, more: Ipv4 = {}): Uint8Array {
  return ipv4({
    source: `192.0.2.${1 + (number % 200)}`,
    identification: 100 + number,
    dontFragment: true,
    payload: syn(number, what),
    ...more,
  });
}

function packet6(number: number, what: Syn, more: Ipv6 = {}): Uint8Array {
  return ipv6({ source: `2001:db8::${1 + number}`, payload: syn(number, what), ...more });
}

function v4(what: Syn, more: Ipv4 = {}): (number: number) => Uint8Array {
  return (number) => ethernet({ payload: packet4(number, what, more), minimumLength: 60 });
}

function v6(what: Syn, more: Ipv6 = {}): (number: number) => Uint8Array {
  return (number) => ethernet({ payload: packet6(number, what, more) });
}

/** The frame with bits set in some of its bytes. */
function withBits(frame: (number: number) => Uint8Array, bits: Readonly<Record<number, number>>) {
  return (number: number) => {
    const bytes = frame(number);
    for (const [at, mask] of Object.entries(bits)) bytes[Number(at)] = (bytes[Number(at)] ?? 0) | mask;
    return bytes;
  };
}

const linux = (number: number) => [...mss(1460), ...sok, ...ts(1_000_000 + number), ...nop, ...ws(7)];
const windows = () => [...mss(1460), ...nop, ...ws(8), ...nop, ...nop, ...sok];
const apple = (number: number) => [...mss(1460), ...nop, ...ws(6), ...nop, ...nop, ...ts(77 + number), ...sok, 0, 0];
/** Offsets within a frame without tags. */
const IP_FLAGS = 14 + 6;
const TCP_OFFSET = 14 + 20 + 12;

export const ETHERNET_KINDS: readonly SynKind[] = [
  { tuple: "4:64:0:1460:64240,7:mss,sok,ts,nop,ws:df,id+:0", label: "Linux", frame: v4({ options: linux }) },
  {
    tuple: "4:64:0:1460:64240,8:mss,sok,ts,nop,ws:df,id+:0",
    label: "Linux",
    frame: v4({ options: (number) => [...linux(number).slice(0, -1), 8] }),
  },
  {
    // Seen from several distances.
    tuple: "4:128:0:1460:64240,8:mss,nop,ws,nop,nop,sok:df,id+:0",
    label: "Windows",
    frame: (number) => v4({ options: windows }, { timeToLive: 110 + (number % 5) })(number),
  },
  {
    tuple: "4:128:0:1460:8192,8:mss,nop,ws,nop,nop,sok:df,id+:0",
    label: "Windows",
    frame: v4({ window: 8192, options: windows }, { timeToLive: 128 }),
  },
  {
    tuple: "4:255:0:1460:8192,8:mss,nop,ws,nop,nop,sok:df,id+:0",
    label: null,
    frame: v4({ window: 8192, options: windows }, { timeToLive: 129 }),
  },
  {
    tuple: "4:32:0:1460:8192,8:mss,nop,ws,nop,nop,sok:df,id+:0",
    frame: v4({ window: 8192, options: windows }, { timeToLive: 32 }),
  },
  {
    tuple: "4:64:0:1460:65535,6:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+:0",
    label: "macOS or iOS",
    frame: v4({ window: 65_535, options: apple }),
  },
  {
    tuple: "4:64:0:1460:65535,6:mss,nop,ws,nop,nop,ts,sok,eol+1:df:0",
    label: "macOS or iOS",
    frame: v4({ window: 65_535, options: apple }, { identification: 0 }),
  },
  {
    tuple: "4:64:0:1460:1024,0:mss::0",
    label: "nmap",
    frame: v4({ window: 1024, options: () => mss(1460) }, { dontFragment: false, timeToLive: 52 }),
  },
  {
    tuple: "4:255:0:1460:1024,0:mss::0",
    label: null,
    frame: v4({ window: 1024, options: () => mss(1460) }, { dontFragment: false, timeToLive: 250 }),
  },
  {
    tuple: "4:255:0:0:1024,0:::0",
    label: "masscan",
    frame: (number) => {
      const [sequence, destinationPort] = [0x0a0b_0c0d + number * 31, 443];
      // 198.51.100.2
      const identification = (0x6402 ^ destinationPort ^ sequence) & 0xffff;
      const more = { identification, dontFragment: false, timeToLive: 255 };
      return v4({ window: 1024, tcp: () => ({ sequence, destinationPort }) }, more)(number);
    },
  },
  {
    tuple: "4:255:0:0:65535,0:::0",
    label: "ZMap",
    frame: v4({ window: 65_535 }, { identification: 54_321, dontFragment: false, timeToLive: 250 }),
  },
  {
    tuple: "4:64:0:0:512,0::ack+:0",
    label: "hping3",
    frame: v4({ window: 512, tcp: (number) => ({ acknowledgment: 5 + number }) }, { dontFragment: false }),
  },
  {
    tuple: "4:64:0:0:8192,0::seq-:0",
    label: "Scapy",
    frame: v4({ window: 8192, tcp: () => ({ sequence: 0 }) }, { dontFragment: false, identification: 1 }),
  },
  {
    tuple: "4:64:0:0:31337,0:::0",
    label: "Mirai",
    frame: v4({ window: 31_337, tcp: () => ({ sequence: 0xc633_6402 }) }, { dontFragment: false }),
  },
  {
    tuple: "4:64:0:1405:40001,6:mss,sok,ts,nop,ws:df,id+:0",
    label: "Mirai (SYN flood)",
    frame: v4({ window: 40_001, options: (number) => [...mss(1405), ...sok, ...ts(9 + number), ...nop, ...ws(6)] }),
  },
  // Every quirk of the headers.
  { tuple: "4:64:0:0:100,0::df:0", frame: v4({ window: 100 }, { identification: 0 }) },
  { tuple: "4:64:0:0:100,0::df,id+:0", frame: v4({ window: 100 }) },
  { tuple: "4:64:0:0:100,0::id-:0", frame: v4({ window: 100 }, { dontFragment: false, identification: 0 }) },
  { tuple: "4:64:0:0:100,0:::0", frame: v4({ window: 100 }, { dontFragment: false }) },
  {
    tuple: "4:64:0:0:100,0::df,id+,ecn:0",
    // By IP, by ECE, by CWR.
    frame: (number) => {
      if (number % 3 === 0) return v4({ window: 100 }, { typeOfService: 2 })(number);
      return v4({ window: 100, tcp: () => ({ flags: number % 3 === 1 ? ["syn", "ece"] : ["syn", "ece", "cwr"] }) })(
        number,
      );
    },
  },
  {
    tuple: "4:64:0:0:100,0::df,id+,0+:0",
    // By IP, by the reserved bits of TCP, by accurate ECN.
    frame: (number) =>
      withBits(
        v4({ window: 100 }),
        number % 3 === 0 ? { [IP_FLAGS]: 0x80 } : { [TCP_OFFSET]: number % 3 === 1 ? 8 : 1 },
      )(number),
  },
  {
    tuple: "4:64:0:0:100,0::df,id+,ecn,0+:0",
    frame: withBits(v4({ window: 100, tcp: () => ({ flags: ["syn", "ece", "cwr"] }) }), { [TCP_OFFSET]: 1 }),
  },
  {
    tuple: "4:64:0:0:100,0::df,id+,ack+:0",
    frame: v4({ window: 100, tcp: (number) => ({ acknowledgment: 1 + number }) }),
  },
  {
    tuple: "4:64:0:0:100,0::df,id+,uptr+:0",
    frame: v4({ window: 100, tcp: (number) => ({ urgentPointer: 1 + number }) }),
  },
  {
    tuple: "4:64:0:0:100,0::df,id+,urgf+:0",
    frame: v4({ window: 100, tcp: (number) => ({ flags: ["syn", "urg"], urgentPointer: number % 2 }) }),
  },
  { tuple: "4:64:0:0:100,0::df,id+,pushf+:0", frame: v4({ window: 100, tcp: () => ({ flags: ["syn", "psh"] }) }) },
  { tuple: "4:64:0:0:100,0::df,id+,seq-:0", frame: v4({ window: 100, tcp: () => ({ sequence: 0 }) }) },
  {
    tuple: "4:64:0:0:100,0::df,id+:+",
    frame: v4({ window: 100, tcp: (number) => ({ payload: new Uint8Array(1 + (number % 7)).fill(0x41) }) }),
  },
  // Options of IP, whose bytes are not compared.
  { tuple: "4:64:4:0:100,0::df,id+:0", frame: v4({ window: 100 }, { options: [148, 4, 0, 0] }) },
  {
    tuple: "4:64:8:1460:100,0:mss:df,id+:0",
    frame: v4({ window: 100, options: () => mss(1460) }, { options: [7, 7, 4, 1, 2, 3, 4, 0] }),
  },
  // Options of TCP: orders, values and quirks.
  { tuple: "4:64:0:1459:100,0:mss:df,id+:0", frame: v4({ window: 100, options: () => mss(1459) }) },
  {
    tuple: "4:64:0:1460:100,0:mss,nop,nop,sok:df,id+:0",
    frame: v4({ window: 100, options: () => [...mss(1460), ...nop, ...nop, ...sok] }),
  },
  {
    tuple: "4:64:0:1460:100,0:nop,nop,sok,mss:df,id+:0",
    frame: v4({ window: 100, options: () => [...nop, ...nop, ...sok, ...mss(1460)] }),
  },
  { tuple: "4:64:0:0:100,15:nop,ws:df,id+,exws:0", frame: v4({ window: 100, options: () => [...nop, ...ws(15)] }) },
  { tuple: "4:64:0:0:100,14:nop,ws:df,id+:0", frame: v4({ window: 100, options: () => [...nop, ...ws(14)] }) },
  {
    tuple: "4:64:0:0:100,0:nop,nop,ts:df,id+,ts1-:0",
    frame: v4({ window: 100, options: () => [...nop, ...nop, ...ts(0)] }),
  },
  {
    tuple: "4:64:0:0:100,0:nop,nop,ts:df,id+,ts2+:0",
    frame: v4({ window: 100, options: (number) => [...nop, ...nop, ...ts(3 + number, 1 + number)] }),
  },
  {
    tuple: "4:64:0:0:100,0:nop,nop,ts:df,id+,ts1-,ts2+:0",
    frame: v4({ window: 100, options: (number) => [...nop, ...nop, ...ts(0, 1 + number)] }),
  },
  {
    tuple: "4:64:0:0:100,0:nop,nop,ts:df,id+:0",
    frame: v4({ window: 100, options: (number) => [...nop, ...nop, ...ts(3 + number)] }),
  },
  { tuple: "4:64:0:0:100,0:eol+3:df,id+:0", frame: v4({ window: 100, options: () => [0] }) },
  { tuple: "4:64:0:0:100,0:eol+7:df,id+:0", frame: v4({ window: 100, options: () => new Array<number>(8).fill(0) }) },
  {
    tuple: "4:64:0:0:100,0:eol+7:df,id+,opt+:0",
    frame: v4({ window: 100, options: (number) => [0, 0, 0, 0, 0, number % 2, 0, (number + 1) % 2] }),
  },
  {
    tuple: "4:64:0:0:100,0:?34,nop,nop:df,id+:0",
    frame: v4({ window: 100, options: (number) => [34, 10, number, 1, 2, 3, 4, 5, 6, 7, ...nop, ...nop] }),
  },
  {
    tuple: "4:64:0:0:100,0:sack,nop,nop:df,id+:0",
    frame: v4({ window: 100, options: (number) => [5, 10, number, 1, 2, 3, 4, 5, 6, 7, ...nop, ...nop] }),
  },
  // Hostile: a length of 0 and 1, beyond the header, none at all, and one that the kind cannot have.
  { tuple: "4:64:0:0:100,0:?99:df,id+,bad:0", frame: v4({ window: 100, options: (number) => [99, 0, number, 7] }) },
  { tuple: "4:64:0:0:100,0:nop,?99:df,id+,bad:0", frame: v4({ window: 100, options: (number) => [1, 99, 1, number] }) },
  {
    tuple: "4:64:0:0:100,0:nop,nop,ts:df,id+,bad:0",
    frame: v4({ window: 100, options: (number) => [1, 1, 8, 10, number, 1, 2, 3] }),
  },
  { tuple: "4:64:0:0:100,0:nop,nop,nop,mss:df,id+,bad:0", frame: v4({ window: 100, options: () => [1, 1, 1, 2] }) },
  {
    tuple: "4:64:0:0:100,0:mss:df,id+,bad:0",
    frame: v4({ window: 100, options: (number) => [2, 8, 5, 180, number, 0, 0, 0] }),
  },
  // IPv6.
  {
    tuple: "6:64:0:1440:64800,7:mss,sok,ts,nop,ws::0",
    label: null,
    frame: v6({ window: 64_800, options: (number) => [...mss(1440), ...sok, ...ts(5 + number), ...nop, ...ws(7)] }),
  },
  {
    tuple: "6:64:0:1440:28800,7:mss,sok,ts,nop,ws:flow:0",
    label: "Linux",
    frame: (number) =>
      v6(
        { window: 28_800, options: () => [...mss(1440), ...sok, ...ts(5 + number), ...nop, ...ws(7)] },
        { flowLabel: 0xf_0001 + number, hopLimit: 50 + (number % 3) },
      )(number),
  },
  { tuple: "6:64:0:0:100,0:::0", frame: v6({ window: 100 }) },
  {
    tuple: "6:64:0:0:100,0::ecn:0",
    frame: (number) =>
      (number % 2 === 0
        ? v6({ window: 100 }, { trafficClass: 1 })
        : v6({ window: 100, tcp: () => ({ flags: ["syn", "cwr"] }) }))(number),
  },
  { tuple: "6:64:0:0:100,0::0+:0", frame: withBits(v6({ window: 100 }), { [14 + 40 + 12]: 4 }) },
  { tuple: "6:64:0:0:100,0::seq-,ack+:0", frame: v6({ window: 100, tcp: () => ({ sequence: 0, acknowledgment: 9 }) }) },
  { tuple: "6:64:0:0:100,0:::+", frame: v6({ window: 100, tcp: () => ({ payload: [1] }) }) },
  {
    tuple: "6:255:8:1440:100,0:mss::0",
    frame: v6({ window: 100, options: () => mss(1440) }, { hopLimit: 255, extensions: [hopByHop()] }),
  },
  {
    tuple: "6:255:16:1440:100,0:mss::0",
    frame: v6(
      { window: 100, options: () => mss(1440) },
      { hopLimit: 255, extensions: [destinationOptions(new Uint8Array(12))] },
    ),
  },
  // Behind tags, where the notation is the same.
  {
    tuple: "4:64:0:1460:777,7:mss,sok,ts,nop,ws:df,id+:0",
    frame: (number) => ethernet({ vlans: [{ id: 5 }], payload: packet4(number, { window: 777, options: linux }) }),
  },
  {
    tuple: "6:64:0:1440:777,0:mss::0",
    frame: (number) =>
      ethernet({
        vlans: [{ id: 5, tagProtocol: 0x88a8 }, { id: 6 }],
        payload: packet6(number, { window: 777, options: () => mss(1440) }),
      }),
  },
  {
    tuple: "4:64:0:0:778,0::df,id+:+",
    // Its total length is where two tags have the EtherType, and looks like it.
    frame: (number) => {
      const payload = new Uint8Array(0x0800 - 40);
      return ethernet({ vlans: [{ id: 5 }], payload: packet4(number, { window: 778, tcp: () => ({ payload }) }) });
    },
  },
  {
    tuple: "4:64:0:1459:778,0:mss:df,id+:0",
    frame: (number) =>
      ethernet({
        vlans: [
          { id: 5, tagProtocol: 0x88a8 },
          { id: 6, tagProtocol: number % 2 === 0 ? 0x8100 : 0x88a8 },
        ],
        payload: packet4(number, { window: 778, options: () => mss(1459) }),
      }),
  },
  // No SYNs of TCP by themselves, though they look like those above.
  {
    tuple: null,
    frame: (number) =>
      ethernet({
        payload: ipv4({ payload: icmp({ type: 3, code: 1, payload: packet4(number, { options: linux }) }) }),
      }),
  },
  {
    tuple: null,
    frame: (number) =>
      ethernet({ payload: ipv4({ payload: { protocol: 4, build: () => packet4(number, { options: linux }) } }) }),
  },
  { tuple: null, frame: v4({ options: linux, tcp: () => ({ flags: ["syn", "ack"], acknowledgment: 1 }) }) },
  { tuple: null, frame: v4({ window: 100, tcp: () => ({ flags: ["syn", "fin"] }) }) },
  { tuple: null, frame: v4({ window: 100, tcp: () => ({ flags: ["syn", "rst"] }) }) },
  { tuple: null, frame: v4({ window: 100 }, { moreFragments: true }) },
  {
    tuple: null,
    frame: (number) =>
      ethernet({
        payload: ipv6({
          extensions: [fragment({ moreFragments: true })],
          payload: part(syn(number, { window: 100 }), 0, 16),
        }),
      }),
  },
  {
    tuple: null,
    frame: (number) => ethernet({ payload: ipv4({ payload: udp({ destinationPort: 80, payload: [number] }) }) }),
  },
];

/** Without a link layer. */
export const RAW_KINDS: readonly SynKind[] = [
  { tuple: "4:64:0:1460:64240,7:mss,sok,ts,nop,ws:df,id+:0", frame: (number) => packet4(number, { options: linux }) },
  { tuple: "6:64:0:1440:100,0:mss::0", frame: (number) => packet6(number, { window: 100, options: () => mss(1440) }) },
  { tuple: "4:64:0:0:100,0::df,id+:0", frame: (number) => packet4(number, { window: 100 }) },
];
