import { describe, expect, it } from 'vitest'
import { trustBoundMs } from '../tour/staleness.ts'
import { BalanceLedger, PositionLedger, PriceLedger } from './ledger.ts'

const at = (beganMs: number, endedMs = beganMs + 5) => ({ beganMs, endedMs })
const afterBoundMs = trustBoundMs + 1

describe('the positions that a read shows', () => {
  it('are stale without one whose purchase was acknowledged longer ago than the bound', () => {
    const ledger = new PositionLedger([1])
    ledger.opened(2, 100)
    expect(ledger.judge(new Set([1, 2]), at(100 + afterBoundMs))).toBe('current')
    expect(ledger.judge(new Set([1]), at(100 + trustBoundMs - 1))).toBe('current')
    expect(ledger.judge(new Set([1]), at(100 + afterBoundMs))).toBe('stale')
  })

  it('are stale with one whose sale was acknowledged longer ago than the bound', () => {
    const ledger = new PositionLedger([1])
    ledger.closed(1, at(100))
    expect(ledger.judge(new Set([1]), at(105 + trustBoundMs - 1))).toBe('current')
    expect(ledger.judge(new Set([1]), at(105 + afterBoundMs))).toBe('stale')
    expect(ledger.judge(new Set(), at(105 + afterBoundMs))).toBe('current')
  })

  it('may lack one whose sale began before they were read to the end', () => {
    const ledger = new PositionLedger([1])
    ledger.closed(1, at(2_000, 2_100))
    expect(ledger.judge(new Set(), at(1_999, 2_001))).toBe('current')
    expect(ledger.judge(new Set(), at(1_990, 1_999))).toBe('stale')
  })

  it('are wrong with one that nobody bought', () => {
    const ledger = new PositionLedger([1])
    expect(ledger.judge(new Set([1, 2]), at(10))).toBe('wrong')
  })

  it('must be those that were bought and not sold when everything has ended', () => {
    const ledger = new PositionLedger([1, 2])
    ledger.opened(3, 10)
    ledger.closed(1, at(20))
    expect(ledger.open).toEqual([2, 3])
  })
})

describe('the balance that a read shows', () => {
  const ledger = new BalanceLedger(1_000)
  ledger.traded(990, at(100, 110))
  ledger.traded(980, at(5_000, 5_010))

  it('is that of the last trade which it must know, or of a later one', () => {
    expect(ledger.balance).toBe(980)
    expect(ledger.judge(1_000, at(105))).toBe('current')
    expect(ledger.judge(990, at(105))).toBe('current')
    expect(ledger.judge(990, at(5_001))).toBe('current')
    expect(ledger.judge(980, at(5_001))).toBe('current')
  })

  it('is stale where it is that of an earlier trade', () => {
    expect(ledger.judge(1_000, at(110 + afterBoundMs))).toBe('stale')
    expect(ledger.judge(990, at(5_010 + afterBoundMs))).toBe('stale')
  })

  it('is wrong where it was never so, or not yet', () => {
    expect(ledger.judge(985, at(105))).toBe('wrong')
    expect(ledger.judge(980, at(4_000, 4_999))).toBe('wrong')
  })
})

describe('the price that a read shows', () => {
  it('is stale where a newer one had been in the database for longer than the bound', () => {
    const ledger = new PriceLedger()
    ledger.saw('m', 10, 100)
    ledger.saw('m', 11, 1_000)
    expect(ledger.judge({ marketId: 'm', seq: 10 }, at(1_000 + trustBoundMs - 1))).toBe('current')
    expect(ledger.judge({ marketId: 'm', seq: 10 }, at(1_000 + afterBoundMs))).toBe('stale')
    expect(ledger.judge({ marketId: 'm', seq: 12 }, at(1_000 + afterBoundMs))).toBe('current')
    expect(ledger.judge({ marketId: 'other', seq: 1 }, at(9_000))).toBeUndefined()
  })

  it('still must be known long after it was seen last', () => {
    const ledger = new PriceLedger()
    ledger.saw('m', 10, 0)
    ledger.saw('m', 11, 1)
    for (let seq = 12; seq < 15; seq += 1) ledger.saw('m', seq, PriceLedger.keptMs * 2 + seq)
    const readMs = PriceLedger.keptMs * 2
    expect(ledger.judge({ marketId: 'm', seq: 10 }, at(readMs))).toBe('stale')
    expect(ledger.judge({ marketId: 'm', seq: 11 }, at(readMs))).toBe('current')
  })
})
