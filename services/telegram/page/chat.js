// The web chat: shows one person's conversation, live by server-sent events. Each connection begins
// with everything there is, so nothing has to be made up for after a break.

import { Composer } from './composer.js'
import { dayView, element, isSameDay, messageView } from './message-view.js'

const TOAST_MS = 3_500
const BUSY_MS = 15_000
const TYPING_MS = 5_000
const RETRY_MS = 3_000
const NEAR_BOTTOM_PX = 120
const TONES = 5

const $ = (id) => document.getElementById(id)
const log = $('log')
const messages = new Map()
const busyKeys = new Map()
let bot = { name: 'Bot' }
let commands = []
let userId = 0
let typingTimer
let toastTimer

await start()

async function start() {
  const info = await (await fetch('/chat')).json()
  bot = info.bot
  commands = info.commands
  const asked = Number(new URLSearchParams(location.search).get('user'))
  userId = Number.isSafeInteger(asked) && asked > 0 ? asked : (info.people[0]?.id ?? 1)
  const isKnown = info.people.some(({ id }) => id === userId)
  drawPeople(isKnown ? info.people : [...info.people, { id: userId, name: `User ${userId}` }])
  new Composer({ commands: () => commands, send })
  $('start').addEventListener('click', () => send('/start'))
  $('alert-close').addEventListener('click', () => $('alert').close())
  $('jump').addEventListener('click', () => scrollToEnd())
  log.addEventListener('scroll', () => {
    if (isNearEnd()) $('jump').hidden = true
  })
  connect()
}

function connect() {
  const events = new EventSource(`/chat/${userId}/events`)
  const on = (type, act) => events.addEventListener(type, ({ data }) => act(JSON.parse(data)))
  on('snapshot', (snapshot) => {
    messages.clear()
    for (const message of snapshot.messages) messages.set(message.messageId, message)
    redraw()
    scrollToEnd()
    showStatus(snapshot)
  })
  on('status', showStatus)
  on('message', ({ message }) => take(message))
  on('deleted', ({ messageId }) => {
    messages.delete(messageId)
    redraw()
  })
  on('notice', ({ notice }) => showNotice(notice))
  on('typing', showTyping)
  events.addEventListener('error', () => {
    setStatus('reconnecting…', 'waiting')
    // A refusal ends an EventSource for good; a broken connection it mends itself.
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS)
  })
}

function drawPeople(people) {
  document.title = `${bot.name} · chat`
  $('bot-name').textContent = bot.name
  $('empty-title').textContent = bot.name
  for (const id of ['bot-avatar', 'empty-avatar']) $(id).textContent = bot.name.slice(0, 1)
  for (const [index, person] of people.entries()) {
    const avatar = element('span', `avatar tone-${index % TONES}`, person.name.slice(0, 1))
    const name = element('span', '', person.name, element('small', '', `id ${person.id}`))
    const link = element('a', '', avatar, name)
    link.href = `/?user=${person.id}`
    if (person.id === userId) {
      link.setAttribute('aria-current', 'page')
      $('person-avatar').textContent = person.name.slice(0, 1)
      $('person-avatar').classList.add(`tone-${index % TONES}`)
    }
    $('people').append(link)
    $('person').append(new Option(person.name, person.id, false, person.id === userId))
  }
  $('person').addEventListener('change', ({ target }) => {
    location.search = `?user=${target.value}`
  })
}

function take(message) {
  const isEdit = messages.has(message.messageId)
  messages.set(message.messageId, message)
  if (message.from === 'bot') $('typing').hidden = true
  const wasNearEnd = isNearEnd()
  redraw()
  if (isEdit) markEdited(message.messageId)
  if (wasNearEnd || message.from === 'user') scrollToEnd()
  else if (!isEdit) $('jump').hidden = false
}

/** All of it: there are at most a few hundred messages, and order and day lines stay right. */
function redraw() {
  const items = []
  let before
  for (const message of [...messages.values()].sort((a, b) => a.messageId - b.messageId)) {
    if (!before || !isSameDay(before.sentAtMs, message.sentAtMs))
      items.push(dayView(message.sentAtMs))
    const isFirst = before?.from !== message.from
    items.push(messageView(message, { isFirst, onKey: press, onCommand: send }))
    before = message
  }
  $('messages').replaceChildren(...items)
  $('empty').hidden = messages.size > 0
}

function markEdited(messageId) {
  document.querySelector(`[data-id="${messageId}"]`)?.classList.add('edited')
}

async function send(text) {
  return (await post(`/chat/${userId}/messages`, { text })) !== undefined
}

async function press(key, messageId, data) {
  key.classList.add('busy')
  const answer = await post(`/chat/${userId}/callbacks`, { messageId, data })
  if (answer === undefined) return key.classList.remove('busy')
  busyKeys.set(answer.callbackId, key)
  setTimeout(() => settle(answer.callbackId), BUSY_MS)
}

function settle(callbackId) {
  busyKeys.get(callbackId)?.classList.remove('busy')
  busyKeys.delete(callbackId)
}

/** The answer, or nothing after telling the person what went wrong. */
async function post(url, body) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const answer = await response.json()
    if (response.ok) return answer
    showToast(answer.message)
  } catch {
    showToast('The chat server does not answer.')
  }
  return undefined
}

function showStatus(status) {
  commands = status.commands
  if (status.isBotListening) setStatus('online', 'online')
  else setStatus('waiting for the bot to connect', 'waiting')
}

function setStatus(text, kind) {
  $('status').textContent = text
  $('status').className = `status ${kind}`
}

function showNotice({ callbackId, text, isAlert }) {
  settle(callbackId)
  if (text === '') return
  if (!isAlert) return showToast(text)
  $('alert-text').textContent = text
  $('alert').showModal()
}

function showToast(text) {
  clearTimeout(toastTimer)
  $('toast').textContent = text
  $('toast').hidden = false
  toastTimer = setTimeout(() => {
    $('toast').hidden = true
  }, TOAST_MS)
}

function showTyping() {
  const wasNearEnd = isNearEnd()
  clearTimeout(typingTimer)
  $('typing').hidden = false
  if (wasNearEnd) scrollToEnd()
  typingTimer = setTimeout(() => {
    $('typing').hidden = true
  }, TYPING_MS)
}

function isNearEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM_PX
}

function scrollToEnd() {
  log.scrollTop = log.scrollHeight
  $('jump').hidden = true
}
