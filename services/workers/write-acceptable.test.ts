import { expect, test } from 'vitest'
import { writeAcceptable } from './write-acceptable.ts'

/** As the query builder hands it on. */
const refusal = (code: string) =>
  new Error('Failed query', { cause: Object.assign(new Error(), { code }) })

/** A table that takes no batch with a number of these in it. */
function table(bad: readonly number[], code = '22003') {
  const rows: number[] = []
  let writes = 0
  const write = async (items: readonly number[]) => {
    writes += 1
    if (items.some((item) => bad.includes(item))) throw refusal(code)
    rows.push(...items)
  }
  return { rows, write, writes: () => writes }
}

const hundred = Array.from({ length: 100 }, (_, item) => item)

test('what is refused for its data is named, and all the rest is written once', async () => {
  const { rows, write } = table([0, 41, 42, 99], '23503')
  const refused = await writeAcceptable(hundred, write)
  expect(refused.map(({ item }) => item)).toEqual([0, 41, 42, 99])
  expect(rows).toEqual(hundred.filter((item) => ![0, 41, 42, 99].includes(item)))
})

test('one refused item costs some writes, not one for each item', async () => {
  const { write, writes } = table([17])
  await writeAcceptable(hundred, write)
  expect(writes()).toBeLessThan(20)
})

test('a batch that is accepted is one write, and nothing is none refused', async () => {
  const { write, writes } = table([])
  expect([await writeAcceptable(hundred, write), writes()]).toEqual([[], 1])
})

test.each(['57014', '40P01', 'ECONNRESET', '2300', 'SP_ID_TYPE'])(
  'a failure with %s is nobody’s fault, and is thrown as it is',
  async (code) => {
    const { rows, write } = table([17], code)
    await expect(writeAcceptable(hundred, write)).rejects.toMatchObject({ cause: { code } })
    expect(rows).toEqual([])
  },
)
