import { describe, expect, test } from 'vitest'
import { isSafeLink, MarkupError, parseHtml } from './telegram-html.ts'

test('turns tags into ranges over plain text', () => {
  expect(parseHtml('<b>one <i>two</i></b> three')).toEqual({
    text: 'one two three',
    entities: [
      { type: 'bold', offset: 0, length: 7 },
      { type: 'italic', offset: 4, length: 3 },
    ],
  })
})

test('counts as Telegram does, in UTF-16 units', () => {
  expect(parseHtml('📈 <b>up</b>').entities).toEqual([{ type: 'bold', offset: 3, length: 2 }])
})

test('decodes the escapes and leaves unknown ones as they are', () => {
  expect(parseHtml('a &lt;b&gt; &amp;amp; &#39; &#x2713; &nbsp;').text).toBe(
    "a <b> &amp; ' ✓ &nbsp;",
  )
})

test('keeps the address of a link', () => {
  const { entities } = parseHtml('<a href="https://example.com/?a=1&amp;b=2">x</a>')

  expect(entities).toMatchObject([{ type: 'text_link', url: 'https://example.com/?a=1&b=2' }])
})

test.each([
  'javascript:alert(1)',
  ' JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<b>',
  'vbscript:x',
  'file:///etc/passwd',
  '/relative',
])('follows no link to %j', (url) => {
  expect(isSafeLink(url)).toBe(false)
  expect(parseHtml(`<a href='${url.replaceAll('<', '&lt;')}'>x</a>`).entities).toEqual([])
})

describe('refuses what is not in the allow-list', () => {
  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg/onload=alert(1)>',
    '<b>open',
    '</b>',
    '<b><i>crossed</b></i>',
    'a < b',
    '<!-- c -->',
  ])('%s', (source) => {
    expect(() => parseHtml(source)).toThrow(MarkupError)
  })
})
