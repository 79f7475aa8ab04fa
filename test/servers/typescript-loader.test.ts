/** What processes of tests are started with: TypeScript from source, kept once it was stripped. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { typescriptArguments } from './processes.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-loader-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Both streams of a run of this text. */
function run(text: string, name = 'some.ts'): Promise<string> {
  const file = join(folder, name)
  writeFileSync(file, text)
  return new Promise((resolve) => {
    execFile(process.execPath, [...typescriptArguments, file], (_error, stdout, stderr) => {
      resolve(`${stdout}${stderr}`)
    })
  })
}

it('tells the line of the source, also of what is kept', async () => {
  const text = `interface Unused {\n  of: '${folder}'\n}\n\nthrow new Error('here') as Error\n`
  for (const time of ['first', 'kept']) {
    expect(await run(text), time).toContain(`${join(folder, 'some.ts')}:5:`)
  }
})

it('tells the name of the file that is run, when another has the same text', async () => {
  const text = `const where: string = '${folder}'\nthrow new Error(where)\n`
  await run(text, 'one.ts')
  expect(await run(text, 'other.ts')).toContain(`${join(folder, 'other.ts')}:2:`)
})

it('runs what a file has become', async () => {
  expect(await run(`console.log('before ${folder}' satisfies string)`)).toContain('before')
  expect(await run(`console.log('after ${folder}' satisfies string)`)).toContain('after')
})

it('refuses what is not TypeScript, and names it', async () => {
  expect(await run(`const = '${folder}'`)).toContain('some.ts: ')
})
