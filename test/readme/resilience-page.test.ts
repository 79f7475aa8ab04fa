/** The example of docs/resilience.md opens a cache as it stands, with the breakers it names. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { afterEach, expect, test } from 'vitest'

const generated = new URL('../../.build/readme/resilience-page.ts', import.meta.url)

afterEach(() => rm(generated, { force: true }))

test('the example of the page on resilience opens a cache with the breakers it names', async () => {
  const page = await readFile(new URL('../../docs/resilience.md', import.meta.url), 'utf8')
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
  await mkdir(new URL('.', generated), { recursive: true })
  await writeFile(generated, `${example}\nexport { cache }\n`)
  const { cache } = await import(generated.href)
  try {
    expect(Object.keys(cache.stats().breakers).sort()).toEqual([
      'dependency:provider',
      'family:market',
      'family:price',
      'family:user',
      'redis:0',
    ])
    expect(await cache.market.get('a')).toEqual({ title: 'market a' })
    cache.configureBreaker('dependency:provider', { consecutive: 5 })
  } finally {
    await cache.close()
  }
})
