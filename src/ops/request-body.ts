/** The JSON of a request: bounded, of the declared type, an object with known fields. */
import { type Fields, isFields } from '../core/option-checks.ts'
import { Refusal } from './problem.ts'

export const bodyBytesMax: number = 64 * 1024

/** Throws a refusal. */
export async function bodyOf(request: Request): Promise<Fields> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Refusal('UNSUPPORTED_TYPE', 'Send JSON as application/json.')
  }
  return parsed(await textOf(request))
}

async function textOf(request: Request): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let bytes = 0
  try {
    for await (const part of request.body ?? []) {
      bytes += part.length
      if (bytes > bodyBytesMax) throw tooLarge()
      text += decoder.decode(part, { stream: true })
    }
    return text + decoder.decode()
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('INVALID_REQUEST', 'The body is no UTF-8, or broke off.')
  }
}

function tooLarge(): Refusal {
  return new Refusal('TOO_LARGE', `A body has at most ${bodyBytesMax} bytes.`)
}

function parsed(text: string): Fields {
  let body: unknown
  try {
    body = text === '' ? {} : JSON.parse(text)
  } catch {
    throw new Refusal('INVALID_REQUEST', 'The body is no JSON.')
  }
  if (isFields(body)) return body
  throw new Refusal('INVALID_REQUEST', 'The body has to be a JSON object.')
}
