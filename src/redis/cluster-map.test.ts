import { describe, expect, test } from 'vitest'
import { clusterMap, standingOf } from './cluster-map.ts'

const asked = { host: 'asked', port: 7000 }
const query = { hashSlots: [5, 15_000], asked, reach: (address: typeof asked) => address }
const one = ['10.0.0.1', 7001, 'id1', []]
const two = ['10.0.0.2', 7002, 'id2', []]
const replica = ['10.0.0.3', 7003, 'id3', []]

describe('the map of a cluster', () => {
  test('gives each partition the primary of its slot', () => {
    const map = clusterMap(
      [
        [0, 8191, one, replica],
        [8192, 16_383, two],
      ],
      query,
    )
    expect(map?.owners).toEqual([
      { host: '10.0.0.1', port: 7001 },
      { host: '10.0.0.2', port: 7002 },
    ])
    expect(map?.nodes.map(({ port }) => port)).toEqual([7001, 7002, 7003])
  })

  test('leaves a partition without one where nobody serves its slot', () => {
    expect(clusterMap([[0, 100, one]], query)?.owners[1]).toBeUndefined()
  })

  test.each([
    ['', 7001],
    [null, 7001],
  ])('takes a node without a name (%j) for the one asked', (...at) => {
    const map = clusterMap([[0, 16_383, at]], query)
    expect(map?.owners[0]).toEqual({ host: 'asked', port: 7001 })
  })

  test('does not know a node whose name the cluster does not know', () => {
    expect(
      clusterMap(
        [
          [0, 8191, ['?', 7001]],
          [8192, 16_383, two],
        ],
        query,
      )?.owners[0],
    ).toBeUndefined()
  })

  test('leads where addresses are reached from here', () => {
    const reach = () => ({ host: 'outside', port: 1 })
    const map = clusterMap([[0, 16_383, one]], { ...query, reach })
    expect(map?.owners[0]).toEqual({ host: 'outside', port: 1 })
  })

  test.each([undefined, 'OK', [], [[1]], [[6, 14_999, one]], [['a', 'b', one]]])(
    'is none in a reply that covers no slot of ours: %j',
    (reply) => expect(clusterMap(reply, query)).toBeUndefined(),
  )
})

describe('the standing of a node', () => {
  const line = (flags: string, epoch: number, slots: string) =>
    `aaa 10.0.0.1:7001@17001 ${flags} - 0 0 ${epoch} connected ${slots}`
  const nodes = (epoch: number, slots: string) =>
    [line('master', 9, '9000'), line('myself,master', epoch, slots)].join('\n')

  test('is that of its own line, epoch and slots', () => {
    const standing = standingOf(nodes(3, '0-100 200'), [5])
    expect(standing).toBe('aaa 3 0-100 200')
    expect(standingOf(nodes(4, '0-100 200'), [5])).not.toBe(standing)
    expect(standingOf(nodes(3, '0-100'), [5])).not.toBe(standing)
  })

  test.each(['0-100 [5->-bbb]', '0-4 [5-<-bbb]'])(
    'is none while a slot of ours moves: %s',
    (slots) => {
      expect(standingOf(nodes(3, slots), [5])).toBeUndefined()
      expect(standingOf(nodes(3, slots), [6])).toBeDefined()
    },
  )

  test('is none where nothing is said', () => {
    expect(standingOf('', [5])).toBeUndefined()
  })
})
