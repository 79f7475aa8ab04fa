/** One field for everywhere: pages, families, keys, and the few commands there are. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { FamiliesAnswer } from 'staleproof/ops'
import { useAnswer } from '../state/answer.ts'
import { isPaused } from '../state/pace.ts'
import { pages } from '../state/pages.ts'
import { theme } from '../state/preferences.ts'
import { go, linkTo } from '../state/route.ts'
import { signOut } from '../state/session.ts'
import { closeWindow, openWindow } from '../state/windows.ts'
import { visible } from '../text/visible.ts'
import { Dialog } from './dialog.tsx'
import { Icon, type IconName } from './icon.tsx'

interface Choice {
  readonly id: string
  readonly text: string
  readonly kind: string
  readonly icon: IconName
  readonly run: () => void
}

const shownMax = 12

export function Palette(): JSX.Element {
  const [asked, setAsked] = useState('')
  const [at, setAt] = useState(0)
  const families = useAnswer<FamiliesAnswer>('families').data?.families ?? []
  const names = families.map(({ name }) => name)
  const found = matching(choicesFor(asked, names), asked).slice(0, shownMax)
  const chosen = Math.min(at, found.length - 1)
  const run = (choice: Choice | undefined): void => {
    if (choice === undefined) return
    closeWindow()
    choice.run()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      setAt((chosen + step + found.length) % found.length)
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      run(found[chosen])
    }
  }
  return (
    <Dialog title="Search" kind="bare" onClose={closeWindow}>
      <div class="palette-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label="Search pages, families, keys and commands"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found[chosen] && `choice-${chosen}`}
          aria-autocomplete="list"
          placeholder="A page, a family, a key…"
          autocomplete="off"
          spellcheck={false}
          value={asked}
          onInput={({ currentTarget }) => {
            setAsked(currentTarget.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id="palette-list" class="palette-list" role="listbox" aria-label="Found">
        {found.map((choice, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the focus.
          <div
            key={choice.id}
            id={`choice-${place}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === chosen}
            class="choice"
            onClick={() => run(choice)}
          >
            <Icon name={choice.icon} />
            <span>{visible(choice.text)}</span>
            <span class="choice-kind">{choice.kind}</span>
          </div>
        ))}
      </div>
    </Dialog>
  )
}

function choicesFor(asked: string, families: readonly string[]): readonly Choice[] {
  const to = (address: string) => (): void => go(address)
  const choices: Choice[] = pages.map(({ name, title, icon }) => ({
    id: `page-${name}`,
    text: title,
    kind: 'page',
    icon,
    run: to(linkTo(name)),
  }))
  for (const name of families) {
    const run = to(linkTo('families', name))
    choices.push({ id: `family-${name}`, text: name, kind: 'family', icon: 'families', run })
  }
  if (asked.trim() !== '') {
    const run = to(linkTo('keys', undefined, { pattern: patternOf(asked) }))
    choices.push({ id: 'keys', text: `Keys like ${asked}`, kind: 'search', icon: 'keys', run })
  }
  return [...choices, ...commands()]
}

function commands(): readonly Choice[] {
  const pausing = {
    id: 'pause',
    text: isPaused.value ? 'Resume live numbers' : 'Pause live numbers',
    kind: 'command',
    icon: isPaused.value ? 'play' : 'pause',
    run: () => {
      isPaused.value = !isPaused.value
    },
  } as const
  const colouring = theme.options.map(
    (one) =>
      ({
        id: `theme-${one}`,
        text: `Theme: ${one}`,
        kind: 'command',
        icon: 'sun',
        run: () => theme.choose(one),
      }) as const,
  )
  const help = {
    id: 'help',
    text: 'Keyboard',
    kind: 'command',
    icon: 'info',
    run: () => {
      openWindow.value = 'help'
    },
  } as const
  const leave = {
    id: 'out',
    text: 'Sign out',
    kind: 'command',
    icon: 'back',
    run: () => void signOut(),
  } as const
  return [pausing, ...colouring, help, leave]
}

/** A search for keys is always offered: it can't be known here what there is. */
function matching(choices: readonly Choice[], asked: string): readonly Choice[] {
  const words = asked.toLowerCase().split(/\s+/)
  return choices.filter(({ id, text }) => {
    return id === 'keys' || words.every((word) => text.toLowerCase().includes(word))
  })
}

function patternOf(asked: string): string {
  const text = asked.trim()
  return text.includes('*') ? text : `${text}*`
}
