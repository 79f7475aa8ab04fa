import { expect, test } from 'vitest'
import { choose } from './choice.ts'

const counted = (...counts: number[]) =>
  counts.map((count, index) => ({ key: `${index}`, item: index, count }))

const chosenOf = (counts: number[], rules: { share: number; entriesMax: number }, total: number) =>
  choose(counted(...counts), rules, total).chosen.map(({ item }) => item)

test('the fewest keys are chosen that cover the share', () => {
  expect(chosenOf([5, 80, 15], { share: 0.9, entriesMax: 10 }, 100)).toEqual([1, 2])
  expect(chosenOf([5, 95], { share: 0.9, entriesMax: 10 }, 100)).toEqual([1])
})

test('no more are chosen than may be', () => {
  const { chosen, coveredShare } = choose(counted(4, 3, 2, 1), { share: 1, entriesMax: 2 }, 10)
  expect(chosen.map(({ item }) => item)).toEqual([0, 1])
  expect(coveredShare).toBe(0.7)
})

test('equally popular keys are chosen together', () => {
  expect(chosenOf([1, 1, 1, 1], { share: 0.5, entriesMax: 10 }, 4)).toEqual([0, 1, 2, 3])
  expect(chosenOf([1, 1, 1, 1], { share: 0.5, entriesMax: 3 }, 4)).toEqual([0, 1, 2])
})

test('where nothing was read, nothing is chosen or covered', () => {
  expect(choose([], { share: 0.9, entriesMax: 10 }, 0)).toEqual({ chosen: [], coveredShare: 0 })
})
