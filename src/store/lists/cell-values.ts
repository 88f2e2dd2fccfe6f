// A cell of somebody else's list → what it says: nothing, yes, no, a time, or a word for the state of a subscription.

/**
 * What a cell says about mailing its reader, the worst last. A reader of whom several columns speak gets the worst. The
 * last three are reasons of a suppression: a dead mailbox, an address that was blocked, a complaint.
 */
export const STANDINGS = ['active', 'pending', 'unsubscribed', 'bounce', 'manual', 'complaint'] as const

export type Standing = (typeof STANDINGS)[number]

/** A word in a column of states; undefined when it is not in the table. */
export function stateOfWord(cell: string): Standing | undefined {
  return STATES.get(words(cell))
}

/** Whether a cell of any column, whatever its name, says that its reader left, bounced, complained or was blocked. */
export function saysGone(cell: string): boolean {
  if (cell.length > MAX_PHRASE || !/[^\d\s.,:/+-]/.test(cell) || /^\w+:\/\/|^\S+@\S+$/.test(cell))
    return false
  return GONE.test(` ${words(cell)}`)
}

/** Whether a cell of any column is a word that hardly means anything else than that its reader is gone. */
export function isGoneByOneWord(cell: string): boolean {
  const word = words(cell)
  return ENDED.has(word) || (STANDINGS.indexOf(STATES.get(word) ?? 'active') > 1 && !OTHERWISE.has(word))
}

/** Longer text is prose about something else. */
const MAX_PHRASE = 200

export function isBlank(cell: string): boolean {
  return cell === '' || BLANK.test(cell)
}

const BLANK =
  /^(null|none|nil|undefined|nan|n\/?a|\\n|[-–—.]+|never|nie|jamais|nunca|0000-00-00.*|1970-01-01([T ]00:00(:00)?(\.0+)?Z?)?)$/i

/** undefined for what is neither yes nor no. */
export function yesOrNo(cell: string): boolean | undefined {
  const word = words(cell)
  if (YES.has(word)) return true
  return NO.has(word) ? false : undefined
}

/** A day, with or without a time, in any of the forms that programs and spreadsheets write; or seconds since 1970. */
export function isTime(cell: string): boolean {
  return (
    /^\d{4}([-/.]\d{1,2}){2}([T ,].*)?$/.test(cell) ||
    /^\d{1,2}([-/.])\d{1,2}\1\d{2,4}([T ,].*)?$/.test(cell) ||
    /^\d{9,13}$/.test(cell) ||
    /^\d{4}年\d{1,2}月\d{1,2}日/.test(cell) ||
    (/\d{4}/.test(cell) &&
      /(^|[\s,.\d-])(jan|ene|f[eé][bv]|m[aä]r|a[pbv]r|ma[iy]|ju[nil]|a[uog]|sep|set|o[ckuv]t|nov|d[eéi][czr])/i.test(
        cell,
      ))
  )
}

/**
 * ms since epoch. '2020-01-30 07:00:00' and the like are UTC: so they are in all exports of which that is known.
 * undefined for what is no time, or one whose day and month could be exchanged.
 */
export function readTime(cell: string): number | undefined {
  if (/^\d{9,10}$/.test(cell)) return Number(cell) * 1000
  if (/^\d{12,13}$/.test(cell)) return Number(cell)
  const [, day, time = '00:00:00', zone = ''] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)\d*\s*(Z|[+-]\d\d:?\d\d)?)?/.exec(cell) ?? []
  if (!day) return undefined
  const at = Date.parse(`${day}T${time}${zone === '' ? 'Z' : zone.replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2')}`)
  return Number.isNaN(at) ? undefined : at
}

/** 'Désabonné(e)' → 'desabonne e': lower case, no accents, words between single spaces. */
export function words(text: string): string {
  const lower = text.trim().toLowerCase()
  const plain = /^[\x20-\x7E]*$/.test(lower) ? lower : withoutMarks(lower)
  return plain.replace(/[^\p{L}\p{N}✓✔☑○◯]+/gu, ' ').trim()
}

function withoutMarks(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss')
}

const YES =
  wordSet(`true yes y 1 t on x ok ✓ ✔ ☑ checked ja oui si sim vrai wahr verdadero verdadeiro はい 有 有り あり 可 要 希望 希望する する 受け取る 許可 ○ ◯ نعم
صحيح हाँ हां جی_ہاں ہاں`)

const NO = wordSet(
  `false no n 0 f off aus unchecked nein non nao falsch faux falso いいえ 無 無し なし 不可 不要 希望しない しない 受け取らない لا خطأ नहीं نہیں جی_نہیں`,
)

/** Words of nine languages and of the systems whose exports are known. */
const STATES: ReadonlyMap<string, Standing> = new Map<string, Standing>([
  ...entries(
    'active',
    `active subscribed given granted accepted agreed subscriber subscribes subscribe enabled confirmed verified valid deliverable regular opted_in opt_in
optin signed_up aktiv angemeldet abonniert abonnent eingetragen bestatigt bestaetigt actif active abonne abonnee inscrit
inscrite confirme confirmee activo activa suscrito suscrita inscrito inscrita confirmado confirmada ativo ativa assinante
cadastrado cadastrada 有効 購読中 購読 登録済み 登録中 配信中 確認済み نشط مشترك مؤكد सक्रिय सदस्य पुष्ट فعال سبسکرائبڈ`,
  ),
  ...entries(
    'pending',
    `pending unconfirmed not_confirmed unverified not_verified unactivated awaiting_confirmation pending_confirmation
confirmation_pending opt_in_pending requires_verification waiting invited non_subscribed nonsubscribed not_subscribed
never_subscribed no_consent ausstehend unbestatigt unbestaetigt nicht_bestatigt nicht_bestaetigt en_attente non_confirme
non_confirmee pendiente sin_confirmar no_confirmado no_confirmada pendente nao_confirmado nao_confirmada 未確認 仮登録
保留 保留中 確認待ち قيد_الانتظار غير_مؤكد معلق लंबित अपुष्ट زیر_التوا غیر_تصدیق_شدہ`,
  ),
  ...entries(
    'unsubscribed',
    `unsubscribed unsubscribe unsub unsubscribes opted_out opt_out optout opted_out_of_email left gone removed deleted
archived disabled deactivated inactive cancelled canceled quit stop stopped withdrawn revoked denied refused declined abgemeldet ausgetragen abbestellt gekundigt
gekuendigt inaktiv deaktiviert geloscht geloescht widerrufen desabonne desabonnee desinscrit desinscrite resilie resiliee
inactif inactive supprime supprimee desactive annule baja de_baja dado_de_baja dada_de_baja cancelado cancelada inactivo
inactiva desuscrito desuscrita eliminado eliminada desinscrito descadastrado descadastrada inativo inativa excluido
removido desativado 退会 退会済み 解除 解除済み 購読解除 登録解除 配信停止 停止 停止中 無効 削除 削除済み ملغي ملغى
ألغى_الاشتراك إلغاء_الاشتراك غير_مشترك غير_نشط محذوف सदस्यता_समाप्त निष्क्रिय हटाया_गया अनसब्सक्राइब ان_سبسکرائبڈ
غیر_فعال حذف_شدہ`,
  ),
  ...entries(
    'bounce',
    `bounced bounce hard_bounce hard_bounced hardbounce hardbounced permanent_bounce cleaned undeliverable undelivered
unreachable not_delivered invalid invalid_email invalid_address unzustellbar ungultig ungueltig rucklaufer rejete rebondi
rebond invalide rebotado rebotada rebote invalido invalida devolvido devolvida 不達 エラー 宛先不明 バウンス مرتد غير_صالح
बाउंस अमान्य باؤنس غیر_درست`,
  ),
  ...entries(
    'manual',
    `blocked blocklisted blacklisted block banned suppressed suppression manual_suppression manualsuppression
do_not_contact do_not_mail do_not_email dnc gesperrt blockiert bloque bloquee liste_noire bloqueado bloqueada
lista_negra ブロック 拒否 受信拒否 محظور अवरुद्ध ब्लॉक بلاک`,
  ),
  ...entries(
    'complaint',
    `complained complaint complaints spam spammed marked_as_spam reported_as_spam reported_spam spam_complaint
spamcomplaint spam_report abuse abuse_complaint junk plainte beschwerde queja denuncia reclamacao 苦情 迷惑メール شكوى
شكاية शिकायत شکایت`,
  ),
])

const ENDED = wordSet(
  'cancelled canceled cancelado cancelada annule expired lapsed churned abgelaufen expire vencido caducado 失効',
)

/** Sides, orders, towns: these mean a state only where the title or the other values do. */
const OTHERWISE = wordSet(
  `left gone stop stopped quit removed denied refused declined removido eliminado eliminada excluido supprime supprimee annule cancelado cancelada cancelled canceled
baja saida block blocked abuse junk spam invalid invalide invalido invalida エラー 停止 停止中 削除 無効 拒否 disabled`,
)

/** In prose, too: 'unsubscribed on 3 May', 'Bitte abgemeldet lassen'. What names pay, places and people is not here. */
const GONE = new RegExp(
  [
    ' un ?subscri',
    ' unsubbed',
    ' (hard |soft )?bounced?( |$)',
    ' undeliverable',
    ' black ?list',
    ' block ?list',
    ' opt(ed)? ?out',
    ' (do not|don t|dont) (contact|mail|email|send|write)',
    ' complained',
    ' (ask|want|request|wish)(s|ed|es)? (to be|removal|to unsub)( removed| taken| deleted)?( |$)',
    ' (do not|don t|dont|never|not to) (be )?(contact|mail|email|send|write)(ed|ten)?( |$)',
    ' (nicht|nie)( mehr)? (an)?(schreiben|mailen|senden|kontaktieren|zusenden)',
    ' ne (plus|pas) (envoyer|contacter|ecrire)',
    ' (no|nao) (enviar|contactar|contatar|escribir|escrever)',
    ' (do )?not allow( |$)',
    ' taken? off (the|our) (mailing )?list',
    ' (remove|delete) (me|him|her|them|from)( |$)',
    ' no (more|longer) (e ?mails?|mailings?|newsletters?|subscribed|wants?|wishes)',
    ' stop (mailing|e ?mailing|sending)',
    ' keine (e ?)?(mails?|newsletter|werbung)',
    ' plus (de|d) (e ?mails?|courriels?|newsletters?)',
    ' no (quiere|desea) (mas )?(recibir|correos)',
    ' nao (quer|deseja) (mais )?receber',
    ' (marked|reported) (as )?spam',
    ' spam (complaint|report)',
    ' abgemeldet',
    ' abbestell',
    ' desabonn',
    ' desinscri',
    ' d(e|ado|ada) (de )?baja( |$)',
    ' descadastr',
    ' desuscri',
    ...[
      '配信停止',
      '退会',
      '購読解除',
      '登録解除',
      '受信拒否',
      'ألغى الاشتراك',
      'إلغاء الاشتراك',
      'सदस्यता समाप्त',
    ].map(words),
  ].join('|'),
)

function entries(standing: Standing, text: string): [string, Standing][] {
  return [...wordSet(text)].map(word => [word, standing])
}

/** Words between white space; '_' is a space within one of them. */
function wordSet(text: string): Set<string> {
  return new Set(text.trim().split(/\s+/).map(words))
}
