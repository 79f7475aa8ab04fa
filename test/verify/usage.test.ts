/** What `staleproof verify` says to those who call it wrongly. */
import { expect, it } from 'vitest'
import { runCommand } from './command.ts'

it.each([
  [['verify'], 'SP_OPTION_INVALID', '--redis'],
  [['verify', '--redis', 'localhost'], 'SP_OPTION_INVALID', 'redis://localhost:6379/0'],
  [['verify', '--self', '--redis', 'redis://localhost'], 'SP_OPTION_INVALID', '--self'],
  [['verify', '--self', '--ops', 'many'], 'SP_OPTION_INVALID', 'received many'],
  [['verify', '--self', '--processes', '1'], 'SP_OPTION_INVALID', 'from 2 to 16'],
  [['verify', '--slef'], 'there is no option --slef', '--self'],
  [['verify', '--nonsense'], 'nonsense'],
])('refuses %j with exit code 2, and says what it wants', async (args, ...said) => {
  const { code, stdout, stderr } = await runCommand(...args)
  expect(code).toBe(2)
  expect(stdout).toBe('')
  for (const text of said) expect(stderr).toContain(text)
})

it('shows all commands where none was given, with exit code 2', async () => {
  const { code, stdout } = await runCommand()
  expect(code).toBe(2)
  expect(stdout).toContain('verify')
})

it('tells its version', async () => {
  const { code, stdout } = await runCommand('--version')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^staleproof\/\d+\.\d+\.\d+/)
})

it('explains its options and exit codes', async () => {
  const { code, stdout } = await runCommand('verify', '--help')
  expect(code).toBe(0)
  for (const text of ['--self', '--ops', '--check']) expect(stdout).toContain(text)
  expect(stdout).toMatch(/4 +not all could be seen/)
})

it('says why a server can not be used, with exit code 3', async () => {
  const { code, stdout, stderr } = await runCommand('verify', '--redis', 'redis://127.0.0.1:1')
  expect(code).toBe(3)
  expect(stdout).toBe('')
  expect(stderr).toContain('SP_REDIS_DOWN')
  expect(stderr).toContain('ECONNREFUSED')
})
