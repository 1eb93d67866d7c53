/** What the command line uses of the host. */
export { localTime } from "./local-time.ts";
export { PrivilegePlan, type PrivilegeTelling } from "./privilege-plan.ts";
export type { Capability } from "./process-privileges.ts";
export { ServiceNotifier } from "./service-notify.ts";
