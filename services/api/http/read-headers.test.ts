import { afterEach, expect, it } from 'vitest'
import { startPostgres } from '../../../test/servers/postgres.ts'
import { type ApiStage, openApiStage } from '../testing/api-stage.ts'

let stage: ApiStage | undefined

afterEach(() => stage?.close())

async function readsOfProfile(isCached: boolean) {
  stage = await openApiStage(await startPostgres(), { isCached })
  const { telegramId } = await stage.newUser()
  for (let asked = 0; asked < 3; asked += 1) await stage.ask(`/users/${telegramId}`)
  return stage.api.cache.stats().families.user?.reads
}

it('answers every read from the database while the cache is off', async () => {
  expect(await readsOfProfile(false)).toMatchObject({ memory: 0, redis: 0, source: 0 })
})

it('answers repeated reads from the cache while it is on', async () => {
  expect(await readsOfProfile(true)).toMatchObject({ memory: 2, source: 1 })
})
