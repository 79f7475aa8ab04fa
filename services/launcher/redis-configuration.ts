/** `deploy/redis.conf`: what every Redis of the reference system is given. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../data/repository.ts'

export const redisConfigurationFile: string = join(repositoryRoot(), 'deploy', 'redis.conf')

/** By name, as CONFIG SET takes it. */
export function redisConfiguration(): Readonly<Record<string, string>> {
  const lines = readFileSync(redisConfigurationFile, 'utf8').split('\n')
  const settings = lines.filter((line) => /^[a-z]/.test(line))
  return Object.fromEntries(
    settings.map((line) => {
      const [name = '', ...words] = line.split(' ')
      const value = words.join(' ')
      return [name, value === '""' ? '' : value]
    }),
  )
}
