// The methods of the Bot API that long polling and our bot need, with the refusals that the real
// service gives, word for word where bots are known to look at them.
import { z } from 'zod'
import type { Chat } from './chat.ts'
import { apiBot, type Button, commandEntities, type Message } from './message.ts'
import type { Messenger } from './messenger.ts'
import { isSafeLink, MarkupError, parseHtml, type RichText } from './telegram-html.ts'

/** A refusal in the form of the Bot API. */
export class BotApiError extends Error {
  readonly code: number

  constructor(code: number, description: string) {
    super(description)
    this.code = code
  }
}

export type BotMethod = (parameters: unknown, signal: AbortSignal) => unknown

export const TEXT_LENGTH_MAX = 4_096
const POLL_SECONDS_MAX = 50

const chatId = z.union([z.number().int(), z.string().regex(/^\d+$/).transform(Number)])
const button = z.object({
  text: z.string().min(1).max(200),
  callback_data: z
    .string()
    .min(1)
    .refine((data) => Buffer.byteLength(data) <= 64, { message: 'BUTTON_DATA_INVALID' })
    .optional(),
  url: z.string().refine(isSafeLink, { message: 'BUTTON_URL_INVALID' }).optional(),
})
// Other kinds of keyboards are accepted and not shown.
const markup = z.object({ inline_keyboard: z.array(z.array(button).max(8)).max(100).default([]) })
const content = {
  chat_id: chatId,
  text: z.string(),
  parse_mode: z.string().optional(),
  reply_markup: markup.optional(),
}
const place = { chat_id: chatId, message_id: z.number().int() }
const polled = z.object({
  offset: z.number().int().default(0),
  limit: z.number().int().min(1).max(100).default(100),
  timeout: z.number().int().min(0).default(0),
})
const command = z.object({
  command: z.string().regex(/^[a-z0-9_]{1,32}$/),
  description: z.string().min(1).max(256),
})
const commands = z.object({ commands: z.array(command).max(100) })
const answer = z.object({
  callback_query_id: z.string(),
  text: z.string().max(200).default(''),
  show_alert: z.boolean().default(false),
})

/** The methods by their names in lower case: the real service does not mind capitals either. */
export function botMethods(messenger: Messenger): ReadonlyMap<string, BotMethod> {
  const methods: Record<string, BotMethod> = {
    ...profileMethods(messenger),
    ...messageMethods(messenger),
    getUpdates: (parameters, signal) => getUpdates(messenger, parameters, signal),
    deleteWebhook: (parameters) => {
      const { drop_pending_updates: isDropping } = z
        .object({ drop_pending_updates: z.boolean().default(false) })
        .parse(parameters)
      if (isDropping) messenger.updates.clear()
      return true
    },
    answerCallbackQuery: (parameters) => {
      const { callback_query_id: id, text, show_alert: isAlert } = answer.parse(parameters)
      if (messenger.answer(id, { text, isAlert })) return true
      throw badRequest('query is too old and response timeout expired or query ID is invalid')
    },
  }
  return new Map(Object.entries(methods).map(([name, method]) => [name.toLowerCase(), method]))
}

function profileMethods(messenger: Messenger): Record<string, BotMethod> {
  return {
    getMe: () => ({
      ...apiBot(messenger.bot),
      can_join_groups: false,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
    }),
    setMyCommands: (parameters) => {
      messenger.commands = commands.parse(parameters).commands
      return true
    },
    getMyCommands: () => messenger.commands,
  }
}

function messageMethods(messenger: Messenger): Record<string, BotMethod> {
  return {
    sendMessage: (parameters) => {
      const { chat_id: id, ...draft } = z.object(content).parse(parameters)
      const chat = chatOf(messenger, id)
      const message = chat.add({
        from: 'bot',
        ...richText(draft),
        keyboard: keyboardOf(draft.reply_markup),
        sentAtMs: messenger.nowMs(),
      })
      return messenger.shown(chat, message)
    },
    editMessageText: (parameters) => {
      const {
        chat_id: id,
        message_id,
        ...draft
      } = z.object({ ...content, ...place }).parse(parameters)
      const chat = chatOf(messenger, id)
      return messenger.shown(chat, edit({ messenger, chat, messageId: message_id, draft }))
    },
    deleteMessage: (parameters) => {
      const { chat_id: id, message_id: messageId } = z.object(place).parse(parameters)
      if (chatOf(messenger, id).delete(messageId)) return true
      throw badRequest('message to delete not found')
    },
    sendChatAction: (parameters) => {
      chatOf(messenger, z.object({ chat_id: chatId }).parse(parameters).chat_id).showTyping()
      return true
    },
  }
}

async function getUpdates(messenger: Messenger, parameters: unknown, signal: AbortSignal) {
  const { offset, limit, timeout } = polled.parse(parameters)
  const timeoutMs = Math.min(timeout, POLL_SECONDS_MAX) * 1000
  const result = await messenger.updates.poll({ offset, limit, timeoutMs, signal })
  if (result !== 'conflict') return result
  throw new BotApiError(
    409,
    'Conflict: terminated by other getUpdates request; ' +
      'make sure that only one bot instance is running',
  )
}

interface DraftContent {
  readonly text: string
  readonly parse_mode?: string | undefined
  readonly reply_markup?: z.output<typeof markup> | undefined
}

function edit(request: {
  messenger: Messenger
  chat: Chat
  messageId: number
  draft: DraftContent
}): Message {
  const { messenger, chat, messageId, draft } = request
  const message = chat.message(messageId)
  if (message === undefined) throw badRequest('message to edit not found')
  if (message.from !== 'bot') throw badRequest("message can't be edited")
  const change = { ...richText(draft), keyboard: keyboardOf(draft.reply_markup) }
  if (isSame(message, change)) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are ' +
        'exactly the same as a current content and reply markup of the message',
    )
  }
  return chat.edit(message, { ...change, editedAtMs: messenger.nowMs() })
}

function isSame(
  message: Message,
  change: Pick<Message, 'text' | 'entities' | 'keyboard'>,
): boolean {
  const { text, entities, keyboard } = message
  return JSON.stringify({ text, entities, keyboard }) === JSON.stringify(change)
}

function richText({ text, parse_mode: mode }: DraftContent): RichText {
  const rich = mode?.toLowerCase() === 'html' ? parsed(text) : { text, entities: [] }
  if (rich.text.trim() === '') throw badRequest('message text is empty')
  if (rich.text.length > TEXT_LENGTH_MAX) throw badRequest('message is too long')
  return { text: rich.text, entities: [...rich.entities, ...commandEntities(rich.text)] }
}

function parsed(text: string): RichText {
  try {
    return parseHtml(text)
  } catch (error) {
    if (error instanceof MarkupError) throw badRequest(`can't parse entities: ${error.message}`)
    throw error
  }
}

function keyboardOf(given: z.output<typeof markup> | undefined): Button[][] {
  return (given?.inline_keyboard ?? []).map((row) =>
    row.map(({ text, callback_data: data, url }) => ({ text, data, url })),
  )
}

function chatOf(messenger: Messenger, id: number): Chat {
  const chat = messenger.existingChat(id)
  if (chat === undefined) throw badRequest('chat not found')
  return chat
}

function badRequest(description: string): BotApiError {
  return new BotApiError(400, `Bad Request: ${description}`)
}
