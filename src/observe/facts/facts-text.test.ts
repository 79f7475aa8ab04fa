import { describe, expect, it } from 'vitest'
import { patternCharsMax } from '../../core/glob.ts'
import type { ProcessFacts } from '../process-facts.ts'
import { processOf } from '../scaling/process.test-support.ts'
import { factsCharsMax, formatFacts, parseFacts } from './facts-text.ts'

function factsWith(given: Partial<ProcessFacts>): ProcessFacts {
  return { ...processOf(), ...given }
}

function keysOf(chars: number): ProcessFacts['usedKeys'] {
  const key = { family: 'item', key: 'x'.repeat(chars), reads: 1, error: 0, share: 0 }
  return [key]
}

describe('published facts', () => {
  it('come back as they were', () => {
    const facts = factsWith({ service: 'api', usedKeys: keysOf(10) })
    expect(parseFacts(formatFacts(facts))).toEqual(JSON.parse(JSON.stringify(facts)))
  })

  it('leave out their largest parts where they would be too long, and name them', () => {
    const pages = [{ page: 'p'.repeat(100_000), requests: 1, errors: 0, p95Ms: 1 }]
    const facts = factsWith({ usedKeys: keysOf(200_000), parts: { pages } })
    const text = formatFacts(facts)
    expect(text.length).toBeLessThanOrEqual(factsCharsMax)
    const found = parseFacts(text)
    expect(found).toMatchObject({ dropped: ['usedKeys'], usedKeys: [] })
    expect(found?.parts.pages).toHaveLength(1)
  })

  it('are short even where the counters of families alone are too long', () => {
    const { stats } = factsWith({})
    const family = {
      reads: { memory: 1, redis: 1, source: 1, joined: 1, stale: 1, none: 1 },
      ...{ warmed: 0, loads: 0, loadErrors: 0, stores: {}, sets: 0, invalidations: 0 },
    }
    const names = Array.from({ length: 3_000 }, (_, at) => `family${at}`)
    const families = Object.fromEntries(names.map((name) => [name, family]))
    const text = formatFacts(factsWith({ stats: { ...stats, families } }))
    expect(text.length).toBeLessThanOrEqual(factsCharsMax)
    expect(parseFacts(text)?.dropped).toContain('stats')
  })

  it.each(['families', 'coherence', 'memory', 'breakers', 'limiters'])(
    'without %s of the counters are not taken for ours',
    (name) => {
      const facts = factsWith({})
      const text = JSON.stringify({ ...facts, stats: { ...facts.stats, [name]: undefined } })
      expect(parseFacts(text)).toBeUndefined()
    },
  )

  it('tell no breadth where the version before published them', () => {
    const text = JSON.stringify({ ...factsWith({}), breadth: undefined })
    expect(parseFacts(text)?.breadth).toBeUndefined()
    expect(parseFacts(text)).toBeDefined()
  })

  it.each<[string, unknown]>([
    ['no text', { toString: 1, valueOf: 1 }],
    ['longer than a pattern may be', 'x'.repeat(patternCharsMax + 1)],
  ])('with a name of an invalidation that is %s are not taken for ours', (_what, name) => {
    const breadth = { ...factsWith({}).breadth, lastWholesale: name }
    expect(parseFacts(JSON.stringify({ ...factsWith({}), breadth }))).toBeUndefined()
    const good = { ...breadth, lastWholesale: 'x'.repeat(patternCharsMax) }
    expect(parseFacts(JSON.stringify({ ...factsWith({}), breadth: good }))).toBeDefined()
  })

  it('with a template that nobody can read are not taken for ours', () => {
    const families = (template: unknown) => ({ item: { template } })
    for (const template of [7, 'item:{', 'item:{id']) {
      const text = JSON.stringify({ ...factsWith({}), families: families(template) })
      expect(parseFacts(text), String(template)).toBeUndefined()
    }
    const good = JSON.stringify({ ...factsWith({}), families: families('item:{id}') })
    expect(parseFacts(good)).toBeDefined()
  })

  it('of another version, or of nobody, are not taken for ours', () => {
    const text = formatFacts(factsWith({}))
    expect(parseFacts(text.replace('"schemaVersion":1', '"schemaVersion":2'))).toBeUndefined()
    for (const other of ['', 'null', '7', '{}', '{"schemaVersion":1}', text.slice(0, 50)]) {
      expect(parseFacts(other)).toBeUndefined()
    }
  })
})
