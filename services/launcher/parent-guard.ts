/**
 * Loaded before the main module of each service: when the launcher dies without ending its
 * services, the channel to it closes and the service ends as it would on SIGTERM. The channel
 * does not keep a service alive that has nothing else to do.
 */
const graceMs = 3_000

process.once('disconnect', () => {
  setTimeout(() => process.exit(1), graceMs).unref()
  process.kill(process.pid, 'SIGTERM')
})
process.channel?.unref()
