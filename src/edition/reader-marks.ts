// Text in which an editor wrote {{reader "name" "there"}} → the same with what stands for it. A pattern, nothing else:
// no other braces mean anything in a note.

const READER = /\{\{\s*reader\s+(["'“”])([^"'“”{}|]*)["'“”](?:\s+(["'“”])([^"“”{}|]*?)["'“”])?\s*\}\}/g

/** @param put the column and its fallback → what stands there */
export function readerMarks(text: string, put: (name: string, fallback: string) => string): string {
  return text.replace(READER, (_whole, _open, name: string, _open2, fallback: string | undefined) =>
    put(name, fallback ?? ''),
  )
}
