// A path → one word of a POSIX shell, for lines that people paste.

/** Quoted only where the shell, or a command that takes it for an option, would read something else. */
export function shellWord(path: string): string {
  const word = path.startsWith('-') ? `./${path}` : path
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
