// Names of notes (admonitions, callouts, alerts) as many tools have them → whether a word is one, and the title of a note
// that has none.

const NOTES = new Set(
  [
    'note notes tip tips info information warning warn danger caution important alert notice callout admonition hint success',
    'error failure fail bug example question help faq todo abstract summary tldr attention check done seealso remark error',
    'message aside box infobox update security cite pitfall deepdive deep-dive youwillbuildthis secondary primary',
    'hint-box definition theorem lemma proof exercise solution remember caveat experimental deprecated lead-note',
  ]
    .join(' ')
    .split(' '),
)

/** Of no kind: the note has no title then. */
const NAMELESS = new Set(
  'alert notice callout admonition message aside box infobox primary secondary'.split(' '),
)

export function isNote(name: string): boolean {
  return NOTES.has(name.toLowerCase())
}

export function noteTitle(name: string): string {
  const plain = name.toLowerCase()
  if (NAMELESS.has(plain)) return ''
  const words = plain === 'warn' ? 'warning' : plain === 'tldr' ? 'TL;DR' : plain.replaceAll('-', ' ')
  return words[0]!.toUpperCase() + words.slice(1)
}
