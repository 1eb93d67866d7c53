/** The option with which Node.js keeps its inspector closed, for programs that start ringcap: see src/cli/main.ts. */
export const CLOSED_INSPECTOR = "--inspect-port=240.0.0.1:9229";
