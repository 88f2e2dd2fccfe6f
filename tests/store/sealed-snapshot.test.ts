import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { openGitBranch } from '../../src/store/git-branch.ts'
import { Sealer, unseal } from '../../src/store/sealed-snapshot.ts'

const SECRET = 'a-secret-for-the-tests'
const NOTE = '{ "generation": 1 }\n'

test.each([0, 1, 4096, 3_000_001])(
  '%i bytes come back as they were, and again after a change',
  async size => {
    const sealer = new Sealer()
    const bytes = randomBytes(size)
    const first = await sealer.seal(bytes, SECRET, NOTE)
    expect(Buffer.compare(await unseal(first, SECRET, NOTE, 'x'), bytes)).toBe(0)
    const changed = Buffer.concat([bytes, Buffer.from('more')])
    if (size > 0) changed[size - 1]! ^= 1
    const second = await sealer.seal(changed, SECRET, NOTE)
    expect(Buffer.compare(await unseal(second, SECRET, NOTE, 'x'), changed)).toBe(0)
    expect(
      Buffer.compare(await unseal(await sealer.seal(bytes, SECRET, NOTE), SECRET, NOTE, 'x'), bytes),
    ).toBe(0)
  },
)

test('each snapshot has a key of its own: the same bytes are never the same twice', async () => {
  const sealer = new Sealer()
  const [one, two] = [
    await sealer.seal(Buffer.alloc(99), SECRET, NOTE),
    await sealer.seal(Buffer.alloc(99), SECRET, NOTE),
  ]
  expect(Buffer.compare(one, two)).not.toBe(0)
})

test('the first of several secrets encrypts, all read; a wrong one is called so', async () => {
  const sealed = await new Sealer().seal(Buffer.from('list'), `the-new-secret-0000,${SECRET}`, NOTE)
  for (const secret of ['the-new-secret-0000', `${SECRET},the-new-secret-0000`])
    expect(String(await unseal(sealed, secret, NOTE, 'x'))).toBe('list')
  await expect(unseal(sealed, SECRET, NOTE, 'origin#ledger')).rejects.toThrow(
    /BROADSHEET_SECRET is not the one that the ledger in origin#ledger was encrypted with/,
  )
})

test('no byte of it, and none of the note, can be altered, cut off or added', async () => {
  const sealed = await new Sealer().seal(Buffer.from('the list of readers'), SECRET, NOTE)
  await expect(unseal(sealed, SECRET, NOTE.replace('1', '2'), 'x')).rejects.toThrow(/is damaged/)
  for (let at = 0; at < sealed.length; at++) {
    const altered = Buffer.from(sealed)
    altered[at]! ^= 1
    await expect(unseal(altered, SECRET, NOTE, 'x')).rejects.toThrow(/is damaged|is not the one/)
    await expect(unseal(sealed.subarray(0, at), SECRET, NOTE, 'x')).rejects.toThrow(
      /is damaged|is not the one/,
    )
  }
  await expect(unseal(Buffer.concat([sealed, Buffer.alloc(1)]), SECRET, NOTE, 'x')).rejects.toThrow(
    /is damaged/,
  )
})

test.each([
  'git:https://news:open#sesame@git.example/ledger.git',
  'git:https://news:open#sesame@git.example/ledger.git#list',
  'git:https://news:open@sesame@git.example/ledger.git#list',
  'git:https://news:open@sesame#door@git.example/ledger.git#list',
  'git:https://news:open/sesame@git.example/ledger.git#list',
  'git:https://news:100%sesame@git.example/ledger.git#list',
])('the address of a branch is refused in words that repeat nothing of its password: %s', async address => {
  const opened = openGitBranch(address, { dir: '/', env: {}, folder: '/', now: () => 0 })
  const { message, hint } = await opened.then(
    () => expect.unreachable(),
    error => error,
  )
  expect(message).toMatch(/not percent-encoded/)
  expect(`${message}\n${hint}`).not.toMatch(/sesame|open|news:/)
})
