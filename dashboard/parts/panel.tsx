/** Sections of a page, and what stands in them while there is nothing to show. */
import type { ComponentChildren, JSX } from 'preact'
import { Icon, type IconName } from './icon.tsx'

interface PanelProps {
  readonly title: string
  readonly note?: ComponentChildren
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
}

export function Panel({ title, note, actions, children }: PanelProps): JSX.Element {
  return (
    <section class="panel" aria-label={title}>
      <header class="panel-head">
        <div class="panel-title">
          <h2>{title}</h2>
          {note !== undefined && <p class="panel-note">{note}</p>}
        </div>
        {actions !== undefined && <div class="panel-actions">{actions}</div>}
      </header>
      {children}
    </section>
  )
}

interface EmptyProps {
  readonly icon?: IconName
  readonly title: string
  readonly children?: ComponentChildren
}

export function Empty({ icon = 'none', title, children }: EmptyProps): JSX.Element {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p class="empty-title">{title}</p>
      {children !== undefined && <p>{children}</p>}
    </div>
  )
}

/** The first answer is on its way, or did not come. */
export function Waiting({ problem }: { problem: string | undefined }): JSX.Element {
  if (problem !== undefined) {
    return (
      <Empty icon="warn" title="No answer yet">
        {problem}. The page keeps asking.
      </Empty>
    )
  }
  return (
    <div class="waiting">
      <span class="visually-hidden">Loading…</span>
      <div class="skeleton" />
      <div class="skeleton" />
      <div class="skeleton" />
    </div>
  )
}

/** What was known before the service stopped answering is shown, marked as old. */
export function Outdated({ problem }: { problem: string | undefined }): JSX.Element | null {
  if (problem === undefined) return null
  return (
    <p class="notice" role="status">
      <Icon name="warn" /> These numbers are old: {problem}.
    </p>
  )
}
