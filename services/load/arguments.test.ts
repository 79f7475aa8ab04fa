import { expect, it } from 'vitest'
import { parseArguments, UsageError } from './arguments.ts'

it('has a default for everything', () => {
  expect(parseArguments([])).toEqual({
    wantsHelp: false,
    requestsPerSecond: undefined,
    seconds: 60,
    seed: 1,
    isJson: false,
    isCached: true,
    isComparison: false,
    url: undefined,
  })
})

it('takes what is given', () => {
  const words = ['--rate', '50', '--seconds=20', '--seed', '9', '--json', '--no-cache']
  expect(parseArguments(words)).toMatchObject({
    requestsPerSecond: 50,
    seconds: 20,
    seed: 9,
    isJson: true,
    isCached: false,
  })
})

it('refuses what is no number within its bounds, and what contradicts itself', () => {
  for (const words of [
    ['--rate', '0'],
    ['--rate', '2001'],
    ['--seconds', 'ten'],
    ['--seconds', '601'],
    ['--compare', '--no-cache'],
    ['--compare', '--url', 'http://127.0.0.1:4100'],
    ['--unknown'],
  ]) {
    expect(() => parseArguments(words), words.join(' ')).toThrow(UsageError)
  }
})
