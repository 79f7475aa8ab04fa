import { describe, expect, test } from 'vitest'
import { runContest } from '../../bench/contest-run.ts'
import type { Contest, Contestant } from '../../bench/contestant.ts'

const pace = { rounds: 3, warmUpRounds: 1, share: 1 }

function contestant(name: string, more: Partial<Contestant> = {}): Contestant {
  return {
    name,
    prepare: async () => {},
    run: async (operations) => operations,
    close: async () => {},
    ...more,
  }
}

function contest(...contestants: readonly Contestant[]): Contest {
  const bars = contestants.map(({ name }) => ({ contestant: name, against: 'base', ratioMax: 1e9 }))
  return { title: 'a contest', unit: 'get', operations: 10, base: 'base', contestants, bars }
}

describe('a contest', () => {
  test('names who could not be prepared, and goes on with the others', async () => {
    const prepare = () => Promise.reject(new Error('no connection'))

    const result = await runContest(contest(contestant('base'), contestant('a', { prepare })), pace)

    expect(result.failures).toEqual([{ name: 'a', reason: 'no connection' }])
    expect(result.contestants.map(({ name }) => name)).toEqual(['base'])
    expect(result.rounds).toBe(3)
  })

  test('takes the turns of one that fails on its way out of the result', async () => {
    let turns = 0
    const run = async (operations: number) => {
      if (++turns > 2) throw new Error('gone')
      return operations
    }

    const result = await runContest(contest(contestant('base'), contestant('a', { run })), pace)

    expect(result.failures).toEqual([{ name: 'a', reason: 'gone' }])
    expect(result.contestants.map(({ name }) => name)).toEqual(['base'])
  })

  test('counts a bar as missed when one of the two failed', async () => {
    const prepare = () => Promise.reject(new Error('no connection'))

    const result = await runContest(contest(contestant('base'), contestant('a', { prepare })), pace)

    const missed = result.bars.find((bar) => bar.contestant === 'a')
    expect(missed).toMatchObject({ isReached: false })
    expect(missed).not.toHaveProperty('ratio')
  })

  test('repeats a round that somebody spoilt', async () => {
    let turns = 0
    const run = async (operations: number) => (++turns === 2 ? operations - 1 : operations)

    const result = await runContest(contest(contestant('base'), contestant('a', { run })), pace)

    expect(result.repeatedRounds).toBe(1)
    expect(result.rounds).toBe(3)
    expect(result.failures).toEqual([])
  })

  test('sends home who spoils every round', async () => {
    const run = async () => 0

    const result = await runContest(contest(contestant('base'), contestant('a', { run })), pace)

    expect(result.failures).toMatchObject([{ name: 'a' }])
    expect(result.rounds).toBe(3)
  })

  test('is over when the base fails, and everybody is closed', async () => {
    const closed: string[] = []
    const prepare = () => Promise.reject(new Error('no server'))
    const close = (name: string) => async () => {
      closed.push(name)
    }
    const base = contestant('base', { prepare, close: close('base') })

    const run = runContest(contest(base, contestant('a', { close: close('a') })), pace)

    await expect(run).rejects.toThrow('base: no server')
    expect(closed).toEqual(['base', 'a'])
  })
})
