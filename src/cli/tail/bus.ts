/**
 * Listens to the invalidation channels of a cache, on all of its nodes, and answers nothing. What
 * can't be heard is tried again: every turn asks anew where the channels are, and each link
 * whether it lives, so that a node that hangs is noticed, and one that took over is found.
 */
import '../../base/fast-texts.ts'
import { Redis } from 'ioredis'
import type { Timer } from '../../core/contracts/clock.ts'
import { StaleproofError } from '../../core/errors.ts'
import { type Message, parseMessage } from '../../core/message.ts'
import { withDeadline } from '../../inspect/index.ts'
import { systemClock } from '../../system.ts'
import type { Flags } from '../command.ts'
import { redisAddress } from '../connection/address.ts'
import { reasonOf, type Silence } from '../connection/silence.ts'
import { type Place, Places, type PlacesParts } from './places.ts'

export interface BusListener {
  message(message: Message): void
  /** Not all can be heard any more. */
  lost(reason: string): void
  back(): void
  /** Of another wire version. */
  foreign(): void
}

export interface BusParts extends PlacesParts {
  readonly flags: Flags
}

/** For a link to be there, or to answer. */
const linkMsMax = 5_000
/** Between two turns while all are heard; else at first, and then twice as long each time. */
const turnMs = 5_000
const retryMsMin = 500

export class Bus {
  readonly #listener: BusListener
  readonly #places: Places
  readonly #given: Redis
  readonly #links = new Map<string, Redis>()
  #silences: readonly Silence[] = []
  #retryMs = retryMsMin
  #timer: Timer | undefined
  #isTurning = false
  #isClosed = false

  /** Hears all; rejects with `SP_REDIS_DOWN`. */
  static async open(parts: BusParts, listener: BusListener): Promise<Bus> {
    const bus = await Bus.begin(parts, listener)
    const [silence] = bus.silences
    if (silence === undefined) return bus
    bus.close()
    throw unheard(silence)
  }

  /** Hears what can be heard; the rest is tried again. */
  static async begin(parts: BusParts, listener: BusListener): Promise<Bus> {
    const bus = new Bus(parts, listener)
    bus.#silences = await bus.#listen()
    bus.#wait()
    return bus
  }

  private constructor(parts: BusParts, listener: BusListener) {
    this.#listener = listener
    this.#places = new Places(parts)
    this.#given = new Redis(redisAddress(parts.flags), {
      lazyConnect: true,
      connectTimeout: linkMsMax,
      connectionName: 'staleproof-tail',
      enableReadyCheck: false,
      maxRetriesPerRequest: null,
      retryStrategy: () => null,
    })
  }

  /** What is not heard now. */
  get silences(): readonly Silence[] {
    return this.#silences
  }

  close(): void {
    this.#isClosed = true
    this.#timer?.cancel()
    for (const link of this.#links.values()) link.disconnect()
  }

  #wait(): void {
    if (this.#isClosed) return
    const isWhole = this.#silences.length === 0
    const delayMs = isWhole ? turnMs : this.#retryMs
    this.#retryMs = isWhole ? retryMsMin : Math.min(2 * this.#retryMs, turnMs)
    this.#timer?.cancel()
    this.#timer = systemClock.timer(delayMs, () => void this.#turn())
  }

  async #turn(): Promise<void> {
    this.#isTurning = true
    const silences = await this.#listen()
    this.#isTurning = false
    this.#tell(silences)
    this.#wait()
  }

  #tell(silences: readonly Silence[]): void {
    if (this.#isClosed) return
    const wasWhole = this.#silences.length === 0
    this.#silences = silences
    const [silence] = silences
    if (wasWhole && silence !== undefined) this.#listener.lost(silence.reason)
    if (!wasWhole && silence === undefined) this.#listener.back()
  }

  /** Links what is not linked yet, and asks what is. Never rejects. */
  async #listen(): Promise<readonly Silence[]> {
    const places = await this.#places.find().catch((error: unknown) => {
      return silenceOf(this.#places.asked, reasonOf(error))
    })
    if ('what' in places) return [places]
    const wanted = new Map(places.map((place) => [keyOf(place), place]))
    for (const key of this.#links.keys()) if (!wanted.has(key)) this.#drop(key)
    const reasons = new Map<string, string>()
    const links = [...wanted].map(([key, place]) =>
      this.#link(key, place).catch((error: unknown) => {
        this.#drop(key)
        reasons.set(key, reasonOf(error))
      }),
    )
    await Promise.all(links)
    const missing = [...wanted].filter(([key]) => !this.#links.has(key))
    return missing.map(([key, { address }]) =>
      silenceOf(address, reasons.get(key) ?? endedByServer),
    )
  }

  #link(key: string, place: Place): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new Error('closed by the tool'))
    const known = this.#links.get(key)
    const work: Promise<unknown> = known === undefined ? this.#dial(key, place) : known.ping()
    const late = () => new Error(`not answered within ${linkMsMax} ms`)
    return withDeadline(work, { clock: systemClock, limitMs: linkMsMax, late })
  }

  async #dial(key: string, { address, node, channels, pattern }: Place): Promise<void> {
    const link = node === undefined ? this.#given.duplicate() : this.#given.duplicate(node)
    let reported: Error | undefined
    link.on('error', (error: Error) => {
      reported ??= error
    })
    const database = link.options.db ?? 0
    link.on('pmessage', (_pattern: string, _channel: string, text: string) => {
      this.#take(text, database)
    })
    link.on('smessage', (_channel: string, text: string) => this.#take(text, database))
    this.#links.set(key, link)
    try {
      await link.connect()
      if (pattern !== undefined) await link.psubscribe(pattern)
      // One command, one hash slot.
      for (const channel of channels) await link.ssubscribe(channel)
    } catch (error) {
      throw reported ?? error
    }
    link.once('close', () => {
      if (this.#isClosed || this.#links.get(key) !== link) return
      this.#drop(key)
      const reason = reported?.message ?? endedByServer
      this.#tell([...this.#silences, silenceOf(address, reason)])
      // A turn that is under way finds it missing.
      if (!this.#isTurning) this.#wait()
    })
  }

  #drop(key: string): void {
    const link = this.#links.get(key)
    this.#links.delete(key)
    link?.disconnect()
  }

  #take(text: string, database: number): void {
    const message = parseMessage(text, database)
    if (message === 'unknownWire') this.#listener.foreign()
    else if (message !== undefined && message !== 'otherDatabase') this.#listener.message(message)
  }
}

const endedByServer = 'the server has ended it'

/** The same channels at the same place. */
function keyOf({ address, channels, pattern }: Place): string {
  return [address, ...channels, pattern].join(' ')
}

function silenceOf(node: string, reason: string): Silence {
  return { what: 'invalidations', node, reason }
}

function unheard({ node, reason }: Silence): StaleproofError {
  const expected = reason.includes('NOPERM')
    ? "a user that may subscribe: '&cache:invalidate:*' and '+psubscribe'"
    : 'a Redis that answers'
  const message = `the bus could not be heard at ${node}`
  return new StaleproofError('SP_REDIS_DOWN', message, { expected, received: reason })
}
