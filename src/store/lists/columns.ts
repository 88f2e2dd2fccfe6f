// The titles of a list's columns → what each is for: an address, a name, a field of the reader; and all cells of one column
// → whether they say who is subscribed.

import { parseAddress } from '../../base/index.ts'
import {
  isBlank,
  isGoneByOneWord,
  type Standing,
  saysGone,
  stateOfWord,
  words,
  yesOrNo,
} from './cell-values.ts'
import { ofWords, type Reading, type StateReader } from './state-columns.ts'

/** What a column is for. An export of ours writes them in this order. */
export const MEANINGS = [
  'email',
  'name',
  'newsletters',
  'left_newsletters',
  'topics',
  'language',
  'subscription',
  'consent_source',
  'consent_since',
] as const

export type Meaning = (typeof MEANINGS)[number]

export function meaningOf(title: string): Meaning | undefined {
  return TITLES.get(words(title))
}

/** Whether it is about mail addresses, without being one of the usual titles. */
export function mentionsMail(title: string): boolean {
  return MENTIONS_MAIL.test(words(title))
}

/** Whether a yes or no in it is about the reader, and not about mail. */
export function isAboutReader(title: string): boolean {
  const all = words(title.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')).split(' ')
  return all.some(word => ABOUT_READERS.has(word))
}

/** Whether it is where somebody lives. */
export function isPlace(title: string): boolean {
  return PLACES.has(words(title))
}

export type NamePart = 'given' | 'family'

/** The parts of a name, by title. */
export function namePartOf(title: string): NamePart | undefined {
  return NAME_PARTS.get(words(title))
}

/** 'First Name' → 'first_name', so that a template can ask for it. */
export function fieldName(title: string): string {
  return title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
}

/** 'weekly; daily' → both, once. */
export function splitList(cell: string): string[] {
  const parts = cell.split(/[;|,]/).map(part => part.trim())
  return [...new Set(parts.filter(part => part !== ''))]
}

function titles<const T>(meaning: T, list: string): [string, T][] {
  return list.split(/[,\n]+/).map(title => [words(title), meaning])
}

const TITLES: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...titles(
    'email',
    `email,e-mail,mail,email address,e-mail address,mail address,emailaddress,subscriber email,contact email,user email,
primary email,e-mail 1 value,email adresse,e-mail-adresse,emailadresse,mailadresse,e-mailadresse,adresse e-mail,
adresse email,adresse mail,adresse électronique,adresse de courriel,courriel,correo electrónico,correo,
dirección de correo electrónico,dirección de correo,dirección de email,correio eletrônico,endereço de e-mail,
endereço de email,endereço eletrônico,メール,メールアドレス,eメール,eメールアドレス,電子メール,電子メールアドレス,
emailアドレス,البريد الإلكتروني,بريد إلكتروني,البريد,عنوان البريد الإلكتروني,ईमेल,ई-मेल,ईमेल पता,ای میل,ای میل پتہ`,
  ),
  ...titles(
    'name',
    `name,full name,fullname,display name,subscriber name,vollständiger name,nom complet,nom,nombre completo,nombre,
nome completo,nome,氏名,名前,お名前,الاسم,الاسم الكامل,नाम,पूरा नाम,نام,پورا نام`,
  ),
  ...titles('newsletters', 'newsletters,newsletter,lists,list'),
  ...titles('left_newsletters', 'left_newsletters'),
  ...titles('topics', 'topics,topic'),
  ...titles('language', 'language,lang,locale,sprache,langue,idioma,língua,言語,اللغة,भाषा,زبان'),
  // Not 'state': in many lists that is where people live.
  ...titles('subscription', 'subscription'),
  ...titles('consent_source', 'consent source'),
  ...titles('consent_since', 'consent since'),
])

const MENTIONS_MAIL = /e ?mail|courriel|correo|correio|メール|البريد|بريد|ای میل/
const NAME_PARTS: ReadonlyMap<string, NamePart> = new Map<string, NamePart>([
  ...titles(
    'given',
    'first name,firstname,fname,given name,vorname,prénom,primer nombre,primeiro nome,名,الاسم الأول,पहला नाम,پہلا نام',
  ),
  ...titles(
    'family',
    `last name,lastname,lname,surname,family name,nachname,familienname,nom de famille,apellido,apellidos,sobrenome,姓,
苗字,اسم العائلة,उपनाम,خاندانی نام`,
  ),
])

const ABOUT_READERS: ReadonlySet<string> = new Set(
  `vip paid paying payer premium pro plus gold trial gift comp complimentary customer client kunde kundin cliente lead admin staff team employee
mitarbeiter press presse media student teacher lehrer donor spender volunteer patron sponsor speaker attendee guest adult married parent children
kids gender sex geschlecht sexe genero sexo 性別 test html format mobile app account login beta company business b2b firma retired pays bezahlt
abonnement_payant wants_print print count number total score points rating opens clicks visits orders purchases tickets age level`
    .trim()
    .split(/\s+/)
    .map(words),
)

const PLACES: ReadonlySet<string> = new Set(
  titles(
    true,
    `city,town,zip,zip code,zipcode,postal code,postcode,country,country code,address,address 1,street,region,county,
province,ort,stadt,plz,land,straße,ville,pays,code postal,ciudad,país,código postal,cidade,cep,bairro,billing city,
都道府県,市区町村,住所,المدينة,البلد,शहर,देश,شہر,ملک`,
  ).map(([title]) => title),
)

// ─── The cells of a column ───────────────────────────────────────────────────────────────────────────────────────────
//
// The cells of one column, one after another → whether the column speaks of states, and whether all of it is understood.

/** More different values are text, not states. */
const MAX_VALUES = 60
const MAX_SHOWN_VALUES = 12

export class ColumnTally {
  readonly title: string
  readonly #reader: StateReader | undefined
  readonly readings = new Map<Reading, number>()
  filled = 0
  blanks = 0
  addresses = 0
  /** Of a column that may be a choice. */
  #yesOrNo = 0
  /** Of a column with a reader: values that it does not understand. Of any other: all values, if they are few. */
  readonly #values = new Map<string, { line: number; rows: number }>()
  /** Of a column with a reader: all values, if they are few. */
  readonly #read = new Map<string, number>()
  #hasMoreValues = false
  #gone: { readonly value: string; readonly line: number } | undefined

  /** @param reader how its cells are read, if its title, a dialect or a person says that it speaks of states */
  constructor(title: string, reader: StateReader | undefined) {
    this.title = title
    this.#reader = reader
  }

  count(cell: string, line: number): void {
    const reading = this.#reader?.read(cell)
    if (this.#reader) this.readings.set(reading, (this.readings.get(reading) ?? 0) + 1)
    if (isBlank(cell)) {
      this.blanks += 1
      return
    }
    this.filled += 1
    if (cell.includes('@') && parseAddress(cell)) this.addresses += 1
    if (this.#reader?.doubt === 'choice' && yesOrNo(cell) !== undefined) this.#yesOrNo += 1
    if (this.#reader && this.#read.size <= MAX_SHOWN_VALUES)
      this.#read.set(cell, (this.#read.get(cell) ?? 0) + 1)
    if (this.#reader && reading !== undefined) return
    const known = this.#values.get(cell)
    if (known) known.rows += 1
    else {
      if (this.#values.size < MAX_VALUES) this.#values.set(cell, { line, rows: 1 })
      else this.#hasMoreValues = true
      if (!this.#gone && saysGone(cell)) this.#gone = { value: cell, line }
    }
  }

  /** How many rows it calls something else than active, as far as it is understood. */
  get notActive(): number {
    let rows = 0
    for (const [reading, count] of this.readings) {
      if (reading !== undefined && !['active', 'nothing', 'blank'].includes(reading)) rows += count
    }
    if (this.#reader || this.readings.size > 0) return rows
    for (const [value, { rows: count }] of this.#values) {
      if (saysGone(value) || (stateOfWord(value) ?? 'active') !== 'active') rows += count
    }
    return rows
  }

  /** Different values and how often they occur; none where they are many, as times are. */
  get values(): ReadonlyMap<string, number> {
    if (!this.#reader) return new Map([...this.#values].map(([value, { rows }]) => [value, rows]))
    return this.#read.size > MAX_SHOWN_VALUES ? new Map() : this.#read
  }

  /** Whether it is filled, and none of its values is like that. */
  isWithout(isLike: (value: string) => boolean): boolean {
    return this.filled > 0 && !this.#hasMoreValues && ![...this.#values.keys()].some(isLike)
  }

  /** How it is read; undefined when it does not speak of states; text when it does, and is not understood. */
  judge(titles: readonly string[]): StateReader | string | undefined {
    if (!this.#reader) return this.#judgeValues()
    const { doubt } = this.#reader
    if (doubt === 'choice' && this.#yesOrNo < this.filled) return this.#judgeValues()
    if (doubt === 'place' && this.#isPlace(titles)) return undefined
    return this.#values.size > 0 ? this.#examples() : this.#reader
  }

  /** A title that says nothing: do the values? */
  #judgeValues(): StateReader | string | undefined {
    if (this.#hasMoreValues) return this.#gone && `'${this.#gone.value}' (line ${this.#gone.line})`
    const said = new Set<Standing | undefined>([...this.#values.keys()].map(stateOfWord))
    const gone = [...this.#values].find(([value]) => isGoneByOneWord(value))
    const areWords = said.size > 0 && !said.has(undefined)
    if (areWords && (this.#gone || gone || (said.has('active') ? said.size > 1 : said.has('pending')))) {
      // Read once more, now as words.
      const reader = ofWords()
      for (const [value, { rows }] of this.#values) this.readings.set(reader.read(value), rows)
      return reader
    }
    if (this.#gone) return `'${this.#gone.value}' (line ${this.#gone.line})`
    return gone && `'${gone[0]}' (line ${gone[1].line})`
  }

  /** A title that says nothing, and below it yes and no: the first few of them. */
  get yesAndNo(): string | undefined {
    const all = [...this.#values.keys()]
    if (this.#reader || this.#hasMoreValues || all.length === 0) return undefined
    if (!all.every(value => yesOrNo(value) !== undefined)) return undefined
    // A number is a yes or a no where there are both, and a letter where some have none.
    if (all.length === 1 && (all[0] === '0' || (/^\w$/.test(all[0]!) && this.blanks === 0))) return undefined
    return this.#examples()
  }

  #isPlace(titles: readonly string[]): boolean {
    const isSpoken = [...this.readings.keys()].some(reading => reading !== undefined && reading !== 'blank')
    if (isSpoken) return false
    const areCodes = [...this.#values.keys()].every(value => /^[A-Z]{2,3}$/.test(value))
    return titles.some(isPlace) || (areCodes && this.filled > 0)
  }

  /** The first few values that are not understood. */
  #examples(): string {
    const all = [...this.#values]
    const shown = all
      .slice(0, 5)
      .map(([value, { line, rows }]) => `'${value}' (line ${line}${rows > 1 ? `, ${rows} rows` : ''})`)
    return shown.join(', ') + (all.length > shown.length ? ' and others' : '')
  }
}
