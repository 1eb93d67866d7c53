/** SYNs as systems and programs send them. */
import { apple, linux, mss, nop, type SynKind, sok, ts, v4, windows, ws } from "./syns.ts";

export const SENDERS: readonly SynKind[] = [
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
];
