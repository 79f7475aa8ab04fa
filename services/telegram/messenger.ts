// The state behind both sides: the chats that people see and the updates that the bot takes.
import { randomUUID } from 'node:crypto'
import { ServiceError } from '../process/service-error.ts'
import { Chat } from './chat.ts'
import {
  apiMessage,
  apiPerson,
  type BotProfile,
  commandEntities,
  type Message,
  type Person,
} from './message.ts'
import { UPDATES_MAX, UpdateQueue } from './update-queue.ts'

export interface Command {
  readonly command: string
  readonly description: string
}

export const CHATS_MAX = 500
/** Pressed buttons without an answer; beyond it the oldest can't be answered any more. */
export const CALLBACKS_MAX = 1_000

export class Messenger {
  readonly bot: BotProfile
  readonly people: readonly Person[]
  readonly updates: UpdateQueue = new UpdateQueue()
  commands: readonly Command[] = []
  readonly #chats = new Map<number, Chat>()
  readonly #callbacks = new Map<string, Chat>()
  readonly #nowMs: () => number

  constructor(options: {
    readonly bot: BotProfile
    readonly people: readonly Person[]
    readonly nowMs: () => number
  }) {
    this.bot = options.bot
    this.people = options.people
    this.#nowMs = options.nowMs
    for (const person of options.people) this.#chats.set(person.id, new Chat(person))
  }

  nowMs(): number {
    return this.#nowMs()
  }

  /** The chat of a person who has opened one; a bot can't begin a conversation. */
  existingChat(userId: number): Chat | undefined {
    return this.#chats.get(userId)
  }

  /** The chat of anybody; refuses when there are too many. */
  chat(userId: number): Chat {
    const existing = this.#chats.get(userId)
    if (existing !== undefined) return existing
    if (this.#chats.size >= CHATS_MAX) {
      throw new ServiceError(503, 'too_many_chats', `There are ${CHATS_MAX} chats already.`)
    }
    const chat = new Chat({ id: userId, name: `User ${userId}` })
    this.#chats.set(userId, chat)
    return chat
  }

  /** A person writes to the bot. */
  write(userId: number, text: string): Message {
    const chat = this.chat(userId)
    this.#requireRoom()
    const message = chat.add({
      from: 'user',
      text,
      entities: commandEntities(text),
      keyboard: [],
      sentAtMs: this.#nowMs(),
    })
    this.updates.push({ message: this.shown(chat, message) })
    return message
  }

  /** A person presses a button; returns the id that the bot's answer will carry. */
  press(userId: number, { messageId, data }: { messageId: number; data: string }): string {
    const chat = this.chat(userId)
    const message = chat.message(messageId)
    const isThere = message?.keyboard.some((row) => row.some((button) => button.data === data))
    if (message === undefined || isThere !== true) {
      throw new ServiceError(404, 'no_such_button', `Message ${messageId} has no button ${data}.`)
    }
    this.#requireRoom()
    const callbackId = randomUUID()
    this.#callbacks.set(callbackId, chat)
    const oldest = this.#callbacks.keys().next().value
    if (this.#callbacks.size > CALLBACKS_MAX && oldest !== undefined) this.#callbacks.delete(oldest)
    const callback_query = {
      id: callbackId,
      from: apiPerson(chat.person),
      message: this.shown(chat, message),
      chat_instance: String(userId),
      data,
    }
    this.updates.push({ callback_query })
    return callbackId
  }

  /** The bot answers a pressed button; false when that button waits for no answer. */
  answer(callbackId: string, { text, isAlert }: { text: string; isAlert: boolean }): boolean {
    const chat = this.#callbacks.get(callbackId)
    if (chat === undefined) return false
    this.#callbacks.delete(callbackId)
    chat.notify({ callbackId, text, isAlert })
    return true
  }

  /** The message as the Bot API shows it. */
  shown(chat: Chat, message: Message) {
    return apiMessage(message, { person: chat.person, bot: this.bot })
  }

  #requireRoom(): void {
    if (this.updates.length < UPDATES_MAX) return
    throw new ServiceError(503, 'bot_not_reading', 'The bot has not read its messages for a while.')
  }
}
