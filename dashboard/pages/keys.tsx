/** Keys on the server by a pattern: searched in bounded steps, continued where one asks for it. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { KeyRow, KeysAnswer } from 'staleproof/ops'
import { get, reasonOf, withQuery } from '../api/client.ts'
import { EntryDrawer } from '../parts/entry-drawer.tsx'
import { Mono, Num } from '../parts/figures.tsx'
import { Icon } from '../parts/icon.tsx'
import { Empty } from '../parts/panel.tsx'
import { type Intent, PlanDialog } from '../parts/plan-dialog.tsx'
import { Status } from '../parts/status.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { route, setQuery } from '../state/route.ts'
import { endIfRefused, mayChange, mayRead } from '../state/session.ts'
import { bytes, count, duration, plural } from '../text/format.ts'
import { visible } from '../text/visible.ts'

/** Of a step; the server may stop earlier. */
const limit = '100'
/** More would be scrolled through by nobody: the pattern should be narrower. */
const rowsMax = 2000

interface Search {
  readonly rows: readonly KeyRow[]
  readonly cursor: string | undefined
  readonly scanned: number
  readonly isComplete: boolean
  readonly withheld: readonly string[]
}

const nothing: Search = {
  rows: [],
  cursor: undefined,
  scanned: 0,
  isComplete: false,
  withheld: [],
}

export function Keys(): JSX.Element {
  const { pattern = '', entry } = route.value.query
  const { found, problem, isBusy, more } = useKeys(pattern)
  const open = (key: string | undefined): void => setQuery({ entry: key })
  const [intent, setIntent] = useState<Intent>()
  return (
    <div class="page">
      <SearchForm key={pattern} pattern={pattern} />
      {problem !== undefined && (
        <p class="notice" role="alert">
          <Status tone="crit">{problem}</Status>
        </p>
      )}
      {pattern === '' && (
        <Empty icon="keys" title="Which keys?">
          A pattern such as <code>user:*</code> finds those that begin like this. The server is
          asked in small steps; it is never asked for all keys at once.
        </Empty>
      )}
      {pattern !== '' && (
        <Found found={found} isBusy={isBusy} onOpen={mayRead('operator') ? open : undefined}>
          {mayChange('operator') && found.rows.length > 0 && (
            <button type="button" class="button danger push" onClick={() => setIntent(of(pattern))}>
              Invalidate matching…
            </button>
          )}
        </Found>
      )}
      {found.cursor !== undefined && found.rows.length < rowsMax && (
        <button type="button" class="button more" disabled={isBusy} onClick={() => void more()}>
          {isBusy ? 'Searching…' : 'Search on'}
        </button>
      )}
      {entry !== undefined && <EntryDrawer name={entry} onClose={() => open(undefined)} />}
      {intent && <PlanDialog intent={intent} onClose={() => setIntent(undefined)} />}
    </div>
  )
}

function of(pattern: string): Intent {
  return { title: 'Invalidate matching keys', route: 'invalidate', scope: { pattern } }
}

function useKeys(pattern: string) {
  const [found, setFound] = useState<Search>(nothing)
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const wanted = useRef(pattern)
  wanted.current = pattern
  const ask = async (before: Search): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      const path = withQuery('keys', { pattern, limit, cursor: before.cursor })
      const answer = await get<KeysAnswer>(path)
      if (wanted.current === pattern) setFound(joined(before, answer))
    } catch (error) {
      if (!endIfRefused(error)) setProblem(reasonOf(error))
    } finally {
      setBusy(false)
    }
  }
  useEffect(() => {
    setFound(nothing)
    if (pattern !== '') void ask(nothing)
  }, [pattern])
  return { found, problem, isBusy, more: () => ask(found) }
}

/** A scan may tell a key twice. */
function joined(before: Search, { keys, cursor, isComplete, ...page }: KeysAnswer): Search {
  const rows = new Map([...before.rows, ...keys].map((row) => [row.key, row]))
  const all = [...rows.values()].slice(0, rowsMax)
  const scanned = before.scanned + page.scanned
  const withheld = [...new Set([...before.withheld, ...page.withheld])]
  return { rows: all, cursor, scanned, isComplete, withheld }
}

function SearchForm({ pattern }: { pattern: string }): JSX.Element {
  return (
    <search>
      <form
        class="toolbar"
        onSubmit={(event) => {
          event.preventDefault()
          const asked = String(new FormData(event.currentTarget).get('pattern') ?? '').trim()
          setQuery({ pattern: asked })
        }}
      >
        <label class="filter filter-wide">
          <Icon name="search" />
          <input
            type="search"
            name="pattern"
            aria-label="Pattern of keys"
            placeholder="Pattern, such as user:*"
            autocomplete="off"
            spellcheck={false}
            defaultValue={pattern}
          />
          <kbd>/</kbd>
        </label>
        <button type="submit" class="button primary">
          Search
        </button>
      </form>
    </search>
  )
}

interface FoundProps {
  readonly found: Search
  readonly isBusy: boolean
  readonly onOpen: ((key: string) => void) | undefined
  readonly children: JSX.Element | false
}

function Found({ found, isBusy, onOpen, children }: FoundProps): JSX.Element {
  const { rows, scanned, isComplete, withheld } = found
  const far = isComplete ? 'all were looked at' : `${count(scanned)} looked at so far`
  return (
    <>
      <div class="toolbar">
        <p role="status" class="soft">
          {isBusy && rows.length === 0 ? 'Searching…' : `${plural(rows.length, 'key')}, ${far}`}
          {rows.length >= rowsMax && '. More than this is not listed: make the pattern narrower'}
        </p>
        {children}
      </div>
      {withheld.length > 0 && (
        <p class="notice notice-info">
          <Status tone="info">Not listed: {withheld.map(visible).join(', ')}</Status>
        </p>
      )}
      {rows.length === 0 && !isBusy && (
        <Empty icon="keys" title={isComplete ? 'No key is like this' : 'None found so far'} />
      )}
      {rows.length > 0 && (
        <div class="panel panel-table">
          <Table
            label="Keys"
            columns={columnsFor(Math.max(...rows.map(({ ttlMs }) => ttlMs ?? 0), 1))}
            rows={rows}
            rowKey={({ key }) => key}
            {...(onOpen === undefined ? {} : { onOpen: ({ key }: KeyRow) => onOpen(key) })}
          />
        </div>
      )}
    </>
  )
}

function columnsFor(ttlMaxMs: number): readonly Column<KeyRow>[] {
  return [
    {
      id: 'key',
      title: 'Key',
      isWide: true,
      by: ({ key }) => key,
      isOpener: true,
      cell: ({ key }) => <Mono text={key} max={160} />,
    },
    {
      id: 'family',
      title: 'Family',
      by: ({ family }) => family,
      cell: ({ family }) =>
        family === undefined ? <Num of={undefined} /> : <Mono text={family} />,
    },
    {
      id: 'ttl',
      title: 'Left to live',
      isNumber: true,
      by: ({ ttlMs }) => ttlMs,
      cell: ({ ttlMs }) => <TimeToLive ttlMs={ttlMs} maxMs={ttlMaxMs} />,
    },
    {
      id: 'bytes',
      title: 'Size',
      isNumber: true,
      by: (row) => row.bytes,
      cell: (row) => <Num of={row.bytes} as={bytes} />,
    },
    { id: 'kind', title: 'Type', by: ({ kind }) => kind, cell: ({ kind }) => kind },
    {
      id: 'memory',
      title: 'In memory',
      hint: 'Of the process that answers',
      cell: ({ isInMemory }) =>
        isInMemory ? <Status tone="ok">yes</Status> : <span class="soft">no</span>,
    },
  ]
}

function TimeToLive({ ttlMs, maxMs }: { ttlMs: number | undefined; maxMs: number }): JSX.Element {
  if (ttlMs === undefined) return <Status tone="warn">for ever</Status>
  return (
    <span class="ttl">
      {duration(ttlMs)}
      <span class="ttl-track" aria-hidden="true">
        <span class="ttl-fill" style={{ width: `${(ttlMs / maxMs) * 100}%` }} />
      </span>
    </span>
  )
}
