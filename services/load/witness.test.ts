import { expect, it } from 'vitest'
import { Witness } from './witness.ts'

const user = {
  id: 1,
  telegramId: 7,
  name: 'A',
  balance: 1_000,
  revision: 1,
  createdAt: '2026-01-01T00:00:00Z',
}

function witnessOf(held: readonly number[]): Witness {
  return new Witness({ users: [user], held: new Map([[user.id, held]]) })
}

it('judges what is read during a trade by what became of that trade', async () => {
  const witness = witnessOf([4])
  await witness.during(user.id, async () => {
    witness.positions(user.id, new Set(), { beganMs: 20, endedMs: 30 })
    witness.balance(user.id, 1_005, { beganMs: 20, endedMs: 30 })
    expect(witness.findings.judged).toBe(0)
    witness.account(user.id).positions.closed(4, { beganMs: 10, endedMs: 40 })
    witness.account(user.id).balance.traded(1_005, { beganMs: 10, endedMs: 40 })
  })
  expect(witness.findings).toEqual({ judged: 2, stale: 0, wrong: 0, examples: [] })
})

it('counts what is stale and what is wrong, and shows examples', () => {
  const witness = witnessOf([4])
  const late = { beganMs: 60_000, endedMs: 60_001 }
  witness.sawPrice('m', 10, 1_000)
  witness.positions(user.id, new Set(), late)
  witness.balance(user.id, 3, late)
  witness.prices([{ marketId: 'm', seq: 9 }], late)
  const { judged, stale, wrong, examples } = witness.findings
  expect({ judged, stale, wrong }).toEqual({ judged: 3, stale: 2, wrong: 1 })
  expect(examples).toHaveLength(3)
})

it('judges nothing of a user whose trade had no answer', () => {
  const witness = witnessOf([4])
  witness.doubt(user.id)
  witness.positions(user.id, new Set(), { beganMs: 60_000, endedMs: 60_001 })
  expect(witness.findings.judged).toBe(0)
})
