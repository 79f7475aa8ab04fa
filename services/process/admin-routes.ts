/** Routes of those who look after a service; they are none of what the service is for. */
import { apiBase } from 'staleproof/ops'

const adminBase = `${apiBase}/`

/** Not counted with the pages of a service: streams stay open for hours, and look slow. */
export function isAdministration(route: string): boolean {
  return route.startsWith(adminBase)
}
