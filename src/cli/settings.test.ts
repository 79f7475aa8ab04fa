import { describe, expect, it } from 'vitest'
import type { CommandRow, OptionRow } from './command.ts'
import { withoutSecrets } from './connection/address.ts'
import { flagsOf, type Origins, settingsFile, settingsOf, showsPassword } from './settings.ts'

const options: readonly OptionRow[] = [
  { name: 'redis', kind: 'text', summary: '', environment: 'REDIS_URL', group: 'server' },
  { name: 'redis-url-file', kind: 'text', summary: '', group: 'server' },
  { name: 'limit', kind: 'number', summary: '', default: '100', range: { min: 1, max: 500 } },
  { name: 'ops', kind: 'number', summary: '' },
  { name: 'every', kind: 'duration', summary: '' },
  { name: 'memory', kind: 'size', summary: '' },
  { name: 'json', kind: 'flag', summary: '' },
  { name: 'tag', kind: 'texts', summary: '' },
  { name: 'view', kind: 'text', summary: '', choices: ['one', 'two'] },
  { name: 'yes', kind: 'flag', summary: '', environment: false },
]
const command: CommandRow = {
  name: 'try',
  summary: '',
  args: [],
  options,
  examples: [],
  load: () => Promise.reject(new Error('not called')),
}

function flagsFrom(
  given: Readonly<Record<string, readonly string[]>>,
  variables: Readonly<Record<string, string>> = {},
  file?: string,
) {
  const from: Origins = {
    given: new Map(Object.entries(given)),
    variable: (name) => variables[name],
    file: file === undefined ? undefined : settingsFile('s.json', file, options),
  }
  return flagsOf(settingsOf(command, from))
}

describe('an option', () => {
  it('is what the command line says, else its variable, else the file, else its default', () => {
    const file = '{"limit": 3}'
    const variables = { STALEPROOF_LIMIT: '2' }
    expect(flagsFrom({ limit: ['1'] }, variables, file).limit).toBe(1)
    expect(flagsFrom({}, variables, file).limit).toBe(2)
    expect(flagsFrom({}, {}, file).limit).toBe(3)
    expect(flagsFrom({}).limit).toBe(100)
  })

  it('tells where it came from', () => {
    const file = settingsFile('s.json', '{"view": "one"}', options)
    const variable = (name: string) => (name === 'REDIS_URL' ? 'redis://a' : undefined)
    const settings = settingsOf(command, { given: new Map([['json', []]]), variable, file })
    const told = new Map(
      settings.map(({ option, origin, where }) => [option.name, [origin, where]]),
    )
    expect(told.get('json')).toEqual(['command line', '--json'])
    expect(told.get('redis')).toEqual(['environment', 'REDIS_URL'])
    expect(told.get('view')).toEqual(['file', 's.json'])
    expect(told.get('limit')).toEqual(['default', ''])
    expect(told.get('memory')).toEqual(['none', ''])
  })

  it('arrives as what it is', () => {
    const given = { every: ['2s'], memory: ['64mb'], json: [], tag: ['a', 'b'], ops: ['many'] }
    const flags = flagsFrom(given)
    const expected = { every: 2_000, memory: 67_108_864, json: true, tag: ['a', 'b'], ops: 'many' }
    expect(flags).toMatchObject(expected)
  })

  it('of a group gives way to one that was said nearer', () => {
    const flags = flagsFrom({ 'redis-url-file': ['f'] }, { REDIS_URL: 'redis://a' })
    expect(flags).toMatchObject({ redisUrlFile: 'f' })
    expect(flags.redis).toBeUndefined()
  })

  it('of a group is refused beside another one on the command line', () => {
    const given = { redis: ['redis://a'], 'redis-url-file': ['f'] }
    expect(() => flagsFrom(given)).toThrow(/not both --redis and --redis-url-file/)
  })

  it('that confirms is taken from nobody but the command line', () => {
    expect(flagsFrom({}, { STALEPROOF_YES: '1' }).yes).toBeUndefined()
    expect(() => settingsFile('s.json', '{"yes": true}', options)).toThrow(/'yes'.*command line/)
  })

  it('that one command takes from a person only, another may take from the file', () => {
    const own = { name: 'family', kind: 'text', summary: '' } as const
    const asked = { ...own, environment: false } as const
    const file = settingsFile('s.json', '{"family": "market"}', [asked, own])
    const variable = () => 'market'
    const of = (option: OptionRow) =>
      settingsOf({ ...command, options: [option] }, { given: new Map(), variable, file })[0]?.value
    expect([of(own), of(asked)]).toEqual(['market', undefined])
  })

  it('that is a flag can be switched off by its variable', () => {
    expect(flagsFrom({}, { STALEPROOF_JSON: 'true' }).json).toBe(true)
    expect(flagsFrom({}, { STALEPROOF_JSON: '0' }).json).toBeUndefined()
    expect(() => flagsFrom({}, { STALEPROOF_JSON: 'ja' })).toThrow(/STALEPROOF_JSON.*ja/)
  })

  it.each([
    [{ limit: ['501'] }, /from 1 to 500.*501/],
    [{ limit: ['1.5'] }, /whole number/],
    [{ every: ['soon'] }, /duration.*soon/],
    [{ memory: ['-1'] }, /size.*-1/],
    [{ view: ['three'] }, /one, two.*three/],
  ])('is refused as %j', (given, message) => {
    expect(() => flagsFrom(given)).toThrow(message)
  })
})

describe('the file of settings', () => {
  it.each([
    ['{', /JSON object/],
    ['[]', /JSON object/],
    ['{"limti": 1}', /limti.*'limit'/],
  ])('is refused as %s', (text, message) => {
    expect(() => settingsFile('s.json', text, options)).toThrow(message)
  })
})

describe('a password', () => {
  it('is noticed where other users of the machine can read it, and nowhere else', () => {
    const [option] = options
    if (option === undefined) throw new Error('no option')
    const value = 'redis://me:secret@host'
    const onLine = { option, value, where: '--redis', origin: 'command line' } as const
    expect(showsPassword(onLine)).toBe(true)
    expect(showsPassword({ ...onLine, origin: 'environment' })).toBe(false)
    expect(showsPassword({ ...onLine, value: 'redis://host' })).toBe(false)
  })

  it.each([
    ['redis://me:secret@host:1', 'redis://me:…@host:1'],
    ['redis://:se:c@r/e#t@host:port', 'redis://:…@host:port'],
    ['me:secret@host:1', 'me:…@host:1'],
    ['redis://host/0?password=secret&db=1', 'redis://host/0?password=…&db=1'],
    ['redis://me@host:1', 'redis://me@host:1'],
    ['http://localhost:4100', 'http://localhost:4100'],
  ])('is not shown of %s, valid or not', (address, shown) => {
    expect(withoutSecrets(address)).toBe(shown)
  })
})
