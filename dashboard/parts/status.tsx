/** How something is, by drawing, word and colour, in this order of importance. */
import type { ComponentChildren, JSX } from 'preact'
import { Icon } from './icon.tsx'

export type Tone = 'ok' | 'info' | 'warn' | 'crit' | 'none'

interface StatusProps {
  readonly tone: Tone
  readonly children: ComponentChildren
  /** With a ground of its own, where it stands among text. */
  readonly isChip?: boolean
}

export function Status({ tone, children, isChip = false }: StatusProps): JSX.Element {
  return (
    <span class={`status tone-${tone}${isChip ? ' chip' : ''}`}>
      <Icon name={tone} />
      <span>{children}</span>
    </span>
  )
}

const tones: Readonly<Record<string, Tone>> = {
  ok: 'ok',
  closed: 'ok',
  healthy: 'ok',
  active: 'ok',
  done: 'ok',
  connected: 'ok',
  live: 'ok',
  fresh: 'ok',
  degraded: 'warn',
  halfOpen: 'warn',
  refused: 'warn',
  stale: 'warn',
  'down-to-source': 'crit',
  open: 'crit',
  failed: 'crit',
  down: 'crit',
  dead: 'crit',
}

const words: Readonly<Record<string, string>> = {
  halfOpen: 'half open',
  'down-to-source': 'down to source',
}

/** Of a state as the API names it. */
export function StateOf({ state, isChip }: { state: string; isChip?: boolean }): JSX.Element {
  const tone = tones[state] ?? 'none'
  return (
    <Status tone={tone} isChip={isChip ?? false}>
      {words[state] ?? state}
    </Status>
  )
}
