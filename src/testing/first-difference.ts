/** Where two carried values first differ, for people: `[0].size is 1 and should be 2`. */
import { deepEqual } from '../core/deep-equal.ts'

const textMax = 60

/** `served` is what came, `truth` what should have come; they differ somewhere. */
export function firstDifference(served: unknown, truth: unknown): string {
  let [path, mine, theirs] = ['', served, truth]
  for (;;) {
    const name = differingName(mine, theirs)
    if (name === undefined) break
    path += Array.isArray(mine) ? `[${name}]` : `.${name}`
    mine = partOf(mine, name)
    theirs = partOf(theirs, name)
  }
  const what = path === '' ? 'it' : path.replace(/^\./, '')
  return `${what} is ${textOf(mine)} and should be ${textOf(theirs)}`
}

/** Undefined where the values differ as a whole. */
function differingName(mine: unknown, theirs: unknown): string | undefined {
  if (!isObject(mine) || !isObject(theirs)) return undefined
  if (Array.isArray(mine) !== Array.isArray(theirs)) return undefined
  const names = new Set([...Object.keys(mine), ...Object.keys(theirs)])
  return [...names].find((name) => !deepEqual(partOf(mine, name), partOf(theirs, name)))
}

function partOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function textOf(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > textMax ? `${text.slice(0, textMax)}…` : text
}
