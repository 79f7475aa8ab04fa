/** Narrows the rows of a page; stands in the URL, so that a link shows the same rows. */
import type { JSX } from 'preact'
import { route, setQuery } from '../state/route.ts'
import { Icon } from './icon.tsx'

interface FilterProps {
  readonly label: string
  /** In the URL. */
  readonly name?: string
}

export function Filter({ label, name = 'q' }: FilterProps): JSX.Element {
  return (
    <label class="filter">
      <Icon name="search" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        autocomplete="off"
        spellcheck={false}
        value={route.value.query[name] ?? ''}
        onInput={({ currentTarget }) => setQuery({ [name]: currentTarget.value })}
      />
      <kbd>/</kbd>
    </label>
  )
}
