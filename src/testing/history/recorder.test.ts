import { expect, it } from 'vitest'
import { checkHistory } from './checker.ts'
import type { HistoryRecord } from './record.ts'
import { HistoryRecorder } from './recorder.ts'
import { storyOf } from './story.ts'

interface Register {
  readonly version: number
}

const versionOf = (register: Register): number => register.version

function recording(): { recorder: HistoryRecorder; history: HistoryRecord[] } {
  const history: HistoryRecord[] = []
  let ms = 0
  const now = () => ++ms
  const write = (record: HistoryRecord) => history.push(record)
  return { recorder: new HistoryRecorder({ process: 'a', now, write }), history }
}

it('records when a read was asked for, what it gave, and from where', async () => {
  const { recorder, history } = recording()
  const answer = { from: 'redis', why: 'stored', value: { version: 3 } } as const
  const asked = { mode: 'strict', after: 2, versionOf } as const
  expect(await recorder.read('k', asked, async () => answer)).toBe(answer)
  const times = { process: 'a', key: 'k', invokedMs: 1, returnedMs: 2 }
  const rest = { mode: 'strict', after: 2, note: 'stored' }
  expect(history).toEqual([{ kind: 'read', version: 3, tier: 'redis', ...times, ...rest }])
})

it('records a register that does not exist as version 0, and no answer not at all', async () => {
  const { recorder, history } = recording()
  const asked = { mode: 'bounded', versionOf } as const
  const absent = { from: 'source', why: 'absent', value: undefined } as const
  await recorder.read('k', asked, async () => absent)
  await recorder.read('k', asked, async () => ({ ...absent, from: 'none', why: 'aborted' }))
  expect(history).toMatchObject([{ version: 0, tier: 'source' }])
})

it('records an invalidation once for each key that it covers', async () => {
  const { recorder, history } = recording()
  await recorder.invalidate(['k', 'l'], { how: 'tag', barrier: true }, async () => 'receipt')
  expect(history).toMatchObject([
    { kind: 'invalidate', key: 'k', how: 'tag', invokedMs: 1, resolvedMs: 2, barrier: true },
    { kind: 'invalidate', key: 'l', how: 'tag', invokedMs: 1, resolvedMs: 2, barrier: true },
  ])
})

it('records an invalidation that was refused as one that has not resolved', async () => {
  const { recorder, history } = recording()
  const refused = new Error('pending')
  const call = recorder.invalidate(['k'], { how: 'key' }, () => Promise.reject(refused))
  await expect(call).rejects.toBe(refused)
  expect(history).toMatchObject([{ kind: 'invalidate', key: 'k' }])
  expect(history[0]).not.toHaveProperty('resolvedMs')
})

it('tells the story of a violation from what was recorded', async () => {
  const { recorder, history } = recording()
  await recorder.write('k', async () => 1)
  await recorder.invalidate(['k'], { how: 'key' }, async () => undefined)
  const old = { from: 'redis', why: 'stored', value: { version: 0 } } as const
  await recorder.read('other', { mode: 'bounded', versionOf }, async () => old)
  await recorder.read('k', { mode: 'bounded', versionOf }, async () => old)
  const [violation] = checkHistory(history, { boundMs: 600 }).violations
  if (violation === undefined) throw new Error('nothing was found')
  expect(storyOf(history, violation)).toEqual([
    'k: bound, expected at least 1, saw 0',
    '     -7.0 …    -6.0 ms a wrote 1',
    '     -5.0 …    -4.0 ms a invalidated by key',
    '     -1.0 …     0.0 ms a read 0 from redis  <-',
  ])
})
