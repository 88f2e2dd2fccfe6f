/**
 * Every noun of Broadsheet as a type, in the order of the pipeline. Types only; imports nothing; everybody reads it.
 *
 * publication  everything in one folder: settings, articles, authors, templates
 * article      one Markdown file with front matter
 * section, tag an article has at most one section and any number of tags
 * feed         one channel of articles in three formats: RSS 2.0, Atom, JSON Feed 1.1
 * newsletter   a standing offer that people subscribe to: "The Weekly", every Friday at 07:00
 * edition      one dated number of a newsletter: the articles it carries and the editor's note
 * letter       an edition rendered once: subject, HTML, text, headers, with slots for what differs by reader
 * message      a letter made out to one subscriber: the bytes of one mail and its envelope
 * subscriber   one address, its state, the newsletters and topics it asked for
 * delivery     one edition × one subscriber, with its state: a row of the ledger
 * outcome      what became of one attempt
 * suppression  an address that must never be mailed again, and why
 * diagnostic   one problem found: file, line, rule, what to do
 */

// ─── Values that everybody uses ─────────────────────────────────────────────────────────────────────────────────────

/** An instant that remembers the UTC offset it was written with. */
export interface Timestamp {
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly at: number
  /** Minutes east of UTC: 330 for +05:30. */
  readonly offset: number
}

export type Direction = 'ltr' | 'rtl'

/** One problem found in what people wrote. Problems are values: nothing that reads an article throws. */
export interface Diagnostic {
  /** Path relative to the publication's folder, with forward slashes. */
  file: string
  /** 1-based; 0 when the problem belongs to the whole file. */
  line: number
  /** kebab-case name of the rule: 'article-date'. */
  rule: string
  severity: 'error' | 'warning' | 'info'
  /** What is wrong, with the offending text. */
  message: string
  /** What to do, with an example of right. */
  advice: string
}

// ─── Publication ────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Publication {
  /** Absolute path of the folder that contains `articles/`. */
  readonly dir: string
  readonly title: string
  readonly tagline: string
  /** Absolute http(s) URL of the publication's home page, ending in a slash. */
  readonly url: string
  /** BCP 47. */
  readonly language: string
  /** Those that folders and names of files may say an article is in. */
  readonly languages?: readonly string[] | undefined
  readonly direction: Direction
  /** IANA name. */
  readonly timezone: string
  readonly rights: string
  /** Postal address printed in every letter; empty when not given. */
  readonly address: string
  readonly logo?: Picture | undefined
  /** In its place where the background is dark. */
  readonly logoDark?: Picture | undefined
  readonly icon?: Picture | undefined
  /** `#rrggbb`. */
  readonly accent: string
  readonly theme: Theme
  readonly social: readonly SocialLink[]
  /** In the settings' order. */
  readonly sections: readonly Section[]
  readonly articles: {
    readonly url: string
    readonly pages: boolean
    readonly idHost: string
    /** What the id of an article is that has none of its own; `tag` when undefined. */
    readonly id?: 'tag' | 'url' | 'guid' | undefined
    /** That address, where it is not the one that the article has: 'https://old.example/{year}/{slug}/'. */
    readonly idPattern?: string | undefined
    /** Where the date of an article comes from that has none. */
    readonly datesFrom?: 'git' | undefined
    /** Straight quotes become those of the language. */
    readonly typography?: boolean | undefined
    /** Whether each page has a twin in Markdown beside it; none if left out. */
    readonly markdown?: boolean | undefined
    /** Whether code has colours on pages and in letters; true if left out. */
    readonly highlight?: boolean | undefined
    /** Whether `$…$` is mathematics; true if left out. */
    readonly math?: boolean | undefined
    /** Extensions of files that articles may bring along although browsers or servers run them; none if left out. */
    readonly attachments?: readonly string[] | undefined
  }
  /** Names of the settings' own, for the tags of texts: `{{ name }}`. */
  readonly variables?: Readonly<Record<string, string | number>> | undefined
  /** What the settings of the site's own tool say, for `site.…` in its tags: `_config.yml`. */
  readonly siteValues?: Readonly<Record<string, string | number | boolean>> | undefined
  /** Directives in place of those that pages are served with. */
  readonly contentPolicy?: string | undefined
  readonly feeds: FeedSettings
  readonly podcast?: PodcastSettings | undefined
  readonly licence?: Licence | undefined
  /** Publications elsewhere that this one recommends. */
  readonly recommendations?:
    | readonly { readonly title: string; readonly feed: string; readonly site?: string | undefined }[]
    | undefined
  readonly newsletters: readonly Newsletter[]
  /** Where `broadsheet serve` answers, ending in a slash; without it people leave by mailto. */
  readonly service?: string | undefined
  readonly mail: MailSettings
}

/** How letters, pages and feeds look, beside the accent and the logo. */
export interface Theme {
  readonly headings: Typeface
  readonly text: Typeface
  /** Bylines, captions, names of sections, buttons. */
  readonly labels: Typeface
  readonly masthead: 'center' | 'start'
  /** The tint of what lies behind and between: warm and cool greys, or nothing but white and black. */
  readonly ground: 'warm' | 'cool' | 'plain'
  /** Of pictures, boxes and buttons. */
  readonly corners: 'square' | 'round'
  /** Typefaces of the publication's own, each before the one that is named above, for readers who have them. */
  readonly fonts?:
    | { readonly [place in 'headings' | 'text' | 'labels']?: readonly string[] | undefined }
    | undefined
}

/** A family of typefaces that readers have: no letter and no page loads one. */
export type Typeface = 'serif' | 'old-style' | 'slab' | 'sans' | 'humanist'

export interface SocialLink {
  readonly name: string
  readonly url: string
}

export interface Section {
  readonly slug: string
  readonly title: string
}

export interface FeedSettings {
  /** How many of the newest articles a feed carries. */
  readonly items: number
  readonly content: 'full' | 'summary'
  /** Whether byline, dates and links to other stories come after the text of an item; they do when undefined. */
  readonly furniture?: 'none' | undefined
  readonly per: readonly ('section' | 'tag' | 'author')[]
  /** Whether the main feed has the articles of the publication's language only; of all when undefined. */
  readonly main?: 'language' | undefined
  /** By a filter, beside those of sections, tags and authors. */
  readonly own?: readonly OwnFeed[] | undefined
  /** Where feeds were before: paths on the site, with a place for sections, tags or authors. */
  readonly paths?: readonly string[] | undefined
  readonly archive: boolean
  /** Whether the main Atom feed says which articles were withdrawn (RFC 6721). */
  readonly tombstones?: boolean | undefined
  /** Whether each feed carries every article there is, and says so (RFC 5005 §2). */
  readonly complete?: boolean | undefined
  /** Whether items of RSS have their text as Markdown, too. */
  readonly markdown?: boolean | undefined
  /** Whether each reader can have the feeds at an address of her own. */
  readonly private?: boolean | undefined
  /** Addresses that everybody may see: of who answers for the text, and for the files. */
  readonly editor?: Mailbox | undefined
  readonly webmaster?: Mailbox | undefined
  /** Home page of the site that has these feeds now, ending in a slash. */
  readonly moved?: string | undefined
  /** Nothing will ever be published again. */
  readonly ended?: boolean | undefined
  /** WebSub hubs, absolute URLs. */
  readonly hubs: readonly string[]
}

/** Names of any of which an article has one, of each kind that is given. */
export interface FeedFilter {
  readonly sections?: readonly string[] | undefined
  readonly tags?: readonly string[] | undefined
  readonly authors?: readonly string[] | undefined
  readonly languages?: readonly string[] | undefined
}

export interface OwnFeed extends FeedFilter {
  /** In its address. */
  readonly name: string
  readonly title?: string | undefined
  /** Articles that have any of these are not in it. */
  readonly without?: FeedFilter | undefined
  readonly content?: 'full' | 'summary' | undefined
  readonly items?: number | undefined
}

export interface PodcastSettings {
  readonly title?: string | undefined
  readonly image?: Picture | undefined
  readonly category?: string | undefined
  readonly explicit: boolean
  readonly type?: 'episodic' | 'serial' | undefined
  readonly funding?: readonly { readonly url: string; readonly text: string }[] | undefined
  readonly owner?: { readonly name: string; readonly email: string } | undefined
  /** Of a show that was elsewhere before: it is known by it for ever. */
  readonly guid?: string | undefined
  readonly location?: string | undefined
  /** How often an episode is to be expected. */
  readonly every?: 'day' | 'week' | 'month' | undefined
  /** Other shows that this one recommends. */
  readonly podroll?: readonly { readonly guid: string; readonly url?: string | undefined }[] | undefined
  /** What directories want to read: proof of who owns it. */
  readonly txt?: readonly { readonly purpose?: string | undefined; readonly text: string }[] | undefined
}

/** What others may do with the articles. */
export interface Licence {
  /** SPDX: 'CC-BY-4.0'; or words of its own. */
  readonly name: string
  /** Where its text is. */
  readonly url?: string | undefined
  /** RSL 1.0, usage: what machines may do, and what they may not. */
  readonly permits: readonly string[]
  readonly prohibits: readonly string[]
  readonly payment?: string | undefined
}

/** How a sender that receivers do not know yet begins: with few readers a day, and more each day. */
export interface WarmUp {
  /** Readers on the first day. */
  readonly start: number
  /** Each day's limit is the last one's times this. */
  readonly growth: number
  /** From this limit on there is none. */
  readonly end: number
}

export interface MailSettings {
  /** Address that takes bounces; the envelope sender. */
  readonly bounces?: string | undefined
  /** Messages a second; no limit when undefined. */
  readonly rate?: number | undefined
  readonly connections: number
  /** Receiving domain, in lower case → most messages a second to it. */
  readonly domains?: Readonly<Record<string, number>> | undefined
  readonly warmUp?: WarmUp | undefined
  readonly dkim?:
    | {
        readonly domain: string
        readonly selector: string
        /** A second signature by a key of this kind. */
        readonly ed25519?: { readonly selector: string } | undefined
      }
    | undefined
}

/** A display name and an address; both free of CR, LF and NUL. */
export interface Mailbox {
  readonly name: string
  readonly address: string
}

export interface Newsletter {
  readonly id: string
  readonly title: string
  readonly every: 'article' | 'day' | 'week' | 'month'
  /** Weekday 1 (Monday) to 7 for `week`, day of the month 1 to 31 for `month` (the last day where a month is shorter). */
  readonly on: number
  /** Minutes after local midnight in the publication's zone. */
  readonly at: number
  /** Midnight of the day of its first edition, ms since epoch: there is none before. */
  readonly since?: number | undefined
  readonly from: Mailbox
  readonly replyTo?: Mailbox | undefined
  /** Section slugs it carries; undefined for all. */
  readonly sections?: readonly string[] | undefined
  /** How its letters show a section, by slug; as `layout` says where there is none. */
  readonly layouts?: Readonly<Record<string, SectionLayout>> | undefined
  readonly tags?: readonly string[] | undefined
  /** Handlebars over `{ edition, publication }`: '{{edition.lead.title}}'. */
  readonly subject: string
  readonly language: string
  readonly layout: 'auto' | 'cards' | 'compact'
  /** Messages a second of all its senders together; no limit of its own when undefined. */
  readonly rate?: number | undefined
  /** In every letter of it: those of all newsletters, then its own. */
  readonly blocks?: readonly Block[] | undefined
}

/** How a letter shows the articles of a section. */
export interface SectionLayout {
  /**
   * `hero`: the first as large as the lead; `cards`: text beside a picture; `list`: a small square picture; `columns`: two side
   * by side; `headlines`: nothing but titles.
   */
  readonly layout?: 'hero' | 'cards' | 'list' | 'columns' | 'headlines' | undefined
  /** How many at most; the others are counted, with a link to the section. */
  readonly limit?: number | undefined
}

/** Something of the editor's own in a letter, beside the articles: a sponsor, an event, a quotation of the week. */
export interface Block {
  /** `between`: after the first section of stories. */
  readonly place: 'top' | 'after-lead' | 'between' | 'bottom'
  /** The line above it; empty for none. */
  readonly title: string
  /** Markdown. */
  readonly text: string
  /** Labelled as an advertisement, in the letter's language. */
  readonly advertisement: boolean
  /** 'event': shown by the publication's own partial `block-event`, where it has one. */
  readonly kind?: string | undefined
}

// ─── Article ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Words of a text that are a link. */
export interface WordLink {
  readonly text: string
  /** The whole text and the place of the words in it; undefined for their first place in any text. */
  readonly of?: string | undefined
  readonly at?: number | undefined
  readonly url: string
}

/** A picture of the publication's own (with `file`) or somewhere else on the web. */
export interface Picture {
  /** Absolute URL where a reader finds it. */
  readonly url: string
  /** Path relative to `articles/` when it is the publication's own file; copied to the same path below `out/`. */
  readonly file?: string | undefined
  readonly alt: string
  readonly caption?: string | undefined
  readonly credit?: string | undefined
  /** Words of caption and credit that lead somewhere. */
  readonly links?: readonly WordLink[] | undefined
  /** Media RSS role of the credit: 'photographer', 'agency', …; default 'photographer'. */
  readonly creditRole?: string | undefined
  /** '© 2026 Asian Press Photo'. */
  readonly copyright?: string | undefined
  /** Whether letters may cut it to their ratios (a photograph) or show it whole (a chart); by its type if undefined. */
  readonly fit?: 'cover' | 'contain' | undefined
  /** The point that a cut keeps, from 0 to 1 of its width and height. */
  readonly focus?: readonly [x: number, y: number] | undefined
  /** Of a logo: whether nothing behind it is seen. */
  readonly opaque?: boolean | undefined
  /** Pixels, bytes and media type as read from the file itself. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly bytes?: number | undefined
  readonly type?: string | undefined
}

export interface Audio {
  readonly url: string
  readonly file?: string | undefined
  readonly bytes?: number | undefined
  readonly type: string
  /** Seconds. */
  readonly duration?: number | undefined
  readonly episode?: number | undefined
  readonly season?: number | undefined
  /** Of the episode; `full` when undefined. */
  readonly kind?: 'full' | 'trailer' | 'bonus' | undefined
  readonly explicit?: boolean | undefined
  readonly transcript?: string | undefined
  readonly chapters?: string | undefined
  /** Short parts that introduce it, in seconds. */
  readonly soundbites?:
    | readonly { readonly start: number; readonly duration: number; readonly title?: string | undefined }[]
    | undefined
  /** Of an episode, square. */
  readonly image?: Picture | undefined
  /** Own files beside the recording, as paths relative to `articles/`: transcript, chapters and cover. */
  readonly files?: readonly string[] | undefined
}

export interface Author {
  /** Name of `authors/<id>.md`; undefined for a name that has no such file. */
  readonly id?: string | undefined
  readonly name: string
  readonly role?: string | undefined
  readonly photo?: Picture | undefined
  readonly url?: string | undefined
  readonly email?: string | undefined
  readonly social: readonly SocialLink[]
  /** Markdown; empty when there is none. */
  readonly biography: string
}

/**
 * Whether an article is seen at the time of this run. `published` is in feeds and letters; `unlisted` has a page only;
 * `withdrawn` a tombstone only; the others are not built.
 */
export type ArticleState = 'published' | 'unlisted' | 'withdrawn' | 'draft' | 'future' | 'expired'

export interface Article {
  /** A tag: URI or the author's own `id`; never changes. RFC 4151. */
  readonly id: string
  /** Path relative to the publication's folder: 'articles/2026/hello.md'. */
  readonly file: string
  readonly slug: string
  /** Its absolute URL. */
  readonly url: string
  readonly state: ArticleState
  /** Plain text, one line. */
  readonly title: string
  readonly date: Timestamp
  /** Last significant change; never before `date`. */
  readonly updated?: Timestamp | undefined
  readonly authors: readonly Author[]
  readonly section?: Section | undefined
  readonly tags: readonly string[]
  /** Plain text, when the author wrote one (`Body.summary` is always there). */
  readonly summary?: string | undefined
  readonly place?: string | undefined
  readonly image?: Picture | undefined
  readonly audio?: Audio | undefined
  readonly language: string
  readonly direction: Direction
  /** A live blog: `## 14:05 …` headings are its entries. */
  readonly live: boolean
  readonly expires?: Timestamp | undefined
  readonly withdrawn?: { readonly at?: Timestamp | undefined; readonly reason: string } | undefined
  /** URL of the discussion. */
  readonly comments?: string | undefined
  /** A link post: what it points at. */
  readonly source?:
    | {
        readonly url: string
        readonly title?: string | undefined
        /** Address of the feed that the article was taken over from. */
        readonly feed?: string | undefined
      }
    | undefined
  readonly canonical?: string | undefined
  /** Front matter that has no meaning to Broadsheet; templates may use it. */
  readonly extra: Readonly<Record<string, unknown>>
  /** Markdown, without the front matter. */
  readonly body: string
  /** 1-based line of the file on which `body` begins. */
  readonly bodyLine: number
}

/** An editor's note: `articles/editions/<newsletter>/<id>.md`. */
export interface EditionNote {
  readonly newsletter: string
  readonly id: string
  readonly file: string
  readonly subject?: string | undefined
  readonly preheader?: string | undefined
  /** Article references: an id, a slug, or a file name with or without extension. */
  readonly lead?: string | undefined
  readonly pick: readonly string[]
  readonly omit: readonly string[]
  readonly order: readonly string[]
  readonly sendAt?: Timestamp | undefined
  readonly hold: boolean
  /** The note of an edition outside the schedule, which carries what it picks. */
  readonly extra: boolean
  /** In the letter of this edition, after those of the newsletter. */
  readonly blocks?: readonly Block[] | undefined
  /** Whatever the editor wants to say in the publication's own templates. */
  readonly data?: Readonly<Record<string, unknown>> | undefined
  /** Markdown. */
  readonly body: string
  readonly bodyLine: number
}

/** What `load` makes of a folder. */
export interface Loaded {
  readonly publication: Publication
  /** Every readable article in every state, newest first (date, then id). */
  readonly articles: readonly Article[]
  /** By id. */
  readonly authors: ReadonlyMap<string, Author>
  readonly notes: readonly EditionNote[]
  /** Instants at which the same folder loads to something else, besides those that articles name: ms since epoch. */
  readonly turns?: readonly number[] | undefined
  /** Files of articles whose last change is still to come: it is left out until then. */
  readonly early?: ReadonlySet<string> | undefined
  /**
   * Path of the settings, relative to the publication's folder, and their text: for the lines of what is wrong with them.
   * Not in the publication: letters are marked by what that says.
   */
  readonly settings: { readonly file: string; readonly text: string }
  readonly diagnostics: readonly Diagnostic[]
  /** How many article files were found, and how many of them could not be used. */
  readonly read: number
  readonly broken: number
}

// ─── Prose: Markdown made ready for its three destinations ──────────────────────────────────────────────────────────

export interface Prose {
  /** Clean HTML for feeds and pages: absolute URLs, no script, form, frame, class, style or handler. */
  readonly html: string
  /** The subset that mail clients show: div and p instead of figure and section, no ids, signs instead of check boxes. */
  readonly letterHtml: string
  /** Plain text made from the Markdown tokens, unwrapped: paragraphs separated by a blank line, links as `text <url>`. */
  readonly text: string
  /** Own files that it shows, as paths relative to `articles/`. */
  readonly files: readonly string[]
}

/** What in the source of a text had no meaning here, or was held back. */
export interface TextNote {
  /** 1-based, in the text. */
  readonly line: number
  readonly rule: 'template-tags' | 'unclosed-remark' | 'component-left-out' | 'raw-html-removed'
  readonly message: string
  readonly advice: string
}

/** A file of the publication's own that a text refers to, and that no site should publish. */
export interface RefusedFile {
  /** As the text has it. */
  readonly reference: string
  /** "is HTML", "has a script in it". */
  readonly what: string
  /** Its extension, by which the settings allow such files. */
  readonly key: string
}

export interface Body extends Prose {
  /** Plain text: the author's, or the first paragraph cut at a sentence. Never empty unless the article is. */
  readonly summary: string
  readonly words: number
  /** Reading time in whole minutes, at least 1. */
  readonly minutes: number
  /** Characters of `text`, which are counted until there are clearly more than in the summary. */
  readonly textLength: number
  /** Undefined unless the article is live. */
  readonly live: LiveParts | undefined
  readonly notes: readonly TextNote[]
  readonly refused: readonly RefusedFile[]
}

/** A live blog taken apart: each of its words is in one part. */
export interface LiveParts {
  /** What comes before the first entry; everything but the footnotes, where there is none. */
  readonly intro: Prose
  /** Newest first. */
  readonly entries: readonly LiveEntry[]
  /** Between and after the entries: those headings that are no entry's, and the text under them. */
  readonly sections: Prose
  /** The footnotes of all. */
  readonly notes: Prose
}

/** One entry of a live blog. */
export interface LiveEntry extends Prose {
  /** Of its heading: links to it, in feeds and elsewhere, lead there. */
  readonly id: string
  /** '14:05' as written. */
  readonly time: string
  readonly at: Timestamp
  readonly title: string
}

/** Markdown → prose, made once per article and remembered. */
export interface Renderer {
  body(article: Article): Body
  /** A biography, an editor's note: Markdown that is not an article. `file` is where its relative paths start from. */
  prose(markdown: string, file: string): Prose
  /** Clean HTML → Markdown, where the publication has articles as Markdown, too. */
  readonly markdown?: ((html: string) => string) | undefined
}

// ─── Output ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One file to be written below `out/`. */
export interface OutputFile {
  /** Relative to `out/`, forward slashes, no '..'. */
  readonly path: string
  /**
   * The bytes; or the publication's own file (relative to `articles/`) to copy; or the pieces that the bytes are put
   * together from, made while they are read and the same every time: a feed of ten thousand articles fits in no string.
   */
  readonly body:
    | string
    | Uint8Array
    | { readonly copy: string }
    | { readonly chunks: Iterable<string | Uint8Array> }
}

// ─── Edition, letter, message ───────────────────────────────────────────────────────────────────────────────────────

/** One place in a newsletter's schedule. It follows from the schedule alone, so that every machine agrees. */
export interface Slot {
  /** '2026-W05', '2026-01-30', '2026-01', or an article's slug. */
  readonly id: string
  /** Window: articles first published after `from` and not after `until`; ms since epoch. */
  readonly from: number
  readonly until: number
}

export interface Edition {
  readonly newsletter: Newsletter
  readonly id: string
  readonly from: number
  readonly until: number
  /** When it is due: `until`, or the note's `send_at`; ms since epoch. */
  readonly sendAt: number
  /** The editor stopped it until further notice. */
  readonly hold: boolean
  /** Where it is on the web, if not in the archive of its newsletter. */
  readonly url?: string | undefined
  readonly note?: EditionNote | undefined
  /** The lead, if there is one, is also the first of `articles`. */
  readonly lead?: Article | undefined
  /** In the order of the letter. */
  readonly articles: readonly Article[]
  /** The same articles after the lead, grouped in the settings' order of sections; '' titles what has none. */
  readonly parts: readonly { readonly title: string; readonly articles: readonly Article[] }[]
  readonly leftOut: readonly LeftOut[]
}

export interface LeftOut {
  /** Article id. */
  readonly article: string
  readonly why: string
}

/** An edition that appeared, as the web archive and its feed speak of it: nothing in it is any one reader's. */
export interface ArchivedEdition {
  readonly id: string
  /** Its newsletter's id. */
  readonly newsletter: string
  readonly subject: string
  /** What an inbox shows after the subject: plain text on one line. */
  readonly preheader: string
  /** ms since epoch. */
  readonly until: number
  /** How many. */
  readonly articles: number
  /** The lead's. */
  readonly image?: Picture | undefined
  /** HTML: the editor's note, each article's title and summary. Only where a feed carries the edition. */
  readonly digest?: string | undefined
}

/**
 * An edition rendered once. Where readers differ, subject, html and text have a slot: `⟦<marker>:name⟧` or
 * `⟦<marker>:name|fallback⟧`. The marker is a hash over what the letter says, so that no article can forge a slot.
 */
export interface Letter {
  /** '<newsletter>/<id>' */
  readonly edition: string
  readonly newsletter: string
  readonly subject: string
  readonly preheader: string
  readonly language: string
  readonly from: Mailbox
  readonly replyTo?: Mailbox | undefined
  readonly html: string
  readonly text: string
  /** 12 hex digits. */
  readonly marker: string
  /** What is ready to be sent in a mail that asks to leave; undefined where a page does that. */
  readonly leaveText?: string | undefined
  /** Own pictures that it shows, as paths relative to `articles/`. */
  readonly files: readonly string[]
}

/** A picture of the publication's own as letters show it: JPEG, PNG or GIF of bounded size and weight. */
export interface LetterPicture {
  /** Absolute URL where a reader finds it. */
  readonly url: string
  readonly type: string
  readonly width: number
  readonly height: number
  readonly bytes: number
  /** Path relative to `articles/` when letters show the file as it is; otherwise the build makes another of it. */
  readonly file?: string | undefined
  /** Luminance, 0 to 1, of the darker and the lighter fifth of what is visible, where parts of it are see-through. */
  readonly shades?: { readonly dark: number; readonly light: number } | undefined
}

/** By the URL that articles have for it. One that cannot be read is 'broken': its alternative text is shown instead. */
export type LetterPictures = ReadonlyMap<string, LetterPicture | 'broken'>

/** The bytes of one mail and its envelope. */
export interface Message {
  /** '<…@…>', the same on every attempt. */
  readonly messageId: string
  readonly envelope: { readonly from: string; readonly to: string }
  /** RFC 5322 with CRLF line ends, not dot-stuffed. */
  readonly bytes: Uint8Array
}

// ─── Subscribers and the ledger ─────────────────────────────────────────────────────────────────────────────────────

export type SubscriberState = 'pending' | 'active' | 'unsubscribed'

export interface Subscriber {
  readonly id: number
  /** As the person wrote it. */
  readonly email: string
  readonly name: string
  readonly state: SubscriberState
  /** Newsletter id → topics (section slugs and tags) asked for; an empty list is everything. */
  readonly newsletters: Readonly<Record<string, readonly string[]>>
  /** Other columns of the imported row. */
  readonly fields: Readonly<Record<string, string>>
  /** Where consent came from ('import readers.csv', 'add', 'form') and when; ms since epoch. */
  readonly source: string
  readonly since: number
}

export interface Suppression {
  /** SHA-256 of the normalised address, hex: survives erasure. */
  readonly hash: string
  readonly reason: 'bounce' | 'complaint' | 'unsubscribed' | 'erased' | 'manual'
  readonly since: number
}

/** `pending → leased → handed → accepted | deferred | rejected | unknown`, or `skipped` with a reason. */
export type DeliveryState =
  | 'pending'
  | 'leased'
  | 'handed'
  | 'accepted'
  | 'deferred'
  | 'rejected'
  | 'unknown'
  | 'skipped'

/** One edition × one subscriber: a row of the ledger. Address, name and fields are copied when the edition freezes. */
export interface Delivery {
  readonly edition: string
  readonly subscriber: number
  readonly email: string
  readonly name: string
  readonly fields: Readonly<Record<string, string>>
  readonly state: DeliveryState
  /** Why it was skipped. */
  readonly reason?: string | undefined
  /** Attempts made so far. */
  readonly attempts: number
  /** When the next attempt may be made, ms since epoch; undefined for at once. */
  readonly nextAt?: number | undefined
  /** The last reply: '250 2.0.0 Ok: queued as 4XyZ'. */
  readonly reply?: string | undefined
  /** Which of the edition's letters she gets, where her topics leave articles out; undefined for the whole. */
  readonly variant?: number | undefined
}

/** What became of one attempt. A failed delivery is a value, not an error. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly code: number; readonly reply: string }
  | {
      readonly kind: 'rejected'
      readonly code: number
      readonly enhanced?: string | undefined
      readonly reply: string
    }
  | {
      readonly kind: 'deferred'
      readonly code?: number | undefined
      readonly enhanced?: string | undefined
      readonly reply: string
    }
  /** 421, connection refused or lost before the last byte could leave: the host is at fault, not the person. */
  | { readonly kind: 'host-trouble'; readonly reply: string }
  /** All bytes were handed over and no reply code came. */
  | { readonly kind: 'unknown'; readonly reply: string }

/** The counts of one edition's ledger. */
export interface LedgerCounts {
  readonly audience: number
  readonly pending: number
  readonly accepted: number
  readonly rejected: number
  readonly deferred: number
  readonly unknown: number
  /** Reason → how many. */
  readonly skipped: Readonly<Record<string, number>>
}

/** A bar for anything longer than a second; silent where nobody watches. */
export interface Progress {
  /** @param done of the total so far @param note shown behind the bar: '18/s, 2 min left' */
  at(done: number, note?: string): void
  stop(): void
}
