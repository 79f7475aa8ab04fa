/**
 * Redis is frozen, killed and started again while requests go on: none fails, none
 * hangs, and no read lacks a write that is older than the trust bound.
 */
import { type Check, eventually, expectThat, pause } from './check.ts'
import { OutageLoad } from './outage-load.ts'
import { percentile, trustBoundMs } from './staleness.ts'

const frozenMs = 3_000
const deadMs = 1_000
const slowMs = 1_000
const slowestMs = 2_000

export const outageIsSurvived: Check = {
  title: 'Redis frozen for 3 s, then killed and restarted, while requests go on',
  async run(scene) {
    const { freeze, resume, kill, restart } = scene.stage.redis
    if (!freeze || !resume || !kill || !restart) {
      return 'not done: Redis was given from outside and is not ours to break'
    }
    const load = await OutageLoad.start(scene)
    await pause(2_000)
    freeze()
    await pause(frozenMs)
    resume()
    await pause(2_000)
    await kill()
    await pause(deadMs)
    await restart()
    await eventually('memory is not used again', 20_000, async () => {
      const seen = await scene.look('bot', 'positions', load.watchedUser)
      return seen.from === 'memory' ? true : undefined
    })
    await pause(1_000)
    const { latencies, failures, largestAgeMs, reads, writes } = await load.stop()
    const p99 = percentile(latencies, 0.99)
    const slowest = Math.max(...latencies)
    const figures =
      `${reads} reads, ${writes} writes, ` +
      `p99 ${p99.toFixed(0)} ms, slowest ${slowest.toFixed(0)} ms, ` +
      `largest age ${largestAgeMs.toFixed(0)} ms (bound ${trustBoundMs.toFixed(0)} ms)`
    const failed = `${failures.length} failed, first: ${failures[0]}; ${figures}`
    expectThat(failures.length === 0, failed)
    expectThat(p99 < slowMs, `p99 is not under ${slowMs} ms: ${figures}`)
    expectThat(slowest < slowestMs, `the slowest is not under ${slowestMs} ms: ${figures}`)
    expectThat(largestAgeMs <= trustBoundMs, `a read was older than the bound: ${figures}`)
    return figures
  },
}
