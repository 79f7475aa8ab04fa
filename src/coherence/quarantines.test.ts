import { describe, expect, it } from 'vitest'
import { type Placement, Quarantines, quarantinedKeysMax } from './quarantines.ts'

function placementOf(partition: number, ...keys: readonly string[]): Placement {
  return { partition, asks: keys.map((key) => ({ key, token: 'token' })), reason: '' }
}

describe('quarantines', () => {
  it('are missing until they have been placed', () => {
    const quarantines = new Quarantines()
    const placement = placementOf(0, 'item:1')
    quarantines.begin(placement)
    quarantines.want(placement)
    const before = quarantines.missing(0, 1)
    quarantines.placed(placement, 1)
    expect(before).toEqual([placement])
    expect(quarantines.missing(0, 1)).toEqual([])
  })

  it('are missing again on a new connection', () => {
    const quarantines = new Quarantines()
    const placement = placementOf(0, 'item:1')
    quarantines.begin(placement)
    quarantines.want(placement)
    quarantines.placed(placement, 1)
    expect(quarantines.missing(0, 2)).toEqual([placement])
  })

  it('are missing again when they could not be renewed', () => {
    const quarantines = new Quarantines()
    const placement = placementOf(0, 'item:1')
    quarantines.begin(placement)
    quarantines.want(placement)
    quarantines.placed(placement, 1)
    quarantines.lapsed(placement)
    expect(quarantines.missing(0, 1)).toEqual([placement])
  })

  it('stay in place when they are wanted a second time', () => {
    const quarantines = new Quarantines()
    const placement = placementOf(0, 'item:1')
    quarantines.begin(placement)
    quarantines.want(placement)
    quarantines.placed(placement, 1)
    quarantines.want(placement)
    expect(quarantines.missing(0, 1)).toEqual([])
    expect(quarantines.keyCount).toBe(1)
  })

  it('are missing in their own partition only', () => {
    const quarantines = new Quarantines()
    const placement = placementOf(1, 'item:1')
    quarantines.begin(placement)
    quarantines.want(placement)
    expect(quarantines.missing(1, 1)).toEqual([placement])
    expect(quarantines.missing(0, 1)).toEqual([])
  })

  it('leave nothing behind when their write has ended, whatever answers later', () => {
    const quarantines = new Quarantines()
    const placement = placementOf(0, 'item:1', 'item:2')
    quarantines.begin(placement)
    quarantines.want(placement)
    quarantines.forget(placement)
    quarantines.placed(placement, 1)
    quarantines.lapsed(placement)
    expect(quarantines.missing(0, 1)).toEqual([])
    expect(quarantines.keyCount).toBe(0)
  })

  it('have room for a bounded number of keys', () => {
    const quarantines = new Quarantines()
    const keys = Array.from({ length: quarantinedKeysMax }, (_, index) => `item:${index}`)
    quarantines.begin(placementOf(0, ...keys))
    expect(quarantines.hasRoomFor(1)).toBe(false)
    expect(quarantines.hasRoomFor(0)).toBe(true)
  })
})
