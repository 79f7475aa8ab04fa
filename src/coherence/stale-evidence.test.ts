import { describe, expect, it } from 'vitest'
import type { Slot } from '../core/slot.ts'
import { birthMarginMs, memoryEvidence, slotEvidence } from './stale-evidence.ts'

const held = { clock: 10, tags: ['user:7'], order: '' }
const never = () => 0

describe('evidence against memory', () => {
  it('is a tag that was invalidated after the load', () => {
    expect(memoryEvidence(held, undefined, (tag) => (tag === 'user:7' ? 11 : 0))).toBe('group')
    expect(memoryEvidence(held, undefined, () => 10)).toBeUndefined()
  })

  it('is a quarantine, and a floor above the order', () => {
    const writers = [{ token: 't', deadlineMs: 0 }]
    const quarantine: Slot = { kind: 'quarantine', stamp: 's', flagged: false, order: '', writers }
    expect(memoryEvidence(held, quarantine, never)).toBe('quarantined')
    const floor: Slot = { kind: 'floor', stamp: 's', order: '5' }
    expect(memoryEvidence({ ...held, order: '4' }, floor, never)).toBe('floor')
    expect(memoryEvidence({ ...held, order: '5' }, floor, never)).toBeUndefined()
  })

  it('is neither an empty slot nor a lease: Redis evicts what it likes', () => {
    expect(memoryEvidence(held, undefined, never)).toBeUndefined()
    const [stamp, epoch, token, schema] = ['s', 'e', 't', 'v']
    const lease: Slot = {
      ...{ kind: 'lease', stamp, epoch, token, schema, minimum: '', deadlineMs: 0 },
    }
    expect(memoryEvidence(held, lease, never)).toBeUndefined()
  })
})

describe('evidence against a slot', () => {
  const seen = { bornMs: 10_000, order: '', clock: 0, tags: [] }
  const sighting = { version: seen, invalidatedMs: 0, notedMs: 0 }

  it('is a birth before that of a value seen, by more than clocks may be wrong', () => {
    const bornMs = 10_000 - birthMarginMs
    expect(slotEvidence({ bornMs, order: '' }, sighting)).toBeUndefined()
    expect(slotEvidence({ bornMs: bornMs - 1, order: '' }, sighting)).toBe('birth')
  })

  it('is a lower order than was seen', () => {
    const ordered = { ...sighting, version: { ...seen, order: '5' } }
    expect(slotEvidence({ bornMs: 20_000, order: '4' }, ordered)).toBe('order')
    expect(slotEvidence({ bornMs: 20_000, order: '5' }, ordered)).toBeUndefined()
  })

  it('is a birth before an invalidation, unless that may have left a high order', () => {
    const told = { version: undefined, invalidatedMs: 10_000, notedMs: 0 }
    expect(slotEvidence({ bornMs: 9_000, order: '' }, told)).toBe('invalidated')
    expect(slotEvidence({ bornMs: 9_000, order: '7' }, told)).toBeUndefined()
    expect(slotEvidence({ bornMs: 10_001, order: '' }, told)).toBeUndefined()
  })
})
