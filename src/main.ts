// The program: the process's own arguments, streams, clock and signals, handed to `run`.

import { run } from './run.ts'

const stop = new AbortController()

function catchSignals(): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(130)
      stop.abort()
    })
  }
}

// A reader that closes early (`| head`) ends the output, not the work. A full disk does not end the work either, which
// may be a send, but what it should have said is lost: exit 2, whatever else there was.
let lost = false
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || lost) return
    lost = true
    process.exitCode = 2
    const name = stream === process.stdout ? 'standard output' : 'standard error'
    process.stderr.write(`broadsheet: ${name} cannot be written: ${error.message}\n`)
  })
}

void run({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  clock: Date.now,
  signal: stop.signal,
  catchSignals,
}).then(code => {
  process.exitCode = lost ? 2 : code
  setImmediate(endNow)
})

/** Once all that was said has been written: to take a large heap apart before takes longer than many a build. */
function endNow(): void {
  if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit()
}
