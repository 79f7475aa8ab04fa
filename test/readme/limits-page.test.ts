/** The example of docs/limits.md runs as it stands. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { afterEach, expect, test, vi } from 'vitest'

const generated = new URL('../../.build/readme/limits-page.ts', import.meta.url)

afterEach(() => {
  vi.unstubAllEnvs()
  return rm(generated, { force: true })
})

test('the example of the page on limits lets a client through and writes at the end', async () => {
  const page = await readFile(new URL('../../docs/limits.md', import.meta.url), 'utf8')
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
  await mkdir(new URL('.', generated), { recursive: true })
  await writeFile(generated, example)
  const print = vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.stubEnv('REDIS_URL', undefined)
  await import(generated.href)
  expect(print).toHaveBeenCalledExactlyOnceWith(200, 0, new Map([['517310', 0.52]]))
  print.mockRestore()
})
