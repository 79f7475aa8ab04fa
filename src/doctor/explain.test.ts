import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allowedCommands } from '../inspect/index.ts'
import { checks } from './checks/index.ts'
import { explainedChecks } from './explain.ts'

const page = join(import.meta.dirname, '../../docs/doctor.md')
const heading = '\n## Checks\n'

test('docs/doctor.md explains the checks as they are', async () => {
  const [written] = readFileSync(page, 'utf8').split(heading)
  const whole = `${written}${heading}\n${explainedChecks(checks)}\n`
  await expect(whole).toMatchFileSnapshot(page)
})

test('each check has an id of its own, a rule, a threshold, a source and a remedy', () => {
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
  for (const { id, title, rule, thresholds, source, remedy } of checks) {
    expect(id).toMatch(/^(MEM|KEY|CMD|LAT|CON|PER|REP|SEC|PLT)\d\d$/)
    expect(Object.keys(thresholds).length, id).toBeGreaterThan(0)
    for (const text of [title, rule, source, remedy.text]) expect(text, id).toMatch(/\w{3}/)
  }
})

test('the list of commands has none that writes, blocks or reads a whole collection', () => {
  const never = [
    /^(keys|monitor|debug|flush\w+|save|bgsave|shutdown|smembers|hgetall|lrange|sort|eval)/,
    /^(set|del|unlink|expire|publish|memory\|purge|\w+\|(set|reset|resetstat|rewrite|kill|pause))$/,
  ]
  expect(allowedCommands.filter((name) => never.some((one) => one.test(name)))).toEqual([])
  expect([...allowedCommands].sort()).toEqual(allowedCommands)
})
