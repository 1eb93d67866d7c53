/** What `ringcap watch` and `ringcap top` are made of. */
export type { Firing, ListenPressure, Observation } from "./observation.ts";
