import { describe, expect, it } from 'vitest'
import type { CommandRow } from './command.ts'
import { parseWords } from './words.ts'

const command: CommandRow = {
  name: 'try',
  summary: 'Tries',
  args: [
    { name: 'key', isRequired: true, isMany: false },
    { name: 'more', isRequired: false, isMany: true },
  ],
  options: [
    { name: 'json', kind: 'flag', summary: '' },
    { name: 'limit', kind: 'number', value: 'n', summary: '' },
    { name: 'tag', kind: 'texts', value: 'tag', summary: '' },
  ],
  examples: [],
  load: () => Promise.reject(new Error('not called')),
}

describe('words', () => {
  it('are options with their texts, in both ways of writing them, and arguments', () => {
    const { args, given } = parseWords(command, ['a', '--limit', '5', '--tag=x=y', '--json', 'b'])
    expect(args).toEqual(['a', 'b'])
    expect([...given]).toEqual([
      ['limit', ['5']],
      ['tag', ['x=y']],
      ['json', []],
    ])
  })

  it('of an option that takes several come together', () => {
    const { given } = parseWords(command, ['a', '--tag', 'x', '--tag', 'y'])
    expect(given.get('tag')).toEqual(['x', 'y'])
  })

  it('behind two hyphens are arguments, whatever they look like', () => {
    expect(parseWords(command, ['--', '--limit', '-x']).args).toEqual(['--limit', '-x'])
  })

  it('may be negative numbers where a number is wanted', () => {
    expect(parseWords(command, ['a', '--limit', '-5']).given.get('limit')).toEqual(['-5'])
  })

  it.each([
    ['an option that is not there', ['a', '--limt', '5'], /--limt.*--limit/],
    ['a short option', ['a', '-x'], /there is no option --x/],
    ['a flag with a text', ['a', '--json=yes'], /nothing behind it.*yes/],
    ['an option without its text', ['a', '--limit'], /<n> behind it/],
    ['an option in place of a text', ['a', '--limit', '--json'], /<n> behind it/],
    ['an empty text', ['a', '--limit', ''], /<n> behind it/],
    ['an option twice', ['a', '--limit', '1', '--limit', '2'], /it once.*1 and 2/],
    ['no argument where one is needed', ['--json'], /lacks an argument.*<key>/],
  ])('refuse %s', (_what, words, message) => {
    expect(() => parseWords(command, words)).toThrow(message)
  })

  it('refuse more arguments than there are', () => {
    const one = { ...command, args: command.args.slice(0, 1) }
    expect(() => parseWords(one, ['a', 'b', 'c'])).toThrow(/<key>.*b c/)
  })
})
