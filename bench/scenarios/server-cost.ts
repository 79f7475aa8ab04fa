/** CPU of the Redis server for one hit, beside a plain GET, at 64 callers at once. */
import type { Contestant } from '../contestant.ts'
import { rawHit } from '../contestants/ioredis.ts'
import { redisHit } from '../contestants/staleproof-redis.ts'
import { ServerObserver } from '../server-figures.ts'
import { medianOf } from '../statistics.ts'
import { barOf, type Study } from '../study.ts'

const lanes = 64
const rounds = { full: 15, quick: 5 }
const operations = 20_000
/** A machine that stood still makes hits go to the source, which spoils a turn. */
const attemptsMax = 5

export const serverCost: Study = {
  name: 'server-cost',
  needsOwnRedis: true,
  async study({ redisUrl = '' }, isQuick) {
    const raw = rawHit({ name: 'ioredis GET', redisUrl, lanes })
    const ours = redisHit({ name: 'staleproof get, memory: false', redisUrl, lanes })
    const observer = new ServerObserver(redisUrl)
    try {
      await raw.prepare()
      await ours.prepare()
      const micros = { raw: [] as number[], ours: [] as number[], ratio: [] as number[] }
      for (let round = 0; round < (isQuick ? rounds.quick : rounds.full); round++) {
        const rawMicros = await serverMicros(observer, raw)
        const ourMicros = await serverMicros(observer, ours)
        micros.raw.push(rawMicros)
        micros.ours.push(ourMicros)
        micros.ratio.push(ourMicros / rawMicros)
      }
      const ratio = medianOf(micros.ratio)
      return {
        title: `CPU of the server for a hit, ${lanes} concurrent`,
        method: `used_cpu over ${operations} operations; medians over interleaved rounds`,
        columns: ['µs per operation', '× GET'],
        plotted: 'µs per operation',
        rows: [
          { name: raw.name, figures: [medianOf(micros.raw), 1] },
          { name: ours.name, figures: [medianOf(micros.ours), ratio] },
        ],
        bars: [barOf('server CPU to GET', ratio, 2.5)],
      }
    } finally {
      await ours.close()
      await raw.close()
      observer.close()
    }
  },
}

async function serverMicros(observer: ServerObserver, contestant: Contestant): Promise<number> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const before = await observer.look()
    const good = await contestant.run(operations)
    const after = await observer.look()
    if (good === operations) return (after.cpuMicros - before.cpuMicros) / operations
  }
  throw new Error(`${contestant.name} did not do what it was meant to do`)
}
