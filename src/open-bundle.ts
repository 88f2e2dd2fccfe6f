// A folder of bundled scripts and the name of one → that script run, and whatever it requires. What V8 made of a script
// the last time is kept beside it: to read that takes a fifth of the time that it takes to compile the script again.

import { createHash } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { cachedDataVersionTag } from 'node:v8'
import { Script } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

interface Module {
  exports: unknown
}

/** Bytes of the checksum that begins what is kept. */
const SUM = 20

/** @param folder ends with a slash @param entry 'main.cjs' */
export function openBundle(folder: URL, entry: string): unknown {
  const place = fileURLToPath(folder)
  const requirePackage = createRequire(folder)
  const modules = new Map<string, Module>()
  const fresh = new Map<string, { readonly script: Script; readonly source: Buffer }>()

  function open(name: string): unknown {
    const known = modules.get(name)
    if (known) return known.exports
    const module: Module = { exports: {} }
    modules.set(name, module)
    const path = place + name
    const source = readFileSync(path)
    const cachedData = readCompiled(keptAt(path), source)
    const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
      filename: path,
      cachedData,
    })
    if (!cachedData || script.cachedDataRejected) fresh.set(path, { script, source })
    script.runInThisContext()(module.exports, requireFrom, module, path, place)
    return module.exports
  }

  function requireFrom(id: string): unknown {
    return id.startsWith('./') ? open(id.slice(2)) : requirePackage(id)
  }

  // At the end, when V8 has compiled all that was called. What a thread runs, the main one has run as well.
  if (isMainThread)
    process.once('exit', () => {
      for (const [path, { script, source }] of fresh) keepCompiled(keptAt(path), source, script)
    })
  return open(entry)
}

/** Another version of V8, or other flags, make other code. */
function keptAt(path: string): string {
  return `${path}.${cachedDataVersionTag().toString(16)}`
}

/** @returns undefined for any doubt at all: V8 itself looks at no more than the length of the source */
function readCompiled(path: string, source: Buffer): Buffer | undefined {
  try {
    const bytes = readFileSync(path)
    const compiled = bytes.subarray(SUM)
    return checksum(source, compiled).equals(bytes.subarray(0, SUM)) ? compiled : undefined
  } catch {
    return undefined
  }
}

/** Does nothing where nothing can be written. */
function keepCompiled(path: string, source: Buffer, script: Script): void {
  const half = `${path}.${process.pid}.half`
  try {
    const compiled = script.createCachedData()
    writeFileSync(half, Buffer.concat([checksum(source, compiled), compiled]))
    renameSync(half, path)
  } catch {
    rmSync(half, { force: true })
  }
}

/** Against accidents, not against people: who may write here may write the scripts as well. */
function checksum(source: Buffer, compiled: Buffer): Buffer {
  return createHash('sha1').update(source).update(compiled).digest()
}
