/**
 * Scripts and pipelines on one node. Scripts are sent by digest; a server that doesn't know
 * one gets its text. They reject with `StoreFault` and nothing else.
 */
import type { Argument, Commander, Urgency } from './commander.ts'
import { faultOf } from './replies.ts'
import type { Script } from './scripts/index.ts'

export type Command = [string, ...Argument[]]

/** A script with what it is to work on. */
export interface Running {
  readonly script: Script
  readonly keys: readonly string[]
  readonly args: readonly Argument[]
  /** By default with its tick. */
  readonly urgency?: Urgency
}

export async function runScript(commander: Commander, running: Running): Promise<unknown> {
  const { script, keys, args, urgency } = running
  try {
    const given = [script.digest, keys.length, ...keys, ...args]
    return await commander.send('EVALSHA', given, urgency)
  } catch (error) {
    if (!isNoScript(error)) throw faultOf(error)
  }
  return runText(commander, running)
}

/** Behind these commands, in one pipeline with them; only the reply of the script counts. */
export async function runScriptBehind(
  commander: Commander,
  commands: readonly Command[],
  running: Running,
): Promise<unknown> {
  if (commands.length === 0) return runScript(commander, running)
  const answers = await runPipeline(commander, [...commands, byDigest(running)])
  const answer = answers.at(-1)
  return isNoScript(answer) ? runText(commander, running) : answer
}

export async function runPipeline(
  commander: Commander,
  commands: Command[],
): Promise<readonly unknown[]> {
  try {
    return await commander.pipeline(commands)
  } catch (error) {
    throw faultOf(error)
  }
}

export async function runCommand(commander: Commander, [name, ...args]: Command): Promise<unknown> {
  try {
    return await commander.send(name, args)
  } catch (error) {
    throw faultOf(error)
  }
}

function runText(commander: Commander, { script, keys, args }: Running): Promise<unknown> {
  return runCommand(commander, ['EVAL', script.text, keys.length, ...keys, ...args])
}

function byDigest({ script, keys, args }: Running): Command {
  return ['EVALSHA', script.digest, keys.length, ...keys, ...args]
}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
