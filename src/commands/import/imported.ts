// What every importer makes: articles as another system had them, and what was found on the way. The nouns of this folder.

import type { ExportFiles } from './export-files.ts'

/** Where something is in the export. */
export interface Place {
  /** As a person finds it there: 'blog.xml', 'posts/12.first.html'. */
  readonly file: string
  /** 1-based; 0 when it belongs to the whole file. */
  readonly line: number
}

export interface ImportedPicture {
  readonly src: string
  readonly alt?: string | undefined
  readonly caption?: string | undefined
  readonly credit?: string | undefined
}

export interface ImportedAuthor {
  readonly name: string
  /** Name of the file below `authors/`; from the name when left out. */
  readonly slug?: string | undefined
  readonly role?: string | undefined
  readonly email?: string | undefined
  readonly url?: string | undefined
  readonly photo?: string | undefined
  readonly social?: readonly { readonly name: string; readonly url: string }[]
  /** Plain text. */
  readonly biography?: string | undefined
}

export interface ImportedArticle {
  readonly place: Place
  /** What the old feed called it: no feed reader shows it again. */
  readonly id: string
  /** Its old address: absolute, or a path on the old site. */
  readonly url?: string | undefined
  /** Where it was before that: paths or addresses. */
  readonly aliases?: readonly string[]
  readonly slug?: string | undefined
  /** Plain text. */
  readonly title: string
  /** ISO 8601, with an offset where the export has one. */
  readonly date?: string | undefined
  readonly updated?: string | undefined
  readonly authors: readonly ImportedAuthor[]
  readonly categories?: readonly string[]
  readonly tags?: readonly string[]
  readonly summary?: string | undefined
  readonly dateline?: string | undefined
  readonly image?: ImportedPicture | undefined
  /** What is said of a lead picture that the export does not have. */
  readonly imageWords?: Omit<ImportedPicture, 'src'> | undefined
  readonly audio?: Readonly<Record<string, unknown>> | undefined
  readonly language?: string | undefined
  /** Why it is not for everybody: 'draft', 'private', 'scheduled', 'for paying readers'. Such an article becomes a draft. */
  readonly heldBack?: string | undefined
  readonly live?: boolean
  readonly comments?: string | undefined
  readonly source?: string | undefined
  readonly canonical?: string | undefined
  /** Made when it is asked for, where that takes time; `findings` are complete then. */
  readonly body: ImportedBody
  readonly findings?: readonly Finding[]
}

export interface ImportedBody {
  readonly syntax: 'html' | 'markdown'
  readonly text: string
  /** Line of the export on which the text begins; 0 where its lines are not those of the export. */
  readonly line: number
}

/** One thing that did not come over as it was. */
export interface Finding extends Place {
  /** What is counted together, in the plural: 'forms', 'comments'. */
  readonly kind: string
  readonly message: string
  /** Somebody must look at it: the command ends with 1. */
  readonly needsPerson?: true
}

/** What is in an export. `articles` may be asked for more than once, and begins anew each time. */
export interface OpenExport {
  articles(): AsyncIterable<ImportedArticle>
  /** Host names whose addresses are the old site's own. */
  readonly hosts: readonly string[]
  /** What is no article, by kind in the plural: { pages: 3 }. Complete once `articles` ended. */
  readonly leftOut: Readonly<Record<string, number>>
  /** Addresses that the old feed had. */
  readonly feeds: readonly string[]
  /** Files with lists of readers. */
  readonly lists: readonly string[]
}

/** A system that articles come from. */
export interface Importer {
  /** As `--from` names it. */
  readonly name: string
  /** As people call it. */
  readonly title: string
  /** Whether an export looks like one of this system's. */
  recognises(files: ExportFiles): boolean
  open(files: ExportFiles, settings: ImportSettings): Promise<OpenExport>
}

export interface ImportSettings {
  /** IANA name: dates without an offset are in it. */
  readonly timezone: string
  /** Of the publication. */
  readonly language: string
  /** Of the publication: what another house's copyright line does not say. */
  readonly title: string
  /** The old site's address, as `--site` says. */
  readonly site: string | undefined
}

/** Counts what is no article. */
export class LeftOut {
  readonly counts: Record<string, number> = {}

  /** Begins again, since articles are read twice. */
  reset(): void {
    for (const kind of Object.keys(this.counts)) delete this.counts[kind]
  }

  add(kind: string): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1
  }
}

/** With what was found before it, which no article is to blame for. */
export function withFindings(article: ImportedArticle, before: readonly Finding[]): ImportedArticle {
  return before.length === 0 ? article : { ...article, findings: [...before, ...(article.findings ?? [])] }
}

/** Names in one text with commas, semicolons or "and" between them. */
export function namesIn(text: string): ImportedAuthor[] {
  return text
    .split(/\s*[;,]\s*|\s+(?:and|&)\s+/)
    .map(name => name.trim())
    .filter(name => name !== '')
    .map(name => ({ name }))
}

export function hostOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : /^(?:https?:)?\/\/([^/?#]+)/i.exec(url)?.[1]?.toLowerCase()
}

/** A file with lists of readers, by its name in the exports of any system. */
export function isReaderList(path: string): boolean {
  return /(?:^|\/)(?:members?|email_list|subscribers?|subscriptions?|subscribed|unsubscribed|nonsubscribed|cleaned)[^/]*\.csv$/i.test(
    path,
  )
}
