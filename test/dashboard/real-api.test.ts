/** The page before the real admin API of a real cache on a real Redis. */
import { createServer } from 'node:http'
import { opsListener } from 'staleproof/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, tokenOf, type World } from '../ops/world.ts'
import { eventually } from '../servers/eventually.ts'
import { nativeRedis } from '../servers/native-redis.ts'
import { startRedis, type TestRedis } from '../servers/redis.ts'
import { describeInChromium, type Site, Viewer } from './viewer.ts'

const pages = [
  'overview',
  'families',
  'families/market',
  'keys?pattern=*',
  'invalidations',
  'doctor',
  'resilience',
  'warming',
  'services',
  'usage',
  'redis',
  'audit',
]

describeInChromium('the page on the real API', (equipment) => {
  let redis: TestRedis | undefined
  let world: World
  let site: Site & { close(): void }
  beforeAll(async () => {
    redis = nativeRedis() === undefined ? undefined : await startRedis()
    world = await openWorld({ redisUrl: redis?.url, dashboard: equipment().folder })
    site = await serve(world)
    for (let id = 0; id < 40; id += 1) await world.cache.market.get(`m${id % 25}`)
  })
  afterAll(async () => {
    site?.close()
    await world?.close()
    await redis?.stop()
  })

  async function signedIn(): Promise<Viewer> {
    const viewer = await Viewer.open(equipment().browser, site, { token: '' })
    viewer.complaints.length = 0
    await viewer.page.fill('input[name=token]', tokenOf('administrator'))
    await viewer.page.keyboard.press('Enter')
    await viewer.page.waitForSelector('.figures')
    return viewer
  }

  test('shows every page without a complaint', async () => {
    const viewer = await signedIn()
    for (const address of pages) await viewer.go(address)
    expect(viewer.complaints).toEqual([])
    expect(viewer.strayRequests).toEqual([])
  })

  test('shows the numbers of the API, and those are what was done', async () => {
    const viewer = await signedIn()
    await viewer.go('families')
    await eventually('all reads are told', async () => (await viewer.number('reads-market')) === 40)
    const { body } = await world.json('/families/market')
    expect(await viewer.number('hit-market')).toBe(body.family.hitRatio)
    await viewer.go('families/market')
    expect(await viewer.number('loads')).toBe(25)
  })

  test('shows each invalidation that it is sent', async () => {
    const viewer = await signedIn()
    await viewer.go('invalidations')
    const before = await seen(world)
    for (let id = 0; id < 30; id += 1) {
      await world.cache.market.invalidate(`m${id}`, { reason: `change ${id}` })
    }
    await eventually('the last is shown', async () => {
      return (await viewer.page.locator('text=change 29').count()) === 1
    })
    expect((await seen(world)) - before).toBe(30)
    expect(await viewer.page.locator('tbody tr:has-text("change ")').count()).toBe(30)
    expect(await viewer.number('missed')).toBe(0)
  })

  test('invalidates a family after a dry run and its typed name, and writes it down', async () => {
    await world.cache.market.get('m1')
    const viewer = await signedIn()
    await viewer.go('families/market')
    await viewer.page.click('text=Invalidate…')
    await viewer.page.fill('input[name=reason]', 'tried by a test')
    await viewer.page.keyboard.press('Enter')
    await viewer.page.waitForSelector('.plan-count')
    expect((await world.cache.market.lookup('m1')).from).not.toBe('source')
    const confirm = viewer.page.locator('input[name=confirm]')
    if ((await confirm.count()) > 0) await confirm.fill('market')
    await viewer.page.click('text=Execute this plan')
    await viewer.page.waitForSelector('text=It stands in the audit log')
    expect((await world.cache.market.lookup('m1')).from).toBe('source')
    await viewer.page.keyboard.press('Escape')
    await viewer.go('audit')
    await viewer.page.waitForSelector('tbody tr:has-text("dry run")')
  })
})

async function seen(world: World): Promise<number> {
  return (await world.json('/invalidations')).body.seen
}

async function serve({ ops }: World): Promise<Site & { close(): void }> {
  const server = createServer(opsListener(ops))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens nowhere')
  const origin = `http://127.0.0.1:${address.port}`
  const close = (): void => {
    server.closeAllConnections()
    server.close()
  }
  return { origin, page: `${origin}/dashboard/`, close }
}
