/** Handlers of what changes something, and of the run of doctor. */
import type { Clock } from '../core/contracts/clock.ts'
import { fieldsOf } from '../core/option-checks.ts'
import type { BreakerName } from '../core/resilience-options.ts'
import type { DoneAnswer, PlanAnswer } from './answers.ts'
import type { Known } from './authority.ts'
import { type ChangeRequest, clearRequest, invalidateRequest, keysIn } from './change-request.ts'
import { type Change, execute, measure, planOf } from './changes.ts'
import type { Desk } from './desk.ts'
import { type Call, type Handler, json } from './gate.ts'
import type { KeyBook, ReadKey } from './key-book.ts'
import { Refusal } from './problem.ts'
import { covers } from './roles.ts'
import type { ChangeRoute } from './route-table.ts'

const refreshMax = 100
const refreshAtOnce = 10
const refreshTimeoutMs = 10_000
const warmWaitMs = 10_000

export function changeHandlers(desk: Desk): Readonly<Record<ChangeRoute, Handler>> {
  const { keys, doctor } = desk.parts
  return {
    invalidate: (call) =>
      changed(desk, call, { route: 'invalidate', ...invalidateRequest(call.body, keys) }),
    clear: (call) => changed(desk, call, { route: 'clear', ...clearRequest(call.body, keys) }),
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

type Asked = ChangeRequest & { readonly route: ChangeRoute }

/** Whatever the route: throws a refusal where all keys of a family would go. */
function refuseUnlessAllowed(change: Change, { role }: Known, keys: KeyBook): void {
  const isClear =
    change.kind === 'pattern'
      ? keys.isAllOfAny(change.pattern)
      : change.kind === 'family' || change.kind === 'all'
  if (isClear && !covers(role, 'administrator')) {
    throw new Refusal('FORBIDDEN', 'All keys of a family are for an administrator to clear.')
  }
}

async function changed(desk: Desk, call: Call, request: Asked): Promise<PlanAnswer | DoneAnswer> {
  const { plans, keys } = desk.parts
  if (request.kind === 'plan') {
    const { route, planId, confirm: typed } = request
    const change = plans.take({ user: call.who.user, route, planId, typed })
    refuseUnlessAllowed(change, call.who, keys)
    return carriedOut(desk, call, change)
  }
  const target = targetOf(request.change, keys)
  call.note({ target, dryRun: request.isDryRun })
  refuseUnlessAllowed(request.change, call.who, keys)
  const measured = await measure(request.change, desk.parts)
  const { count, confirm, needsConfirm } = measured
  call.note({ target, count, dryRun: request.isDryRun })
  if (request.isDryRun) {
    const { route, change } = request
    const planned = { route, change, confirm: needsConfirm ? confirm : undefined }
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
      return keys.shownPattern(change.pattern)
    case 'tags':
      return change.tags.map((tag) => keys.shownTag(tag)).join(' ')
    case 'family':
      return change.family
    case 'all':
      return 'ALL'
  }
}

async function refreshed(desk: Desk, { body, note }: Call): Promise<DoneAnswer> {
  const { keys, clock } = desk.parts
  const fields = fieldsOf('refresh', body, ['keys', 'reason'])
  const asked = keysIn(fields.keys, keys, refreshMax)
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

/** A task that takes long goes on; who asked is told that it runs. */
async function warmed(desk: Desk, { body, note }: Call): Promise<DoneAnswer | Response> {
  const { warm, clock, cache, log } = desk.parts
  const { task, service = cache.about().service } = fieldsOf('warm', body, ['task', 'service'])
  if (service !== cache.about().service) {
    throw new Refusal('INVALID_REQUEST', 'A task is run by its own service: ask that one.')
  }
  const startedMs = clock.now()
  const run = typeof task === 'string' ? warm?.(task) : undefined
  if (run === undefined) throw new Refusal('NOT_FOUND', 'This service has no such task.')
  const what = `task ${String(task)}`
  note({ target: what })
  const ended = run.then(
    () => 'done' as const,
    (error: unknown) => {
      log?.warn({ err: error }, `${what} has failed`)
      return 'failed' as const
    },
  )
  const came = await cameWithin(ended, { clock, limitMs: warmWaitMs })
  if (came === 'failed') {
    throw new Refusal('UNAVAILABLE', 'The task has failed; the log of the service says why.')
  }
  const reached = came === 'done' ? 1 : 0
  const ms = clock.now() - startedMs
  const answer = desk.stamped({ what, reached, pending: 1 - reached, ms })
  return came === 'done' ? answer : json(answer, 202)
}

/** Undefined: not within the time. */
function cameWithin<T>(
  work: Promise<T>,
  { clock, limitMs }: { readonly clock: Clock; readonly limitMs: number },
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = clock.timer(limitMs, () => resolve(undefined))
    void work.then((result) => {
      timer.cancel()
      resolve(result)
    })
  })
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
