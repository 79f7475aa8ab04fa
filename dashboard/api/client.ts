/** Asks the admin API beside the page; a refusal becomes a `ProblemError` with its code. */
import type { Problem } from 'staleproof/ops'

const deadlineMs = 15_000
const base = new URL('../api/v1/cache/', document.baseURI)

export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail || problem.title)
    this.problem = problem
  }
}

export function addressOf(path: string): URL {
  return new URL(path, base)
}

/** `families?range=1h`; without what is undefined. */
export function withQuery(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}

export function get<T>(path: string): Promise<T> {
  return ask(path, { headers: { accept: 'application/json' } })
}

/** Every change is a POST of JSON: no form of another site can send one. */
export function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  return ask(path, { method: 'POST', headers, body: JSON.stringify(body) })
}

export function remove(path: string): Promise<void> {
  return ask(path, { method: 'DELETE', headers: { 'content-type': 'application/json' } })
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const signal = AbortSignal.timeout(deadlineMs)
  const response = await fetch(addressOf(path), { ...init, signal, cache: 'no-store' })
  const text = await response.text()
  if (!response.ok) throw new ProblemError(problemOf(response, text))
  return JSON.parse(text || 'null')
}

export function problemOf(response: Response, text: string): Problem {
  try {
    const problem: Problem = JSON.parse(text)
    if (typeof problem.code === 'string') return problem
  } catch {
    // Not of ours: a proxy in between has answered.
  }
  const { status, statusText } = response
  const title = statusText || `status ${status}`
  return { type: 'about:blank', title, status, detail: title, code: 'UNREADABLE_ANSWER' }
}

/** What is told to a person. */
export function reasonOf(error: unknown): string {
  if (error instanceof ProblemError) return `${error.message} (${error.problem.code})`
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return `no answer within ${deadlineMs / 1000} s`
  }
  return 'the service can’t be reached'
}
