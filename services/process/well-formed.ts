/** Text of callers, as every text field of a service takes it. */
import { z } from 'zod'

/**
 * Neither the database nor a key takes NUL, and two halves of surrogate pairs would be written as
 * the same replacement character: two names, or two orders, would become one.
 */
export const wellFormed = z
  .string()
  .refine((value) => !/[\0\p{Cs}]/u.test(value), { message: 'expected well-formed text' })
