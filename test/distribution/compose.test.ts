/**
 * `compose.yaml` and `Dockerfile` fit the code: Docker itself is not needed to see that a service,
 * a setting, a file or a port of theirs does not exist.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { portBaseDefault } from '../../services/launcher/ports.ts'
import { redisConfiguration } from '../../services/launcher/redis-configuration.ts'
import { portOf, startOrder } from '../../services/launcher/service-plan.ts'
import { redisTarget } from '../../services/process/redis-target.ts'
import { checkout, readCheckout } from '../tidy/source-files.ts'
import { type Container, composeText, containers, variablesIn } from './compose-file.ts'
import { type Schemas, settingSchemas } from './settings.ts'

const secrets = {
  ADMIN_TOKEN: 'admin'.repeat(7),
  POSTGRES_PASSWORD: 'pgsecret',
  REDIS_PASSWORD: 'rsecret',
}
const services = startOrder.flat()
const all = Object.entries(containers(secrets))
const ours = all.filter(([name]) => services.some((service) => service === name))
/** What a container of somebody else's image gets is the business of that image. */
const composeOnly = new Set(['POSTGRES_PASSWORD', 'REDIS_PASSWORD'])

let schemas: Schemas

beforeAll(async () => {
  schemas = await settingSchemas()
})

describe('compose.yaml', () => {
  test('has a container for each service of the launcher, on its port', () => {
    expect(ours.map(([name]) => name).sort()).toEqual([...services].sort())
    for (const [name, { command, environment }] of ours) {
      const service = services.find((one) => one === name)
      expect(command).toEqual(['node', `.build/services/${name}/main.js`])
      expect(Number(environment.PORT), name).toBe(service && portOf(service, portBaseDefault))
      expect(existsSync(join(checkout, `services/${name}/main.ts`)), name).toBe(true)
    }
  })

  test('gives each service an environment that it accepts, and nothing unknown to it', () => {
    for (const [name, { environment }] of ours) {
      const schema = schemas.get(name)
      // An empty variable counts as absent, for services as here.
      const present = Object.entries(environment).filter(([, value]) => value !== '')
      const result = schema?.strict().safeParse(Object.fromEntries(present))
      expect(result?.error?.issues ?? [], name).toEqual([])
    }
  })

  test('takes no variable that nobody reads', () => {
    const known = new Set([...schemas.values()].flatMap(({ shape }) => Object.keys(shape)))
    const unknown = [...variablesIn(composeText)].filter(
      (name) => !known.has(name) && !composeOnly.has(name),
    )
    expect(unknown).toEqual([])
  })

  test('hands what it takes to every service that reads it', () => {
    const taken = [...variablesIn(composeText)].filter((name) => !composeOnly.has(name))
    expect(taken).toEqual(expect.arrayContaining(['DATABASE_URL', 'DATABASE_DIRECT_URL']))
    const given = Object.fromEntries(taken.map((name) => [name, `that of ${name}`]))
    for (const [service, { environment }] of Object.entries(containers({ ...secrets, ...given }))) {
      const read = taken.filter((name) => schemas.get(service)?.shape[name] !== undefined)
      for (const name of read) expect([service, environment[name]]).toEqual([service, given[name]])
    }
  })

  test.each(Object.keys(secrets))('does not start without %s', (name) => {
    expect(() => containers({ ...secrets, [name]: '' })).toThrow(`${name} is not set`)
  })

  test('names only containers that there are, in addresses too', () => {
    const names = all.map(([name]) => name)
    for (const [name, { environment, depends_on }] of all) {
      const urls = Object.values(environment).flatMap(hostsIn)
      expect(names, name).toEqual(expect.arrayContaining([...urls, ...Object.keys(depends_on)]))
    }
  })

  test('starts what depends on others when those are healthy', () => {
    const byName = new Map(all)
    for (const [name, { depends_on }] of all) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(condition, `${name} after ${other}`).toBe('service_healthy')
        expect(byName.get(other)?.healthcheck, other).toBeDefined()
      }
      expect(isCyclic(name, byName), name).toBe(false)
    }
    const readers = ours.filter(([, { environment }]) => environment.DATABASE_URL !== undefined)
    const first = (container: Container) => Object.keys(container.depends_on)
    for (const [name, container] of readers) {
      const isReady = first(container).includes('postgres') || first(container).includes('api')
      expect(isReady, name).toBe(true)
    }
  })

  test('bounds the memory of every container, and of Redis below that of its own', () => {
    expect(all.filter(([, { mem_limit }]) => mem_limit === undefined)).toEqual([])
    const settings = redisConfiguration()
    const redis = all.filter(([, { command }]) => /primary|replica|node$/.test(command?.[2] ?? ''))
    expect(redis).toHaveLength(5)
    for (const [, { mem_limit }] of redis) {
      expect(megabytes(mem_limit)).toBeGreaterThan(megabytes(settings.maxmemory))
    }
  })

  test('publishes ports of services alone, on the own machine alone', () => {
    for (const [name, { ports, environment }] of all) {
      const isOurs = services.some((service) => service === name)
      expect(isOurs ? [] : ports, name).toEqual([])
      for (const port of ports)
        expect(port).toBe(`127.0.0.1:${environment.PORT}:${environment.PORT}`)
    }
  })

  test('mounts files that there are, read-only', () => {
    const mounts = all.flatMap(([, { volumes }]) => volumes).filter((text) => text.startsWith('.'))
    expect(mounts.length).toBeGreaterThan(0)
    for (const mount of mounts) {
      const [source = '', , mode] = mount.split(':')
      expect(existsSync(join(checkout, source)), source).toBe(true)
      expect(mode).toBe('ro')
    }
  })

  test('runs a Cluster only where its profile is asked for', () => {
    const cluster = all.filter(([, { profiles }]) => profiles.includes('cluster'))
    expect(cluster.map(([name]) => name)).toEqual([
      'redis-node-1',
      'redis-node-2',
      'redis-node-3',
      'redis-cluster',
    ])
    expect(all.filter(([, { profiles }]) => profiles.length > 0)).toHaveLength(4)
  })
})

describe('Dockerfile', () => {
  test('copies files that there are, and runs what the build makes', () => {
    const copies = [...readCheckout('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)]
    const sources = copies.flatMap(([, words = '']) => words.split(' '))
    expect(sources).toContain('services')
    expect(sources.filter((path) => !existsSync(join(checkout, path)))).toEqual([])
    const ignored = readCheckout('.dockerignore').split('\n')
    expect(sources.filter((path) => ignored.includes(path))).toEqual([])
  })
})

function megabytes(text = ''): number {
  const [, count, unit = ''] = /^(\d+)(m|mb|g)$/.exec(text) ?? []
  return Number(count) * (unit === 'g' ? 1_024 : 1)
}

/** Hosts of an address inside of the network of the containers. */
function hostsIn(text: string): readonly string[] {
  const target = text.startsWith('redis') ? redisTarget(text) : undefined
  if (typeof target === 'object') {
    const places = 'sentinels' in target ? target.sentinels : target.cluster
    return places.map(({ host }) => host)
  }
  return /^(https?|wss?|postgres):\/\//.test(text) ? [new URL(text).hostname] : []
}

function isCyclic(
  name: string,
  byName: ReadonlyMap<string, Container>,
  above: readonly string[] = [],
): boolean {
  if (above.includes(name)) return true
  const others = Object.keys(byName.get(name)?.depends_on ?? {})
  return others.some((other) => isCyclic(other, byName, [...above, name]))
}
