/** A remote with everything it tells written down; closed by `closeAll` after each test. */
import type { BusListener, Subscribed } from '../core/contracts/bus.ts'
import type { Clock, Timer } from '../core/contracts/clock.ts'
import type { Connected, Store, StoreListener } from '../core/contracts/store.ts'
import { systemChance, systemClock } from '../system.ts'
import type { Commander } from './commander.ts'
import { RedisRemote, type RedisRemoteOptions } from './redis-remote.ts'

type Choice = Partial<RedisRemoteOptions> & Pick<RedisRemoteOptions, 'redis'>

/** Every event as a line, in the order told; of one server, which tells all partitions alike. */
export class Recorder implements StoreListener, BusListener {
  readonly lines: string[] = []
  readonly ups: Connected[] = []
  readonly downs: string[] = []
  readonly subscriptions: Subscribed[] = []
  readonly unsubscriptions: string[] = []

  up(partition: number, connected: Connected): void {
    if (partition > 0) return
    this.ups.push(connected)
    this.lines.push('up')
  }

  down(partition: number, reason: string): void {
    if (partition > 0) return
    this.downs.push(reason)
    this.lines.push('down')
  }

  subscribed(partition: number, subscribed: Subscribed): void {
    this.subscriptions.push(subscribed)
    this.lines.push(`subscribed ${partition}`)
  }

  unsubscribed(partition: number, reason: string): void {
    this.unsubscriptions.push(reason)
    this.lines.push(`unsubscribed ${partition}`)
  }

  message(partition: number, text: string): void {
    this.lines.push(`message ${partition} ${text}`)
  }

  direct(partition: number, text: string): void {
    this.lines.push(`direct ${partition} ${text}`)
  }

  count(line: string): number {
    return this.lines.filter((each) => each === line).length
  }
}

export class TestRemote {
  static #all: TestRemote[] = []
  readonly told: Recorder
  readonly remote: RedisRemote
  readonly commander: Commander

  private constructor(choice: Choice, told: Recorder) {
    const given: Commander[] = []
    const defaults = { namespace: 'shop', partitions: 2, connectTimeoutMs: 2_000, withBus: true }
    const system = { clock: systemClock, chance: systemChance }
    this.told = told
    this.remote = new RedisRemote({ ...defaults, ...system, ...choice }, (nodes) => {
      given.push(nodes.of(0))
      return {} as Store
    })
    this.commander = given[0] as Commander
    TestRemote.#all.push(this)
  }

  static create(choice: Choice, told: Recorder = new Recorder()): TestRemote {
    return new TestRemote(choice, told)
  }

  static async open(choice: Choice, told?: Recorder): Promise<TestRemote> {
    const created = TestRemote.create(choice, told)
    await created.remote.open('p1', created.told)
    return created
  }

  static async closeAll(): Promise<void> {
    const all = TestRemote.#all
    TestRemote.#all = []
    await Promise.all(all.map(({ remote }) => remote.close()))
  }

  /** The kind of fault with which a command is answered, or its reply. */
  readonly outcome = (command: string, ...args: (string | number)[]): Promise<unknown> =>
    outcomeOf(this.commander.send(command, args))
}

export async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise
  } catch (error) {
    return error instanceof Error && 'kind' in error ? error.kind : error
  }
}

/** Real time with every delay divided. */
export function hurried(by: number): Clock {
  return {
    ...systemClock,
    timer: (delayMs, task, kind) => systemClock.timer(delayMs / by, task, kind),
  }
}

/** Real time that counts its timers which have neither fired nor been cancelled. */
export class TickingClock implements Clock {
  readonly #timers = new Set<object>()
  readonly now: Clock['now'] = systemClock.now
  readonly wallMs: Clock['wallMs'] = systemClock.wallMs
  readonly endOfTick: Clock['endOfTick'] = systemClock.endOfTick

  get pending(): number {
    return this.#timers.size
  }

  timer(delayMs: number, task: () => void, kind?: 'waited' | 'background'): Timer {
    const key = {}
    this.#timers.add(key)
    const run = () => {
      this.#timers.delete(key)
      task()
    }
    const timer = systemClock.timer(delayMs, run, kind)
    return {
      cancel: () => {
        this.#timers.delete(key)
        timer.cancel()
      },
    }
  }
}
