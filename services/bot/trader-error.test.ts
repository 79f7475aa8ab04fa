import { expect, test } from 'vitest'
import { HttpFault } from '../process/http-client.ts'
import { explain } from './trader-error.ts'

const message = 'a sentence'

test.each([
  [429, 'too_many_requests'],
  [503, 'too_busy'],
])('%i %s was refused before anything was done', (status, code) => {
  const { text } = explain(new HttpFault(status, { code, message, retryAfterMs: 2_000 }))
  expect(text).toMatch(/Nothing was done; please try again in 2 seconds/)
})

test.each([
  [503, 'unavailable'],
  [500, 'internal_error'],
  [0, 'no_answer'],
])('%i %s may be an order that was carried out', (status, code) => {
  const { text } = explain(new HttpFault(status, { code, message, retryAfterMs: 1_000 }))
  expect(text).toMatch(/Look at \/positions before you try again/)
})
