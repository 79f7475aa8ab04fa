/**
 * How many processes a service should have: each is to use 60 % of the core that a Node
 * process can use, so that one more request does not wait and one process less is borne. Within
 * a tenth of that nothing is changed, and never more than twice or less than half at once.
 */
import type { ProcessFacts } from '../process-facts.ts'
import type { Recommendation } from './recommendation.ts'
import { percentText } from './words.ts'

const target = 0.6
const tolerance = 0.1
const stepMax = 2

/** Of one service; undefined: it is right, or nobody has measured yet. */
export function replicaAdvice(
  service: string,
  processes: readonly ProcessFacts[],
): Recommendation | undefined {
  const shares = processes.flatMap(({ processorShare }) => processorShare ?? [])
  const now = processes.length
  if (shares.length === 0) return undefined
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  if (Math.abs(mean / target - 1) <= tolerance) return undefined
  // Three times 0.6 is a little more than 1.8.
  const wanted = Math.ceil((mean * now) / target - 1e-6)
  const advised = Math.max(1, Math.ceil(now / stepMax), Math.min(wanted, now * stepMax))
  if (advised === now) return undefined
  return {
    subject: 'replicas',
    service,
    now,
    advised,
    unit: 'instances',
    why:
      `each of ${now} uses ${percentText(mean)} of a core; with ${advised} it would be ` +
      `${percentText((mean * now) / advised)}, and ${percentText(target)} is the goal`,
    curve: curveOf(mean * now, Math.max(now, advised)),
  }
}

/** The share that each would use, from one instance to twice as many as there may be. */
function curveOf(cores: number, most: number): Recommendation['curve'] {
  const count = Math.min(64, 2 * most)
  return Array.from({ length: count }, (_, at) => ({ x: at + 1, y: cores / (at + 1) }))
}
