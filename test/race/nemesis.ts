/**
 * Does damage to a running system, one fault after another, chosen by a seed: to the
 * processes, their connections, the network between, and Redis with what it holds.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { TestWorker } from '../servers/processes.ts'
import type { RedisProxy } from '../servers/proxy.ts'
import type { Arena } from './arena.ts'
import type { HistoryCalls } from './history-worker.ts'
import type { Random } from './random.ts'
import { monotonicMs } from './reading.ts'

export interface Victims {
  readonly arena: Arena
  readonly workers: readonly TestWorker<HistoryCalls>[]
  readonly proxies: readonly RedisProxy[]
}

type Fault = (victims: Victims, random: Random) => Promise<unknown>

const stopMsMax = 2_000
const restMs = 150

export const faults: Readonly<Record<string, Fault>> = {
  'subscribers killed': ({ arena }) => arena.raw.call('CLIENT', 'KILL', 'TYPE', 'pubsub'),
  'all connections killed': async ({ arena }) => {
    await arena.raw.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await arena.raw.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  },
  'a process stopped': async ({ workers }, random) => {
    const worker = random.pick(workers)
    worker.pause()
    await pause(random.below(stopMsMax))
    worker.resume()
  },
  'messages held back': ({ proxies }, random) =>
    proxied(random, random.pick(proxies), (proxy) => proxy.mode('subscriber', 'blackhole')),
  'messages late': ({ proxies }, random) =>
    proxied(random, random.pick(proxies), (proxy) =>
      proxy.mode('subscriber', { toServer: 'pass', toClient: { delayMs: random.below(900) } }),
    ),
  'replies late': ({ proxies }, random) =>
    proxied(random, random.pick(proxies), (proxy) =>
      proxy.mode('command', { toServer: 'pass', toClient: { delayMs: random.below(300) } }),
    ),
  'requests late': ({ proxies }, random) =>
    proxied(random, random.pick(proxies), (proxy) =>
      proxy.mode('command', { toServer: { delayMs: random.below(300) }, toClient: 'pass' }),
    ),
  'cut off from Redis': ({ proxies }, random) =>
    proxied(random, random.pick(proxies), (proxy) => proxy.mode('all', 'blackhole')),
  'everything flushed': ({ arena }) => arena.raw.flushall(),
  'the record of groups deleted': ({ arena }) => arena.raw.del(arena.metaKey),
  'Redis restarted': async ({ arena }, random) => {
    await arena.redis.kill()
    await pause(random.below(300))
    await arena.redis.restart()
  },
  'Redis frozen': async ({ arena }, random) => {
    arena.redis.freeze()
    await pause(random.below(1_200))
    arena.redis.resume()
  },
}

/** Resolves, with everything healed, to the names of what was done. */
export async function doDamage(
  victims: Victims,
  random: Random,
  untilMs: number,
): Promise<readonly string[]> {
  const done: string[] = []
  const names = Object.keys(faults)
  while (monotonicMs() < untilMs) {
    const name = random.pick(names)
    done.push(name)
    await faults[name]?.(victims, random)
    await pause(restMs + random.below(2 * restMs))
  }
  return done
}

async function proxied(
  random: Random,
  proxy: RedisProxy,
  spoil: (proxy: RedisProxy) => void,
): Promise<void> {
  spoil(proxy)
  await pause(300 + random.below(1_200))
  proxy.mode('all', 'pass')
}
