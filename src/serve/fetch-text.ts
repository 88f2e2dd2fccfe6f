// An https address that a provider named → what is there: its certificate, its confirmation. Small, soon, no redirects.

export async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(10_000) })
  if (!response.ok || !response.body) throw new Error(`${new URL(url).host} answered ${response.status}`)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > 65_536) throw new Error(`${new URL(url).host} answered more than a certificate`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
