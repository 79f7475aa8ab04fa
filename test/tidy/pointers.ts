/**
 * Pointers from the documents to what shows them: a file in backquotes, and behind it the
 * names of its tests in quotes.
 */
import type { Finding } from './finding.ts'
import { sourceFiles } from './source-files.ts'
import { syntaxOf, textsOf } from './syntax.ts'

/** The texts of a file, among them the names of its tests; undefined: there is no such file. */
export type Names = (path: string) => readonly string[] | undefined

/** A text of a page that points. */
export interface Pointing {
  readonly page: string
  readonly line: number
  readonly text: string
}

/** Looks into the files of the checkout. */
export function namesInCheckout(): Names {
  const files = new Map(sourceFiles().map((file) => [file.path, file]))
  return (path) => {
    const file = files.get(path)
    return file && [...textsOf(syntaxOf(file).program)].map(({ text }) => text)
  }
}

export function countPointers(text: string): number {
  return pointersIn(text).length
}

/** Files that are none, tests that are none, and files of which no test is named. */
export function pointerFaults(pointing: Pointing, namesIn: Names): readonly Finding[] {
  const { page, line, text } = pointing
  const fault = (what: string, remedy: string): Finding => ({ path: page, line, what, remedy })
  return pointersIn(text).flatMap(({ path, names }) => {
    const known = namesIn(path)
    if (known === undefined) return [fault(`${path} is no file`, 'correct the path')]
    if (names.length === 0) return [fault(`${path} names no test`, 'quote one behind it')]
    const lost = names.filter((name) => !known.includes(name))
    return lost.map((name) => fault(`${path} has no test "${name}"`, 'correct the name'))
  })
}

/** Files that a text points to, with the tests that it names in each. */
export function pointersIn(
  text: string,
): readonly { readonly path: string; readonly names: readonly string[] }[] {
  return [...text.matchAll(/`([\w./-]+\.ts)`((?:[^`"]*"[^"]+")*)/g)].map(
    ([, path = '', quoted = '']) => {
      return { path, names: [...quoted.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name) }
    },
  )
}
