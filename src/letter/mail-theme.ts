// The publication's theme → every colour and every font of a mail.

import { contrast, fromHsl, toHsl } from '../base/index.ts'
import type { Theme, Typeface } from '../model.ts'

export interface Shades {
  readonly page: string
  readonly paper: string
  readonly ink: string
  readonly soft: string
  readonly rule: string
  readonly code: string
  readonly accent: string
}

export interface Palette extends Shades {
  /** The accent as it is in the settings, for bands that carry no text; darkened where it could not be seen at all. */
  readonly brand: string
  readonly dark: Shades
}

type Ground = Omit<Shades, 'accent'>

const GROUNDS: Readonly<Record<Theme['ground'], { readonly light: Ground; readonly dark: Ground }>> = {
  warm: {
    light: {
      page: '#f4f2ed',
      paper: '#ffffff',
      ink: '#1a1a1a',
      soft: '#595650',
      rule: '#d8d4ca',
      code: '#f2f0eb',
    },
    dark: {
      page: '#121212',
      paper: '#1c1c1e',
      ink: '#f0eeea',
      soft: '#b8b4ac',
      rule: '#46443f',
      code: '#2a2a2c',
    },
  },
  cool: {
    light: {
      page: '#eceff3',
      paper: '#ffffff',
      ink: '#14181d',
      soft: '#4f5863',
      rule: '#cfd6de',
      code: '#eef1f5',
    },
    dark: {
      page: '#0d1116',
      paper: '#171c23',
      ink: '#ebeff4',
      soft: '#adb6c1',
      rule: '#3c4550',
      code: '#242b34',
    },
  },
  plain: {
    light: {
      page: '#ffffff',
      paper: '#ffffff',
      ink: '#111111',
      soft: '#555555',
      rule: '#d4d4d4',
      code: '#f2f2f2',
    },
    dark: {
      page: '#151515',
      paper: '#151515',
      ink: '#efefef',
      soft: '#b5b5b5',
      rule: '#424242',
      code: '#262626',
    },
  },
}

/** A little more than the 4.5 of WCAG, because some clients shift colours. */
const MIN_CONTRAST = 4.8

/**
 * The colours for light and dark mode, with enough contrast (WCAG 2.2 §1.4.3).
 *
 * @param accent `#rrggbb`; darkened in light mode and lightened in dark mode until its contrast is enough
 */
export function mailPalette(accent: string, ground: Theme['ground']): Palette {
  const key = `${accent} ${ground}`
  const palette = palettes.get(key) ?? makePalette(accent, ground)
  palettes.set(key, palette)
  return palette
}

/** The same for a thousand editions. */
const palettes = new Map<string, Palette>()

function makePalette(accent: string, ground: Theme['ground']): Palette {
  const { light, dark } = GROUNDS[ground]
  return {
    ...light,
    accent: readable(accent, -0.01, [light.page, light.paper, light.code]),
    brand: moved(accent, -0.01, [light.page, light.paper], MIN_VISIBLE_CONTRAST),
    dark: { ...dark, accent: readable(accent, 0.01, [dark.page, dark.paper, dark.code]) },
  }
}

/** So much that a band is seen on its background. */
const MIN_VISIBLE_CONTRAST = 1.3

/** Enough for text. */
function readable(colour: string, step: number, backgrounds: readonly string[]): string {
  return moved(colour, step, backgrounds, MIN_CONTRAST)
}

/** Only the lightness changes: a dark red becomes a bright red, not a grey one. */
function moved(colour: string, step: number, backgrounds: readonly string[], enough: number): string {
  if (backgrounds.every(background => contrast(colour, background) >= enough)) return colour
  const [hue, saturation, lightness] = toHsl(colour)
  for (let light = lightness; light > 0 && light < 1; light += step) {
    const shade = fromHsl(hue, saturation, light)
    if (backgrounds.every(background => contrast(shade, background) >= enough)) return shade
  }
  return step < 0 ? '#000000' : '#ffffff'
}

/**
 * Mail clients load no fonts, so these are fonts that readers have. The first of each is part of Windows or Office: Outlook
 * uses Times for a list that begins with a font that it lacks. No double quotes: templates put them into attributes.
 */
const FONT_STACKS: Readonly<Record<Typeface, string>> = {
  serif: "Georgia, 'Times New Roman', Times, serif",
  'old-style': "'Palatino Linotype', Palatino, 'Book Antiqua', Georgia, serif",
  slab: "Rockwell, 'Roboto Slab', 'DejaVu Serif', Georgia, serif",
  sans: 'Helvetica, Arial, sans-serif',
  humanist: "'Trebuchet MS', 'Gill Sans', Calibri, sans-serif",
}

export interface MailFonts {
  readonly text: string
  readonly labels: string
  /** A whole declaration with its semicolon, or '' when headings have the same font as text. */
  readonly heading: string
  /** For Outlook, which shows Times for what begins with a typeface that it lacks; '' where none is the publication's own. */
  readonly outlook: string
}

export function mailFonts({ headings, text, labels, fonts = {} }: Theme): MailFonts {
  const stack = (own: readonly string[] | undefined, face: Typeface) =>
    [...(own ?? []).map(name => `'${name}'`), FONT_STACKS[face]].join(', ')
  const [forText, forHeadings] = [stack(fonts.text, text), stack(fonts.headings, headings)]
  return {
    text: forText,
    labels: stack(fonts.labels, labels),
    heading: forHeadings === forText ? '' : `font-family:${forHeadings};`,
    outlook: Object.values(fonts).some(own => own?.length) ? FONT_STACKS[text] : '',
  }
}
