/** The source audit, run over this very repository: no false alarm, and one that is meant. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { auditSource } from './source-audit.ts'

const root = join(import.meta.dirname, '..', '..', '..')

test('the services use their caches as they should', async () => {
  const audit = await auditSource(join(root, 'services'))

  expect(audit.filesRead).toBeGreaterThan(200)
  expect(audit.leftOut).toEqual([])
  expect(placesOf(audit)).toEqual([])
})

test('of the library only what breaks slots on purpose writes keys by hand', async () => {
  const audit = await auditSource(join(root, 'src'))

  expect(audit.filesRead).toBeGreaterThan(300)
  expect(placesOf(audit)).toEqual(['hand-built-key cli/verify/faults/slots.ts'])
})

function placesOf({ faults }: Awaited<ReturnType<typeof auditSource>>): readonly string[] {
  return faults.map(({ rule, file }) => `${rule.name} ${file}`)
}
