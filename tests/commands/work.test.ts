// `work` where it cannot work: told so, with what to do, before anything is touched.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as send from '../../src/commands/send.ts'
import * as work from '../../src/commands/work.ts'
import { aFolder } from '../a-folder.ts'
import { aCommand } from './a-command.ts'

const env = { BROADSHEET_SMTP: 'eml:outbox', BROADSHEET_SECRET: 'a-secret-for-the-tests' }

test('a database in a file has one sender: exit 2, and which database has more', async () => {
  const folder = aFolder()
  const ran = await aCommand(work, folder, { env }).done
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/for PostgreSQL/)
  expect(ran.stderr).toMatch(/BROADSHEET_DATABASE=postgres:\/\//)
  expect(existsSync(join(folder, '.broadsheet'))).toBe(false)
})

test('a server that is not there: exit 2, and the password is not told', async () => {
  const database = 'postgres://news:s3cr3t@127.0.0.1:9/broadsheet'
  const ran = await aCommand(work, aFolder(), { env: { ...env, BROADSHEET_DATABASE: database } }).done
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/127\.0\.0\.1:9\/broadsheet: it cannot be reached/)
  expect(ran.stderr).not.toContain('s3cr3t')
})

test.each(['BROADSHEET_SMTP', 'BROADSHEET_SECRET'])('without %s: exit 2', async name => {
  const database = 'postgres://news@127.0.0.1:9/broadsheet'
  const ran = await aCommand(work, aFolder(), {
    env: { ...env, BROADSHEET_DATABASE: database, [name]: '' },
  }).done
  expect(ran.code).toBe(2)
  expect(ran.stderr).toContain(name)
})

test('`send --enqueue` without workers to leave it to: exit 2, nothing frozen', async () => {
  const folder = aFolder({
    'articles/publication.yaml':
      'title: T\nurl: https://t.example/\nnewsletters: [{ id: weekly, title: W, every: week, on: friday, from: T <t@t.example> }]\n',
  })
  const ran = await aCommand(send, folder, { env, options: { due: true, enqueue: true } }).done
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/--enqueue/)
})
