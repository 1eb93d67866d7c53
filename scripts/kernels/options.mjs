// What the command line of the matrix asks for.
import { parseArgs } from "node:util";
import { kernels } from "./kernels.mjs";

export const USAGE = `npm run test:kernels -- [options]

  --kernel NAME   only this one, repeatable: ${kernels.map(({ name }) => name).join(", ")}
  --job NAME      only this job, repeatable
  --all           every expression, every large program and every snapshot length
  --rt            Debian's PREEMPT_RT kernels instead of the usual ones
  --arm64         Debian's kernels for arm64, with an addon that is built here
  --one-at-a-time one guest after the other
`;

/** @param {string[]} args @throws {Error} for what is no option */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      kernel: { type: "string", multiple: true, default: [] },
      job: { type: "string", multiple: true, default: [] },
      all: { type: "boolean", default: false },
      rt: { type: "boolean", default: false },
      arm64: { type: "boolean", default: false },
      "one-at-a-time": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const unknown = values.kernel.find((wanted) => kernels.every(({ name }) => name !== wanted));
  if (unknown !== undefined) throw new Error(`there is no kernel "${unknown}"\n\n${USAGE}`);
  const sets = [...(values.rt ? ["rt"] : []), ...(values.arm64 ? ["arm64"] : [])];
  const inSets = kernels.filter(({ set }) => (sets.length === 0 ? set === "usual" : sets.includes(set)));
  const named = kernels.filter(({ name }) => values.kernel.includes(name));
  return {
    kernels: named.length > 0 ? named : inSets,
    jobs: values.job,
    all: values.all,
    oneAtATime: values["one-at-a-time"],
    help: values.help,
  };
}
