// The conversation of one person with the bot. One counter gives every message its id and every
// later change its revision, so "what changed after n" has one answer for new and edited messages.
import type { Message, Notice, Person } from './message.ts'

/** Beyond it the oldest message is forgotten and can't be edited any more. */
export const MESSAGES_MAX = 200
export const NOTICES_MAX = 20
/** Long polls and event streams of one chat. */
export const LISTENERS_MAX = 50

export type ChatEvent =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'deleted'; readonly messageId: number }
  | { readonly type: 'notice'; readonly notice: Notice }
  | { readonly type: 'typing' }

/** What changed since a point, and the point to ask from next. */
export interface ChatChanges {
  readonly messages: readonly Message[]
  readonly notices: readonly Notice[]
  readonly cursor: number
}

export type Draft = Omit<Message, 'messageId' | 'revision' | 'editedAtMs'>

export class Chat {
  readonly person: Person
  readonly #messages = new Map<number, Message>()
  readonly #notices: Notice[] = []
  readonly #listeners = new Set<(event: ChatEvent) => void>()
  #cursor = 0

  constructor(person: Person) {
    this.person = person
  }

  message(messageId: number): Message | undefined {
    return this.#messages.get(messageId)
  }

  get listenerCount(): number {
    return this.#listeners.size
  }

  add(draft: Draft): Message {
    this.#cursor += 1
    const message = { ...draft, messageId: this.#cursor, revision: this.#cursor }
    this.#messages.set(message.messageId, message)
    const oldest = this.#messages.keys().next().value
    if (this.#messages.size > MESSAGES_MAX && oldest !== undefined) this.#messages.delete(oldest)
    this.#tell({ type: 'message', message })
    return message
  }

  edit(
    message: Message,
    change: Pick<Message, 'text' | 'entities' | 'keyboard' | 'editedAtMs'>,
  ): Message {
    this.#cursor += 1
    const edited = { ...message, ...change, revision: this.#cursor }
    this.#messages.set(message.messageId, edited)
    this.#tell({ type: 'message', message: edited })
    return edited
  }

  /** True when there was such a message. */
  delete(messageId: number): boolean {
    if (!this.#messages.delete(messageId)) return false
    this.#cursor += 1
    this.#tell({ type: 'deleted', messageId })
    return true
  }

  notify(notice: Omit<Notice, 'revision'>): void {
    this.#cursor += 1
    const numbered = { ...notice, revision: this.#cursor }
    this.#notices.push(numbered)
    if (this.#notices.length > NOTICES_MAX) this.#notices.shift()
    this.#tell({ type: 'notice', notice: numbered })
  }

  showTyping(): void {
    this.#tell({ type: 'typing' })
  }

  changesAfter(cursor: number): ChatChanges {
    return {
      messages: [...this.#messages.values()].filter(({ revision }) => revision > cursor),
      notices: this.#notices.filter(({ revision }) => revision > cursor),
      cursor: this.#cursor,
    }
  }

  /** Calls back with every event; returns how to stop, or undefined when too many listen. */
  listen(listener: (event: ChatEvent) => void): (() => void) | undefined {
    if (this.#listeners.size >= LISTENERS_MAX) return undefined
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(event: ChatEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
