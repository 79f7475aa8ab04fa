import { describe, expect, test } from 'vitest'
import { factsOf, type GivenFacts } from '../facts.test-support.ts'
import type { ServerIdentity } from '../finding.ts'
import { runChecks } from '../run-checks.ts'
import { describeChecks } from './fixture.test-support.ts'
import { openAdvisories, type ServerKind, unsupportedSince } from './security/version-facts.ts'
import { securityChecks } from './security.ts'

const here = { bind: '127.0.0.1 -::1', 'protected-mode': 'yes', 'tls-port': '0' }
const beyond = { bind: '*', 'protected-mode': 'no', 'tls-port': '6380' }
const hash = `#${'0'.repeat(64)}`

const users = (rule: string, config: Readonly<Record<string, string>>): GivenFacts => ({
  config,
  more: { users: [{ name: 'default', rule: `user default ${rule}` }] },
})

/** Started by its bare name, as in the image of the project. */
const server = (kind: ServerKind, version: string, given: GivenServer = {}): GivenFacts => {
  const identity: ServerIdentity = { address: '', kind, version, mode: 'standalone', uptimeS: 1 }
  const { executable = `/data/${kind}-server`, config = here, rule = `on ${hash} ~*` } = given
  const { more } = users(rule, config)
  return { config, info: { executable }, more: { ...more, server: identity } }
}

interface GivenServer {
  readonly executable?: string
  readonly config?: Readonly<Record<string, string>>
  /** Of the default user. */
  readonly rule?: string
}

const ofPackage = { executable: '/usr/bin/redis-server' }
const open = { config: beyond, rule: 'on nopass ~*' }

const events = (text: string, perS: number): GivenFacts => ({
  config: { 'notify-keyspace-events': text },
  info: { total_commands_processed: perS * 10 },
  before: { total_commands_processed: 0 },
})

describeChecks(securityChecks, [
  {
    id: 'SEC01',
    fires: [
      ['nopass within reach', 'crit default', users('on nopass ~* &* +@all', beyond)],
      ['nopass on this machine', 'warn default', users('on nopass ~* &* +@all', here)],
      [
        'nopass behind protected mode',
        'warn default',
        {
          ...users('on nopass ~* +@all', { ...beyond, 'protected-mode': 'yes' }),
        },
      ],
      [
        'another one behind protected mode, which a password of the default user opens',
        'crit guest',
        {
          config: { ...beyond, 'protected-mode': 'yes' },
          more: {
            users: [
              { name: 'default', rule: `user default on ${hash} ~* +get` },
              { name: 'guest', rule: 'user guest on nopass ~* +get' },
            ],
          },
        },
      ],
      ['all rights', 'warn default', users(`on ${hash} ~* &* +@all`, here)],
      ['no TLS', 'warn tls', users('off', { ...beyond, 'tls-port': '0' })],
    ],
    silent: [
      ['switched off', users('off nopass ~* +@all', here)],
      ['words in names and patterns', users('off nopass ~on:* +@all', beyond)],
      ['a pattern of no password', users(`on ${hash} ~nopass:* +@all -@dangerous`, beyond)],
      ['without dangerous commands', users(`on ${hash} ~* +@all -@dangerous`, here)],
    ],
  },
  {
    id: 'SEC02',
    fires: [
      ['a known fault', 'warn', server('redis', '7.2.10')],
      ['over TLS alone', 'warn', server('redis', '8.8.1', { config: beyond })],
      ['of Valkey', 'warn', server('valkey', '8.1.3')],
      [
        'built here',
        'warn',
        server('redis', '7.0.15', { executable: '/usr/local/bin/redis-server' }),
      ],
      ['anybody gets in', 'crit', server('redis', '7.2.10', open)],
      ['a package may have it mended', 'info', server('redis', '7.0.15', ofPackage)],
      [
        'a package within reach of those who have a password',
        'info',
        server('redis', '7.0.15', { ...ofPackage, config: beyond }),
      ],
      [
        'a package, and anybody gets in',
        'warn',
        server('redis', '7.0.15', { ...ofPackage, ...open }),
      ],
      [
        'protected mode keeps others out',
        'warn',
        server('redis', '7.2.10', { ...open, config: { ...beyond, 'protected-mode': 'yes' } }),
      ],
    ],
    silent: [
      ['the latest patch', server('redis', '8.10.1', open)],
      ['without TLS', server('redis', '8.8.1')],
      ['of Valkey', server('valkey', '9.1.1')],
    ],
  },
  {
    id: 'SEC03',
    fires: [
      ['all events, busy', 'warn', events('AKE', 2_000)],
      ['all events, quiet', 'info', events('AKE', 10)],
    ],
    silent: [
      ['expiry alone', events('Ex', 2_000)],
      ['none', events('', 2_000)],
    ],
  },
])

test.each<[ServerKind, string]>([
  ['redis', 'apt-get changelog redis-server'],
  ['valkey', 'apt-get changelog valkey-server'],
])('how to ask the package of %s is said: %s', async (kind, command) => {
  const facts = factsOf(server(kind, '7.2.5', { executable: `/usr/bin/${kind}-server` }))
  const [finding] = await runChecks(securityChecks.slice(1, 2), facts)
  expect(finding?.remedy?.commands).toContain(command)
})

test('of a server without a package, the remedy names no package and no other server', async () => {
  const [finding] = await runChecks(securityChecks.slice(1, 2), factsOf(server('valkey', '8.1.3')))
  expect(finding?.remedy?.commands.join()).not.toMatch(/redis-server|apt/)
})

describe('what is known of versions', () => {
  test.each<[ServerKind, string, readonly string[]]>([
    ['redis', '7.0.15', ['urgent release of 2026-07-24', 'CVE-2025-49844']],
    ['redis', '7.2.15', []],
    ['redis', '8.0.4', ['urgent release of 2026-07-24', 'CVE-2026-23479, CVE-2026-25243']],
    ['redis', '9.0.0', []],
    ['valkey', '7.2.10', ['CVE-2025-49844']],
    ['valkey', '8.1.8', ['CVE-2026-63639']],
  ])('%s %s: open is %j', (kind, version, ids) => {
    expect(openAdvisories({ kind, version, isTls: false }).map(({ id }) => id)).toEqual(ids)
  })

  test.each<[ServerKind, string, string | undefined]>([
    ['redis', '3.2.1', '2022-04-27'],
    ['redis', '7.0.15', '2024-07-29'],
    ['redis', '7.4.10', undefined],
    ['valkey', '7.2.1', undefined],
  ])('%s %s: out of support since %s', (kind, version, since) => {
    expect(unsupportedSince(kind, version)).toBe(since)
  })
})
