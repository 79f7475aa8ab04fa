/** Handlers of what changes something, and of the run of doctor. */
import { fieldsOf } from '../core/option-checks.ts'
import type { BreakerName } from '../core/resilience-options.ts'
import type { DoneAnswer, PlanAnswer } from './answers.ts'
import {
  type ChangeRequest,
  clearRequest,
  invalidateRequest,
  keysIn,
  keysMax,
} from './change-request.ts'
import { type Change, execute, measure, planOf } from './changes.ts'
import type { Desk } from './desk.ts'
import type { Call, Handler } from './gate.ts'
import type { KeyBook, ReadKey } from './key-book.ts'
import { Refusal } from './problem.ts'
import type { RouteName } from './route-table.ts'

const refreshMax = 100
const refreshAtOnce = 10
const refreshTimeoutMs = 10_000

type ChangeRoute = 'invalidate' | 'clear' | 'refresh' | 'warm' | 'breaker' | 'runDoctor'

export function changeHandlers(desk: Desk): Readonly<Record<ChangeRoute & RouteName, Handler>> {
  const { keys, doctor } = desk.parts
  return {
    invalidate: (call) => changed(desk, call, invalidateRequest(call.body, keys)),
    clear: (call) => changed(desk, call, clearRequest(call.body, keys)),
    refresh: (call) => refreshed(desk, call),
    warm: (call) => warmed(desk, call),
    breaker: (call) => configured(desk, call),
    runDoctor: async ({ note }) => {
      note({ target: 'the server' })
      doctor.start()
      return desk.stamped(await doctor.state())
    },
  }
}

async function changed(
  desk: Desk,
  call: Call,
  request: ChangeRequest,
): Promise<PlanAnswer | DoneAnswer> {
  const { plans } = desk.parts
  if (request.kind === 'plan') {
    const change = plans.take(call.who.user, request.planId, request.confirm)
    return carriedOut(desk, call, change)
  }
  const measured = await measure(request.change, desk.parts)
  const { count, confirm, needsConfirm } = measured
  const target = targetOf(request.change, desk.parts.keys)
  call.note({ target, count, dryRun: request.isDryRun })
  if (request.isDryRun) {
    const planned = { change: request.change, confirm: needsConfirm ? confirm : undefined }
    return desk.stamped({ ...planOf(measured), planId: plans.keep(call.who.user, planned) })
  }
  if (needsConfirm) {
    throw new Refusal('PLAN_REQUIRED', 'It is a clear, or may be more than 100 keys.')
  }
  return carriedOut(desk, call, request.change)
}

async function carriedOut(desk: Desk, { who, note }: Call, change: Change): Promise<DoneAnswer> {
  const count = change.kind === 'keys' ? change.keys.length : undefined
  note({ target: targetOf(change, desk.parts.keys), count })
  return desk.stamped(await execute(change, who.user, desk.parts))
}

/** For the audit log: what was meant, with the first keys by name. */
function targetOf(change: Change, keys: KeyBook): string {
  switch (change.kind) {
    case 'keys': {
      const shown = change.keys.slice(0, 5).map(({ text }) => keys.shown(text))
      const others = change.keys.length - shown.length
      return others > 0 ? `${shown.join(' ')} and ${others} more` : shown.join(' ')
    }
    case 'pattern':
      return change.pattern
    case 'tags':
      return change.tags.join(' ')
    case 'family':
      return change.family
    case 'all':
      return 'ALL'
  }
}

async function refreshed(desk: Desk, { body, note }: Call): Promise<DoneAnswer> {
  const { keys, clock } = desk.parts
  const fields = fieldsOf('refresh', body, ['keys', 'reason'])
  const asked = keysIn(fields.keys, keys, Math.min(refreshMax, keysMax))
  const shown = asked.slice(0, 5).map(({ text }) => keys.shown(text))
  note({ target: shown.join(' '), count: asked.length })
  const startedMs = clock.now()
  let reached = 0
  for (let at = 0; at < asked.length; at += refreshAtOnce) {
    reached += await loadedOf(desk, asked.slice(at, at + refreshAtOnce))
  }
  const what = asked.length === 1 ? 'one key loaded' : `${reached} of ${asked.length} keys loaded`
  if (reached === 0) throw new Refusal('UNAVAILABLE', 'The source gave none of them.')
  const pending = asked.length - reached
  return desk.stamped({ what, reached, pending, ms: clock.now() - startedMs })
}

async function loadedOf({ parts }: Desk, keys: readonly ReadKey[]): Promise<number> {
  const options = { timeout: refreshTimeoutMs }
  const loads = keys.map(({ family, id }) => parts.cache.family(family).refresh(id, options))
  const results = await Promise.allSettled(loads)
  return results.filter(({ status }) => status === 'fulfilled').length
}

async function warmed(desk: Desk, { body, note }: Call): Promise<DoneAnswer> {
  const { warm, clock } = desk.parts
  const { task } = fieldsOf('warm', body, ['task', 'service'])
  const startedMs = clock.now()
  const run = typeof task === 'string' ? warm?.(task) : undefined
  if (run === undefined) throw new Refusal('NOT_FOUND', 'This service has no such task.')
  const what = `task ${String(task)}`
  note({ target: what })
  await run.catch((error: unknown) => {
    throw new Refusal('UNAVAILABLE', `The task has failed: ${String(error)}`)
  })
  return desk.stamped({ what, reached: 1, pending: 0, ms: clock.now() - startedMs })
}

function configured(desk: Desk, { parameters, body, note }: Call): DoneAnswer {
  const { cache } = desk.parts
  const { name = '' } = parameters
  if (!isBreakerName(name) || !Object.hasOwn(cache.stats().breakers, name)) {
    throw new Refusal('NOT_FOUND', 'This process has no such breaker.')
  }
  note({ target: name })
  cache.configureBreaker(name, body)
  return desk.stamped({ what: `breaker ${name}`, reached: 1, pending: 0, ms: 0 })
}

function isBreakerName(name: string): name is BreakerName {
  return /^(family|dependency):./.test(name) || /^redis:\d+$/.test(name)
}
