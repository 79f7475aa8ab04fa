/** SARIF 2.1.0 (OASIS): what code scanning reads. Findings of a server have no file. */
import { checks } from '../checks/index.ts'
import { type DoctorReport, type Finding, type FindingStatus, isFault } from '../finding.ts'
import { shownBy, titleOf } from './sentence.ts'

const levels: Readonly<Partial<Record<FindingStatus, string>>> = {
  crit: 'error',
  warn: 'warning',
  info: 'note',
}

export function formatSarif({ findings, server }: DoctorReport): string {
  const faults = findings.filter(isFault)
  const used = new Set(faults.map(({ id }) => id))
  const rules = checks
    .filter(({ id }) => used.has(id))
    .map(({ id, title, rule, remedy }) => ({
      id,
      shortDescription: { text: title },
      fullDescription: { text: rule },
      help: { text: remedy.text },
    }))
  const run = {
    tool: { driver: { name: 'staleproof doctor', rules } },
    results: faults.map((finding) => resultOf(finding, server.address)),
  }
  const schema = 'https://json.schemastore.org/sarif-2.1.0.json'
  return JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }, undefined, 2)
}

function resultOf(finding: Finding, address: string): object {
  const { id, status, evidence, fingerprint } = finding
  const places = (evidence.places ?? []).map(({ file, line, text }) => ({
    physicalLocation: {
      artifactLocation: { uri: file },
      region: { startLine: line, snippet: { text } },
    },
  }))
  const server = { logicalLocations: [{ name: address, kind: 'resource' }] }
  return {
    ruleId: id,
    level: levels[status],
    message: { text: [titleOf(finding), ...shownBy(finding)].join('. ') },
    locations: places.length > 0 ? places : [server],
    ...(fingerprint && { partialFingerprints: { 'staleproof/v1': fingerprint } }),
  }
}
