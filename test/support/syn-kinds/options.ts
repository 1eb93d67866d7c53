/**
 * SYNs with options in other orders and with other values, and with hostile ones: lengths of 0 and 1, beyond the header,
 * none at all, and one that the kind cannot have.
 */
import { mss, nop, type SynKind, sok, ts, v4, ws } from "./syns.ts";

export const OPTIONS: readonly SynKind[] = [
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
];
