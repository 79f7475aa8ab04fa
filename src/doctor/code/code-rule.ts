/** A rule of the source audit: what it looks for, and what is said where it is found. */
import type { ClientNames } from './client-names.ts'
import type { StoreCall } from './store-call.ts'
import type { Node, Syntax } from './syntax.ts'

export interface CodeRule {
  /** Stable: it is a part of the subject of findings. */
  readonly name: string
  readonly severity: 'warn' | 'crit'
  readonly title: string
  readonly cause: string
  readonly remedy: string
  /** Lines of code that do it right. */
  readonly example: readonly string[]
  find(source: Source): readonly Node[]
}

/** One file, read once for all rules. */
export interface Source {
  readonly syntax: Syntax
  readonly names: ClientNames
  readonly calls: readonly StoreCall[]
}
