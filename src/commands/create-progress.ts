// Work done so far → a bar on a terminal, once it has lasted a second; nothing where nobody watches.

import type { Progress } from '../model.ts'
import type { Context } from './context.ts'
import type { Stream } from './process-like.ts'

interface Options {
  readonly stream: Stream
  readonly quiet: boolean
  readonly env: Context['env']
  clock(): number
}

const WIDTH = 24

export function createProgress(
  label: string,
  total: number,
  { stream, quiet, env, clock }: Options,
): Progress {
  const began = clock()
  const silent = quiet || !stream.isTTY || env.TERM === 'dumb'
  let drawn = 0
  const clear = () => {
    if (drawn) stream.write('\r\u001b[K')
  }
  return {
    at(done, note = '') {
      const time = clock()
      if (silent || time - began < 1000 || (time - drawn < 100 && done < total)) return
      const filled = total > 0 ? Math.round((WIDTH * Math.min(done, total)) / total) : WIDTH
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
      // A terminal that does not know its width says 0.
      const line = `${label} ${bar} ${done}/${total} ${note}`
      stream.write(`\r\u001b[K${line.slice(0, (stream.columns || 80) - 1)}`)
      drawn = time
    },
    stop: clear,
  }
}
