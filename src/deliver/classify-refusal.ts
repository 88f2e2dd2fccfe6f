// A server's refusal of a message, permanent or temporary → whether the reader's address is dead. The one place that
// decides it: for replies at SMTP time, for delivery reports and for what providers report.

import { domainOf } from '../base/index.ts'

/**
 * - `hard`: there is no such mailbox or no such domain. Not mailed again.
 * - `soft`: the mailbox is full, disabled or cannot be reached. Counts; many in a row make an address a dead one.
 * - `deferred`: too much at once. Does not count.
 * - `policy`: about the sender, the message or the reader's own filter, never about whether the mailbox exists. Does not count.
 */
export type RefusalKind = 'hard' | 'soft' | 'deferred' | 'policy'

interface Refusal {
  /** Enhanced status code (RFC 3463); empty when there is none. */
  readonly status: string
  /** All that the server wrote, reply code included: '550 5.1.1 no such user'. */
  readonly text: string
  /** What a person is told beside it, paragraphs apart. Counts only where `text` names no reason. */
  readonly prose?: string | undefined
  /** The address that we send from, where it is known. What speaks of it alone is about us. */
  readonly sender?: string | undefined
  /** What a provider took it for. Counts only where neither words nor code decide. */
  readonly presumed?: RefusalKind | undefined
}

/**
 * Text about the sender beats any code, text about the mailbox beats a code that says little, and only then does the code
 * decide: servers send 5.1.1 for a rate, and 5.7.1 for an unknown user.
 */
export function classifyRefusal({ status, text, prose = '', sender, presumed }: Refusal): RefusalKind {
  const [said, explained] = [plainText(namingSender(text, sender)), plainText(prose)]
  const code = finalCode(status, text || prose)
  const kind = byWords(said, code) ?? byWords(explained, code)
  if (kind !== 'hard') return kind ?? byCode(code) ?? presumed ?? 'soft'
  // 'The account is disabled', and below it 'user unknown'.
  if ([...FULL, ...DISABLED].some(pattern => pattern.test(explained))) return 'soft'
  const whole = `${said}\n${explained}`
  // Phone companies say 'unknown user' after the message itself, when the customer's own filter refused it.
  const certain =
    /[ #(]5\.1\.[126]\b/.test(` ${status} ${said}`) || !(AFTER_DATA.test(whole) || isOfSender(whole, code))
  return certain && !code.startsWith('5.2.') ? 'hard' : 'soft'
}

/** The first meaning, in the order of the table, that the words have; undefined when they say nothing. */
function byWords(said: string, code: string): RefusalKind | undefined {
  if (said === '') return undefined
  const forNow = code.startsWith('4')
  for (const [meaning, patterns] of MEANINGS) {
    if (!patterns.some(pattern => pattern.test(said))) continue
    if (meaning === 'policy') return forNow ? 'deferred' : 'policy'
    // By definition the sender's address or the letter, whatever the words call invalid (RFC 3463 §3.2, §3.7).
    if (meaning === 'hard' && /^5\.(1\.[78]|6\.\d+)$/.test(code)) return 'policy'
    if (meaning === 'hard') return forNow ? 'soft' : 'hard'
    return meaning
  }
  return undefined
}

const ADDRESS = /<?[^\s<>()[\]"',;:]{1,80}@[^\s<>()[\]"',;:]{1,120}>?/g
/** Our envelope senders, each for one reader: `bounceAddresses`. */
const OWN_ADDRESS = /\+[0-9a-z]{1,10}-[a-z2-7]{7}-[a-z2-7]{16}@/i

/** The text with 'sender addr' for our own address, and 'sender domain' for its domain, where it names no other address. */
function namingSender(text: string, sender: string | undefined): string {
  const short = text.slice(0, MAX_TEXT_LENGTH)
  const mailbox = sender?.toLowerCase()
  const isOwn = (found: string) =>
    OWN_ADDRESS.test(found) || found.toLowerCase().replace(/[<>]|[.]$/g, '') === mailbox
  const addresses = short.match(ADDRESS) ?? []
  if (!addresses.every(isOwn)) return short
  const named = addresses.length > 0 ? short.replace(ADDRESS, ' sender addr ') : short
  const domain = mailbox && domainOf(mailbox)
  if (!domain) return named
  return named.replace(
    new RegExp(`(?<![\\w.@-])${domain.replace(/[^a-z\d-]/g, '\\$&')}(?![\\w-]|\\.\\w)`, 'gi'),
    ' sender domain ',
  )
}

/** A server that answers for a domain does not say that it does not exist: it may speak of the sender's. */
function isOfSender(whole: string, code: string): boolean {
  const replied = /(?:^|[ ;:(<\n])5\d\d[ -]/.test(whole) && !/^5\.[14]\./.test(code)
  return replied && whole.split('\n').some(line => /\bdomain\b/.test(line) && !NAMES_PERSON.test(line))
}

/** RFC 3463 §3. What names no mailbox and no sender in words is judged by its code alone. */
function byCode(code: string): RefusalKind | undefined {
  if (/^5\.1\.([126]|10)$/.test(code)) return 'hard'
  if (/^5\.(1\.[78]|2\.3|3\.4|5\.\d+|6\.\d+|7\.\d+)$/.test(code)) return 'policy'
  if (/^4\.(5|6|7)\./.test(code)) return 'deferred'
  return /^[45]\.0\.0$/.test(code) ? undefined : 'soft'
}

/** The most exact code that was given; the reply code says whether it is final (RFC 5321 §4.2.1). */
function finalCode(status: string, text: string): string {
  const short = text.slice(0, MAX_TEXT_LENGTH)
  const enhanced = /(?:^|[\s;#(<_:-])([245]\.\d{1,3}\.\d{1,3})(?=[\s)\].,:;_-]|$)/.exec(short)?.[1]
  const reply = /(?:^|[\s;:<(_#])([245])\d\d(?=[\s_-]|$)/.exec(short)?.[1]
  const exact = [enhanced, status].find(code => code !== undefined && /^[45]\.[1-9]/.test(code))
  const code = exact ?? (enhanced || status || `${reply ?? '5'}.0.0`)
  return reply === '5' ? code.replace(/^4/, '5') : code
}

const MAX_TEXT_LENGTH = 4000

/**
 * Lower case, one space between words, a line for each sentence, without the names of the servers in between and with
 * every address written 'addr', so that a pattern can count words.
 */
function plainText(text: string): string {
  return text
    .slice(0, MAX_TEXT_LENGTH)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‘’`´]/g, "'")
    .replace(/(?:\n[ \t]*){2,}/g, '\u2029')
    .replace(/[^\S\u2029]+/g, ' ')
    .replace(/(?<=[a-z\d])_(?=[a-z\d(])/g, ' ')
    .replace(ADDRESS, ' addr ')
    .replace(/\bhost [^\s[\]]{1,120} ?\[[^\]]{0,60}\] ?(?::|(?:said|refused)\b)/g, 'server said ')
    .replace(/(?:^|[ ;])[245]\d\d-(?=\S)/g, ' ')
    .replace(/(?<=[a-z\d)"'])[.!?] (?=\S)/g, '.\n')
    .replace(/\u2029/g, '\n')
    .replace(/ +/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim()
}

/** The refusal came after the message and not after the address. */
const AFTER_DATA =
  /in reply to (?:end of )?data|after (?:end of )?data|end of data|>>> data|after i sent the message|failed on data|smtp command data|\(state 1[578]\)/

/** A rate or a volume, ours or the reader's. */
const TOO_MUCH = [
  /receiving (?:mail|messages|e-?mail)s? (?:at a rate|too quickly)/,
  /(?<!getting )too (?:many|much) (?!messages on|mail data|hops|received)(?:\S+ ){0,2}?(?:recipients|rcpts?|messages|mails?|e-?mails?|connections?|sessions|concurrent|requests|invalid|errors|failures|spams?|complaints|simultaneous)/,
  /(?:rate|volume|message|sending|hourly|daily|connection|recipient|hour|day|bandwidth)s? (?:\S+ )?(?:limit|quota)s? (?:\S+ ){0,3}(?:exceed|reach)/,
  /exceed(?:s|ed|ing)? (?:\S+ ){0,4}(?:rate|hourly|daily|per (?:hour|day|minute)|max\S* (?:\S+ )?(?:e-?mails|messages|connections)|limit of messages|sending limit|connection limit|number of (?:messages|connections|posts|mails))/,
  /rate[- ]?limit|throttl|sen[td]\w* (?:\S+ )?too (?:fast|quickly|frequently|often)|unusual (?:rate|volume|traffic)|(?:unexpected|excessive) volume|maximum connection limit|trop de connexions/,
  /gr[ae]y-?list|frequency limit|numerous attempts to deliver|temporarily deferred|user complaints|message given low priority/,
]

/** Who sends, from where and with what proof; and what was refused before the reader was named. */
const ABOUT_SENDER = [
  /in reply to (?:the )?(?:mail from|helo|ehlo|starttls|auth|initial)|after (?:mail from|helo|ehlo|initial connection|starttls)|>>> (?:mail from|helo|ehlo)|response to (?:mail from|ehlo|helo)|but (?:sender|my name) was rejected|but greeting failed/,
  /\bsender addr\S? (?:\S+ ){0,5}?(?:unknown|not\b|\S*n't|does|invalid|reject|denied|refused|block|fail|unable|no such)|(?:verif\w*|unknown|reject\w*|address|from|user|mail-?box|invalid|denied|refused|blocked)\S* (?:\S+ ){0,2}sender addr/,
  /call-?(?:back|out) (?:\S+ ){0,4}(?:fail|verif|reject|refus|denied)|(?:invalid|bad|unknown|verif\S*|empty|null|your) (?:\S+ )?(?:return|reverse)[- ](?:address|path)|(?:return|reverse)[- ](?:address|path)\S* (?:\S+ ){0,4}(?:unknown|not\b|\S*n't|invalid|reject|refused|denied|block|fail)/,
  /domain of (?:the )?sender|\bsender'?s? (?:mail-?box|account|address|domain|e-?mail|host|ip|policy|server|id\b|verif|identity)|(?:envelope|invalid|unknown|bad|this|your|null|empty|spoofed|unauthori[sz]ed|unroutable|unverified|forged) sender/,
  /(?<!(?:return(?:ed)?|back|returning message) to (?:the )?)\bsender:? (?:\S+ ){0,4}(?:reject|denied|blocked|invalid|unknown|not |verif|listed|black|spammer|refused|suspend)|(?:verify|validat)\S* (?:\S+ ){0,2}sender|senders? not|\bby this sender|unknown (?:senders|people|hosts)|harvest|from this sender/,
  /not (?:allowed|authori[sz]ed|permitted) to (?:send|relay|use|connect|submit|post|deliver)|not accept(?:ing|ed)? (?:any )?(?:mail|messages|e-?mail|connections?) from|won'?t accept (?:mail|messages) from|refuse (?:mail|messages|connections?) from/,
  /\bspf\b|\bdkim\b|\bdmarc\b|\barc\b (?:fail|valid)|sender policy framework|authentication|unauthenticated|not authenticated|requires? auth|authenticate\b/,
  /black-?list|block-?list|deny-?list|\brbls?\b|dns-?bl|\b[su]+rbl|spamhaus|spamcop|sorbs|barracudacentral|abuseat|senderscore|cloudmark|\buceprotect|abusix|mailspike|\bpbl\b|\bxbl\b/,
  /reputation|(?<!not )listed (?:at|in an?|on|by|as)\b|\bs3150\b|\btss\d\d\b|\bjfe0|\bsc-00\d|\bou-00\d|banned sending|\bcon:b|\brtr:|\bdyn:|\b(?:lpn|ofr|ouk)\d{0,3}[ _-]?(?:102|103|401|506|510)\b|\baup#|suspected bounce|connection denied|envelope (?:blocked|rejected)|anti-?spoof/,
  /\b(?:your|client|sending|source|connecting|originating|sender'?s?) (?:ip|host|server|network|isp|mx|mta|helo|ehlo|domain|relay|mail ?server|(?:e-?mail )?address\b (?!\S{0,3}book)|access|remotehost|reverse)/,
  /from (?:your|this|the|hosts?|servers?|dynamic|its?) (?:\S+ )?(?:ip|host|server|network|domain name|isp|address(?:es)?)\b|\bip[/ ](?:name|address(?:es)?|domain)?:? ?\S{0,9}(?:\d+\.){3}\d+|(?<![?&])\bip=\S*(?:\d+\.){3}|\bips?\b (?:\S+ ){0,4}(?:block|reject|denied|refus|listed|lookup|not allowed|banned)/,
  /\[?\b(?:\d{1,3}\.){3}\d{1,3}\]? (?:has been|has sent|is|was|are|not|blocked|listed|denied|rejected|refused)\b|(?:from|for|by|sending|client|address) \[?(?:\d{1,3}\.){3}\d{1,3}\]?(?:\S? (?:blocked|refused|rejected|denied|listed|is|has|was|weren'?t|not)\b)/,
  /\bptr\b|reverse dns|\brdns\b|reverse (?:lookup|name)|\b(?:ehlo|helo)\b|dynamic (?:ip|address)|unresolvable relay|resolve your|over ipv6|ipv6 address|confirm this mail server|open (?:proxy|relay)|mass mailer/,
  /relay(?:ing)? (?:\S+ ){0,2}(?:denied|not|access|prohibited|is not|error)|(?:unable|try(?:ing)?|attempt(?:ing)?|configured|permitted) to relay|cannot relay|not relay|allowed rcpthosts|as a relay|mail relay/,
  /mail from:? (?:\S+ ){0,3}(?:reject|denied|refused|not |invalid|blocked)|message from \S+ (?:\S+ )?(?:rejected|refused|blocked)|from address|from header|header from|"?from:"? (?:\S+ )?(?:address|domain|is )|\bemetteur\b|expéditeur|absender|mittente|remitente|remetente|отправител|发件人|寄件者|送信(?:者|元)/,
  /(?:starttls|tls|encryption|ssl) (?:\S+ )?(?:required|needed|not|fail|missing)|support tls|administrative prohibition|\b50[1-4] (?:5\.\d\.\d )?invalid domain name|purported responsible|backscatter|banned|connections? not accepted|go away|spammer/,
  /\b(?:pol|dns|con)-[pt]\d\b|\bmsg-p\d\b/,
]

/** What the letter is or looks like, in words that nobody uses for a mailbox. */
const ABOUT_LETTER = [
  /(?<![\w.@-])(?:anti-?)?spam(?:ming|my|like|assassin|profiler|bouncer)?(?![\w-]*\.\w)|unsolicited|\bvirus(?:es)?\b|malware|phishing|垃圾邮件|垃圾郵件|迷惑メール|\bbulk\b|junk ?mail|\buc?be\b/,
  /(?:message|mail|e-?mail|header|banned|unacceptable|prohibited) content|content (?:\S+ ){0,3}(?:reject|denied|filter|block|refused|not allowed|policy)|attachment|embedded images|mime(?!cast)|improper use of|binary content/,
  /(?:message|mail|e-?mail|letter)(?:'s)? (?:\S+ ){0,3}?(?:too (?:large|big|long)|size (?:\S+ )?(?:exceed|exeed|limit)|larger than)|size (?:\S+ ){0,3}exceeds (?:\S+ ){0,3}(?:maximum|max|fixed|limit|databytes|message)|maximum (?:message )?size|too (?:large|big) (?:message|mail|for this)|recipsizelimit|exceeds? (?:\S+ ){0,4}(?:maximum message|message size|size limit)/,
  /polic(?:y|ies)|protocol violation|not rfc|non-?complian|duplicate header|multiple (?:\S+ )?header|header (?:error|are not)|bare (?:lf|cr)|suspicious|recurrent pattern|detected (?:this|your|that this) message/,
]

/** The mailbox takes no more. */
const FULL = [
  /(?:mail-?box|inbox|mail ?folder|account|user|recipient|storage|maildir|box|disk|disc|quota|partition|mdb)\S* (?:\S+ ){0,5}(?:is |are )?(?:full\b|over ?quota|exceeded|exhausted|overflow)|full mail ?box/,
  /mail ?box ?full|over[- ]?quota|over (?:\S+ ){0,3}quota|quota (?:\S+ ){0,3}(?:exceed|violation)|exceed\S* (?:\S+ ){0,5}(?:quota|storage|mailbox size|space|receiving limits)|out of (?:storage|disk|space|quota)|(?:mail ?box|inbox|folder|account|mail file)\S* (?:\S+ ){0,3}(?:exceed|reached|size limit)/,
  /(?:insufficient|not (?:\S+ )?enough|no|low on) (?:\S+ ){0,2}(?:disk|storage|space|quota)|disk (?:space|quota|full)|no space left|storage (?:limit|quota|full)|space (?:\S+ ){0,3}used up|too (?:big|large) for (?:his|her|the|this) (?:mail ?box|quota)|too many messages on|too much mail data|reached (?:\S+ )?(?:quota|disk)/,
  /postfach (?:\S+ ){0,4}(?:voll|überfüllt)|speicherplatz|bo[iî]te (?:\S+ ){0,6}(?:pleine|saturée)|quota (?:\S+ ){0,2}dépassé|buz[oó]n (?:\S+ ){0,3}llen[oa]|caixa (?:\S+ ){0,4}(?:cheia|lotada)|casella (?:\S+ ){0,4}piena|\bzu voll\b|mailbox vol\b|переполнен|przepełnion/,
  /容量|いっぱい|満杯|一杯|(?:邮箱|信箱)\S{0,4}(?:满|滿)|空间不足|超出\S{0,4}配额|가득|초과/,
]

/** The name server did not answer as it should, or a rule of its own was broken: nothing about the reader. */
const NAME_SERVER_TROUBLE = [
  /malformed (?:or unexpected )?name ?server|name server (?:loop|timeout|failure|error for (?:\S+ ){0,4}(?:malformed|try again))|dns (?:\S+ )?(?:timeout|timed out|failure|server|lookup)|servfail|host not found, try again|temporar\S* (?:\S+ ){0,3}(?:lookup|resol|dns|name)|lookup (?:\S+ ){0,3}(?:timed out|deferred|failure)|could not (?:be )?(?:look|resolve|contact)\S* (?:\S+ ){0,3}(?:now|temporar|dns)|all host address lookups|mx records point|no mx (?:found|record)|unrout?e?able mail domain|no (?:ip address|mail exchanger|dns|a record)|domain (?:\S+ )?(?:not|un)reachable|dns records|dnssec|\bdane\b|tlsa|certificate/,
  /(?:mail|routing|forwarding|message|possible|would create a|suspected|mail exchanger) loop|loops? back|\blooping\b|too many (?:hops|"?received)|hop count|mxloopback/,
  /may not exist,? or|cannot route mail to user|delivery failed\.* ?user unknown|address syntax|\b550 : ?user unknown|access denined|may (?:have|be)(?: been)? (?:a )?(?:closed|moved) or|ambiguous|several matches|not unique/,
]

/** The reader's own choice, or the rules of a list. */
const OWN_FILTER = [
  /(?:user|recipient|addressee|customer|recipient id)s? (?:\S+ ){0,2}?(?:refuses?|rejects?|declines?|blocks?|has blocked)\b(?! to deliver)|refused (?:due to|by) (?:the )?recipient|recipient'?s? (?:preferences|privacy|settings)|user rules|only accept(?:s|ing)? (?:mail|messages|e-?mail) from|(?:blocked|rejected) by (?:the |this )?(?:recipients?|user|addressee)\b(?!')|protected by|restricted sms|not accepting (?:mail|messages|e-?mail) with|\brcp-p[23]\b|message filtered/,
  /members?[- ]only|subscribers? only|moderat|not (?:a )?member|(?:permission|allowed) to (?:post|send|e-?mail)|(?:delivery|delivering) restrict|\brestricted\b|resolver\.rst|closed mailing list|not subscribed|by non-member|authrequired|notauthorized|pre-approved|captcha/,
  /受信拒否|受信制限|フィルタ|拒收|拒绝接收/,
]

/** People come back from these. */
const DISABLED = [
  /(?:account|mail-?box|user|recipient|address|e-?mail|inbox|domain)\S* (?:\S+ ){0,6}(?:disabled|inactiv\S*|suspend\S*|locked|deactivated|discontinued|expired|frozen|on hold|dormant|not active|not activated|idle|limited)\b|(?:account|mail-?box|user|inbox)\S* (?:\S+ ){0,2}blocked/,
  /(?:disabled|inactive|suspended|locked|deactivated|frozen|dormant) (?:\S+ ){0,2}(?:account|mail-?box|user|recipient|address)|user suspend|suspend the service|not accepting (?:any |new )?(?:mail|messages|e-?mail)|does not accept mail at|no longer accepts? (?:any )?(?:mail|e-?mail|messages)|\brcp-t4\b|archived recipient/,
  /(?:konto|postfach) (?:\S+ ){0,3}(?:gesperrt|deaktiviert|inaktiv)|compte (?:\S+ ){0,3}(?:d[ée]sactiv[ée]|suspendu|bloqu[ée])|cuenta (?:\S+ ){0,3}(?:deshabilitada|suspendida|desactivada|inactiva|bloqueada)|conta (?:\S+ ){0,3}(?:desativada|suspensa|bloqueada|inativa)|disabilitat|sospes[ao]|заблокирован|отключен|停止|休止|禁用|冻结|停用|凍結/,
]

/** Its own word for it, whatever the code. */
const FOR_NOW = [
  /temporar(?:y|il?y|ly)|try (?:\S+ )?(?:again )?later|in the queue too long|not going to try again|not currently|currently (?:not|un)|vorübergehend|temporairement|temporalmente|временно|一時的|暂时/,
]

/** 'Access denied' is what Microsoft says of an address that it does not know, and what others say of anything. */
const UNKNOWN_AT_MICROSOFT = [
  /recipient address rejected: access denied\S* \[?\S*outlook\.com|5\.4\.1 recipient address rejected: access denied|5\.4\.1 addr ?:? ?recipient address rejected: access denied/,
]
const DENIED = [
  /(?:recipient address|all recipient addresses) rejected ?: ?access denied|mail(?:box)? unavailable or access denied/,
]

const PERSON =
  '(?:user|username|recipient|recip|mail-?box|account|address|addressee|person|customer|alias|local[- ]part|inbox|userid|group|subscriber|employee)'
const GONE =
  "(?:unknown|not ?found|not (?:be )?found|not known|un-?recogni[sz]ed|not exist\\S*|n[o']t exist\\S*|doesn'?t exist|do(?:es)? ?n[o']?t (?:have|exist)|non-?exist\\S*|not (?:a )?valid|isn'?t valid|not available|unavailable|not (?:be )?recogni[sz]ed|not listed|not present|invalid|undeliverable|un-?rout?e?able|not our|not (?:a )?local|not ok|no longer|has left|closed|deleted|removed|terminated|cancel+ed|retired|moved|misspelled|obsolete|wrong|bad|not here|replaced by|not in (?:the |our |this )?(?:directory|system|database|domain|table|list of users|name))"

const NAMES_PERSON = new RegExp(`\\b${PERSON}s?\\b`)

/** Nobody is there. */
const NO_MAILBOX = [
  new RegExp(`\\b${PERSON}s?\\b\\S* (?:\\S+ ){0,5}?${GONE}`),
  /(?:unknown|invalid|illegal|bad|no such|nonexistent|non-existent|incorrect|not (?:a )?(?:valid|known|local|our)|isn'?t an? (?:valid|known)|is not an? (?:known|valid|active)|undefined|unrecogni[sz]ed|no|can'?t accept|unbekannter?) (?:or \S+ )?(?:final |delivery |e-?mail |mail |local |virtual |destination |active |such |remote )*(?:user|userid|recipient|mail-?box|account|address|addressee|person|alias|local[- ]part|destination|customer|inbox|mailing list|name)/,
  /(?:does|did|do|was|is|are|were|could|can)(?: ?n[o']t|'?nt| not) (?:\S+ ){0,2}(?:exist|have an? (?:\S+ )?account|found|known|a valid|an active|listed in|handled|delivered to the mailbox|local)/,
  /(?:recipient|address|user|mail-?box)s? (?:cannot|can't|could not|couldn't) be (?:verified|found)|(?:have|find|know) (?:a |an |any |the )?(?:alias |such )?(?:user|mail-?box|recipient|account)(?: by (?:that|this) name)?\b|mail-?box name (?:not allowed|invalid)|mail ?box not available|not in (?:\S+ )?validrcptto|directory lookup failed|bad recipient|(?:^|5\d\d )addr (?:is )?unknown$|no (?:one|body) (?:at|by|with)|no (?:longer|more) (?:valid|active|exist|available|in use|works?|with|employed|receiv|on (?:this|our)|at )|no mailbox here|no such|nobody (?:here|by)|mail-?box unavailable|address(?:es)? (?:were )?(?:not found|unknown)|adr\.(?:ex)?recip|recipientnotfound|nosuchuser|badrcptto|unrout?e?able|undeliverable address|account by that name|missing home directory|550[- ]unknown|not a registered|no valid recipients|was misspelled|bad-? ?recipient|does not like recipient|rejected recipients|\b(?:rcp-p1|int-p[134])\b|mail box available|addr (?:is )?not found/,
  /(?:user|mail-?box|account|recipient|address) (?:is |was )?(?:not )?(?:gone|dead)\b|user not\b|#5\.1\.0 address rejected|not listed in (?:public|the|domino)|in name directory|matches to nameserver/,
  /adressat\S* (?:\S+ ){0,3}(?:unbekannt|existiert)|empf(?:ä|ae)nger\S* (?:\S+ ){0,4}(?:unbekannt|existiert nicht|nicht (?:gefunden|vorhanden|bekannt))|unbekannte\S* (?:empf(?:ä|ae)nger|benutzer|nutzer|adresse)|(?:benutzer|nutzer|adresse|postfach|konto|mailbox)\S* (?:\S+ ){0,5}(?:unbekannt|existiert nicht|nicht (?:gefunden|vorhanden|bekannt|erreichbar|verfügbar))/,
  /(?:utilisateur|destinataire|adresse|bo[iî]te|compte|usager)\S* (?:\S+ ){0,9}(?:inconnue?|n'existe p(?:as|lus)|introuvable|invalide|inexistante?)|aucun (?:utilisateur|destinataire|compte)/,
  /(?:usuario|destinatario|direcci[oó]n|buz[oó]n|cuenta|correo)\S* (?:\S+ ){0,6}(?:desconocid[oa]|no existe|no (?:se )?(?:ha )?(?:sido )?encontr(?:ad[oa]|[oó])|no encontrad|inexistente|inv[aá]lid[oa]|no v[aá]lid[oa])|no se (?:ha )?(?:encontr\S+|pudo encontrar) (?:\S+ ){0,2}(?:direcci[oó]n|usuario|destinatario|buz[oó]n|cuenta)|no existe (?:\S+ ){0,2}(?:usuario|persona|destinatario|cuenta|buz[oó]n)/,
  /(?:usu[aá]rio|destinat[aá]rio|endere[cç]o|caixa|conta)\S* (?:\S+ ){0,6}(?:desconhecid[oa]|n[aã]o (?:existe|encontrad[oa]|foi encontrad[oa]|p[oô]de ser encontrad[oa])|inexistente|inv[aá]lid[oa])/,
  /(?:utente|destinatario|indirizzo|casella|account)\S* (?:\S+ ){0,6}(?:sconosciut[oa]|non (?:esiste|trovat[oa]|[eè] stat[oa] trovat[oa])|inesistente|non valid[oa])/,
  /(?:gebruiker|ontvanger|adres|mailbox)\S* (?:\S+ ){0,5}(?:onbekend|bestaat niet|niet gevonden)|(?:пользовател|получател|адрес|ящик)\S* (?:\S+ ){0,5}(?:не (?:найден|существует|зарегистрирован)|неизвест|отсутствует)|не существует|(?:użytkownik|adres|skrzynk)\S* (?:\S+ ){0,5}(?:nieznan|nie istnieje|nie znaleziono)|nie ma takiego/,
  /(?:ユーザー?|宛先|アドレス|受信者|メールボックス|送信先)\S{0,20}(?:存在し|見つかり|見つから|不明|みつかり|ありません|無効)|(?:リスト|ディレクトリ)\S{0,10}(?:にありません|見つかりません)|(?:用户|收件人|邮箱|地址|帐号|账号|使用者|收件者|信箱|帳號)\S{0,12}(?:不存在|未知|找不到|无效|無效|没有|沒有)|无此用户|查无此人|查無此人|(?:사용자|수신자|주소)\S* ?\S{0,8}(?:없|찾을 수)/,
]

/** There is no such domain, or it takes no mail. */
const NO_DOMAIN = [
  /(?:host|domain)(?: name)?\S* (?:\S+ ){0,4}(?:unknown|not ?found|not exist|doe?s?n'?t exist|invalid|must exist|non-?exist|not valid|dead|expired)|(?:unknown|no such|invalid|illegal|non-?existent|bad) (?:mail )?(?:host|domain)/,
  /name or service not known|nxdomain|nonexistentdomain|domainnonexistent|null ?mx|(?:domain|host|address|server) (?:\S+ ){0,3}?(?:doesn'?t|does not) (?:accept|receive|handle) (?:any )?(?:mail|e-?mail)|indicated no smtp service|no smtp service|point to (?:a )?non-?existent|domain (?:isn'?t|is not) (?:in|valid|local|hosted)|couldn'?t find any host|returned answer with no data/,
]

/** Rules that name nobody. */
const REFUSED = [
  /too (?:large|big)|size limit|prohibit|blocked|administrative|access (?:denied|forbidden)|not permitted|security|rejected (?:by (?!the (?:server|recipient|remote|other|next|host))|due|for|as)|(?:message|mail|e-?mail|transaction|data) (?:\S+ ){0,3}(?:rejected|refused|denied|not accepted)|complain|header|format|syntax|line too long|not accepted/,
]

/** Trouble on the reader's server, or on the way, that is not ours to judge. */
const BROKEN = [
  /couldn'?t create|cannot (?:create|open|write)|can'?t (?:create|open|write)|procmail|maildrop|input\/output|i\/o error|system (?:error|config)|(?:local|configuration|internal|server) (?:error|problem|configuration)|expired|timed? ?out|unreachable|connection|retry (?:time|timeout)|too long|giving up|not respond|mailer error|x-unix|pipe to|command (?:died|failed|output)|badprimary|ldap|homedir/,
]

/** What the words mean, the first that fits. `policy` and `hard` are milder where the code says: for now. */
const MEANINGS: readonly (readonly [RefusalKind, readonly RegExp[]])[] = [
  ['deferred', TOO_MUCH],
  ['policy', ABOUT_SENDER],
  ['soft', FULL],
  ['policy', ABOUT_LETTER],
  ['soft', NAME_SERVER_TROUBLE],
  ['policy', OWN_FILTER],
  ['soft', DISABLED],
  ['soft', FOR_NOW],
  ['hard', UNKNOWN_AT_MICROSOFT],
  ['soft', DENIED],
  ['hard', NO_MAILBOX],
  ['hard', NO_DOMAIN],
  ['policy', REFUSED],
  ['soft', BROKEN],
]
