/** What the person at the screen has asked for, and what a key changes in it: pure. */

export const viewNames = [
  'families',
  'commands',
  'clients',
  'slowlog',
  'invalidations',
  'keys',
] as const

export type ViewName = (typeof viewNames)[number]

export interface ViewState {
  readonly view: ViewName
  /** Of the columns that can be sorted by, modulo their number. */
  readonly sort: number
  readonly isReversed: boolean
  /** Undefined: nothing is being typed. */
  readonly typing: string | undefined
  readonly filter: string
  readonly isPaused: boolean
  readonly isHelp: boolean
  readonly intervalMs: number
  readonly isOver: 'quit' | 'interrupted' | undefined
}

export const intervalRangeMs = { min: 250, max: 60_000 }
const filterCharsMax = 60
const steps = [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000]

export function firstState(view: ViewName, intervalMs: number): ViewState {
  return {
    view,
    sort: 0,
    isReversed: false,
    typing: undefined,
    filter: '',
    isPaused: false,
    isHelp: false,
    intervalMs,
    isOver: undefined,
  }
}

export function afterKey(state: ViewState, key: string): ViewState {
  if (key === '\u0003') return { ...state, isOver: 'interrupted' }
  if (state.typing !== undefined) return afterTyped(state, state.typing, key)
  if (state.isHelp) return { ...state, isHelp: false }
  const view = viewNames[Number(key) - 1]
  if (view !== undefined) return { ...state, view, sort: 0, isReversed: false }
  switch (key) {
    case 'q':
      return { ...state, isOver: 'quit' }
    case '?':
    case 'h':
      return { ...state, isHelp: true }
    case 's':
      return { ...state, sort: state.sort + 1 }
    case 'r':
      return { ...state, isReversed: !state.isReversed }
    case '/':
      return { ...state, typing: state.filter }
    case '\u001b':
      return { ...state, filter: '' }
    case ' ':
      return { ...state, isPaused: !state.isPaused }
    case '+':
      return { ...state, intervalMs: stepFrom(state.intervalMs, 1) }
    case '-':
      return { ...state, intervalMs: stepFrom(state.intervalMs, -1) }
    default:
      return state
  }
}

function afterTyped(state: ViewState, typing: string, key: string): ViewState {
  if (key === '\r' || key === '\n') return { ...state, filter: typing, typing: undefined }
  if (key === '\u001b') return { ...state, typing: undefined }
  if (key === '\u007f' || key === '\b') return { ...state, typing: typing.slice(0, -1) }
  const isText = /^[\x20-\x7e]$/.test(key) && typing.length < filterCharsMax
  return isText ? { ...state, typing: typing + key } : state
}

function stepFrom(intervalMs: number, direction: 1 | -1): number {
  const further = steps.filter((step) => (step - intervalMs) * direction > 0)
  const next = direction === 1 ? further[0] : further.at(-1)
  return next ?? intervalMs
}
