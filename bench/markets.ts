/** Lists of markets as the reference system keeps them, of any length. */
export interface BenchMarket {
  readonly id: string
  readonly conditionId: string
  readonly slug: string
  readonly question: string
  readonly category: string
  readonly yesTokenId: string
  readonly noTokenId: string
  readonly volume: number
  readonly liquidity: number
  readonly endsAt: string | null
  readonly isActive: boolean
  readonly createdAt: string
}

/** The same for the same count; texts that look random, as ids of tokens do. */
export function marketsOf(count: number): BenchMarket[] {
  let state = 1
  const digits = (length: number, radix: number) => {
    let text = ''
    while (text.length < length) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      text += state.toString(radix)
    }
    return text.slice(0, length)
  }
  return Array.from({ length: count }, (_, at) => ({
    id: String(7_000_000 + at),
    conditionId: `0x${digits(64, 16)}`,
    slug: `tsc-mlb-nyy-wsh-2026-07-10-${digits(4, 10)}`,
    question: `New York Yankees vs. Washington Nationals: O/U ${at % 17}.5`,
    category: 'sports',
    yesTokenId: digits(77, 10),
    noTokenId: digits(77, 10),
    volume: Number(digits(9, 10)) / 100,
    liquidity: Number(digits(7, 10)) / 100,
    endsAt: at % 9 === 0 ? null : '2026-11-21T23:59:00.000Z',
    isActive: at % 5 !== 0,
    createdAt: '2026-10-27T00:50:47.825Z',
  }))
}
