/** Which family a key is of, by the templates that processes declare. */
import { compileTemplate, type Template } from '../../core/template.ts'
import { parseTemplate } from '../../core/template-syntax.ts'
import type { ProcessFacts } from '../../observe/index.ts'

export class FamilyNames {
  readonly #templates = new Map<string, Template>()

  constructor(processes: readonly ProcessFacts[]) {
    for (const { families } of processes) {
      for (const [name, { template }] of Object.entries(families)) {
        if (this.#templates.has(name)) continue
        this.#templates.set(name, compileTemplate(parseTemplate(template), name))
      }
    }
  }

  /** Undefined: nobody declares a family with such keys. */
  of(key: string): string | undefined {
    for (const [name, template] of this.#templates) {
      if (template.parse(key) !== undefined) return name
    }
    return undefined
  }

  /** A glob over its keys; undefined: nobody declares it. */
  patternOf(family: string): string | undefined {
    return this.#templates.get(family)?.pattern()
  }

  names(): readonly string[] {
    return [...this.#templates.keys()].sort()
  }
}
