/** The settings of the API, from the environment. */
import { z } from 'zod'
import { databaseSettings, processSettings, readEnvironment } from '../process/environment.ts'

const schema = z.object({ ...processSettings, ...databaseSettings })

export function apiEnvironment(): z.output<typeof schema> {
  return readEnvironment(schema)
}
