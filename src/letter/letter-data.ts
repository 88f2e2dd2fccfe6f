// The data of a letter's templates: every value by name, with its description. `templates data` prints it, and the page of
// the reference is made of it; the compiler keeps it in step with the data.

import type { DrawnPicture } from './letter-pictures.ts'
import type { LetterBlock, LetterStory } from './letter-story.ts'
import type { LetterAuthor, LetterPart, LetterView } from './letter-view.ts'

/** Name → what it is, in plain words. */
export type Described<Of> = { readonly [name in keyof Required<Of>]: string }

const SCRIPT = {
  language: 'its language, as in BCP 47: en-IN',
  direction: 'ltr or rtl',
  start: 'the side on which its lines begin: left or right',
  end: 'the other side',
  slant: 'italic, or normal where the script has no italics: for font-style',
  latin: 'whether its labels may be letter-spaced capitals',
}

const LETTER = {
  ...SCRIPT,
  marker: 'a word that marks the slots of this letter; used by {{slot}} and {{reader}}',
  hanging: 'languages in it that are written in Nastaliq, which needs twice the height of a line',
  compounding: 'languages in it whose words may be longer than a line',
  highlighted: 'whether code in it has colours',
  compact: 'whether the newsletter has the compact layout',
  colors:
    'page, paper, ink, soft, rule, code, accent (for text), brand (for bands without text), and the same of them in dark.…',
  fonts:
    'text and labels: lists of typefaces; heading: a whole declaration, or nothing where headings look like text; outlook: those for Outlook, where the publication has its own',
  theme: 'the theme of publication.yaml: headings, text, labels, masthead, ground, corners, fonts',
  corners: ';border-radius:8px for a style, or nothing',
  masthead: 'where the masthead is aligned: center, left or right',
  subject: 'the subject',
  preheader: 'the line that inboxes show behind the subject',
  publication:
    'title, language, direction, slant, foreign (whether its language is another one), tagline, url, rights, address, social (name, url), logo and logoDark (pictures)',
  newsletter: 'id and title',
  edition:
    'id, url (of its page for browsers), sendAt (for {{weekday}}), number (of the week, in a weekly newsletter)',
  preferences: 'whether there is a page on which readers change what they get',
  note: 'the editor’s note: html and text',
  blocks: 'top, afterLead, between, bottom: lists of blocks',
  whole: 'the story, where a letter has one whole article; nothing else of parts and lead is there then',
  lead: 'the story that leads',
  parts: 'the sections, each with its stories',
  more: 'how many articles are only on the web, because the letter would be too long',
  author: 'the author of all articles in it, if it is one',
  variables: 'variables: of publication.yaml, by name',
  data: 'what the editor’s note says under data:, by name',
} satisfies Described<LetterView>

const PART = {
  title: 'name of the section; empty for articles without one',
  untitled: 'whether the lead has the same label already',
  layout: 'hero, cards, list, columns or headlines',
  space: 'pixels between a line and the story below it',
  stories: 'its stories',
  pairs: 'the same two by two, for columns',
  odd: 'what is left over of the pairs',
  more: 'how many are not shown because of the limit of the section',
  url: 'where the section is on the web',
} satisfies Described<LetterPart>

const STORY = {
  ...SCRIPT,
  title: 'headline',
  long: 'whether the headline is so long that it is set smaller',
  url: 'address of its page',
  foreign: 'whether it is written in another direction than the letter',
  chrome: 'language of the words around it, for language=chrome',
  chromeDirection: 'direction of those words',
  section: 'name of its section',
  summary: 'its summary, as long as there is room',
  readOn: 'whether the article says more than its summary',
  meta: 'byline, place and reading time, a list',
  metaLines: 'the same, with a long byline on a line of its own',
  metaLong: 'whether a telephone has no room for one of these lines beside a picture',
  updated: 'when it last changed, for {{datetime}}',
  live: 'whether it is a live blog',
  latest: 'of a live blog: time and title of its newest entry',
  audio: 'url and label of its recording',
  source: 'of a link post: url and name of the page that it is about',
  comments: 'address of its discussion',
  marked: 'whether it has a recording or a source',
  picture: 'its picture, as wide as the column',
  thumb: 'the same picture for a card, 180 pixels wide',
  square: 'a small square of it, where the layout is a list',
  half: 'the same picture for one of two columns',
  pictureText: 'the alternative text of a picture that mail clients do not show',
  body: 'HTML of the whole article, in a letter of one article: {{{body}}}',
  bodyText: 'its text',
  extra: 'front matter that Broadsheet does not know: {{lookup extra "mood"}}',
} satisfies Described<LetterStory>

const PICTURE = {
  url: 'its address, for {{url picture.url}}',
  alt: 'alternative text; empty for decoration',
  width: 'in CSS pixels',
  height: 'in CSS pixels, where it is known',
  large: 'whether it is wide enough for a whole phone, and not higher than wide',
  caption: 'caption',
  credit: 'who made it',
  links: 'words of both that are links: {{linked picture.caption picture.links}}',
  legend: 'whether there is a caption or a credit',
  file: 'path of the file below articles/, where it is used as it is',
} satisfies Described<DrawnPicture>

const BLOCK = {
  partial: 'the partial that shows it: block-<kind> where there is one, else letter-block',
  above: 'whether it has a line above: not below the date',
  below: 'whether it has a line below: not above the footer',
  label: 'the line above it, with “Advertisement” where it is one; empty for none',
  kind: 'the kind that the settings or the note give it',
  html: 'HTML: {{{html}}}',
  text: 'text',
} satisfies Described<LetterBlock>

const AUTHOR = {
  ...SCRIPT,
  name: 'name',
  url: 'address of her page; empty for none',
  role: 'what she is',
  photo: 'a picture, cropped to a square',
  biography: 'HTML: {{{biography}}}',
  biographyText: 'text',
  links: 'name and url of each of her pages elsewhere',
} satisfies Described<LetterAuthor>

export interface DataTable {
  readonly title: string
  readonly names: Readonly<Record<string, string>>
}

/** The letter first, then what is in it. */
export const LETTER_DATA: readonly DataTable[] = [
  { title: 'The letter', names: LETTER },
  { title: 'A section: parts', names: PART },
  { title: 'A story: lead, whole, and stories of a section', names: STORY },
  { title: 'A picture', names: PICTURE },
  { title: 'A block: blocks.top and the others', names: BLOCK },
  { title: 'The author', names: AUTHOR },
]
