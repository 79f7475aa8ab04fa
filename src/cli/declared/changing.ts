/** Commands that change what is cached. All ask first. */
import type { CommandRow, OptionRow } from '../command.ts'
import {
  adminOptions,
  catalogOption,
  confirmOptions,
  environmentOption,
  jsonOption,
  namespaceOption,
  redisOptions,
  sourceOptions,
} from './shared.ts'

/** What is to be dropped is said by whoever drops it: not left in a variable for `keys`. */
const targetOptions: readonly OptionRow[] = [
  {
    name: 'tag',
    kind: 'texts',
    value: 'tag',
    summary: 'All that carries it; several times',
    environment: false,
  },
  {
    name: 'family',
    kind: 'text',
    value: 'name',
    summary: 'All of this family',
    completes: 'families',
    environment: false,
  },
  {
    name: 'pattern',
    kind: 'text',
    value: 'glob',
    summary: 'All keys that match',
    environment: false,
  },
]

export const changingCommands: readonly CommandRow[] = [
  {
    name: 'invalidate',
    summary: 'Invalidates keys, tags, a family or a pattern, in all processes',
    args: [{ name: 'key', isRequired: false, isMany: true }],
    options: [...sourceOptions, catalogOption, ...targetOptions, ...confirmOptions, jsonOption],
    examples: [
      'staleproof invalidate api:market:7 --url http://localhost:4100',
      "staleproof invalidate --pattern 'api:market:*' --catalog dist/catalog.js --dry-run",
      'staleproof invalidate --tag user:7 --yes --expect-count 12 --reason "wrong import"',
    ],
    load: async () => (await import('../change/invalidate-command.ts')).invalidate,
  },
  {
    name: 'clear',
    summary: 'Invalidates everything of the cache, and nothing else on the server',
    args: [],
    options: [...sourceOptions, catalogOption, ...confirmOptions, jsonOption],
    examples: ['staleproof clear --url http://localhost:4100 --reason "schema changed"'],
    load: async () => (await import('../change/clear-command.ts')).clear,
  },
  {
    name: 'warm',
    summary: 'Runs a warming task of a service now',
    args: [{ name: 'task', isRequired: false, isMany: false }],
    options: [...adminOptions, jsonOption],
    examples: [
      'staleproof warm --url http://localhost:4100',
      'staleproof warm leaders --url http://localhost:4100',
    ],
    load: async () => (await import('../warm/command.ts')).warm,
  },
]

export const dashboardCommand: CommandRow = {
  name: 'dashboard',
  summary: 'Serves the dashboard on this machine, for one person',
  args: [],
  options: [
    ...redisOptions,
    namespaceOption,
    catalogOption,
    {
      name: 'port',
      kind: 'number',
      value: 'n',
      summary: 'On 127.0.0.1; 0: a free one',
      default: '0',
      range: { min: 0, max: 65_535 },
    },
    {
      name: 'allow-changes',
      kind: 'flag',
      summary: 'Let it invalidate and clear; without it the server refuses that',
    },
    environmentOption,
  ],
  examples: ['staleproof dashboard --catalog dist/catalog.js'],
  load: async () => (await import('../dashboard/command.ts')).dashboard,
}
