/**
 * The embedded server and a real Redis side by side, at the same virtual time.
 *
 * Redis' scripts read time through one line, which is replaced by a read of a key. What it
 * expires by itself it expires in real time: so every life is a multiple of `UNIT_MS` (100
 * s), a run takes less, and when virtual time advances the harness shortens every life on
 * Redis and removes what has expired on the embedded side, after checking that both agree.
 */
import { Command, Redis } from 'ioredis'
import type { Connected, Store } from '../../core/contracts/store.ts'
import { EmbeddedLink } from '../../embedded/embedded-link.ts'
import { EmbeddedServer } from '../../embedded/embedded-server.ts'
import { EmbeddedStore } from '../../embedded/embedded-store.ts'
import type { Argument, Commander } from '../commander.ts'
import { oneNode } from '../nodes.ts'
import { RedisStore } from '../redis-store.ts'
import * as scripts from '../scripts/index.ts'
import { slotBytes } from '../slot-bytes.ts'
import {
  ADVANCE,
  debugText,
  META,
  type Mutation,
  NOW_KEY,
  OBSERVE,
  REGISTRY,
  SLOT,
} from './debug-scripts.test-support.ts'
import { livesOf, NAMES, PROCESS, snapshotOf } from './embedded-view.test-support.ts'
import type { Random } from './random.test-support.ts'
import { VirtualClock } from './virtual-clock.test-support.ts'

export const UNIT_MS = 100_000
/** Real time that may pass between two anchorings. */
const DRIFT_MS_MAX = 30_000
/** One thing done to both; the replies come later. */
export interface Pair {
  readonly embedded: Promise<unknown>
  readonly redis: Promise<unknown>
}

export class World {
  readonly server: EmbeddedServer
  readonly embedded: Store
  readonly redis: Store
  readonly #clock = new VirtualClock()
  readonly #client: Redis
  readonly #listener: Redis
  readonly #digests = new Map<string, string>()
  readonly #told: { embedded: string[]; redis: string[] } = { embedded: [], redis: [] }
  #observe = ''
  #advance = ''
  #runId = ''

  private constructor(port: number, random: Random) {
    let tokens = 0
    const token = () => `chance${++tokens}`.padEnd(16, '_')
    const chance = { token, unit: () => random.below(1000) / 1000 }
    this.server = new EmbeddedServer({ clock: this.#clock, chance })
    const link = new EmbeddedLink(this.server, this.#clock)
    link.open({ up: () => {}, down: () => {} })
    this.embedded = new EmbeddedStore(this.server, link)
    this.#client = new Redis(port, '127.0.0.1', { protocol: 2 })
    this.#listener = new Redis(port, '127.0.0.1', { protocol: 2 })
    const options = { namespace: 'diff', partitions: 1, database: 0, publish: 'PUBLISH' } as const
    this.redis = new RedisStore(oneNode(this.#commander()), options)
  }

  static async open(port: number, random: Random, mutation?: Mutation): Promise<World> {
    const world = new World(port, random)
    await world.#prepare(mutation)
    return world
  }

  get connected(): Connected | undefined {
    return this.embedded.connectedOf(0)
  }

  get nowMs(): number {
    return this.server.step(0).nowMs
  }

  call<T>(ask: (store: Store) => Promise<T>): Pair {
    const pair = { embedded: ask(this.embedded), redis: ask(this.redis) }
    this.#clock.endTick()
    return pair
  }

  put(key: string, text: string | undefined, lifeMs: number): Pair {
    this.server.putText(key, text, lifeMs)
    const name = SLOT + key
    if (text !== undefined) {
      return this.#done(this.#client.set(name, slotBytes(text), 'PX', lifeMs))
    }
    void this.#client.del(name)
    void this.#client.rpush(name, 'x')
    return this.#done(this.#client.pexpire(name, lifeMs))
  }

  evict(key: string): Pair {
    this.server.evict(key)
    return this.#done(this.#client.del(SLOT + key))
  }

  flush(): Pair {
    this.server.flush()
    return this.#done(this.#client.del(...NAMES, META, REGISTRY))
  }

  /** A new incarnation as the connections see it; the data stays. */
  restart(): Pair {
    this.server.restart('kept')
    this.#clock.endTick()
    return this.#done(Promise.resolve())
  }

  loseRecord(how: 'absent' | 'foreign'): Pair {
    this.server.evictRecord(0, how === 'foreign' ? how : undefined)
    if (how === 'absent') return this.#done(this.#client.del(META))
    return this.#done(this.#client.set(META, 'x'))
  }

  /** Undefined: the field is lost. Nothing where there is no record. */
  damageRecord(field: string, text: string | undefined): Pair {
    const { record } = this.server.step(0).partition
    if (record === undefined || record === 'foreign') return this.#done(Promise.resolve())
    if (text === undefined) record.delete(field)
    else record.set(field, text)
    const isEmpty = record.size === 0
    if (isEmpty) this.server.evictRecord(0)
    return this.#done(
      text === undefined ? this.#client.hdel(META, field) : this.#client.hset(META, field, text),
    )
  }

  advance(byMs: number): Pair {
    const before = livesOf(this.server)
    this.#clock.advance(byMs)
    const gone = livesOf(this.server).map((lifeMs, at) =>
      lifeMs === -2 && before[at] !== -2 ? 1 : 0,
    )
    const agreed = this.#client.evalsha(this.#advance, NAMES.length, ...NAMES, byMs, ...gone)
    this.#tellTime()
    return { embedded: Promise.resolve('agreed'), redis: agreed }
  }

  /** Texts, record and registry of both sides, without lives. */
  observe(): Pair {
    const lives = livesOf(this.server)
    const expected = snapshotOf(this.server)
    const redis = this.#observed().then(([found, foundLives]) => {
      const drifted = lives.findIndex((lifeMs, at) => !isNear(lifeMs, foundLives[at]))
      if (drifted < 0) return found
      return `${NAMES[drifted]} lives ${foundLives[drifted]} instead of ${lives[drifted]} ms`
    })
    return { embedded: Promise.resolve(expected), redis }
  }

  /** Lives on Redis are set to what they are on the embedded side. */
  async anchor(): Promise<void> {
    for (const [at, lifeMs] of livesOf(this.server).entries()) {
      if (lifeMs > 0) void this.#client.pexpire(NAMES[at] ?? '', lifeMs)
    }
    await this.#client.ping()
  }

  /** All messages since the last call, which have reached the listener on Redis by then. */
  async messages(): Promise<{ embedded: string[]; redis: string[] }> {
    const told = { embedded: this.#told.embedded.splice(0), redis: [] as string[] }
    // What is published before the marker arrives before it.
    const marked = new Promise<void>((resolve) => {
      const onMessage = (channel: string) => {
        if (channel !== 'marker') return
        this.#listener.off('message', onMessage)
        resolve()
      }
      this.#listener.on('message', onMessage)
    })
    await this.#client.publish('marker', '')
    await marked
    told.redis = this.#told.redis.splice(0).map((text) => text.replace(this.#runId, 'RUN'))
    return told
  }

  async stagedLeft(): Promise<number> {
    return (await this.#client.keys('{diff:0}:t:*')).length
  }

  /** Commands until `send` leave together. */
  hold(): () => void {
    this.#client.stream.cork()
    return () => this.#client.stream.uncork()
  }

  close(): void {
    this.#client.disconnect()
    this.#listener.disconnect()
  }

  async #prepare(mutation: Mutation | undefined): Promise<void> {
    await this.#client.flushall()
    const channels = ['cache:invalidate:{diff:0}', `{diff:0}:b:${PROCESS}`, 'marker']
    await this.#listener.subscribe(...channels)
    this.#listener.on('message', (channel, text) => {
      if (channel !== 'marker') this.#told.redis.push(text)
    })
    const record = (_: number, text: string) =>
      this.#told.embedded.push(text.replace(this.server.incarnation.runId, 'RUN'))
    this.server.subscribe({ process: PROCESS, message: record, direct: record })
    for (const script of Object.values(scripts)) {
      if (typeof script === 'string') continue
      const text = debugText(script, mutation)
      this.#digests.set(script.digest, await this.#load(text))
    }
    this.#observe = await this.#load(OBSERVE)
    this.#advance = await this.#load(ADVANCE)
    this.#runId = /run_id:(\w+)/.exec(await this.#client.info('server'))?.[1] ?? ''
    this.#tellTime()
  }

  async #load(text: string): Promise<string> {
    return String(await this.#client.script('LOAD', text))
  }

  #tellTime(): void {
    const micros = String(this.server.step(0).nowMicros).padStart(16, '0')
    void this.#client.set(NOW_KEY, micros)
  }

  #done(redis: Promise<unknown>): Pair {
    return { embedded: Promise.resolve(), redis: redis.then(() => undefined) }
  }

  async #observed(): Promise<[string, number[]]> {
    const reply = await this.#ask('EVALSHA', [this.#observe, NAMES.length, ...NAMES])
    if (!Array.isArray(reply)) throw new Error('expected a list')
    return [String(reply.at(-1)), reply.slice(0, -1).map(Number)]
  }

  /** Replies as byte strings. */
  #ask(command: string, args: Argument[]): Promise<unknown> {
    const asked = new Command(command, args, { replyEncoding: 'latin1' })
    this.#client.sendCommand(asked)
    return asked.promise
  }

  #commander(): Commander {
    const prepare = (command: string, args: Argument[]): [string, Argument[]] => {
      const [digest, ...rest] = args
      if (command === 'TIME') return ['GET', [NOW_KEY]]
      if (command !== 'EVALSHA') return [command, args]
      return [command, [this.#digests.get(String(digest)) ?? 'unknown', ...rest]]
    }
    const send = async (command: string, args: Argument[]) => {
      const reply = await this.#ask(...prepare(command, args))
      return command === 'TIME' ? [String(reply).slice(0, 10), String(reply).slice(10)] : reply
    }
    const world = this
    return {
      get connected() {
        return world.connected
      },
      send,
      pipeline: (commands) =>
        Promise.all(
          commands.map(([name, ...args]) => send(name, args).catch((error: unknown) => error)),
        ),
      reconnect() {
        throw new Error('expected no reconnection')
      },
    }
  }
}

function isNear(lifeMs: number, found: number | undefined): boolean {
  if (found === undefined || lifeMs < 0 || found < 0) return lifeMs === found
  return found <= lifeMs && found > lifeMs - DRIFT_MS_MAX
}
