/** Words to put before a command that is to have CAP_NET_RAW and no other capability, nor a way to any. */
const ONLY_NET_RAW = [
  "setpriv",
  "--bounding-set=-all,+net_raw",
  "--inh-caps=-all,+net_raw",
  "--ambient-caps=-all,+net_raw",
];

/** As the user that is root, as in a container. */
export const rootWithNetRaw: readonly string[] = ONLY_NET_RAW;

/** As a user that has nothing but that. */
export const nobodyWithNetRaw: readonly string[] = [
  ...ONLY_NET_RAW,
  "--reuid=65534",
  "--regid=65534",
  "--clear-groups",
  "--no-new-privs",
];
