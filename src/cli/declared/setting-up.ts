/** Commands that prepare something: files for other programs, a shell, settings. */
import type { CommandRow } from '../command.ts'
import { dashboardCommand } from './changing.ts'
import { catalogOption, jsonOption, namespaceOption } from './shared.ts'

export const settingUpCommands: readonly CommandRow[] = [
  dashboardCommand,
  {
    name: 'export',
    summary:
      'Alert rules, Grafana dashboards, rights for Redis, or schemas of the API and of --json',
    args: [{ name: 'alerts|grafana|acl|openapi|schemas', isRequired: true, isMany: false }],
    options: [
      {
        name: 'out',
        kind: 'text',
        value: 'path',
        summary: 'A file to write, of grafana a folder; else it is printed',
      },
      namespaceOption,
      {
        name: 'role',
        kind: 'text',
        value: 'role',
        summary: 'acl: only the user for that',
        choices: ['cache', 'reporter', 'doctor'],
      },
      { name: 'user', kind: 'text', value: 'name', summary: 'acl: how the user is called' },
      {
        name: 'runbooks',
        kind: 'text',
        value: 'url',
        summary: 'alerts: where runbooks are found',
      },
      {
        name: 'dashboards',
        kind: 'text',
        value: 'url',
        summary: 'alerts: where the dashboard is found',
      },
    ],
    examples: [
      'staleproof export alerts --out alerts.yaml',
      'staleproof export grafana --out grafana/',
      'staleproof export acl --namespace shop --role doctor',
    ],
    load: async () => (await import('../export/command.ts')).exportFiles,
  },
  {
    name: 'config',
    summary: 'The effective options of a command, and where each came from',
    args: [{ name: 'command', isRequired: false, isMany: false }],
    options: [
      {
        name: 'explain',
        kind: 'flag',
        summary: 'Where each comes from, and how to say it',
        environment: 'STALEPROOF_CONFIG_EXPLAIN',
      },
      jsonOption,
    ],
    examples: ['staleproof config --explain', 'staleproof config doctor --explain'],
    load: async () => (await import('../config/command.ts')).config,
  },
  {
    name: 'completion',
    summary: 'Completes commands, options and families in a shell; families prints their names',
    args: [{ name: 'bash|zsh|fish|powershell|families', isRequired: true, isMany: false }],
    options: [catalogOption],
    examples: [
      'source <(staleproof completion bash)',
      'staleproof completion fish > ~/.config/fish/completions/staleproof.fish',
      'staleproof completion families --catalog dist/catalog.js',
    ],
    load: async () => (await import('../completion/command.ts')).completion,
  },
]
