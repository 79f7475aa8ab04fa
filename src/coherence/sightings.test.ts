import { beforeEach, describe, expect, it } from 'vitest'
import { Sightings, sightingsMax } from './sightings.ts'

let nowMs = 0
let sightings: Sightings

beforeEach(() => {
  nowMs = 100
  sightings = new Sightings(() => nowMs)
})

describe('sightings', () => {
  it('keep the newest version, by order or by birth', () => {
    sightings.seen('a', version({ bornMs: 5 }))
    sightings.seen('a', version({ bornMs: 4 }))
    expect(sightings.of('a')?.version?.bornMs).toBe(5)
    sightings.seen('a', version({ bornMs: 4, order: '2' }))
    expect(sightings.of('a')?.version?.order).toBe('2')
  })

  it('forget the version when its key is invalidated, and note when that was', () => {
    sightings.seen('a', version({ bornMs: 5 }))
    nowMs = 200
    sightings.invalidated(['a', 'b'], 7)
    expect(sightings.of('a')).toEqual({ version: undefined, invalidatedMs: 7, notedMs: 200 })
    nowMs = 300
    sightings.seen('a', version({ bornMs: 8 }))
    expect(sightings.of('a')).toMatchObject({ invalidatedMs: 7, notedMs: 200 })
  })

  it('are of a bounded number of keys', () => {
    sightings.invalidated(['first'], 1)
    const keys = Array.from({ length: sightingsMax }, (_, key) => `key:${key}`)
    sightings.invalidated(keys, 2)
    expect(sightings.count).toBe(sightingsMax)
    expect(sightings.of('first')).toBeUndefined()
  })
})

function version(given: { readonly bornMs: number; readonly order?: string }) {
  return { order: '', clock: 0, tags: [], ...given }
}
