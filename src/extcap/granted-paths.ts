/** Where the program lies that has the capabilities of a capture. native/extcap_rights.c has the same folder. */
const FOLDER = "/usr/lib/ringcap";

/** It runs what these two links name, and nothing else. */
export const GRANTED_PROGRAM = `${FOLDER}/extcap`;
export const GRANTED_NODE = `${FOLDER}/node`;
export const GRANTED_SCRIPT = `${FOLDER}/script`;
export const GRANTED_FOLDER = FOLDER;
