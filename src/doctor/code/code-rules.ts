/** All rules of the source audit, the gravest first. */
import type { CodeRule } from './code-rule.ts'
import { broadDelete } from './rules/broad-delete.ts'
import { cacheBeforeDatabase } from './rules/cache-before-database.ts'
import { earlyInvalidation } from './rules/early-invalidation.ts'
import { flush } from './rules/flush.ts'
import { handBuiltKey } from './rules/hand-built-key.ts'
import { keysCommand } from './rules/keys-command.ts'
import { missingTtl } from './rules/missing-ttl.ts'
import { rawJson } from './rules/raw-json.ts'

export const codeRules: readonly CodeRule[] = [
  flush,
  keysCommand,
  broadDelete,
  earlyInvalidation,
  missingTtl,
  cacheBeforeDatabase,
  handBuiltKey,
  rawJson,
]
