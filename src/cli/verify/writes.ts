/**
 * The writes of a client, written down: each commits a new version of one register and then
 * invalidates it, in one of the ways that there are. What an invalidation covers besides is
 * covered all the same.
 */
import { isStaleproofError } from '../../core/errors.ts'
import type { InvalidateOptions } from '../../core/handle.ts'
import type { Receipt } from '../../core/receipt.ts'
import { hostMs } from '../../system.ts'
import type { InvalidateAsked } from '../../testing/index.ts'
import { pick } from './chance.ts'
import type { InvalidateMove } from './moves.ts'
import type { ClientParts } from './reads.ts'
import { allNames, groupOf, keyOf, namesInGroup, namesOf, type RegisterName } from './registers.ts'

interface Plan {
  readonly covers: readonly RegisterName[]
  readonly asked: InvalidateAsked
  readonly call: (options: InvalidateOptions) => Promise<Receipt>
}

/** The invalidation of a mutation could not be sent yet. */
class ReleasePending extends Error {}

export class Writes {
  readonly #parts: ClientParts

  constructor(parts: ClientParts) {
    this.#parts = parts
  }

  async invalidate(move: InvalidateMove, picked: RegisterName): Promise<void> {
    const { recorder, database } = this.#parts
    const name = move === 'tag' ? pick(namesOf('grouped')) : picked
    const { covers, asked, call } = this.#planOf(move, name)
    const change = database.begin('bare')
    const version = await database.commit(name, change)
    const tell = async () => {
      const { token } = await call({ reason: reasonNow() })
      database.told(change)
      return token
    }
    const told = recorder.invalidate(covers.map(keyOf), asked, tell)
    await database.publish(name, { version, token: await told.catch(pendingToken) })
  }

  /** Writes each once more, after which nothing about it is uncertain. */
  async rewrite(names: readonly RegisterName[]): Promise<void> {
    for (const name of names) await this.invalidate('key', name)
  }

  async set(): Promise<void> {
    const { recorder, cache, database } = this.#parts
    const name = pick(namesOf('ordered'))
    const change = database.begin('bare')
    const version = await database.commit(name, change)
    const set = () => cache.ordered.set(name.id, { version }, { reason: reasonNow() })
    await recorder.invalidate([keyOf(name)], { how: 'set', upTo: version }, set)
    database.told(change)
  }

  async mutate(name: RegisterName, whenRedisIsDown: 'run' | 'refuse'): Promise<void> {
    const { recorder, database } = this.#parts
    const change = database.begin(whenRedisIsDown === 'refuse' ? 'quarantined' : 'mutate')
    const asked = { how: 'mutate', note: whenRedisIsDown } as const
    try {
      await recorder.invalidate([keyOf(name)], asked, async (committed) => {
        const write = async () => {
          const version = await database.commit(name, change)
          committed()
          return version
        }
        await this.#release(name, await this.#mutated(name, write, whenRedisIsDown))
        database.told(change)
      })
    } catch (error) {
      if (!(error instanceof ReleasePending)) throw error
    }
  }

  #mutated(name: RegisterName, write: () => Promise<number>, whenRedisIsDown: 'run' | 'refuse') {
    const { cache } = this.#parts
    const options = { whenRedisIsDown, receipt: true, reason: reasonNow() } as const
    return cache.mutate([cache[name.family].key(name.id)], write, options)
  }

  /** Passes the receipt on; throws where the receipt is of something that is still to be said. */
  async #release(
    name: RegisterName,
    { value: version, receipt }: { readonly value: number; readonly receipt: Receipt },
  ): Promise<void> {
    const { cache, database } = this.#parts
    const isPending = cache.pending().length > 0
    await database.publish(name, { version, token: receipt.token })
    if (isPending) throw new ReleasePending()
  }

  #planOf(move: InvalidateMove, name: RegisterName): Plan {
    const { cache } = this.#parts
    const { family, id } = name
    const one = (options: InvalidateOptions) => cache[family].invalidate(id, options)
    switch (move) {
      case 'key':
        return { covers: [name], asked: { how: 'key' }, call: one }
      case 'barrier': {
        const asked = { how: 'key', barrier: true } as const
        return { covers: [name], asked, call: (options) => one({ ...options, barrier: true }) }
      }
      case 'tag': {
        const tag = groupOf(id)
        const call = (options: InvalidateOptions) => cache.invalidateTag(tag, options)
        return { covers: namesInGroup(tag), asked: { how: 'tag' }, call }
      }
      case 'family': {
        const call = (options: InvalidateOptions) => cache[family].clear(options)
        return { covers: namesOf(family), asked: { how: 'family' }, call }
      }
      case 'clear': {
        const call = (options: InvalidateOptions) => cache.clear(options)
        return { covers: allNames, asked: { how: 'clear' }, call }
      }
      case 'pattern': {
        const start = keyOf(name).slice(0, family.length + 2)
        const covers = namesOf(family).filter((each) => keyOf(each).startsWith(start))
        const call = (options: InvalidateOptions) => cache.invalidatePattern(`${start}*`, options)
        return { covers, asked: { how: 'pattern' }, call }
      }
    }
  }
}

/** Carries the moment, by which those who receive the message know how long it took. */
export function reasonNow(): string {
  return `at ${hostMs()}`
}

/** How long ago the call was made; undefined for messages of others. */
export function lagOf(reason: string): number | undefined {
  const [, text] = /^at ([0-9.]+)$/.exec(reason) ?? []
  return text === undefined ? undefined : hostMs() - Number(text)
}

function pendingToken(error: unknown): string {
  const isPending = isStaleproofError(error, 'SP_INVALIDATION_PENDING')
  if (isPending && error.receipt !== undefined) return error.receipt.token
  throw error
}
