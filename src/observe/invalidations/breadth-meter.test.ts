import { beforeEach, expect, it } from 'vitest'
import type { DeclaredFamily } from '../../core/about.ts'
import type { InvalidateEvent } from '../../core/outcome.ts'
import { BreadthMeter } from './breadth-meter.ts'

const position: DeclaredFamily = {
  ...{ template: 'position:{user}:{market}', version: '1', ttlMs: 1_000, hitTarget: undefined },
  ...{ codec: 'json', hasSource: true, isSensitive: false, isEncrypted: false, maxStaleMs: 1_000 },
}
const asked: InvalidateEvent = {
  ...{ kind: 'invalidate', via: 'call', keys: ['position:7:btc'], tags: [], origin: 'api' },
  ...{ reason: 'order filled', subject: 'user:7', reached: 2, pending: [], ms: 1 },
}

let meter: BreadthMeter

beforeEach(() => {
  meter = new BreadthMeter({ position })
})

function tell(...given: readonly Partial<InvalidateEvent>[]): void {
  for (const one of given) meter.notify({ ...asked, ...one })
}

it('counts the keys of what this process asks for, once', () => {
  const keys = Array.from({ length: 500 }, (_, id) => `position:${id}:btc`)
  for (let calls = 0; calls < 94; calls++) tell({})
  for (let calls = 0; calls < 6; calls++) tell({ keys })
  tell({ keys, via: 'message' }, { keys, via: 'retry' })

  const { calls, keysP95, keysMax } = meter.counts()
  expect({ calls, keysMax }).toEqual({ calls: 100, keysMax: 500 })
  expect(keysP95).toBeGreaterThan(450)
})

it('counts no group among the keys: how many it has nobody says', () => {
  tell({ keys: [], tags: ['user:7'] }, { keys: ['position:7:btc'], tags: ['user:7'] })
  expect(meter.counts()).toMatchObject({ calls: 0, wholesale: 0 })
})

it.each(['position:*', 'family:position', '*', 'pos*'])('tells %s for one subject', (name) => {
  tell({ keys: [name] })
  expect(meter.counts()).toMatchObject({ wholesale: 1, lastWholesale: name })
})

it.each<[string, Partial<InvalidateEvent>]>([
  ['a pattern with the id of the subject', { keys: ['position:7:*'] }],
  ['a pattern over one part', { keys: ['position:*:btc'] }],
  ['keys', {}],
  ['a family for nobody in particular', { keys: ['family:position'], subject: undefined }],
])('does not tell %s', (_what, given) => {
  tell(given)
  expect(meter.counts()).toMatchObject({ wholesale: 0, lastWholesale: undefined })
})
