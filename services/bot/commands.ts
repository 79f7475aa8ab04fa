/** The commands that a trader types, and the buttons that a trader presses. */
import type { Bot, CommandContext, Context } from 'grammy'
import type { Action } from './actions.ts'
import { decodeAction } from './actions.ts'
import type { ApiClient, Purchase } from './api-client.ts'
import { commandMenu } from './command-menu.ts'
import { dollars, escapeHtml } from './html.ts'
import { boughtText, soldText } from './position-views.ts'
import { answerPress, sayHtml, show, showInPlace, traderOf } from './replies.ts'
import * as screens from './screens.ts'
import { UsageError } from './trader-error.ts'
import { copyAmount } from './trader-views.ts'

const helpText = commandMenu
  .map(({ command, usage, description }) => {
    const call = escapeHtml([`/${command}`, ...usage].join(' '))
    return `${call} – ${description}`
  })
  .join('\n')

export function addCommands(bot: Bot, client: ApiClient): void {
  bot.command('start', async (context) => {
    const { name, balance } = await client.user(traderOf(context))
    const greeting = `Welcome, ${escapeHtml(name)}. You have ${dollars(balance)} of play money.`
    await sayHtml(context, `${greeting}\n\n${helpText}`)
  })
  bot.command('help', (context) => sayHtml(context, helpText))
  bot.command('markets', async (context) =>
    show(context, await screens.listScreen(client, { order: 'volume', page: 0 })),
  )
  bot.command('events', async (context) => show(context, await screens.groupListScreen(client, 0)))
  bot.command('market', async (context) =>
    show(context, await screens.marketScreen(client, oneWord(context, '/market <id>'))),
  )
  bot.command('positions', async (context) =>
    show(context, await screens.portfolioScreen(client, traderOf(context))),
  )
  bot.command('stats', async (context) =>
    show(context, await screens.statsScreen(client, traderOf(context))),
  )
  bot.command('leaders', async (context) =>
    show(context, await screens.leadersScreen(client, traderOf(context))),
  )
  bot.command('search', (context) => find(client, context, context.match))
  bot.command('buy', (context) => buy(client, context, purchaseOf(context)))
  bot.command('sell', async (context) => {
    const word = oneWord(context, '/sell <position>').replace(/^#/, '')
    if (!/^\d{1,10}$/.test(word)) throw new UsageError('Say it like this: /sell 12')
    await sayHtml(context, soldText(await client.sell(traderOf(context), Number(word))))
  })
  bot.on('message:text', (context) => {
    const { text } = context.message
    if (text.startsWith('/')) return sayHtml(context, `I don't know that.\n\n${helpText}`)
    return find(client, context, text)
  })
}

/** What is no command is looked for among the markets. */
async function find(client: ApiClient, context: Context, query: string): Promise<void> {
  const place = { query, page: 0 }
  await show(context, await screens.foundScreen(client, traderOf(context), place))
}

export function addButtons(bot: Bot, client: ApiClient): void {
  bot.on('callback_query:data', async (context) => {
    const action = decodeAction(context.callbackQuery.data)
    if (action === undefined) return answerPress(context, 'This button is too old.')
    await perform(client, context, action)
    await answerPress(context)
  })
}

async function perform(client: ApiClient, context: Context, action: Action): Promise<void> {
  const trader = traderOf(context)
  switch (action.kind) {
    case 'list':
      return showInPlace(context, await screens.listScreen(client, action))
    case 'find':
      return showInPlace(context, await screens.foundScreen(client, trader, action))
    case 'groups':
      return showInPlace(context, await screens.groupListScreen(client, action.page))
    case 'group':
      return show(context, await screens.groupScreen(client, trader, action.groupId))
    case 'market':
      return show(context, await screens.marketScreen(client, action.marketId))
    case 'stats':
      return show(context, await screens.statsScreen(client, trader))
    case 'leaders':
      return showInPlace(context, await screens.leadersScreen(client, trader))
    case 'positions':
      return showInPlace(context, await screens.portfolioScreen(client, trader))
    case 'position':
      return showInPlace(context, await screens.positionScreen(client, trader, action.positionId))
    default:
      return change(client, context, action)
  }
}

type Change = Extract<Action, { kind: 'buy' | 'sell' | 'limit' | 'unlimit' | 'copy' | 'uncopy' }>

async function change(client: ApiClient, context: Context, action: Change): Promise<void> {
  const trader = traderOf(context)
  switch (action.kind) {
    case 'buy':
      return buy(client, context, action)
    case 'sell':
      await sayHtml(context, soldText(await client.sell(trader, action.positionId)))
      return showInPlace(context, await screens.portfolioScreen(client, trader))
    case 'limit':
      await client.setLimits(trader, action.positionId, { [action.limit]: action.price })
      return showInPlace(context, await screens.positionScreen(client, trader, action.positionId))
    case 'unlimit':
      await client.setLimits(trader, action.positionId, { takeProfit: null, stopLoss: null })
      return showInPlace(context, await screens.positionScreen(client, trader, action.positionId))
    case 'copy': {
      await client.copy(trader, action.address, copyAmount)
      const text = `From now on you buy for ${dollars(copyAmount)} when this leader buys.`
      return sayHtml(context, text)
    }
    case 'uncopy':
      await client.endCopy(trader, action.address)
      return sayHtml(context, 'You no longer copy this leader. What you hold stays yours.')
  }
}

/** Telegram delivers an update again after a fault; its number makes that the same order. */
async function buy(
  client: ApiClient,
  context: Context,
  wish: Omit<Purchase, 'idempotencyKey'>,
): Promise<void> {
  const { marketId, outcome, amount } = wish
  const idempotencyKey = `telegram:${context.me.id}:${context.update.update_id}`
  const order = { marketId, outcome, amount, idempotencyKey }
  const position = await client.buy(traderOf(context), order)
  const market = await client.market(marketId)
  await sayHtml(context, boughtText(position, market?.question ?? marketId))
}

function purchaseOf(context: CommandContext<Context>): Omit<Purchase, 'idempotencyKey'> {
  const [marketId, outcomeWord, amountWord, ...rest] = words(context)
  const outcome = outcomeWord?.toLowerCase()
  const amount = amountOf(amountWord)
  const isOutcome = outcome === 'yes' || outcome === 'no'
  if (marketId === undefined || !isOutcome || !(amount > 0) || rest.length > 0) {
    throw new UsageError(
      'Say it like this: /buy 7445788 yes 25, with a market that /markets shows and at most ' +
        `${dollars(dollarsMax)}.`,
    )
  }
  return { marketId, outcome, amount }
}

/** What the API takes in one order, US dollars. */
const dollarsMax = 1_000_000

/** Dollars written as people do; NaN for anything else. */
function amountOf(word: string | undefined): number {
  const isAmount = word !== undefined && /^\$?\d{1,9}(\.\d{1,2})?$/.test(word)
  const amount = isAmount ? Number(word.replace('$', '')) : Number.NaN
  return amount <= dollarsMax ? amount : Number.NaN
}

function oneWord(context: CommandContext<Context>, usage: string): string {
  const [word, ...rest] = words(context)
  if (word === undefined || rest.length > 0) throw new UsageError(`Say it like this: ${usage}`)
  return word
}

function words(context: CommandContext<Context>): string[] {
  return context.match.split(/\s+/).filter((word) => word !== '')
}
