/** The side of a test worker: a file run by `spawnWorker` says here what it answers to. */

/** Handlers by name; arguments and results cross by structured clone. */
export type Calls = Readonly<Record<string, (...args: never[]) => unknown>>

export type WorkerAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: WorkerFailure }

export interface WorkerFailure {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly code: unknown
}

type Request =
  | { readonly id: number; readonly init: unknown }
  | { readonly id: number; readonly name: string; readonly args: readonly never[] }

/**
 * Answers the calls of the test. `open` gets what the test passed to `spawnWorker` and returns
 * the handlers; the worker counts as started once it has. Ends with the test run.
 */
export function serveCalls<Init>(open: (init: Init) => Calls | Promise<Calls>): void {
  let handlers: Calls = {}
  const answer = async (request: Request): Promise<unknown> => {
    if ('init' in request) {
      // The type is the agreement between a test and its worker file.
      handlers = await open(request.init as Init)
      return undefined
    }
    const handler = handlers[request.name]
    if (handler === undefined) throw new Error(`no handler "${request.name}" in this worker`)
    return handler(...request.args)
  }
  process.on('message', (request: Request) => {
    // A result that can't be cloned makes the reply throw, which is answered as well.
    answer(request)
      .then((value) => reply({ id: request.id, value }))
      .catch((error: unknown) => reply({ id: request.id, failure: failureOf(error) }))
  })
  process.once('disconnect', () => process.exit(0))
  process.once('SIGTERM', () => process.exit(0))
}

function reply(answer: WorkerAnswer): void {
  if (process.connected) process.send?.(answer)
}

function failureOf(error: unknown): WorkerFailure {
  if (!(error instanceof Error)) {
    return { name: 'Error', message: String(error), stack: undefined, code: undefined }
  }
  const code: unknown = Reflect.get(error, 'code')
  return { name: error.name, message: error.message, stack: error.stack, code }
}
