/**
 * The syntax of key templates: `text{name}text{name:int}`, read into segments. A
 * parameter ends at a character that no encoded value contains (a separator such as
 * `:`), so every key can be read back in exactly one way.
 */
import { isEncodedCharacter } from '../base/percent.ts'
import { describe } from './describe.ts'
import { StaleproofError } from './errors.ts'

export type ParameterType = 'string' | 'int'
export interface Parameter {
  readonly name: string
  readonly type: ParameterType
  /** Literal text between this parameter and the next one, or the end. */
  readonly after: string
}
export interface TemplateSyntax {
  readonly text: string
  /** Literal text before the first parameter, or all of it. */
  readonly head: string
  readonly parameters: readonly Parameter[]
}

/** A key has a template around its id, which alone may have 1,024 bytes. */
const TEMPLATE_LENGTH_MAX = 128
const PARAMETERS_MAX = 8
const PARAMETER = /\{([^{}]*)\}/g
const PARAMETER_NAME = /^[A-Za-z][A-Za-z0-9_]*$/
/** Visible ASCII without glob characters and without separators of slots and messages. */
const LITERAL = /^[!"#$&'()+\-./0-9:<=>@A-Z_`a-z~]*$/

/** Throws `SP_TEMPLATE_INVALID`. */
export function parseTemplate(text: unknown): TemplateSyntax {
  if (typeof text !== 'string' || text === '' || text.length > TEMPLATE_LENGTH_MAX) {
    throw broken(text, `must be a text of 1 to ${TEMPLATE_LENGTH_MAX} characters`)
  }
  // Split at the parameters: literals at even places, insides of braces at odd ones.
  const pieces = text.split(PARAMETER)
  const literals = pieces.filter((_, index) => index % 2 === 0)
  const insides = pieces.filter((_, index) => index % 2 === 1)
  if (insides.length > PARAMETERS_MAX) {
    throw broken(text, `has more than ${PARAMETERS_MAX} parameters`)
  }
  for (const literal of literals) checkLiteral(text, literal)
  // Else the key of an empty id would be empty, and a pattern would match every key.
  if (literals.join('') === '' && insides.length === 1)
    throw broken(text, 'has no text besides its parameter')
  const head = literals[0] ?? ''
  const parameters = insides.map((inside, index) =>
    parameterOf(text, inside, literals[index + 1] ?? ''),
  )
  checkParameters(text, head, parameters)
  return Object.freeze({ text, head, parameters: Object.freeze(parameters) })
}

function checkLiteral(text: string, literal: string): void {
  if (/[{}]/.test(literal)) throw broken(text, 'has a brace without its partner')
  if (!LITERAL.test(literal)) {
    const found = [...literal].find((character) => !LITERAL.test(character))
    throw broken(text, `has the character ${JSON.stringify(found)}, which keys can't have`)
  }
}

function parameterOf(text: string, inside: string, after: string): Parameter {
  const [name = '', type = 'string', ...rest] = inside.split(':')
  if (!PARAMETER_NAME.test(name)) {
    throw broken(text, `has a parameter {${inside}} without a name made of letters and digits`)
  }
  if (rest.length > 0 || (type !== 'string' && type !== 'int')) {
    throw broken(text, `has a parameter {${inside}} of a type other than string or int`)
  }
  return Object.freeze({ name, type, after })
}

function checkParameters(text: string, head: string, parameters: readonly Parameter[]): void {
  const names = new Set<string>()
  let before = head
  for (const [index, { name, type, after }] of parameters.entries()) {
    if (names.has(name)) throw broken(text, `has the parameter {${name}} twice`)
    names.add(name)
    const isLast = index === parameters.length - 1
    if (after === '' ? !isLast : isEncodedCharacter(after.charAt(0))) {
      throw broken(text, `needs a separator such as ':' behind {${name}}`)
    }
    if (type === 'int' && /[-\d]$/.test(before)) {
      throw broken(text, `has a digit or sign in front of {${name}:int}`)
    }
    before = after
  }
}

function broken(text: unknown, problem: string): StaleproofError {
  return new StaleproofError('SP_TEMPLATE_INVALID', `The template ${problem}`, {
    received: describe(text),
  })
}
