/** What traders do, and how often: the numbers of `mix.json`, which every run shares. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { repositoryRoot } from '../data/repository.ts'

/** Reads of the mix; a trader who opens a market asks for it or for its price. */
export const readKinds = [
  'positions',
  'market',
  'price',
  'list',
  'marketBatch',
  'priceBatch',
  'search',
  'profile',
] as const
export type ReadKind = (typeof readKinds)[number]

const rate = z.number().positive().max(2_000)
const weight = z.number().nonnegative()
const mixSchema = z.strictObject({
  requestsPerSecond: rate,
  tradesPerSecond: rate,
  priceUpdatesPerSecond: rate,
  /** Traffic before anything is counted. */
  warmUpSeconds: z.number().min(0).max(60),
  users: z.number().int().min(1).max(1_000),
  /** Bought before the traffic begins. */
  positionsPerUser: z.number().int().min(0).max(20),
  /** How unevenly users and markets are chosen. */
  zipfExponent: z.number().min(0).max(3),
  batchIds: z.number().int().min(1).max(200),
  weights: z.record(z.enum(readKinds), weight),
})
export type Mix = z.output<typeof mixSchema>

export function readMix(): Mix {
  const path = join(repositoryRoot(), 'services', 'load', 'mix.json')
  return mixSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
}
