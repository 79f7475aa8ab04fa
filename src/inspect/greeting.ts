/** What a tool says first on a connection: may it, in which database, and what it wishes. */
import type { CommandLine } from './command-name.ts'

export interface Greeting {
  readonly database: number
  readonly noTouch: boolean | undefined
  readonly fromReplica: boolean | undefined
}

/** Rejects where a server wants a password, is loading or protected, which it says here. */
export async function greet(
  send: (line: CommandLine) => Promise<unknown>,
  { database, noTouch, fromReplica }: Greeting,
): Promise<void> {
  await send(['ping']).catch(unlessForbidden)
  // ioredis selects it too, and where that is refused goes on in database 0.
  if (database !== 0) await send(['select', database])
  const wishes: CommandLine[] = [['client', 'setinfo', 'lib-name', 'staleproof']]
  if (noTouch) wishes.push(['client', 'no-touch', 'on'])
  if (fromReplica) wishes.push(['readonly'])
  // An old server knows none of them, and a managed one may allow none.
  for (const wish of wishes) await send(wish).catch(unlessLost)
}

/** It is connected all the same. */
function unlessForbidden(error: unknown): void {
  if (!(error instanceof Error && error.message.startsWith('NOPERM'))) throw error
}

function unlessLost(error: unknown): void {
  if (!(error instanceof Error && error.name === 'ReplyError')) throw error
}
