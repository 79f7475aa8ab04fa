/** System, light, dark, and around again. */
import type { JSX } from 'preact'
import { theme } from '../state/preferences.ts'
import { Icon } from './icon.tsx'

const next = { system: 'light', light: 'dark', dark: 'system' } as const
const icons = { system: 'system', light: 'sun', dark: 'moon' } as const

export function ThemeButton(): JSX.Element {
  const now = theme.value
  const label = `Theme: ${now}. Change to ${next[now]}`
  return (
    <button
      type="button"
      class="button-icon theme-button"
      title={label}
      onClick={() => theme.choose(next[now])}
    >
      <Icon name={icons[now]} label={label} />
    </button>
  )
}
