// The address that letters are from and the way they go out → a warning where its domain lets only its own servers send.

/** Who gives addresses away, and what its own servers are called. All of them ask receivers to turn away the others' mail. */
const PROVIDERS: readonly (readonly [domains: RegExp, servers: RegExp])[] = [
  [/^(gmail|googlemail)\.com$/, /(^|\.)(gmail|google|googlemail)\.com$/],
  [/^(yahoo|ymail|rocketmail|aol)\.[a-z.]+$/, /(^|\.)(yahoo|aol)\.[a-z.]+$/],
  [/^(outlook|hotmail|live|msn)\.[a-z.]+$/, /(^|\.)(outlook|office365|hotmail|live)\.com$/],
  [/^(icloud|me|mac)\.com$/, /(^|\.)(me|icloud)\.com$/],
  [/^(gmx\.[a-z.]+|web\.de)$/, /(^|\.)(gmx\.[a-z.]+|web\.de)$/],
]

/**
 * @param address of From
 * @param through a transport's name: 'smtp://user@host:587'
 */
export function borrowedFrom(address: string, through: string): string | undefined {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  const server = /^smtps?:\/\/(?:[^/]*@)?([^/@]*):\d+$/.exec(through)?.[1]?.toLowerCase() ?? ''
  const provider = PROVIDERS.find(([domains]) => domains.test(domain))
  if (!provider || provider[1].test(server)) return undefined
  return `Letters are from ${domain}, and do not go out through its servers: most receivers refuse them (DMARC). Write from a domain of your own.`
}
