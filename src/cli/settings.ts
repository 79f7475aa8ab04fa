/**
 * The effective value of every option, and where it came from: the command line, before its
 * variable, before the file of settings, before its default. All are checked here, once.
 */
import { BYTE_SIZE_EXPECTED, parseByteSize } from '../base/byte-size.ts'
import { DURATION_EXPECTED, parseDuration } from '../base/duration.ts'
import { nearestName } from '../base/nearest-name.ts'
import { StaleproofError } from '../core/errors.ts'
import { type CommandRow, camelCase, type Flags, type OptionRow, variableOf } from './command.ts'
import { withoutSecrets } from './connection/address.ts'

/** The nearest first. */
const origins = ['command line', 'environment', 'file', 'default', 'none'] as const

export type Origin = (typeof origins)[number]

export interface Setting {
  readonly option: OptionRow
  readonly origin: Origin
  /** The flag, the variable or the file; empty where nobody said anything. */
  readonly where: string
  /** Undefined: not given. */
  readonly value: unknown
}

export interface SettingsFile {
  readonly path: string
  /** By name of an option, as texts. */
  readonly values: ReadonlyMap<string, readonly string[]>
}

export interface Origins {
  readonly given: ReadonlyMap<string, readonly string[]>
  readonly variable: (name: string) => string | undefined
  readonly file: SettingsFile | undefined
}

/** Throws `SP_OPTION_INVALID`. */
export function settingsOf(command: CommandRow, from: Origins): readonly Setting[] {
  const found = command.options.map((option) => settingOf(command, option, from))
  for (const { option, origin } of found) {
    if (origin !== 'command line' || option.group === undefined) continue
    const other = found.find((one) => one.option !== option && isRival(one, option, origin))
    if (other === undefined) continue
    const expected = `not both --${option.name} and --${other.option.name}`
    const message = `${command.name}: option '--${option.name}'`
    throw new StaleproofError('SP_OPTION_INVALID', message, { expected })
  }
  return found.map((one) => (isOutdone(one, found) ? { ...one, ...nowhere } : one))
}

export function flagsOf(settings: readonly Setting[]): Flags {
  const given = settings.filter(({ value }) => value !== undefined)
  return Object.fromEntries(given.map(({ option, value }) => [camelCase(option.name), value]))
}

/** Was a password written where `ps` shows it? */
export function showsPassword(setting: Setting): boolean {
  return setting.origin === 'command line' && shownValue(setting) !== setting.value
}

/** As it may be shown: an address without its secrets. */
export function shownValue({ option, value }: Setting): unknown {
  const isAddress = option.group === 'server' && typeof value === 'string'
  return isAddress ? withoutSecrets(value) : value
}

/** Throws `SP_OPTION_UNKNOWN` for a name that no command has, `SP_OPTION_INVALID`. */
export function settingsFile(
  path: string,
  text: string,
  options: readonly OptionRow[],
): SettingsFile {
  const values = new Map<string, readonly string[]>()
  for (const [name, value] of Object.entries(fieldsOf(path, text))) {
    const named = options.filter((one) => one.name === name)
    if (named.length === 0) throw unknownName(path, name, options)
    if (named.every(({ environment }) => environment === false)) {
      const expected = 'it on the command line, by whoever confirms'
      throw new StaleproofError('SP_OPTION_INVALID', `${path}: '${name}'`, { expected })
    }
    const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
    values.set(name, texts.map(String))
  }
  return { path, values }
}

const nowhere = { origin: 'none', where: '', value: undefined } as const

function settingOf(command: CommandRow, option: OptionRow, from: Origins): Setting {
  const { texts, ...source } = textsOf(option, from)
  if (texts === undefined) return { option, ...nowhere }
  const isElsewhere = source.origin === 'environment' || source.origin === 'file'
  const place = isElsewhere ? ` of ${source.where}` : ''
  const where = `${command.name}: option '--${option.name}'${place}`
  return { option, ...source, value: checkedValue(option, texts, where) }
}

interface Found {
  readonly origin: Origin
  readonly where: string
  readonly texts: readonly string[] | undefined
}

function textsOf(option: OptionRow, { given, variable, file }: Origins): Found {
  const { name } = option
  const written = given.get(name)
  if (written !== undefined) return { origin: 'command line', where: `--${name}`, texts: written }
  const variableName = variableOf(option)
  const ofVariable = variableName === undefined ? undefined : variable(variableName)
  if (variableName !== undefined && ofVariable !== undefined) {
    return { origin: 'environment', where: variableName, texts: [ofVariable] }
  }
  // What one command takes from the file, another may want from a person.
  const inFile = option.environment === false ? undefined : file?.values.get(name)
  if (file !== undefined && inFile !== undefined) {
    return { origin: 'file', where: file.path, texts: inFile }
  }
  if (option.default === undefined) return { ...nowhere, texts: undefined }
  return { origin: 'default', where: '', texts: [option.default] }
}

/** Of a group only what was said nearest counts; said equally near, what is declared first. */
function isOutdone(setting: Setting, all: readonly Setting[]): boolean {
  const { option, origin } = setting
  if (option.group === undefined || setting.value === undefined) return false
  const rank = origins.indexOf(origin)
  return all.some((one, at) => {
    if (one === setting || one.option.group !== option.group || one.value === undefined)
      return false
    const otherRank = origins.indexOf(one.origin)
    return otherRank < rank || (otherRank === rank && at < all.indexOf(setting))
  })
}

function isRival(one: Setting, { group }: OptionRow, origin: Origin): boolean {
  return one.option.group === group && one.origin === origin
}

function checkedValue(option: OptionRow, texts: readonly string[], where: string): unknown {
  const [text = ''] = texts
  const refuse = (expected: string) =>
    new StaleproofError('SP_OPTION_INVALID', where, { expected, received: text })
  const { choices } = option
  if (choices !== undefined && texts.some((one) => !choices.includes(one))) {
    throw refuse(choices.join(', '))
  }
  switch (option.kind) {
    case 'flag':
      return flagOf(texts, refuse)
    case 'text':
      return text
    case 'texts':
      return texts
    case 'number':
      return numberOf(option, text, refuse)
    case 'duration':
      return (
        parseDuration(/^\d+$/.test(text) ? Number(text) : text) ?? raise(refuse(DURATION_EXPECTED))
      )
    case 'size':
      return (
        parseByteSize(/^\d+$/.test(text) ? Number(text) : text) ?? raise(refuse(BYTE_SIZE_EXPECTED))
      )
  }
}

type Refuse = (expected: string) => StaleproofError

/** On the command line it has no text. */
function flagOf([text]: readonly string[], refuse: Refuse): true | undefined {
  if (text === undefined || text === '1' || text === 'true') return true
  if (text === '0' || text === 'false') return undefined
  throw refuse('1, true, 0 or false')
}

function numberOf({ range }: OptionRow, text: string, refuse: Refuse): number | string {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (range === undefined) return Number.isFinite(number) ? number : text
  if (Number.isSafeInteger(number) && number >= range.min && number <= range.max) return number
  throw refuse(`a whole number from ${range.min} to ${range.max}`)
}

function raise(error: Error): never {
  throw error
}

function fieldsOf(path: string, text: string): object {
  const refused = (received: string, cause?: unknown) =>
    new StaleproofError('SP_OPTION_INVALID', `the file of settings ${path}`, {
      expected: 'a JSON object of options by their names',
      received,
      cause,
    })
  let fields: unknown
  try {
    fields = JSON.parse(text)
  } catch (error) {
    throw refused('a text that is no JSON', error)
  }
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return fields
  throw refused(Array.isArray(fields) ? 'a list' : String(fields))
}

function unknownName(path: string, name: string, options: readonly OptionRow[]): StaleproofError {
  const nearest = nearestName(
    name,
    options.map((option) => option.name),
  )
  const expected = nearest === undefined ? 'names of options, without --' : `'${nearest}'`
  return new StaleproofError('SP_OPTION_UNKNOWN', `${path}: there is no '${name}'`, { expected })
}
