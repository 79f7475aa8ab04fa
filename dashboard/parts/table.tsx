/**
 * Rows that can be sorted, kept in the URL, walked through with j and k, and read on a phone:
 * there each row becomes a block with the names of its columns.
 */
import type { ComponentChildren, JSX } from 'preact'
import { route, setQuery } from '../state/route.ts'
import { Icon } from './icon.tsx'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  readonly isNumber?: boolean
  /** Takes what room is left. */
  readonly isWide?: boolean
  readonly hint?: string
  /** Its cell is the button that opens the row. */
  readonly isOpener?: boolean
  readonly cell: (row: Row) => ComponentChildren
  /** To sort by; without it the column can't be. */
  readonly by?: (row: Row) => number | string | undefined
}

interface TableProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string | number
  /** In the URL, where a page has several tables. */
  readonly name?: string
  /** `-reads`: by reads, the largest first. */
  readonly sort?: string
  readonly onOpen?: (row: Row) => void
}

export function Table<Row>(props: TableProps<Row>): JSX.Element {
  const { label, columns, rows, rowKey, name = 'sort', onOpen } = props
  const sort = route.value.query[name] ?? props.sort ?? ''
  const sorted = sortedRows(rows, columns, sort)
  return (
    <table class="table" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <Head key={column.id} column={column} sort={sort} name={name} />
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
          <tr
            key={rowKey(row)}
            data-row
            tabIndex={-1}
            onClick={(event) => openOnClick(event, () => onOpen?.(row))}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && event.target === event.currentTarget) onOpen?.(row)
            }}
          >
            {columns.map((column) => (
              <Cell key={column.id} column={column} row={row} onOpen={onOpen} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Head<Row>({ column, sort, name }: { column: Column<Row>; sort: string; name: string }) {
  const { id, title, by, hint } = column
  const direction = sort === id ? 'ascending' : sort === `-${id}` ? 'descending' : undefined
  const next = direction === undefined && column.isNumber ? `-${id}` : flipped(id, direction)
  return (
    <th scope="col" class={classOf(column)} aria-sort={direction} title={hint}>
      {by === undefined ? (
        title
      ) : (
        <button type="button" class="sort" onClick={() => setQuery({ [name]: next })}>
          {title}
          {direction !== undefined && <Icon name={direction === 'ascending' ? 'up' : 'down'} />}
        </button>
      )}
    </th>
  )
}

interface CellProps<Row> {
  readonly column: Column<Row>
  readonly row: Row
  readonly onOpen: ((row: Row) => void) | undefined
}

function Cell<Row>({ column, row, onOpen }: CellProps<Row>): JSX.Element {
  const content = column.cell(row)
  return (
    <td class={classOf(column)} data-label={column.title}>
      {column.isOpener && onOpen !== undefined ? (
        <button type="button" class="row-link" onClick={() => onOpen(row)}>
          {content}
        </button>
      ) : (
        content
      )}
    </td>
  )
}

function classOf<Row>({ isNumber, isWide }: Column<Row>): string | undefined {
  return isNumber ? 'number' : isWide ? 'wide' : undefined
}

function flipped(id: string, direction: 'ascending' | 'descending' | undefined): string {
  return direction === 'ascending' ? `-${id}` : id
}

/** A click beside the links of a row opens it too; one that ends a selection does not. */
function openOnClick(event: MouseEvent, open: () => void): void {
  const { target } = event
  if (!(target instanceof Element) || target.closest('a, button, input') !== null) return
  if (getSelection()?.isCollapsed !== false) open()
}

/** What is unknown comes last, whichever way. */
function sortedRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: string,
): readonly Row[] {
  const isDescending = sort.startsWith('-')
  const by = columns.find(({ id }) => id === sort.replace(/^-/, ''))?.by
  if (by === undefined) return rows
  return [...rows].sort((left, right) => {
    const [a, b] = [by(left), by(right)]
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
    const order = typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b)
    return isDescending ? -order : order
  })
}
