/** Families and ids of key texts, from what a cache says of itself; no catalog is needed. */
import type { Key } from '../core/key.ts'
import { compileTemplate, type Template } from '../core/template.ts'
import { parseTemplate } from '../core/template-syntax.ts'
import type { DeclaredFamily } from '../observe/index.ts'
import { Refusal } from './problem.ts'

/** A key text with what it says. */
export interface ReadKey extends Key {
  readonly id: unknown
}

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

  /** A glob for the keys of one family. */
  patternOf(family: string): string {
    return this.#families.get(family)?.template.pattern() ?? family
  }
}
