/** `staleproof export`: what other programs are configured with. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StaleproofError } from '../../core/errors.ts'
import type { Call, Flags } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { textIn } from '../flags.ts'

interface File {
  /** In the folder, where there are several. */
  readonly name: string
  readonly text: string
}

export async function exportFiles({ args: [what = ''], flags, terminal }: Call): Promise<ExitCode> {
  const files = await filesOf(what, flags)
  const out = textIn(flags, 'out')
  if (out === undefined) {
    terminal.print([files.length === 1 ? (files[0]?.text ?? '').trimEnd() : listed(files)])
    return exitCodes.fine
  }
  for (const { name, text } of files) {
    const path = files.length === 1 ? out : join(out, name)
    write(path, text)
    terminal.note(`written: ${path}`)
  }
  return exitCodes.fine
}

async function filesOf(what: string, flags: Flags): Promise<readonly File[]> {
  switch (what) {
    case 'alerts':
      return [{ name: 'alerts.yaml', text: await alerts(flags) }]
    case 'grafana': {
      const { grafanaDashboards } = await import('../../export/index.ts')
      return grafanaDashboards().map(({ file, json }) => ({ name: file, text: json }))
    }
    case 'acl':
      return [{ name: 'users.acl', text: await acl(flags) }]
    case 'openapi': {
      const { openApiDocument } = await import('../../ops/index.ts')
      return [{ name: 'openapi.json', text: JSON.stringify(openApiDocument(), undefined, 2) }]
    }
    case 'schemas':
      return [{ name: 'cli-documents.json', text: documentSchemas() }]
    default:
      throw invalid('what', 'alerts, grafana, acl, openapi or schemas', what)
  }
}

/** Of the package, from source and built alike. */
function documentSchemas(): string {
  return readFileSync(new URL('../../../docs/cli-documents.json', import.meta.url), 'utf8')
}

async function alerts(flags: Flags): Promise<string> {
  const { alertRules } = await import('../../export/index.ts')
  const [runbookBase, dashboardBase] = [textIn(flags, 'runbooks'), textIn(flags, 'dashboards')]
  return alertRules({
    ...(runbookBase !== undefined && { runbookBase }),
    ...(dashboardBase !== undefined && { dashboardBase }),
  })
}

async function acl(flags: Flags): Promise<string> {
  const namespace = textIn(flags, 'namespace')
  if (namespace === undefined) throw invalid('acl', '--namespace, which the rights are limited to')
  const { aclRules } = await import('../../export/index.ts')
  const roles = ['cache', 'reporter', 'doctor'] as const
  const role = roles.find((one) => one === textIn(flags, 'role'))
  const user = textIn(flags, 'user')
  return aclRules({
    namespace,
    ...(role !== undefined && { role }),
    ...(user !== undefined && { user }),
  })
}

/** One document of all that would be files. */
function listed(files: readonly File[]): string {
  return JSON.stringify(
    files.map(({ name, text }) => ({ file: name, content: JSON.parse(text) })),
    undefined,
    2,
  )
}

function write(path: string, text: string): void {
  try {
    makeFolder(dirname(path))
    writeFileSync(path, text.endsWith('\n') ? text : `${text}\n`)
  } catch (cause) {
    throw invalid('--out', 'a path that can be written', String(cause))
  }
}

/** Step by step: Node's own way of doing it spins for ever where a folder refuses, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

function invalid(name: string, expected: string, received?: string): StaleproofError {
  return new StaleproofError('SP_OPTION_INVALID', `export: ${name}`, { expected, received })
}
