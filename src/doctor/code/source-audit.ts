/**
 * CMD03: reads source code for what later shows on the server: KEYS, missing times to live,
 * keys built by hand, flushes, invalidations that come too early. It looks at one file at a
 * time and at names; where it can't know, it is silent.
 */
import { clientNamesIn } from './client-names.ts'
import type { CodeRule } from './code-rule.ts'
import { codeRules } from './code-rules.ts'
import { type LeftOut, type SourceText, sourceTexts } from './source-files.ts'
import { storeCallsIn } from './store-call.ts'
import { type Syntax, syntaxOf } from './syntax.ts'

export const faultsMax = 500
const lineColumnsMax = 160

export interface CodeFault {
  readonly rule: CodeRule
  readonly file: string
  readonly line: number
  readonly text: string
}

export interface SourceAudit {
  readonly filesRead: number
  readonly leftOut: readonly LeftOut[]
  /** By file and line; the first `faultsMax` of them. */
  readonly faults: readonly CodeFault[]
  readonly faultsTotal: number
}

/** Throws if the folder can't be read. */
export async function auditSource(folder: string): Promise<SourceAudit> {
  const faults: CodeFault[] = []
  const leftOut: LeftOut[] = []
  let filesRead = 0
  let faultsTotal = 0
  for await (const source of sourceTexts(folder)) {
    const found = 'why' in source ? source : faultsIn(source)
    if ('why' in found) {
      leftOut.push(found)
      continue
    }
    filesRead += 1
    faultsTotal += found.length
    faults.push(...found.slice(0, faultsMax - faults.length))
  }
  return { filesRead, leftOut, faults, faultsTotal }
}

/** Of one file, by line. */
export function faultsIn({ path, text }: SourceText): readonly CodeFault[] | LeftOut {
  let syntax: Syntax
  try {
    syntax = syntaxOf(path, text)
  } catch {
    return { path, why: 'not parsed' }
  }
  const names = clientNamesIn(syntax)
  const source = { syntax, names, calls: storeCallsIn(syntax, names) }
  const lines = text.split('\n')
  const faults = codeRules.flatMap((rule) =>
    rule.find(source).map(({ loc }) => {
      const { line } = loc.start
      return { rule, file: path, line, text: shown(lines[line - 1] ?? '') }
    }),
  )
  return faults.sort((one, other) => one.line - other.line)
}

function shown(line: string): string {
  return line.trim().slice(0, lineColumnsMax)
}
