/** SYNs with each quirk of the headers, and options of IP, whose bytes are not compared. */
import { IP_FLAGS, mss, type SynKind, TCP_OFFSET, v4, withBits } from "./syns.ts";

export const QUIRKS: readonly SynKind[] = [
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
];
