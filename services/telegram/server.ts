// A local Telegram: the Bot API for a bot on one side, a web chat for people on the other. It takes
// the place of the real service where no bot token is given; everything lives in memory, bounded.

import { addHealthRoute } from '../process/health.ts'
import { type ServiceLogger, silentLogger } from '../process/logger.ts'
import { addOutsideMetrics } from '../upstream/outside-metrics.ts'
import { createOutsideServer } from '../upstream/outside-server.ts'
import { addBotRoutes } from './bot-routes.ts'
import { addChatRoutes } from './chat-routes.ts'
import type { Person } from './message.ts'
import { Messenger } from './messenger.ts'
import { addPageRoutes } from './page-routes.ts'

export interface TelegramOptions {
  /** 0 takes a free port. */
  readonly port: number
  readonly host?: string
  /** Opens `/debug/health`. */
  readonly adminToken?: string | undefined
  /** Opens `/metrics`. */
  readonly metricsToken?: string | undefined
  readonly botToken: string
  readonly botName?: string
  /** Who can be picked in the web chat; any other id works as well. */
  readonly people?: readonly Person[]
  readonly log?: ServiceLogger
  readonly nowMs?: () => number
}

export interface Telegram {
  readonly url: string
  close(): Promise<void>
}

/** Who the web chat offers to be. */
export const demoPeople: readonly Person[] = [
  { id: 7001, name: 'Ada' },
  { id: 7002, name: 'Bruno' },
  { id: 7003, name: 'Chiara' },
]

/** Starts the server and resolves when it listens. */
export async function openTelegram(options: TelegramOptions): Promise<Telegram> {
  const { port, host = '127.0.0.1', botToken, botName = 'Polycool' } = options
  const messenger = new Messenger({
    bot: {
      id: Number.parseInt(botToken, 10),
      name: botName,
      username: `${botName.toLowerCase()}_bot`,
    },
    people: options.people ?? demoPeople,
    nowMs: options.nowMs ?? Date.now,
  })
  const app = createOutsideServer(options.log ?? silentLogger())
  addOutsideMetrics(app, options.metricsToken)
  addBotRoutes(app, { messenger, botToken })
  addChatRoutes(app, messenger)
  await addPageRoutes(app)
  const details = () => ({
    isBotListening: messenger.updates.isPolled,
    waitingUpdates: messenger.updates.length,
  })
  addHealthRoute(app, { service: 'telegram', adminToken: options.adminToken, details })
  const url = await app.listen({ port, host })
  return { url, close: () => app.close() }
}
