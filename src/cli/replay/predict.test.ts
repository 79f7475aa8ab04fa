import { expect, it } from 'vitest'
import { SeededChance } from '../../testing/index.ts'
import { PredictedReplay, type Prediction } from './predict.ts'
import { predictionLines } from './predict-table.ts'

const groupSize = 8

/** Groups of keys that are read in their order, one after the other by chance. */
function grouped(): Uint32Array {
  const chance = new SeededChance(1)
  const groups = Array.from({ length: 4_000 }, () => chance.below(150))
  return Uint32Array.from(
    groups.flatMap((group) =>
      Array.from({ length: groupSize }, (_, member) => group * groupSize + member),
    ),
  )
}

function shuffled(keys: Uint32Array): Uint32Array {
  const chance = new SeededChance(2)
  const places = new Map([...keys.keys()].map((at) => [at, chance.unit()]))
  const order = [...keys.keys()].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
  return Uint32Array.from(order, (at) => keys[at] ?? 0)
}

function predictionOf(keys: Uint32Array, distance: number): Prediction {
  const trace = { name: 'made', keys, keyCount: 1_200, badLines: 0, isCut: false }
  const replay = new PredictedReplay(trace, { fraction: 0.1, capacity: 120, distance })
  for (let at = 0; at < keys.length; at++) replay.read(at)
  return replay.result()
}

it('gains hits where keys are read together, and less the longer a load takes', () => {
  const [none, some, most] = [20, 5, 0].map((distance) => predictionOf(grouped(), distance))
  const gain = ({ hitRatio, hitRatioPredicted }: Prediction) => hitRatioPredicted - hitRatio
  if (none === undefined || some === undefined || most === undefined) throw new Error('none')
  expect(gain(most)).toBeGreaterThan(0.5)
  expect(gain(some)).toBeGreaterThan(0.1)
  expect(gain(some)).toBeLessThan(gain(most))
  expect(Math.abs(gain(none))).toBeLessThan(0.01)
  expect(most.state).toBe('on')
  expect(most.precision).toBeGreaterThan(0.9)
  expect(most.originLoad).toBeCloseTo(1, 1)
})

it('takes what is read before it is there for late, and for a miss', () => {
  const chance = new SeededChance(3)
  // The last of a group follows after seven others; in one of four rounds after one.
  const rounds = Array.from({ length: 4_000 }, () => [chance.below(130), chance.below(4)] as const)
  const keys = rounds.flatMap(([group, kind]) => {
    const all = Array.from({ length: 9 }, (_, member) => group * 9 + member)
    return kind === 0 ? all.filter((_, member) => member < 2 || member === 8) : all
  })
  const { used, late, preloads } = predictionOf(Uint32Array.from(keys), 5)
  expect(used).toBeGreaterThan(preloads / 2)
  expect(late).toBeGreaterThan(preloads / 20)
  expect(predictionOf(Uint32Array.from(keys), 0).late).toBe(0)
})

it('changes nothing where they are not, and says that it was off', () => {
  const { hitRatio, hitRatioPredicted, ...rest } = predictionOf(shuffled(grouped()), 0)
  expect(hitRatioPredicted).toBe(hitRatio)
  expect(rest).toMatchObject({ preloads: 0, precision: undefined, originLoad: 1 })
  expect(rest).toMatchObject({ state: 'off', onShare: 0, switches: 0 })
})

it('shows one line for each trace, size and distance, in 80 columns', () => {
  const some = [predictionOf(grouped(), 0), predictionOf(shuffled(grouped()), 20)]
  const lines = predictionLines(some, (_, text) => text)
  expect(lines).toHaveLength(3)
  expect(lines[1]).toMatch(/^ +made +10 % +0 .* on \d+ %$/)
  expect(lines[2]).toMatch(/^ +made +10 % +20 .* – +100\.0 +off 0 %$/)
  for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80)
})
