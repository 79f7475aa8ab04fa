import { describe, expect, it } from 'vitest'
import { keysIn } from './screen.ts'
import { afterKey, firstState, type ViewState } from './view-state.ts'

const first = firstState('families', 2_000)
const typed = (text: string, from: ViewState = first) => keysIn(text).reduce(afterKey, from)

describe('keys', () => {
  it('choose the view, and begin its order anew', () => {
    expect(typed('s5')).toMatchObject({ view: 'invalidations', sort: 0, isReversed: false })
    expect(typed('9').view).toBe('families')
  })

  it('sort by the next column, and the other way round', () => {
    expect(typed('ssr')).toMatchObject({ sort: 2, isReversed: true })
  })

  it('filter by what was typed, and q is a letter there', () => {
    const state = typed('/seq\u007fq\r')
    expect(state).toMatchObject({ filter: 'seq', typing: undefined, isOver: undefined })
    expect(typed('\u001b', state).filter).toBe('')
  })

  it('leave the filter as it was where typing is given up', () => {
    expect(typed('/new\u001b', typed('/old\r'))).toMatchObject({ filter: 'old', typing: undefined })
  })

  it('pause and go on', () => {
    expect(typed(' ').isPaused).toBe(true)
    expect(typed('  ').isPaused).toBe(false)
  })

  it('read less or more often, within bounds', () => {
    expect(typed('+').intervalMs).toBe(5_000)
    expect(typed('-').intervalMs).toBe(1_000)
    expect(typed('-'.repeat(20)).intervalMs).toBe(250)
    expect(typed('+'.repeat(20)).intervalMs).toBe(60_000)
  })

  it('show help until the next one', () => {
    expect(typed('?').isHelp).toBe(true)
    expect(typed('?q')).toMatchObject({ isHelp: false, isOver: undefined })
  })

  it('quit, and interrupt even while something is typed', () => {
    expect(typed('q').isOver).toBe('quit')
    expect(typed('/ab\u0003').isOver).toBe('interrupted')
  })

  it('of the terminal, such as arrows, are taken whole and mean nothing', () => {
    expect(keysIn('a\u001b[A\u001bOBq')).toEqual(['a', '\u001b[A', '\u001bOB', 'q'])
    expect(typed('\u001b[5~\u001b[A')).toEqual(first)
  })
})
