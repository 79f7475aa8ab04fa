/** Who is signed in. Any answer 401 ends it. */
import { computed, signal } from '@preact/signals'
import type { MeAnswer, Role } from 'staleproof/ops'
import { get, ProblemError, post, reasonOf, remove } from '../api/client.ts'

export type Session =
  | { readonly state: 'asking' }
  | { readonly state: 'out' }
  | { readonly state: 'unreachable'; readonly why: string }
  | { readonly state: 'in'; readonly me: MeAnswer }

export const session = signal<Session>({ state: 'asking' })

const ranks: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, administrator: 2 }
const rank = computed(() => (session.value.state === 'in' ? ranks[session.value.me.role] : -1))
const isReadOnly = computed(() => session.value.state === 'in' && session.value.me.isReadOnly)

/** Only what is offered; the server decides. */
export function mayRead(role: Role): boolean {
  return rank.value >= ranks[role]
}

export function mayChange(role: Role): boolean {
  return mayRead(role) && !isReadOnly.value
}

export async function askWho(): Promise<void> {
  try {
    session.value = { state: 'in', me: await get<MeAnswer>('me') }
  } catch (error) {
    if (!endIfRefused(error)) session.value = { state: 'unreachable', why: reasonOf(error) }
  }
}

/** Throws what the service said if it doesn't take the token. */
export async function signIn(token: string): Promise<void> {
  session.value = { state: 'in', me: await post<MeAnswer>('session', { token }) }
}

/** Why the last try to leave failed. */
export const signOutProblem = signal<string | undefined>(undefined)

export async function signOut(): Promise<void> {
  signOutProblem.value = undefined
  try {
    await remove('session')
    session.value = { state: 'out' }
  } catch (error) {
    if (!endIfRefused(error)) signOutProblem.value = reasonOf(error)
  }
}

export function endIfRefused(error: unknown): boolean {
  const isRefused = error instanceof ProblemError && error.problem.status === 401
  if (isRefused) session.value = { state: 'out' }
  return isRefused
}
