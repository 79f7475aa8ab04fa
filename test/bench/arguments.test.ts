import { describe, expect, test } from 'vitest'
import { parseArguments, UsageError, usage } from '../../bench/arguments.ts'

const scenarios = ['memory-get', 'load']

describe('arguments of the benchmarks', () => {
  test('without any, all scenarios are run in full', () => {
    expect(parseArguments([], scenarios)).toEqual({ isQuick: false, wantsHelp: false, only: [] })
  })

  test('scenarios are named one by one or in a list, each once', () => {
    const { only, isQuick } = parseArguments(
      ['--quick', '--only', 'load,memory-get', '--only=load'],
      scenarios,
    )
    expect(only).toEqual(['load', 'memory-get'])
    expect(isQuick).toBe(true)
  })

  test.each([
    [['--fast'], /--fast/],
    [['load'], /load/],
    [['--only'], /--only/],
    [['--quick=5'], /--quick/],
    [['--only', 'lod'], /'lod'.*memory-get, load/],
    [['--only', ''], /no scenario ''/],
  ])('%j is refused with what is wrong', (words, message) => {
    expect(() => parseArguments(words, scenarios)).toThrow(UsageError)
    expect(() => parseArguments(words, scenarios)).toThrow(message)
  })

  test('the usage names every scenario', () => {
    for (const name of scenarios) expect(usage(scenarios)).toContain(name)
  })
})
