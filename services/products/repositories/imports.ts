/** Orders to import, who works on them, and how far they are. */
import { randomUUID } from 'node:crypto'
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../database/connection.ts'
import { BusyError } from '../../process/service-error.ts'
import type { ImportJob } from '../import-job.ts'
import { importJobs } from '../tables.ts'

type Row = typeof importJobs.$inferSelect

/** Jobs that wait or run at one time. */
export const importsWaitingMax = 20
/** An import takes seconds. */
const retryAfterMs = 5_000
const latestShown = 20

export interface ImportOrder {
  readonly source: ImportJob['source']
  /** What was uploaded, as JSON Lines. */
  readonly input: string | null
  /** The same one twice is one job. */
  readonly idempotencyKey: string | null
}

/** Says whether the job is new. Throws 429 where too many wait; one that is known is none more. */
export async function orderImport(
  transaction: Transaction,
  order: ImportOrder,
): Promise<{ readonly job: ImportJob; readonly isNew: boolean }> {
  const known = await importByKey(transaction, order.idempotencyKey)
  if (known !== undefined) return { job: known, isNew: false }
  await refuseTooMany(transaction)
  const [row] = await transaction
    .insert(importJobs)
    .values({ id: randomUUID(), ...order })
    .onConflictDoNothing({ target: importJobs.idempotencyKey })
    .returning()
  if (row !== undefined) return { job: toJob(row), isNew: true }
  // Somebody else ordered the same meanwhile.
  const same = await importByKey(transaction, order.idempotencyKey)
  if (same === undefined) throw new Error('an import was neither ordered nor found')
  return { job: same, isNew: false }
}

async function refuseTooMany(transaction: Transaction): Promise<void> {
  const isWaiting = inArray(importJobs.state, ['queued', 'running'])
  if ((await transaction.$count(importJobs, isWaiting)) < importsWaitingMax) return
  const message = `${importsWaitingMax} imports wait already.`
  throw new BusyError({ status: 429, code: 'too_many_imports', message, retryAfterMs })
}

async function importByKey(
  transaction: Transaction,
  idempotencyKey: string | null,
): Promise<ImportJob | undefined> {
  if (idempotencyKey === null) return undefined
  const isSame = eq(importJobs.idempotencyKey, idempotencyKey)
  const [row] = await transaction.select().from(importJobs).where(isSame)
  return row && toJob(row)
}

export async function importById(database: Queryable, id: string): Promise<ImportJob | undefined> {
  const [row] = await database.select().from(importJobs).where(eq(importJobs.id, id))
  return row && toJob(row)
}

export async function latestImports(database: Queryable): Promise<ImportJob[]> {
  const newest = desc(importJobs.queuedAt)
  const rows = await database.select().from(importJobs).orderBy(newest).limit(latestShown)
  return rows.map(toJob)
}

/** A job that this process has to itself until the claim is over. */
export interface ClaimedImport {
  readonly id: string
  readonly claim: string
  readonly source: ImportJob['source']
  readonly input: string | null
  readonly rowsDone: number
  readonly attempts: number
}

/** The oldest that waits, or whose worker has not been heard of in time. */
export async function claimImport(
  transaction: Transaction,
  claimMs: number,
): Promise<ClaimedImport | undefined> {
  const { rows } = await transaction.execute<{ id: string }>(sql`
    select id from products.import_jobs
    where state = 'queued' or (state = 'running' and claimed_until < now())
    order by queued_at limit 1 for update skip locked`)
  const [waiting] = rows
  if (waiting === undefined) return undefined
  const claim = randomUUID()
  const [job] = await transaction
    .update(importJobs)
    .set({
      state: 'running',
      claim,
      claimedUntil: untilIn(claimMs),
      attempts: sql`${importJobs.attempts} + 1`,
      startedAt: sql`coalesce(${importJobs.startedAt}, now())`,
    })
    .where(eq(importJobs.id, waiting.id))
    .returning()
  return job && { ...job, claim }
}

type Progress = Partial<
  Pick<Row, 'rowsTotal' | 'rowsDone' | 'created' | 'updated' | 'unchanged' | 'rejected' | 'errors'>
>

/** False: somebody else has the job now, and this transaction must not be committed. */
export async function keepProgress(
  transaction: Transaction,
  job: ClaimedImport,
  { progress, claimMs }: { readonly progress: Progress; readonly claimMs: number },
): Promise<boolean> {
  const kept = await transaction
    .update(importJobs)
    .set({ ...progress, claimedUntil: untilIn(claimMs) })
    .where(isClaimed(job))
    .returning({ id: importJobs.id })
  return kept.length === 1
}

/** Done, or failed for a reason. */
export async function endImport(
  transaction: Transaction,
  job: ClaimedImport,
  failure: string | null,
): Promise<void> {
  const state = failure === null ? 'done' : 'failed'
  await transaction
    .update(importJobs)
    .set({ state, failure, input: null, claim: null, claimedUntil: null, finishedAt: sql`now()` })
    .where(isClaimed(job))
}

/** Whoever looks next goes on with it; who gives it back has not failed at it. */
export async function giveBackImport(transaction: Transaction, job: ClaimedImport): Promise<void> {
  await transaction
    .update(importJobs)
    .set({
      state: 'queued',
      claim: null,
      claimedUntil: null,
      attempts: sql`${importJobs.attempts} - 1`,
    })
    .where(isClaimed(job))
}

function isClaimed({ id, claim }: ClaimedImport) {
  return and(eq(importJobs.id, id), eq(importJobs.claim, claim), eq(importJobs.state, 'running'))
}

function untilIn(ms: number) {
  return sql`now() + ${ms}::integer * interval '1 millisecond'`
}

function toJob(row: Row): ImportJob {
  const { rowsTotal: total, rowsDone: done, created, updated, unchanged, rejected } = row
  const { id, source, state, errors, failure, attempts } = row
  return {
    id,
    source,
    state,
    rows: { total, done, created, updated, unchanged, rejected },
    errors: [...errors],
    failure,
    attempts,
    queuedAt: row.queuedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }
}
