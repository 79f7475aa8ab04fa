/** What the API predicts and records, on a real database. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../../test/servers/postgres.ts'
import { requestJson } from '../process/http-client.ts'
import type { PredictionSettings } from './prediction.ts'
import { openApi } from './server.ts'
import { type ApiStage, openApiStage } from './testing/api-stage.ts'
import { sampleMarket } from './testing/sample-data.ts'

const warming = { everyMs: 300_000, loadsPerSecond: 1_000, priceMove: 0.05 }
const adminToken = 'token-of-the-test'

let stage: ApiStage
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-prediction-'))
  stage = await openApiStage(await startPostgres(), {
    markets: [sampleMarket('1'), sampleMarket('2')],
  })
})
afterAll(async () => {
  await stage.close()
  rmSync(folder, { recursive: true })
})

async function open(prediction: PredictionSettings) {
  const api = await openApi({ databaseUrl: stage.databaseUrl, adminToken, warming, prediction })
  onTestFinished(() => api.close())
  const ask = async (path: string, endUser?: string) => {
    const authorization = `Bearer ${adminToken}`
    const headers = endUser === undefined ? {} : { 'x-end-user': endUser }
    return (await requestJson(`${api.url}${path}`, { headers: { authorization, ...headers } })).body
  }
  return { api, ask }
}

test('learns what each end user reads, once each', async () => {
  const { ask } = await open({ isOn: true })
  for (const user of ['ada', 'bob']) {
    await ask('/markets?order=volume&limit=2', user)
    await ask('/markets/1', user)
  }
  await ask('/markets/2')
  expect(await ask('/debug/prediction')).toMatchObject({
    predictor: { state: 'off', reads: 5, sessions: 3, preloads: 0 },
  })
})

test('predicts nothing where it is switched off', async () => {
  const { ask } = await open({ isOn: false })
  await ask('/markets/1', 'ada')
  expect(await ask('/debug/prediction')).toEqual({})
})

test('records what is read as a trace without names, complete when it is closed', async () => {
  const path = join(folder, 'reads')
  const { api, ask } = await open({ isOn: false, recordPath: path })
  for (const user of ['ada', 'bob', 'ada']) await ask('/markets/1', user)
  await api.close()
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  expect(header).toBe('timestamp_s,key,size,op,ttl,client')
  const markets = lines.filter((line) => line.includes(',market:'))
  const clients = markets.map((line) => line.split(',').at(-1))
  expect(clients).toEqual(['0', '1', '0'])
  expect(new Set(markets.map((line) => line.split(',')[1])).size).toBe(1)
  expect(lines.join()).not.toMatch(/ada|bob/)
})

test('goes on where nothing can be recorded', async () => {
  const { ask } = await open({ isOn: true, recordPath: join(folder, 'nowhere', 'reads') })
  expect(await ask('/markets/1')).toMatchObject({ id: '1' })
})
