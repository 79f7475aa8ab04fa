import { expect, it } from 'vitest'
import { Screen } from './screen.ts'
import { duration } from './status-report.ts'

function output(isTTY: boolean): { text: string; isTTY: boolean; columns: number } & {
  write(text: string): void
} {
  return {
    text: '',
    isTTY,
    columns: 12,
    write(text) {
      this.text += text
    },
  }
}

it('prints the status once where the output is not a terminal', () => {
  const out = output(false)
  const screen = new Screen(out)
  screen.status('first')
  screen.status('second')
  screen.partLine('api', 'hello')
  expect(out.text).toBe('first\napi      | hello\n')
})

it('keeps the status below the lines of a terminal, no wider than it', () => {
  const out = output(true)
  const screen = new Screen(out)
  screen.status('a status that is too long')
  out.text = ''
  screen.line('line')
  expect(out.text).toBe('\r\u001b[2Kline\na status th')
})

it('says how long in the two largest units', () => {
  expect([41_900, 185_000, 7_800_000].map(duration)).toEqual(['41 s', '3 min 5 s', '2 h 10 min'])
})
