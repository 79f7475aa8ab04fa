/** A cache of the race tests in a process of its own. */
import { serveCalls } from '../servers/worker.ts'
import { openCacheCalls } from './cache-calls.ts'

serveCalls(openCacheCalls)
