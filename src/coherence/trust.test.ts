import { beforeEach, describe, expect, test } from 'vitest'
import type { BeatReply } from '../core/contracts/store.ts'
import { Trust } from './trust.ts'

const trustMs = 1_500
const settings = '1|1|1500'
const commands = { stamp: 'stampAAA', runId: 'runA', generation: 1 }
const channel = { stamp: 'stampAAA', runId: 'runA', generation: 1 }

let losses: string[]
let trust: Trust

beforeEach(() => {
  losses = []
  trust = new Trust(trustMs, settings, (reason) => losses.push(reason))
})

const replyOf = (changes: Partial<BeatReply> = {}): BeatReply => ({
  stamp: 'stampAAA',
  runId: 'runA',
  epoch: 'epochAAA',
  seq: 7,
  settings,
  birth: 'birth',
  serverMs: 0,
  ...changes,
})

const echoOf = (nonce: string, seq: number | undefined = 7, epoch = 'epochAAA', runId = 'runA') =>
  ({ nonce, runId, epoch, seq }) as const

function connect(): void {
  trust.connected(commands)
  trust.subscribed(channel, 0)
  losses.length = 0
}

/** A beat that is answered and heard, sent at `sentMs`. */
function beat(nonce: string, sentMs: number, seq = 7, epoch = 'epochAAA'): void {
  trust.sent(nonce, sentMs)
  trust.replied(nonce, replyOf({ seq, epoch }))
  trust.echoed(echoOf(nonce, seq, epoch))
}

describe('how far a beat reaches', () => {
  beforeEach(connect)

  test('nothing is trusted or proven before a beat', () => {
    expect(trust.isTrusted(0)).toBe(false)
    expect(trust.isProven(0)).toBe(false)
  })

  test('trust and proof end Δ after the beat was sent, however late reply and echo came', () => {
    beat('one', 100)
    expect([trust.untilMs, trust.proofUntilMs]).toEqual([1_600, 1_600])
    expect(trust.isTrusted(1_599)).toBe(true)
    expect(trust.isTrusted(1_600)).toBe(false)
    expect(trust.isProven(1_600)).toBe(false)
  })

  test('a reply alone proves the server and gives memory nothing', () => {
    trust.sent('one', 100)
    trust.replied('one', replyOf())
    expect(trust.isProven(200)).toBe(true)
    expect(trust.isTrusted(200)).toBe(false)
  })

  test('an echo alone gives neither', () => {
    trust.sent('one', 100)
    trust.echoed(echoOf('one'))
    expect(trust.isProven(200)).toBe(false)
    expect(trust.isTrusted(200)).toBe(false)
  })

  test('the echo may come before the reply', () => {
    trust.sent('one', 100)
    trust.echoed(echoOf('one'))
    trust.replied('one', replyOf())
    expect(trust.untilMs).toBe(1_600)
  })

  test('an earlier beat that is answered later shortens nothing', () => {
    trust.sent('one', 100)
    beat('two', 600)
    trust.replied('one', replyOf())
    trust.echoed(echoOf('one'))
    expect([trust.untilMs, trust.proofUntilMs, trust.lastAckedMs]).toEqual([2_100, 2_100, 600])
  })

  test('a nonce that was never sent proves nothing', () => {
    expect(trust.replied('forged', replyOf())).toBe('none')
    trust.echoed(echoOf('forged'))
    expect(trust.isProven(0)).toBe(false)
    expect(trust.applied).toBeUndefined()
  })

  test('entries are good again when an echo renews trust that time had ended', () => {
    beat('one', 0)
    const { generation } = trust
    expect(trust.isTrusted(5_000)).toBe(false)
    beat('two', 5_000)
    expect(trust.isTrusted(5_001)).toBe(true)
    expect(trust.generation).toBe(generation)
  })

  test('only the eight newest beats can still be answered', () => {
    for (let number = 1; number <= 9; number++) trust.sent(`beat ${number}`, number)
    trust.replied('beat 1', replyOf())
    expect(trust.isProven(2)).toBe(false)
    trust.replied('beat 2', replyOf())
    expect(trust.isProven(2)).toBe(true)
  })
})

describe('which echo counts', () => {
  beforeEach(connect)

  test('not one of a beat that was sent in an earlier subscription', () => {
    trust.sent('one', 100)
    trust.replied('one', replyOf())
    trust.subscribed({ ...channel, generation: 2 }, 150)
    trust.echoed(echoOf('one'))
    expect(trust.isTrusted(200)).toBe(false)
  })

  test('not one of a beat that was sent before there was a subscription', () => {
    trust.unsubscribed('closed')
    trust.sent('one', 100)
    trust.replied('one', replyOf())
    trust.subscribed({ ...channel, generation: 2 }, 150)
    trust.echoed(echoOf('one'))
    expect(trust.isTrusted(200)).toBe(false)
  })

  test('not one from another server than the subscription has seen', () => {
    trust.sent('one', 100)
    trust.replied('one', replyOf())
    trust.echoed(echoOf('one', 7, 'epochAAA', 'runB'))
    expect(trust.isTrusted(200)).toBe(false)
    expect(trust.applied).toBeUndefined()
  })

  test('not one while commands and subscription are at different incarnations', () => {
    trust.connected({ stamp: 'stampBBB', runId: 'runB', generation: 2 })
    trust.sent('one', 100)
    trust.replied('one', replyOf({ stamp: 'stampBBB', runId: 'runB' }))
    trust.echoed(echoOf('one'))
    expect(trust.isProven(200)).toBe(true)
    expect(trust.isTrusted(200)).toBe(false)
  })

  test('not one after the subscription has ended', () => {
    trust.sent('one', 100)
    trust.replied('one', replyOf())
    trust.unsubscribed('closed')
    trust.echoed(echoOf('one'))
    expect(trust.isTrusted(200)).toBe(false)
  })
})

describe('which reply counts', () => {
  beforeEach(connect)

  test('not one of an earlier connection', () => {
    trust.sent('one', 100)
    trust.connected({ ...commands, generation: 2 })
    trust.replied('one', replyOf())
    expect(trust.isProven(200)).toBe(false)
  })

  test('one with another stamp asks for a handshake and proves nothing', () => {
    trust.sent('one', 100)
    expect(trust.replied('one', replyOf({ stamp: 'stampBBB' }))).toBe('handshake')
    expect(trust.isProven(200)).toBe(false)
    expect(trust.lastAckedMs).toBe(Number.NEGATIVE_INFINITY)
  })

  test('proof ends with the connection, trust in memory does not', () => {
    beat('one', 100)
    trust.disconnected()
    expect(trust.isProven(200)).toBe(false)
    expect(trust.isTrusted(200)).toBe(true)
  })

  test('a new connection to the same incarnation starts without proof and keeps memory', () => {
    beat('one', 100)
    trust.connected({ ...commands, generation: 2 })
    expect(trust.isProven(200)).toBe(false)
    expect(trust.isTrusted(200)).toBe(true)
    expect(losses).toEqual([])
  })
})

describe('how far announcements have been processed', () => {
  test('is unknown until the first echo of a subscription', () => {
    connect()
    trust.heard({ epoch: 'epochAAA', seq: 12 })
    expect(trust.applied).toBeUndefined()
    beat('one', 100, 12)
    expect(trust.applied).toEqual({ stamp: 'stampAAA', epoch: 'epochAAA', seq: 12 })
  })
})

describe('settings of another process', () => {
  beforeEach(() => {
    connect()
    beat('one', 100)
    trust.sent('two', 600)
  })

  test('that contradict ours end trust, not proof', () => {
    expect(trust.replied('two', replyOf({ settings: '1|16|1500' }))).toBe('mismatch')
    trust.echoed(echoOf('two'))
    expect(losses).toEqual(['settings'])
    expect(trust.contradiction).toBe('1|16|1500')
    expect(trust.isTrusted(601)).toBe(false)
    expect(trust.isProven(601)).toBe(true)
  })

  test('that contradict ours are one loss, however many beats show them', () => {
    trust.replied('two', replyOf({ settings: '1|16|1500' }))
    trust.sent('three', 1_100)
    trust.replied('three', replyOf({ settings: '1|16|1500' }))
    expect(losses).toEqual(['settings'])
  })

  test('that divide the keys otherwise are told apart from those with another Δ', () => {
    trust.replied('two', replyOf({ settings: '1|1|9000' }))
    expect(trust.hasOtherPartitions(1)).toBe(false)
    trust.sent('three', 1_100)
    trust.replied('three', replyOf({ settings: '1|16|1500' }))
    expect(trust.hasOtherPartitions(1)).toBe(true)
  })

  test('that agree again let the next beat restore trust', () => {
    trust.replied('two', replyOf({ settings: '1|16|1500' }))
    beat('three', 1_100)
    expect(trust.contradiction).toBeUndefined()
    expect(trust.untilMs).toBe(2_600)
  })
})
