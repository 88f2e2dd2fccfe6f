// The titles of a list's columns → what each is for: an address, a name, a field of the reader.

import { words } from './cell-values.ts'

/** What a column is for. An export of ours writes them in this order. */
export const MEANINGS = [
  'email',
  'name',
  'newsletters',
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

const PLACES: ReadonlySet<string> = new Set(
  titles(
    true,
    `city,town,zip,zip code,zipcode,postal code,postcode,country,country code,address,address 1,street,region,county,
province,ort,stadt,plz,land,straße,ville,pays,code postal,ciudad,país,código postal,cidade,cep,bairro,billing city,
都道府県,市区町村,住所,المدينة,البلد,शहर,देश,شہر,ملک`,
  ).map(([title]) => title),
)
