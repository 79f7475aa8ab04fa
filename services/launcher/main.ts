/**
 * `npm start`: opens the stage, shows the addresses and a status line, and ends everything on
 * Ctrl-C. `npm start -- --tour` runs the tour on the open stage and exits 0 or 1.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { type EndRequest, listenForEnd } from './end-request.ts'
import { ownEnvironment, readSettings, type Settings } from './environment.ts'
import { Screen } from './screen.ts'
import { openStage, type Stage } from './stage.ts'
import { statusReport } from './status-report.ts'
import { runTour } from './tour-module.ts'

const statusPeriodMs = 1_000
const serverNames = new Set(['redis', 'postgres'])
const killedExit = 130

// A terminal that was closed refuses to be written to; ending in order matters more.
process.stdout.on('error', () => {})
const screen = new Screen(process.stdout)
process.exitCode = await launch().catch((error: unknown) => {
  screen.clearStatus()
  screen.line(`launcher: ${describe(error)}`)
  return 1
})
// A part that holds a socket to us must not keep the launcher alive once all has ended.
process.exit()

async function launch(): Promise<number> {
  const settings = readSettings(ownEnvironment(), process.argv.slice(2))
  const request = listenForEnd(settings.isStartedByNpm)
  // The stage kills its parts in the same turn; leave after that.
  request.killSignal.addEventListener('abort', () => setImmediate(() => process.exit(killedExit)))
  try {
    return await run(settings, request)
  } catch (error) {
    if (error !== request.signal.reason) throw error
    screen.line('everything has ended')
    return 0
  } finally {
    request.release()
  }
}

async function run(settings: Settings, request: EndRequest): Promise<number> {
  screen.line('starting Redis, PostgreSQL and the services')
  const stage = await openStage({
    ...settings,
    signal: request.signal,
    killSignal: request.killSignal,
    onLine: ({ from, text }) => {
      if (settings.showsServerLogs || !serverNames.has(from)) screen.partLine(from, text)
    },
  })
  try {
    showAddresses(stage)
    const passed = settings.isTour ? runTour(stage, settings.serviceFolder) : undefined
    if (passed !== undefined) return await tourExit(passed, ending(stage, request.signal))
    return await keepUp(stage, request.signal)
  } finally {
    screen.clearStatus()
    screen.line('ending everything (Ctrl-C again kills)')
    await stage.close()
    screen.line('everything has ended')
  }
}

function showAddresses(stage: Stage): void {
  const { api, telegram, ...others } = stage.urls
  screen.line('')
  screen.line(`  API                  ${api}`)
  screen.line(`  dashboard            ${api}/dashboard/`)
  if (telegram !== undefined) screen.line(`  chat with the bot    ${telegram}`)
  for (const [name, url] of Object.entries(others)) screen.line(`  ${name.padEnd(20)} ${url}`)
  screen.line(`  Redis                ${stage.redis.description}`)
  screen.line(`  Database             ${stage.databaseDescription}`)
  screen.line(`  administrator token  ${stage.adminToken}`)
  screen.line(`  metrics token        ${stage.metricsToken}`)
  screen.line('')
}

/** Keeps the status line fresh until somebody asks to end (0) or a part is lost (1). */
async function keepUp(stage: Stage, signal: AbortSignal): Promise<number> {
  const startedAtMs = performance.now()
  const end = ending(stage, signal)
  for (;;) {
    screen.status(await statusReport(stage, startedAtMs))
    const ended = await Promise.race([end, wait(statusPeriodMs, undefined)])
    if (ended !== undefined) return ended
  }
}

/** 0 when the tour passed, 1 when it did not; whatever ends the stage ends the tour. */
async function tourExit(passed: Promise<boolean>, end: Promise<number>): Promise<number> {
  // When the end comes first, the tour fails on the parts that are taken away; that is no news.
  passed.catch(() => {})
  return Promise.race([passed.then((isPassed) => (isPassed ? 0 : 1)), end.then(() => 1)])
}

/** Resolves to the exit code when the stage has to end: 0 if it was asked for. */
function ending(stage: Stage, signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(0)
    signal.addEventListener('abort', () => resolve(0))
    void stage.lost.then((reason) => {
      screen.line(`launcher: ${reason}`)
      resolve(1)
    })
  })
}

/** The message and, where it helps, that of the cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\n  because: ${describe(error.cause)}`
  return `${error.message}${cause}`
}
