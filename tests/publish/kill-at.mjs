// Loaded before a program: kills it by KILL_BY before one of the calls by which it changes files or folders. KILL_AT is its
// number, of those that differ in more than the folder and in numbers: all files of `out/` are written alike.

import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'

const last = Number(process.env.KILL_AT)
const known = new Set()
const names = [
  'openSync',
  'writeFileSync',
  'writeSync',
  'linkSync',
  'renameSync',
  'rmSync',
  'rmdirSync',
  'unlinkSync',
  'utimesSync',
  'mkdirSync',
]
for (const name of names) {
  const call = fs[name]
  fs[name] = (...given) => {
    const [path, other] = given
    if (!(name === 'openSync' && other === 'r')) {
      const to = name === 'renameSync' ? [path, other] : [path]
      known.add([name, ...to.map(each => basename(String(each)).replace(/[0-9a-f-]{32,}|\d+/, ''))].join(' '))
      if (known.size === last) process.kill(process.pid, process.env.KILL_BY)
    }
    return call(...given)
  }
}
syncBuiltinESMExports()
