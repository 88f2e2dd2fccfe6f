// A letter or a page as it was made → as one client shows it: in the light or the dark, with its colours turned as Gmail and
// Outlook turn them, without styles; and with the publication's own addresses leading to the preview.

import { fromHsl, toHsl } from '../../base/index.ts'

export const SCHEMES = {
  light: 'light',
  dark: 'dark',
  gmail: 'forced dark, Gmail',
  outlook: 'forced dark, Outlook',
} as const

export type Scheme = keyof typeof SCHEMES

export interface Look {
  readonly scheme: Scheme
  readonly images: boolean
  readonly styles: boolean
  /** Whether pictures on other servers are loaded. */
  readonly remote: boolean
}

/** @param home the publication's address */
export function asShown(html: string, { scheme, styles }: Look, home: string): string {
  const own = toPreview(html, home)
  if (!styles) return withoutStyles(own)
  const settled = settleScheme(own, scheme === 'dark')
  if (scheme === 'light' || scheme === 'dark') return settled
  const turned = recolour(settled, scheme === 'gmail' ? turnAll : turnLight)
  return turned
    .replace(/<html\b/i, scheme === 'outlook' ? '<html data-ogsc data-ogsb' : '$&')
    .replace(/<\/head>/i, '<style>html{background:#1b1b1b;color:#e8e8e8}</style></head>')
}

/** In tags and styles only: what an article says of its own address stays as it is. */
function toPreview(html: string, home: string): string {
  const escaped = home.replace(/&/g, '&amp;')
  const local = (text: string) => text.replaceAll(escaped, '/site/').replaceAll(home, '/site/')
  return html
    .replace(/<(?:a|img|source|audio|video|track|link|area|form|td|table|body|v:\w+)\b[^>]*>/gi, local)
    .replace(/<style\b[^>]*>[\s\S]*?<\/style>/gi, local)
}

function withoutStyles(html: string): string {
  return html
    .replace(/<style\b[^>]*>[\s\S]*?<\/style>/gi, '')
    .replace(/<link\b[^>]*rel="?stylesheet[^>]*>/gi, '')
}

/** What asks for the reader's scheme gets the one that is looked at. */
function settleScheme(html: string, isDark: boolean): string {
  const [yes, no] = ['(min-width:0)', '(min-width:99999px)']
  const settle = (text: string) =>
    text
      .replace(/\(\s*prefers-color-scheme\s*:\s*dark\s*\)/gi, isDark ? yes : no)
      .replace(/\(\s*prefers-color-scheme\s*:\s*light\s*\)/gi, isDark ? no : yes)
      .replace(/(color-scheme|supported-color-schemes)\s*:\s*[^;}"]+/gi, `$1:${isDark ? 'dark' : 'light'}`)
  return html
    .replace(/<style\b[^>]*>[\s\S]*?<\/style>/gi, settle)
    .replace(/\bmedia="[^"]*"/gi, settle)
    .replace(
      /<meta\b[^>]*name="(?:supported-)?color-schemes?"[^>]*>/gi,
      `<meta name="color-scheme" content="${isDark ? 'dark' : 'light'}">`,
    )
    .replace(/\bstyle="[^"]*"/gi, settle)
}

type Turn = (colour: string, isBackground: boolean) => string

/** In styles and in the attributes of old. */
function recolour(html: string, turn: Turn): string {
  const inCss = (css: string) =>
    css.replace(
      /\b(background(?:-color)?|(?:border[\w-]*-)?color|border(?:-\w+)?|outline)\s*:\s*([^;}"]+)/gi,
      (_, name: string, value: string) =>
        `${name}:${value.replace(COLOUR, colour => turn(asHex(colour), name.startsWith('background')))}`,
    )
  return html
    .replace(/<style\b[^>]*>[\s\S]*?<\/style>/gi, inCss)
    .replace(/\bstyle="[^"]*"/gi, inCss)
    .replace(
      /\b(bgcolor|color)="(#[0-9a-f]{3,6})"/gi,
      (_, name: string, colour: string) => `${name}="${turn(asHex(colour), /^bg/i.test(name))}"`,
    )
}

const COLOUR = /#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|\brgb\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\)|\b(?:white|black)\b/gi

function asHex(colour: string): string {
  const name = colour.toLowerCase()
  if (name === 'white') return '#ffffff'
  if (name === 'black') return '#000000'
  const parts = /^rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)/.exec(name)
  if (parts)
    return `#${parts
      .slice(1)
      .map(part => Math.min(255, Number(part)).toString(16).padStart(2, '0'))
      .join('')}`
  return name.length === 4 ? `#${[...name.slice(1)].map(digit => digit + digit).join('')}` : name
}

/** Gmail on iOS: light becomes dark and dark becomes light, whatever it is the colour of. */
function turnAll(colour: string): string {
  const [hue, saturation, lightness] = toHsl(colour)
  return fromHsl(hue, saturation, 0.1 + (1 - lightness) * 0.85)
}

/** Outlook: light backgrounds become dark, and dark text light; what is dark already stays. */
function turnLight(colour: string, isBackground: boolean): string {
  const [hue, saturation, lightness] = toHsl(colour)
  const isLight = lightness > 0.5
  return isLight === isBackground ? fromHsl(hue, saturation, 0.12 + (1 - lightness) * 0.8) : colour
}
