/**
 * Test files run in several processes and share one PostgreSQL, which most runs do not
 * need. So the global setup opens this door on loopback: the first who asks has the server
 * started, everyone gets its URL, and whoever opened the door ends the server.
 */
import { chmodSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type PostgresServer,
  startPostgresServer,
} from '../../services/launcher/postgres-server.ts'
import { RunRecord, temporaryPrefix } from '../../services/launcher/run-record.ts'
import { runFolder } from './run-folder.ts'

export interface PostgresBroker {
  readonly url: string
  close(): Promise<void>
}

// What survives a power cut is of no interest here, and each file would wait for the disk.
const settings = ['fsync=off', 'full_page_writes=off']

/** Opens the door; nothing else is started. */
export async function openPostgresBroker(): Promise<PostgresBroker> {
  let server: Promise<StartedServer> | undefined
  const door = createServer((_request, response) => {
    server ??= start()
    server.then(
      (started) => response.end(started.postgres.url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  const port = await new Promise<number>((resolve) => {
    door.listen(0, '127.0.0.1', () => resolve(portOf(door.address())))
  })
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      door.close()
      door.closeAllConnections()
      await server?.then(stop, () => {})
    },
  }
}

interface StartedServer {
  readonly postgres: PostgresServer
  readonly record: RunRecord
}

async function start(): Promise<StartedServer> {
  const record = new RunRecord(runFolder)
  const folder = mkdtempSync(join(tmpdir(), `${temporaryPrefix}postgres-`))
  // Started by root, the server runs as another user, who must be able to enter.
  chmodSync(folder, 0o755)
  record.addFolder(folder)
  try {
    const postgres = await startPostgresServer({
      folder,
      recordFolder: runFolder,
      record,
      settings,
      onLine: () => {},
      onNote: () => {},
    })
    return { postgres, record }
  } catch (error) {
    record.close()
    throw error
  }
}

async function stop({ postgres, record }: StartedServer): Promise<void> {
  await postgres.stop()
  record.close()
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  if (address !== null && typeof address === 'object') return address.port
  throw new Error(`expected a TCP address, got ${address}`)
}
