/**
 * Where a request comes from, as far as its headers tell. A browser adds cookies to whatever
 * any page makes it send, so a change that counts on them must show that it comes from our own
 * page. `Sec-Fetch-Site` says so; browsers leave it out where the page has no TLS, and there the
 * origin has to be our host. Where both are missing nothing is shown, and that is a refusal.
 */

const loopbackName = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
const loopbackAddress = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/

export function isFromOwnPage(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  const origin = request.headers.get('origin')
  return origin !== null && hostOf(origin) === hostAsked(request)
}

/** True: the name in the address bar is that of this machine, and there is no TLS. */
export function isPlainLoopback(request: Request): boolean {
  const isPlain = new URL(request.url).protocol === 'http:'
  return isPlain && isLoopbackName(hostAsked(request))
}

/**
 * True: whoever asks sits at this machine, and meant it. The name is checked too, because a page
 * of another site may give its own name the address 127.0.0.1; a proxy in front would make
 * everybody sit here.
 */
export function isFromThisMachine(request: Request, address: string | undefined): boolean {
  if (address === undefined || !loopbackAddress.test(address)) return false
  if (request.headers.has('x-forwarded-for') || request.headers.has('forwarded')) return false
  return isLoopbackName(hostAsked(request))
}

function isLoopbackName(host: string | undefined): boolean {
  return host !== undefined && loopbackName.test(host.replace(/:\d+$/, ''))
}

function hostAsked(request: Request): string | undefined {
  return request.headers.get('host')?.toLowerCase() ?? hostOf(request.url)
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined
}
