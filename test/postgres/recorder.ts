/** A cache that writes down what it is told, and refuses while it is `away`. */
import { StaleproofError } from 'staleproof'
import type { RelayedCache } from 'staleproof/postgres'

const receipt = { keys: [], reached: 0, pending: [], ms: 0, token: '' }

export class Recorder implements RelayedCache {
  /** `positions:7`, `tag user:7`, `family leaderboard`, or `everything`. */
  readonly said: string[] = []
  /** Calls that were refused. */
  refused = 0
  isAway = false
  /** What is said is said, and the caller never hears that it was. */
  isSticking = false

  /** What was said since the last call, sorted. */
  take(): readonly string[] {
    return this.said.splice(0).sort()
  }

  async invalidate(keys: readonly { readonly text: string }[]): Promise<typeof receipt> {
    return this.#say(...keys.map(({ text }) => text))
  }

  async invalidateTag(tags: string | readonly string[]): Promise<typeof receipt> {
    return this.#say(...[tags].flat().map((tag) => `tag ${tag}`))
  }

  async clear(): Promise<typeof receipt> {
    return this.#say('everything')
  }

  family(name: string): ReturnType<RelayedCache['family']> {
    return {
      key: (id) => ({ family: name, text: `${name}:${id}` }),
      clear: () => this.#say(`family ${name}`),
    }
  }

  async #say(...words: readonly string[]): Promise<typeof receipt> {
    if (this.isAway) {
      this.refused += 1
      throw new StaleproofError('SP_INVALIDATION_PENDING', 'away')
    }
    this.said.push(...words)
    if (this.isSticking) await new Promise(() => {})
    return receipt
  }
}
