export type { SendEngineChoice, SendOptions, VariedField } from "./options.ts";
export type { SendReport } from "./report.ts";
export { type SendSession, send } from "./session.ts";
