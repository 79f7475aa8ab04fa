/** The frame of every page: where one can go, how it is, and whether it is live. */
import type { ComponentType, JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { MeAnswer } from 'staleproof/ops'
import { pages } from '../state/pages.ts'
import { startRange } from '../state/preferences.ts'
import { linkTo, route, setQuery } from '../state/route.ts'
import { signOutProblem } from '../state/session.ts'
import { closeWindow, openWindow } from '../state/windows.ts'
import { Dialog } from './dialog.tsx'
import { Help } from './help.tsx'
import { Icon } from './icon.tsx'
import { LiveBadge } from './live-badge.tsx'
import { Navigation } from './navigation.tsx'
import { Palette } from './palette.tsx'
import { Waiting } from './panel.tsx'
import { Status } from './status.tsx'
import { ThemeButton } from './theme-button.tsx'

const withRange = new Set(['overview', 'families', 'invalidations', 'redis'])

export function Shell({ me }: { me: MeAnswer }): JSX.Element {
  const { page, item } = route.value
  const entry = pages.find(({ name }) => name === page)
  const title = entry?.title ?? 'Not found'
  const main = useRef<HTMLElement>(null)
  useEffect(() => {
    document.title = `${item ?? title} · ${me.namespace}`
    scrollTo(0, 0)
  }, [title, item, me.namespace])
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <aside class="side">
        <Navigation me={me} />
      </aside>
      <header class="top">
        <button
          type="button"
          class="button-icon top-menu"
          onClick={() => {
            openWindow.value = 'menu'
          }}
        >
          <Icon name="menu" label="Menu" />
        </button>
        <h1>
          {title}
          {item !== undefined && <span class="visually-hidden">: {item}</span>}
        </h1>
        <SearchButton />
        {withRange.has(page) && <RangeChoice />}
        <LiveBadge />
        <ThemeButton />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <StillIn />
        {entry === undefined ? <NotFound /> : <Page key={page} load={entry.load} />}
      </main>
      <Windows me={me} />
    </div>
  )
}

function Page({ load }: { load: () => Promise<ComponentType> | ComponentType }): JSX.Element {
  const [found, setFound] = useState<{ readonly Body?: ComponentType; readonly problem?: string }>(
    () => {
      const now = load()
      return now instanceof Promise ? {} : { Body: now }
    },
  )
  useEffect(() => {
    Promise.resolve(load()).then(
      (Body) => setFound({ Body }),
      () => setFound({ problem: 'this page’s code can’t be loaded' }),
    )
  }, [load])
  const { Body, problem } = found
  return Body === undefined ? <Waiting problem={problem} /> : <Body />
}

/** Whoever wants to leave a screen must know that they have not. */
function StillIn(): JSX.Element | null {
  const problem = signOutProblem.value
  if (problem === undefined) return null
  return (
    <p class="notice" role="alert">
      <Status tone="crit">You are still signed in: {problem}</Status>
    </p>
  )
}

function NotFound(): JSX.Element {
  return (
    <p class="page">
      There is no such page. <a href={linkTo('overview')}>Go to the overview</a>.
    </p>
  )
}

function SearchButton(): JSX.Element {
  return (
    <button
      type="button"
      class="search-button"
      onClick={() => {
        openWindow.value = 'palette'
      }}
    >
      <Icon name="search" />
      <span>Search</span>
      <kbd>{/Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl '}K</kbd>
    </button>
  )
}

function RangeChoice(): JSX.Element {
  const range = route.value.query.range ?? startRange.value
  return (
    <select
      class="range"
      aria-label="Range of time"
      value={range}
      onChange={({ currentTarget }) => setQuery({ range: currentTarget.value })}
    >
      {startRange.options.map((one) => (
        <option key={one} value={one}>
          last {one.replace('m', ' min').replace('h', ' h')}
        </option>
      ))}
    </select>
  )
}

function Windows({ me }: { me: MeAnswer }): JSX.Element | null {
  switch (openWindow.value) {
    case 'palette':
      return <Palette />
    case 'help':
      return <Help />
    case 'menu':
      return (
        <Dialog title="Menu" kind="side" onClose={closeWindow}>
          <Navigation me={me} />
        </Dialog>
      )
    case 'none':
      return null
  }
}
