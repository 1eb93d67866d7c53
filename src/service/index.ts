/** Units of systemd for commands that run until they are stopped, and a run of a command as its unit would run it. */

export { checkService } from "./check/check-service.ts";
export { isHidden } from "./hidden-places.ts";
export { capabilitiesOf } from "./rights.ts";
export { type Service, type ServiceNeeds, stateDirectory } from "./service.ts";
export { refuseUnseen, serviceUser } from "./service-user.ts";
export { unitText } from "./unit-text.ts";
export { fitsIntoUnit } from "./unit-words.ts";
