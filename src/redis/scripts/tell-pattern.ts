/**
 * A glob is counted and told, and changes nothing else (PROTOCOL 4).
 * KEYS record, registry. ARGV the seven of an announcement. Reply: epoch, seq, receivers,
 * registered.
 */
import { ANNOUNCE, REGISTERED, TIME } from './prelude.ts'
import { Script } from './script.ts'

export const TELL_PATTERN: Script = new Script({
  name: 'tell-pattern',
  allowsOom: true,
  parts: [
    'local meta, registry = KEYS[1], KEYS[2]',
    TIME,
    ANNOUNCE,
    REGISTERED,
    `
local members = registered()
local epoch, seq, receivers = announce('G', ARGV[7])
return { epoch, seq, receivers, members }
`,
  ],
})
