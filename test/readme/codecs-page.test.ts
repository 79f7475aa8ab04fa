/** The example of docs/codecs.md runs as it stands. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { afterEach, expect, test } from 'vitest'

const generated = new URL('../../.build/readme/codecs-page.ts', import.meta.url)

afterEach(() => rm(generated, { force: true }))

test('the example of the page on codecs opens, and gives back what its sources say', async () => {
  const page = await readFile(new URL('../../docs/codecs.md', import.meta.url), 'utf8')
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
  await mkdir(new URL('.', generated), { recursive: true })
  await writeFile(generated, example)
  const { account, history } = await import(generated.href)
  expect(account).toEqual({ iban: 'DE02120300000000202051', apiKey: 'k-1' })
  expect(history).toEqual([7])
})
