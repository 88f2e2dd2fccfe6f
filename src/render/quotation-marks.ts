// Language → its quotation marks: outer open and close, inner open and close.

/** CLDR's `delimiters`, for the languages that the catalogues speak and their neighbours. */
const MARKS: Readonly<Record<string, readonly [string, string, string, string]>> = {
  ar: ['”', '“', '’', '‘'],
  cs: ['„', '“', '‚', '‘'],
  da: ['“', '”', '‘', '’'],
  de: ['„', '“', '‚', '‘'],
  en: ['“', '”', '‘', '’'],
  es: ['«', '»', '“', '”'],
  fi: ['”', '”', '’', '’'],
  fr: ['«\u00a0', '\u00a0»', '“', '”'],
  hi: ['“', '”', '‘', '’'],
  it: ['«', '»', '“', '”'],
  ja: ['「', '」', '『', '』'],
  nl: ['‘', '’', '“', '”'],
  pl: ['„', '”', '«', '»'],
  pt: ['“', '”', '‘', '’'],
  ru: ['«', '»', '„', '“'],
  sv: ['”', '”', '’', '’'],
  ur: ['”', '“', '’', '‘'],
  'de-CH': ['«', '»', '‹', '›'],
  'fr-CH': ['«', '»', '‹', '›'],
  'pt-PT': ['«', '»', '“', '”'],
}

/** @param language BCP 47; one that is not listed has English marks */
export function quotationMarks(language: string): readonly string[] {
  return MARKS[language] ?? MARKS[language.split('-')[0]!] ?? MARKS.en!
}
