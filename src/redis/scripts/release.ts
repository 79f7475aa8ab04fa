/** Leases are given back (PROTOCOL 3.2, budget). KEYS slots. ARGV their tokens. */
import { SLOT, TIME } from './prelude.ts'
import { Script } from './script.ts'

export const RELEASE: Script = new Script({
  name: 'release',
  allowsOom: true,
  parts: [
    TIME,
    SLOT,
    `
for at, key in ipairs(KEYS) do
  local slot = meet(key)
  if slot and slot.kind == 'L' and slot.token == ARGV[at] then giveBack(key, slot) end
end
return 1
`,
  ],
})
