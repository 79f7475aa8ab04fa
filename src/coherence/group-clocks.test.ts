import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GroupClocks, tagClocksMax } from './group-clocks.ts'

describe('what covers an entry', () => {
  test('everything does while nothing was invalidated', () => {
    expect(new GroupClocks().covers(0, ['user:7'])).toBe(true)
  })

  test('a load that began at the clock of its tag or later is valid', () => {
    const groups = new GroupClocks()
    groups.raiseTag('user:7', 100)
    expect(groups.covers(99, ['user:7'])).toBe(false)
    expect(groups.covers(100, ['user:7'])).toBe(true)
    expect(groups.covers(101, ['user:7'])).toBe(true)
  })

  test('a tag that nobody used is remembered for entries that learn it later', () => {
    const groups = new GroupClocks()
    groups.raiseTag('user:7', 100)
    groups.raiseTag('user:8', 200)
    expect(groups.covers(50, ['user:7'])).toBe(false)
    expect(groups.covers(150, ['user:7'])).toBe(true)
  })

  test('a tag of another entry voids nothing', () => {
    const groups = new GroupClocks()
    groups.raiseTag('user:8', 100)
    expect(groups.covers(50, ['user:7'])).toBe(true)
  })

  test('a raised floor voids every older entry, whatever its tags', () => {
    const groups = new GroupClocks()
    groups.raiseFloor(100)
    expect(groups.covers(99, [])).toBe(false)
    expect(groups.covers(100, [])).toBe(true)
  })

  test('an older clock that arrives late lowers neither a tag nor the floor', () => {
    const groups = new GroupClocks()
    groups.raiseTag('user:7', 100)
    groups.raiseTag('user:7', 40)
    groups.raiseFloor(90)
    groups.raiseFloor(30)
    expect(groups.covers(95, ['user:7'])).toBe(false)
    expect(groups.covers(85, [])).toBe(false)
  })

  test('another lineage of clocks begins with none', () => {
    const groups = new GroupClocks()
    groups.raiseTag('user:7', 100)
    groups.raiseFloor(90)
    groups.reset()
    expect(groups.covers(1, ['user:7'])).toBe(true)
    expect([groups.floor, groups.newest, groups.tagCount]).toEqual([0, 0, 0])
    groups.raiseTag('user:7', 5)
    expect(groups.covers(4, ['user:7'])).toBe(false)
  })
})

describe('the bound on tags', () => {
  const full = () => {
    const groups = new GroupClocks()
    for (let index = 0; index < tagClocksMax; index++)
      groups.raiseTag(`tag ${index}`, 1_000 + index)
    return groups
  }

  test('is never exceeded, and beyond it the oldest becomes the floor', () => {
    const groups = full()
    expect([groups.tagCount, groups.floor]).toEqual([tagClocksMax, 0])
    groups.raiseTag('one more', 50_000)
    expect([groups.tagCount, groups.floor]).toEqual([tagClocksMax, 1_000])
    expect(groups.covers(999, ['tag 0'])).toBe(false)
  })

  test('forgets the tag that was longest not invalidated', () => {
    const groups = full()
    groups.raiseTag('tag 0', 40_000)
    groups.raiseTag('one more', 50_000)
    expect(groups.floor).toBe(1_001)
    expect(groups.covers(1_500, ['tag 0'])).toBe(false)
  })
})

test('never serves what a map without bound and short cuts would not', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('tag' as const), tag: fc.nat(5), clock: fc.nat(30) }),
    fc.record({ kind: fc.constant('floor' as const), tag: fc.constant(0), clock: fc.nat(30) }),
  )
  const entry = fc.record({ clock: fc.nat(30), tags: fc.array(fc.nat(5), { maxLength: 3 }) })
  fc.assert(
    fc.property(fc.array(step), fc.array(entry), (steps, entries) => {
      const groups = new GroupClocks()
      const clocks = new Map<string, number>()
      let floor = 0
      for (const { kind, tag, clock } of steps) {
        const name = `tag ${tag}`
        if (kind === 'tag') {
          groups.raiseTag(name, clock)
          clocks.set(name, Math.max(clock, clocks.get(name) ?? 0))
        } else {
          groups.raiseFloor(clock)
          floor = Math.max(floor, clock)
        }
      }
      for (const { clock, tags } of entries) {
        const names = tags.map((tag) => `tag ${tag}`)
        const isValid = clock >= floor && names.every((name) => (clocks.get(name) ?? 0) <= clock)
        expect(groups.covers(clock, names)).toBe(isValid)
      }
    }),
  )
})
