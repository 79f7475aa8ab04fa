/** Roles, from the least to the most: each may do what those before it may. */
import type { Role } from './answers.ts'

export const roles: readonly Role[] = ['viewer', 'operator', 'administrator']

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value)
}

/** True: whoever has the role may do what needs the other one. */
export function covers(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed)
}
