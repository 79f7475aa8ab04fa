/** All elements of the protocol that can be taken out. */
import type { Ablation } from './ablation.ts'
import { memoryAblations } from './memory-ablations.ts'
import { serverAblations } from './server-ablations.ts'

export const ablations: readonly Ablation[] = [...serverAblations, ...memoryAblations]
