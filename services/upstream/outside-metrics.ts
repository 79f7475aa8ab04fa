// What the services of the outside world tell Prometheus: their requests, by the names and edges
// that the inner services have, so that one rule and one panel are good for all. A test compares
// them, since the outside knows nothing of the library that names them inside.
import { Counter, Histogram, Registry } from 'prom-client'
import { addScrapeRoute, timeRequests } from '../process/scraping.ts'
import type { OutsideServer } from './outside-server.ts'

const secondsEdges = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5]

/** Before any route is added. Without a token the route does not exist, and nothing is counted. */
export function addOutsideMetrics(app: OutsideServer, metricsToken: string | undefined): void {
  if (metricsToken === undefined) return
  const register = new Registry()
  const requests = new Counter({
    name: 'http_server_requests_total',
    help: 'Requests, by the template of their route',
    labelNames: ['route', 'method', 'status'],
    registers: [register],
  })
  const durations = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'How long requests took, by the template of their route',
    labelNames: ['route', 'method'],
    buckets: secondsEdges,
    registers: [register],
  })
  timeRequests(app, ({ route, method, status, seconds }) => {
    requests.inc({ route, method, status })
    durations.observe({ route, method }, seconds)
  })
  addScrapeRoute(app, metricsToken, register)
}
