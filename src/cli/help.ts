/** What `--help` prints, from the table of commands. */
import { type CommandRow, type OptionRow, variableOf } from './command.ts'
import { commandGroups } from './commands.ts'
import { exitCodes, exitCodeTexts } from './exit-codes.ts'
import type { Paint } from './paint.ts'
import { columns } from './table.ts'
import { argumentText } from './words.ts'

export function wholeHelp(paint: Paint): readonly string[] {
  const groups = commandGroups.map(({ title, commands }) => {
    const rows = commands.map(({ name, summary }) => [name, summary])
    return section(
      title,
      columns(rows, (_colour, text) => text),
      paint,
    )
  })
  return [
    'staleproof: looks into caches, proves their promise, finds what is wrong',
    '',
    '  staleproof <command> [options]',
    '',
    ...padded(groups).flat(),
    ...exitCodeSection(paint),
    '',
    'staleproof <command> --help tells its options and examples.',
  ]
}

export function commandHelp(command: CommandRow, paint: Paint): readonly string[] {
  const { name, summary, args, options, examples } = command
  const usage = ['staleproof', name, ...args.map(argumentText), '[options]'].join(' ')
  return [
    summary,
    '',
    `  ${usage}`,
    '',
    ...section('Options', optionLines(options), paint),
    '',
    ...section(
      'Examples',
      examples.map((example) => `  ${example}`),
      paint,
    ),
    '',
    ...exitCodeSection(paint),
    '',
    'An option is taken from the command line, else from its variable in brackets,',
    'else from the file of settings, else it has its default.',
  ]
}

/** Narrow terminals are common, and variables are long. */
const columnsMax = 80

function optionLines(options: readonly OptionRow[]): readonly string[] {
  const cells = options.map(optionCells)
  const indent = 4 + Math.max(...cells.map(([written = '']) => written.length))
  return cells.flatMap(([written = '', text = '', variable = '']) => {
    const whole = variable === '' ? text : `${text} [${variable}]`
    const [first = '', ...rest] = wrapped(whole, columnsMax - indent)
    const padding = ' '.repeat(indent)
    return [`  ${written}`.padEnd(indent) + first, ...rest.map((line) => padding + line)]
  })
}

/** Broken between words. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

/** `--limit <n>`, what it is, its variable. */
export function optionCells(option: OptionRow): readonly string[] {
  const { name, value, summary, default: initial, kind } = option
  const written = kind === 'flag' ? `--${name}` : `--${name} <${value ?? 'value'}>`
  const text = initial === undefined ? summary : `${summary} (default: ${initial})`
  return [written, text, variableOf(option) ?? '']
}

function exitCodeSection(paint: Paint): readonly string[] {
  const rows = Object.entries(exitCodes).map(([name, code]) => {
    const text = Object.entries(exitCodeTexts).find(([key]) => key === name)?.[1] ?? name
    return [String(code), text]
  })
  const plain: Paint = (_colour, text) => text
  return section('Exit codes', columns(rows, plain), paint)
}

function section(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return [paint('bold', title), ...lines]
}

function padded(groups: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return groups.map((lines) => [...lines, ''])
}
