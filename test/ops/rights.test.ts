/** Who may do what: every route × who asks × read-only, from the table of routes itself. */

import type { Role } from 'staleproof/ops'
import { apiBase, openOps, type RouteName, type RouteRow, routes } from 'staleproof/ops'
import { VirtualClock } from 'staleproof/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, otherServicesToken, tokenOf, type World } from './world.ts'

/** Each may do what those before it may. */
const roles: readonly Role[] = ['viewer', 'operator', 'administrator']

/** What handlers answer; doctor has no server to examine here. */
function isHandled(name: RouteName, status: number): boolean {
  return name === 'runDoctor' ? status === 503 : [200, 202, 204].includes(status)
}

const bodies: Partial<Record<RouteName, object>> = {
  invalidate: { keys: ['market:1'] },
  clear: { scope: 'market', dryRun: true },
  refresh: { keys: ['market:1'] },
  warm: { task: 'top' },
}

/** `null`: nobody that the service knows. */
type Asker = {
  readonly who: string
  readonly token: string | undefined
  readonly role: Role | null
}

const askers: readonly Asker[] = [
  { who: 'nobody', token: undefined, role: null },
  { who: 'a wrong token', token: 'x'.repeat(40), role: null },
  { who: "another service's administrator", token: otherServicesToken, role: null },
  ...roles.map((role) => ({ who: role, token: tokenOf(role), role })),
]

function pathOf({ path }: RouteRow): string {
  const name = path.startsWith('/breakers') ? 'family:market' : 'market'
  return apiBase + path.replace(':name', name).replace(':key', 'market:1')
}

function expected(row: RouteRow, { role }: Asker, isReadOnly: boolean): number | 'behind the gate' {
  // Signing in is for those who are not known, but a browser has to come from the page.
  if (row.role === 'nobody') return 403
  if (role === null) return 401
  if (roles.indexOf(role) < roles.indexOf(row.role)) return 403
  return row.isChange && isReadOnly ? 405 : 'behind the gate'
}

describe.each([{ readOnly: false }, { readOnly: true }])('with %o', ({ readOnly }) => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ readOnly, warm: async () => {} })
  })
  afterAll(() => world.close())

  const cases = [...routes].flatMap(([name, row]) => askers.map((asker) => ({ name, row, asker })))
  test.each(cases)(
    '$name is answered as its row says to $asker.who',
    async ({ name, row, asker }) => {
      const left = new AbortController()
      const { status } = await world.ask(pathOf(row), {
        method: row.method,
        token: asker.token,
        signal: left.signal,
        ...(row.body !== undefined && { body: bodies[name] ?? {} }),
      })
      left.abort()
      const wanted = expected(row, asker, readOnly)
      if (wanted === 'behind the gate') expect(isHandled(name, status), String(status)).toBe(true)
      else expect(status).toBe(wanted)
    },
  )
})

test('whoever is not known gets the same answer for a route and for none', async () => {
  const world = await openWorld()
  const answers = new Set<string>()
  for (const path of ['/me', '/entries/market%3A1', '/no/such/route', '/clear']) {
    for (const method of ['GET', 'POST', 'DELETE', 'PATCH']) {
      const body = method === 'GET' ? undefined : {}
      const response = await world.ask(apiBase + path, { method, body })
      answers.add(`${response.status} ${await response.text()}`)
    }
  }
  expect([...answers]).toEqual([expect.stringMatching(/^401 .*UNAUTHENTICATED/)])
  await world.close()
})

test('without auth there is nothing but the health', async () => {
  const world = await openWorld({ auth: undefined, metrics: { render: () => 'a 1' } })
  const token = tokenOf('administrator')
  const paths = [...routes.values()].map(pathOf)
  for (const path of [...paths, '/metrics', '/dashboard/', '/dashboard', '/no']) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const body = method === 'POST' ? {} : undefined
      expect((await world.ask(path, { method, token, body })).status, path).toBe(404)
    }
  }
  const health = await world.ask('/health/cache')
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }])
  await world.close()
})

test('loopback mode is for this machine alone, by its name and its address', async () => {
  const world = await openWorld({ auth: 'loopback' })
  const me = `${apiBase}/me`
  const here = { address: '127.0.0.1' }
  const local = { host: 'localhost:4100' }
  const answer = await world.ask(me, { peer: here, headers: local })
  expect(await answer.json()).toMatchObject({ user: 'loopback', role: 'administrator' })
  for (const asked of [
    { peer: here, headers: { host: 'rebound.example' } },
    { peer: { address: '10.1.2.3' }, headers: local },
    { peer: here, headers: { ...local, 'x-forwarded-for': '10.1.2.3' } },
    { headers: local },
  ]) {
    expect((await world.ask(me, asked)).status).toBe(404)
    expect((await world.ask('/dashboard/', asked)).status).toBe(404)
  }
  await world.close()
})

test("the host's own function says who asks", async () => {
  const auth = (request: Request) => {
    const user = request.headers.get('x-user')
    return user === null ? undefined : ({ user, role: 'viewer' } as const)
  }
  const world = await openWorld({ auth })
  expect((await world.ask(`${apiBase}/me`)).status).toBe(401)
  const headers = { 'x-user': 'ann' }
  const known = await world.ask(`${apiBase}/me`, { headers })
  expect(await known.json()).toMatchObject({ user: 'ann', role: 'viewer' })
  await world.close()
})

test('loopback mode is refused where it would be production', async () => {
  const { cache, reporter, close } = await openWorld()
  for (const environment of ['production', undefined]) {
    const open = () => openOps(cache, { reporter, auth: 'loopback', environment })
    expect(open).toThrow(/SP_OPTION_INVALID.*'development'/)
  }
  await close()
})

test('metrics have their own token, or are for those who may look, or are open', async () => {
  const render = () => 'cache_gets_total 1'
  const token = 'scrape-token-0123456789abcdef0123456789'
  const own = await openWorld({ metrics: { render, token } })
  expect(await (await own.ask('/metrics', { token })).text()).toBe('cache_gets_total 1')
  expect((await own.ask('/metrics', { token: tokenOf('viewer') })).status).toBe(200)
  expect((await own.ask('/metrics')).status).toBe(401)
  expect((await own.ask(`${apiBase}/me`, { token })).status).toBe(401)
  const open = await openWorld({ auth: undefined, metrics: { render, isOpen: true } })
  expect((await open.ask('/metrics')).status).toBe(200)
  await own.close()
  await open.close()
})

test('a user makes at most sixty changes a minute', async () => {
  const world = await openWorld({ clock: new VirtualClock() })
  const statuses: number[] = []
  for (let at = 0; at < 61; at++) {
    const body = { keys: ['market:1'], reason: 'again' }
    const token = tokenOf('operator')
    statuses.push((await world.ask(`${apiBase}/invalidate`, { token, body })).status)
  }
  expect(statuses.slice(0, 60)).toEqual(Array(60).fill(200))
  expect(statuses.at(-1)).toBe(429)
  const other = { token: tokenOf('administrator'), body: { keys: ['market:1'] } }
  expect((await world.ask(`${apiBase}/invalidate`, other)).status).toBe(200)
  await world.close()
})
