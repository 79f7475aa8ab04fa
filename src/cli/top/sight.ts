/** What has been seen so far: the last two moments, rates, and the latest invalidations. */
import type { Message } from '../../core/message.ts'
import { allFamilies, type FamilyRates, FleetRates } from './fleet-rates.ts'
import type { Snapshot } from './snapshot.ts'

/** Invalidations kept for the screen. */
const messagesMax = 500
/** Hit ratios kept for the line of the last minutes. */
const ratiosMax = 30

export class Sight {
  readonly rates: FleetRates = new FleetRates()
  #before: Snapshot | undefined
  #last: Snapshot | undefined
  #messages: Message[] = []
  #ratios: (number | undefined)[] = []
  #seen = 0

  /** Undefined: nothing has been read yet. */
  get last(): Snapshot | undefined {
    return this.#last
  }

  /** The newest first. */
  get messages(): readonly Message[] {
    return this.#messages
  }

  /** Invalidations since the start. */
  get seen(): number {
    return this.#seen
  }

  /** Of all families, the oldest first. */
  get hitRatios(): readonly (number | undefined)[] {
    return this.#ratios
  }

  /** Why nothing of processes is shown; undefined: it is known how they are. */
  get unpublished(): string | undefined {
    if (this.#last === undefined || this.#last.processes !== undefined) return undefined
    return 'What processes publish is not known: the node where they do does not answer.'
  }

  get all(): FamilyRates {
    return this.rates.of(allFamilies)
  }

  take(snapshot: Snapshot): void {
    this.#before = this.#last
    this.#last = snapshot
    if (snapshot.processes !== undefined) {
      this.rates.take(snapshot.processes.map(({ facts }) => facts))
    }
    const ratio = snapshot.processes && this.all.now?.hitRatio
    this.#ratios = [...this.#ratios, ratio].slice(-ratiosMax)
  }

  hear(message: Message): void {
    this.#seen++
    this.#messages = [message, ...this.#messages].slice(0, messagesMax)
  }

  /**
   * Of a counter of the server, between the last two moments; undefined: too early, or
   * of other nodes than before.
   */
  perSecond(of: (snapshot: Snapshot) => number | undefined): number | undefined {
    const [before, last] = [this.#before, this.#last]
    if (before === undefined || last === undefined) return undefined
    // All that a node has ever counted would seem to be of this moment.
    if (silentNodes(before) !== silentNodes(last)) return undefined
    const [from, to] = [of(before), of(last)]
    if (from === undefined || to === undefined || to < from) return undefined
    return ((to - from) * 1_000) / (last.atMs - before.atMs)
  }
}

function silentNodes({ unasked }: Snapshot): string {
  return unasked.flatMap(({ what, node }) => (what === 'server' ? [node] : [])).join(' ')
}
