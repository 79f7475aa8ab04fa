// The traders of the replay. All are invented: addresses from the fixed seed, names from two words.
import { hexOf } from './fingerprint.ts'

export interface Wallet {
  readonly address: string
  readonly name: string
}

const MANNERS = ['quiet', 'bold', 'patient', 'early', 'late', 'steady']
const BIRDS = ['heron', 'swift', 'plover', 'kestrel', 'wren', 'tern']

/** Leaders are the wallets worth watching; the rest only make the market busy. */
export const LEADER_COUNT = 12
const WALLET_COUNT = 24

/** Every wallet, the leaders first. */
export const wallets: readonly Wallet[] = Array.from({ length: WALLET_COUNT }, (_, index) => ({
  address: `0x${hexOf(`wallet:${index}`).slice(0, 40)}`,
  name: nameOf(index),
}))

/** The wallets that appear at `/leaders`. */
export const leaders: readonly Wallet[] = wallets.slice(0, LEADER_COUNT)

function nameOf(index: number): string {
  const manner = MANNERS[index % MANNERS.length] ?? ''
  const bird = BIRDS[(index + Math.floor(index / MANNERS.length)) % BIRDS.length] ?? ''
  return `${manner}-${bird}`
}
