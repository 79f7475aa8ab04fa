import { describe, expect, test } from 'vitest'
import { corpus } from '../codec/corpus.test-support.ts'
import { Guard, namesMax } from './guard.ts'
import { carry } from './value.ts'

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P'
const pem =
  '-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJBAKj34GkxFhD9\n-----END RSA PRIVATE KEY-----'
const hex = `0x${'4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318'}`
const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'

function look(value: unknown) {
  return carry(value, false, new Guard())
}

describe('is refused, with its path', () => {
  test.each([
    ['a password', { user: { password: 'hunter2' } }, '.user.password'],
    ['a hash of one', { password_hash: '$2b$10$abc' }, '.password_hash'],
    ['a secret', [{ clientSecret: 'x' }], '[0].clientSecret'],
    ['a number as secret', { cvv: 123 }, '.cvv'],
    ['a private key', { walletPrivateKey: hex }, '.walletPrivateKey'],
    ['a private key in capitals', { WALLET_PRIVATE_KEY: 'x' }, '.WALLET_PRIVATE_KEY'],
    ['an API key', { 'api-key': 'x' }, '["api-key"]'],
    ['an API key in one word', { apikey: 'x' }, '.apikey'],
    ['several API keys', { apiKeys: ['x'] }, '.apiKeys'],
    ['an access token', { auth: { accessToken: 'x' } }, '.auth.accessToken'],
    ['an access token of many', { refresh_tokens: ['x'] }, '.refresh_tokens'],
    ['a mnemonic', { mnemonic: phrase.split(' ') }, '.mnemonic'],
    ['a seed phrase', { seedPhrase: phrase }, '.seedPhrase'],
    ['a seed phrase under a short name', { seed: phrase }, '.seed'],
    ['64 hex digits under a telling name', { pk: hex }, '.pk'],
    ['a random text as token', { token: 'ghp_16C7e42F292c6912E7710c838347Ae178B4a' }, '.token'],
    ['a JSON Web Token anywhere', { note: jwt }, '.note'],
    ['one with its scheme', { header: `Bearer ${jwt}` }, '.header'],
    ['one in a list', { notes: ['a', jwt] }, '.notes[1]'],
    ['one that is the value', jwt, ''],
    ['one with a small scheme, and spaces around it', { header: ` bearer ${jwt}\n` }, '.header'],
    ['a seed phrase in lines', { seed: phrase.replaceAll(' ', '\n') }, '.seed'],
    ['a private key in PEM', { file: pem }, '.file'],
    ['one behind a line', { file: `\n${pem}` }, '.file'],
    ['a card number', { note: '4111111111111111' }, '.note'],
    ['one in groups', { note: '4111 1111 1111 1111' }, '.note'],
    ['one in groups, with hyphens', { orderId: '5500-0000-0000-0004' }, '.orderId'],
    ['one of 15 digits', { note: '3782 822463 10005' }, '.note'],
    ['one as a number', { note: 4_111_111_111_111_111 }, '.note'],
  ])('%s', (_, value, path) => {
    expect(look(value)).toEqual({
      ok: false,
      path,
      what: expect.stringMatching(/^(what looks like|a field whose name)/),
      isSensitive: true,
    })
  })

  test('and never shown', () => {
    for (const secret of [{ note: jwt }, { password: 'hunter2' }, { note: pem }]) {
      expect(JSON.stringify(look(secret))).not.toContain(Object.values(secret)[0]?.slice(5))
    }
  })
})

describe('is carried', () => {
  test('all that the running system keeps, and pages of products', () => {
    for (const { key, value } of corpus()) {
      expect({ key, ...look(value) }).toMatchObject({ key, ok: true })
    }
  })

  test.each([
    [
      'a token of a market',
      { tokenId: '4857073344525083529443576342880268085408387', tokens: [1] },
    ],
    ['a token that is decimal', { token: '48570733445250835294435763428802680854083877' }],
    ['a token that is a contract', { token: '0xdac17f958d2ee523a2206206994597c13d831ec7' }],
    ['the name of a token', { token: 'USDC', tokenSymbol: 'wstETH' }],
    ['a hash of a transaction', { hash: hex, conditionId: hex, txHash: hex }],
    ['words about secrets', { passwordChangedAt: '2026-01-01', secretSanta: 'Bo', compass: 'N' }],
    ['that there is a password', { hasPassword: true, password: null, secret: '' }],
    ['keys of other kinds', { key: 'market:1', keyboard: 'de', monkey: 'x', sortKey: 'a-b-c' }],
    ['a passage', { passenger: 'x', passport_country: 'DE', bypass: 'yes' }],
    ['EAN codes', { code: '4006381333931', ean: '4111111111111', gtin: '4006381333931' }],
    ['amounts of 18 decimals', { amount: '4111111111111111', valueWei: '5500000000000004' }],
    ['times', { at: '2026-07-10T20:25:46Z', clock: '1763640000123456', ms: 1_763_640_000_123 }],
    ['phone numbers', { phone: '+49 30 123456', text: '030 1234 5678 9012' }],
    ['sixteen digits that fail the check', { note: '4111111111111112' }],
    ['a public key', { file: '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----' }],
    ['a text that begins like a JWT', { note: 'eyJust a note' }],
    ['control characters at both ends', { note: '\u0000\u0007\u001b[2Jcleared by a name\u0000' }],
    ['a sentence', { phrase: 'twelve words are not a seed phrase when they are written so.' }],
  ])('%s', (_, value) => {
    expect(look(value)).toMatchObject({ ok: true })
  })
})

test('names are remembered, but no more than so many', () => {
  const guard = new Guard()
  for (let id = 0; id < namesMax * 2.5; id++) guard.inField(`password${id}`, 'x')
  expect(guard.size).toBeLessThanOrEqual(namesMax)
  expect(guard.inField('password1', 'x')).toBeDefined()
})
