/** Ids and amounts as they come in paths and bodies. */
import { z } from 'zod'
import { wellFormed } from '../../process/well-formed.ts'

const databaseIntegerMax = 2_147_483_647

export const numericId = z.coerce.number().int().min(1).max(databaseIntegerMax)
export const bodyId = z.number().int().min(1).max(databaseIntegerMax)
export const telegramId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
/** Any text may be asked for: one that names nothing is answered 404, not 400. */
export const marketId = wellFormed.min(1).max(128)
/** At least a cent: less would buy no share. */
export const dollars = z.number().min(0.01).max(1_000_000)
/** A share is worth between 0 and 1 US dollar. */
export const sharePrice = z.number().gt(0).lt(1)
