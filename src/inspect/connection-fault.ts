/** What an error of a connection or a reply most likely means, and what to do about it. */
import { StaleproofError } from '../core/errors.ts'

interface Likely {
  readonly pattern: RegExp
  readonly cause: (match: RegExpExecArray) => string
}

const plainPort = 'the port does not speak TLS; use redis:// instead of rediss://'

/** Faults that end a connection, or keep one from being made. */
const connectionFaults: readonly Likely[] = [
  { pattern: /ECONNREFUSED/, cause: () => 'nothing listens there; is Redis running?' },
  {
    pattern: /ENOTFOUND|EAI_AGAIN/,
    cause: () => 'the name is not known to DNS; is the host spelled right?',
  },
  {
    pattern: /EPROTO|ERR_SSL|SSL routines|wrong version number/i,
    cause: () => plainPort,
  },
  {
    pattern: /CERT|self.signed|unable to verify/i,
    cause: () => 'the certificate is not trusted; give its authority by the option tls.ca',
  },
  { pattern: /Unknown RESP type|Protocol error/i, cause: () => 'what answers there is no Redis' },
  { pattern: /DB index is out of range/, cause: () => 'it has no database of that number' },
  { pattern: /ENOENT/, cause: () => 'there is no such socket' },
  { pattern: /^NOAUTH/, cause: () => 'the server wants a password, and none was given' },
  {
    pattern: /^WRONGPASS|invalid password|invalid username/i,
    cause: () => 'the user or the password is wrong',
  },
  {
    pattern: /^DENIED|protected mode/i,
    cause: () =>
      'the server is in protected mode: it takes only local connections without password',
  },
  { pattern: /^LOADING/, cause: () => 'the server is loading its data; try again in a moment' },
  { pattern: /^MASTERDOWN/, cause: () => 'this replica has lost its primary' },
  { pattern: /^CLUSTERDOWN/, cause: () => 'the cluster is down' },
  { pattern: /max number of clients/, cause: () => 'the server has as many clients as it takes' },
  {
    pattern: /ETIMEDOUT|not (connected|answered) within/,
    cause: () => 'a firewall, a server that hangs, or one that speaks only TLS (use rediss://)',
  },
  {
    pattern: /ECONNRESET|EPIPE|closed/i,
    cause: () => 'the server closed the connection; does the port speak only TLS (use rediss://)?',
  },
]

/** Replies that refuse one command and leave the connection as it is. */
const refusals: readonly Likely[] = [
  {
    pattern: /^NOPERM.*'([^']+)' command/,
    cause: ([, name = '']) => `the user lacks the right +${name.toLowerCase()}`,
  },
  { pattern: /^NOPERM.*key/, cause: () => 'the user may not read this key (%R~ and its pattern)' },
  { pattern: /^NOPERM/, cause: () => 'the user lacks a right' },
  {
    pattern: /unknown (?:sub)?command/i,
    cause: () => 'the server does not know the command: too old, managed, or renamed',
  },
  {
    pattern: /^MOVED \d+ (\S+)/,
    cause: ([, node = '']) => `the key lies on another node of the cluster: ${node}`,
  },
]

/** Where a fault came from. */
export interface Place {
  readonly address: string
  readonly isTls: boolean
}

/** What a server that doesn't speak TLS does to who does: it waits, or hangs up. */
const silent = /ETIMEDOUT|ECONNRESET|EPIPE|closed|not connected within/i

/** The server could not be reached, or does not take part. */
export function connectionFault({ address, isTls }: Place, error: unknown): StaleproofError {
  const text = textOf(error)
  const likely = isTls && silent.test(text) ? plainPort : likelyCause(connectionFaults, text)
  const message = `Redis at ${address} can not be used: ${likely ?? text}`
  return new StaleproofError('SP_REDIS_DOWN', message, {
    ...(likely !== undefined && { received: text }),
    cause: error,
  })
}

/** What a command was answered with instead of its reply. */
export function commandFault(place: Place, command: string, error: unknown): StaleproofError {
  const text = textOf(error)
  const isReply = error instanceof Error && error.name === 'ReplyError'
  if (!isReply || likelyCause(connectionFaults, text) !== undefined) {
    return connectionFault(place, error)
  }
  const likely = likelyCause(refusals, text)
  const message = `Redis refuses ${command.replace('|', ' ').toUpperCase()}: ${likely ?? text}`
  return new StaleproofError('SP_REDIS_REFUSED', message, { cause: error })
}

function likelyCause(faults: readonly Likely[], text: string): string | undefined {
  for (const { pattern, cause } of faults) {
    const match = pattern.exec(text)
    if (match) return cause(match)
  }
  return undefined
}

/** Failed dialling of several addresses has no message, only a code. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && !error.message.includes(String(error.code))) {
    return `${String(error.code)} ${error.message}`.trim()
  }
  return error.message || error.name
}
