/** The names of operations of AFS services, by their numbers. */

function operations(table: Readonly<Record<number, string>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(table).map(([number, name]) => [Number(number), name]));
}

export const FILES = operations({
  130: "fetch-data",
  131: "fetch-acl",
  132: "fetch-status",
  133: "store-data",
  134: "store-acl",
  135: "store-status",
  136: "remove-file",
  137: "create-file",
  138: "rename",
  139: "symlink",
  140: "link",
  141: "makedir",
  142: "rmdir",
  147: "give-cbs",
  148: "get-vol-info",
  149: "get-vol-status",
  150: "set-vol-status",
  151: "get-root-vol",
  153: "get-time",
  156: "setlock",
  157: "extlock",
  158: "rellock",
  65536: "inline-bulk-status",
});
export const CALLBACKS = operations({
  204: "callback",
  205: "initcb",
  206: "probe",
  207: "getlock",
  208: "getce",
  213: "initcb3",
});
export const PROTECTION = operations({
  504: "name-to-id",
  505: "id-to-name",
  506: "delete",
  507: "remove-from-group",
  512: "list-entry",
  514: "list-elements",
  515: "same-mbr-of",
});
export const LOCATION = operations({
  503: "get-entry-by-id",
  504: "get-entry-by-name",
  518: "get-entry-by-id-n",
  519: "get-entry-by-name-n",
});
export const VOLUMES = operations({ 121: "list-one-volume", 122: "list-volumes" });
