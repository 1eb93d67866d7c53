/** Replay as the command line has it. */
export { ComparingSink, formatMismatch, GoldenComparison } from "./golden.ts";
export { type InputSource, inputSource } from "./input.ts";
export {
  checkReplayOptions,
  type EngineChoice,
  type ReplayHookChoice,
  type ReplayOptions,
  type ReplaySettings,
} from "./options.ts";
export type { CaseOutcome, SuiteOutcome } from "./outcome.ts";
export { type ReplayReport, reportReplay } from "./report.ts";
export { openReplay, type ReplaySession, replay, replayFor } from "./session.ts";
export { DEFAULT_TIMEOUT, verifySuite } from "./verify.ts";
