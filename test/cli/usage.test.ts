/** What the command says to those who call it wrongly, and where its settings come from. */

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { typescriptArguments } from '../servers/processes.ts'
import { mainFile, runCommand, startCommand } from './command-line.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-usage-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const own = (): string => mkdtempSync(join(folder, 'own-'))

/** What bash offers for the last of these words, by a script that defines how. */
function completedByBash(
  script: string,
  words: readonly string[],
  workingFolder: string = folder,
): readonly string[] {
  const asking = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${words.length - 1}; _staleproof; printf '%s\\n' "\${COMPREPLY[@]}"`
  const options = { encoding: 'utf8', cwd: workingFolder } as const
  return spawnSync('bash', ['-c', `${script}\n${asking}`], options)
    .stdout.trim()
    .split('\n')
}

/** A module that looks like a catalog with these families, and says something besides. */
function catalogOf(names: readonly string[], besides = ''): string {
  const file = join(own(), 'catalog.mjs')
  const compiled = `new Map(${JSON.stringify(names.map((name) => [name, {}]))})`
  const fields = `{ name: 'shop', families: {}, compiled: ${compiled}, parse() {} }`
  writeFileSync(file, `${besides}\nexport const catalog = ${fields}\n`)
  return file
}

/** A process, or any of a group by its negative number. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('wrong words', () => {
  it.each([
    [['stast'], "there is no command 'stast'", "'stats'"],
    [['--json', 'stats'], 'comes too early', 'the command'],
    [['stats', '--jsno'], 'there is no option --jsno', '--json'],
    [['keys', '--limit', '0'], 'from 1 to 10000', 'received 0'],
    [['get'], 'lacks an argument', '<key>'],
    [['stats'], 'no Redis is named', 'REDIS_URL'],
    [['stats', '--redis-url-file', 'nowhere'], 'a file that can be read', 'ENOENT'],
    [['explain', 'SP_LOCK_TKEN'], 'SP_LOCK_TAKEN'],
    [['export', 'alarms'], 'alerts, grafana, acl, openapi or schemas'],
    [['export', 'acl'], '--namespace'],
    [['completion', 'tcsh'], 'bash, zsh, fish, powershell'],
    [['invalidate', 'a', '--family', 'f'], 'only one of them'],
    [['warm'], '--url'],
    [['top', '--redis', 'redis://localhost', '--interval', '1ms'], 'from 250ms to 1m'],
    [['stats', '--url', 'localhost:4100'], 'http://localhost:4100'],
    [['stats', '--redis', 'http://localhost:4100'], 'redis://host:6379', "'http://localhost:4100'"],
    [['stats', '--redis', 'redis://localhost/one'], 'redis://host:6379', 'received'],
    [['diff', 'nowhere.mjs'], 'a file that is there', 'nowhere.mjs'],
    [['doctor', '--redis', 'redis://localhost', '--code', 'nowhere'], 'a folder', 'ENOENT'],
    [['doctor', '--redis', 'redis://localhost', '--baseline', mainFile], 'no JSON'],
    [['stats', '--config', mainFile], 'a JSON object', 'a text that is no JSON'],
  ])('are refused as %j, with exit code 2', async (words, ...said) => {
    const { code, stdout, stderr } = await runCommand(words)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    for (const text of said) expect(stderr).toContain(text)
  })
})

describe('a catalog that can not be used', () => {
  it.each([
    ['throws', "throw new TypeError('a slip')", 'that loads, received TypeError: a slip'],
    ['is no code', 'export const', 'that loads, received SyntaxError: '],
    ['exports none', 'export const a = 1', 'what defineCatalog returns, received one that exports'],
  ])('is refused where it %s, with exit code 2', async (_how, text, said) => {
    const file = join(own(), 'catalog.mjs')
    writeFileSync(file, text)
    const { code, stderr } = await runCommand(['diff', file])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^SP_OPTION_INVALID: the catalog in /)
    expect(stderr).toContain(said)
  })

  it('is told by which names there are others', async () => {
    const file = catalogOf([])
    writeFileSync(file, `${readFileSync(file)}\nexport const other = { ...catalog }\n`)
    const { code, stderr } = await runCommand(['diff', `${file}#nope`])
    expect(code).toBe(2)
    expect(stderr).toContain('expected one of #catalog, #other, received #nope')
  })
})

describe('a server that can not be used', () => {
  it('is told with the likely cause, and exit code 3', async () => {
    // Ports below 1024 are given to nobody who asks for any.
    const redis = await runCommand(['stats', '--redis', 'redis://127.0.0.1:1'])
    expect(redis.code).toBe(3)
    expect(redis.stderr).toContain('nothing listens there')
    const api = await runCommand(['stats', '--url', 'http://127.0.0.1:2'])
    expect(api.code).toBe(3)
    expect(api.stderr).toMatch(/SP_ADMIN_UNREACHABLE.*ECONNREFUSED/)
  })
})

describe('settings', () => {
  it('are told with where they came from, and without their passwords', async () => {
    writeFileSync(join(folder, 'staleproof.config.json'), '{"namespace": "shop", "limit": 7}')
    const variables = { REDIS_URL: 'redis://me:secret@host:1', STALEPROOF_JSON: '0' }
    const words = ['config', 'keys', '--explain']
    const { code, stdout } = await runCommand(words, { folder, variables })
    expect(code).toBe(0)
    expect(stdout).toMatch(/redis +redis:\/\/me:…@host:1 +environment REDIS_URL/)
    expect(stdout).toMatch(/namespace +shop +file staleproof\.config\.json/)
    expect(stdout).toMatch(/limit +7 +file/)
    expect(stdout).toMatch(/url +– +not given +--url, STALEPROOF_URL/)
    expect(stdout).not.toContain('secret')
  })

  it('say to no command what to drop that another one wants to see', async () => {
    const variables = { STALEPROOF_FAMILY: 'product', STALEPROOF_TAG: 'shelf:1' }
    const { code, stderr } = await runCommand(['invalidate', '--yes'], { folder, variables })
    expect(code).toBe(2)
    expect(stderr).toContain('keys, --tag, --family or --pattern')
  })

  it('come from another file where one is named, which must be there', async () => {
    const { code, stderr } = await runCommand(['config', '--config', 'nowhere.json'], { folder })
    expect(code).toBe(2)
    expect(stderr).toContain('nowhere.json')
  })

  it('with a password on the command line are used, and said to be seen by others', async () => {
    const address = 'redis://:secret@127.0.0.1:1'
    const { stderr } = await runCommand(['stats', '--redis', address])
    expect(stderr).toContain('others on this machine can read that password')
    expect(stderr).not.toContain('secret')
    const unusable = await runCommand(['stats', '--redis', 'redis://:secret@host:port'])
    expect(unusable.stderr).not.toContain('secret')
  })
})

describe('help', () => {
  it('is printed for all and for one, with variables and exit codes', async () => {
    const all = await runCommand(['--help'])
    expect(all.code).toBe(0)
    for (const text of ['invalidate', 'doctor', 'Exit codes']) expect(all.stdout).toContain(text)
    const one = await runCommand(['keys', '--help'])
    for (const text of ['--limit <n>', 'REDIS_URL']) expect(one.stdout).toContain(text)
    expect(one.stdout).toMatch(/5 +refused/)
    expect(Math.max(...one.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })
})

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])(
    'for %s has commands and options',
    async (shell) => {
      const { code, stdout } = await runCommand(['completion', shell])
      expect(code).toBe(0)
      expect(stdout).toContain('invalidate')
      expect(stdout).toContain('expect-count')
    },
  )

  it('for bash completes a command, an option of it, and a choice', async () => {
    const { stdout } = await runCommand(['completion', 'bash'])
    const completed = (...words: readonly string[]) => completedByBash(stdout, words)
    expect(completed('staleproof', 'inv')).toEqual(['invalidate'])
    expect(completed('staleproof', 'keys', '--lim')).toEqual(['--limit'])
    expect(completed('staleproof', 'top', '--view', 'cl')).toEqual(['clients'])
  })

  it('for bash offers what it is told as it stands, and runs none of it', async () => {
    const { stdout } = await runCommand(['completion', 'bash'])
    const told = join(own(), 'told')
    writeFileSync(told, '$(touch ran)\n`touch ran`\nfine\n')
    const asked = `staleproof() { cat '${told}'; }\n${stdout}`
    const offered = completedByBash(asked, ['staleproof', 'keys', '--family', ''], own())
    expect(offered).toEqual(['$(touch ran)', '`touch ran`', 'fine'])
  })
})

describe('names of families', () => {
  it('are completed from the catalog that a variable names, and from no server', async () => {
    const { stdout } = await runCommand(['completion', 'bash'])
    const command = [process.execPath, ...typescriptArguments, mainFile]
    const variables = `STALEPROOF_CATALOG='${catalogOf(['product', 'category'])}'`
    const quoted = command.map((word) => `'${word}'`).join(' ')
    const asked = `staleproof() { ${variables} ${quoted} "$@"; }\n${stdout}`
    const completed = (...words: readonly string[]) => completedByBash(asked, words)
    expect(completed('staleproof', 'keys', '--family', '')).toEqual(['category', 'product'])
    expect(completed('staleproof', 'invalidate', '--family', 'pro')).toEqual(['product'])
  })

  it('come from a file of settings only where that is named, whatever folder it is', async () => {
    const folderOfOther = own()
    const settings = JSON.stringify({ catalog: catalogOf(['product'], "console.error('ran')") })
    writeFileSync(join(folderOfOther, 'staleproof.config.json'), settings)
    const words = ['completion', 'families']
    const typed = await runCommand(words, { folder: folderOfOther })
    expect([typed.code, typed.stdout]).toEqual([2, ''])
    expect(typed.stderr).not.toContain('ran')
    const named = [...words, '--config', 'staleproof.config.json']
    expect((await runCommand(named, { folder: folderOfOther })).stdout).toBe('product\n')
  })

  it('are printed without what the catalog says itself, and without what is no name', async () => {
    const names = ['product', '$(touch ran)', '`id`', 'two words', '-x', '']
    const catalog = catalogOf(names, "console.log('$(touch ran)')")
    const words = ['completion', 'families', '--catalog', catalog]
    const { code, stdout, stderr } = await runCommand(words)
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'product\n' })
    expect(stderr).toContain('$(touch ran)')
  })

  it.each([
    ['spins', 'for (;;);', 1, 'was not there within 2000 ms'],
    ['spins once it has names', 'setImmediate(() => { for (;;); })', 0, ''],
    ['never resolves', 'setInterval(() => {}, 1e3)\nawait new Promise(() => {})', 1, '2000 ms'],
    ['waits for nothing', 'await new Promise(() => {})', 1, '2000 ms'],
    ['ends the process', 'process.exit(0)', 2, 'ended with 0 before it was loaded'],
    ['throws', "throw new Error('a slip')", 2, 'a slip'],
    ['waits for another', "execSync('sleep 600')", 1, '2000 ms'],
  ])('of a catalog that %s leave nothing behind', async (_does, body, code, said) => {
    const pids = join(own(), 'pids')
    const noted = `import { execSync } from 'node:child_process'
      import { appendFileSync } from 'node:fs'
      appendFileSync(${JSON.stringify(pids)}, String(process.pid))
      ${body}`
    const catalog = catalogOf(['product'], noted)
    const ended = await runCommand(['completion', 'families'], {
      variables: { STALEPROOF_CATALOG: catalog },
    })
    expect([ended.code, ended.stdout]).toEqual([code, code === 0 ? 'product\n' : ''])
    expect(ended.stderr).toContain(said)
    await eventually('its whole group to be gone', () => !isRunning(-Number(readFileSync(pids))))
  })

  it('of a catalog that spins are given up when nobody waits any more', async () => {
    const pids = join(own(), 'pids')
    const noted = `import { writeFileSync } from 'node:fs'
      writeFileSync(${JSON.stringify(pids)}, String(process.pid))
      for (;;);`
    const asked = startCommand(['completion', 'families'], {
      variables: { STALEPROOF_CATALOG: catalogOf([], noted) },
    })
    await eventually('it to spin', () => existsSync(pids) && readFileSync(pids).length > 0)
    asked.signal('SIGINT')
    expect((await asked.ended).code).toBe(130)
    await eventually('its whole group to be gone', () => !isRunning(-Number(readFileSync(pids))))
  })

  it('are none without a catalog, which only somebody who asks himself is told', async () => {
    const { code, stdout, stderr } = await runCommand(['completion', 'families'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('no catalog is named')
  })

  it.each(['zsh', 'fish', 'powershell'])('are asked for by %s', async (shell) => {
    const { stdout } = await runCommand(['completion', shell])
    expect(stdout).toMatch(/\bfamily\b.*staleproof completion families/)
  })
})

describe('a reader that has had enough', () => {
  it('ends the command without a word', () => {
    const command = [process.execPath, ...typescriptArguments, mainFile, '--help']
    const quoted = command.map((word) => `'${word}'`).join(' ')
    const { stdout, stderr } = spawnSync('sh', ['-c', `${quoted} | head -1`], { encoding: 'utf8' })
    expect(stdout).toMatch(/^staleproof/)
    expect(stderr).toBe('')
  })
})

describe.runIf(existsSync('/dev/full'))('a result that can not be written', () => {
  it('is no success', () => {
    const command = [process.execPath, ...typescriptArguments, mainFile, '--help']
    const quoted = command.map((word) => `'${word}'`).join(' ')
    const { status, stderr } = spawnSync('sh', ['-c', `${quoted} > /dev/full`], {
      encoding: 'utf8',
    })
    expect(status).toBe(70)
    expect(stderr).toContain('could not be written: ENOSPC')
  })
})
