import { expect, test } from 'vitest'
import { choiceText, slugParts } from './slug.ts'

test('puts all contracts of one game into one event', () => {
  const slugs = ['aec-mlb-bos-nym-2026-07-10', 'tsc-mlb-bos-nym-2026-07-10-5pt5']

  expect(slugs.map((slug) => slugParts(slug).event)).toEqual([
    'mlb-bos-nym-2026-07-10',
    'mlb-bos-nym-2026-07-10',
  ])
})

test('takes the day as the choice when the question is by when', () => {
  const { event, choice, endAtMs } = slugParts('cpc-btc-150k-11-30-2026')

  expect({ event, choice }).toEqual({ event: 'btc-150k', choice: '11-30-2026' })
  expect(endAtMs).toBe(Date.parse('2026-11-30T23:59:00Z'))
})

test('groups by the word with the year when there is no date', () => {
  expect(slugParts('ipcc-2026ipos-mistral-ai')).toEqual({
    event: '2026ipos',
    choice: 'mistral-ai',
    endAtMs: undefined,
  })
})

test('keeps groups apart that only have a year', () => {
  expect(slugParts('tpoyc-2026-dontru').event).not.toBe(slugParts('other-2026-dontru').event)
})

test('answers for any text', () => {
  for (const slug of ['', '-', 'one', 'x-9999-99-99', '2026']) {
    expect(slugParts(slug).event).toBeTypeOf('string')
    expect(slugParts(slug).endAtMs ?? 0).not.toBeNaN()
  }
})

test('writes choices as people do', () => {
  expect(choiceText('neg-1pt5')).toBe('-1.5')
  expect(choiceText('gte74lt75f')).toBe('≥ 74, < 75 °F')
  expect(choiceText('gt3pt6pct')).toBe('> 3.6%')
  expect(choiceText('anthropic')).toBe('anthropic')
})
