/** The Products Manager: real products come in, and whatever changes shows at once, everywhere. */
import { openCache } from 'staleproof'
import { asService } from '../process/admin-token.ts'
import { type JsonAnswer, type JsonRequest, requestJson } from '../process/http-client.ts'
import { afterHeader } from '../process/request-headers.ts'
import { type ProductsCache, productsCatalog } from '../products/catalog.ts'
import { importJobSchema } from '../products/import-job.ts'
import { mediaSchema } from '../products/media.ts'
import { type Product, productFields, productPageSchema } from '../products/product.ts'
import { type Check, Disappointment, eventually, expectThat } from './check.ts'
import type { Scene } from './scene.ts'

const category = 'en:almond-milks'
const timeoutMs = 10_000
const importDeadlineMs = 60_000

export const productsAreCoherent: Check = {
  title: 'products are imported, come from every tier, and show each change in every process',
  async run(scene) {
    const imported = await importSample(scene)
    // Another process beside the service, with a memory of its own and no source.
    const cache = await openCache(productsCatalog(), {
      service: 'tour',
      redis: scene.stage.redis.url,
      log: false,
    })
    try {
      const tiers = await listFromEveryTier(scene, cache)
      await changeShows(scene, cache)
      const outage = await worksWithoutRedis(scene)
      return `${imported}; a page from ${tiers}; a change was seen at once; ${outage}`
    } finally {
      await cache.close()
    }
  },
}

async function importSample(scene: Scene): Promise<string> {
  const ordered = await ask(scene, '/imports', { method: 'POST', body: { source: 'sample' } })
  const { id } = importJobSchema.parse(ordered.body)
  const job = await eventually('the sample was not imported', importDeadlineMs, async () => {
    const { data } = importJobSchema.safeParse((await ask(scene, `/imports/${id}`)).body)
    return data?.state === 'done' ? data : undefined
  })
  const { total, created, unchanged, rejected } = job.rows
  const isWhole = created + job.rows.updated + unchanged + rejected === total
  expectThat(
    isWhole && created + unchanged > 1_400,
    `of ${total} rows: ${JSON.stringify(job.rows)}`,
  )
  return `${total} rows imported (${rejected} refused)`
}

/** A page that nobody has asked for: again with another one, should a late message drop it. */
async function listFromEveryTier(scene: Scene, cache: ProductsCache): Promise<string> {
  let offset = 0
  const expected = 'source, redis, memory'
  return eventually(`no page came from ${expected}`, timeoutMs, async () => {
    const id = { category, search: '', limit: 3, offset: offset++ }
    const first = await scene.look('products', 'productPage', id)
    const second = await cache.productPage.lookup(id)
    const third = await cache.productPage.lookup(id)
    const seen = [first.from, second.from, third.from].join(', ')
    return seen === expected ? seen : undefined
  })
}

async function changeShows(scene: Scene, cache: ProductsCache): Promise<void> {
  const id = { category, search: '', limit: 5, offset: 0 }
  const page = `/products?category=${category}&limit=5`
  const product = (await pageOf(scene, page)).products[0]
  if (product === undefined) throw new Disappointment(`there is no product in ${category}`)
  await cache.productPage.lookup(id)
  // The first by name, also after this.
  const name = `Aa tour ${Date.now()}`
  const after = await save(scene, { ...product, name })
  // The outbox may say the change once more, and leave nothing to see elsewhere: then once again.
  await eventually('another process has not seen the page', timeoutMs, async () => {
    const here = await pageOf(scene, page)
    expectThat(here.products[0]?.name === name, 'the service shows the old page')
    const elsewhere = await cache.productPage.lookup(id, { after })
    if (elsewhere.from === 'none') return undefined
    expectThat(elsewhere.value?.products[0]?.name === name, 'another process shows the old page')
    return elsewhere.from
  })
  await save(scene, product)
  await pictureShows(scene, product.code)
}

async function pictureShows(scene: Scene, code: string): Promise<void> {
  const path = `/products/${code}/media`
  await ask(scene, path)
  const url = `https://images.example/${code}/front_en.1.400.jpg`
  const added = await ask(scene, path, { method: 'POST', body: { url } })
  const shown = JSON.stringify((await ask(scene, path)).body)
  expectThat(shown.includes(url), `the new picture is missing: ${shown}`)
  const { id } = mediaSchema.parse(added.body)
  await ask(scene, `/media/${id}`, { method: 'DELETE' })
  const left = JSON.stringify((await ask(scene, path)).body)
  expectThat(!left.includes(url), `the deleted picture is still there: ${left}`)
}

/** Resolves to the token of the write. */
async function save(scene: Scene, product: Product): Promise<string> {
  const body = productFields.parse(product)
  const { headers } = await ask(scene, `/products/${product.code}`, { method: 'PUT', body })
  return headers.get(afterHeader) ?? ''
}

async function worksWithoutRedis(scene: Scene): Promise<string> {
  const { kill, restart } = scene.stage.redis
  if (kill === undefined || restart === undefined) return 'Redis was given: not stopped'
  await kill()
  try {
    const startedMs = performance.now()
    const page = await pageOf(scene, `/products?category=${category}&limit=7`)
    const ms = (performance.now() - startedMs).toFixed(0)
    expectThat(page.products.length === 7, 'without Redis a page is not whole')
    return `without Redis a page took ${ms} ms`
  } finally {
    await restart()
    await eventually('the cache is not well again', importDeadlineMs, async () => {
      const { status } = Object((await ask(scene, '/health/cache')).body)
      return status === 'ok' ? status : undefined
    })
  }
}

async function pageOf(scene: Scene, path: string) {
  return productPageSchema.parse((await ask(scene, path)).body)
}

function ask(scene: Scene, path: string, request: JsonRequest = {}): Promise<JsonAnswer> {
  const headers = asService(scene.stage.adminToken)
  return requestJson(`${scene.stage.urls.products}${path}`, { ...request, headers, timeoutMs })
}
