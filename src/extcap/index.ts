/** ringcap in Wireshark: what lies in its folder, what it shows, and by which right it captures. */
export { hiddenFromOthers } from "./changeable.ts";
export { becomeOutput, onParentGone, onWiresharkGone } from "./fifo.ts";
export { changeableFolders, chooseFolder, findFolders } from "./folders.ts";
export { grantTo, hasGrant, withdrawGrant } from "./grant.ts";
export {
  installLauncher,
  type LauncherState,
  launcherState,
  ownScript,
  pathIn,
  refuseFile,
  refuseForeign,
  removeLauncher,
} from "./installation.ts";
export { type ExtcapInterface, parseInterfaceName, titleOf } from "./interface-name.ts";
export { type CaptureWay, captureWays, isSudoAllowed, mayCapture, sudoWords } from "./rights.ts";
