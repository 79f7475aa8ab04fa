import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { sampledKeysMax } from '../../memory/index.ts'
import { type TraceCurve, traceCurve } from './curve.ts'
import { exactCurve } from './stack-distances.ts'
import type { Trace } from './trace.ts'
import { readTrace } from './trace-reader.ts'

const folder = join(import.meta.dirname, '../../../bench/traces')
const files = readdirSync(folder).filter((name) => name.endsWith('.gz'))
const accessesMax = 500_000
const errorMax = { sampled: 0.02, inUse: 0.05 }

/** What runs in a second; the bench takes the whole. */
function cut(trace: Trace): Trace {
  const keys = trace.keys.subarray(0, accessesMax)
  // Keys are numbered in the order of their first appearance.
  const keyCount = keys.reduce((largest, key) => Math.max(largest, key), 0) + 1
  return { ...trace, keys, keyCount }
}

it('there are six traces', () => {
  expect(files).toHaveLength(6)
})

describe.each(files)('the estimated miss-ratio curve of %s', (file) => {
  let curve: TraceCurve
  beforeAll(async () => {
    curve = traceCurve(cut(await readTrace(join(folder, file), () => {})))
  }, 60_000)

  it('is within 0.02 of the exact one on average, from at most 8,192 keys', () => {
    expect(curve.error.sampled).toBeLessThanOrEqual(errorMax.sampled)
    expect(curve.sampledKeys).toBeLessThanOrEqual(Math.min(8_192, sampledKeysMax))
  })

  it('is within 0.05 from one hit in a hundred of a cache in use', () => {
    expect(curve.error.inUse).toBeLessThanOrEqual(errorMax.inUse)
    expect(curve.toldShare).toBeLessThanOrEqual(0.01)
  })
})

it('the exact curve is what caches of each size miss', () => {
  const keys = Uint32Array.from({ length: 500 }, (_, at) => Math.floor(((at * 37) % 101) ** 0.6))
  const trace: Trace = { name: 'small', keys, keyCount: 16, badLines: 0, isCut: false }
  const curve = exactCurve(trace)
  for (let size = 1; size <= 16; size++) {
    const held = new Set<number>()
    let misses = 0
    for (const key of keys) {
      if (!held.delete(key)) misses++
      held.add(key)
      if (held.size > size) held.delete([...held][0] ?? 0)
    }
    expect(curve[size]).toBeCloseTo(misses / keys.length, 10)
  }
})
