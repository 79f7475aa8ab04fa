/** The text of the status line: what runs, how fast Redis answers, for how long. */
import { askRedis } from './redis-probe.ts'
import type { Stage } from './stage.ts'

const askDeadlineMs = 800

/** Asks Redis once and describes the stage in one line; never rejects. */
export async function statusReport(stage: Stage, startedAtMs: number): Promise<string> {
  const upFor = duration(performance.now() - startedAtMs)
  const redis = await redisState(stage.redis.url)
  return `${stage.pids.size} services up · redis ${redis} · ${upFor} · Ctrl-C ends`
}

/** `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(timeMs: number): string {
  const seconds = Math.floor(timeMs / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

async function redisState(url: string): Promise<string> {
  try {
    return await askRedis(url, askDeadlineMs, async (redis) => {
      const startedAt = performance.now()
      await redis.ping()
      return `${(performance.now() - startedAt).toFixed(1)} ms`
    })
  } catch {
    return 'does not answer'
  }
}
