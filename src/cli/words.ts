/** The words behind the name of a command: which options they give, and what is left. */
import { nearestName } from '../base/nearest-name.ts'
import { StaleproofError } from '../core/errors.ts'
import type { ArgumentRow, CommandRow, OptionRow } from './command.ts'

export interface Words {
  readonly args: readonly string[]
  /** By name, as they were written; a flag has no text. */
  readonly given: ReadonlyMap<string, readonly string[]>
}

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function parseWords(command: CommandRow, words: readonly string[]): Words {
  const args: string[] = []
  const given = new Map<string, readonly string[]>()
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '--') {
      args.push(...words.slice(at + 1))
      break
    }
    if (!word.startsWith('--')) {
      if (/^-[A-Za-z]/.test(word)) throw unknownOption(command, word)
      args.push(word)
      continue
    }
    const [name = '', behind] = splitAtEquals(word.slice(2))
    const option = command.options.find((one) => one.name === name)
    if (option === undefined) throw unknownOption(command, word)
    const before = given.get(name) ?? []
    if (option.kind === 'flag') {
      if (behind !== undefined) throw invalid(command, option, 'nothing behind it', behind)
      given.set(name, before)
      continue
    }
    const next = behind ?? nextValue(words[++at])
    if (next === undefined) throw invalid(command, option, `<${option.value ?? 'value'}> behind it`)
    if (option.kind !== 'texts' && before.length > 0) {
      throw invalid(command, option, 'it once', `it twice: ${before.join()} and ${next}`)
    }
    given.set(name, [...before, next])
  }
  checkArgs(command, args)
  return { args, given }
}

/** How an argument is written: `<key>`, `[pattern]`, `[file...]`. */
export function argumentText({ name, isRequired, isMany }: ArgumentRow): string {
  const text = isMany ? `${name}...` : name
  return isRequired ? `<${text}>` : `[${text}]`
}

function splitAtEquals(text: string): readonly [string, string | undefined] {
  const at = text.indexOf('=')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

/** An option is no value of the one before it; a negative number is. */
function nextValue(word: string | undefined): string | undefined {
  return word === undefined || word === '' || word.startsWith('--') ? undefined : word
}

function checkArgs({ name, args: rows }: CommandRow, args: readonly string[]): void {
  const required = rows.filter(({ isRequired }) => isRequired)
  const missing = required[args.length]
  if (missing !== undefined) {
    const expected = `${argumentText(missing)}; see \`staleproof ${name} --help\``
    throw new StaleproofError('SP_OPTION_INVALID', `${name} lacks an argument`, { expected })
  }
  if (rows.at(-1)?.isMany === true || args.length <= rows.length) return
  const expected = rows.length === 0 ? 'none' : rows.map(argumentText).join(' ')
  const received = args.slice(rows.length).join(' ')
  throw new StaleproofError('SP_OPTION_INVALID', `${name} takes other arguments`, {
    expected,
    received,
  })
}

function unknownOption({ name, options }: CommandRow, word: string): StaleproofError {
  const [text = ''] = splitAtEquals(word.replace(/^-+/, ''))
  const nearest = nearestName(
    text,
    options.map((option) => option.name),
  )
  const hint = nearest === undefined ? `one of \`staleproof ${name} --help\`` : `--${nearest}`
  const message = `there is no option --${text}${nearest === undefined ? '' : '; a slip?'}`
  return new StaleproofError('SP_OPTION_UNKNOWN', message, { expected: hint })
}

function invalid(
  command: CommandRow,
  option: OptionRow,
  ...[expected, received]: [string, string?]
): StaleproofError {
  const where = `${command.name}: option '--${option.name}'`
  return new StaleproofError('SP_OPTION_INVALID', where, { expected, received })
}
