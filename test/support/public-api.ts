/** What the package exports, with its docstrings, as TypeScript's own checker sees it. */
import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { API, type Project, type Symbol as Sym, SymbolFlags } from "typescript/unstable/sync";

/** One exported name, or one public member of it. */
export interface PublicName {
  /** Such as "CaptureSession", "CaptureOptions.filter" or "PcapParser.constructor". */
  readonly name: string;
  /** Path and line of the declaration. */
  readonly place: string;
  readonly kind: "function" | "constructor" | "method" | "type" | "value";
  /** The docstring without its tags; "" where there is none. */
  readonly text: string;
  /** The names of the docstring's tags, such as "throws". */
  readonly tags: readonly string[];
  /** The type as it is written; "" where it is inferred. */
  readonly type: string;
  /** Of a member: what it belongs to. */
  readonly owner: PublicName | undefined;
}

/** The entries of package.json's exports that are code: "." and "./pcap-writer", with the source of each. */
export function publicEntries(): { entry: string; source: string }[] {
  const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
  return Object.entries<unknown>(exports).flatMap(([entry, target]) => {
    const [, path] = /"\.\/dist\/([^"]*)\.js"/.exec(JSON.stringify(target)) ?? [];
    return path === undefined ? [] : [{ entry, source: `src/${path}.ts` }];
  });
}

/** Returns all public names of the package, each once. The parts of a name follow it. */
export function publicApi(): PublicName[] {
  const api = new API();
  try {
    const project = api.updateSnapshot({ openProjects: [resolve("tsconfig.json")] }).getProjects()[0];
    if (project === undefined) throw new Error("tsconfig.json is no project");
    const symbols = new Map<number, Sym>();
    for (const { source } of publicEntries()) {
      for (const symbol of exportsOf(source, project)) symbols.set(symbol.id, symbol);
    }
    return [...symbols.values()].flatMap((symbol) => describeSymbol(symbol, project));
  } finally {
    api.close();
  }
}

function exportsOf(source: string, { checker, program }: Project): Sym[] {
  const file = program.getSourceFile(resolve(source));
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${source}, which package.json exports, is no module`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => ((symbol.flags & SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)));
}

function describeSymbol(symbol: Sym, project: Project): PublicName[] {
  const { checker } = project;
  const itself = publicName(symbol, project, undefined);
  if (itself === undefined) return [];
  const isType = (symbol.flags & (SymbolFlags.Class | SymbolFlags.Interface)) !== 0;
  const inherited = isType ? checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)) : [];
  const members = [...symbol.getMembers().values(), ...symbol.getExports().values(), ...inherited];
  const distinct = new Map(members.map((member) => [member.name, member]));
  return [itself, ...[...distinct.values()].flatMap((member) => publicName(member, project, itself) ?? [])];
}

const HIDDEN = /^(?:(?:private|protected)\b|(?:static |readonly |async |override |get |set |\*)*(?:#|\[))/;
const NO_MEMBER = SymbolFlags.TypeParameter | SymbolFlags.Prototype;

function publicName(symbol: Sym, { checker, program }: Project, owner: PublicName | undefined): PublicName | undefined {
  const node = symbol.declarations[0]?.resolve();
  if (node === undefined || (symbol.flags & NO_MEMBER) !== 0) return undefined;
  const file = node.getSourceFile();
  if (program.isSourceFileDefaultLibrary(file) || program.isSourceFileFromExternalLibrary(file)) return undefined;
  const { text: source, fileName } = file;
  const code = source.slice(node.getStart(), node.end);
  if (owner !== undefined && HIDDEN.test(code)) return undefined;
  const isConstructor = (symbol.flags & SymbolFlags.Constructor) !== 0;
  const name = isConstructor ? "constructor" : symbol.name;
  const line = source.slice(0, node.getStart()).split("\n").length;
  const typeNode = (node as { type?: { pos: number; end: number } }).type;
  return {
    name: owner === undefined ? name : `${owner.name}.${name}`,
    place: `${relative(process.cwd(), fileName)}:${line}`,
    kind: kindOf(symbol),
    text: symbol.getDocumentationComment(checker),
    tags: symbol.getJsDocTags(checker).map((tag) => tag.name),
    type: typeNode === undefined ? "" : source.slice(typeNode.pos, typeNode.end).trim(),
    owner,
  };
}

function kindOf({ flags }: Sym): PublicName["kind"] {
  if ((flags & SymbolFlags.Function) !== 0) return "function";
  if ((flags & SymbolFlags.Constructor) !== 0) return "constructor";
  if ((flags & SymbolFlags.Method) !== 0) return "method";
  return (flags & SymbolFlags.Value) === 0 ? "type" : "value";
}
