/** The commands that a trader types, and the buttons that a trader presses. */
import type { Bot, CommandContext, Context } from 'grammy'
import type { Action } from './actions.ts'
import { decodeAction } from './actions.ts'
import type { ApiClient, Purchase } from './api-client.ts'
import { commandMenu } from './command-menu.ts'
import { dollars, escapeHtml } from './html.ts'
import { boughtText, soldText } from './position-views.ts'
import { answerPress, sayHtml, show, showInPlace, traderOf } from './replies.ts'
import { listScreen, marketScreen, portfolioScreen } from './screens.ts'
import { UsageError } from './trader-error.ts'

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
    show(context, await listScreen(client, { order: 'volume', page: 0 })),
  )
  bot.command('market', async (context) =>
    show(context, await marketScreen(client, oneWord(context, '/market <id>'))),
  )
  bot.command('positions', async (context) =>
    show(context, await portfolioScreen(client, traderOf(context))),
  )
  bot.command('buy', (context) => buy(client, context, purchaseOf(context)))
  bot.command('sell', async (context) => {
    const word = oneWord(context, '/sell <position>').replace(/^#/, '')
    if (!/^\d{1,10}$/.test(word)) throw new UsageError('Say it like this: /sell 12')
    await sayHtml(context, soldText(await client.sell(traderOf(context), Number(word))))
  })
  bot.on('message:text', (context) => sayHtml(context, `I don't know that.\n\n${helpText}`))
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
  switch (action.kind) {
    case 'list':
      return showInPlace(context, await listScreen(client, action))
    case 'market':
      return show(context, await marketScreen(client, action.marketId))
    case 'positions':
      return showInPlace(context, await portfolioScreen(client, traderOf(context)))
    case 'buy':
      return buy(client, context, action)
    case 'sell': {
      const trader = traderOf(context)
      await sayHtml(context, soldText(await client.sell(trader, action.positionId)))
      return showInPlace(context, await portfolioScreen(client, trader))
    }
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
