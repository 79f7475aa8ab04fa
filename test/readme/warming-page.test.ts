/** The example of docs/warming.md keeps warm what it names. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { afterEach, expect, test } from 'vitest'
import { eventually } from '../servers/eventually.ts'

const generated = new URL('../../.build/readme/warming-page.ts', import.meta.url)

afterEach(() => rm(generated, { force: true }))

test('the example of the page on warming loads the task and the seed that it names', async () => {
  const page = await readFile(new URL('../../docs/warming.md', import.meta.url), 'utf8')
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
  await mkdir(new URL('.', generated), { recursive: true })
  await writeFile(generated, `${example}\nexport { cache, preloader, warmer }\n`)
  const { cache, preloader, warmer } = await import(generated.href)
  try {
    await eventually('both are loaded', () => {
      const held = [cache.leaders.peek(), cache.page.peek({ order: 'volume', number: 0 })]
      return held.every((value) => value !== undefined)
    })
    expect(preloader.report().families.page).toMatchObject({ preloads: 1, usedPreloads: 0 })
  } finally {
    await warmer.close()
    await cache.close()
  }
})
