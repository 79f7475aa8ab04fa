/** vitest's global setup: what a run of tests with real servers needs, and takes away again. */
import type { TestProject } from 'vitest/node'
import { cleanDeadRuns } from '../../services/launcher/run-record.ts'
import { ensureChromium } from './chromium-install.ts'
import { ensurePgbouncer } from './pgbouncer-install.ts'
import { openPostgresBroker } from './postgres-broker.ts'
import { ensurePromtool } from './promtool-install.ts'
import { ensureNativeRedis } from './redis-install.ts'
import { runFolder } from './run-folder.ts'
import { forgetStripped } from './stripped.ts'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const say = (text: string): void => console.log(`test servers: ${text}`)
  for (const text of await cleanDeadRuns(runFolder)) say(`ended ${text}`)
  forgetStripped()
  ensureNativeRedis(say)
  ensurePgbouncer(say)
  ensureChromium(say)
  ensurePromtool(say)
  const broker = await openPostgresBroker()
  project.provide('postgresBroker', broker.url)
  return () => broker.close()
}
