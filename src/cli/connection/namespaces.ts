/** Which caches are on a server: by their channels, else by what they leave there. */
import { StaleproofError } from '../../core/errors.ts'
import { type Inspection, listOf, textOf } from '../../inspect/index.ts'

const channel = /^cache:invalidate:\{(.+):\d+(?:\.\d+)?\}$/
const record = /^\{(.+):0\}:(?:m|o:index)$/
/** Looked at by one command. */
const scanCount = 1_000
/** Commands, so that a large server is not read whole for a name. */
const scansMax = 200

/** `given`, or the only one there is. Throws `SP_OPTION_INVALID`, which lists them. */
export async function namespaceOn(
  inspection: Inspection,
  given: string | undefined,
): Promise<string> {
  if (given !== undefined) return given
  const found = await namespacesOn(inspection)
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  if (only === undefined) {
    throw new StaleproofError('SP_OPTION_INVALID', `no cache is at ${inspection.address}`, {
      expected: '--namespace NAME, if you know that there is one',
    })
  }
  const message = `several caches are at ${inspection.address}`
  const expected = `--namespace and one of ${found.join(', ')}`
  throw new StaleproofError('SP_OPTION_INVALID', message, { expected })
}

/** In the order of their names. */
export async function namespacesOn(inspection: Inspection): Promise<readonly string[]> {
  const answers = await inspection.pipeline([
    ['pubsub', 'channels', 'cache:invalidate:*'],
    // Of a cluster; an older server does not know it.
    ['pubsub', 'shardchannels', 'cache:invalidate:*'],
  ])
  const channels = answers.flatMap((answer) => ('reply' in answer ? listOf(answer.reply) : []))
  const live = namesIn(channels, channel)
  return live.length > 0 ? live : namesIn(await recordsOn(inspection), record)
}

async function recordsOn(inspection: Inspection): Promise<readonly unknown[]> {
  const found: unknown[] = []
  let cursor = '0'
  for (let scans = 0; scans < scansMax; scans++) {
    const reply = await inspection.call('scan', cursor, 'MATCH', '{*:0}:[mo]*', 'COUNT', scanCount)
    const [next, names] = listOf(reply)
    found.push(...listOf(names))
    cursor = textOf(next) ?? '0'
    if (cursor === '0') break
  }
  return found
}

function namesIn(texts: readonly unknown[], form: RegExp): readonly string[] {
  const names = texts.flatMap((text) => form.exec(textOf(text) ?? '')?.[1] ?? [])
  return [...new Set(names)].sort()
}
