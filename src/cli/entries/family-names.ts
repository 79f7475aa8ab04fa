/** Which family a key is of, by the templates that processes declare. */
import type { Template } from '../../core/template.ts'
import { declaredTemplate } from '../../inspect/index.ts'
import type { ProcessFacts } from '../../observe/index.ts'

export class FamilyNames {
  readonly #templates = new Map<string, Template>()

  constructor(processes: readonly Pick<ProcessFacts, 'families'>[]) {
    for (const { families } of processes) {
      for (const [name, { template }] of Object.entries(families)) {
        if (this.#templates.has(name)) continue
        const compiled = declaredTemplate(template, name)
        if (compiled !== undefined) this.#templates.set(name, compiled)
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
