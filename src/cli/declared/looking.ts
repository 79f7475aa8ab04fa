/** Commands that only look. */
import type { CommandRow, OptionRow } from '../command.ts'
import {
  jsonOption,
  linesOption,
  namespaceOption,
  redisOptions,
  serviceOption,
  sourceOptions,
} from './shared.ts'

const key = { name: 'key', isRequired: true, isMany: false }

const keyOptions: readonly OptionRow[] = [
  {
    name: 'limit',
    kind: 'number',
    value: 'n',
    summary: 'Keys at most',
    default: '100',
    range: { min: 1, max: 10_000 },
  },
  {
    name: 'family',
    kind: 'text',
    value: 'name',
    summary: 'Only its keys',
    completes: 'families',
  },
]

const topOptions: readonly OptionRow[] = [
  ...redisOptions,
  namespaceOption,
  {
    name: 'interval',
    kind: 'duration',
    value: 'time',
    summary: 'How often figures are read, from 250ms to 1m',
    default: '2s',
  },
  {
    name: 'view',
    kind: 'text',
    value: 'name',
    summary: 'families, commands, clients, slowlog, invalidations or keys',
    choices: ['families', 'commands', 'clients', 'slowlog', 'invalidations', 'keys'],
    default: 'families',
  },
  { name: 'once', kind: 'flag', summary: 'Print it once, after one interval' },
  linesOption,
]

export const lookingCommands: readonly CommandRow[] = [
  {
    name: 'top',
    summary: 'Families, commands, clients and invalidations, live',
    args: [],
    options: topOptions,
    examples: ['staleproof top --redis redis://localhost:6379', 'staleproof top --once'],
    load: async () => (await import('../top/command.ts')).top,
  },
  {
    name: 'stats',
    summary: 'What all processes have counted, by family',
    args: [],
    options: [...sourceOptions, serviceOption, jsonOption],
    examples: ['staleproof stats', 'staleproof stats --service api --json'],
    load: async () => (await import('../stats/command.ts')).stats,
  },
  {
    name: 'keys',
    summary: 'Keys that Redis holds, with kind, life and size',
    args: [{ name: 'pattern', isRequired: false, isMany: false }],
    options: [...sourceOptions, ...keyOptions, jsonOption],
    examples: ["staleproof keys 'api:market:*'", 'staleproof keys --family market --limit 1000'],
    load: async () => (await import('../entries/keys-command.ts')).keys,
  },
  {
    name: 'get',
    summary: 'The value of a key, as Redis holds it',
    args: [key],
    options: [...sourceOptions, jsonOption],
    examples: ['staleproof get api:market:7'],
    load: async () => (await import('../entries/get-command.ts')).get,
  },
  {
    name: 'explain',
    summary: 'Why a key is as it is, or what an error code means',
    args: [{ name: 'key|code', isRequired: true, isMany: false }],
    options: [...sourceOptions, jsonOption],
    examples: ['staleproof explain api:market:7', 'staleproof explain SP_LOCK_TAKEN'],
    load: async () => (await import('../entries/explain-command.ts')).explain,
  },
  {
    name: 'tail',
    summary: 'Invalidations as they happen',
    args: [],
    options: [
      ...redisOptions,
      namespaceOption,
      {
        name: 'count',
        kind: 'number',
        value: 'n',
        summary: 'End after so many',
        range: { min: 1, max: 1_000_000_000 },
      },
      linesOption,
    ],
    examples: ['staleproof tail', 'staleproof tail --count 10 --json'],
    load: async () => (await import('../tail/command.ts')).tail,
  },
  {
    name: 'services',
    summary: 'Every live process: health, trust, what it runs',
    args: [],
    options: [...sourceOptions, serviceOption, jsonOption],
    examples: ['staleproof services'],
    load: async () => (await import('../services/command.ts')).services,
  },
  {
    name: 'diff',
    summary: 'Where services, or two catalogs, declare families differently',
    args: [{ name: 'catalog', isRequired: false, isMany: true }],
    options: [...sourceOptions, jsonOption],
    examples: [
      'staleproof diff',
      'staleproof diff dist/catalog.js',
      'staleproof diff old/catalog.js new/catalog.js',
    ],
    load: async () => (await import('../diff/command.ts')).diff,
  },
  {
    name: 'size',
    summary: 'What memory and Redis should have, and what other sizes would give',
    args: [],
    options: [
      ...sourceOptions,
      serviceOption,
      {
        name: 'memory',
        kind: 'size',
        value: 'size',
        summary: 'What if each process had so much memory, such as 128mb',
      },
      jsonOption,
    ],
    examples: ['staleproof size', 'staleproof size --service api --memory 128mb'],
    load: async () => (await import('../size/command.ts')).size,
  },
]
