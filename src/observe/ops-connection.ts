/** The connection that facts and history travel on. */
import type { Answer, CommandLine } from '../inspect/index.ts'

/** What is needed of it: an `Inspection` is one. */
export interface OpsConnection {
  pipeline(lines: readonly CommandLine[]): Promise<readonly Answer[]>
}

/** A node of a Cluster that has keys. */
export interface OpsNode {
  /** As the Cluster names it. */
  readonly address: string
  readonly connection: OpsConnection
}

/** It reaches the other nodes of a Cluster as well. */
export interface ServerConnection extends OpsConnection {
  /** In the order of their slots; undefined: it is a single server. */
  primaries(): Promise<readonly OpsNode[] | undefined>
}

/** Rejects with the first error: for commands that are nothing without each other. */
export async function runAll(
  connection: OpsConnection,
  lines: readonly CommandLine[],
): Promise<readonly unknown[]> {
  const answers = await connection.pipeline(lines)
  return answers.map((answer) => {
    if ('error' in answer) throw answer.error
    return answer.reply
  })
}
