/**
 * Things in the order in which they came, that leave from anywhere. For what comes and goes by
 * the thousand: a `Set` makes new tables all the time, and an old one keeps the next alive with
 * all that is in it (see `transient-map.ts`). A link that has left refers to nothing.
 */

/** In at most one chain at a time. */
export interface Link<T extends Link<T>> {
  chain: Chain<T> | undefined
  previous: T | undefined
  next: T | undefined
}

export class Chain<T extends Link<T>> {
  #first: T | undefined
  #last: T | undefined
  #length = 0

  /** The one that came before all others. */
  get first(): T | undefined {
    return this.#first
  }

  get length(): number {
    return this.#length
  }

  add(link: T): void {
    link.chain = this
    link.previous = this.#last
    if (this.#last === undefined) this.#first = link
    else this.#last.next = link
    this.#last = link
    this.#length++
  }

  /** False: it was not in it. */
  delete(link: T): boolean {
    if (link.chain !== this) return false
    const { previous, next } = link
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    link.chain = undefined
    link.previous = undefined
    link.next = undefined
    this.#length--
    return true
  }

  /** As it is now. */
  all(): readonly T[] {
    const links: T[] = []
    for (let link = this.#first; link !== undefined; link = link.next) links.push(link)
    return links
  }
}
