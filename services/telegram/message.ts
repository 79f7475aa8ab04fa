// One message of a chat, the buttons under it, and the shape in which the Bot API shows it.
import type { Entity } from './telegram-html.ts'

export interface Button {
  readonly text: string
  /** What the bot is told when the button is pressed. */
  readonly data?: string | undefined
  /** Where the button leads instead. */
  readonly url?: string | undefined
}

export interface Message {
  readonly messageId: number
  readonly from: 'user' | 'bot'
  readonly text: string
  readonly entities: readonly Entity[]
  readonly keyboard: readonly (readonly Button[])[]
  /** Milliseconds since 1970. */
  readonly sentAtMs: number
  readonly editedAtMs?: number | undefined
  /** The chat's counter at the last change; equals `messageId` until the message is edited. */
  readonly revision: number
}

/** What the chat shows of a bot's answer to a pressed button. */
export interface Notice {
  readonly callbackId: string
  readonly text: string
  readonly isAlert: boolean
  readonly revision: number
}

export interface Person {
  readonly id: number
  readonly name: string
}

export interface BotProfile {
  readonly id: number
  readonly name: string
  readonly username: string
}

const COMMAND = /(?<![\w/])\/[a-z0-9_]{1,32}(?:@\w{3,32})?(?!\w)/gi

/** Ranges of commands such as `/positions`; bots find their commands by them. */
export function commandEntities(text: string): Entity[] {
  return [...text.matchAll(COMMAND)].map((match) => ({
    type: 'bot_command',
    offset: match.index,
    length: match[0].length,
  }))
}

/** The message as the Bot API shows it. */
export function apiMessage(message: Message, { person, bot }: { person: Person; bot: BotProfile }) {
  const keyboard = message.keyboard.map((row) =>
    row.map(({ text, data, url }) => ({
      text,
      ...(data === undefined ? {} : { callback_data: data }),
      ...(url === undefined ? {} : { url }),
    })),
  )
  return {
    message_id: message.messageId,
    from: message.from === 'bot' ? apiBot(bot) : apiPerson(person),
    chat: { id: person.id, type: 'private', first_name: person.name },
    date: seconds(message.sentAtMs),
    ...(message.editedAtMs === undefined ? {} : { edit_date: seconds(message.editedAtMs) }),
    text: message.text,
    ...(message.entities.length === 0 ? {} : { entities: message.entities }),
    ...(keyboard.length === 0 ? {} : { reply_markup: { inline_keyboard: keyboard } }),
  }
}

export function apiPerson(person: Person) {
  return { id: person.id, is_bot: false, first_name: person.name, language_code: 'en' }
}

export function apiBot(bot: BotProfile) {
  return { id: bot.id, is_bot: true, first_name: bot.name, username: bot.username }
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}
