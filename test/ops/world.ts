/** An admin API on a real cache, asked as a program would. */
import { defineCatalog, family, openCache, shape } from 'staleproof'
import {
  apiBase,
  type Ops,
  type OpsOptions,
  type OpsToken,
  openOps,
  openReporter,
  type Peer,
  type Role,
} from 'staleproof/ops'

export const catalog = defineCatalog('shop', {
  market: family('market:{marketId}', { value: shape<unknown>(), ttl: '5m' }),
  positions: family('api:positions:{userId:int}', {
    value: shape<unknown>(),
    ttl: '1m',
    tagBy: ['userId'],
  }),
  secret: family('secret:{name}', { value: shape<unknown>(), ttl: '1m', sensitive: 'allow' }),
})

export function tokenOf(role: Role): string {
  return `${role}-token-0123456789abcdef0123456789`
}

export const otherServicesToken = 'token-of-another-service-0123456789abcdef'

export const tokens: readonly OpsToken[] = [
  ...(['viewer', 'operator', 'administrator'] as const).map((role) => ({
    name: `the-${role}`,
    role,
    token: tokenOf(role),
  })),
  { name: 'stranger', role: 'administrator', token: otherServicesToken, services: ['bot'] },
]

export interface Asked {
  readonly token?: string | undefined
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly peer?: Peer
  readonly signal?: AbortSignal
}

export interface WorldOptions extends Omit<Partial<OpsOptions>, 'reporter' | 'redis'> {
  readonly redisUrl?: string | undefined
  readonly namespace?: string
}

const largeName = '<b>'.repeat(500_000)

let worlds = 0

export async function openWorld({ redisUrl, namespace, ...options }: WorldOptions = {}) {
  const cache = await openCache(catalog, {
    service: 'api',
    redis: redisUrl,
    // Embedded caches of one namespace share what they hold; each world is its own.
    namespace: namespace ?? `shop-${++worlds}`,
    sources: {
      market: (marketId) => ({ marketId, name: marketId === 'large' ? largeName : '<b>' }),
      positions: () => [],
      secret: () => 'password=hunter2',
    },
    log: false,
  })
  const reporter = await openReporter(cache, { redis: redisUrl })
  const ops = openOps(cache, {
    reporter,
    redis: redisUrl,
    auth: tokens,
    environment: 'test',
    ...options,
  })
  return {
    cache,
    reporter,
    ops,
    ask: (path: string, asked?: Asked) => ask(ops, path, asked),
    /** The body of an answer below `/api/v1/cache`, by default as administrator. */
    json: askJson(ops),
    async close() {
      await ops.close()
      await reporter.close()
      await cache.close()
    },
  }
}

export function askJson(ops: Ops) {
  return async (path: string, asked: Asked = {}) => {
    const response = await ask(ops, apiBase + path, { token: tokenOf('administrator'), ...asked })
    return { status: response.status, body: Object(await response.json()) }
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>

export function ask(ops: Ops, path: string, asked: Asked = {}): Promise<Response> {
  const { token, method, body, headers = {}, peer = {}, signal } = asked
  const isBare = body === undefined
  const request = new Request(`http://cache.example${path}`, {
    method: method ?? (isBare ? 'GET' : 'POST'),
    headers: {
      ...(isBare ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(isBare ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  })
  return ops.fetch(request, peer)
}
