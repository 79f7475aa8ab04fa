/** Time that processes have spent on a processor, from `/proc`; elsewhere it is not known. */
import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second for programs, whatever the kernel itself uses. */
const msPerTick = 10

export interface ProcessTimes {
  readonly parent: number
  readonly name: string
  /** Its own, and that of children which it has waited for. */
  readonly ms: number
}

/** `undefined` where there is no such process, or no `/proc`. */
export function processTimes(pid: number): ProcessTimes | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}

/** proc(5): the name stands in brackets and may hold any character. */
export function parseStat(text: string): ProcessTimes {
  const end = text.lastIndexOf(')')
  const name = text.slice(text.indexOf('(') + 1, end)
  const fields = text.slice(end + 2).split(' ')
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return { parent: Number(fields[1]), name, ms: ticks * msPerTick }
}

/** Of a server that has a process for each connection: of all that have its parent. */
export function familyTimeMs(memberPid: number, name: string): number | undefined {
  const member = processTimes(memberPid)
  if (member === undefined || !member.name.startsWith(name)) return undefined
  const others = pids().map((pid) => ({ pid, times: processTimes(pid) }))
  const family = others.filter(
    ({ pid, times }) => pid === member.parent || times?.parent === member.parent,
  )
  return family.reduce((sum, { times }) => sum + (times?.ms ?? 0), 0)
}

function pids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid))
}
