import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MissCurve } from '../curve/miss-curve.ts'
import { type Demand, gainMin, planOf } from './plan.ts'

const bytesPerEntry = 100

function demandOf(name: string, bytes: number, points: readonly (readonly number[])[]): Demand {
  const sizes = points.map(([entries = 0]) => entries)
  const ratios = points.map(([, ratio = 0]) => ratio)
  return { name, bytes, bytesPerEntry, uses: 1_000, curve: new MissCurve(sizes, ratios) }
}

/** Nothing that it holds is ever used again. */
const scan = (bytes: number) => demandOf('scan', bytes, [[0, 1]])
/** Better with every entry, up to 900. */
const hungry = (bytes: number) => {
  return demandOf('hungry', bytes, [
    [0, 1],
    [900, 0],
  ])
}

describe('a plan', () => {
  it('gives room to whom it gains hits for, and leaves the others their least', () => {
    const { gain, families } = planOf([scan(50_000), hungry(50_000)])
    expect(families.map(({ name }) => name)).toEqual(['scan', 'hungry'])
    const [scanBest = 0, hungryBest = 0] = families.map(({ bytesBest }) => bytesBest)
    expect(hungryBest).toBe(75_000)
    expect(scanBest).toBe(25_000)
    expect(gain).toBeCloseTo((75_000 - 50_000) / 90_000 / 2, 5)
  })

  it('weighs a family by how much it is used', () => {
    const [seldom, often] = [hungry(50_000), { ...hungry(50_000), name: 'often', uses: 9_000 }]
    const { families } = planOf([seldom, often])
    expect(families[1]?.bytesBest).toBe(75_000)
  })

  it('prefers many small steps that gain more by bytes to a long one', () => {
    const steep = (name: string) => {
      return demandOf(name, 30_000, [
        [0, 1],
        [300, 0.4],
      ])
    }
    const long = demandOf('long', 40_000, [
      [0, 1],
      [649, 1],
      [650, 0.55],
    ])
    const [one, other] = planOf([steep('one'), steep('other'), long]).families
    expect(one?.bytesBest).toBeGreaterThanOrEqual(30_000)
    expect(other?.bytesBest).toBeGreaterThanOrEqual(30_000)
  })

  it('finds a gain that comes only after a long flat part', () => {
    const loop = demandOf('loop', 40_000, [
      [0, 1],
      [599, 1],
      [600, 0],
    ])
    const [looped] = planOf([loop, scan(60_000)]).families
    expect(looped?.bytesBest).toBeGreaterThanOrEqual(60_000)
  })

  it('moves a twentieth of all bytes at most, towards the best', () => {
    const { families } = planOf([scan(50_000), hungry(50_000)])
    expect(families.map(({ bytesNext }) => bytesNext)).toEqual([45_000, 55_000])
  })

  it('goes no further than the best', () => {
    const { gain, families } = planOf([scan(28_000), { ...hungry(72_000), uses: 9_000 }])
    expect(gain).toBeGreaterThan(gainMin)
    expect(families.map(({ bytesNext }) => bytesNext)).toEqual([25_000, 75_000])
  })

  it('leaves everything as it is for a gain of two points or less', () => {
    const { gain, families } = planOf([scan(27_000), hungry(73_000)])
    expect(gain).toBeGreaterThan(0)
    expect(gain).toBeLessThanOrEqual(gainMin)
    expect(families.map(({ bytesNext }) => bytesNext)).toEqual([27_000, 73_000])
  })

  it('of one family, or of none, changes nothing', () => {
    expect(planOf([]).families).toEqual([])
    expect(planOf([hungry(1_000)]).families).toMatchObject([{ bytesBest: 1_000, bytesNext: 1_000 }])
  })
})

it('no plan hands out more than there is, less than the least of a family, or too fast', () => {
  const family = fc.record({
    bytes: fc.integer({ min: 10_000, max: 1_000_000 }),
    uses: fc.integer({ min: 0, max: 10_000 }),
    ratios: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
  })
  fc.assert(
    fc.property(fc.array(family, { minLength: 2, maxLength: 8 }), (families) => {
      const demands = families.map(({ bytes, uses, ratios }, at) => {
        const falling = [1, ...ratios.toSorted((one, other) => other - one)]
        const points = falling.map((ratio, step) => [step * 1_000, ratio])
        return { ...demandOf(`f${at}`, bytes, points), uses }
      })
      const plan = planOf(demands)
      let [budget, best, next, rise] = [0, 0, 0, 0]
      for (const { bytes, bytesBest, bytesNext } of plan.families) {
        budget += bytes
        best += bytesBest
        next += bytesNext
        rise += Math.max(0, bytesNext - bytes)
      }
      const rounding = plan.families.length
      expect(best).toBeLessThanOrEqual(budget + rounding)
      expect(next).toBeLessThanOrEqual(budget + rounding)
      expect(rise).toBeLessThanOrEqual(budget * 0.05 + rounding)
      for (const { bytesBest } of plan.families) {
        expect(bytesBest).toBeGreaterThanOrEqual(Math.floor(budget / families.length / 4))
      }
    }),
  )
})
