/** Sends what the bot has to say, and knows who it talks to. */
import { type Context, GrammyError } from 'grammy'
import type { Trader } from './api-client.ts'
import { shortened } from './html.ts'
import { UsageError } from './trader-error.ts'
import { keyboardOf, type View } from './view.ts'

const nameLengthMax = 100

export function traderOf(context: Context): Trader {
  const { from } = context
  if (from === undefined) throw new UsageError('I only talk to people.')
  return { telegramId: from.id, name: shortened(from.first_name, nameLengthMax) || 'trader' }
}

export async function sayHtml(context: Context, html: string): Promise<void> {
  await context.reply(html, { parse_mode: 'HTML' })
}

export async function show(context: Context, view: View): Promise<void> {
  await context.reply(view.text, { parse_mode: 'HTML', reply_markup: keyboardOf(view) })
}

/** Replaces the message under the button. That nothing changed is no fault. */
export async function showInPlace(context: Context, view: View): Promise<void> {
  try {
    const options = { parse_mode: 'HTML', reply_markup: keyboardOf(view) } as const
    await context.editMessageText(view.text, options)
  } catch (error) {
    if (!(error instanceof GrammyError) || !isUnchanged(error)) throw error
  }
}

/** Ends the waiting mark on the button, with a note where there is something to say. */
export async function answerPress(context: Context, note?: string): Promise<void> {
  await context.answerCallbackQuery(note === undefined ? {} : { text: note })
}

function isUnchanged(error: GrammyError): boolean {
  return error.description.includes('message is not modified')
}
