import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { answerBytesMax, requestJson } from './http-client.ts'

async function openServer(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const noAnswer = { name: 'HttpFault', status: 0, code: 'no_answer' }

test('a deadline in the middle of an answer is no answer', async () => {
  const url = await openServer((_, response) => {
    response.writeHead(200).write('{"half":')
  })
  await expect(requestJson(url, { timeoutMs: 50 })).rejects.toMatchObject(noAnswer)
})

test('a connection that breaks in the middle of an answer is no answer', async () => {
  const url = await openServer((_, response) => {
    response.writeHead(200).write('{"half":', () => response.destroy())
  })
  await expect(requestJson(url)).rejects.toMatchObject(noAnswer)
})

test('an answer without end is not read to its end', async () => {
  const part = Buffer.alloc(1_024 * 1_024, 'x')
  const url = await openServer((_, response) => {
    response.on('drain', () => response.write(part))
    response.writeHead(200).write(part)
  })
  const fault = { name: 'HttpFault', status: 0, code: 'answer_too_long' }
  await expect(requestJson(url)).rejects.toMatchObject(fault)
})

test('a long answer is read whole, whichever characters it is cut at', async () => {
  const text = 'ä€𝄞'.repeat(200_000)
  expect(Buffer.byteLength(text)).toBeLessThan(answerBytesMax)
  const url = await openServer((_, response) => {
    response.end(JSON.stringify({ text }))
  })
  expect((await requestJson(url)).body).toEqual({ text })
})
