import { expect, test } from 'vitest'
import type { Health } from './health.ts'
import { nextLookMs, preferredPlace } from './preference.ts'

const [nowMs, returnMs] = [100, 30]
const off: Health = { is: 'off', sinceMs: 0 }
const resting: Health = { is: 'resting', sinceMs: 0 }
const up = (sinceMs: number): Health => ({ is: 'up', sinceMs })
const down = (giveUpMs: number): Health => ({ is: 'down', sinceMs: 0, giveUpMs })

test.each<[string, readonly Health[], number | undefined, number | undefined]>([
  ['the first that is on opens', [off, resting, resting], undefined, 1],
  ['nothing opens while all are off', [off, off], undefined, undefined],
  ['what is up stays', [up(90), resting], 0, 0],
  ['what is down stays until it is given up', [down(101), resting], 0, 0],
  ['what is given up is left for the next', [down(100), resting], 0, 1],
  ['the next is the next that is on', [down(100), off, resting], 0, 2],
  ['what is given up stays where nothing is behind it', [down(0), down(0)], 1, 1],
  ['what was well for the return time is returned to', [up(70), up(0)], 1, 0],
  ['what was well for less is not', [up(71), up(0)], 1, 1],
  ['what was well for less is not, though the one in use is given up', [up(71), down(0)], 1, 1],
  ['the best of those that are well', [down(0), up(0), up(0), up(0)], 3, 1],
  ['what was switched off is left for the next', [off, resting], 0, 1],
  ['the last, switched off, is left for the best that is on', [down(0), up(99), off], 2, 0],
  ['all switched off', [off, off], 1, undefined],
])('%s', (_name, healths, active, place) => {
  expect(preferredPlace({ healths, active, nowMs, returnMs })).toBe(place)
})

test('the next look is when the one in use is given up, or a better one may be returned to', () => {
  const at = (healths: readonly Health[], active: number) =>
    nextLookMs({ healths, active, nowMs, returnMs })
  expect(at([down(120), resting], 0)).toBe(120)
  expect(at([up(80), down(125)], 1)).toBe(110)
  expect(at([down(99), up(80)], 1)).toBeUndefined()
  expect(at([up(0), resting], 0)).toBeUndefined()
})
