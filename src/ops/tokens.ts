/**
 * Tokens of the admin API. Only digests are kept, and a token that comes is compared with all
 * of them in constant time, so that an answer's time says nothing about any.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { type Fields, fieldsOf, invalid, isName } from '../core/option-checks.ts'
import type { Role } from './answers.ts'
import { isRole } from './roles.ts'

/** A token that opens the admin API. Either its text or its digest is given. */
export interface OpsToken {
  /** Stands in the audit log as the user. */
  readonly name: string
  readonly role: Role
  /** At least 32 characters, made by chance: `openssl rand -base64 32`. */
  readonly token?: string | undefined
  /** SHA-256 of the token in hexadecimal, so that the configuration holds no secret. */
  readonly sha256?: string | undefined
  /** Not good from then on: a Date, or what `new Date` takes. Default: it never expires. */
  readonly expiresAt?: Date | string | number | undefined
  /** The services that it opens. Default: the one that it is configured for. */
  readonly services?: readonly string[] | undefined
}

/** Who asks. */
export interface Identity {
  readonly user: string
  readonly role: Role
}

const tokenCharsMin = 32
/** Nobody keeps more; a longer list is a mistake. */
const tokensMax = 100
const digestBytes = 32
const known = ['name', 'role', 'token', 'sha256', 'expiresAt', 'services']

interface KeptToken extends Identity {
  readonly digest: Buffer
  readonly expiresMs: number
}

/** The tokens that one service takes. Throws `SP_OPTION_…`. */
export class TokenRing {
  readonly #tokens: readonly KeptToken[]

  constructor(tokens: readonly OpsToken[], service: string) {
    if (tokens.length === 0 || tokens.length > tokensMax) {
      throw invalid('openOps', 'auth', `1 to ${tokensMax} tokens`, tokens)
    }
    this.#tokens = tokens.filter((token) => isGoodIn(token, service)).map(kept)
  }

  /** Undefined: nobody's, or expired. */
  find(token: string, nowMs: number): Identity | undefined {
    const digest = digestOf(token)
    let found: KeptToken | undefined
    for (const one of this.#tokens) {
      // No early end: the time must not tell which one it was.
      if (timingSafeEqual(one.digest, digest)) found = one
    }
    if (found === undefined || found.expiresMs <= nowMs) return undefined
    return { user: found.user, role: found.role }
  }
}

/** Of the same length whatever is hashed, so that lengths don't tell either. */
export function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Compares two secrets in constant time. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(expected))
}

/** Throws `SP_OPTION_INVALID` for one that could be guessed. */
export function checkSecret(option: string, token: unknown): string {
  if (typeof token === 'string' && token.length >= tokenCharsMin) return token
  // The value is a secret, so the error shows its length alone.
  const received = typeof token === 'string' ? token.length : typeof token
  throw invalid('openOps', option, `at least ${tokenCharsMin} characters made by chance`, received)
}

function isGoodIn({ services }: OpsToken, service: string): boolean {
  if (services === undefined) return true
  if (!Array.isArray(services) || !services.every(isName)) {
    throw invalid('openOps', 'auth.services', 'an array of names', services)
  }
  return services.includes(service)
}

function kept(token: OpsToken): KeptToken {
  const fields = fieldsOf('openOps', token, known)
  if (!isName(fields.name)) throw invalid('openOps', 'auth.name', 'a name', fields.name)
  if (!isRole(fields.role)) {
    throw invalid('openOps', 'auth.role', 'viewer, operator or administrator', fields.role)
  }
  const { name: user, role } = token
  return { user, role, digest: digestIn(fields), expiresMs: expiryIn(fields) }
}

function digestIn({ token, sha256 }: Fields): Buffer {
  if ((token === undefined) === (sha256 === undefined)) {
    throw invalid('openOps', 'auth.token', 'either a token or its sha256', 'both or none')
  }
  if (sha256 === undefined) return digestOf(checkSecret('auth.token', token))
  const digest = typeof sha256 === 'string' ? Buffer.from(sha256, 'hex') : Buffer.alloc(0)
  if (digest.length === digestBytes && String(sha256).length === 2 * digestBytes) return digest
  throw invalid('openOps', 'auth.sha256', '64 hexadecimal digits', sha256)
}

function expiryIn({ expiresAt }: Fields): number {
  if (expiresAt === undefined) return Number.POSITIVE_INFINITY
  const isDate = expiresAt instanceof Date
  if (isDate || typeof expiresAt === 'string' || typeof expiresAt === 'number') {
    const expiresMs = new Date(expiresAt).getTime()
    if (Number.isFinite(expiresMs)) return expiresMs
  }
  throw invalid('openOps', 'auth.expiresAt', 'a date', expiresAt)
}
