/** One short conversation with a Redis: connects once, never retries, always disconnects. */
import { Redis } from 'ioredis'

const pingsPerRound = 9
const roundsMax = 5

/** Runs `ask` on a connection of its own; rejects when there is no answer in time. */
export async function askRedis<Answer>(
  url: string,
  deadlineMs: number,
  ask: (redis: Redis) => Promise<Answer>,
): Promise<Answer> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: deadlineMs,
    commandTimeout: deadlineMs,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    retryStrategy: () => null,
  })
  // Without a listener ioredis prints the error that `connect` rejects with anyway.
  redis.on('error', () => {})
  try {
    await redis.connect()
    return await ask(redis)
  } finally {
    redis.disconnect()
  }
}

/** The median round trip in milliseconds; the best of several rounds, as machines are noisy. */
export async function pingMs(redis: Redis, acceptedMs: number): Promise<number> {
  let bestMs = Number.POSITIVE_INFINITY
  for (let round = 0; round < roundsMax && bestMs > acceptedMs; round += 1) {
    bestMs = Math.min(bestMs, await medianPingMs(redis))
  }
  return bestMs
}

async function medianPingMs(redis: Redis): Promise<number> {
  const times: number[] = []
  for (let count = 0; count < pingsPerRound; count += 1) {
    const startedAt = performance.now()
    await redis.ping()
    times.push(performance.now() - startedAt)
  }
  times.sort((left, right) => left - right)
  return times[Math.floor(pingsPerRound / 2)] ?? Number.POSITIVE_INFINITY
}
