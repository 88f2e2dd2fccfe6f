// The part of `process` that the program uses; a test passes its own.

export interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

export interface ProcessLike {
  /** Without node and the script. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean }
  readonly stdout: Stream
  readonly stderr: Stream
  /** ms since epoch. */
  clock(): number
  /** Aborted when the person, or the machine, wants the program to end. */
  readonly signal: AbortSignal
  /** From now on such a wish aborts the signal; before, it ends the process at once. */
  heed?(): void
}
