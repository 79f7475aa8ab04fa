/**
 * Tells whether a process id still means the process that it once meant. Ids are reused, so
 * an id alone must never be signalled: the time at which the process started goes with it.
 * Linux answers from /proc (a slim container has no `ps`), other systems through `ps`.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What stays the same for the life of a process; `undefined` when it has ended. */
export function processIdentity(pid: number): string | undefined {
  return process.platform === 'linux' ? identityFromProc(pid) : identityFromPs(pid)
}

/** The command line of a process, words joined by spaces; `''` when it has ended. */
export function processCommand(pid: number): string {
  if (process.platform !== 'linux') return ps(pid, 'command=')
  return (readText(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim()
}

/** Sends a signal and says whether there was a process to receive it. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

function identityFromProc(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The name in the second field may hold spaces and brackets, so count from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTicks] = [fields[0], fields[19]]
  if (state === 'Z' || state === 'X') return undefined
  const bootId = readText('/proc/sys/kernel/random/boot_id')?.trim() ?? ''
  return `${bootId}:${startTicks}`
}

function identityFromPs(pid: number): string | undefined {
  const answer = ps(pid, 'stat=,lstart=')
  return answer === '' || answer.startsWith('Z') ? undefined : answer.replace(/^\S+\s+/, '')
}

function ps(pid: number, columns: string): string {
  const answer = spawnSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8' })
  return answer.stdout?.trim() ?? ''
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
