/** The lines that the README shows run as they stand, and do what their comments say. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { afterEach, expect, test } from 'vitest'

const generated = new URL('../../.build/readme/first-screen.ts', import.meta.url)
const world = globalThis as { database?: unknown; readmeCache?: { close(): Promise<void> } }

afterEach(async () => {
  await rm(generated, { force: true })
  await world.readmeCache?.close()
  delete world.database
  delete world.readmeCache
})

test('the first example of the README runs and asks its source once', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
  const loads: string[] = []
  world.database = {
    product: async (id: string) => {
      loads.push(id)
      return { name: `product ${id}` }
    },
  }
  await mkdir(new URL('.', generated), { recursive: true })
  await writeFile(generated, `${example}\nglobalThis.readmeCache = cache\n`)
  await import(generated.href)
  expect(loads).toEqual(['p1'])
  expect(readme.indexOf('```ts'), 'the example stands on the first screen').toBeLessThan(2_000)
})
