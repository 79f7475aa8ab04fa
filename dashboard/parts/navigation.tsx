/** The pages, with a number beside those that ask for attention. */
import type { JSX } from 'preact'
import type { MeAnswer } from 'staleproof/ops'
import { overview } from '../state/live.ts'
import { type PageEntry, pages } from '../state/pages.ts'
import { linkTo, route } from '../state/route.ts'
import { signOut } from '../state/session.ts'
import { closeWindow } from '../state/windows.ts'
import { plural } from '../text/format.ts'
import { Icon } from './icon.tsx'

export function Navigation({ me }: { me: MeAnswer }): JSX.Element {
  return (
    <>
      <div class="brand">
        <strong>staleproof</strong>
        <span class={`environment environment-${kindOf(me.environment)}`}>{me.environment}</span>
        <span class="namespace">
          {me.namespace} · {me.service}
        </span>
      </div>
      <nav aria-label="Pages">
        <ul>
          {pages.map((page) => (
            <li key={page.name}>
              <PageLink page={page} />
            </li>
          ))}
        </ul>
      </nav>
      <div class="who">
        <span>
          {me.user}
          <span class="who-role">
            {me.role}
            {me.isReadOnly && ', read only'}
          </span>
        </span>
        <button type="button" class="button-quiet" onClick={() => void signOut()}>
          Sign out
        </button>
      </div>
    </>
  )
}

function PageLink({ page: { name, title, icon } }: { page: PageEntry }): JSX.Element {
  const isHere = route.value.page === name
  return (
    <a
      class="nav-link"
      href={linkTo(name)}
      aria-current={isHere ? 'page' : undefined}
      onClick={closeWindow}
    >
      <Icon name={icon} />
      <span>{title}</span>
      <Badge page={name} />
    </a>
  )
}

/** Only when there is something. */
function Badge({ page }: { page: string }): JSX.Element | null {
  const now = overview.value
  const { crit = 0, warn = 0 } = now?.findings ?? {}
  if (page === 'doctor' && crit + warn > 0) {
    const level = crit > 0 ? 'crit' : 'warn'
    return (
      <span class={`badge tone-${level}`} title={`${crit} critical, ${plural(warn, 'warning')}`}>
        {crit + warn}
        <span class="visually-hidden"> findings</span>
      </span>
    )
  }
  const open = now?.breakers.length ?? 0
  if (page === 'resilience' && open > 0) {
    return (
      <span class="badge tone-warn" title="breakers that are not closed">
        {open}
        <span class="visually-hidden"> breakers not closed</span>
      </span>
    )
  }
  return null
}

function kindOf(environment: string): 'production' | 'other' {
  return /^prod/i.test(environment) ? 'production' : 'other'
}
