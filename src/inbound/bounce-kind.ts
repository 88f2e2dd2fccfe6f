// What a receiving server said → whether the address is dead, ill for now, or whether it was about us. RFC 3463 §3.

/** 'policy': about the sender or the message, never about the person. */
export type BounceKind = 'hard' | 'soft' | 'policy'

/** Bad address, no such domain, no mail there, mailbox disabled. */
const HARD = /^5\.(1\.[012346]|1\.10|2\.1|4\.4)$/
/** Mailbox full and its like, network and system trouble. */
const SOFT = /^(4\.|5\.(2|3|4)\.)/
/** Content, security, our protocol. */
const POLICY = /^[45]\.(5|6|7|8|9)\.|^5\.(2\.3|3\.4)$/

const NOBODY =
  /user unknown|unknown user|no such (user|recipient|mailbox|account|address)|does not exist|doesn't exist|invalid (recipient|mailbox|address)|recipient (address )?(rejected: )?(unknown|not found)|mailbox (not found|unavailable)|account (has been )?(disabled|closed)|address rejected: user/i
const BLOCKED = /spam|blocked|blacklist|blocklist|reputation|policy|dmarc|spf|dkim|not authori[sz]ed|content/i

/**
 * @param status RFC 3463; may be empty, or the 5.0.0 of servers that do not say
 * @param diagnostic what the server wrote: '550 5.1.1 no such user'
 */
export function bounceKind(status: string, diagnostic: string): BounceKind {
  const said = /(?:^|[\s;])([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/.exec(diagnostic)?.[1]
  const reply = /(?:^|[\s;])([245]\d\d)(?=[\s-]|$)/.exec(diagnostic)?.[1]
  const exact = [said, status].find(code => code !== undefined && /^[45]\.[1-9]/.test(code)) ?? status
  // RFC 5321 §4.2: the reply code rules; 4.2.1 inside a 550 is final.
  const code = reply?.startsWith('5') ? exact.replace(/^4/, '5') : exact
  if (POLICY.test(code)) return 'policy'
  if (HARD.test(code)) return 'hard'
  if (SOFT.test(code)) return 'soft'
  if (BLOCKED.test(diagnostic)) return 'policy'
  return NOBODY.test(diagnostic) ? 'hard' : 'soft'
}
