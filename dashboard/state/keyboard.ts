/**
 * Keys as commands: `g` and a letter for a page, `j` and `k` through rows, and the few in
 * `keyTable`. None works while something is written or a window is open, and all single
 * letters can be turned off.
 */
import { askAgain } from './answer.ts'
import { isPaused } from './pace.ts'
import { pages } from './pages.ts'
import { shortcuts } from './preferences.ts'
import { go, linkTo, route } from './route.ts'
import { openWindow } from './windows.ts'

const sequenceMs = 1500

export const keyTable: readonly (readonly [keys: string, what: string])[] = [
  ['⌘K / Ctrl K', 'Search pages, families, keys, commands'],
  ['/', 'Filter this page, or search where it has no filter'],
  ['j  k', 'Next and previous row'],
  ['Enter', 'Open the row'],
  ['h', 'Back to the list'],
  ['r', 'Ask again now'],
  ['Space', 'Pause and resume live numbers'],
  ['?', 'This list'],
  ['Esc', 'Close what is open'],
]

let wentMs = Number.NEGATIVE_INFINITY

export function startKeyboard(): void {
  addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      openWindow.value = openWindow.value === 'palette' ? 'none' : 'palette'
      return
    }
    if (shortcuts.value === 'off' || isBusy(event)) return
    if (event.timeStamp - wentMs < sequenceMs) {
      wentMs = Number.NEGATIVE_INFINITY
      const page = pages.find(({ letter }) => letter === event.key)
      if (page !== undefined) return go(linkTo(page.name))
    }
    const command = commands[event.key]
    if (command === undefined) return
    if (command(event) !== 'leave') event.preventDefault()
  })
}

const commands: Readonly<Record<string, (event: KeyboardEvent) => 'leave' | undefined>> = {
  g: ({ timeStamp }) => {
    wentMs = timeStamp
    return undefined
  },
  j: () => step(1),
  k: () => step(-1),
  h: () => {
    if (route.value.item !== undefined) go(linkTo(route.value.page))
    return undefined
  },
  r: () => {
    askAgain()
    return undefined
  },
  '/': () => {
    const filter = document.querySelector<HTMLInputElement>('main input[type=search]')
    if (filter === null) openWindow.value = 'palette'
    else filter.select()
    return undefined
  },
  '?': () => {
    openWindow.value = 'help'
    return undefined
  },
  ' ': ({ target }) => {
    // A button or a link in focus is what the key is for, and so is scrolling within a row.
    if (target instanceof Element && target !== document.body && target.id !== 'main')
      return 'leave'
    isPaused.value = !isPaused.value
    return undefined
  },
}

function step(by: 1 | -1): undefined {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')]
  const now = rows.findIndex((row) => row.contains(document.activeElement))
  const next = now < 0 ? (by === 1 ? 0 : rows.length - 1) : now + by
  rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus()
  return undefined
}

function isBusy({ target, metaKey, ctrlKey, altKey }: KeyboardEvent): boolean {
  if (metaKey || ctrlKey || altKey || document.querySelector('dialog[open]') !== null) return true
  return target instanceof Element && target.closest('input, select, textarea') !== null
}
