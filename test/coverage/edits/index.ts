/** Every edit, in the order of the requirements. */
import type { CoverageEdit } from '../edit.ts'
import { editsA } from './a.ts'
import { editsB } from './b.ts'
import { editsC } from './c.ts'
import { editsD } from './d.ts'
import { editsE } from './e.ts'
import { editsF } from './f.ts'
import { editsG } from './g.ts'
import { editsH } from './h.ts'

export const edits: readonly CoverageEdit[] = [
  ...editsA,
  ...editsB,
  ...editsC,
  ...editsD,
  ...editsE,
  ...editsF,
  ...editsG,
  ...editsH,
]
