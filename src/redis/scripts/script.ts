/**
 * One script: its text, put together from the parts it needs, and the digest by which
 * the server knows it. Scripts declare every key they touch, call TIME once and PUBLISH
 * last. A script may run when memory is full only where it says `allow-oom`.
 */
import { createHash } from 'node:crypto'

export interface ScriptOptions {
  readonly name: string
  /** Runs when the server is out of memory: it only removes, forbids and tells. */
  readonly allowsOom?: boolean
  /** Lua, in order. */
  readonly parts: readonly string[]
}

export class Script {
  readonly name: string
  readonly text: string
  #digest: string | undefined

  constructor({ name, allowsOom = false, parts }: ScriptOptions) {
    this.name = name
    this.text = [allowsOom ? '#!lua flags=allow-oom' : '#!lua', ...parts].join('\n')
  }

  /** SHA-1, as EVALSHA wants it. */
  get digest(): string {
    this.#digest ??= createHash('sha1').update(this.text).digest('hex')
    return this.#digest
  }
}
