/** Replay as the command line has it. */
export { ComparingSink, formatMismatch, GoldenComparison } from "./golden.ts";
export { inputSource } from "./input.ts";
export type { EngineChoice, ReplayHookChoice, ReplayOptions } from "./options.ts";
export type { CaseOutcome, SuiteOutcome } from "./outcome.ts";
export { type ReplayReport, reportReplay } from "./report.ts";
export { type ReplaySession, replay, replayFor } from "./session.ts";
export { DEFAULT_TIMEOUT, verifySuite } from "./verify.ts";
