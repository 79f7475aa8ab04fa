/** Any JSON as a tree of text: bounded in depth and breadth, for it is anybody's. */
import type { JSX } from 'preact'
import { unknown } from '../text/format.ts'
import { shortened } from '../text/visible.ts'

const depthMax = 8
const childrenMax = 100
const textMax = 2000
const nameMax = 120
/** Levels that are open at first. */
const openDepth = 2

export function JsonTree({ value }: { value: unknown }): JSX.Element {
  return <div class="json">{isBranch(value) ? <Children of={value} depth={0} /> : leaf(value)}</div>
}

interface ChildrenProps {
  readonly of: object
  readonly depth: number
}

function Children({ of: branch, depth }: ChildrenProps): JSX.Element {
  const entries = Object.entries(branch)
  return (
    <ul>
      {entries.slice(0, childrenMax).map(([name, child]) => (
        <li key={name}>
          <Child name={shortened(name, nameMax)} value={child} depth={depth + 1} />
        </li>
      ))}
      {entries.length > childrenMax && (
        <li class="soft">… and {entries.length - childrenMax} more</li>
      )}
    </ul>
  )
}

interface ChildProps {
  readonly name: string
  readonly value: unknown
  readonly depth: number
}

function Child({ name, value, depth }: ChildProps): JSX.Element {
  const label = <span class="json-name">{name}</span>
  if (!isBranch(value)) {
    return (
      <>
        {label} {leaf(value)}
      </>
    )
  }
  return (
    <details open={depth < openDepth}>
      <summary>
        {label} {Array.isArray(value) ? `[${value.length}]` : `{${Object.keys(value).length}}`}
      </summary>
      {depth < depthMax ? <Children of={value} depth={depth} /> : <p>… too deep to show</p>}
    </details>
  )
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function leaf(value: unknown): JSX.Element {
  if (Array.isArray(value)) return <span class="soft">[ ]</span>
  if (typeof value === 'object' && value !== null) return <span class="soft">{'{ }'}</span>
  return <bdi class={`json-${value === null ? 'null' : typeof value}`}>{textOf(value)}</bdi>
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '""' : shortened(value, textMax)
  return value === undefined ? unknown : String(value)
}
