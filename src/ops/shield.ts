/**
 * Headers of every answer: nothing inline, nothing from elsewhere, in no frame, kept by nobody.
 * Keys and values are hostile text; should the page ever fail to treat them so, these hold.
 */

const contentPolicy: string = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const always: Readonly<Record<string, string>> = {
  'content-security-policy': contentPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** The same answer with the headers; one that says how long it may be kept keeps saying so. */
export function shielded(response: Response, requestId: string): Response {
  const { status, statusText, body } = response
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(always)) headers.set(name, value)
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  headers.set('x-request-id', requestId)
  return new Response(body, { status, statusText, headers })
}
