/** Facts of a server that has no fault, and what a test changes of them. */
import { type ClientRow, parseInfo } from '../inspect/index.ts'
import { Facts, type FactTable, type GatheredFacts } from './facts.ts'
import { InfoWindow } from './info-window.ts'
import { type KeySample, roleOf, type SampledKey } from './key-sample.ts'

type Fields = Readonly<Record<string, string | number>>

/** Facts that are given; every other one is missing. */
export interface GivenFacts {
  /** Fields of the last INFO. */
  readonly info?: Fields
  /** Fields of the first one that differ. */
  readonly before?: Fields
  /** Default 10. */
  readonly windowS?: number
  readonly config?: Readonly<Record<string, string>>
  readonly clients?: readonly Partial<ClientRow>[]
  readonly keys?: readonly GivenKey[]
  /** What is known of the sample besides its keys. */
  readonly sample?: Partial<KeySample>
  /** Any other fact, as it is. */
  readonly more?: Partial<FactTable>
}

export type GivenKey = Partial<SampledKey> & { readonly name: string }

export function factsOf(given: GivenFacts): Facts {
  const gathered: { -readonly [N in keyof GatheredFacts]: GatheredFacts[N] } = {}
  if (given.info) gathered.info = { value: windowOf(given.info, given.before, given.windowS) }
  if (given.config) gathered.config = { value: new Map(Object.entries(given.config)) }
  if (given.clients) gathered.clients = { value: given.clients.map(clientOf) }
  if (given.keys) gathered.sample = { value: sampleOfKeys(given.keys, given.sample) }
  const more = Object.entries(given.more ?? {}).map(([name, value]) => [name, { value }])
  return new Facts({ ...gathered, ...Object.fromEntries(more) })
}

function windowOf(last: Fields, before: Fields = {}, windowS = 10): InfoWindow {
  const textOf = (fields: Fields): string =>
    Object.entries(fields)
      .map(([field, value]) => `${field}:${value}`)
      .join('\r\n')
  return new InfoWindow(parseInfo(textOf({ ...last, ...before })), parseInfo(textOf(last)), windowS)
}

function clientOf(given: Partial<ClientRow>): ClientRow {
  return {
    id: 1,
    address: '127.0.0.1:50000',
    name: 'app',
    library: '',
    user: 'default',
    ageS: 60,
    idleS: 0,
    flags: 'N',
    db: 0,
    command: 'get',
    memoryBytes: 20_000,
    outputBytes: 0,
    subscriptions: 0,
    ...given,
  }
}

function sampleOfKeys(keys: readonly GivenKey[], given: Partial<KeySample> = {}): KeySample {
  return {
    keys: keys.map(keyOf),
    total: keys.length,
    isComplete: given.total === undefined,
    method: 'scan',
    stoppedEarly: undefined,
    from: 'primary',
    ...given,
  }
}

function keyOf(given: GivenKey): SampledKey {
  return {
    ...roleOf(given.name),
    nameBytes: Buffer.byteLength(given.name),
    type: 'string',
    ttlMs: 60_000,
    endsMs: 'ttlMs' in given ? given.ttlMs : 60_000,
    bytes: 100,
    elements: undefined,
    frequency: undefined,
    head: undefined,
    ...given,
  }
}
