import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodePercent } from './base/percent.ts'
import { FolderSpool } from './spool.ts'

let folder: string
let tokens = 0

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'staleproof-spool-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const wallMs = () => Date.now()
const spoolOf = (namespace = 'shop') =>
  new FolderSpool({ folder, namespace, token: () => `token_${tokens++}`, wallMs })
const opened = async (namespace?: string) => {
  const spool = spoolOf(namespace)
  await spool.open()
  return spool
}
const fileOf = (processId: number, host = hostname()) =>
  join(folder, `shop_${encodePercent(host)}_${processId}_t.pending`)
const contents = async () => {
  const names = await readdir(folder)
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
}
/** Its process has ended and was waited for. */
const deadProcessId = async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid ?? 0
}

describe('a spool', () => {
  test('has on disk what was appended, a line each', async () => {
    const spool = await opened()
    await spool.append(['a', 'b'])
    await spool.append(['c'])
    expect(await contents()).toEqual(['a\nb\nc\n'])
  })

  test('has only what it was rewritten with, and no other file', async () => {
    const spool = await opened()
    await spool.append(['a', 'b'])
    await spool.rewrite(['b'])
    expect(await contents()).toEqual(['b\n'])
  })

  test('leaves nothing behind when it is empty, and its lines when it is not', async () => {
    const [empty, emptied, full] = [await opened(), await opened('b'), await opened('c')]
    await emptied.append(['a'])
    await emptied.rewrite([])
    await full.append(['kept'])
    await Promise.all([empty.close(), emptied.close(), full.close()])
    expect(await contents()).toEqual(['kept\n'])
  })

  test('makes its folder', async () => {
    folder = join(folder, 'new', 'folder')
    await opened()
    expect(await readdir(folder)).toHaveLength(1)
  })

  test('is refused where the folder can not be one', async () => {
    await writeFile(join(folder, 'file'), '')
    folder = join(folder, 'file')
    await expect(opened()).rejects.toMatchObject({ code: 'SP_JOURNAL_UNWRITABLE' })
  })

  test('says which folder it can no longer write', async () => {
    const spool = await opened()
    await rm(folder, { recursive: true })
    const failure = expect.objectContaining({ code: 'SP_JOURNAL_UNWRITABLE' })
    await expect(spool.append(['a'])).rejects.toEqual(failure)
    await expect(spool.append(['a'])).rejects.toThrow(folder)
  })
})

async function adopted(spool: FolderSpool): Promise<readonly string[]> {
  const files: (readonly string[])[] = []
  for await (const lines of spool.adopt()) files.push(lines)
  return files.flat()
}

describe('what others have left', () => {
  test('is adopted from a process of this host that is dead', async () => {
    await writeFile(fileOf(await deadProcessId()), 'a\nb\n')
    const spool = await opened()
    expect(await adopted(spool)).toEqual(['a', 'b'])
    expect(await contents()).toEqual(['a\nb\n'])
  })

  test('is adopted by one successor alone', async () => {
    await writeFile(fileOf(await deadProcessId()), 'a\n')
    const spools = [await opened(), await opened('other')]
    const lines = await Promise.all(spools.map(adopted))
    expect(lines).toEqual([['a'], []])
    expect(await adopted(spoolOf())).toEqual(['a'])
  })

  test('is adopted from the own process id, which another process had before', async () => {
    await writeFile(fileOf(process.pid), 'a\n')
    expect(await adopted(await opened())).toEqual(['a'])
  })

  test('is left to a living process, and to one of another host', async () => {
    await writeFile(fileOf(process.ppid), 'a\n')
    await writeFile(fileOf(process.pid, 'elsewhere'), 'b\n')
    expect(await adopted(await opened())).toEqual([])
  })

  test('is adopted from whoever has said nothing for long', async () => {
    await writeFile(fileOf(1, 'elsewhere'), 'a\n')
    const longAgo = new Date(Date.now() - 11 * 60_000)
    await utimes(fileOf(1, 'elsewhere'), longAgo, longAgo)
    expect(await adopted(await opened())).toEqual(['a'])
  })

  test('is left where it belongs to another namespace, or is no file of a spool', async () => {
    const processId = await deadProcessId()
    await writeFile(
      join(folder, `other_${encodePercent(hostname())}_${processId}_t.pending`),
      'a\n',
    )
    await writeFile(join(folder, 'shop_notes.txt'), 'b\n')
    expect(await adopted(await opened())).toEqual([])
  })

  test('ends with the last whole line: what is cut off was never acknowledged', async () => {
    await writeFile(fileOf(await deadProcessId()), 'a\nb\nhal')
    expect(await adopted(await opened())).toEqual(['a', 'b'])
  })

  test('does not take from a living owner what it adds afterwards', async () => {
    const owner = await opened()
    await owner.append(['a'])
    const successor = await opened()
    expect(await adopted(successor)).toEqual(['a'])
    await owner.append(['b'])
    const third = await opened()
    expect([...(await adopted(third))].sort()).toEqual(['a', 'b'])
  })

  test('is not lost when the successor dies while it adopts', async () => {
    const successor = await opened()
    await appendFile(fileOf(await deadProcessId()), 'a\n')
    await adopted(successor)
    const next = await opened()
    expect(await adopted(next)).toEqual(['a'])
  })
})
