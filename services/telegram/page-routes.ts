// The web chat: a few plain files, read once at the start and served with a policy that lets the
// page load nothing but themselves.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '../data/repository.ts'
import type { OutsideServer } from '../upstream/outside-server.ts'

const FILES = [
  { path: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/messages.css', file: 'messages.css', type: 'text/css; charset=utf-8' },
  { path: '/chat.css', file: 'chat.css', type: 'text/css; charset=utf-8' },
  { path: '/chat.js', file: 'chat.js', type: 'text/javascript; charset=utf-8' },
  { path: '/message-view.js', file: 'message-view.js', type: 'text/javascript; charset=utf-8' },
  { path: '/composer.js', file: 'composer.js', type: 'text/javascript; charset=utf-8' },
  { path: '/icon.svg', file: 'icon.svg', type: 'image/svg+xml' },
] as const
const POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

export async function addPageRoutes(app: OutsideServer): Promise<void> {
  const folder = join(repositoryRoot(), 'services', 'telegram', 'page')
  for (const { path, file, type } of FILES) {
    const content = await readFile(join(folder, file))
    app.get(path, async (_request, reply) =>
      reply
        .header('content-type', type)
        .header('content-security-policy', POLICY)
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'no-cache')
        .send(content),
    )
  }
}
