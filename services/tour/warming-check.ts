/** What everybody reads first was loaded before anybody did. */
import { z } from 'zod'
import { marketPageSize } from '../domain/market.ts'
import { type Check, eventually, expectThat } from './check.ts'

const report = z.object({
  warmer: z.object({
    tasks: z.array(
      z.object({
        name: z.string(),
        critical: z.boolean(),
        executions: z.number(),
        successes: z.number(),
        failures: z.number(),
      }),
    ),
  }),
})

/** What the source documents ask of a page that is popular. */
const pageMsMax = 100

export const popularPagesAreWarm: Check = {
  title: 'popular pages are warm before they are read',
  async run(scene) {
    const tasks = await eventually('no run of every critical task', 30_000, async () => {
      const { warmer } = report.parse(await scene.warming())
      const critical = warmer.tasks.filter((task) => task.critical)
      return critical.length > 0 && critical.every(({ successes }) => successes > 0)
        ? warmer.tasks
        : undefined
    })
    const failed = tasks.filter(({ failures }) => failures > 0).map(({ name }) => name)
    expectThat(failed.length === 0, `warming failed for ${failed.join(', ')}`)
    // Nobody else asks for this page during the tour.
    const page = { order: 'liquidity', limit: marketPageSize, offset: marketPageSize }
    const startedMs = performance.now()
    const seen = await scene.look('api', 'marketList', page)
    const ms = performance.now() - startedMs
    const isWarm = seen.from === 'memory' || seen.from === 'redis'
    expectThat(isWarm, `the first read of a popular page came from ${seen.from}`)
    expectThat(ms < pageMsMax, `a popular page took ${ms.toFixed(0)} ms`)
    const took = `${seen.from} in ${ms.toFixed(1)} ms`
    return `${tasks.length} tasks; the first read of a page came from ${took}`
  },
}
