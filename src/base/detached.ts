/** V8 copies what is cut from a text up to this length, and points into the text beyond it. */
const copiedCharsMax = 12
const pieceCharsMax = 256
/** Texts pass through it one at a time. */
let passage: Buffer | undefined

/** The same text, without the longer one that it was cut from and would keep alive. */
export function detached(text: string): string {
  if (text.length <= copiedCharsMax) return text
  return text.length <= pieceCharsMax ? copied(text) : copiedByParser(text)
}

/** Half as dear as by way of a parser. */
function copied(text: string): string {
  passage ??= Buffer.allocUnsafeSlow(pieceCharsMax)
  const copy = passage.toString('latin1', 0, passage.write(text, 'latin1'))
  // Characters beyond Latin-1 have not come through.
  return copy === text ? copy : copiedByParser(text)
}

function copiedByParser(text: string): string {
  return JSON.parse(JSON.stringify(text))
}
