/**
 * Read-only routes that show what this very process would serve, and from which tier.
 * They exist only where an administrator token is set.
 */

import type { FamilyView, GetOptions } from 'staleproof'
import { z } from 'zod'
import { adminGuard } from './admin-token.ts'
import type { TypedServer } from './http-server.ts'
import { ServiceError } from './service-error.ts'

export interface DebugTarget {
  family(name: string): FamilyView
}

const readQuery = z.object({
  /** The id as JSON: `7`, `"517310"`, `{"order":"volume","limit":20,"offset":0}`. */
  id: z.string().max(2_048).optional(),
  consistency: z.enum(['bounded', 'strict', 'fresh']).optional(),
  after: z.string().max(4_096).optional(),
})
type ReadQuery = z.output<typeof readQuery>

export function addDebugRoutes(
  app: TypedServer,
  adminToken: string | undefined,
  cache: DebugTarget,
): void {
  if (adminToken === undefined) return
  app.get(
    '/debug/read/:family',
    {
      onRequest: adminGuard(adminToken),
      schema: { params: z.object({ family: z.string() }), querystring: readQuery },
    },
    (request) => readOutcome(familyOf(cache, request.params.family), request.query),
  )
  app.get(
    '/debug/positions/:userId',
    {
      onRequest: adminGuard(adminToken),
      schema: { params: z.object({ userId: z.string() }), querystring: readQuery },
    },
    (request) => {
      const query = { ...request.query, id: request.params.userId }
      return readOutcome(familyOf(cache, 'positions'), query)
    },
  )
}

async function readOutcome(view: FamilyView, query: ReadQuery): Promise<object> {
  const outcome = await view.lookup(idOf(query.id), optionsOf(query))
  const { value, from, why, stale, ageMs } = outcome
  const error = outcome.from === 'none' ? String(outcome.error) : undefined
  return { key: view.key(idOf(query.id)).text, value, from, why, stale, ageMs, error }
}

function optionsOf(query: Pick<ReadQuery, 'consistency' | 'after'>): GetOptions {
  return { consistency: query.consistency, after: query.after }
}

function familyOf(cache: DebugTarget, name: string): FamilyView {
  try {
    return cache.family(name)
  } catch (error) {
    throw new ServiceError(404, 'family_not_found', String(error))
  }
}

function idOf(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new ServiceError(400, 'invalid_request', `id: expected JSON, got ${text}`)
  }
}
