/** `staleproof replay`, as it is called. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCommand } from '../verify/command.ts'

const traces = join(import.meta.dirname, '../../bench/traces')
const nasa = join(traces, 'nasa-http-19950801.gz')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-replay-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

it('gives the hit ratios of all policies and sizes as one JSON document', async () => {
  const { code, stdout } = await runCommand('replay', nasa, '--json')
  expect(code).toBe(0)
  const document = JSON.parse(stdout)
  expect(Object.keys(document)).toEqual(['schemaVersion', 'results'])
  expect(document.schemaVersion).toBe(1)
  expect(document.results).toHaveLength(9)
  for (const cell of document.results) {
    expect(Object.keys(cell)).toEqual(['trace', 'policy', 'fraction', 'capacity', 'hitRatio'])
    expect(cell.trace).toBe('nasa-http-19950801')
  }
  const tenth = document.results.filter((cell: { fraction: number }) => cell.fraction === 0.1)
  expect(tenth.map((cell: { policy: string }) => cell.policy)).toEqual(['lru', 'own', 'opt'])
  const [lru, own, opt] = tenth.map((cell: { hitRatio: number }) => cell.hitRatio)
  expect(lru).toBeCloseTo(0.752, 2)
  expect(opt).toBeCloseTo(0.858, 2)
  expect(own).toBeGreaterThan(0.7)
  expect(own).toBeLessThan(opt)
})

it('reads plain and gzip alike, several at once, and draws them in 80 columns', async () => {
  const plain = file('plain', gunzipSync(readFileSync(nasa)))
  const { code, stdout } = await runCommand('replay', nasa, plain, '--fraction', '0.05')
  expect(code).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  expect(lines.some((line) => line.startsWith('plain  30,968 accesses, 2,088 keys'))).toBe(true)
  expect(lines.filter((line) => line.includes(' lru ') && line.includes('█'))).toHaveLength(2)
  const [packed, unpacked] = lines.slice(-3).map((line) => line.trim().split(/\s+/).slice(1))
  expect(packed).toEqual(unpacked)
  for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80)
})

it('adds miss-ratio curves where they are asked for', async () => {
  const [shown, document] = await Promise.all([
    runCommand('replay', nasa, '--curve'),
    runCommand('replay', nasa, '--curve', '--json'),
  ])
  expect(shown.stdout).toContain('mean error of the sample of 2,088 keys: 0.0000')
  for (const line of shown.stdout.split('\n')) expect([...line].length).toBeLessThanOrEqual(80)
  const { curves, results } = JSON.parse(document.stdout)
  expect(results).toHaveLength(9)
  expect(curves).toHaveLength(1)
  expect(curves[0]).toMatchObject({ trace: 'nasa-http-19950801', sampledKeys: 2_088 })
  expect(curves[0].points).toHaveLength(40)
  expect(curves[0].points[0]).toEqual({
    entries: 2,
    exact: expect.closeTo(0.972, 2),
    sampled: expect.closeTo(0.972, 2),
    inUse: expect.any(Number),
  })
})

it('adds what prediction gains where it is asked for, and what it costs', async () => {
  const small = ['nasa-http-19950801', 'ecom-web12'].map((name) => join(traces, `${name}.gz`))
  const [shown, document] = await Promise.all([
    runCommand('replay', nasa, '--predict', '--fraction', '0.01'),
    runCommand('replay', ...small, '--predict', '--json'),
  ])
  const lines = shown.stdout.trimEnd().split('\n')
  expect(lines.at(-4)).toMatch(/prediction +size +in +own +with +gain +used +load +guard$/)
  for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80)
  const { predictions } = JSON.parse(document.stdout)
  expect(predictions).toHaveLength(18)
  for (const { hitRatio, hitRatioPredicted, originLoad } of predictions) {
    expect(hitRatio - hitRatioPredicted).toBeLessThan(0.002)
    expect(originLoad).toBeLessThanOrEqual(1.1)
  }
  const [atOnce, soon, late] = predictions.filter((each: { trace: string; capacity: number }) => {
    return each.trace === 'nasa-http-19950801' && each.capacity === 209
  })
  expect(atOnce).toMatchObject({ distance: 0, capacity: 209, fraction: 0.1 })
  expect(atOnce.hitRatioPredicted - atOnce.hitRatio).toBeGreaterThan(0.01)
  for (const none of [soon, late]) expect(none).toMatchObject({ state: 'off', preloads: 0 })
})

it('says how many lines it passed over, and leaves stdout to the document', async () => {
  const path = file('few-bad', `${'1\n2\n'.repeat(50)}\n`)
  const { code, stdout, stderr } = await runCommand('replay', path, '--json')
  expect(code).toBe(0)
  expect(stderr).toContain('few-bad: 1 lines without a key were passed over')
  expect(JSON.parse(stdout).results[0]).toMatchObject({ capacity: 16, hitRatio: 0.98 })
})

it.each([
  [['replay'], 'SP_OPTION_INVALID', 'TRACE'],
  [['replay', nasa, '--fraction', '2'], 'SP_OPTION_INVALID', 'received 2'],
  [['replay', join(traces, 'nowhere.gz')], 'SP_TRACE_INVALID', 'nowhere.gz'],
  [['replay', traces], 'SP_TRACE_INVALID', 'can be read'],
  [['replay', process.execPath], 'SP_TRACE_INVALID', 'expected lines'],
  [['replay', nasa, '--jsno'], 'there is no option --jsno', '--json'],
])('refuses %j with exit code 2, and says why', async (args, ...said) => {
  const { code, stdout, stderr } = await runCommand(...args)
  expect(code).toBe(2)
  expect(stdout).toBe('')
  for (const text of said) expect(stderr).toContain(text)
})
