/** The example of docs/doctor.md examines a server, and prints what is wrong. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { describeWithRedis, startRedis } from '../servers/redis.ts'

const generated = new URL('../../.build/readme/doctor-page.ts', import.meta.url)

afterEach(() => rm(generated, { force: true }))

describeWithRedis('the page on the doctor', () => {
  test('has an example that reports a server without a limit of memory', async () => {
    const redis = await startRedis()
    const print = vi.spyOn(console, 'log').mockImplementation(() => {})
    try {
      const page = await readFile(new URL('../../docs/doctor.md', import.meta.url), 'utf8')
      const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
      await mkdir(new URL('.', generated), { recursive: true })
      await writeFile(generated, example.replace('redis://localhost:6379', redis.url))
      await import(generated.href)
      expect(String(print.mock.calls[0]?.[0])).toMatch(/\| crit \| MEM01 \|/)
    } finally {
      print.mockRestore()
      await redis.stop()
    }
  })
})
