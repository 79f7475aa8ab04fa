// The bot as its traders see it: through a Bot API server, typing and pressing buttons.
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { type ApiStage, openApiStage } from '../api/testing/api-stage.ts'
import { anyTelegramId, sampleMarket } from '../api/testing/sample-data.ts'
import { requestJson } from '../process/http-client.ts'
import type { ChatChanges } from '../telegram/chat.ts'
import type { Message } from '../telegram/message.ts'
import { openTelegram, type Telegram } from '../telegram/server.ts'
import { positionScreen } from './screens.ts'
import { openBot, type RunningBot } from './server.ts'

const adminToken = 'for-tests-only'
const botToken = '4100:test'

let stage: ApiStage
let telegram: Telegram
let bot: RunningBot

beforeAll(async () => {
  const ids = Array.from({ length: 10 }, (_, index) => `${11 + index}`)
  const markets = ids.map((id, index) => sampleMarket(id, { volume: 1_000 - index }))
  const group = ['Reds', 'Blues'].map((label, index) =>
    sampleMarket(`${21 + index}`, { question: `Who wins? (${label})`, groupId: 'cup', volume: 9 }),
  )
  const odd = sampleMarket('99', { question: 'Is <b>1 & 1</b> two?', volume: 5_000 })
  telegram = await openTelegram({ port: 0, botToken })
  stage = await openApiStage(await startPostgres(), { markets: [odd, ...markets, ...group] })
  bot = await openBot({
    apiUrl: stage.api.url,
    botToken,
    telegramApiRoot: telegram.url,
    adminToken,
    userRequestsPerMinute: 100,
  })
})
afterAll(async () => {
  await bot?.close()
  await stage?.close()
  await telegram?.close()
})

/** One trader's chat. */
function openChat(userId: number = anyTelegramId()) {
  const url = `${telegram.url}/chat/${userId}`
  const changes = async (after: number) => {
    const { body } = await requestJson(`${url}/messages?after=${after}&wait=5000`)
    return body as ChatChanges
  }
  const cursor = async () => {
    const { body } = await requestJson(`${url}/messages`)
    return (body as ChatChanges).cursor
  }
  const answerAfter = async (start: number): Promise<Message> => {
    for (let after = start, tries = 0; tries < 5; tries += 1) {
      const { messages, cursor: next } = await changes(after)
      const answer = messages.filter((message) => message.from === 'bot').at(-1)
      if (answer !== undefined) return answer
      after = next
    }
    throw new Error('the bot did not answer')
  }
  return {
    say: async (text: string): Promise<Message> => {
      const start = await cursor()
      await requestJson(`${url}/messages`, { method: 'POST', body: { text } })
      return answerAfter(start)
    },
    press: async (message: Message, label: string): Promise<Message> => {
      const start = await cursor()
      const button = message.keyboard.flat().find((candidate) => candidate.text.includes(label))
      const body = { messageId: message.messageId, data: button?.data }
      await requestJson(`${url}/callbacks`, { method: 'POST', body })
      return answerAfter(start)
    },
  }
}

test('a new trader is welcomed with play money', async () => {
  const answer = await openChat().say('/start')
  expect(answer.text).toContain('$1,000.00')
  expect(answer.text).toContain('/positions')
})

test('markets are listed by pages, with their names as they are', async () => {
  const chat = openChat()
  const first = await chat.say('/markets')
  expect(first.text).toContain('1. Is <b>1 & 1</b> two? · yes 50.0¢')
  expect(first.keyboard.flat().map((button) => button.text)).toContain('2. Will 11 happen?')
  const second = await chat.press(first, 'More')
  expect(second.messageId).toBe(first.messageId)
  expect(second.text).toContain('page 2')
  const back = await chat.press(second, 'Back')
  expect(back.text).toContain('page 1')
})

test('a trader buys by a button, sees the position, and sells it by a button', async () => {
  const chat = openChat()
  const list = await chat.say('/markets')
  const card = await chat.press(list, 'Will 11')
  expect(card.text).toContain('Yes costs 51.0¢')
  const bought = await chat.press(card, 'Buy yes $50')
  expect(bought.text).toContain('Bought 98.04 yes at 51.0¢ for $50.00')
  const portfolio = await chat.say('/positions')
  expect(portfolio.text).toContain('Will 11 happen?')
  expect(portfolio.text).toContain('balance $950.00')
  await chat.press(portfolio, 'Sell')
  await eventually('the list is empty', async () =>
    (await chat.say('/positions')).text.includes('You hold nothing'),
  )
})

test('a trader buys and sells by commands', async () => {
  const chat = openChat()
  expect((await chat.say('/buy 12 no 25')).text).toContain('no at 51.0¢')
  const { text } = await chat.say('/positions')
  const id = /#(\d+)/.exec(text)?.[1] ?? ''
  expect((await chat.say(`/sell ${id}`)).text).toContain('−$')
  expect((await chat.say(`/sell ${id}`)).text).toContain('already sold')
})

test.each([
  ['/buy 12 yes 5000', 'You have $1000.00, this costs $5000.00.'],
  ['/buy 12 perhaps 5', 'Say it like this: /buy'],
  ['/buy 12 yes 1e400', 'Say it like this: /buy'],
  ['/buy 12 yes 0x10', 'Say it like this: /buy'],
  ['/buy 12 yes 999999999', 'Say it like this: /buy'],
  ['/buy nothing yes 5', 'There is no market nothing.'],
  ['/market nothing', 'There is no market nothing.'],
  ['/sell 999999', 'There is no position 999999.'],
  ['/hello', "I don't know that."],
  ['zyzzyva', 'Nothing is traded that reads like “zyzzyva”.'],
  ['?!', 'Say it like this: /search'],
  ['/search', 'Say it like this: /search'],
])('%s is answered with a sentence that helps', async (wish, answer) => {
  expect((await openChat().say(wish)).text).toContain(answer)
})

test("another trader's position can not be sold", async () => {
  const owner = openChat()
  await owner.say('/buy 13 yes 10')
  const id = /#(\d+)/.exec((await owner.say('/positions')).text)?.[1] ?? ''
  expect((await openChat().say(`/sell ${id}`)).text).toContain('There is no position')
  expect((await owner.say('/positions')).text).toContain(`#${id}`)
})

test('what the bot would serve can be looked at by administrators only', async () => {
  const url = `${bot.url}/debug/positions/1?consistency=strict`
  await expect(requestJson(url)).rejects.toMatchObject({ status: 401 })
  const headers = { authorization: `Bearer ${adminToken}` }
  const { body } = await requestJson(url, { headers })
  expect(body).toMatchObject({ key: 'api:positions:1', from: expect.any(String) })
  const family = `${bot.url}/debug/read/market?id=${encodeURIComponent('"11"')}`
  expect((await requestJson(family, { headers })).body).toMatchObject({ value: { id: '11' } })
  const unknown = requestJson(`${bot.url}/debug/read/nothing`, { headers })
  await expect(unknown).rejects.toMatchObject({ status: 404 })
})

test('plain words find a market, whose card is a button away', async () => {
  const chat = openChat()
  const found = await chat.say('will 13 happen')
  expect(found.text).toContain('found for “will 13 happen”')
  expect((await chat.press(found, 'Will 13 happen?')).text).toContain('Will 13 happen?')
})

test('events lead to their markets', async () => {
  const chat = openChat()
  const events = await chat.say('/events')
  expect(events.text).toContain('Who wins? · 2 markets')
  const event = await chat.press(events, 'Who wins?')
  expect(event.text).toContain('Reds · yes 50.0¢')
  const market = await chat.press(event, 'Reds')
  expect(market.text).toContain('Who wins? (Reds)')
  expect((await chat.press(market, 'The whole event')).text).toContain('Blues')
})

test('limits are set and removed on the card of a position', async () => {
  const chat = openChat()
  await chat.say('/buy 14 yes 10')
  const card = await chat.press(await chat.say('/positions'), 'Will 14 happen?')
  expect(card.text).toContain('Take profit none · stop loss none')
  const priced = await chat.press(card, 'Stop at')
  expect(priced.messageId).toBe(card.messageId)
  expect(priced.text).toMatch(/Take profit none · stop loss \d/)
  expect((await chat.press(priced, 'No limits')).text).toContain('stop loss none')
})

test("the card of another trader's position is not shown", async () => {
  const owner = openChat()
  await owner.say('/buy 15 yes 10')
  const id = Number(/#(\d+)/.exec((await owner.say('/positions')).text)?.[1])
  const stranger = { telegramId: anyTelegramId(), name: 'Bob' }
  await expect(positionScreen(bot.client, stranger, id)).rejects.toThrow(`You don't hold #${id}`)
})

test('results are shown after the first trade', async () => {
  const chat = openChat()
  expect((await chat.say('/stats')).text).toContain('You have not traded yet.')
  const bought = await chat.press(await chat.say('/market 16'), 'Buy no $50')
  expect(bought.text).toContain('Bought')
  const stats = await chat.say('/stats')
  expect(stats.text).toContain('1 open · 0 sold')
  expect(stats.text).toContain('Traded $50.00')
})

test('a leader is copied and no longer copied by a button', async () => {
  const wallet = `0x${'c'.repeat(40)}`
  await stage.database.execute(sql`
    insert into trades (seq, transaction_hash, address, market_id, outcome, side, size, price,
      traded_at)
    values (1, '0x1', ${wallet}, '11', 'yes', 'buy', 5, 0.5, now())
  `)
  await stage.ask('/watched-addresses', {
    method: 'POST',
    body: { address: wallet, label: 'Cleo' },
  })
  const copiers = async () => {
    const { body } = await stage.ask('/watched-addresses')
    const { addresses } = body as { addresses: { address: string; copiers: number }[] }
    return addresses.find(({ address }) => address === wallet)?.copiers
  }
  const chat = openChat()
  const leaders = await chat.say('/leaders')
  expect(leaders.text).toContain('Cleo')
  expect((await chat.press(leaders, 'Copy Cleo')).text).toContain('you buy for $10.00')
  expect(await copiers()).toBe(1)
  expect((await chat.press(leaders, 'Stop')).text).toContain('no longer copy')
  expect(await copiers()).toBe(0)
})

test('who asks too much is told kindly when to come back', async () => {
  const telegramId = anyTelegramId()
  const trader = { telegramId, name: 'Ada' }
  const chat = openChat(telegramId)
  // A slow machine gives a token back before the message arrives.
  await eventually('a kind refusal', async () => {
    await Promise.allSettled(Array.from({ length: 120 }, () => bot.client.leaders(trader)))
    const { text } = await chat.say('will 13 happen')
    return /^You are faster than I may be\. Nothing was done; .* in .*second/.test(text)
  })
})
