/**
 * Something is counted and told, and nothing else changes (PROTOCOL 4).
 * KEYS record, registry. ARGV the seven of an announcement. Reply: epoch, seq, receivers, and
 * where somebody waits, who is registered.
 */
import { ANNOUNCE, REGISTERED, TIME } from './prelude.ts'
import { Script } from './script.ts'

/** A glob: memories drop what it matches. */
export const TELL_PATTERN: Script = telling('tell-pattern', 'G')
/** Keys that are active: their values live shorter for a while. */
export const TELL_ACTIVE: Script = telling('tell-active', 'A')

function telling(name: string, kind: string): Script {
  return new Script({
    name,
    allowsOom: true,
    parts: [
      'local meta, registry = KEYS[1], KEYS[2]',
      TIME,
      ANNOUNCE,
      REGISTERED,
      `
local members = registered()
local epoch, seq, receivers = announce('${kind}', ARGV[7])
return { epoch, seq, receivers, members }
`,
    ],
  })
}
