// What a large send takes on one machine: sinks that count for each reader, network namespaces whose cables can be cut, and
// the processor time of every process. Linux, as root.

import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childrenOf } from '../a-postgres.ts'

export interface Sink {
  readonly pid: number
  readonly port: number
  /** Final dots so far. */
  total(): Promise<number>
  /** At index N, how many came for readerN@. */
  counts(): Promise<Uint8Array>
  stop(): void
}

/** @param host address to listen at @param readers reader1@ to that one */
export async function aSink(host: string, readers: number): Promise<Sink> {
  const child = fork(join(import.meta.dirname, 'counting-sink.mjs'), [host, String(readers)])
  const { port } = await answer<{ port: number }>(child)
  const file = join(tmpdir(), `sink-${child.pid}`)
  return {
    pid: child.pid!,
    port,
    async total() {
      const { total } = await answer<{ total: number }>(child, 'total')
      return total
    },
    async counts() {
      await answer(child, { save: file })
      const counts = new Uint8Array(readFileSync(file))
      rmSync(file)
      return counts
    },
    stop: () => void child.kill(),
  }
}

/** One question at a time. */
function answer<T>(child: ChildProcess, question?: string | object): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the sink has ended'))
    child.once('exit', ended)
    child.once('message', said => {
      child.off('exit', ended)
      resolve(said as T)
    })
    if (question !== undefined) child.send(question)
  })
}

// ─── The network ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Network {
  /** Where database and sinks are found from every place. */
  readonly host: string
  /** All of it: '10.201.0.0/16'. */
  readonly all: string
  readonly places: readonly Place[]
  remove(): void
}

/** A machine of its own, as far as the network goes. */
export interface Place {
  /** What a command begins with that runs there. */
  readonly within: readonly string[]
  /** Nothing comes or goes any more, and nobody is told. @param port only to and from this one */
  cut(port?: number): void
  mend(port?: number): void
}

/** @throws Error where namespaces cannot be made */
export function aNetwork(count: number): Network {
  const id = randomInt(200, 250)
  const made: string[][] = []
  const host = `10.${id}.0.1`
  const run = (line: string) => {
    const [program, ...args] = line.split(' ')
    execFileSync(program!, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  }
  const name = (of: string) => `bs${id}${of}`
  const cable = (here: string, there: string, address: string) => {
    run(`ip link add ${here} type veth peer name ${there}`)
    made.push(['ip', 'link', 'del', here])
    run(`ip addr add ${address} dev ${here}`)
    run(`ip link set ${here} up`)
  }
  const remove = () => {
    for (const [program, ...args] of made.reverse()) execFileSync(program!, args, { stdio: 'ignore' })
  }

  function aPlace(number: number): Place {
    const [place, here, there] = [name(`n${number}`), name(`h${number}`), name(`p${number}`)]
    run(`ip netns add ${place}`)
    made.push(['ip', 'netns', 'del', place])
    cable(here, there, `10.${id}.${number}.1/24`)
    run(`ip link set ${there} netns ${place}`)
    const inside = `ip netns exec ${place}`
    run(`${inside} ip addr add 10.${id}.${number}.2/24 dev ${there}`)
    run(`${inside} ip link set lo up`)
    run(`${inside} ip link set ${there} up`)
    run(`${inside} ip route add default via 10.${id}.${number}.1`)
    const rules = (how: '-A' | '-D', port: number) => {
      run(`${inside} iptables ${how} OUTPUT -p tcp --dport ${port} -j DROP`)
      run(`${inside} iptables ${how} INPUT -p tcp --sport ${port} -j DROP`)
    }
    return {
      within: inside.split(' '),
      cut: port => (port === undefined ? run(`ip link set ${here} down`) : rules('-A', port)),
      mend: port => (port === undefined ? run(`ip link set ${here} up`) : rules('-D', port)),
    }
  }

  try {
    // Its cable is never cut, so the address is always there.
    cable(name('h0'), name('p0'), `${host}/24`)
    run(`ip link set ${name('p0')} up`)
    const places = Array.from({ length: count }, (_, index) => aPlace(index + 1))
    return { host, all: `10.${id}.0.0/16`, places, remove }
  } catch (error) {
    remove()
    throw error
  }
}

// ─── Processor time ──────────────────────────────────────────────────────────────────────────────────────────────────

const TICKS_A_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** Seconds of processors that a process, those it has begun and those that have ended have taken so far. */
export function processorSeconds(pid: number): number {
  let ticks = 0
  try {
    // The name may hold spaces and brackets. After it: state is field 3, utime 14, stime 15, cutime 16, cstime 17.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
    ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    for (const child of childrenOf(pid)) ticks += processorSeconds(child) * TICKS_A_SECOND
  } catch {
    // It has ended meanwhile, and counts among those its parent has waited for.
  }
  return ticks / TICKS_A_SECOND
}

/** Most memory that a process has had, MiB. */
export function peakMemory(pid: number): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)
}
