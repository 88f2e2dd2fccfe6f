// The title of a column → how its cells say whether a reader may be mailed, if it is a column that says so.

import {
  isBlank,
  isTime,
  readTime,
  STANDINGS,
  type Standing,
  stateOfWord,
  words,
  yesOrNo,
} from './cell-values.ts'

/** 'nothing' says nothing bad; 'blank' is judged by what the rest of the column says; undefined is not understood. */
export type Reading = Standing | 'nothing' | 'blank' | undefined

export interface StateReader {
  /** @param cell without white space around it */
  read(cell: string): Reading
  /** What a blank cell says, by how often the others said what. */
  blank(counts: ReadonlyMap<Reading, number>): Standing | 'nothing'
  /** When the reader left or bounced, ms since epoch, if the cell is that. */
  time?(cell: string): number | undefined
  /** A column whose title could also mean something else: what else its cells say decides. */
  readonly doubt?: 'place' | 'choice'
}

/** The reader of a column with this title; undefined if it does not speak of states. */
export function stateReaderOf(title: string): StateReader | undefined {
  const name = nameOf(title)
  if (name.is(LINKS) || isOtherChannel(title)) return undefined
  // 'Active/inactive' and '配信可否': which of them a yes is, nobody can say; or it is the first.
  if (isEither(title)) return ofWords()
  if (EITHER_OR_NOT.test(title)) return ofGiven('pending', name)
  if (name.is(ENDS)) return ofEnd
  const gone = GONE_NAMES.find(([, stems, titles = '']) => name.is(stems) || name.isOne(titles))
  if (gone)
    return name.isNegated && !name.is(DO_NOT)
      ? ofWords()
      : name.is('soft softbounce')
        ? ofSoftBounces()
        : ofGone(gone[0], name)
  if (name.isForbidding) return ofGone('unsubscribed', name)
  if (name.isOne('opt')) return ofWords({ in: 'active', out: 'unsubscribed' })
  if (name.is(PREFERENCES) || name.isOne(PREFERENCE_TITLES)) return ofPreference(name)
  if (name.is(STATUS))
    return name.is(STATUS_OF_PLACE) && !name.is(MAIL) ? { ...ofWords(), doubt: 'place' } : ofWords()
  if (name.is(DETAILS)) return undefined
  const given = GIVEN_NAMES.find(([, stems]) => name.is(stems))
  if (given) return name.isNegated ? ofGone(given[0], name) : ofGiven(given[0], name)
  const isChoice = name.isOne(CHOICES) || name.is(NEWSLETTERS) || (name.is(ASKED_FOR) && name.is(MAIL))
  return isChoice ? { ...ofGiven('pending', name), doubt: 'choice' } : undefined
}

/** Whether it names a state and its opposite. */
function isEither(title: string): boolean {
  const sides = title.split(/\s*[/|]\s*|\s+(?:or|oder|ou|o)\s+/i)
  if (sides.length !== 2) return false
  const [one, other] = sides.map(side => GONE_NAMES.some(([, stems]) => nameOf(side).is(stems)))
  return one !== other && sides.every(side => GIVEN_NAMES.some(([, stems]) => nameOf(side).is(stems)))
}

/** 'Can it be sent or not': the character for yes, and behind it the one for no. */
const EITHER_OR_NOT = /可\P{L}*(否|不可)|要\P{L}*(否|不要)|有無|希望有無/u

/** Leave to send messages of another kind says nothing about mail, whatever is in the column. */
export function isOtherChannel(title: string): boolean {
  const name = nameOf(title)
  return name.is(OTHER_CHANNELS) && !name.is('mail email newsletter')
}

/** A column of words such as 'active'. */
export function ofWords(table: Readonly<Record<string, NonNullable<Reading>>> = {}): StateReader {
  const own = new Map(Object.entries(table))
  return {
    read: cell => (isBlank(cell) ? 'blank' : (own.get(words(cell)) ?? stateOfWord(cell))),
    // Where only those who left are marked, the others have not left.
    blank: counts =>
      counts.has('active') || !STANDINGS.some(said => counts.has(said)) ? 'pending' : 'nothing',
  }
}

/** A column that is filled, with anything at all, for those who are gone. */
export function ofFilled(standing: Standing): StateReader {
  return {
    read: cell => (isBlank(cell) || yesOrNo(cell) === false ? 'nothing' : standing),
    blank: () => 'nothing',
    time: readTime,
  }
}

/** A column of yes and no, where `no` says something and `yes` says nothing bad; or the other way about. */
export function ofYesNo(says: {
  readonly yes?: Standing
  readonly no?: Standing
  readonly blank?: Standing
}): StateReader {
  return {
    read(cell) {
      if (isBlank(cell)) return 'blank'
      const yes = yesOrNo(cell)
      return yes === undefined ? undefined : ((yes ? says.yes : says.no) ?? 'nothing')
    },
    blank: () => says.blank ?? 'nothing',
  }
}

/** `unsubscribed`, `bounced_at`, `complaints`: yes, a time, or a number where it counts. */
function ofGone(standing: Standing, name: Name): StateReader {
  if (name.is(REASONS)) {
    const filled = ofFilled(standing)
    return { ...filled, read: cell => (TEMPORARY.test(cell) ? undefined : filled.read(cell)) }
  }
  return {
    read(cell) {
      if (isBlank(cell)) return 'nothing'
      const yes = yesOrNo(cell)
      if (yes !== undefined) {
        // One bounce is a number, not a yes, where bounces are counted.
        return yes
          ? cell === '1' && name.isCount && !name.is(FINAL_COUNTS)
            ? undefined
            : standing
          : 'nothing'
      }
      if (/^0+([.,]0+)?%?$/.test(cell)) return 'nothing'
      if (/^\d+$/.test(cell))
        return name.isDated || name.is(FINAL_COUNTS) || isTime(cell) ? standing : undefined
      if (isTime(cell)) return standing
      const word = stateOfWord(cell)
      return word === 'active' ? undefined : word
    },
    blank: () => 'nothing',
    time: readTime,
  }
}

const TEMPORARY = /soft|transient|temporary|delayed|deferred|^4\d\d|\b4\.\d\.\d/i

/** Until when it is paid, or when it was over: a person decides. */
const ofEnd: StateReader = {
  read: cell => (isBlank(cell) ? 'nothing' : undefined),
  blank: () => 'nothing',
}

/** A soft bounce leaves the mailbox alive, but nobody can tell how often it came: a person decides. */
function ofSoftBounces(): StateReader {
  return {
    read: cell => (isBlank(cell) || yesOrNo(cell) === false || /^0+$/.test(cell) ? 'nothing' : undefined),
    blank: () => 'nothing',
  }
}

/** `email preference`, `frequency`: how mail is wanted, which may be not at all. */
function ofPreference(name: Name): StateReader {
  const isOpen = name.is(FREQUENCY) || name.isOne(PREFERENCE_TITLES)
  return {
    read(cell) {
      const said = words(cell)
      if (NOT_AT_ALL.has(said)) return 'unsubscribed'
      if (isBlank(cell)) return 'blank'
      return stateOfWord(cell) ?? (isOpen || KINDS_OF_MAIL.has(said) ? 'nothing' : undefined)
    },
    blank: () => 'nothing',
  }
}

/** `subscribed`, `confirmed_at`, `opt_in`: without a yes or a time, the reader has not agreed. */
function ofGiven(without: Standing, name: Name): StateReader {
  const isSince = name.isDated && without === 'unsubscribed'
  return {
    read(cell) {
      if (isBlank(cell)) return 'blank'
      const yes = yesOrNo(cell)
      if (yes !== undefined) return yes ? 'active' : without
      if (isTime(cell) || (name.isDated && /^(19|20)\d\d$/.test(cell))) return 'active'
      return stateOfWord(cell)
    },
    // Since when somebody subscribes may be unknown. Whether they confirmed may not.
    blank: counts => (isSince || (name.isDated && !counts.has('active')) ? 'nothing' : 'pending'),
  }
}

interface Name {
  /** Whether one of the stems is in it: longer ones anywhere, those of up to five letters as a word. */
  is(stems: string): boolean
  /** Whether it is one of them, and nothing else. */
  isOne(titles: string): boolean
  readonly isNegated: boolean
  /** 'Bitte keine Mails', 'ne pas contacter': a yes in it means no. */
  readonly isForbidding: boolean
  readonly isDated: boolean
  readonly isCount: boolean
}

/** 'doNotContact', 'EMAIL_BLACKLISTED' and 'Désabonné le' alike. */
function nameOf(title: string): Name {
  const parts = words(title.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')).split(' ')
  const squeezed = parts.join('')
  const isWord = new Set([...parts, ...parts.slice(1).map((part, before) => parts[before] + part)])
  const is = (stems: string) =>
    stemsOf(stems).some(({ stem, anywhere }) => (anywhere ? squeezed.includes(stem) : isWord.has(stem)))
  return {
    is,
    isOne: titles => squeezed !== '' && titles.split(/\s+/).includes(squeezed),
    isNegated: is(NEGATIONS) || parts[0] === 'no' || NEGATED.test(squeezed),
    isForbidding: FORBIDDING.test(` ${parts.join(' ')}`) && is(`${MAIL} ${NEWSLETTERS} ${CONTACTS}`),
    isDated: is(DATED),
    isCount: is(COUNTED) || /(bounces|complaints|reports|unsubscribes)$/.test(squeezed),
  }
}

/** In the form of `words`, with something behind it: 'Contact No' is a number. */
const FORBIDDING =
  / (kein|keine|keinen|keinerlei|nicht|do not|dont|don t|no(?! of )|not|ne (?:\S+ )?(?:pas|plus)|pas d|pas de|plus de|aucun|aucune|sin|nao|sem|न|नह|मत|لا|عدم|نہ|مت) \S/

const NEGATED =
  /un(confirm|verif|valid|activated|bestatig|bestaetig)|(not|non)(confirm|verif|subscri|activ|valid|abonn|opted|consent)/

/** A stem of up to five Latin letters must be a whole word, or two: 'optin' is 'opt_in', and no part of 'desktoptint'. */
const MAX_WORD_STEM = 5

interface Stem {
  readonly stem: string
  readonly anywhere: boolean
}

const stemLists = new Map<string, readonly Stem[]>()

/** @param stems between white space; '*' after a short one: anywhere in the title */
function stemsOf(stems: string): readonly Stem[] {
  let list = stemLists.get(stems)
  if (!list) {
    list = stems
      .trim()
      .split(/\s+/)
      .map(text => {
        const stem = words(text).replaceAll(' ', '')
        return { stem, anywhere: text.endsWith('*') || stem.length > MAX_WORD_STEM || /[^a-z0-9]/.test(stem) }
      })
    stemLists.set(stems, list)
  }
  return list
}

const DO_NOT =
  'donotcontact donotmail donotemail donotsend donotbulk dontcontact dontmail dontemail nocontact nonewsletter noemail nomail nomarketing'

/** What they say of a reader, stems of their titles, and words that say it only by themselves; the first that fits. */
const GONE_NAMES: readonly (readonly [Standing, stems: string, titles?: string])[] = [
  [
    'complaint',
    'complain spam* abuse fbl arf feedbackloop feedbacktype junk* plainte beschwerde queja denuncia reclamac 苦情 迷惑 クレーム شكوى शिकायत شکایت',
    'reported reportedat reportedon flagged',
  ],
  [
    'bounce',
    `bounc* bademail mailbad wrongaddress adressefalsch falscheadresse erronee direccionerronea returntosender faileddeliver* permanentfail* unmailable nonmailable notmailable mailreturned wrongemail emailerror deliveryerror returnedmail undeliver unreachable cleantime cleaned cleandate cleancampaign rebond rebote rebotad
emailbad badaddress notfound injoignable npai retourne nonremis ndr dsn deliveryfail mailfail emailfail zustellfehl mailfehler
nichtzustellbar zuruckgekommen kamzuruck verzogen correodevuelto retornad unzustellbar rucklauf devolvid invalid ungultig ungueltig 不達 不着 返送 宛先不明 エラー バウンス مرتد बाउंस अमान्य باؤنس`,
    'bad error errors failed failure failures fail returned devuelto devuelta retour lost dead tot',
  ],
  [
    'manual',
    `blacklist blocklist denylist blocked suppress banned ban block gesperrt sperr* robinson* bloque bloquead listenoire
listanegra exclude excluded isexcluded exclusion exclu ausgeschlossen excluir quarantin ブロック ブラックリスト 拒否 محظور حظر अवरुद्ध ब्लॉक بلاک`,
  ],
  [
    'unsubscribed',
    `unsub* optout* optedout optingout unfollow ${DO_NOT} dnc dnd dne objected objection opposition refus refuse* rechaz* recus* ablehn abgelehnt desabonn desinscri abgemeldet abmeld abbestell
ausgetragen austrag austritt ausgetreten storniert gekundigt gekuendigt kundigung kuendigung widerruf widerspr resili debaja baja descadastr desuscri
desinscrev revoked revocation withdrawn saida desligad radiation left leftat lefton dateleft leave exit quit goodbye stop stopped resigned withdrew sortie saiu
beendet beendig* annul* terminat* ausgeschied departed leaving kicked barred quitte abandono ملغى لا_يرغب exsubscriber pastsubscriber nixmail dnm 退会 解除 停止 中止 禁止 受け取らない 解約 休会 休止 休眠 不要 不可 しない 対象外 除外 オプトアウト منسوخ إلغاء ألغى ملغي समाप्त अनसब्सक्राइब ان_سبسکرائب ختم`,
    'out rejected rejectedat rejectedon declined declinedat denied recusado stornodatum storno anulado anulada kill killed ignore ignored skip rts',
  ],
  [
    'unsubscribed',
    `delete deleted deletion remove removed removal disabled inactive inaktiv inactif inactiv inativ deactiv deaktiv
desactiv desativ archived cancel suspended expired geloscht geloescht supprim eliminad excluido removid terminated
churned lapsed paused pausiert muted snooz* frozen dormant sunset vacation* unengaged purge* scrubbed trash* erased erasure anonymi* forgotten archived archiviert
ruhend ehemalig* ancienmembre borrad* archivad* arquivad* formermember formersubscriber formerreader exmember
accountclosed closedaccount closedat closedon dateclosed movedaway ended gone hold held onhold deceased verstorben decede fallecid falecid dead 失効 死亡 削除 無効 محذوف غير_نشط غیر_فعال معطل हटाय निष्क्रिय حذف`,
    'archive archiv closed retired former hidden locked end',
  ],
  // Not agreed yet, or never.
  [
    'pending',
    'pending awaiting* waiting notyet neverconfirm neververif neversubscri neveropt 仮登録 仮会員 未確認 未認証 未承認',
  ],
]

/** What a reader is without it, and stems. */
const GIVEN_NAMES: readonly (readonly [Standing, string])[] = [
  [
    'pending',
    `confirm verif* validated activated activation approv* genehmig freigegeben doubleopt doi valid deliverable bestatig bestaetig 確認 認証 مؤكد
تأكيد पुष्टि सत्यापित تصدیق`,
  ],
  [
    'pending',
    `optin* optedin consent einwillig zustimm permission permis permiso accept aceit* aceptac allow* autoris
autoriz agreed agree agrees gdpr dsgvo rgpd lgpd marketing mailable emailable canemail canmail mayemail maymail maycontact cancontact contactable okto okayto emailok mailok emailokay
lawfulbasis legalbasis rechtsgrundlage baselegal privacy datenschutz agreement erlaubnis einverstand zusage einwilligung accord
acepta publicidadacept souhaite wunscht gewunscht deseja desea querreceber quiererecibir 承諾 يرغب अनुमति オプトイン 同意 許可 希望 موافق सहमति
رضامندی اجازت`,
  ],
  [
    'unsubscribed',
    `subscrib subscription abo abonn* inscrit inscrip inscric* inscrito suscri assinatura assinante cadastr angemeldet anmeld 購読
登録 配信 受信 受け取る مشترك اشتراك सदस्यता سبسکر`,
  ],
  [
    'unsubscribed',
    'islive live sendable ispublished active aktiv actif activo ativo enabled 有効 نشط सक्रिय فعال',
  ],
]

const STATUS =
  'validity emailquality mailquality addressquality deliverability hygiene status statut state estado etat stato estatus zustand situacao emailstate mailstate userstate contactstate ステータス 状態 الحالة حالة स्थिति حیثیت'

/** Where people live in many lists. */
const STATUS_OF_PLACE = 'state estado'

const MAIL =
  'mail mails email emails correo correos courriel courriels メール メルマガ ईमेल ای_میل subscriber subscription contact member newsletter'

const ENDS = `subscriptionend subscriptionexpir membershipend mitgliedbis aboende abobis enddate dateended fechafin enddatum datefin datafim 期限切れ`

const NEWSLETTERS = `newsletter rundbrief rundmail rundschreiben infobrief infopost infomail infolettre lettreinfo lettredinfo boletin boletim
informativo メルマガ メールマガジン ニュースレター お知らせ 案内メール النشرة نشرة न्यूज़लेटर समाचार_पत्र نیوز_لیٹر نیوزلیٹر`

/** Verbs, and what else nobody wants to get. */
const CONTACTS = `recevoir recibir receber erhalten kontakt kontaktieren anschreiben anschreib schreiben senden zusenden send write disturb bulk werbung contacter envoyer ecrire
contactar enviar molestar escribir perturbe contatar publicidad publicite publicidade marketing promo संपर्क भेज رابطہ بھیج ارسال ترسل الإرسال`

const PREFERENCES = `emailpreference emailpreferences contactpreference contactpreferences mailpreference mailpreferences communicationpreference
deliverymode maildelivery emaildelivery deliverypreference frequency frequenz haufigkeit frequence frecuencia frequencia 頻度 versandart zustellart`
const PREFERENCE_TITLES = 'delivery digest digests preference preferences'
const FREQUENCY = 'frequency frequenz haufigkeit frequence frecuencia frequencia 頻度'
const NOT_AT_ALL: ReadonlySet<string> = new Set(
  'never none no off nomail noemail noemails disabled stopped nie jamais nunca keine kein nichts aucun aucune ninguno ninguna nenhum nenhuma なし 不要'
    .split(' ')
    .concat(
      'no mail',
      'no email',
      'no emails',
      'no messages',
      'not at all',
      'do not contact',
      'do not email',
      'keine e mails',
      'keine mails',
    )
    .map(words),
)
const KINDS_OF_MAIL: ReadonlySet<string> = new Set(
  'yes on true all every each any email e_mail mail html text plain plaintext both regular normal individual immediate daily weekly monthly digest digests abridged mime_digests plaintext_digests summary_digests'
    .split(' ')
    .map(words),
)

/** Mail by yes and no, and nothing of the sort if there is anything else in the column. */
const CHOICES = `newsletters mailing mailings mailinglist onmailinglist onlist inlist onthelist email emails mail mails sub subs issub send contact notify
notifications mailflag mailversand emailversand versand dm dms infos 案内`
const ASKED_FOR =
  'receive receives wants wish wishes send notify contact bulk by via recevoir recibir receber erhalten erhalt'

const OTHER_CHANNELS = 'sms whatsapp telegram push phone mobile fax voice'

/** A link to unsubscribe by is the same for everybody. */
const LINKS = 'url uri link href token hash secret'

/** How, from where and for how much somebody subscribed is not whether. */
const DETAILS = `ip source quelle origin referrer referer text wording page form forms method version browser agent name
plan tier price amount currency interval id uuid count number score level last lists group groups campaign segment`

const REASONS = 'reason motivo motif grund note notes comment campaign title cause type message'

const NEGATIONS = 'not non nicht kein keine pas sin sem nao'

const DATED =
  'date time at on since day timestamp datum am le fecha data desde seit depuis when 日 時 تاريخ तारीख تاریخ'

const COUNTED = 'count counts number total anzahl nombre numero rate'

/** One is enough. */
const FINAL_COUNTS = 'hard hardbounce complain spam abuse'
