// What Node warns of, such as listeners that gather on one signal, would end in the log of a
// process: while Redis is away whatever loads ahead of readers waits in a long line.
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { describeWithRedis, startRedis } from '../../test/servers/redis.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import { Closing } from '../process/closing.ts'
import { requestJson } from '../process/http-client.ts'
import { openApiStage } from './testing/api-stage.ts'
import { sampleMarket } from './testing/sample-data.ts'

const adminToken = 'token-of-the-test'
/** So slow that whatever is to be loaded waits. */
const warming = { everyMs: 300_000, loadsPerSecond: 1, priceMove: 0.05 }
const marketIds = Array.from({ length: 60 }, (_, place) => `${1_000 + place}`)
const closing = new Closing()
afterAll(() => closing.close())

async function openPredicting() {
  const redis = await startRedis()
  closing.add(() => redis.stop())
  const stage = await openApiStage(await startPostgres(), {
    adminToken,
    warming,
    prediction: { isOn: true },
    redisUrl: redis.url,
    markets: marketIds.map((id) => sampleMarket(id)),
  })
  closing.add(() => stage.close())
  const authorization = `Bearer ${adminToken}`
  const ask = async (path: string, user?: string) => {
    const headers = { authorization, ...(user === undefined ? {} : { 'x-end-user': user }) }
    return (await requestJson(`${stage.api.url}${path}`, { headers })).body
  }
  return { redis, ask, cache: stage.api.cache }
}

/** Every market is to be loaded anew, and so there is something to predict. */
const forget = (cache: PolycoolCache) => cache.market.invalidate(marketIds).catch(() => {})

describeWithRedis('a process of the API', () => {
  test('is not warned by Node when Redis is killed under load', async () => {
    const warnings: string[] = []
    const onWarning = (warning: Error) => warnings.push(String(warning))
    process.on('warning', onWarning)
    onTestFinished(() => void process.off('warning', onWarning))
    const { redis, ask, cache } = await openPredicting()
    const readAll = async (user: string) => {
      for (const id of marketIds) await ask(`/markets/${id}`, user)
    }
    let readers = 0
    await eventually('what is predicted is loaded', async () => {
      await forget(cache)
      await readAll(`before-${readers++}`)
      return Object(await ask('/debug/prediction')).predictor.state === 'on'
    })
    await redis.kill()
    await eventually('much waits to be loaded', async () => {
      await forget(cache)
      await Promise.all(Array.from({ length: 10 }, () => readAll(`after-${readers++}`)))
      return Object(await ask('/debug/warming')).warmer.waiting > 20
    })
    expect(warnings).toEqual([])
  })
})
