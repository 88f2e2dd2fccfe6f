// A hub and a feed → the hub is told that the feed has something new, and what it answered.

/** A hub may fetch the feed before it answers. */
const PATIENCE = 15_000

/** WebSub leaves the words to hubs; these are those of PubSubHubbub 0.4 §7.1, which all of them understand. */
export async function pingHub(
  hub: string,
  topic: string,
  signal: AbortSignal,
): Promise<{ readonly ok: boolean; readonly reply: string }> {
  try {
    const response = await fetch(hub, {
      method: 'POST',
      body: new URLSearchParams({ 'hub.mode': 'publish', 'hub.url': topic }),
      redirect: 'manual', // a POST that follows 302 becomes a GET, and says nothing
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
    })
    const words = response.ok ? '' : (await response.text()).replace(/\s+/g, ' ').trim().slice(0, 200)
    const to = response.headers.get('location')
    return { ok: response.ok, reply: [response.status, to && `to ${to}`, words].filter(Boolean).join(' ') }
  } catch (error) {
    const { name, message, cause } = error as Error
    const why = cause instanceof Error ? cause.message : message
    return { ok: false, reply: name === 'TimeoutError' ? `no answer in ${PATIENCE / 1000} s` : why }
  }
}
