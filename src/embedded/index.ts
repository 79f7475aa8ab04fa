/** The second tier inside one process: a server of slots, and how a cache opens it. */
export { openEmbedded } from './embedded-remote.ts'
export { EmbeddedServer, type EmbeddedServerOptions } from './embedded-server.ts'
