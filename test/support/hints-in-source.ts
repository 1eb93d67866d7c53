/** The hints that stand in the source, found in its syntax: what is given as `hint`, `remedy` or `instead`. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseAst } from "rolldown/parseAst";

/** A node of the syntax tree (ESTree), as far as it is looked at. */
interface Node {
  readonly type: string;
  readonly [property: string]: unknown;
}

const source = fileURLToPath(new URL("../../src", import.meta.url));

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function* nodesIn(value: unknown): Generator<Node> {
  if (isNode(value)) yield value;
  if (typeof value !== "object" || value === null) return;
  for (const child of Object.values(value)) yield* nodesIn(child);
}

function nodesOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The name of an identifier, of a parameter with a default, or of the method that is called. */
function nameOf(node: unknown): string {
  if (!isNode(node)) return "";
  if (typeof node.name === "string") return node.name;
  return nameOf(node.left ?? node.parameter ?? node.property);
}

/** Whether what has the name is a hint. */
function isHintName(name: string): boolean {
  return /hint|remedy|^instead/i.test(name);
}

/** The texts that an expression can be, with … for what is put into them. */
function textsOf(node: unknown): string[] {
  if (!isNode(node)) return [];
  switch (node.type) {
    case "Literal":
      return typeof node.value === "string" ? [node.value] : [];
    case "TemplateLiteral": {
      const parts = nodesOf(node.quasis).map(({ value }) => (value as { cooked: string }).cooked);
      return [parts.join("…")];
    }
    case "ConditionalExpression":
      return [...textsOf(node.consequent), ...textsOf(node.alternate)];
    case "LogicalExpression":
      return [...textsOf(node.left), ...textsOf(node.right)];
    case "ObjectExpression":
      return nodesOf(node.properties).flatMap(({ value }) => textsOf(value));
    case "NewExpression": // a Map
      return nodesOf(node.arguments).flatMap(textsOf);
    case "ArrayExpression":
      return nodesOf(node.elements).flatMap(textsOf);
    case "TSAsExpression":
      return textsOf(node.expression);
    case "SpreadElement":
      return textsOf(node.argument);
    case "CallExpression": // of map()
      return nodesOf(node.arguments).flatMap(textsOf);
    case "ArrowFunctionExpression":
      return textsOf(node.body);
    default:
      return [];
  }
}

/** A function's name and parameters, where the node declares one. */
function functionOf(node: Node): { name: string; parameters: Node[]; body: unknown } | undefined {
  const made = node.type === "VariableDeclarator" ? node.init : node.type === "MethodDefinition" ? node.value : node;
  if (!isNode(made) || !/Function/.test(made.type) || !Array.isArray(made.params)) return undefined;
  return { name: nameOf(node.id ?? node.key), parameters: nodesOf(made.params), body: made.body };
}

/** Of each function, at which place its arguments have a hint. */
function hintPlaces(tree: Node): Map<string, number> {
  const places = new Map<string, number>();
  for (const node of nodesIn(tree)) {
    const { name, parameters } = functionOf(node) ?? { name: "", parameters: [] };
    const place = parameters.findIndex((parameter) => isHintName(nameOf(parameter)));
    if (name !== "" && place >= 0) places.set(name, place);
  }
  return places;
}

function hintsIn(node: Node, placeIn: (name: string) => number | undefined): string[] {
  if (node.type === "CallExpression" || node.type === "NewExpression") {
    const place = placeIn(nameOf(node.callee));
    return place === undefined ? [] : textsOf(nodesOf(node.arguments)[place]);
  }
  if (node.type === "Property" && isHintName(nameOf(node.key))) return textsOf(node.value);
  if (node.type === "VariableDeclarator" && isHintName(nameOf(node.id))) return textsOf(node.init);
  const declared = functionOf(node);
  if (declared === undefined || !isHintName(declared.name)) return [];
  return [...nodesIn(declared.body)].flatMap((inner) =>
    inner.type === "ReturnStatement" ? textsOf(inner.argument) : [],
  );
}

/** Each hint of the source once, with the file that it stands in. */
export function hintsInSource(): Map<string, string> {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const trees = files.map((file) => {
    const tree = parseAst(readFileSync(`${source}/${file}`, "utf8"), { lang: "ts" }) as unknown as Node;
    return { file, tree, own: hintPlaces(tree) };
  });
  const places = new Map(trees.flatMap(({ own }) => [...own]));
  const hints = new Map<string, string>();
  for (const { file, tree, own } of trees) {
    for (const node of nodesIn(tree)) {
      const texts = hintsIn(node, (name) => own.get(name) ?? places.get(name));
      for (const text of texts) if (/ /.test(text) && /[a-z…]/i.test(text)) hints.set(text, file);
    }
  }
  return hints;
}
