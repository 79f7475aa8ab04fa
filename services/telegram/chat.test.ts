import { expect, test } from 'vitest'
import { Chat, type Draft, LISTENERS_MAX, MESSAGES_MAX, NOTICES_MAX } from './chat.ts'

const draft: Draft = { from: 'bot', text: 'hello', entities: [], keyboard: [], sentAtMs: 0 }

function openChat(): Chat {
  return new Chat({ id: 1, name: 'Ada' })
}

test('tells new and edited messages after a point by one counter', () => {
  const chat = openChat()
  const first = chat.add(draft)
  chat.add(draft)
  const { cursor } = chat.changesAfter(0)

  chat.edit(first, { text: 'changed', entities: [], keyboard: [], editedAtMs: 1 })

  expect(chat.changesAfter(cursor).messages).toMatchObject([
    { messageId: first.messageId, text: 'changed', revision: cursor + 1 },
  ])
})

test('forgets the oldest message beyond its bound', () => {
  const chat = openChat()
  for (let index = 0; index < MESSAGES_MAX + 5; index += 1) chat.add(draft)

  const { messages } = chat.changesAfter(0)

  expect(messages).toHaveLength(MESSAGES_MAX)
  expect(messages[0]?.messageId).toBe(6)
})

test('keeps no more notices than its bound', () => {
  const chat = openChat()
  for (let index = 0; index < NOTICES_MAX + 5; index += 1) {
    chat.notify({ callbackId: String(index), text: '', isAlert: false })
  }

  expect(chat.changesAfter(0).notices).toHaveLength(NOTICES_MAX)
})

test('lets no more listen than its bound, and again when one leaves', () => {
  const chat = openChat()
  const stops = Array.from({ length: LISTENERS_MAX }, () => chat.listen(() => undefined))

  expect(chat.listen(() => undefined)).toBeUndefined()
  stops[0]?.()

  expect(chat.listen(() => undefined)).toBeTypeOf('function')
  expect(chat.listenerCount).toBe(LISTENERS_MAX)
})

test('tells that a message is gone', () => {
  const chat = openChat()
  const { messageId } = chat.add(draft)
  const events: string[] = []
  chat.listen((event) => events.push(event.type))

  expect(chat.delete(messageId)).toBe(true)
  expect(chat.delete(messageId)).toBe(false)
  expect(events).toEqual(['deleted'])
})
