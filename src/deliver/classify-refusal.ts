// What a server said of a message for good or for now → whether the reader's address is dead. The one place that decides
// it: for replies at SMTP time, for delivery reports and for what providers report.

/**
 * - `hard`: there is no such mailbox or no such domain. Not mailed again.
 * - `soft`: the mailbox is full, disabled or cannot be reached. Counts; many in a row make an address a dead one.
 * - `deferred`: too much at once. Does not count.
 * - `policy`: about the sender, the message or the reader's own filter, never about whether the mailbox exists. Does not count.
 */
export type RefusalKind = 'hard' | 'soft' | 'deferred' | 'policy'

export interface Refusal {
  /** Enhanced status code (RFC 3463); empty when there is none. */
  readonly status: string
  /** All that the server wrote, reply code included: '550 5.1.1 no such user'. */
  readonly text: string
}

/**
 * Text about the sender beats any code, text about the mailbox beats a code that says little, and only then does the code
 * decide: servers send 5.1.1 for a rate, and 5.7.1 for an unknown user.
 */
export function classifyRefusal({ status, text }: Refusal): RefusalKind {
  const said = plainText(text)
  const code = finalCode(status, text)
  const forNow = code.startsWith('4')
  const says = (patterns: readonly RegExp[]) => patterns.some(pattern => pattern.test(said))
  if (says(TOO_MUCH)) return 'deferred'
  if (says(ABOUT_SENDER)) return forNow ? 'deferred' : 'policy'
  if (says(FULL)) return 'soft'
  if (says(NAME_SERVER_TROUBLE)) return 'soft'
  if (says(OWN_FILTER)) return 'policy'
  if (says(DISABLED)) return 'soft'
  if (says(FOR_NOW)) return 'soft'
  if (says(NO_MAILBOX) || says(NO_DOMAIN)) return forNow ? 'soft' : 'hard'
  if (says(ABOUT_MESSAGE)) return forNow ? 'deferred' : 'policy'
  if (says(BROKEN_MAILBOX)) return 'soft'
  return byCode(code)
}

/** RFC 3463 §3. What names no mailbox and no sender in words is judged by its code alone. */
function byCode(code: string): RefusalKind {
  if (/^5\.1\.([1236]|10)$/.test(code)) return 'hard'
  if (/^5\.(1\.[78]|2\.3|3\.4|5\.\d+|6\.\d+|7\.\d+)$/.test(code)) return 'policy'
  if (/^4\.(5|6|7)\./.test(code)) return 'deferred'
  return 'soft'
}

/** The most exact code that was given; the reply code says whether it is final (RFC 5321 §4.2.1). */
function finalCode(status: string, text: string): string {
  const enhanced = /(?:^|[\s;#(-])([245]\.\d{1,3}\.\d{1,3})(?=[\s)\].,:;-]|$)/.exec(text)?.[1]
  const reply = /(?:^|[\s;:<(])([245])\d\d(?=[\s-]|$)/.exec(text)?.[1]
  const exact = [enhanced, status].find(code => code !== undefined && /^[45]\.[1-9]/.test(code))
  const code = exact ?? (enhanced || status || `${reply ?? '5'}.0.0`)
  return reply === '5' ? code.replace(/^4/, '5') : code
}

/** Lower case, one space between words, without the names and numbers of the servers in between. */
function plainText(text: string): string {
  return text
    .slice(0, 4000)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‘’]/g, "'")
    .replace(/\bhost [^\s[\]]+\[[^\]]*\] (?:said|refused)/g, 'server said')
    .replace(/(?:^|[\s;])[245]\d\d-(?=\S)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** A rate or a volume, ours or the reader's. */
const TOO_MUCH = [
  /receiving (?:mail|messages|e-?mail)s? (?:at a rate|too quickly)/,
  /too (?:many|much) (?:recipients|messages|mails?|e-?mails?|connections?|sessions|emails|concurrent|requests|invalid|errors|failures)/,
  /(?:rate|volume|message|sending|hourly|daily|connection|recipient)s? (?:limit|quota)s? (?:\S+ ){0,3}(?:exceed|reach)/,
  /exceed(?:s|ed|ing)? (?:\S+ ){0,4}(?:rate|hourly|daily|limit of messages|sending limit|connection limit)/,
  /rate[- ]?limit|throttl|sent? (?:mail )?too (?:fast|quickly|frequently)|unusual (?:rate|volume|traffic)/,
  /gr[ae]y-?list|try again (?:later|in \d)|temporarily (?:deferred|rate)/,
]

/** Who sends, from where and with what proof. */
const ABOUT_SENDER = [
  /domain of sender|sender'?s? (?:address|domain|e-?mail|host|ip|policy|server)|(?:envelope|invalid|unknown|bad|this|your|null|empty) sender/,
  /sender\S* (?:\S+ ){0,4}(?:reject|denied|blocked|invalid|not |verif|listed|unknown|black|spammer|refused)|(?:verify|validat)\S* (?:\S+ ){0,2}sender|senders? not/,
  /not (?:allowed|authori[sz]ed|permitted) to (?:send|relay|use|connect|submit|post)|not accept(?:ing|ed)? (?:mail|messages|e-?mail|connections?) from/,
  /\bspf\b|\bdkim\b|\bdmarc\b|\barc\b (?:fail|valid)|authentication (?:required|fail|result|check|information)|unauthenticated|not authenticated/,
  /black-?list|block-?list|\brbls?\b|dns-?bl|spamhaus|spamcop|sorbs|barracuda(?:central)?|abuseat|senderscore|cloudmark|proofpoint|\buceprotect/,
  /reputation|(?<!not )listed (?:at|in|on|by|as)|block(?:ed)? (?:using|list)|\bs3150\b|\btss\d\d\b|\bjfe0/,
  /(?:your|client|sending|source|connecting|from|this|the) (?:ip|host|server|network|isp|mx|mta|helo|ehlo|domain name)\b|\bip (?:address )?\S*(?:\d+\.){3}\d+|^\S* ?\[?(?:\d{1,3}\.){3}\d{1,3}\]? (?:has|is|was)/,
  /\bptr\b|reverse dns|r-?dns|reverse (?:lookup|name)|\b[eh]elo\b|dynamic (?:ip|address)|unresolvable relay/,
  /relay(?:ing)? (?:\S+ ){0,2}(?:denied|not|access|prohibited|is not)|unable to relay|cannot relay|not relay|allowed rcpthosts/,
  /mail from:? (?:\S+ ){0,2}(?:reject|denied|refused|not|invalid)|from address|from header|\bemetteur\b|expéditeur|absender|mittente|remitente|remetente|发件人|送信者/,
  /(?:starttls|tls|encryption) (?:is )?(?:required|needed|not)/,
]

/** The mailbox takes no more. */
const FULL = [
  /(?:mail-?box|inbox|mail folder|account|user|recipient|storage|maildir|box|disk|quota|partition)\S* (?:\S+ ){0,5}(?:is |are )?(?:full|over ?quota|exceeded|exhausted|overflow)/,
  /mail ?box ?full|over[- ]?quota|quota (?:\S+ ){0,3}exceed|exceed\S* (?:\S+ ){0,4}(?:quota|storage|mailbox size|size limit|space)|out of (?:storage|disk|space|quota)/,
  /(?:insufficient|not enough|no|low on) (?:\S+ ){0,2}(?:disk|storage|space|quota)|disk (?:space|quota|full)|no space left|storage (?:limit|quota|full)|too (?:big|large) for (?:his|her|the|this) (?:mail ?box|quota)/,
  /postfach (?:\S+ ){0,3}voll|speicherplatz|bo[iî]te (?:\S+ ){0,4}pleine|quota (?:\S+ ){0,2}dépassé|buz[oó]n (?:\S+ ){0,3}lleno|caixa (?:\S+ ){0,3}cheia|casella (?:\S+ ){0,3}piena/,
  /容量|いっぱい|邮箱(?:已|空间)?满|空间不足|信箱已滿/,
]

/** The name server did not answer as it should: nothing about the reader. */
const NAME_SERVER_TROUBLE = [
  /malformed or unexpected name server|name server (?:loop|timeout|failure)|dns (?:lookup )?(?:timeout|timed out|failure|server)|servfail|host not found, try again|temporar\S* (?:\S+ ){0,3}(?:lookup|resol|dns)|lookup (?:\S+ ){0,3}(?:timed out|deferred)|could not (?:be )?(?:look|resolve)\S* (?:\S+ ){0,3}(?:now|temporar)/,
]

/** The reader's own choice, or the rules of a list. */
const OWN_FILTER = [
  /(?:user|recipient|addressee) (?:\S+ ){0,3}(?:refuse|reject)(?:s|ed)? |refused (?:due to|by) recipient|recipient preferences|user rules|only accept(?:s|ing)? (?:mail|messages|e-?mail) from|blocked by the recipient|protected by|restricted sms/,
  /members? only|subscribers? only|moderat|not (?:a )?member|permission to (?:post|send)|delivery restrict|restricted/,
  /受信拒否|フィルタ/,
]

/** People come back from these. */
const DISABLED = [
  /(?:account|mail-?box|user|recipient|address|e-?mail|inbox|domain)\S* (?:\S+ ){0,6}(?:disabled|inactiv\S*|suspend\S*|locked|deactivated|discontinued|expired|frozen|on hold|dormant|blocked|not active|not activated|idle)/,
  /(?:disabled|inactive|suspended|locked|deactivated|frozen|dormant) (?:\S+ ){0,2}(?:account|mail-?box|user|recipient|address)|user suspend|suspend the service|not accepting (?:mail|any|messages|e-?mail)|does not accept mail at/,
  /(?:konto|postfach) (?:\S+ ){0,3}(?:gesperrt|deaktiviert)|compte (?:\S+ ){0,3}(?:désactivé|suspendu|bloqué)|cuenta (?:\S+ ){0,3}(?:deshabilitada|suspendida|desactivada|inactiva)|conta (?:\S+ ){0,3}(?:desativada|suspensa|bloqueada|inativa)|disabilitat|停止|禁用|冻结|停用/,
]

/** Its own word for it, whatever the code. */
const FOR_NOW = [/temporar(?:y|ily)/]

/** Nobody is there. */
const NO_MAILBOX = [
  /(?:user|recipient|mail-?box|account|address|addressee|person|customer|alias|local[- ]part|inbox)\S* (?:\S+ ){0,6}?(?:unknown|not ?found|not (?:be )?found|not known|not exist\S*|n[o']t exist\S*|doesn'?t exist|do(?:es)? ?n[o']?t (?:have|exist)|non-?exist\S*|not (?:a )?valid|isn'?t valid|not available|unavailable|not recogni[sz]ed|not listed|not present|invalid|undeliverable|unrout?e?able|not our|not local|no longer|has left|closed|deleted|removed|terminated|cancel+ed|retired|moved|misspelled|obsolete|wrong|bad|not here|not in (?:the |our |this )?(?:directory|system|database|domain|table|list of users))|#5\.1\.0 address rejected/,
  /(?:unknown|invalid|illegal|bad|no such|nonexistent|non-existent|incorrect|not (?:a )?(?:valid|known|local|our)|isn'?t a (?:valid|known)|undefined|unrecogni[sz]ed|no) (?:or \S+ )?(?:e-?mail |mail |local |virtual |destination |active |such )*(?:user|recipient|mail-?box|account|address|addressee|person|alias|local[- ]part|destination|customer|inbox|mailing list|name)/,
  /(?:does|did|do|was|is|are|were|could|can)(?: ?n[o']t|'?nt| not) (?:\S+ ){0,2}(?:exist|have an? (?:\S+ )?account|found|known|a valid|an active|listed in|handled|delivered to the mailbox)/,
  /no (?:one|body) (?:at|by|with)|no (?:longer|more) (?:valid|active|exist|available|in use|works?|with|employed|accept|receiv|on (?:this|our)|at )|no mailbox here|no such|nobody (?:here|by)|not our (?:user|customer)|mail-?box unavailable|address not found|adr\.recip|recipientnotfound|nosuchuser|badrcptto|user_unknown|unrout?e?able|undeliverable address|archived recipient|account by that name|missing home directory|550[- ]unknown|not a registered|no valid recipients|was misspelled/,
  /(?:user|mail-?box|account|recipient|address) (?:is |was )?(?:not )?(?:gone|dead)\b|user not|recipient address rejected: access denied/,
  /empfänger\S* (?:\S+ ){0,4}(?:unbekannt|existiert nicht|nicht (?:gefunden|vorhanden|bekannt))|unbekannte\S* (?:empfänger|benutzer|nutzer|adresse)|(?:benutzer|nutzer|adresse|postfach|konto|mailbox) (?:\S+ ){0,5}(?:unbekannt|existiert nicht|nicht (?:gefunden|vorhanden|bekannt|erreichbar|verfügbar))/,
  /(?:utilisateur|destinataire|adresse|bo[iî]te|compte|usager) (?:\S+ ){0,6}(?:inconnue?|n'existe p(?:as|lus)|introuvable|invalide|inexistante?)|aucun (?:utilisateur|destinataire|compte)/,
  /(?:usuario|destinatario|direcci[oó]n|buz[oó]n|cuenta|correo) (?:\S+ ){0,6}(?:desconocid[oa]|no existe|no (?:se )?(?:ha )?(?:sido )?encontrad[oa]|no encontrad|inexistente|inv[aá]lid[oa]|no v[aá]lid[oa])|no existe (?:\S+ ){0,2}(?:usuario|persona|destinatario|cuenta|buz[oó]n)/,
  /(?:usu[aá]rio|destinat[aá]rio|endere[cç]o|caixa|conta) (?:\S+ ){0,6}(?:desconhecid[oa]|n[aã]o (?:existe|encontrad[oa]|foi encontrad[oa])|inexistente|inv[aá]lid[oa])/,
  /(?:utente|destinatario|indirizzo|casella|account) (?:\S+ ){0,6}(?:sconosciut[oa]|non (?:esiste|trovat[oa]|[eè] stat[oa] trovat[oa])|inesistente|non valid[oa])/,
  /(?:ユーザー?|宛先|アドレス|受信者|メールボックス)\S{0,20}(?:存在し|見つかり|不明|みつかり|ありません|無効)|(?:用户|收件人|邮箱|地址|帐号|账号|使用者|收件者|信箱)\S{0,12}(?:不存在|未知|找不到|无效|無效)|无此用户|查无此人/,
]

/** There is no such domain, or it takes no mail. */
const NO_DOMAIN = [
  /(?:host|domain)(?: name)?\S* (?:\S+ ){0,4}(?:unknown|not ?found|not exist|doesn'?t exist|invalid|must exist|non-?exist|not valid|dead|expired)|(?:unknown|no such|invalid|non-?existent|bad) (?:mail )?(?:host|domain)/,
  /name or service not known|nxdomain|no (?:mx|mail exchanger)|null ?mx|doesn'?t (?:accept|receive|handle) (?:mail|e-?mail)|does not (?:accept|receive|handle) (?:mail|e-?mail)|no smtp service|point to (?:a )?non-?existent|domain (?:isn'?t|is not) (?:in|valid|local|hosted)|couldn'?t find any host/,
]

/** What the letter is or looks like, and rules that name nobody. */
const ABOUT_MESSAGE = [
  /spam|junk|bulk|unsolicited|virus|malware|phish|content|attachment|message (?:size|too|was (?:rejected|blocked|refused)|rejected|refused|blocked|contains|has been)|too (?:large|big)|size limit|policy|policies|prohibit|blocked|reputation|administrative|access (?:denied|forbidden)|not permitted|security|suspicious|rejected (?:by|due|for)|refused|complain|header|format|syntax|protocol|command|line too long/,
]

/** Trouble on the reader's server that is not of ours to judge. */
const BROKEN_MAILBOX = [
  /couldn'?t create|cannot (?:create|open|write)|can'?t (?:create|open|write)|procmail|input\/output|i\/o error|system (?:error|config)|local (?:error|problem)|loop|hop count|expired|timed? ?out|unreachable|connection/,
]
