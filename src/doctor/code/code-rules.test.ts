/** Each rule with code that it must find, as audits of caches show it, and code that is fine. */
import { describe, expect, test } from 'vitest'
import { codeRules } from './code-rules.ts'
import { faultsIn } from './source-audit.ts'

interface Samples {
  /** Each holds exactly one fault, on the line that ends in `// here`. */
  readonly bad: readonly string[]
  readonly good: readonly string[]
}

const samples: Readonly<Record<string, Samples>> = {
  'keys-command': {
    bad: [
      `import Redis from 'ioredis'
       const store = new Redis()
       const found = await store.keys(pattern) // here`,
      `class PriceCache {
         constructor(private readonly redis: Redis) {}
         list() { return this.redis.keys('price:*') } // here
       }`,
      `const names = await client.sendCommand(['KEYS', 'user:*']) // here`,
      `const names = await anything.keys('user:*') // here`,
    ],
    good: [
      `const names = Object.keys(redis)`,
      `for (const key of new Map().keys()) use(key)`,
      `// redis.keys('*') blocks
       const text = "redis.keys('*')"`,
      `const redisKeys = new Map()
       redisKeys.keys(1)`,
      `for await (const keys of redis.scanStream({ match: 'user:*' })) use(keys)`,
    ],
  },
  'missing-ttl': {
    bad: [
      `await redis.set('rates', JSON.stringify(rates)) // here`,
      `await redis.set('lock', token, 'NX') // here`,
      `import { createClient } from 'redis'
       const client = await createClient().connect()
       await client.set('rates', text, { NX: true }) // here`,
      `await redis.multi().set('a', '1').set('b', '2', 'EX', 5).exec() // here`,
      `await redis.call('SET', 'a', '1') // here`,
      `await redis.mset({ a: '1', b: '2' }) // here`,
      `await redis.setnx('once', '1') // here`,
      `async function put() { await redis.set('a', '1') } // here
       async function other() { await redis.expire('a', 5) }`,
    ],
    good: [
      `await redis.set('a', '1', 'EX', 300)`,
      `await redis.set('a', '1', 'PX', 300, 'NX')`,
      `await redis.set('a', '1', { EX: 300, NX: true })`,
      `await redis.set('a', '1', { expiration: { type: 'EX', value: 5 } })`,
      `await redis.set('a', '1', options)`,
      `await redis.set('a', '1', { ...defaults })`,
      `await redis.set(...args)`,
      `await redis.set('a', '1', 'KEEPTTL')`,
      `await redisCache.set('a', value, 300)`,
      `await redis.setex('a', 300, '1')`,
      `await redis.set(key, '1')
       await redis.expire(key, 300)`,
      `const redis = new Map()
       redis.set('a', 1)`,
      `config.set('a', 1)`,
    ],
  },
  'hand-built-key': {
    bad: [
      `await redis.get(\`user:\${id}\`) // here`,
      `await this.cache.get('user:' + id) // here`,
      `await redis.setex(\`api:positions:\${userId}\`, 30, text) // here`,
      `async function read(id) {
         const key = \`product:\${id}\`
         return cacheService.get(key) // here
       }`,
      `await redis.del(\`a:\${id}\`, \`b:\${id}\`) // here`,
      `await redis.mget([\`a:\${id}\`]) // here`,
    ],
    good: [
      `await redis.get('settings')`,
      'await redis.get(keyOf(id))',
      `const seen = new Map(); seen.get(\`a:\${id}\`)`,
      `const cache = new LRUCache({ max: 5 }); cache.get(\`a:\${id}\`)`,
      `private_.get(\`a:\${id}\`)`,
      `await redis.get(\`\${id}\`)`,
      `await cache.positions.get(\`\${user}:\${market}\`)`,
      `await redis.publish(\`news:\${id}\`, text)`,
    ],
  },
  flush: {
    bad: [
      'await redis.flushall() // here',
      'await anything.flushDb() // here',
      `await redis.call('FLUSHDB') // here`,
      `import { createClient as open } from 'redis'
       const client = open(); await client.flushAll() // here`,
    ],
    good: [
      'await cache.positions.clear({ reason })',
      'import NodeCache from "node-cache"; const local = new NodeCache(); local.flushAll()',
      'stream.flush()',
    ],
  },
  'broad-delete': {
    bad: [
      `await redis.del('api:positions:*') // here`,
      `await redis.unlink(\`user:\${id}:*\`, 1) // here`,
      `async function clear() {
         const found = await redis.keys(pattern)
         if (found.length > 0) await redis.del(...found) // here
       }`,
      `await redis.del(await redis.keys('price:*')) // here`,
      `for (const key of await redis.keys('price:*')) {
         await redis.del(key) // here
       }`,
    ],
    good: [
      `await redis.del('api:positions:7')`,
      `const keys = await redis.smembers('index')
       await redis.unlink(...keys)`,
      `await redis.del(keys)`,
      `for (const key of await redis.smembers('index')) await redis.del(key)`,
      `fields.delete('*')`,
    ],
  },
  'early-invalidation': {
    bad: [
      `await prisma.$transaction(async (tx) => {
         await tx.order.update({ where, data })
         await redis.del(key) // here
       })`,
      `await this.database.transaction(async (transaction) => {
         await save(transaction, order)
         for (const user of users) { await this.cache.invalidate(user) } // here
       })`,
      `await withTransaction(async (tx) => {
         await Promise.all(users.map((user) => invalidateUser(user))) // here
       })`,
      `async function fill() {
         await client.query('BEGIN')
         await client.query('UPDATE orders SET filled = true')
         await cache.del('orders') // here
         await client.query('COMMIT')
       }`,
      `async function fill() {
         await runner.startTransaction()
         await cacheService.invalidateOrders(id) // here
         await runner.commitTransaction()
       }`,
    ],
    good: [
      `await prisma.$transaction(async (tx) => { await tx.order.update({ where, data }) })
       await redis.del(key)`,
      `await database.transaction(async (tx) => { tx.afterCommit(() => cache.invalidate(id)) })`,
      `await database.transaction(async (tx) => { await outbox.invalidate(tx, [key]) })`,
      `await database.transaction(async (tx) => { later = () => cache.invalidate(id) })`,
      `async function fill() {
         await client.query('BEGIN')
         await client.query('COMMIT')
         await redis.del('orders')
       }`,
      `await database.transaction(async (tx) => { pending.delete(id) })`,
      `await database.transaction(async (tx) => { report(invalidated(id)) })`,
    ],
  },
  'raw-json': {
    bad: [
      `const user = JSON.parse(await redis.get('user')) // here`,
      `const user = JSON.parse((await this.redis.get('user')) ?? 'null') // here`,
      `async function read() {
         const text = await redis.get('user')
         return text === null ? undefined : JSON.parse(text) // here
       }`,
    ],
    good: [
      `JSON.parse(await readFile('a.json', 'utf8'))`,
      `const cache = new Map(); JSON.parse(cache.get('a'))`,
      `schema.parse(await redis.get('user'))`,
      `const text = await response.text()
       JSON.parse(text)`,
    ],
  },
  'cache-before-database': {
    bad: [
      `async function fill(order) {
         await cache.set('order', order, 30) // here
         await orderRepository.save(order)
       }`,
      `async function fill(order) {
         await redis.del('orders') // here
         await pool.query('UPDATE orders SET filled = true WHERE id = $1', [order.id])
       }`,
      `async function fill(order) {
         await redis.setex('order', 30, text) // here
         if (order.isNew) { await db.insert(orders).values(order) }
       }`,
      `async function fill(order) {
         await redis.unlink('orders') // here
         await sql\`delete from orders where id = \${order.id}\`
       }`,
    ],
    good: [
      `async function fill(order) {
         await orderRepository.save(order)
         await cache.set('order', order, 30)
       }`,
      `async function fill(order) {
         await redis.del('orders')
         await orderRepository.save(order)
         await redis.del('orders')
       }`,
      `async function fill(order) {
         await redis.set('lock', token, 'PX', 500, 'NX')
         await orderRepository.save(order)
       }`,
      `async function fill(order) {
         if (order.isCached) { await redis.del('orders'); return }
         await orderRepository.save(order)
       }`,
      `async function read() { await redis.setex('a', 30, text) }
       async function write() { await orderRepository.save(order) }`,
      `async function read() {
         await redis.setex('a', 30, text)
         await pool.query('SELECT 1')
       }`,
    ],
  },
}

test('every rule has samples', () => {
  expect(codeRules.map(({ name }) => name).sort()).toEqual(Object.keys(samples).sort())
})

describe.each(Object.entries(samples))('%s', (name, { bad, good }) => {
  test.each(bad)('is found in %s', (text) => {
    const line = text.split('\n').findIndex((line) => line.includes('// here')) + 1
    expect(found(name, text)).toEqual([line])
  })

  test.each(good)('is not found in %s', (text) => {
    expect(found(name, text)).toEqual([])
  })
})

function found(name: string, text: string): readonly number[] {
  const faults = faultsIn({ path: 'service.ts', text })
  if (!Array.isArray(faults)) throw new Error('the sample can not be parsed')
  return faults.filter(({ rule }) => rule.name === name).map(({ line }) => line)
}
