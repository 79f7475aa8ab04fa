import { expect, test } from 'vitest'
import { nearestName } from './nearest-name.ts'

const KNOWN = ['service', 'redis', 'namespace', 'sources', 'ttl', 'negativeTtl']

test.each([
  ['redsi', 'redis'],
  ['Redis', 'redis'],
  ['source', 'sources'],
  ['nameSpace', 'namespace'],
  ['negativeTTL', 'negativeTtl'],
  ['tll', 'ttl'],
])('takes %s for %s', (name, meant) => {
  expect(nearestName(name, KNOWN)).toBe(meant)
})

test.each(['colour', 'x', '', 'y'.repeat(1_000)])('has no guess for %s', (name) => {
  expect(nearestName(name, KNOWN)).toBeUndefined()
})
