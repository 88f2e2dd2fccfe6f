// The text of a `.gitignore` and the lines that ought to be in it → those that are not.

/** @param text of any line ends */
export function missingRules(text: string, wanted: readonly string[]): string[] {
  const there = new Set(text.split(/\r?\n/).map(meaning))
  return wanted.filter(rule => !there.has(meaning(rule)))
}

/** Whatever slashes and stars stand around it: each of `.env`, `/.env` and `.env/**` ignores the `.env` that is made here. */
function meaning(rule: string): string {
  return rule
    .trim()
    .replace(/^(?:\*\*)?\//, '')
    .replace(/\/(?:\*\*?)?$/, '')
}
