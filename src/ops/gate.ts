/**
 * The way of every request: who asks, is there such a route, does the page belong to us, how
 * often, which role, may anything change, and only then the body and the work. Whoever is not
 * known learns nothing, not even which routes there are.
 */
import type { Clock } from '../core/contracts/clock.ts'
import type { Fields } from '../core/option-checks.ts'
import type { Logger } from '../core/options.ts'
import type { AuditRow } from './answers.ts'
import type { AuditTrail } from './audit-trail.ts'
import type { Authority, Known, Peer } from './authority.ts'
import { ChangeLimit } from './change-limit.ts'
import { isFromOwnPage } from './origin.ts'
import { problemResponse, Refusal, refusalOf } from './problem.ts'
import { bodyOf } from './request-body.ts'
import { covers } from './roles.ts'
import type { RouteName, RouteRow } from './route-table.ts'

/** What a handler gets. */
export interface Call {
  readonly request: Request
  readonly who: Known
  readonly parameters: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Fields
  /** False from when who asks is no longer known, or no longer has the role. Never rejects. */
  mayStay(): Promise<boolean>
  /** For the audit log; a call that changes nothing is audited only if it notes something. */
  note(facts: Noted): void
}

export type Noted = Pick<AuditRow, 'target'> & Partial<Pick<AuditRow, 'count' | 'dryRun'>>

/** Data is answered as JSON. */
export type Handler = (call: Call) => Promise<object> | object

export interface GateParts {
  readonly authority: Authority
  readonly audit: AuditTrail
  readonly clock: Clock
  readonly service: string
  readonly isReadOnly: boolean
  readonly log: Logger | undefined
}

export interface Arrival {
  readonly request: Request
  readonly peer: Peer
  readonly parameters: Readonly<Record<string, string>>
}

export class Gate {
  readonly #parts: GateParts
  readonly #limit = new ChangeLimit()

  constructor(parts: GateParts) {
    this.#parts = parts
  }

  /** Never rejects. */
  async pass(
    arrival: Arrival,
    route: { readonly name: RouteName; readonly row: RouteRow },
    handle: Handler,
  ): Promise<Response> {
    const { row } = route
    let who: Known | undefined
    let noted: Noted | undefined
    const audited = async (result: AuditRow['result']) => {
      if (who !== undefined && (row.method === 'POST' || noted !== undefined)) {
        await this.#audit(who, route.name, { target: '', ...noted }, result)
      }
    }
    try {
      who = await this.#known(arrival)
      const body = await this.#admit(arrival.request, who, row)
      const note = (facts: Noted) => {
        noted = facts
      }
      const { request, parameters } = arrival
      const mayStay = () => this.#mayStay(arrival, row)
      const query = new URL(request.url).searchParams
      const answer = await handle({ request, who, parameters, query, body, note, mayStay })
      await audited('done')
      return answer instanceof Response ? answer : json(answer, row.status)
    } catch (error) {
      const refusal = this.#refusal(error)
      if (refusal.code !== 'RATE_LIMITED') {
        await audited(refusal.code === 'INTERNAL' ? 'failed' : 'refused')
      }
      return problemResponse(refusal)
    }
  }

  /** For everybody, where there is an API at all. */
  async passUnknown(arrival: Arrival, handle: () => Promise<Response>): Promise<Response> {
    try {
      if ((await this.#standing(arrival)) === 'closed') throw absent()
      return await handle()
    } catch (error) {
      return problemResponse(this.#refusal(error))
    }
  }

  /** For whoever is known, whatever the role. */
  async passKnown(arrival: Arrival, handle: () => Promise<Response>): Promise<Response> {
    try {
      await this.#known(arrival)
      return await handle()
    } catch (error) {
      return problemResponse(this.#refusal(error))
    }
  }

  /** The answer where there is no such route; `methods` are those that its path has. */
  async miss(arrival: Arrival, methods: readonly string[]): Promise<Response> {
    try {
      await this.#known(arrival)
      if (methods.length === 0) throw absent()
      throw new Refusal('METHOD_NOT_ALLOWED', `It has ${methods.join(', ')}.`)
    } catch (error) {
      return problemResponse(this.#refusal(error))
    }
  }

  #standing({ request, peer }: Arrival) {
    return this.#parts.authority.of(request, peer, this.#parts.clock.wallMs())
  }

  async #mayStay(arrival: Arrival, { role }: RouteRow): Promise<boolean> {
    try {
      const standing = await this.#standing(arrival)
      return typeof standing === 'object' && (role === 'nobody' || covers(standing.role, role))
    } catch {
      return false
    }
  }

  async #known(arrival: Arrival): Promise<Known> {
    const standing = await this.#standing(arrival)
    if (standing === 'closed') throw absent()
    if (standing === 'unknown') throw unauthenticated()
    return standing
  }

  async #admit(request: Request, who: Known, row: RouteRow): Promise<Fields> {
    const isSafe = row.method === 'GET'
    if (!isSafe && who.isAmbient && !isFromOwnPage(request)) throw crossSite()
    if (!isSafe) this.#limit.take(who.user, this.#parts.clock.now())
    if (row.role !== 'nobody' && !covers(who.role, row.role)) {
      throw new Refusal('FORBIDDEN', `It needs the role ${row.role}; this one is ${who.role}.`)
    }
    if (row.isChange && this.#parts.isReadOnly) {
      throw new Refusal('READ_ONLY', 'This service was started to be looked at, not changed.')
    }
    return row.body === undefined ? {} : bodyOf(request)
  }

  async #audit(
    { user, role }: Known,
    action: RouteName,
    { target, count, dryRun = false }: Noted,
    result: AuditRow['result'],
  ): Promise<void> {
    const { audit, clock, service } = this.#parts
    const atMs = clock.wallMs()
    await audit.write({ atMs, user, role, action, target, dryRun, count, result, service })
  }

  #refusal(error: unknown): Refusal {
    const refusal = refusalOf(error)
    if (refusal.code === 'INTERNAL') {
      this.#parts.log?.error({ err: error }, 'a request of the cache administration failed')
    }
    return refusal
  }
}

export function unauthenticated(): Refusal {
  return new Refusal('UNAUTHENTICATED', 'Send a token: Authorization: Bearer …')
}

export function crossSite(): Refusal {
  const detail = 'A change by a browser has to come from the page of this service.'
  return new Refusal('CROSS_SITE', detail)
}

function absent(): Refusal {
  return new Refusal('NOT_FOUND', 'There is nothing here.')
}

/** Data as the answer of a request. */
export function json(answer: object, status: number): Response {
  const headers = { 'content-type': 'application/json' }
  return new Response(JSON.stringify(answer), { status, headers })
}
