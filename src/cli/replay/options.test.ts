import { expect, it } from 'vitest'
import { replayOptions } from './options.ts'

it('takes a thousandth, a hundredth and a tenth of the keys by default', () => {
  expect(replayOptions(['a.gz'], {})).toEqual({
    files: ['a.gz'],
    fractions: [0.001, 0.01, 0.1],
    isJson: false,
    hasCurve: false,
    hasPredictions: false,
  })
})

it.each([
  [0.5, [0.5]],
  ['0.02, 1', [0.02, 1]],
])('takes the fractions %j', (fraction, fractions) => {
  expect(replayOptions(['a'], { fraction })).toMatchObject({ fractions })
})

it.each([0, 1.5, -1, 'many', '0.1,', '', true, Array(17).fill(0.1).join()])(
  'refuses the fraction %j',
  (fraction) => {
    const refused = expect.objectContaining({ code: 'SP_OPTION_INVALID' })
    // What a flag is, and no text.
    expect(() => replayOptions(['a'], { fraction })).toThrow(refused)
  },
)

it('refuses to run without a file, or with too many', () => {
  const refused = expect.objectContaining({ code: 'SP_OPTION_INVALID' })
  expect(() => replayOptions([], {})).toThrow(refused)
  expect(() => replayOptions(Array(65).fill('a'), {})).toThrow(refused)
})
