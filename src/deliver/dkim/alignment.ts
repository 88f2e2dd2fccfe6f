// The domain that signs and the address that letters are from → a warning where receivers will not take one for the other.

import { domainToASCII } from 'node:url'

/**
 * DMARC asks that `d=` and the domain of From belong together; relaxed, which is what all but a few ask for, that means
 * to the same organisation. Where they do not, the signature is valid and counts for nothing.
 *
 * @param address of From
 */
export function misaligned(address: string, signing: string): string | undefined {
  const from = ascii(address.slice(address.lastIndexOf('@') + 1))
  const domain = ascii(signing)
  if (from === domain || from.endsWith(`.${domain}`) || domain.endsWith(`.${from}`)) return undefined
  if (organisation(from) === organisation(domain)) return undefined
  return `DKIM signs as ${domain}, and letters are from ${from}: DMARC takes no notice of such a signature. Sign as ${organisation(from)}, or write from an address at ${domain}.`
}

function ascii(domain: string): string {
  const lower = domain.toLowerCase()
  return domainToASCII(lower) || lower
}

/** Without the public list of suffixes: two labels, or three below one like co.uk or com.au. For a warning that will do. */
function organisation(domain: string): string {
  const labels = domain.split('.')
  const [second = '', top = ''] = labels.slice(-2)
  return labels.slice(top.length === 2 && second.length <= 3 ? -3 : -2).join('.')
}
