import { expect, it } from 'vitest'
import { crc16 } from './crc16.ts'

it('gives the published check value', () => {
  expect(crc16('123456789')).toBe(0x31c3)
  expect(crc16('')).toBe(0)
})
