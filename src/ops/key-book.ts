/** Families and ids of key texts, from what a cache says of itself; no catalog is needed. */

import { matchesGlob } from '../core/glob.ts'
import type { Key } from '../core/key.ts'
import { compileTemplate, type Template } from '../core/template.ts'
import { parseTemplate } from '../core/template-syntax.ts'
import type { DeclaredFamily } from '../observe/index.ts'
import { Refusal } from './problem.ts'

/** A key text with what it says. */
export interface ReadKey extends Key {
  readonly id: unknown
}

/** A character that no pattern has, so that only a wildcard of one stands for it. */
const anyId = '\u0000'

interface BookedFamily {
  readonly name: string
  readonly template: Template
  /** The ids of its keys are shown to nobody, nor are its values. */
  readonly isSensitive: boolean
}

export class KeyBook {
  readonly #families: ReadonlyMap<string, BookedFamily>

  constructor(families: Readonly<Record<string, DeclaredFamily>>) {
    const booked = Object.entries(families).map(([name, declared]): [string, BookedFamily] => {
      const template = compileTemplate(parseTemplate(declared.template), name)
      return [name, { name, template, isSensitive: declared.isSensitive }]
    })
    this.#families = new Map(booked)
  }

  has(family: string): boolean {
    return this.#families.has(family)
  }

  isSensitive(family: string): boolean {
    return this.#families.get(family)?.isSensitive ?? false
  }

  /** Undefined: of no family. */
  read(text: string): ReadKey | undefined {
    for (const { name, template } of this.#families.values()) {
      const parsed = template.parse(text)
      if (parsed !== undefined) return { family: name, text, id: parsed.id }
    }
    return undefined
  }

  /** Throws a refusal for what is no key of any family. */
  need(text: unknown): ReadKey {
    const key = typeof text === 'string' ? this.read(text) : undefined
    if (key !== undefined) return key
    throw new Refusal('INVALID_REQUEST', 'It is no key of a family that this service declares.')
  }

  /** The text, or for a sensitive family its template with `*` in place of every id. */
  shown(text: string): string {
    const family = this.#families.get(this.read(text)?.family ?? '')
    return family?.isSensitive ? family.template.text.replaceAll(/\{[^}]*\}/g, '*') : text
  }

  /**
   * A pattern, or where it may name ids of a sensitive family what stands before its ids, and `*`.
   */
  shownPattern(pattern: string): string {
    const fixed = fixedStart(pattern, /[*?]/)
    let shown = pattern
    for (const { isSensitive, template } of this.#families.values()) {
      const start = fixedStart(template.text, /\{/)
      const mayMatch = start.startsWith(fixed) || fixed.startsWith(start)
      if (!isSensitive || !mayMatch) continue
      const masked = `${fixed.slice(0, start.length)}*`
      if (masked.length < shown.length) shown = masked
    }
    return shown
  }

  /** A tag, or where it is made of an id of a sensitive family its name and `*`. */
  shownTag(tag: string): string {
    const [name = ''] = tag.split(':')
    const isOfSensitive = [...this.#families.values()].some(
      ({ isSensitive, template: { text } }) => {
        return isSensitive && (text.includes(`{${name}}`) || text.includes(`{${name}:`))
      },
    )
    return isOfSensitive && tag.includes(':') ? `${name}:*` : tag
  }

  /** True: there is a family of which the pattern does not say which ids it means. */
  isAllOfAny(pattern: string): boolean {
    // Who writes a `?` for each character of an id means any.
    const loose = pattern.replaceAll(/[*?]+/g, '*')
    return [...this.#families.values()].some(({ template }) => {
      return matchesGlob(loose, template.text.replaceAll(/\{[^}]*\}/g, anyId))
    })
  }

  /** A glob for the keys of one family. */
  patternOf(family: string): string {
    return this.#families.get(family)?.template.pattern() ?? family
  }
}

function fixedStart(text: string, variable: RegExp): string {
  const at = text.search(variable)
  return at < 0 ? text : text.slice(0, at)
}
