/** Reading sources needs a parser, which is loaded only then. */
import type { SourceAudit } from './code/source-audit.ts'

/** Reads the TypeScript sources below a folder; rejects where it can't be read. */
export async function auditSource(folder: string): Promise<SourceAudit> {
  const { auditSource: audit } = await import('./code/source-audit.ts')
  return audit(folder)
}
