// A letter's text → what stands between its slots, and the slots: `⟦<marker>:name⟧` or `⟦<marker>:name|fallback⟧`.

export interface LetterSlot {
  readonly name: string
  /** What a reader without a value sees, written for the part (HTML or text) that it stands in. */
  readonly fallback: string
}

/** Text and slots in turn: always one text more than slots. A slot of another marker is text. */
export function splitAtSlots(text: string, marker: string): { texts: string[]; slots: LetterSlot[] } {
  const [first = '', ...rest] = text.split(new RegExp(`⟦${marker}:([^|⟧]*)(?:\\|([^⟧]*))?⟧`, 'u'))
  const texts = [first]
  const slots: LetterSlot[] = []
  for (let at = 0; at < rest.length; at += 3) {
    slots.push({ name: rest[at]!, fallback: rest[at + 1] ?? '' })
    texts.push(rest[at + 2]!)
  }
  return { texts, slots }
}

/** @param value what a slot shows, written for that part; undefined or '' for its fallback */
export function fillSlots(text: string, marker: string, value: (name: string) => string | undefined): string {
  const { texts, slots } = splitAtSlots(text, marker)
  return texts.reduce((filled, next, at) => {
    const { name, fallback } = slots[at - 1]!
    return filled + (value(name) || fallback) + next
  })
}

/** A reader's value in an HTML text or attribute. */
export function escapeHtml(value: string): string {
  return /[&<>"']/.test(value)
    ? value.replace(
        /[&<>"']/g,
        sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign]!,
      )
    : value
}
