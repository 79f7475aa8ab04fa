/** Options that several commands take. */
import type { OptionRow } from '../command.ts'

export const redisOptions: readonly OptionRow[] = [
  {
    name: 'redis',
    kind: 'text',
    value: 'url',
    summary: 'The server; not with a password, which others would see',
    environment: 'REDIS_URL',
    group: 'server',
  },
  {
    name: 'redis-url-file',
    kind: 'text',
    value: 'file',
    summary: 'A file that holds the address of the server',
    group: 'server',
  },
]

/** The token itself is only ever in a file or in the environment. */
export const adminOptions: readonly OptionRow[] = [
  {
    name: 'url',
    kind: 'text',
    value: 'url',
    summary: 'The admin API of a service, such as http://localhost:4100',
    group: 'server',
  },
  {
    name: 'token-file',
    kind: 'text',
    value: 'file',
    summary: 'A file that holds the token for it; or the variable STALEPROOF_TOKEN',
  },
]

export const namespaceOption: OptionRow = {
  name: 'namespace',
  kind: 'text',
  value: 'name',
  summary: 'Of the cache; needed where the server has several',
}

export const jsonOption: OptionRow = {
  name: 'json',
  kind: 'flag',
  summary: 'One JSON document with a schemaVersion',
}

export const linesOption: OptionRow = {
  name: 'json',
  kind: 'flag',
  summary: 'A JSON document on each line',
}

export const catalogOption: OptionRow = {
  name: 'catalog',
  kind: 'text',
  value: 'file',
  summary: 'A module that exports the catalog (FILE#NAME: this export of it)',
}

export const serviceOption: OptionRow = {
  name: 'service',
  kind: 'text',
  value: 'name',
  summary: 'Only its processes',
}

export const environmentOption: OptionRow = {
  name: 'environment',
  kind: 'text',
  value: 'name',
  summary: 'What this server is for; a service at --url says it itself',
  default: 'production',
}

/** Of commands that drop what is cached. */
export const confirmOptions: readonly OptionRow[] = [
  {
    name: 'reason',
    kind: 'text',
    value: 'text',
    summary: 'Why, for the logs of all services',
    default: 'staleproof command',
  },
  { name: 'dry-run', kind: 'flag', summary: 'Only say what would be dropped' },
  {
    name: 'yes',
    kind: 'flag',
    summary: 'Do it without asking; with --expect-count or --expect-about',
    environment: false,
  },
  {
    name: 'expect-count',
    kind: 'number',
    value: 'n',
    summary: 'How many keys it should concern; more than 10 % off is refused',
    range: { min: 0, max: Number.MAX_SAFE_INTEGER },
    environment: false,
  },
  {
    name: 'expect-about',
    kind: 'number',
    value: 'n',
    summary: 'Instead of it where the dry run says "about"; more than 10 % off is refused',
    range: { min: 0, max: Number.MAX_SAFE_INTEGER },
    environment: false,
  },
  environmentOption,
  {
    name: 'i-know-this-is',
    kind: 'text',
    value: 'environment',
    summary: 'Needed where that is production',
    choices: ['production'],
    environment: false,
  },
]

export const sourceOptions: readonly OptionRow[] = [
  ...redisOptions,
  ...adminOptions,
  namespaceOption,
]
