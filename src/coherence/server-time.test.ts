import { describe, expect, it } from 'vitest'
import { ServerTime } from './server-time.ts'

describe('the time of the server', () => {
  it('is not known before a beat was answered, nor after the server has changed', () => {
    const time = new ServerTime()
    expect(time.ageMs(5_000, 10)).toBeUndefined()
    time.observe({ sentMs: 0, receivedMs: 2, serverMs: 5_000 })
    expect(time.ageMs(5_000, 10)).toBe(9)
    time.forget()
    expect(time.ageMs(5_000, 10)).toBeUndefined()
  })

  it('is taken from the quickest of the last beats', () => {
    const time = new ServerTime()
    time.observe({ sentMs: 0, receivedMs: 100, serverMs: 5_090 })
    time.observe({ sentMs: 200, receivedMs: 202, serverMs: 5_201 })
    time.observe({ sentMs: 300, receivedMs: 380, serverMs: 5_301 })
    expect(time.ageMs(5_300, 310)).toBe(10)
  })

  it('follows a clock that was set, when the beats before are forgotten', () => {
    const time = new ServerTime()
    time.observe({ sentMs: 0, receivedMs: 1, serverMs: 5_000 })
    for (let beat = 1; beat <= 10; beat++) {
      const sentMs = beat * 500
      time.observe({ sentMs, receivedMs: sentMs + 2, serverMs: sentMs + 9_001 })
    }
    expect(time.ageMs(14_000, 5_010)).toBe(10)
  })

  it('is never before what it has seen', () => {
    const time = new ServerTime()
    time.observe({ sentMs: 0, receivedMs: 2, serverMs: 1_001 })
    expect(time.ageMs(1_050, 10)).toBe(0)
  })

  it('is steady from the first beat, until the clock of the server steps', () => {
    const time = new ServerTime()
    expect(time.isSteadySince(0)).toBe(false)
    time.observe({ sentMs: 0, receivedMs: 2, serverMs: 5_001 })
    time.observe({ sentMs: 500, receivedMs: 540, serverMs: 5_538 })
    expect(time.isSteadySince(2)).toBe(true)
    expect(time.isSteadySince(1)).toBe(false)
    time.observe({ sentMs: 1_000, receivedMs: 1_002, serverMs: 4_001 })
    expect(time.isSteadySince(540)).toBe(false)
    expect(time.isSteadySince(1_002)).toBe(true)
    expect(time.serverMs(1_002)).toBe(4_002)
  })
})
