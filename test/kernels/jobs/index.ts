/** The jobs, in the order in which they run. A new one is a file beside this one and a line here. */
import type { Job } from "../lib/job.ts";
import { chain } from "./chain.ts";
import { connections } from "./connections.ts";
import { doctor, missingModules } from "./doctor.ts";
import { expressions, largest } from "./expressions.ts";
import { killed } from "./killed.ts";
import { programs } from "./programs.ts";
import { replay } from "./replay.ts";
import { send } from "./send.ts";
import { traffic } from "./traffic.ts";
import { vlans } from "./vlans.ts";

export const jobs: readonly Job[] = [
  missingModules,
  doctor,
  traffic,
  vlans,
  chain,
  send,
  connections,
  killed,
  replay,
  programs,
  expressions,
  largest,
];
