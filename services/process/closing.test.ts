import { expect, test } from 'vitest'
import { Closing, openInSteps } from './closing.ts'

test('what was opened last is closed first, and a failing step stops none', async () => {
  const closing = new Closing()
  const closed: string[] = []
  closing.add(() => closed.push('database'))
  closing.add(() => Promise.reject(new Error('the cache could not be closed')))
  closing.add(() => closed.push('server'))
  await expect(closing.close()).rejects.toThrow('the cache could not be closed')
  expect(closed).toEqual(['server', 'database'])
  await closing.close()
  expect(closed).toHaveLength(2)
})

test('what was opened before a failure is closed again', async () => {
  const closed: string[] = []
  const opening = openInSteps(async (closing) => {
    closing.add(() => closed.push('database'))
    throw new Error('the port is taken')
  })
  await expect(opening).rejects.toThrow('the port is taken')
  expect(closed).toEqual(['database'])
})
