import { Command } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { WireCommand } from './wire-command.ts'

const bytesOf = (command: Command): Buffer => Buffer.from(command.toWritable({}))

describe('a command on the wire', () => {
  test.each<[string, (string | number | Buffer)[]]>([
    ['without arguments', []],
    ['with an empty one', ['']],
    ['of letters beyond ASCII', ['é', '€'.repeat(500), '\ud800']],
    ['of numbers', [1, 2.5, -7]],
    ['about as long as those whose lengths are kept', ['x'.repeat(1_023), 'y'.repeat(1_024)]],
    ['that is long', ['z'.repeat(70_000)]],
    ['of bytes', [Buffer.from([0, 255]), 'text', '']],
  ])('has the same bytes as that of ioredis, %s', (_, args) => {
    for (const name of ['GET', 'EVALSHA']) {
      expect(bytesOf(new WireCommand(name, [...args], {}))).toEqual(
        bytesOf(new Command(name, [...args])),
      )
    }
  })
})
