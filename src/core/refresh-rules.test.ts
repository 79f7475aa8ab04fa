import { expect, test } from 'vitest'
import { family } from './family.ts'
import { shape } from './shape.ts'

const given = (options: object) =>
  family('price:{id}', { value: shape<{ cents: number }>(), ttl: '60s', ...options }).rules
const volatility = {
  distance: (before: { cents: number }, after: { cents: number }) =>
    Math.abs(after.cents - before.cents),
  calm: 1,
  wild: 10,
  longest: '10m',
  shortest: '10s',
} as const

test('a family without these options ends its values with their TTL', () => {
  expect(given({}).refresh).toEqual({
    isOn: false,
    staleMs: 0,
    graceMs: 0,
    maxStaleMs: 60_000,
    softTimeoutMs: Number.POSITIVE_INFINITY,
    loadTimeoutMs: Number.POSITIVE_INFINITY,
    beta: 0,
  })
})

test('options are resolved to milliseconds', () => {
  const { refresh, lives } = given({
    staleWhileRevalidate: '10s',
    staleIfError: '1h',
    maxStale: '30m',
    softTimeout: '200ms',
    loadTimeout: '5s',
    earlyRefresh: { beta: 2 },
    adaptiveTtl: {
      access: { extend: '5m' },
      activity: { ttl: '30s', for: '10m' },
      volatility,
    },
  })
  expect(refresh).toEqual({
    isOn: true,
    staleMs: 10_000,
    graceMs: 3_600_000,
    maxStaleMs: 1_800_000,
    softTimeoutMs: 200,
    loadTimeoutMs: 5_000,
    beta: 2,
  })
  expect(lives).toMatchObject({
    access: { extendMs: 300_000 },
    activity: { ttlMs: 30_000, forMs: 600_000 },
    volatility: { calm: 1, wild: 10, longestMs: 600_000, shortestMs: 10_000 },
  })
})

test('by default no value is older than the longest TTL and the longer window', () => {
  const windows = { staleWhileRevalidate: '10s', staleIfError: '40s' }
  expect(given(windows).refresh.maxStaleMs).toBe(100_000)
  expect(given({ ...windows, adaptiveTtl: { volatility } }).refresh.maxStaleMs).toBe(640_000)
  expect(given({ negativeTtl: '2m' }).refresh.maxStaleMs).toBe(120_000)
})

test('earlyRefresh: true is a beta of 1', () => {
  expect(given({ earlyRefresh: true }).refresh).toMatchObject({ isOn: true, beta: 1 })
})

const refused: readonly (readonly [string, object])[] = [
  ['a window that is no duration', { staleWhileRevalidate: 'soon' }],
  ['a window in seconds by mistake', { staleIfError: 30 }],
  ['a bound below the TTL', { maxStale: '59s' }],
  ['a bound below what volatility may give', { maxStale: '5m', adaptiveTtl: { volatility } }],
  ['a soft timeout without an old value', { softTimeout: '1s' }],
  [
    'a soft timeout after the hard one',
    { softTimeout: '2s', loadTimeout: '1s', staleIfError: '9s' },
  ],
  ['a beta of 0', { earlyRefresh: { beta: 0 } }],
  ['no early refresh by false', { earlyRefresh: false }],
  ['access without a bound', { adaptiveTtl: { access: { extend: '5m' } } }],
  ['access without a time', { maxStale: '1h', adaptiveTtl: { access: {} } }],
  ['activity without its end', { adaptiveTtl: { activity: { ttl: '30s' } } }],
  ['activity for years', { adaptiveTtl: { activity: { ttl: '30s', for: '400d' } } }],
  [
    'volatility without a distance',
    { adaptiveTtl: { volatility: { ...volatility, distance: 1 } } },
  ],
  ['wild below calm', { adaptiveTtl: { volatility: { ...volatility, wild: 1 } } }],
  ['shortest above longest', { adaptiveTtl: { volatility: { ...volatility, shortest: '11m' } } }],
]

test.each(refused)('refuses %s', (_, options) => {
  expect(() => given(options)).toThrowError(expect.objectContaining({ code: 'SP_OPTION_INVALID' }))
})

test('refuses unknown fields inside, by name', () => {
  const code = 'SP_OPTION_UNKNOWN'
  for (const options of [
    { earlyRefresh: { betta: 1 } },
    { adaptiveTtl: { acces: { extend: '5m' } } },
    { adaptiveTtl: { activity: { ttl: '30s', for: '1m', fro: '1m' } } },
  ]) {
    expect(() => given(options)).toThrowError(expect.objectContaining({ code }))
  }
})

test('refuses what reloads in a family that nobody loads', () => {
  const setOnly = { setOnly: true, order: () => 1 }
  for (const options of [
    { staleWhileRevalidate: '5s' },
    { staleIfError: '5s' },
    { earlyRefresh: true },
    { adaptiveTtl: { activity: { ttl: '30s', for: '1m' } } },
  ]) {
    expect(() => given({ ...setOnly, ...options })).toThrow("nothing beside 'setOnly'")
  }
})

test('refuses a distance that is none when it is measured', () => {
  const distance = () => Number.NaN
  const { lives } = given({ adaptiveTtl: { volatility: { ...volatility, distance } } })
  expect(() => lives.volatility?.distance(1, 2)).toThrowError(
    expect.objectContaining({ code: 'SP_OPTION_INVALID' }),
  )
})
