// git:<remote>#<branch> → a place for snapshots: one commit without parent that is replaced by compare-and-swap. The one
// file that knows git, which is run as a process, without a shell and without questions.

import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ENCODE_PASSWORD, readSecretUrl } from '../base/index.ts'
import { UserError } from '../errors.ts'
import { PlaceUnreachable, type SnapshotFiles, type SnapshotPlace } from './shared-ledger.ts'

interface GitOptions {
  /** The checkout whose remotes and credentials are used; or any folder, for a remote by address. */
  readonly dir: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** For a repository of our own: nothing is written into the checkout. */
  readonly folder: string
  /** ms since epoch */
  now(): number
}

const NOTE_FILE = 'ledger.json'
const SEALED_FILE = 'ledger.sealed'

/** Where the fetched commit is kept in our own repository. */
const LOCAL_REF = 'refs/ledger'

/** How long one call may take: some minutes for a list of a million by a slow line. */
const MAX_CALL_MS = 5 * 60_000

/** @throws UserError when the address is none, the checkout has no such remote, or there is no git */
export async function openGitBranch(address: string, options: GitOptions): Promise<SnapshotPlace> {
  const { remote, branch } = parseGitAddress(address)
  const env = { ...environmentOf(options.env), ...identity(options.now()) }
  const config = await localConfig(options.dir, env)
  const url = await addressOf(remote, options.dir, env)
  const repository = join(options.folder, 'git')
  const git = new Git(options.folder, { ...env, ...config }, withoutPassword(remote))
  await git.run(['init', '--quiet', '--bare', '--template=', '--', repository])
  return new GitBranch(git.in(repository), { url, branch, repository, remote: withoutPassword(remote) })
}

function parseGitAddress(address: string): { readonly remote: string; readonly branch: string } {
  const [, remote = '', branch = ''] = /^git:(.*)#([^#]*)$/s.exec(address) ?? []
  refuseUnencoded(address.replace(/^git:/, ''), 'BROADSHEET_DATABASE')
  const hint =
    'Name a remote of the checkout, or an address, and a branch of its own: BROADSHEET_DATABASE=git:origin#broadsheet-ledger'
  if (!remote || !branch || /^-|[\s\p{Cc}]/u.test(remote))
    throw new UserError('BROADSHEET_DATABASE is no git:<remote>#<branch>', hint)
  // git-check-ref-format(1), and nothing that could be taken for an option.
  if (!/^\w(?:[\w./-]*[\w-])?$/.test(branch) || /\.\.|\/[/.]|\.lock(\/|$)/.test(branch))
    throw new UserError(`BROADSHEET_DATABASE: ${branch} is no name for a branch`, hint)
  return { remote, branch }
}

interface BranchOptions {
  /** Where git fetches from and pushes to; may have a password in it. */
  readonly url: { readonly fetch: string; readonly push: string }
  readonly branch: string
  readonly repository: string
  /** As it was given, without a password. */
  readonly remote: string
}

class GitBranch implements SnapshotPlace {
  readonly name: string
  readonly #git: Git
  readonly #options: BranchOptions
  /** Commits that we tried to push: one may have arrived although the answer did not. */
  readonly #pushed = new Set<string>()
  /** Objects of the commit that was pushed last; megabytes, and of no use once there is a newer one. */
  #objects: readonly string[] = []

  constructor(git: Git, options: BranchOptions) {
    this.name = `${options.remote}#${options.branch}`
    this.#git = git
    this.#options = options
  }

  async read() {
    const version = await this.#download()
    if (version === undefined) return undefined
    const [note, sealed] = [await this.#file(version, NOTE_FILE), await this.#file(version, SEALED_FILE)]
    if (!note || !sealed) {
      throw new UserError(
        `the branch ${this.#options.branch} of ${this.#options.remote} has something else in it than a ledger`,
        'Name a branch that nothing else uses: BROADSHEET_DATABASE=git:origin#broadsheet-ledger',
      )
    }
    return { version, files: { note: note.toString('utf8'), sealed } }
  }

  async describe() {
    const version = await this.#download()
    return version && (await this.#file(version, NOTE_FILE))?.toString('utf8')
  }

  async compareAndSwap(expected: string | undefined, files: SnapshotFiles) {
    const { branch, url } = this.#options
    const commit = await this.#commit(files)
    this.#pushed.add(commit)
    for (let lease = expected; ; ) {
      const ref = `refs/heads/${branch}`
      const push = ['push', '--porcelain', '--no-verify', `--force-with-lease=${ref}:${lease ?? ''}`]
      const { code, stdout, stderr } = await this.#git.try([...push, '--', url.push, `${commit}:${ref}`])
      if (code === 0) return { swapped: true, version: commit }
      const actual = await this.#remoteVersion()
      // It arrived, and the answer did not.
      if (actual === commit) return { swapped: true, version: commit }
      if (actual === lease) throw this.#refused(`${stdout}${stderr}`)
      if (actual === undefined || !this.#pushed.has(actual)) return { swapped: false, version: actual }
      lease = actual
    }
  }

  /** @returns the newest commit of the branch; undefined when there is no such branch */
  async #download(): Promise<string | undefined> {
    const { branch, url } = this.#options
    if ((await this.#remoteVersion()) === undefined) return undefined
    const fetch = ['fetch', '--quiet', '--no-tags', '--depth=1']
    const { code, stderr } = await this.#git.try([
      ...fetch,
      '--',
      url.fetch,
      `+refs/heads/${branch}:${LOCAL_REF}`,
    ])
    if (code !== 0) throw this.#git.unreachable(stderr)
    return text(await this.#git.run(['rev-parse', '--verify', `${LOCAL_REF}^{commit}`]))
  }

  async #remoteVersion(): Promise<string | undefined> {
    const { branch, url } = this.#options
    const ref = `refs/heads/${branch}`
    const { code, stdout, stderr } = await this.#git.try(['ls-remote', '--quiet', '--', url.fetch, ref])
    if (code !== 0) throw this.#git.unreachable(stderr)
    const line = stdout
      .toString('utf8')
      .split('\n')
      .find(one => one.endsWith(`\t${ref}`))
    return line?.split('\t')[0]
  }

  async #file(version: string, name: string): Promise<Buffer | undefined> {
    const { code, stdout } = await this.#git.try(['cat-file', 'blob', `${version}:${name}`])
    return code === 0 ? stdout : undefined
  }

  async #commit({ note, sealed }: SnapshotFiles): Promise<string> {
    const store = (bytes: string | Uint8Array) => this.#git.run(['hash-object', '-w', '--stdin'], bytes)
    const blobs = [text(await store(note)), text(await store(sealed))] as const
    const tree = `100644 blob ${blobs[0]}\t${NOTE_FILE}\n100644 blob ${blobs[1]}\t${SEALED_FILE}\n`
    const treeId = text(await this.#git.run(['mktree'], tree))
    // No pipeline need run for it.
    const message = `Ledger of Broadsheet, encrypted\n\nSee ${NOTE_FILE}. [skip ci]\n`
    const commit = text(await this.#git.run(['commit-tree', treeId, '-F', '-'], message))
    this.#discard([...blobs, treeId, commit])
    return commit
  }

  /** Forgets the objects of the commit before: each snapshot is as large as the whole list. */
  #discard(objects: readonly string[]): void {
    for (const id of this.#objects) {
      if (!objects.includes(id))
        rmSync(join(this.#options.repository, 'objects', id.slice(0, 2), id.slice(2)), { force: true })
    }
    this.#objects = objects
  }

  /** The branch is as we read it, and yet nothing was pushed. */
  #refused(said: string): UserError {
    if (!/\[(remote )?rejected\]/.test(said)) return this.#git.unreachable(said)
    return new UserError(
      `${this.#options.remote} refuses to replace the branch ${this.#options.branch}: ${withoutPassword(lastLine(said))}`,
      'The branch must not be protected, and must allow that it is replaced (a force push): each snapshot is a commit without parent.',
    )
  }
}

/** Calls of git in one repository. */
class Git {
  readonly #cwd: string
  readonly #env: Readonly<Record<string, string | undefined>>
  readonly #remote: string

  constructor(cwd: string, env: Readonly<Record<string, string | undefined>>, remote: string) {
    this.#cwd = cwd
    this.#env = env
    this.#remote = remote
  }

  in(repository: string): Git {
    return new Git(repository, { ...this.#env, GIT_DIR: repository }, this.#remote)
  }

  try(args: readonly string[], input?: string | Uint8Array): Promise<Ended> {
    return call(args, { cwd: this.#cwd, env: this.#env, input })
  }

  /** @throws a bug: these calls do not depend on the world outside */
  async run(args: readonly string[], input?: string | Uint8Array): Promise<Buffer> {
    const { code, stdout, stderr } = await this.try(args, input)
    if (code !== 0) throw new Error(`git ${args[0]} failed: ${withoutPassword(stderr)}`)
    return stdout
  }

  unreachable(stderr: string): UserError {
    const said = withoutPassword(lastLine(stderr)) || 'no answer in time'
    return new PlaceUnreachable(
      `git cannot reach ${this.#remote}, where the ledger is: ${said}`,
      'Check the address, the network, and that this run may read and write there (on GitHub: permissions: contents: write).',
    )
  }
}

interface Ended {
  readonly code: number
  readonly stdout: Buffer
  readonly stderr: string
}

function call(
  args: readonly string[],
  {
    cwd,
    env,
    input = '',
  }: {
    readonly cwd: string
    readonly env: Readonly<Record<string, string | undefined>>
    readonly input?: string | Uint8Array | undefined
  },
): Promise<Ended> {
  return new Promise((done, reject) => {
    const child = spawn('git', args, { cwd, env, timeout: MAX_CALL_MS, stdio: ['pipe', 'pipe', 'pipe'] })
    const [out, err]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') return reject(error)
      const hint = 'Install it, or name a file or a postgres:// address in BROADSHEET_DATABASE.'
      reject(new UserError('git is not installed, and BROADSHEET_DATABASE names a branch', hint))
    })
    child.on('close', code =>
      done({ code: code ?? 1, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') }),
    )
    // git may end before it has read all.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}

/** What git is run with: nothing asks, nothing points to another repository, and our own secrets stay with us. */
function environmentOf(env: GitOptions['env']): Record<string, string | undefined> {
  const located =
    /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX)$/
  const kept = Object.entries(env).filter(([name]) => !located.test(name) && !name.startsWith('BROADSHEET_'))
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', GCM_INTERACTIVE: 'never', LC_ALL: 'C' }
}

/** A runner has no name of its own that git would take. */
function identity(now: number): Record<string, string> {
  const date = `${Math.floor(now / 1000)} +0000`
  const [name, email] = ['Broadsheet', 'broadsheet@localhost']
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  }
}

/** How the checkout reaches its remotes: credentials that a CI step has put there, proxies, the way to call ssh. */
const PASSED_ON = /^(http|credential|url|protocol|ssh)\.|^core\.(sshcommand|askpass|gitproxy)$/i

/** For what is encrypted no byte can be saved, and trying costs seconds. */
const OWN_CONFIG: readonly (readonly [string, string])[] = [
  ['core.compression', '0'],
  ['pack.window', '0'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['core.hooksPath', '/dev/null'],
]

/** The checkout's own settings, handed on by the environment: git-config(1), GIT_CONFIG_COUNT. */
async function localConfig(dir: string, env: GitOptions['env']): Promise<Record<string, string>> {
  // OpenSSH would ask for a passphrase, whatever git itself may ask.
  const silent = { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' }
  const listed = await call(['config', '--list', '--includes', '--show-scope', '-z'], { cwd: dir, env })
  const parts = listed.code === 0 ? listed.stdout.toString('utf8').split('\0') : []
  const settings: (readonly [string, string])[] = []
  let ownSsh = env.GIT_SSH_COMMAND !== undefined || env.GIT_SSH !== undefined
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, key = '', value = 'true'] = /^([^\n]*)(?:\n(.*))?$/s.exec(parts[at + 1]!) ?? []
    ownSsh ||= key === 'core.sshcommand'
    if (/^(local|worktree)$/.test(parts[at]!) && PASSED_ON.test(key)) settings.push([key, value])
  }
  const before = Number(env.GIT_CONFIG_COUNT ?? 0) || 0
  const all = [...settings, ...OWN_CONFIG]
  return Object.fromEntries([
    ...(ownSsh ? [] : Object.entries(silent)),
    ['GIT_CONFIG_COUNT', String(before + all.length)],
    ...all.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${before + index}`, key],
      [`GIT_CONFIG_VALUE_${before + index}`, value],
    ]),
  ])
}

/** A remote's name, or an address → where to fetch from and push to. */
async function addressOf(remote: string, dir: string, env: GitOptions['env']): Promise<BranchOptions['url']> {
  const git = (...args: string[]) => call(args, { cwd: dir, env })
  const isName = /^\w[\w.-]*$/.test(remote)
  if (!isName) return { fetch: whole(remote, dir), push: whole(remote, dir) }
  const fetch = await git('remote', 'get-url', '--', remote)
  const push = await git('remote', 'get-url', '--push', '--', remote)
  if (fetch.code !== 0 || push.code !== 0) {
    throw new UserError(
      `BROADSHEET_DATABASE: ${dir} has no remote ${remote} (${lastLine(fetch.stderr)})`,
      'Run it in a checkout that has this remote, or name an address: BROADSHEET_DATABASE=git:https://host/project.git#broadsheet-ledger',
    )
  }
  const top = text((await git('rev-parse', '--show-toplevel')).stdout) || dir
  const url = { fetch: text(fetch.stdout), push: text(push.stdout) }
  for (const found of Object.values(url)) refuseUnencoded(found, `the address of the remote ${remote}`)
  return { fetch: whole(url.fetch, top), push: whole(url.push, top) }
}

/** What git takes for the host it prints: it must be no part of a password. */
function refuseUnencoded(address: string, what: string): void {
  if (!/^(?!file:)[a-z][a-z0-9+.-]*:\/\//i.test(address)) return
  const read = readSecretUrl(address)
  if ('problem' in read && read.problem !== 'is not an address')
    throw new UserError(`${what} ${read.problem}`, ENCODE_PASSWORD)
  if (/:\/\/[^/]*@[^/]*@/.test(address))
    throw new UserError(
      `${what} has an @ in its user name or password that is not percent-encoded`,
      ENCODE_PASSWORD,
    )
}

/** A path is relative to the checkout; an address, or host:path, is left as it is. */
function whole(address: string, dir: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/|^[^/]+:/i.test(address) ? address : resolve(dir, address)
}

function text(bytes: Buffer): string {
  return bytes.toString('utf8').trim().split('\n')[0]!
}

/** What git says in the end, without the word for how bad it is. */
function lastLine(said: string): string {
  const lines = said.split(/[\r\n]+/).filter(line => line.trim() && line !== 'Done')
  const telling = lines.find(line => /^(fatal|error|remote: error|!)/.test(line)) ?? lines.at(-1) ?? ''
  return telling.replace(/^(fatal|error): /, '').trim()
}

/** RFC 3986 §3.2.1: user and password before the host; also a password with a / in it, which ends there. */
function withoutPassword(said: string): string {
  return said.replace(/:\/\/[^\s'"]*@/g, '://').replace(/(?<![^\s'"])[^\s'":/@]+:[^\s'"/]*@/g, '')
}
