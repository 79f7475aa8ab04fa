import { describe, expect, it } from 'vitest'
import { frameOf, type Line, repaint } from './frame.ts'

const size = { columns: 6, rows: 2 }
const shown = (...lines: readonly Line[]) => frameOf(lines, size)

describe('a screen', () => {
  it('is written whole where nothing is known of it', () => {
    const text = repaint(undefined, shown([{ text: 'ab' }]), true)
    expect(text).toContain('\u001b[2J')
    expect(text).toContain('\u001b[1;1H\u001b[0mab    ')
  })

  it('that has not changed is not written', () => {
    expect(repaint(shown([{ text: 'ab' }]), shown([{ text: 'ab' }]), true)).toBe('')
  })

  it('is written only where it changed', () => {
    const text = repaint(shown([{ text: 'abcdef' }]), shown([{ text: 'abXdef' }]), true)
    expect(text).toBe('\u001b[1;3H\u001b[0mX\u001b[0m')
  })

  it('is written anew where only the style changed', () => {
    const text = repaint(shown([{ text: 'a' }]), shown([{ text: 'a', style: 'red' }]), true)
    expect(text).toBe('\u001b[1;1H\u001b[0;31ma\u001b[0m')
  })

  it('has no colours where nobody wants them, and keeps what is no colour', () => {
    const styled = shown([
      { text: 'a', style: 'red' },
      { text: 'b', style: 'inverse' },
    ])
    const text = repaint(shown(), styled, false)
    expect(text).toBe('\u001b[1;1H\u001b[0ma\u001b[0;7mb\u001b[0m')
  })

  it('gives wide characters two columns, and none that has only half of it', () => {
    const cells = shown([{ text: '日本語x' }])[0]?.map(({ text }) => text)
    expect(cells).toEqual(['日', '', '本', '', '語', ''])
    expect(
      shown([{ text: 'abcde日' }])[0]
        ?.map(({ text }) => text)
        .join(''),
    ).toBe('abcde ')
  })

  it('shows what a terminal would obey', () => {
    const wide = { columns: 40, rows: 1 }
    const text = repaint(undefined, frameOf([[{ text: 'a\u001b]0;x\u0007b' }]], wide), true)
    expect(text).toContain('a\\u001b]0;x\\u0007b')
    expect(text).not.toContain('\u001b]')
  })

  it('never has more lines or columns than there is room', () => {
    const frame = shown([{ text: 'abcdefgh' }], [], [{ text: 'x' }])
    expect(frame.map((row) => row.length)).toEqual([6, 6])
  })
})
