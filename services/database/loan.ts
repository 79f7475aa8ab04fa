/**
 * A connection that is lent for a transaction. The query builder gives it back whatever has become
 * of it, or never, where already `begin` fails. So here is decided whether somebody else may have
 * it: one with an open transaction would let the next borrower commit what this one gave up.
 */
import type pg from 'pg'

/** Once for each connection. After a timeout it is ended, and says the same fault ever after. */
export function endAfterTimeout(client: pg.PoolClient): void {
  let broken: Error | undefined
  // Whoever borrows it learns of it by the next statement.
  client.on('error', (fault) => {
    broken ??= fault
  })
  const send = client.query
  const query = (...input: unknown[]): unknown => {
    if (typeof input.at(-1) === 'function') return Reflect.apply(send, client, input)
    if (broken !== undefined) return Promise.reject(broken)
    const answer: Promise<unknown> = Reflect.apply(send, client, input)
    answer.catch((fault: Error) => {
      if (!isTimeout(fault)) return
      broken ??= fault
      void client.end()
    })
    return answer
  }
  Object.assign(client, { query })
}

/** Once for each loan. It comes back clean, or it is ended; and always when it has ended. */
export function lend(client: pg.PoolClient): pg.PoolClient {
  const giveBack = client.release
  let isBack = false
  const release = (fault?: Error | boolean) => {
    if (isBack) return
    isBack = true
    client.off('end', ended)
    giveBack(fault || client.getTransactionStatus() !== 'I')
  }
  const ended = () => release(true)
  client.once('end', ended)
  return Object.assign(client, { release })
}

/** The driver gives it no code. */
function isTimeout(fault: Error): boolean {
  return fault.message === 'Query read timeout'
}
