import { expect, test } from 'vitest'
import { envelopeOf, openedBy, PLACE, sealedBy } from './envelope.test-support.ts'

const secret = { iban: 'DE02120300000000202051', note: 'x'.repeat(3_000) }

test('Redis sees nothing of what is encrypted, and never the same twice', async () => {
  const envelope = envelopeOf({ keys: ['k1'] })
  const [one, other] = [await sealedBy(envelope, secret), await sealedBy(envelope, secret)]
  expect(one.payload).not.toContain('DE02')
  expect(one.payload).not.toBe(other.payload)
  expect(one.mark).toBe('jBE')
})

test('what the last key has encrypted is read after the keys were rotated', async () => {
  const old = await sealedBy(envelopeOf({ keys: ['k1'] }), secret)
  const rotated = envelopeOf({ keys: ['k2', 'k1'] })
  expect(await openedBy(rotated, old)).toEqual(secret)
  const fresh = await sealedBy(rotated, secret)
  expect(await openedBy(envelopeOf({ keys: ['k2'] }), fresh)).toEqual(secret)
  await expect(async () => openedBy(envelopeOf({ keys: ['k1'] }), fresh)).rejects.toMatchObject({
    code: 'SP_KEY_MISSING',
    key: PLACE.key,
    expected: "the key 'k2'",
  })
})

test('a process without keys can neither read nor write', async () => {
  const keyless = envelopeOf({ keys: [] })
  const sealed = await sealedBy(envelopeOf({ keys: ['k1'] }), secret)
  const missing = { code: 'SP_KEY_MISSING' }
  await expect(async () => openedBy(keyless, sealed)).rejects.toMatchObject(missing)
  await expect(async () => sealedBy(keyless, secret)).rejects.toMatchObject(missing)
})

test('a payload is worth nothing at another key, version or mark', async () => {
  const envelope = envelopeOf({ keys: ['k1'] })
  const sealed = await sealedBy(envelope, secret)
  const moved = { ...PLACE, key: 'market:2' }
  const renewed = { ...PLACE, version: 'sChEmA02' }
  await expect(async () => envelope.open(sealed, moved)).rejects.toThrow()
  await expect(async () => envelope.open(sealed, renewed)).rejects.toThrow()
  await expect(async () => openedBy(envelope, { ...sealed, mark: 'jE' })).rejects.toThrow()
  expect(await openedBy(envelope, sealed)).toEqual(secret)
})

test('every changed byte is noticed', async () => {
  const envelope = envelopeOf({ keys: ['k1'], compression: false })
  const { mark, payload } = await sealedBy(envelope, 'some text')
  for (let at = 0; at < payload.length; at++) {
    const other = String.fromCharCode(payload.charCodeAt(at) ^ 1)
    const changed = payload.slice(0, at) + other + payload.slice(at + 1)
    await expect(async () => openedBy(envelope, { mark, payload: changed })).rejects.toThrow()
  }
})
