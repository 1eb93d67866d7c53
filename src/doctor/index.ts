export type { Check, CheckStatus } from "./check.ts";
export { type Diagnosis, diagnose, type InterfaceDiagnosis } from "./diagnose.ts";
export { describeOccupant } from "./interface-checks.ts";
export { describeInterfaces, type InterfaceDescription, type XdpOccupant } from "./interfaces.ts";
export type { LinkHolder } from "./link-holder.ts";
export { describeTcPrograms, type TcProgram } from "./tc-programs.ts";
