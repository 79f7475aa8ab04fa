/**
 * Who asks: a bearer token, the session of a browser, whoever the host's own function knows, or
 * somebody at this machine. Without any of it the admin API is not there.
 */
import { invalid } from '../core/option-checks.ts'
import type { Role } from './answers.ts'
import { isFromThisMachine, isPlainLoopback } from './origin.ts'
import { isRole } from './roles.ts'
import { type Identity, type OpsToken, TokenRing } from './tokens.ts'

/** The host's own way to tell who asks; undefined: nobody that it knows. */
export type OpsAuthenticator = (
  request: Request,
) => OpsUser | undefined | Promise<OpsUser | undefined>

export interface OpsUser {
  readonly user: string
  readonly role: Role
}

/** `loopback`: everybody at this machine is administrator; for development alone. */
export type OpsAuth = readonly OpsToken[] | OpsAuthenticator | 'loopback'

/** What an adapter knows of a connection and a request does not say. */
export interface Peer {
  /** Of the other end. */
  readonly address?: string | undefined
}

export interface Known extends Identity {
  /** True: a browser adds what shows who asks by itself, so the page has to be ours. */
  readonly isAmbient: boolean
}

/** `closed`: there is no API for this request. */
export type Standing = 'closed' | 'unknown' | Known

export interface Authority {
  /** Who asks. */
  of(request: Request, peer: Peer, nowMs: number): Promise<Standing>
  /** The cookie of a session for a token, and whose it is; undefined: it is no good one. */
  open(request: Request, token: string, nowMs: number): Session | undefined
  /** The cookie that ends the session. */
  end(request: Request): string | undefined
}

export interface Session {
  readonly identity: Identity
  readonly cookie: string
}

const sessionSeconds = 12 * 3_600

/** Throws `SP_OPTION_…`. */
export function authorityOf(auth: OpsAuth | undefined, service: string): Authority {
  if (auth === undefined) return { of: async () => 'closed', ...noSessions }
  if (auth === 'loopback') return { of: atThisMachine, ...noSessions }
  if (typeof auth === 'function')
    return { of: (request) => asHostSays(auth, request), ...noSessions }
  if (!Array.isArray(auth))
    throw invalid('openOps', 'auth', "tokens, a function or 'loopback'", auth)
  return new TokenAuthority(new TokenRing(auth, service), service)
}

/** What shows who asks is not ours to keep. */
const noSessions = { open: () => undefined, end: () => undefined }

async function atThisMachine(request: Request, peer: Peer): Promise<Standing> {
  if (!isFromThisMachine(request, peer.address)) return 'closed'
  return { user: 'loopback', role: 'administrator', isAmbient: true }
}

async function asHostSays(authenticate: OpsAuthenticator, request: Request): Promise<Standing> {
  const answer = await authenticate(request)
  if (answer === undefined) return 'unknown'
  const { user, role } = answer
  if (typeof user === 'string' && isRole(role)) {
    return { user, role, isAmbient: bearerIn(request) === undefined }
  }
  throw invalid('openOps', 'auth', 'a function that returns { user, role } or undefined', answer)
}

class TokenAuthority implements Authority {
  readonly #ring: TokenRing
  readonly #name: string

  constructor(ring: TokenRing, service: string) {
    this.#ring = ring
    // Browsers share cookies between the ports of a host: each service has its own name.
    this.#name = `staleproof-${service}`
  }

  async of(request: Request, _peer: Peer, nowMs: number): Promise<Standing> {
    const bearer = bearerIn(request)
    const token = bearer ?? cookieIn(request, this.#cookieName(request))
    const identity = token === undefined ? undefined : this.#ring.find(token, nowMs)
    return identity === undefined ? 'unknown' : { ...identity, isAmbient: bearer === undefined }
  }

  open(request: Request, token: string, nowMs: number): Session | undefined {
    const identity = this.#ring.find(token, nowMs)
    if (identity === undefined) return undefined
    return { identity, cookie: this.#cookie(request, encodeURIComponent(token), sessionSeconds) }
  }

  end(request: Request): string {
    return this.#cookie(request, '', 0)
  }

  #cookie(request: Request, value: string, seconds: number): string {
    const secure = isPlainLoopback(request) ? '' : '; Secure'
    const kept = `Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`
    return `${this.#cookieName(request)}=${value}; ${kept}`
  }

  /** The prefix makes browsers take it over TLS alone, and from this very host. */
  #cookieName(request: Request): string {
    return isPlainLoopback(request) ? this.#name : `__Host-${this.#name}`
  }
}

function bearerIn(request: Request): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
}

function cookieIn(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get('cookie') ?? '').split('; ')) {
    if (!pair.startsWith(`${name}=`)) continue
    try {
      return decodeURIComponent(pair.slice(name.length + 1))
    } catch {
      return undefined
    }
  }
  return undefined
}
