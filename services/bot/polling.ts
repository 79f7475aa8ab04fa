/**
 * Fetches updates from Telegram until it is closed. An update that fails is explained to its
 * trader and never ends the fetching; where Telegram itself refuses us, we come back later.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Bot, BotError } from 'grammy'
import { backoffMs } from '../process/backoff.ts'
import type { ServiceLogger } from '../process/logger.ts'
import { commandMenu } from './command-menu.ts'
import { answerPress, sayHtml } from './replies.ts'
import { explain } from './trader-error.ts'

export interface Polling {
  close(): Promise<void>
}

const comeBack = { firstMs: 500, maxMs: 30_000 }

export function openPolling(bot: Bot, log: ServiceLogger): Polling {
  const closing = new AbortController()
  bot.catch((fault) => apologise(fault, log))
  const running = pollUntil(bot, log, closing.signal)
  return {
    close: async () => {
      closing.abort()
      await bot.stop()
      await running
    },
  }
}

async function pollUntil(bot: Bot, log: ServiceLogger, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      await bot.api.setMyCommands(commandMenu)
      await bot.start()
    } catch (error) {
      if (signal.aborted) return
      const pauseMs = backoffMs(comeBack, attempt)
      log.warn({ err: error, pauseMs }, 'Telegram does not let us in')
      await wait(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

async function apologise({ ctx, error }: BotError, log: ServiceLogger): Promise<void> {
  const { text, isOurs } = explain(error)
  if (isOurs) log.error({ err: error, update: ctx.update.update_id }, 'update failed')
  try {
    if (ctx.callbackQuery !== undefined) await answerPress(ctx)
    await sayHtml(ctx, text)
  } catch (fault) {
    log.warn({ err: fault, update: ctx.update.update_id }, 'the trader could not be told')
  }
}
