/** What raises the generation, so that everything held is a suspect and flights are doomed. */
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

describe('everything held becomes a suspect with', () => {
  beforeEach(() => {
    connect()
    beat('one', 100)
  })

  const expectLoss = (reason: string, generation: number) => {
    expect(losses).toEqual([reason])
    expect(trust.generation).toBe(generation + 1)
  }

  test('a closed subscription', () => {
    const { generation } = trust
    trust.unsubscribed('closed')
    expectLoss('closed', generation)
    expect(trust.isTrusted(101)).toBe(false)
    expect(trust.applied).toBeUndefined()
  })

  test('a closed subscription only once', () => {
    trust.unsubscribed('closed')
    trust.unsubscribed('closed again')
    expect(losses).toEqual(['closed'])
  })

  test('a new subscription, because messages before it were missed', () => {
    const { generation } = trust
    trust.subscribed({ ...channel, generation: 2 }, 200)
    expectLoss('subscription', generation)
    expect(trust.isTrusted(201)).toBe(false)
  })

  test('another incarnation', () => {
    const { generation } = trust
    trust.connected({ stamp: 'stampBBB', runId: 'runB', generation: 2 })
    expectLoss('incarnation', generation)
    expect(trust.isTrusted(101)).toBe(false)
  })

  test.each([
    ['a gap', 9],
    ['a number that was seen before', 7],
    ['a number that goes back', 3],
  ])('%s in the numbers of messages', (_, seq) => {
    const { generation } = trust
    trust.heard({ epoch: 'epochAAA', seq })
    expectLoss('gap', generation)
    expect(trust.applied?.seq).toBe(seq)
  })

  test.each([
    ['ahead of', 9],
    ['behind', 6],
  ])('an echo whose number is %s the messages', (_, seq) => {
    const { generation } = trust
    beat('two', 600, seq)
    expectLoss('gap', generation)
    expect(trust.applied?.seq).toBe(seq)
  })

  test('a message of another epoch', () => {
    const { generation } = trust
    trust.heard({ epoch: 'epochBBB', seq: 8 })
    expectLoss('epoch', generation)
    expect(trust.applied).toEqual({ stamp: 'stampAAA', epoch: 'epochBBB', seq: 8 })
  })

  test('an echo of another epoch', () => {
    const { generation } = trust
    beat('two', 600, 7, 'epochBBB')
    expectLoss('epoch', generation)
  })

  test('a message of another epoch that could not be counted', () => {
    const { generation } = trust
    trust.heard({ epoch: 'epochBBB', seq: undefined })
    expectLoss('epoch', generation)
    expect(trust.applied).toBeUndefined()
  })

  test('another epoch that is heard of before the first echo after a lost record', () => {
    trust.sent('two', 600)
    trust.echoed({ nonce: 'two', runId: 'runA', epoch: undefined, seq: undefined })
    losses.length = 0
    const { generation } = trust
    trust.heard({ epoch: 'epochBBB', seq: 1 })
    expectLoss('epoch', generation)
  })

  test('an echo that shows the record of groups gone', () => {
    const { generation } = trust
    trust.sent('two', 600)
    trust.echoed({ nonce: 'two', runId: 'runA', epoch: undefined, seq: undefined })
    expectLoss('epoch', generation)
    expect(trust.applied).toBeUndefined()
  })

  test('a gap, yet what comes after it is trusted as before', () => {
    trust.heard({ epoch: 'epochAAA', seq: 9 })
    expect(trust.untilMs).toBe(1_600)
  })

  test('nothing while messages are numbered in turn', () => {
    trust.heard({ epoch: 'epochAAA', seq: 8 })
    trust.heard({ epoch: 'epochAAA', seq: 9 })
    beat('two', 600, 9)
    expect(losses).toEqual([])
    expect(trust.applied).toEqual({ stamp: 'stampAAA', epoch: 'epochAAA', seq: 9 })
  })

  test('no message that merely has no number, and it proves nothing', () => {
    trust.heard({ epoch: 'epochAAA', seq: undefined })
    trust.heard({ epoch: undefined, seq: undefined })
    expect(losses).toEqual([])
    expect(trust.applied?.seq).toBe(7)
  })

  test('a clock that cannot be believed, and whoever dooms the flights is told', () => {
    trust.lose('clock')
    expect(losses).toEqual(['clock'])
    expect(trust.lostBecause).toBe('clock')
    expect(trust.isTrusted(101)).toBe(false)
  })
})
