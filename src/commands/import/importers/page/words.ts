// A line of a page → the facts in its words: keywords, caption and credit, the author's role.

import type { Block } from './blocks.ts'
import { type Clutter, openClutter } from './clutter.ts'

export const COPYRIGHT = /^(?:©|\(c\)|copyright\b|कॉपीराइट)/iu

/** 'budget, city news, current affairsThe minister said …' */
export function gluedKeywords(text: string): { tags: string[]; caption: string } | undefined {
  let found: { tags: string[]; caption: string } | undefined
  for (const { index } of text.matchAll(/(?<=[\p{L}\p{N}][\p{Ll}\p{N}])(?=\p{Lu})/gu)) {
    const tags = text.slice(0, index).split(/\s*,\s*/)
    if (tags.length < 3) continue
    if (tags.some(tag => tag === '' || wordCount(tag) > 6)) break
    const caption = text.slice(index).trim()
    if (wordCount(caption) >= 3) found = { tags, caption }
  }
  return found
}

/** 'The quay. (PTI Photo/Jo Lund)' → the sentence, and who took the picture. */
export function splitCredit(
  text: string,
  clutter = openClutter(),
): { caption: string; credit: string | undefined } {
  const inside = /^(.*?)\s*[([]([^()[\]]{2,120})[)\]]\.?$/su.exec(text)
  if (inside && clutter.credit.test(inside[2]!))
    return { caption: inside[1]!.trim(), credit: creditOf(inside[2]!) }
  const behind =
    /^(.*?[.!?…।”"]|.*?\s[|–—-])\s*((?:photo|foto|image|picture|bild|credit|फोटो|صورة)[\p{L} ]{0,20}[:：©].{2,100})$/isu.exec(
      text,
    )
  if (behind) return { caption: behind[1]!.replace(/\s*[|–—-]$/u, '').trim(), credit: creditOf(behind[2]!) }
  const whole = /^(?:photo|foto|image|picture|credit|फोटो|صورة)[\p{L} ]{0,20}[:：©]\s*(\S.{1,100})$/iu.exec(
    text,
  )
  return whole ? { caption: '', credit: whole[1] } : { caption: text.trim(), credit: undefined }
}

/** Without the label: 'Photo: Jo Lund'. */
function creditOf(text: string): string {
  return text
    .replace(
      /^(?:(?:photo|image|picture|foto|bild|फोटो|صورة)\s*)?(?:credits?|source|courtesy|quelle|crédit|by)?\s*[:：]\s*/iu,
      '',
    )
    .replace(/^(?:photo|image)\s+by\s+/i, '')
    .trim()
}

const NETWORKS: Readonly<Record<string, string>> = {
  twitter: 'Twitter',
  x: 'X',
  linkedin: 'LinkedIn',
  facebook: 'Facebook',
  instagram: 'Instagram',
  threads: 'Threads',
  youtube: 'YouTube',
  bluesky: 'Bluesky',
  mastodon: 'Mastodon',
}

export function readBox(box: readonly Block[], names: readonly string[], clutter: Clutter) {
  const networks: string[] = []
  let biography: string | undefined
  for (const { text } of box) {
    const network = NETWORKS[text.toLowerCase().replace(/[^a-z]/g, '')]
    if (network) networks.push(network)
    else if (COPYRIGHT.test(text) || clutter.end.test(text)) break
    else if (wordCount(text) >= 8) {
      biography = text.replace(clutter.more, '').trim()
      if (/[\p{L}\p{N}]$/u.test(biography) && biography.length < text.length) biography += ' …'
      break
    } else if (!names.some(name => sameWords(text, name)) && networks.length > 0) break
  }
  return { biography, role: biography === undefined ? undefined : roleOf(biography), networks }
}

/** 'NAME, ROLE at PAPER, has been …'; 'NAME is a ROLE with PAPER.' */
export function roleOf(biography: string): string | undefined {
  const behind =
    /^[\p{Lu}][^,.]{2,60},\s+(?:(?:an?|the)\s+)?([^,.]{3,80}?)\s+(?:at|with|for|of)\s+(?:the\s+)?\p{Lu}[^,]*,\s/u.exec(
      biography,
    )?.[1]
  const is =
    /^[\p{Lu}][^,.]{2,60}\s(?:is|was)\s+(?:(?:an?|the)\s+)?([^,.]{3,80}?)\s+(?:at|with|for|of|based|who|covering|reporting|writing)\b/u.exec(
      biography,
    )?.[1]
  const role = behind ?? is
  return role && wordCount(role) <= 8 ? role : undefined
}

export function wordCount(text: string): number {
  return text.trim() === '' ? 0 : text.trim().split(/\s+/).length
}

export function sameWords(left: string, right: string): boolean {
  const bare = (text: string) =>
    text
      .toLowerCase()
      .replace(/[\s'"‘’“”]+/g, ' ')
      .replace(/[.:|–—-]+\s*$/u, '')
      .trim()
  return right.trim() !== '' && bare(left) === bare(right)
}
