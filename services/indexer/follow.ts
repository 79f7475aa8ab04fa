/**
 * Follows the trades of watched addresses. The provider is asked for all trades since the last
 * round, in one request whatever the number of addresses; those of others are passed over.
 *
 * Who is new, or has a trade that could not be stored, is read by itself from its own place in
 * the table until it has caught up: the feed covers it from then on. The place of the feed is
 * older than any such reading, so nothing lies between the two; what both see is stored once.
 */
import type { ServiceLogger } from '../process/logger.ts'
import type { UpstreamTrade } from '../upstream/client-types.ts'
import { type FollowOptions, storeReadable } from './address-trades.ts'
import { placeOf } from './repositories/trade-writes.ts'
import { fetchLatestPlace, fetchTrades } from './upstream-client.ts'

/** Of one round; what is left comes in the next. */
const feedPagesMax = 10
const catchUpsMax = 20

export class Follower {
  readonly #options: FollowOptions
  readonly #log: ServiceLogger
  /** Addresses whose trades come by the feed. */
  readonly #covered = new Set<string>()
  #place: number | undefined
  #rounds = 0

  constructor(options: FollowOptions) {
    this.#options = options
    this.#log = options.log
  }

  /** One round. One address that fails does not hold up the others; it is read again by itself. */
  async round(watched: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const faults: unknown[] = []
    this.#place ??= await fetchLatestPlace(this.#options.provider, signal)
    for (const address of this.#covered) if (!watched.has(address)) this.#covered.delete(address)
    for (const address of this.#nextToCatchUp(watched)) {
      signal.throwIfAborted()
      await this.#catchUp(address, signal).catch((fault: unknown) => faults.push(fault))
    }
    faults.push(...(await this.#readFeed(this.#place, signal)))
    if (faults.length > 0) throw new AggregateError(faults, `${faults.length} addresses not read`)
  }

  /** Another part of them in each round, so that some that fail do not hold up the others. */
  #nextToCatchUp(watched: ReadonlySet<string>): readonly string[] {
    const behind = [...watched].filter((address) => !this.#covered.has(address))
    const first = behind.length <= catchUpsMax ? 0 : (this.#rounds * catchUpsMax) % behind.length
    this.#rounds += 1
    return behind.slice(first, first + catchUpsMax)
  }

  async #catchUp(address: string, signal: AbortSignal): Promise<void> {
    const { database, provider } = this.#options
    const since = (await placeOf(database, address)) ?? 0
    const { rows, end, skipped, isFull } = await fetchTrades(provider, { address, since, signal })
    this.#tellSkipped({ address, since, skipped })
    const isWhole =
      (rows.length === 0 && !isFull) ||
      (await storeReadable(this.#options, { address, rows, since, end }))
    if (isWhole && !isFull) this.#covered.add(address)
  }

  async #readFeed(start: number, signal: AbortSignal): Promise<unknown[]> {
    const faults: unknown[] = []
    let since = start
    for (let page = 0; page < feedPagesMax; page += 1) {
      const { provider } = this.#options
      const { rows, end, skipped, isFull } = await fetchTrades(provider, { since, signal })
      this.#tellSkipped({ since, skipped })
      for (const [address, own] of this.#byAddress(rows)) {
        const isWhole = await storeReadable(this.#options, { address, rows: own, since }).catch(
          (fault: unknown) => {
            faults.push(fault)
            return false
          },
        )
        if (!isWhole) this.#leaveFeed(address)
      }
      since = end ?? since
      this.#place = since
      if (!isFull) break
    }
    return faults
  }

  #tellSkipped(facts: {
    readonly skipped: number
    readonly since: number
    address?: string
  }): void {
    if (facts.skipped > 0) this.#log.warn(facts, 'trades that can not be used')
  }

  #leaveFeed(address: string): void {
    this.#covered.delete(address)
    this.#log.debug({ address }, 'read by itself until it has caught up')
  }

  #byAddress(rows: readonly UpstreamTrade[]): Map<string, UpstreamTrade[]> {
    const groups = new Map<string, UpstreamTrade[]>()
    for (const row of rows) {
      const address = row.proxyWallet.toLowerCase()
      if (!this.#covered.has(address)) continue
      const group = groups.get(address)
      if (group === undefined) groups.set(address, [row])
      else group.push(row)
    }
    return groups
  }
}
