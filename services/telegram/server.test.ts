import { Bot, GrammyError, InlineKeyboard } from 'grammy'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { openTelegram, type Telegram } from './server.ts'

const botToken = '4100:test'
const userId = 7001
const waitMs = 10_000
let telegram: Telegram
let bot: Bot

const changesSchema = z.object({
  messages: z.array(
    z.object({
      messageId: z.number(),
      from: z.enum(['user', 'bot']),
      text: z.string(),
      entities: z.array(z.object({ type: z.string() })),
      keyboard: z.array(z.array(z.object({ text: z.string(), data: z.string().optional() }))),
      revision: z.number(),
    }),
  ),
  notices: z.array(z.object({ text: z.string(), isAlert: z.boolean() })),
  cursor: z.number(),
})

beforeEach(async () => {
  telegram = await openTelegram({ port: 0, botToken })
  bot = new Bot(botToken, { client: { apiRoot: telegram.url } })
})
afterEach(async () => {
  if (bot.isRunning()) await bot.stop()
  await telegram.close()
})

async function post(path: string, body: object): Promise<Response> {
  return fetch(`${telegram.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function write(text: string): Promise<number> {
  const response = await post(`/chat/${userId}/messages`, { text })
  const answer = z.object({ message: z.object({ messageId: z.number() }) })
  return answer.parse(await response.json()).message.messageId
}

async function changes(after: number) {
  const url = `${telegram.url}/chat/${userId}/messages?after=${after}&wait=${waitMs}`
  return changesSchema.parse(await (await fetch(url)).json())
}

/** Runs the bot by long polling; resolves when it polls. */
async function startBot(): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    bot.start({ onStart: () => resolve() }).catch(reject)
  })
}

test('carries a command to a grammY bot and its reply to the chat', async () => {
  bot.command('positions', (context) => context.reply('<b>None</b> yet', { parse_mode: 'HTML' }))
  await startBot()

  const { messages } = await changes(await write('/positions'))

  expect(messages).toMatchObject([{ from: 'bot', text: 'None yet', entities: [{ type: 'bold' }] }])
})

test('carries a pressed button to the bot, and its edit and notice back', async () => {
  const keyboard = new InlineKeyboard().text('Refresh', 'refresh')
  bot.command('price', (context) => context.reply('0.50', { reply_markup: keyboard }))
  bot.callbackQuery('refresh', async (context) => {
    await context.editMessageText('0.51', { reply_markup: keyboard })
    await context.answerCallbackQuery('Fresh')
  })
  await startBot()
  const shown = await changes(await write('/price'))
  const messageId = shown.messages[0]?.messageId

  await post(`/chat/${userId}/callbacks`, { messageId, data: 'refresh' })
  const edited = await changes(shown.cursor)
  const answered = edited.notices.length > 0 ? edited : await changes(edited.cursor)

  expect(edited.messages).toMatchObject([{ messageId, text: '0.51' }])
  expect(answered.notices).toEqual([{ text: 'Fresh', isAlert: false }])
})

test('keeps what was written before the bot came', async () => {
  bot.on('message:text', (context) => context.reply(`heard ${context.message.text}`))
  const messageId = await write('hello')

  await startBot()

  expect((await changes(messageId)).messages).toMatchObject([{ text: 'heard hello' }])
})

test('gives a stopped bot its place back without a conflict', async () => {
  bot.command('ping', (context) => context.reply('pong'))
  await startBot()
  await bot.stop()
  bot = new Bot(botToken, { client: { apiRoot: telegram.url } })
  bot.command('ping', (context) => context.reply('pong again'))
  await startBot()

  expect((await changes(await write('/ping'))).messages).toMatchObject([{ text: 'pong again' }])
})

test('remembers the commands of the bot for the suggestions', async () => {
  const commands = [{ command: 'markets', description: 'Markets by volume' }]
  await bot.api.setMyCommands(commands)

  expect(await bot.api.getMyCommands()).toEqual(commands)
  expect(await (await fetch(`${telegram.url}/chat`)).json()).toMatchObject({ commands })
})

test('deletes a message from the chat', async () => {
  const { message_id } = await bot.api.sendMessage(userId, 'soon gone')

  await bot.api.deleteMessage(userId, message_id)

  expect((await changes(0)).messages).toEqual([])
})

const refusals: readonly [string, string, () => Promise<unknown>][] = [
  ['a chat nobody opened', 'chat not found', () => bot.api.sendMessage(42, 'x')],
  ['an empty text', 'message text is empty', () => bot.api.sendMessage(userId, ' ')],
  ['a text too long', 'message is too long', () => bot.api.sendMessage(userId, 'x'.repeat(4097))],
  [
    'foreign markup',
    'unsupported start tag "script"',
    () => bot.api.sendMessage(userId, '<script>x</script>', { parse_mode: 'HTML' }),
  ],
  [
    'an unknown message',
    'message to edit not found',
    () => bot.api.editMessageText(userId, 9, 'x'),
  ],
  ['an old callback', 'query is too old', () => bot.api.answerCallbackQuery('none')],
]
test.each(refusals)('refuses %s as the real service does', async (_case, text, call) => {
  const error = await call().catch((reason: unknown) => reason)

  expect(error).toBeInstanceOf(GrammyError)
  expect(error).toMatchObject({ error_code: 400, description: expect.stringContaining(text) })
})

test('refuses an edit that changes nothing', async () => {
  const { message_id } = await bot.api.sendMessage(userId, 'same')

  const error = await bot.api
    .editMessageText(userId, message_id, 'same')
    .catch((reason: unknown) => reason)

  expect(error).toMatchObject({ description: expect.stringContaining('message is not modified') })
})

test('knows only its own token and its own methods', async () => {
  const stranger = await post('/bot1:other/getMe', {})
  const unknown = await post(`/bot${botToken}/banChatMember`, {})

  expect(await stranger.json()).toMatchObject({ ok: false, error_code: 401 })
  expect(await unknown.json()).toMatchObject({ ok: false, error_code: 404 })
})

test('refuses to press a button that is not there', async () => {
  const { message_id: messageId } = await bot.api.sendMessage(userId, 'no buttons')

  const response = await post(`/chat/${userId}/callbacks`, { messageId, data: 'forged' })

  expect(response.status).toBe(404)
})

test('streams everything first and then what changes', async () => {
  await write('before')
  const abort = new AbortController()
  const response = await fetch(`${telegram.url}/chat/${userId}/events`, { signal: abort.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const readUntil = async (text: string) => {
    let seen = ''
    while (!seen.includes(text)) seen += (await reader?.read())?.value ?? ''
    return seen
  }

  expect(await readUntil('before')).toContain('event: snapshot')
  await write('after')
  expect(await readUntil('after')).toContain('event: message')
  abort.abort()
})

test('serves a page that may load nothing from elsewhere', async () => {
  const page = await fetch(`${telegram.url}/`)
  const html = await page.text()
  const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')

  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(html).not.toMatch(/https?:/)
  expect(links.length).toBeGreaterThan(2)
  for (const link of links) {
    expect((await fetch(`${telegram.url}${link}`)).status, link).toBe(200)
  }
})
