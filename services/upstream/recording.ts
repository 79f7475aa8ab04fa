// Reads a folder of recorded files into markets and a tape of quotes. What a file holds is told by
// its ending and, for CSV, by its header: `bid` and `ask` mean quotes, `question` means names.
// Rows that cannot be used are counted by reason and skipped; nothing in a file can stop the start
// except an empty result.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { marketSchema, type UpstreamMarket } from './client-types.ts'
import { csvRows } from './csv.ts'
import { jsonRows } from './jsonl.ts'
import type { QuoteValues } from './market.ts'
import { type FileCount, RowCount } from './row-count.ts'

/** Bounds on what a folder may hold; what is beyond is skipped and counted. */
export const FILES_MAX = 50
export const ROWS_MAX = 400_000
export const MARKETS_MAX = 5_000

export interface QuoteRow extends QuoteValues {
  readonly atMs: number
  readonly slug: string
}

export interface MarketName {
  readonly question: string
  readonly category: string
}

export interface Recording {
  readonly rows: readonly UpstreamMarket[]
  readonly names: ReadonlyMap<string, MarketName>
  readonly quotes: readonly QuoteRow[]
  readonly counts: readonly FileCount[]
}

const price = z
  .string()
  .transform((text) => (text === '' ? undefined : Number(text)))
  .pipe(z.number().min(0).max(1).optional())
const quoteSchema = z
  .object({
    ts: z
      .string()
      .transform((text) => Date.parse(text))
      .pipe(z.number().int()),
    slug: z.string().min(1).max(200),
    bid: price,
    ask: price,
    volume24hr: z.coerce.number().nonnegative().catch(0),
  })
  .transform(({ ts, slug, bid, ask, volume24hr }) => ({
    atMs: ts,
    slug,
    bid,
    ask,
    volume24h: volume24hr,
  }))
const nameSchema = z.object({
  slug: z.string().min(1).max(200),
  question: z.string().min(1),
  category: z.string().catch(''),
})

/** Reads every `.csv`, `.jsonl` and their `.gz` in a folder; throws if the folder is unreadable. */
export async function readRecording(folder: string): Promise<Recording> {
  const draft: Draft = { rows: [], names: new Map(), quotes: [], counts: [] }
  const files = (await readdir(folder)).filter((file) => /\.(csv|jsonl)(\.gz)?$/.test(file)).sort()
  for (const file of files.slice(0, FILES_MAX)) {
    draft.counts.push(await readFileInto(draft, { folder, file }))
  }
  for (const file of files.slice(FILES_MAX)) {
    draft.counts.push({ file, used: 0, skipped: 0, reasons: { 'more files than the bound': 1 } })
  }
  return draft
}

interface Draft {
  readonly rows: UpstreamMarket[]
  readonly names: Map<string, MarketName>
  readonly quotes: QuoteRow[]
  readonly counts: FileCount[]
}

async function readFileInto(
  draft: Draft,
  { folder, file }: { folder: string; file: string },
): Promise<FileCount> {
  const count = new RowCount(file)
  const path = join(folder, file)
  const rows: AsyncIterable<unknown> = /\.jsonl/.test(file) ? jsonRows(path) : csvRows(path)
  try {
    for await (const row of rows) {
      const reason = /\.jsonl/.test(file) ? addMarket(draft, row) : addCsvRow(draft, row)
      if (reason === undefined) count.use()
      else count.skip(reason)
      if (count.rows < ROWS_MAX) continue
      count.skip('further rows are beyond the bound')
      break
    }
  } catch (error) {
    // A truncated or unreadable file: what came before it broke is kept.
    count.skip(`file broke off: ${error instanceof Error ? error.message : String(error)}`)
  }
  return count.toJSON()
}

/** Undefined when the row was used, else the reason why not. */
function addMarket(draft: Draft, row: unknown): string | undefined {
  if (row === undefined) return 'not JSON, or too long'
  const parsed = marketSchema.safeParse(row)
  if (!parsed.success) return invalid(parsed.error)
  if (draft.rows.length >= MARKETS_MAX) return 'more markets than the bound'
  draft.rows.push(parsed.data)
  return undefined
}

function addCsvRow(draft: Draft, row: unknown): string | undefined {
  if (row === undefined) return 'does not fit the header'
  if (typeof row !== 'object' || row === null) return 'no record'
  if ('bid' in row && 'ask' in row) return addQuote(draft, row)
  if ('question' in row) return addName(draft, row)
  return 'unknown columns'
}

function addQuote(draft: Draft, row: object): string | undefined {
  const parsed = quoteSchema.safeParse(row)
  if (!parsed.success) return invalid(parsed.error)
  const { bid, ask } = parsed.data
  if (bid === undefined && ask === undefined) return 'neither bid nor ask'
  if (bid !== undefined && ask !== undefined && bid > ask) return 'bid above ask'
  draft.quotes.push(parsed.data)
  return undefined
}

function addName(draft: Draft, row: object): string | undefined {
  const parsed = nameSchema.safeParse(row)
  if (!parsed.success) return invalid(parsed.error)
  draft.names.set(parsed.data.slug, parsed.data)
  return undefined
}

/** The field alone: a reason made of the row's own text would grow without bound. */
function invalid(error: z.ZodError): string {
  const field = error.issues[0]?.path[0]
  return field === undefined ? 'invalid row' : `invalid ${String(field)}`
}
