import { describe, expect, test } from 'vitest'
import { Breaker } from './breaker.ts'

function watched(failuresMax = 3) {
  const changes: boolean[] = []
  return { breaker: new Breaker(failuresMax, (isOpen) => changes.push(isOpen)), changes }
}

describe('a breaker', () => {
  test('opens at the last of so many failures in a row, not before', () => {
    const { breaker } = watched()
    breaker.failed()
    breaker.failed()
    expect(breaker.isOpen).toBe(false)
    breaker.failed()
    expect(breaker.isOpen).toBe(true)
  })

  test('counts anew after every success', () => {
    const { breaker } = watched()
    for (let round = 0; round < 5; round++) {
      breaker.failed()
      breaker.failed()
      breaker.succeeded()
    }
    expect(breaker.isOpen).toBe(false)
  })

  test('closes with one success, and needs all failures again to open', () => {
    const { breaker } = watched()
    for (let count = 0; count < 10; count++) breaker.failed()
    breaker.succeeded()
    expect(breaker.isOpen).toBe(false)
    breaker.failed()
    breaker.failed()
    expect(breaker.isOpen).toBe(false)
    breaker.failed()
    expect(breaker.isOpen).toBe(true)
  })

  test('tells each change once', () => {
    const { breaker, changes } = watched(1)
    breaker.succeeded()
    breaker.failed()
    breaker.failed()
    breaker.succeeded()
    breaker.succeeded()
    expect(changes).toEqual([true, false])
  })
})
