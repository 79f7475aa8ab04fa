/** The engine keeps the methods of texts fast, whatever of the library is loaded first. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const loader = fileURLToPath(new URL('../servers/typescript-loader.mjs', import.meta.url))

/** Whether methods of texts are fast in a process that has loaded this. */
async function areFastWith(specifier: string): Promise<boolean> {
  const program = `await import('${specifier}'); console.log(%HasFastProperties(String.prototype))`
  const flags = ['--allow-natives-syntax', '--conditions=staleproof-source', '--import', loader]
  const given = [...flags, '--input-type=module', '--eval', program]
  const { stdout } = await run(process.execPath, given, { timeout: 30_000 })
  return stdout.trimEnd().endsWith('true')
}

test.each(['staleproof/redis', 'staleproof/doctor', 'staleproof/ops'])(
  '%s leaves them fast',
  async (specifier) => {
    expect(await areFastWith(specifier)).toBe(true)
  },
)

test('ioredis alone does not', async () => {
  expect(await areFastWith('ioredis')).toBe(false)
})
