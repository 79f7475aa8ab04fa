import { expect, test } from 'vitest'
import {
  type LiveDataOptions,
  type PollSource,
  resolveLiveData,
  type StreamSource,
} from './live-options.ts'

const stream: StreamSource = { name: 'wire', stream: () => () => {}, silentAfter: '10s' }
const poll: PollSource = { name: 'poll', poll: () => [], every: '2s' }
const given: LiveDataOptions<string> = {
  name: 'quotes',
  sources: [stream, poll],
  parse: String,
  key: (value) => value,
  order: () => 1,
}

function refusal(change: object): unknown {
  try {
    // Mistakes that the types would refuse: options may come from plain JavaScript.
    resolveLiveData({ ...given, ...change } as LiveDataOptions<string>)
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
  return undefined
}

test('what is not said has a default', () => {
  expect(resolveLiveData(given)).toMatchObject({
    fallMs: 2_000,
    returnMs: 30_000,
    keysMax: 100_000,
    sources: [
      { name: 'wire', kind: 'stream', isEnabled: true, silentMs: 10_000 },
      { name: 'poll', kind: 'poll', isEnabled: true, everyMs: 2_000, timeoutMs: 5_000 },
    ],
  })
})

test('the return time is at least the longest silence', () => {
  expect(resolveLiveData({ ...given, sources: [{ ...stream, silentAfter: '1m' }] })).toMatchObject({
    returnMs: 60_000,
  })
  expect(refusal({ returnAfter: '9s' })).toMatch(/SP_OPTION_INVALID.*'returnAfter'.*10000 ms/)
})

test.each([
  [{ name: '' }, "SP_OPTION_INVALID.*'name'"],
  [{ sources: [] }, "SP_OPTION_INVALID.*'sources'"],
  [{ sources: [stream, stream] }, "SP_OPTION_INVALID.*source 1.*'name'.*no other"],
  [{ sources: [{ ...stream, poll: () => [] }] }, 'SP_OPTION_INVALID.*exactly one of'],
  [{ sources: [{ name: 'wire' }] }, 'SP_OPTION_INVALID.*exactly one of'],
  [{ sources: [{ ...stream, silentAfter: undefined }] }, "'silentAfter'"],
  [{ sources: [{ ...poll, every: 0 }] }, "SP_OPTION_INVALID.*'every'"],
  [{ sources: [{ ...poll, poll: 'url' }] }, "SP_OPTION_INVALID.*'poll'.*a function"],
  [{ sources: [{ ...poll, silentAfter: '1s' }] }, "SP_OPTION_UNKNOWN.*'silentAfter'"],
  [{ sources: [{ ...poll, timeOut: '1s' }] }, "SP_OPTION_UNKNOWN.*expected 'timeout'"],
  [{ parse: undefined }, "SP_OPTION_INVALID.*'parse'"],
  [{ order: 'seq' }, "SP_OPTION_INVALID.*'order'"],
  [{ onData: true }, "SP_OPTION_INVALID.*'onData'"],
  [{ maxKeys: 0 }, "SP_OPTION_INVALID.*'maxKeys'"],
  [{ fallAfter: 'soon' }, "SP_OPTION_INVALID.*'fallAfter'"],
  [{ fallsAfter: '1s' }, "SP_OPTION_UNKNOWN.*'fallsAfter'"],
])('%o is refused', (change, message) => {
  expect(refusal(change)).toMatch(new RegExp(message))
})
