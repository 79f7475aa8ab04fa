/**
 * The tour drives the open stage as a person would. It is loaded only when asked for, by a
 * path, so that the launcher does not depend on what the tour depends on.
 */
import { pathToFileURL } from 'node:url'
import { ownServiceFolder, serviceModule } from './sibling-module.ts'
import type { Stage } from './stage.ts'

/** Runs the tour; true when all that it checked was as promised. */
export async function runTour(stage: Stage, serviceFolder?: string): Promise<boolean> {
  const path = serviceModule(serviceFolder ?? ownServiceFolder, 'tour')
  const module: unknown = await import(pathToFileURL(path).href)
  const run: unknown = Object(module).runTour
  if (typeof run !== 'function') throw new Error(`${path} exports no function runTour`)
  const isPassed: unknown = await run(stage)
  return isPassed === true
}
