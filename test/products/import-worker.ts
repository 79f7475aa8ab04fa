/** A Products Manager in a process of its own, which stops within the second part of an import. */
import { requestJson } from '../../services/process/http-client.ts'
import { openProducts } from '../../services/products/server.ts'
import { serveCalls } from '../servers/worker.ts'

interface Init {
  readonly databaseUrl: string
}

export interface ImportCalls {
  readonly [name: string]: (...args: never[]) => unknown
  /** Orders the sample; resolves when its second part is written and not committed. */
  readonly stopWithinImport: () => Promise<void>
}

serveCalls(async ({ databaseUrl }: Init): Promise<ImportCalls> => {
  let parts = 0
  let reachSecond = () => {}
  const isSecond = new Promise<void>((resolve) => {
    reachSecond = resolve
  })
  const beforeCommit = async (write: string) => {
    if (write === 'products_imported') parts += 1
    if (parts < 2) return
    reachSecond()
    await new Promise(() => {})
  }
  const products = await openProducts({ databaseUrl, hooks: { beforeCommit } })
  return {
    stopWithinImport: async () => {
      const body = { source: 'sample' }
      await requestJson(`${products.url}/imports`, { method: 'POST', body })
      await isSecond
    },
  }
})
