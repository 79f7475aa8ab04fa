/**
 * Another client of the server, in a process of its own: it pings one after the other, and
 * says on demand how long the pings since the last demand took.
 */
import { Redis } from 'ioredis'
import { percentileOf } from '../statistics.ts'

/** To the parent, on each message from it. */
export interface PingWindow {
  readonly count: number
  readonly p99Ms: number
  readonly maxMs: number
}

const [redisUrl = ''] = process.argv.slice(2)
const redis = new Redis(redisUrl)
let laps: number[] = []

process.on('message', () => {
  const count = laps.length
  const window: PingWindow = {
    count,
    p99Ms: count === 0 ? 0 : percentileOf(laps, 0.99),
    maxMs: laps.reduce((most, lap) => Math.max(most, lap), 0),
  }
  laps = []
  process.send?.(window)
})
process.once('disconnect', () => process.exit(0))

async function ping(): Promise<never> {
  while (true) {
    const startedMs = performance.now()
    await redis.ping()
    laps.push(performance.now() - startedMs)
  }
}

ping().catch((error) => {
  console.error(error)
  process.exit(1)
})
