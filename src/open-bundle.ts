// A folder of bundled scripts and the name of one → that script run, and whatever it requires. What V8 made of a script
// the last time is kept beside it: to read that takes a fifth of the time that it takes to compile the script again.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { cachedDataVersionTag } from 'node:v8'
import { Script } from 'node:vm'
import { isMainThread } from 'node:worker_threads'
import { readSealedBytes, writeSealedBytes } from './sealed-bytes.ts'

interface Module {
  exports: unknown
}

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
    // V8 itself looks at no more than the length of the source.
    const cachedData = readSealedBytes(keptAt(path), source)
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
      for (const [path, { script, source }] of fresh)
        writeSealedBytes(keptAt(path), source, () => script.createCachedData())
    })
  return open(entry)
}

/** Another version of V8, or other flags, make other code. */
function keptAt(path: string): string {
  return `${path}.${cachedDataVersionTag().toString(16)}`
}
