/** What the command line uses of the host. */

export type { Ownership } from "./choose-user.ts";
export { CLOSED_INSPECTOR } from "./closed-inspector.ts";
export { localTime } from "./local-time.ts";
export { PrivilegePlan, type PrivilegeTelling } from "./privilege-plan.ts";
export type { Capability } from "./process-privileges.ts";
export { ServiceNotifier } from "./service-notify.ts";
