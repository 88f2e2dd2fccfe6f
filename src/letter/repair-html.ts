// MJML's HTML → the same without its known faults: reference numbers are those of MJML's issues.

import type { Direction } from '../model.ts'

export function repairHtml(html: string, direction: Direction): string {
  let repaired = html
    // `height="auto"` is no HTML; the style says it already.
    .replace(/(<img\b[^>]*?) height="auto"/g, '$1')
    // Nothing reads it but Internet Explorer.
    .replace(/<!--\[if !mso\]><!-->\s*<meta http-equiv="X-UA-Compatible"[^>]*>\s*<!--<!\[endif\]-->/, '')
    // Outlook 2007 (mso 11) has no readers left.
    .replace(/<!--\[if lte mso 11\]>[\s\S]*?<!\[endif\]-->/, '')
  // #230: every column says text-align:left, whatever its direction.
  if (direction === 'rtl')
    repaired = repaired.replace(/text-align:left;(\s*)direction:rtl/g, 'text-align:right;$1direction:rtl')
  return repaired
}
