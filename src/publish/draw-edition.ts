// An edition → its rendered letter, and what feeds, pages and the report say of the edition: plain values, whichever
// thread makes them. And letters that wait until they are written.

import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { ArchivedEdition, Diagnostic, Edition, Letter, Loaded, OutputFile, Renderer } from '../model.ts'
import type { Dependency, Remembering, TracingRenderer } from '../render/index.ts'
import type { Templates } from '../templates/index.ts'
import { writeFiles } from './output/write-output.ts'

export interface DrawnEdition {
  readonly letter: Letter
  /** Below `out/`. */
  readonly pictures: readonly OutputFile[]
  readonly archived: ArchivedEdition
  readonly dependencies: readonly Dependency[]
  readonly diagnostics: readonly Diagnostic[]
}

/** What a letter is made with. */
export interface LetterSources {
  readonly loaded: Loaded
  readonly renderer: TracingRenderer
  /** The same for articles, of which most are known. */
  readonly texts: Remembering
  readonly templates: Templates
}

/** Its letter, and what is said of it elsewhere. */
export async function drawEdition(
  edition: Edition,
  inFeed: boolean,
  sources: LetterSources,
): Promise<DrawnEdition> {
  const { loaded, renderer, templates } = sources
  const { renderEdition } = await import('../letter/index.ts')
  const listened = renderer.watch()
  const forLetters = rendererForLetters(sources)
  const { letter, files, diagnostics } = await renderEdition(edition, loaded, forLetters, templates)
  const archived = await archivedEdition(edition, letter, inFeed, sources)
  return { letter, pictures: files, archived, dependencies: listened(), diagnostics }
}

/** References of texts that are shown whole are traced; what is known of an article is not rendered again. */
function rendererForLetters({ texts, renderer }: LetterSources): Renderer {
  return { body: texts.body, prose: renderer.prose }
}

async function archivedEdition(
  edition: Edition,
  { preheader }: Letter,
  inFeed: boolean,
  sources: LetterSources,
): Promise<ArchivedEdition> {
  const { loaded, templates } = sources
  const { noteForAll } = await import('../edition/index.ts')
  const { blocksView, editionSubject } = await import('../letter/index.ts')
  const { editionDigest } = await import('../feed/index.ts')
  const forLetters = rendererForLetters(sources)
  const own = () => ({
    note: noteForAll(edition),
    blocks: blocksView({ edition, renderer: forLetters, templates }, edition.parts.length),
  })
  return {
    id: edition.id,
    newsletter: edition.newsletter.id,
    subject: editionSubject(edition, loaded.publication),
    preheader,
    until: edition.until,
    articles: edition.articles.length,
    image: edition.lead?.image,
    digest: inFeed ? editionDigest(edition, own(), loaded, forLetters, templates) : undefined,
  }
}

/** Characters of letters that wait as they are in one thread; the others wait compressed. */
const MAX_PLAIN_CHARACTERS = 15_000_000

/** Of one thread of a build: the letters that are still to be written, and the files of the one that is being written. */
export class WaitingLetters {
  /** Characters that may still wait as they are. */
  #plainCharacters: number
  #written: { readonly kept: () => Letter; readonly files: readonly OutputFile[] } | undefined

  constructor(plainCharacters = MAX_PLAIN_CHARACTERS) {
    this.#plainCharacters = plainCharacters
  }

  /**
   * Made when they are written, one edition after another, and not kept: the letters of a thousand editions are more than memory
   * should hold.
   *
   * @param kept gives the letter
   * @param make the files of these paths, from the letter
   */
  filesOf(
    paths: readonly string[],
    kept: () => Letter,
    make: (letter: Letter) => readonly OutputFile[],
  ): OutputFile[] {
    const bodyAt = (at: number) => {
      if (this.#written?.kept !== kept) this.#written = { kept, files: make(kept()) }
      return this.#written.files[at]!.body
    }
    return paths.map((path, at) => {
      function* chunks() {
        const body = bodyAt(at)
        if (typeof body === 'string' || body instanceof Uint8Array) yield body
      }
      return { path, body: { chunks: { [Symbol.iterator]: chunks } } }
    })
  }

  /** @returns what gives it back */
  keep(letter: Letter): () => Letter {
    this.#plainCharacters -= letter.html.length + letter.text.length
    if (this.#plainCharacters > 0) return () => letter
    return unpacking(deflateRawSync(JSON.stringify(letter), { level: 1 }))
  }
}

/** Where the letter itself is out of reach: functions made in one place keep all that any of them uses. */
function unpacking(packed: Uint8Array): () => Letter {
  return () => JSON.parse(inflateRawSync(packed).toString()) as Letter
}

// ─── Letters that the second thread made ─────────────────────────────────────────────────────────────────────────────

/** Files of editions that a second thread made, and writes: their bodies are empty, too. */
export interface WrittenElsewhere {
  readonly paths: ReadonlySet<string>
  /** Has it begin. @returns once it has ended: how many were not there as they are; undefined where it failed */
  write(): Promise<number | undefined>
  /** The same by this thread. @throws UserError when the disk refuses */
  writeHere(): Promise<number>
  /** Has it end soon, with no file unfinished. */
  stop(): void
  close(): void
}

/** The thread that made them. */
type LetterThread = Pick<WrittenElsewhere, 'write' | 'stop' | 'close'>

interface ElsewhereSources extends LetterSources {
  /** Absolute path. */
  readonly out: string
}

/** An edition, and whether it is in its newsletter's feed. */
interface DrawnElsewhere {
  readonly edition: Edition
  readonly inFeed: boolean
}

export class EditionsElsewhere implements WrittenElsewhere {
  readonly paths = new Set<string>()
  readonly #editions: DrawnElsewhere[] = []
  readonly #ahead: LetterThread | undefined
  readonly #sources: ElsewhereSources

  constructor(ahead: LetterThread | undefined, sources: ElsewhereSources) {
    this.#ahead = ahead
    this.#sources = sources
  }

  add(wanted: DrawnElsewhere, files: readonly OutputFile[]): void {
    this.#editions.push(wanted)
    for (const { path, body } of files) if (body === '') this.paths.add(path)
  }

  async write(): Promise<number | undefined> {
    return this.paths.size === 0 ? 0 : this.#ahead?.write()
  }

  async writeHere(): Promise<number> {
    const { editionFiles } = await import('../letter/index.ts')
    const { out, loaded } = this.#sources
    let written = 0
    for (const { edition, inFeed } of this.#editions) {
      const { letter } = await drawEdition(edition, inFeed, this.#sources)
      written += writeFiles(out, editionFiles(edition, letter, loaded))
    }
    return written
  }

  stop(): void {
    this.#ahead?.stop()
  }

  close(): void {
    this.#ahead?.close()
  }
}
