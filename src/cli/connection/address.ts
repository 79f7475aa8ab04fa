/** Where the server is, by the options of the command; its secrets come from files or variables. */
import { readFileSync } from 'node:fs'
import { StaleproofError } from '../../core/errors.ts'
import type { Flags } from '../command.ts'
import { textIn } from '../flags.ts'

/** Throws `SP_OPTION_INVALID`, which says how to name a server. */
export function redisAddress(flags: Flags): string {
  const file = textIn(flags, 'redis-url-file')
  const address = file === undefined ? textIn(flags, 'redis') : secretIn('redis-url-file', file)
  if (address !== undefined && address !== '') return address
  throw new StaleproofError('SP_OPTION_INVALID', 'no Redis is named', {
    expected:
      '--redis redis://localhost:6379, the variable REDIS_URL, --redis-url-file FILE for an ' +
      'address with a password, or --url of a service where the command takes it',
  })
}

/** What a file holds, without the line break behind it. Throws `SP_OPTION_INVALID`. */
export function secretIn(option: string, file: string): string {
  try {
    const text = readFileSync(file, 'utf8').trim()
    if (text !== '') return text
  } catch (cause) {
    const details = { expected: 'a file that can be read', received: String(cause), cause }
    throw new StaleproofError('SP_OPTION_INVALID', `option '--${option}'`, details)
  }
  const details = { expected: 'a file with one line', received: `${file}, which is empty` }
  throw new StaleproofError('SP_OPTION_INVALID', `option '--${option}'`, details)
}

/** Behind the first colon of what stands before the last @: also where that is no valid URL. */
const passwordOfUser = /^((?:[a-z][a-z\d+.-]*:\/\/)?[^:@/]*:)(?!\/\/).+(?=@)/i
const passwordOfQuery = /([?&]password=)[^&#]+/gi

/** As it may be shown. */
export function withoutSecrets(address: string): string {
  return address.replace(passwordOfUser, '$1…').replace(passwordOfQuery, '$1…')
}
