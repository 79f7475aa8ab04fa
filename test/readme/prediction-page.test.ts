/** The example of docs/prediction.md runs, and its table of recorded accesses is what comes out. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { runCommand } from '../verify/command.ts'

const generated = new URL('../../.build/readme/prediction-page.ts', import.meta.url)
const page = await readFile(new URL('../../docs/prediction.md', import.meta.url), 'utf8')

afterEach(() => rm(generated, { force: true }))

test('the example of the page on prediction begins with a predictor that is off', async () => {
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
  await mkdir(new URL('.', generated), { recursive: true })
  await writeFile(generated, `${example}\nexport { cache, predictor, warmer }\n`)
  const { cache, predictor, warmer } = await import(generated.href)
  try {
    await cache.basket.get('ada')
    await cache.product.get('1')
    expect(predictor.report()).toMatchObject({ state: 'off', reads: 2, misses: 2 })
  } finally {
    await warmer.close()
    await cache.close()
  }
})

test('the page on prediction shows what comes out on accesses of the running system', async () => {
  const trace = join(import.meta.dirname, '../corpus/accesses.gz')
  const { stdout } = await runCommand('replay', trace, '--predict', '--fraction', '0.1')
  const lines = stdout.split('\n').map((line) => line.trim())
  const table = lines.slice(lines.findIndex((line) => line.startsWith('prediction')))
  const shown = page.split('\n').map((line) => line.trim())
  for (const line of table.filter((line) => line !== '')) expect(shown).toContain(line)
})
