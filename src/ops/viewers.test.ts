import { expect, test } from 'vitest'
import { queueBytesMax, Viewers, viewersMax } from './viewers.ts'

const hello = { type: 'hello', seq: 0, atMs: 0 } as const
const never = () => guest(new AbortController().signal)
const padding = 'x'.repeat(2_000)
/** Events of two thousand characters that fill a queue, and some more. */
const tooMany = Math.ceil(queueBytesMax / padding.length) + 99

function guest(signal: AbortSignal, mayStay = async () => true) {
  return { signal, mayStay }
}

function state(text: string) {
  return { type: 'state', atMs: 0, kind: 'link', text } as const
}

/** What has come so far, as ids with the events. */
async function* eventsOf(stream: ReadableStream<Uint8Array>) {
  for await (const part of stream) {
    const [id = '', , data = ''] = Buffer.from(part).toString().split('\n')
    yield { id: Number(id.slice('id: '.length)), event: JSON.parse(data.slice('data: '.length)) }
  }
}

test('tells a slow viewer how many events it has missed, and loses count of none', async () => {
  const viewers = new Viewers()
  const stream = viewers.open(hello, never())
  if (stream === undefined) throw new Error('expected a stream')
  const events = eventsOf(stream)
  for (let at = 0; at < tooMany; at++) viewers.send(state(padding))
  for (let at = 0; at < 10; at++) await events.next()
  viewers.send(state('after'))
  viewers.close()
  let last = 0
  let shown = 10
  let dropped = 0
  let bytes = 0
  for await (const { id, event } of events) {
    bytes += JSON.stringify(event).length
    last = id
    if (event.type === 'dropped') dropped += event.count
    else shown++
  }
  expect(dropped).toBeGreaterThan(99)
  expect(bytes).toBeLessThanOrEqual(queueBytesMax)
  expect(shown + dropped).toBe(1 + tooMany + 1)
  expect(last).toBe(shown + dropped)
})

test('a viewer that reads nothing costs the others nothing', async () => {
  const viewers = new Viewers()
  viewers.open(hello, never())
  const stream = viewers.open(hello, never())
  if (stream === undefined) throw new Error('expected a stream')
  const events = eventsOf(stream)
  await events.next()
  for (let at = 0; at < 2 * tooMany; at++) {
    viewers.send(state(`${at} ${padding}`))
    const { value } = await events.next()
    expect(value?.event).toMatchObject({ text: `${at} ${padding}` })
  }
})

test('forgets a viewer that leaves, and takes no more than a bound', () => {
  const viewers = new Viewers()
  const leaving = new AbortController()
  for (let at = 1; at < viewersMax; at++) viewers.open(hello, never())
  expect(viewers.open(hello, guest(leaving.signal))).toBeDefined()
  expect(viewers.open(hello, never())).toBeUndefined()
  leaving.abort()
  expect(viewers.count).toBe(viewersMax - 1)
  expect(viewers.open(hello, never())).toBeDefined()
})

test('ends the stream of a viewer that may not stay, at the next beat', async () => {
  const viewers = new Viewers()
  let isWelcome = true
  const { signal } = new AbortController()
  const stream = viewers.open(
    hello,
    guest(signal, async () => isWelcome),
  )
  viewers.open(hello, never())
  if (stream === undefined) throw new Error('expected a stream')
  viewers.beat()
  isWelcome = false
  viewers.beat()
  const parts: string[] = []
  for await (const part of stream) parts.push(Buffer.from(part).toString())
  expect(parts).toEqual([expect.stringContaining('hello'), ': beat\n\n'])
  expect(viewers.count).toBe(1)
})
