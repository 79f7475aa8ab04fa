import { describe, expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import { type Connected, StoreFault } from '../core/contracts/store.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { MOVING_MS_MAX, PartitionRoute, WAITING_MAX } from './partition-route.ts'
import type { RedisNode } from './redis-node.ts'

const connected: Connected = { stamp: 'stampAAA', runId: 'a', generation: 7, lostTailMs: undefined }
const moved = new StoreFault('refused', 'MOVED 1 b:1')

/** A server that answers each command as it is told. */
class Script {
  readonly heard: string[] = []
  readonly #answers: (() => Promise<unknown>)[]
  readonly node: RedisNode

  constructor(...answers: (() => Promise<unknown>)[]) {
    this.#answers = answers
    const answer = () => this.#answers.shift()?.() ?? Promise.resolve('OK')
    const send = (command: string) => {
      this.heard.push(command)
      return answer()
    }
    this.node = { commands: { send, pipeline: answer } } as unknown as RedisNode
  }
}

function routeTo(node: RedisNode) {
  const clock = new VirtualClock()
  const redirections: string[] = []
  let generation = 0
  const route: PartitionRoute = new PartitionRoute({
    clock,
    nextGeneration: () => ++generation,
    redirected: (reason) => {
      redirections.push(reason)
      route.stray(reason)
    },
  })
  route.lead(node)
  route.up(connected)
  return { route, clock, redirections }
}

describe('the route of a partition', () => {
  test('gives every connection a number of its own', () => {
    const { route } = routeTo(new Script().node)
    expect(route.connected).toEqual({ ...connected, generation: 1 })
    route.down('because')
    expect(route.up(connected).generation).toBe(2)
  })

  test('refuses what is sent while no server is connected, and says why', async () => {
    const { route } = routeTo(new Script().node)
    route.down('the server went')
    await expect(route.send('SET', [])).rejects.toThrow(/the server went/)
    await expect(route.pipeline([['GET', 'a']])).rejects.toMatchObject({ kind: 'down' })
  })

  test('sends a redirected command to the server that has the partition then', async () => {
    const [old, next] = [new Script(() => Promise.reject(moved)), new Script()]
    const { route, redirections } = routeTo(old.node)
    const reply = route.send('EVALSHA', [])
    await Promise.resolve()
    expect(await isSettled(reply)).toBe(false)
    expect(redirections).toEqual(['MOVED 1 b:1'])
    route.lead(next.node)
    route.up(connected)
    expect(await reply).toBe('OK')
    expect([old.heard, next.heard]).toEqual([['EVALSHA'], ['EVALSHA']])
  })

  test('lets commands wait that are called while it moves', async () => {
    const { route } = routeTo(new Script().node)
    route.stray('TRYAGAIN')
    const reply = route.send('SET', [])
    expect(await isSettled(reply)).toBe(false)
    route.up(connected)
    expect(await reply).toBe('OK')
  })

  test('lets nothing wait longer than the bound, nor more than so many', async () => {
    const { route, clock } = routeTo(new Script().node)
    route.stray('TRYAGAIN')
    const waiting = Array.from({ length: WAITING_MAX }, () => outcome(route.send('SET', [])))
    expect(await outcome(route.send('SET', []))).toBe('down')
    await clock.advance(MOVING_MS_MAX + 1)
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['down']))
  })

  test('gives up a command that is redirected for longer than the bound', async () => {
    const script = new Script(...Array.from({ length: 9 }, () => () => Promise.reject(moved)))
    const { route, clock } = routeTo(script.node)
    const reply = outcome(route.send('SET', []))
    for (let times = 0; times < 8; times++) {
      await clock.advance(MOVING_MS_MAX / 4)
      if (route.connected === undefined) route.up(connected)
    }
    expect(await reply).toBe('refused')
    expect(script.heard.length).toBeLessThan(8)
  })

  test('does not send a read again, but heeds what it is told', async () => {
    const { route, redirections } = routeTo(new Script(async () => ['a', moved]).node)
    expect(
      await route.pipeline([
        ['GET', 'a'],
        ['GET', 'b'],
      ]),
    ).toEqual(['a', moved])
    expect(redirections).toEqual(['MOVED 1 b:1'])
  })

  test('does not heed the late redirection of a server that was left', async () => {
    const late = new Deferred<unknown>()
    const { route, redirections } = routeTo(new Script(() => late.promise).node)
    const reply = route.pipeline([['GET', 'a']])
    route.down('the partition is on another server')
    route.up(connected)
    late.resolve([moved])
    await reply
    expect(redirections).toEqual([])
  })

  test('passes on what else a server refuses', async () => {
    const refused = new StoreFault('refused', 'NOREPLICAS')
    const { route, redirections } = routeTo(new Script(() => Promise.reject(refused)).node)
    await expect(route.send('SET', [])).rejects.toBe(refused)
    expect(redirections).toEqual([])
  })
})

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending')
  for (let turns = 0; turns < 10; turns++) await Promise.resolve()
  return (await Promise.race([promise.catch(() => {}), Promise.resolve(pending)])) !== pending
}

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => (error instanceof StoreFault ? error.kind : error))
}
