/** Times statements where they are sent: each but those that begin and end transactions. */
import type pg from 'pg'

const transactionControl = /^(begin|set local|commit|rollback)\b/i

export function isTransactionControl(statement: string): boolean {
  return transactionControl.test(statement)
}

/** Once for each connection. A statement that fails has taken its time too. */
export function timeStatements(client: pg.PoolClient, onStatement: (ms: number) => void): void {
  const send = client.query
  const query = (...input: unknown[]): unknown => {
    if (isTransactionControl(textOf(input[0]))) return Reflect.apply(send, client, input)
    const startedMs = performance.now()
    const ended = () => onStatement(performance.now() - startedMs)
    const callback = input.at(-1)
    if (typeof callback === 'function') {
      const timed = (...results: unknown[]) => {
        ended()
        return Reflect.apply(callback, undefined, results)
      }
      return Reflect.apply(send, client, [...input.slice(0, -1), timed])
    }
    const answer: Promise<unknown> = Reflect.apply(send, client, input)
    answer.then(ended, ended)
    return answer
  }
  Object.assign(client, { query })
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement
  if (typeof statement !== 'object' || statement === null || !('text' in statement)) return ''
  return String(statement.text)
}
