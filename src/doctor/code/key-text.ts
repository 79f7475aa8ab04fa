/** The text of a key where it is written down: in the call, or in a constant near it. */
import {
  bare,
  functionAround,
  hole,
  lastName,
  type Node,
  type Syntax,
  staticText,
} from './syntax.ts'

/** What a name was set to by `const`, in the function around `at` or at the top of the file. */
export function constantOf(syntax: Syntax, name: string, at: Node): Node | undefined {
  const around = functionAround(syntax, at)
  const declared = syntax.declared.get(name) ?? []
  const near = declared.find((node) => functionAround(syntax, node) === around)
  return bare((near ?? declared.find((node) => functionAround(syntax, node) === undefined))?.init)
}

/** Computed parts read as `hole`; undefined where nothing of it is written down. */
export function keyText(syntax: Syntax, key: Node | undefined): string | undefined {
  const node = bare(key)
  if (node === undefined) return undefined
  const text = staticText(node)
  if (text !== undefined) return text
  const name = node.type === 'Identifier' ? lastName(node) : undefined
  return name === undefined ? undefined : staticText(constantOf(syntax, name, node))
}

/** Put together from parts with colons, where the key is used. */
export function isHandBuilt(text: string | undefined): boolean {
  return text?.includes(hole) === true && text.includes(':')
}
