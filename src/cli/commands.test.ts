import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { variableOf } from './command.ts'
import { commandNamed } from './command-name.ts'
import { commandGroups, commands } from './commands.ts'
import { exitCodes, exitCodeTexts } from './exit-codes.ts'
import { optionCells } from './help.ts'

describe('the table of commands', () => {
  it('has each command and each of its options once', () => {
    const names = commands.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, options } of commands) {
      const own = options.map((option) => option.name)
      expect(new Set(own).size, name).toBe(own.length)
    }
  })

  it('has a loader for each that leads to a function', async () => {
    for (const { name, load } of commands) expect(await load(), name).toBeTypeOf('function')
  })

  it('has an example for each, and every example names its command', () => {
    for (const { name, examples } of commands) {
      expect(examples.length, name).toBeGreaterThan(0)
      for (const example of examples) expect(example).toContain(`staleproof ${name}`)
    }
  })

  it('gives every option a variable, but those that only a person may say', () => {
    const without = commands.flatMap(({ name, options }) =>
      options.filter((one) => !variableOf(one)).map((one) => `${name} --${one.name}`),
    )
    const confirming = ['yes', 'expect-count', 'expect-about', 'i-know-this-is']
    const targets = ['tag', 'family', 'pattern']
    expect(without).toEqual([
      ...[...targets, ...confirming].map((name) => `invalidate --${name}`),
      ...confirming.map((name) => `clear --${name}`),
    ])
  })

  it('gives one variable one meaning', () => {
    const kinds = new Map<string, string>()
    for (const option of commands.flatMap(({ options }) => options)) {
      const variable = variableOf(option)
      if (variable === undefined) continue
      expect(kinds.get(variable) ?? option.kind, variable).toBe(option.kind)
      kinds.set(variable, option.kind)
    }
  })

  it('has no option for a secret itself', () => {
    const names = commands.flatMap(({ options }) => options.map(({ name }) => name))
    expect(names.filter((name) => /token$|password|secret/.test(name))).toEqual([])
  })

  it('explains every exit code', () => {
    expect(Object.keys(exitCodeTexts)).toEqual(Object.keys(exitCodes))
  })
})

describe('a name', () => {
  it('that is nearly one of a command is told what may be meant', () => {
    expect(() => commandNamed('stast', commands)).toThrow(/'stast'.*'stats'/)
    expect(commandNamed('stats', commands).name).toBe('stats')
  })
})

// After a change of the table: npx vitest run --project unit src/cli/commands.test.ts -u
it('docs/cli-options.md is made from the table', async () => {
  await expect(page()).toMatchFileSnapshot('../../docs/cli-options.md')
})

it('every command is in docs/cli.md', () => {
  const text = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')
  const missing = commands.filter(({ name }) => !text.includes(`\`${name}\``))
  expect(missing.map(({ name }) => name)).toEqual([])
})

function page(): string {
  const parts = commandGroups.flatMap(({ title, commands: group }) => [
    `## ${title}`,
    '',
    ...group.flatMap(({ name, summary, options, examples }) => [
      `### staleproof ${name}`,
      '',
      `${summary}.`,
      '',
      '| option | what | variable |',
      '| --- | --- | --- |',
      ...options.map((option) => {
        const [written = '', what = '', variable = ''] = optionCells(option)
        return `| \`${written}\` | ${what} | ${variable === '' ? '–' : `\`${variable}\``} |`
      }),
      '',
      '```',
      ...examples,
      '```',
      '',
    ]),
  ])
  const head = [
    '# All commands and their options',
    '',
    'Made from `src/cli/commands.ts`. How they go about their work is in [cli.md](cli.md).',
    '',
  ]
  return [...head, ...parts].join('\n')
}
