// A publication's folder in a git repository → when each of its files was first committed: the dates of articles that have no
// other, where the settings ask for it.

import { execFileSync } from 'node:child_process'

const MAX_LOG_BYTES = 1024 * 1024 * 1024

/**
 * @param root absolute path of the publication's folder
 * @returns path relative to it → ISO 8601 with the offset of who committed; empty where there is no git or no repository
 */
export function gitDates(root: string): ReadonlyMap<string, string> {
  const dates = new Map<string, string>()
  let log: string
  try {
    const options = [
      'log',
      '-z',
      '--no-renames',
      '--diff-filter=A',
      '--name-only',
      '--relative',
      '--no-show-signature',
      '--format=%x01%aI',
    ]
    log = execFileSync('git', ['-c', 'core.quotePath=false', ...options, '--', 'articles'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: MAX_LOG_BYTES,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return dates
  }
  // The newest commit comes first: of two that added a file, the older one counts.
  let date = ''
  for (const entry of log.split('\0')) {
    const line = entry.replace(/^\n+/, '')
    if (line.startsWith('\x01')) {
      const [stamp, file] = line
        .slice(1)
        .split('\n')
        .filter(part => part !== '')
      date = stamp ?? ''
      if (file !== undefined) dates.set(file.normalize(), date)
    } else if (line !== '') dates.set(line.normalize(), date)
  }
  return dates
}
