/** The example of docs/testing.md runs as it stands, and throws what the page says. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { afterEach, expect, test } from 'vitest'

const generated = new URL('../../.build/readme/testing-page.ts', import.meta.url)

afterEach(() => rm(generated, { force: true }))

test('the example of the page on testing finds what its write forgot', async () => {
  const page = await readFile(new URL('../../docs/testing.md', import.meta.url), 'utf8')
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
  const [, message = 'no message'] = /```\n(SP_WRITE_INCOHERENT[\s\S]*?)\n```/.exec(page) ?? []
  await mkdir(new URL('.', generated), { recursive: true })
  await writeFile(generated, example)
  await expect(import(generated.href)).rejects.toThrow(message)
})
