/**
 * The syntax of a source file, from the parser that Vite ships: rules about calls and
 * imports look at nodes, so that texts and comments can't be mistaken for code.
 */
import { parseSync } from 'vite'
import type { SourceFile } from './source-files.ts'

/** A node of the syntax tree: a type, a place, and children of any shape. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

export interface Syntax {
  readonly program: Node
  readonly comments: readonly { readonly value: string; readonly start: number }[]
}

export interface ImportLink {
  readonly specifier: string
  /** `import type` and `export type`: gone at run time. */
  readonly isTypeOnly: boolean
  readonly isDynamic: boolean
  readonly line: number
}

/** Throws if the file is no TypeScript. */
export function syntaxOf({ path, text }: SourceFile): Syntax {
  const { program, comments, errors } = parseSync(path, text)
  const [error] = errors
  if (error !== undefined) throw new Error(`${path} can't be parsed: ${error.message}`)
  if (!isNode(program)) throw new Error(`${path}: the parser returned no program`)
  return { program, comments }
}

/** Every node, parents before their children. */
export function* nodesOf(root: Node, parent?: Node): Generator<{ node: Node; parent?: Node }> {
  yield parent === undefined ? { node: root } : { node: root, parent }
  for (const child of childrenOf(root)) yield* nodesOf(child, root)
}

/** Also imports written as a type, `import('./a.ts').A`, and dynamic ones with a literal. */
export function importsOf(file: SourceFile): readonly ImportLink[] {
  const links: ImportLink[] = []
  for (const { node } of nodesOf(syntaxOf(file).program)) {
    const specifier = textOf(node.source)
    if (specifier === undefined) continue
    const isType = node.type === 'TSImportType'
    const isTypeOnly = isType || node.importKind === 'type' || node.exportKind === 'type'
    const isDynamic = node.type === 'ImportExpression'
    links.push({ specifier, isTypeOnly, isDynamic, line: lineAt(file.text, node.start) })
  }
  return links
}

/** `a.b.c` and `this.#a.b` as text; undefined for other expressions. */
export function chainOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'ThisExpression') return 'this'
  if (node.type === 'Identifier' || node.type === 'PrivateIdentifier') return nameOf(node)
  if (node.type !== 'MemberExpression' || node.computed === true) return undefined
  const object = chainOf(node.object)
  return object === undefined ? undefined : `${object}.${nameOf(node.property)}`
}

/** The text of a literal or of a template without parameters. */
export function textOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type !== 'TemplateLiteral') return undefined
  const { quasis } = node
  return Array.isArray(quasis) && quasis.length === 1 ? quasiText(quasis[0]) : undefined
}

/** Every piece of text in the file that is no comment, with its place. */
export function* textsOf(root: Node): Generator<{ text: string; start: number }> {
  for (const { node } of nodesOf(root)) {
    const isLiteral = node.type === 'Literal' && typeof node.value === 'string'
    const text = isLiteral ? String(node.value) : quasiText(node)
    if (text !== undefined) yield { text, start: node.start }
  }
}

export function nameOf(node: unknown): string {
  return isNode(node) && typeof node.name === 'string' ? node.name : ''
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

function quasiText(node: unknown): string | undefined {
  if (!isNode(node) || node.type !== 'TemplateElement') return undefined
  const { value } = node
  const isText = typeof value === 'object' && value !== null && 'raw' in value
  return isText ? String(value.raw) : undefined
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value) =>
    (Array.isArray(value) ? value : [value]).filter(isNode),
  )
}
