// The field people write in, with the bot's commands as suggestions: a list opens at `/`, arrows
// choose, Enter takes. The `/` button opens the whole list.

import { element } from './message-view.js'

const TYPED_COMMAND = /^\/(\w*)$/
/** The list stays this long after the field lost the focus, so that a tap on it still counts. */
const CLOSE_AFTER_MS = 150

export class Composer {
  #field = document.querySelector('#text')
  #list = document.querySelector('#suggestions')
  #menu = document.querySelector('#menu')
  #sendButton = document.querySelector('#send')
  #commands
  #send
  #shown = []
  #chosen = -1

  /** `commands` gives those of the bot; `send` gets the text and answers whether it was taken. */
  constructor({ commands, send }) {
    this.#commands = commands
    this.#send = send
    this.#field.addEventListener('input', () => this.#refresh())
    this.#field.addEventListener('keydown', (event) => this.#onKey(event))
    this.#field.addEventListener('blur', () => setTimeout(() => this.#close(), CLOSE_AFTER_MS))
    this.#menu.addEventListener('click', () => this.#toggle())
    document.querySelector('#composer').addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#submit(this.#field.value)
    })
  }

  async #submit(text) {
    const trimmed = text.trim()
    if (trimmed === '') return
    this.#field.value = ''
    this.#refresh()
    // What could not be sent goes back into the field, unless something new is there already.
    if (!(await this.#send(trimmed)) && this.#field.value === '') this.#field.value = trimmed
    this.#refresh()
  }

  #toggle() {
    if (!this.#list.hidden) return this.#close()
    this.#field.focus()
    this.#show(this.#commands())
  }

  #refresh() {
    this.#sendButton.disabled = this.#field.value.trim() === ''
    const typed = TYPED_COMMAND.exec(this.#field.value)?.[1]
    if (typed === undefined) return this.#close()
    this.#show(this.#commands().filter(({ command }) => command.startsWith(typed.toLowerCase())))
  }

  #onKey(event) {
    // Enter that ends the composition of a character sends nothing.
    if (event.isComposing) return
    if (event.key === 'Escape') this.#close()
    else if (event.key === 'ArrowDown') this.#move(event, 1)
    else if (event.key === 'ArrowUp') this.#move(event, -1)
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      const command = this.#list.hidden ? undefined : this.#shown[this.#chosen]
      void this.#submit(command === undefined ? this.#field.value : `/${command.command}`)
    }
  }

  #move(event, step) {
    if (this.#list.hidden) return
    event.preventDefault()
    const count = this.#shown.length
    this.#choose((Math.max(this.#chosen, step > 0 ? -1 : 0) + step + count) % count)
  }

  #show(found) {
    this.#shown = found
    this.#chosen = -1
    this.#list.hidden = found.length === 0
    this.#menu.setAttribute('aria-expanded', String(!this.#list.hidden))
    this.#list.replaceChildren(...found.map((command) => this.#suggestion(command)))
    if (this.#field.value.length > 1 && found.length > 0) this.#choose(0)
  }

  #close() {
    this.#list.hidden = true
    this.#menu.setAttribute('aria-expanded', 'false')
  }

  #choose(index) {
    this.#chosen = index
    for (const [at, item] of [...this.#list.children].entries()) {
      item.setAttribute('aria-selected', String(at === index))
      if (at === index) item.scrollIntoView({ block: 'nearest' })
    }
  }

  #suggestion({ command, description }) {
    const name = element('b', '', `/${command}`)
    const item = element('div', '', name, element('span', '', description))
    item.setAttribute('role', 'option')
    item.setAttribute('aria-selected', 'false')
    // A click comes after the field lost the focus; pressing down must not take it away.
    item.addEventListener('pointerdown', (event) => event.preventDefault())
    item.addEventListener('click', () => {
      this.#close()
      void this.#submit(`/${command}`)
    })
    return item
  }
}
