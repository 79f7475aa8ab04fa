import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Association, followersMax, itemsMax } from './association.ts'

const item = (key: string | number) => ({ key })

/** Reads of `first`, each followed by `next`. */
function seen(times: number, first: string, next: string, association = new Association()) {
  for (let time = 0; time < times; time++) {
    association.occurred(item(first))
    association.follow(item(first), item(next))
  }
  return association
}

function nextAfter(association: Association<{ readonly key: string | number }>, key: string) {
  return association.expectedAfter(item(key)).map(({ key: next }) => next)
}

describe('what is expected after a key', () => {
  test('is what came after it most of the time', () => {
    const association = seen(8, 'list', 'market')
    seen(3, 'list', 'other', association)
    expect(nextAfter(association, 'list')).toEqual(['market'])
  })

  test('is nothing after a coincidence', () => {
    expect(nextAfter(seen(1, 'list', 'market'), 'list')).toEqual([])
    expect(nextAfter(seen(2, 'list', 'market'), 'list')).toEqual(['market'])
  })

  test('is nothing for a key that was never read', () => {
    expect(nextAfter(new Association(), 'list')).toEqual([])
  })

  test('changes with habits', () => {
    const association = seen(1_000, 'list', 'before')
    seen(100, 'list', 'now', association)
    expect(nextAfter(association, 'list')).toEqual(['now'])
  })

  test('is found among many that come once', () => {
    const association = new Association<{ key: string | number }>()
    for (let time = 0; time < 40; time++) {
      seen(1, 'list', 'market', association)
      association.follow(item('list'), item(`once ${time}`))
    }
    expect(nextAfter(association, 'list')).toEqual(['market'])
  })
})

test('remembers the keys that were read last, and no more than it may', () => {
  const association = seen(4, 'list', 'market')
  for (let other = 0; other < itemsMax - 1; other++) association.occurred(item(other))
  expect(nextAfter(association, 'list')).toEqual(['market'])
  association.occurred(item('list'))
  association.occurred(item('one more'))
  expect([association.size, nextAfter(association, 'list')]).toEqual([itemsMax, ['market']])
  for (let other = 0; other < itemsMax; other++) association.occurred(item(`new ${other}`))
  expect([association.size, nextAfter(association, 'list')]).toEqual([itemsMax, []])
})

test('expects no more than it may, whatever follows what', () => {
  const pair = fc.tuple(fc.nat(40), fc.nat(40))
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 500 }), (pairs) => {
      const association = new Association<{ key: number }>()
      for (const [earlier, later] of pairs) {
        association.occurred({ key: earlier })
        association.follow({ key: earlier }, { key: later })
        expect(association.expectedAfter({ key: earlier }).length).toBeLessThanOrEqual(followersMax)
      }
    }),
  )
})
