/** What the other parts use of the capture. */
export { type Action, type CaptureOptions, checkOptions, type HookChoice } from "./options.ts";
export { planCapture } from "./plan.ts";
export { CaptureSession } from "./session.ts";
export { startCapture, startCaptureAtOnce } from "./start.ts";
