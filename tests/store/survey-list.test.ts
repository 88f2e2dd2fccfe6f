// Columns that say who may be mailed: understood, or the import stops before anything is stored.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAList, statesOf } from './read-a-list.ts'

/** One column beside the addresses. */
const column = (title: string, ...values: string[]) =>
  `email,"${title}"\n${values.map((value, n) => `r${n}@example.org,"${value.replaceAll('"', '""')}"\n`).join('')}`

describe('a column of yes and no', () => {
  test.each([
    ['subscribed', 'unsubscribed'],
    ['isSubscribed', 'unsubscribed'],
    ['Abonné', 'unsubscribed'],
    ['active', 'unsubscribed'],
    ['email_enabled', 'unsubscribed'],
    ['confirmed', 'pending'],
    ['Email verified', 'pending'],
    ['opt-in', 'pending'],
    ['OPT_IN', 'pending'],
    ['Accepts Email Marketing', 'pending'],
    ['gdpr_consent', 'pending'],
    ['Einwilligung', 'pending'],
    ['bestätigt', 'pending'],
    ['確認済み', 'pending'],
    ['newsletter', 'pending'],
    ['receive_emails', 'pending'],
    ['sub', 'pending'],
  ])('%s: no is not subscribed', async (title, no) => {
    expect(await statesOf(column(title, 'yes', 'no', 'TRUE', '0', 'ja', 'nein'))).toEqual([
      'active',
      no,
      'active',
      no,
      'active',
      no,
    ])
  })

  test.each([
    ['unsubscribed', 'unsubscribed'],
    ['Has Opted Out Of Email', 'unsubscribed'],
    ['optOut', 'unsubscribed'],
    ['doNotContact', 'unsubscribed'],
    ['do_not_email', 'unsubscribed'],
    ['noEmail', 'unsubscribed'],
    ['email_disabled', 'unsubscribed'],
    ['is_deleted', 'unsubscribed'],
    ['inactive', 'unsubscribed'],
    ['Abgemeldet', 'unsubscribed'],
    ['désabonné', 'unsubscribed'],
    ['de baja', 'unsubscribed'],
    ['descadastrado', 'unsubscribed'],
    ['Austritt', 'unsubscribed'],
    ['delete?', 'unsubscribed'],
    ['配信停止', 'unsubscribed'],
    ['إلغاء الاشتراك', 'unsubscribed'],
    ['सदस्यता समाप्त', 'unsubscribed'],
    ['not subscribed', 'unsubscribed'],
    ['unconfirmed', 'pending'],
    ['nicht bestätigt', 'pending'],
    ['bounced', 'bounce'],
    ['IsEmailBounced', 'bounce'],
    ['email invalid', 'bounce'],
    ['blacklisted', 'manual'],
    ['EMAIL_BLACKLISTED', 'manual'],
    ['blocked', 'manual'],
    ['suppressed', 'manual'],
    ['spam', 'complaint'],
    ['has_complained', 'complaint'],
  ])('%s: yes is not subscribed', async (title, yes) => {
    expect(await statesOf(column(title, 'true', 'false', '1', '', 'x'))).toEqual([
      yes,
      'active',
      yes,
      'active',
      yes,
    ])
  })

  test('a box that is ticked for some is not ticked for the others', async () => {
    expect(await statesOf(column('opt in', 'x', '', 'x'))).toEqual(['active', 'pending', 'active'])
  })

  test('a column of yes and no about something else is a field', async () => {
    for (const title of ['html_email', 'VIP', 'paying customer', 'has children'])
      expect(await statesOf(column(title, 'yes', 'no')), title).toEqual(['active', 'active'])
    for (const title of ['member', 'comment notifications', 'wants t-shirt', 'tax exempt']) {
      const text = `email,status,${title}\na@example.org,active,yes\nb@example.org,active,no\n`
      expect(await statesOf(text), title).toEqual(['active', 'active'])
    }
  })

  test('a title that says nothing stops the import where nothing else says who is subscribed', async () => {
    for (const [title, ...values] of [
      ['member', 'yes', 'no'],
      ['Hakutulos', 'x', ''],
      ['flag 3', '1', '0'],
      ['z', 'oui', 'oui'],
    ] as const) {
      await expect(readAList(column(title, ...values)), title).rejects.toThrow(
        /says yes or no, and nobody can tell/,
      )
      expect(await statesOf(column(title, ...values), { ignored: [title] })).toEqual(['active', 'active'])
    }
    expect(await statesOf(column('cats', '1', '1'))).toEqual(['active', 'active'])
  })

  test('titles that forbid', async () => {
    for (const [title, yes] of [
      ['Kein Rundbrief', 'ja'],
      ['Bitte nicht anschreiben', 'x'],
      ["Pas d'e-mails", 'oui'],
      ['Ne plus contacter', '1'],
      ['Ne souhaite plus recevoir', 'oui'],
      ['Abo beendet', 'ja'],
      ['No enviar boletín', 'sí'],
      ['Não enviar e-mails', 'sim'],
      ['メルマガ不要', '1'],
      ['ईमेल न भेजें', 'हाँ'],
      ['عدم الإرسال', 'نعم'],
      ['ای میل نہ بھیجیں', 'ہاں'],
    ] as const)
      expect(await statesOf(column(title, yes, '')), title).toEqual(['unsubscribed', 'active'])
    // A number, and both answers in one title.
    expect(await statesOf(column('Contact No', '5', '6'))).toEqual(['active', 'active'])
    expect(await statesOf(column('配信可/不可', '可', '不可'))).toEqual(['active', 'pending'])
    await expect(readAList(column('Active/inactive', 'yes', 'no'))).rejects.toThrow(
      /not all of it is understood/,
    )
  })

  test('how mail is wanted: not at all', async () => {
    expect(await statesOf(column('Email preference', 'No email', 'Digest', ''))).toEqual([
      'unsubscribed',
      'active',
      'active',
    ])
    expect(await statesOf(column('Frequency', 'Never', 'fortnightly'))).toEqual(['unsubscribed', 'active'])
    await expect(readAList(column('Contact preference', 'letter only'))).rejects.toThrow(/letter only/)
  })

  test('a title that is usually that of the addresses', async () => {
    expect(await statesOf('Reader,email\na@example.org,yes\nb@example.org,no\n')).toEqual([
      'active',
      'pending',
    ])
  })

  test('leave to send messages of another kind says nothing about mail', async () => {
    expect(await statesOf(column('SMS_BLACKLISTED', 'yes', 'no'))).toEqual(['active', 'active'])
    expect(await statesOf(column('whatsapp_opt_in', 'no', 'yes'))).toEqual(['active', 'active'])
    expect(await statesOf(column('SMS subscriber status', 'unsubscribed', 'x'))).toEqual(['active', 'active'])
  })
})

describe('a column of times', () => {
  test.each([
    ['unsubscribed_at', 'unsubscribed'],
    ['UNSUB_TIME', 'unsubscribed'],
    ['Opt-out date', 'unsubscribed'],
    ['deleted_at', 'unsubscribed'],
    ['cancelled on', 'unsubscribed'],
    ['abgemeldet am', 'unsubscribed'],
    ['bounced_at', 'bounce'],
    ['CLEAN_TIME', 'bounce'],
    ['blocked since', 'manual'],
    ['complained_at', 'complaint'],
  ])('%s: whoever has one is gone', async (title, state) => {
    const text = column(
      title,
      '2024-01-02',
      '',
      '2024-01-02T03:04:05.678Z',
      'NULL',
      '02/03/2024',
      '0000-00-00 00:00:00',
      '1704164645',
      '-',
      '2 Jan 2024',
      '02.01.2024 03:04',
    )
    expect(await statesOf(text)).toEqual([
      state,
      'active',
      state,
      'active',
      state,
      'active',
      state,
      'active',
      state,
      state,
    ])
  })

  test('whoever never confirmed, beside those who did', async () => {
    expect(await statesOf(column('confirmed_at', '2024-01-02', ''))).toEqual(['active', 'pending'])
  })

  test('since when somebody subscribes may be unknown', async () => {
    expect(await statesOf(column('subscribed_at', '2024-01-02', '', '2020'))).toEqual([
      'active',
      'active',
      'active',
    ])
  })
})

describe('a column of words', () => {
  test.each([
    [
      'status',
      ['Active', 'Unsubscribed', 'Bounced', 'Pending'],
      ['active', 'unsubscribed', 'bounce', 'pending'],
    ],
    ['Subscription Status', ['subscribed', 'opted-out', 'cleaned'], ['active', 'unsubscribed', 'bounce']],
    [
      'Status',
      ['aktiv', 'abgemeldet', 'ungültig', 'unbestätigt'],
      ['active', 'unsubscribed', 'bounce', 'pending'],
    ],
    ['Statut', ['Abonné', 'Désabonné', 'Bloqué'], ['active', 'unsubscribed', 'manual']],
    ['Estado', ['activo', 'dado de baja', 'rebotado'], ['active', 'unsubscribed', 'bounce']],
    ['Situação', ['ativo', 'cancelado', 'não confirmado'], ['active', 'unsubscribed', 'pending']],
    ['状態', ['有効', '配信停止', '未確認'], ['active', 'unsubscribed', 'pending']],
    ['الحالة', ['نشط', 'ملغي', 'محظور'], ['active', 'unsubscribed', 'manual']],
    ['स्थिति', ['सक्रिय', 'सदस्यता समाप्त', 'लंबित'], ['active', 'unsubscribed', 'pending']],
    ['state', ['active', 'inactive'], ['active', 'unsubscribed']],
    // A title that says nothing.
    ['Kategorie', ['aktiv', 'abgemeldet'], ['active', 'unsubscribed']],
    ['x', ['subscribed', 'marked as spam'], ['active', 'complaint']],
    // Only those who left are marked.
    ['status', ['', 'unsubscribed', ''], ['active', 'unsubscribed', 'active']],
    ['status', ['active', '', 'active'], ['active', 'pending', 'active']],
  ])('%s: %j', async (title, values, states) => {
    expect(await statesOf(column(title, ...values))).toEqual(states)
  })

  test('where several columns speak, the worst wins', async () => {
    const text = `email,status,unsubscribed_at,bounced
a@example.org,active,,
b@example.org,active,2024-01-02,
c@example.org,active,2024-01-02,yes
d@example.org,pending,,1
`
    const { rows } = await readAList(text)
    expect(rows).toMatchObject([
      { state: 'active', hasLeft: false },
      { state: 'unsubscribed' },
      { state: 'suppressed', suppression: 'bounce', hasLeft: true },
      { state: 'suppressed', suppression: 'bounce', hasLeft: false },
    ])
  })

  test('where people live is no state', async () => {
    const { rows } = await readAList(
      'email,city,state\na@example.org,Austin,Texas\nb@example.org,Boston,MA\n',
    )
    expect(rows).toMatchObject([{ state: 'active', fields: { state: 'Texas' } }, { state: 'active' }])
    expect(await statesOf('email,state\na@example.org,TX\nb@example.org,MA\n')).toEqual(['active', 'active'])
  })
})

describe('what is not understood stops the import', () => {
  test.each([
    ['status', ['active', 'snoozed'], /column 'status'.*'snoozed' \(line 3\)/],
    ['status', ['1', '2'], /'1' \(line 2\), '2' \(line 3\)/],
    ['state', ['departed', 'here'], /column 'state'/],
    ['subscribed', ['perhaps'], /'perhaps'/],
    ['unsubscribed', ['perhaps', 'no'], /'perhaps'/],
    ['bounces', ['1', '0'], /'1'/],
    ['soft_bounces', ['3'], /'3'/],
    ['bounce_rate', ['0.4'], /'0\.4'/],
    ['type', ['free', 'unsubscribed'], /'unsubscribed' \(line 3\)/],
    ['tags', ['vip', 'vip;unsubscribed'], /'vip;unsubscribed'/],
    ['bounce_type', ['hard', 'soft'], /'soft'/],
    ['comment', ['asked to be taken off the list'], /taken off/],
    ['Kommentar', ['bitte keine Mails mehr'], /keine Mails/],
    ['notes', ['likes cats', 'Please do not mail her again'], /do not mail/],
    ['Bemerkung', ['hat sich am 3.4. abgemeldet'], /abgemeldet/],
  ])('%s: %j', async (title, values, message) => {
    await expect(readAList(column(title, ...values))).rejects.toThrow(message)
  })

  test('a column without a title', async () => {
    const text = 'email,,name\na@example.org,free,Anna\nb@example.org,unsubscribed,Ben\n'
    await expect(readAList(text)).rejects.toThrow(/'column 2' says/)
    expect(await statesOf(text, { ignored: ['column 2'] })).toEqual(['active', 'active'])
    expect(await statesOf('email,\na@example.org,active\nb@example.org,bounced\n')).toEqual([
      'active',
      'bounce',
    ])
  })

  test('our own export says all about states in one column', async () => {
    const text = `email,newsletters,subscription,consent_source,consent_since,note
a@example.org,weekly,active,import unsubscribed.csv,2026-01-30T07:00:00Z,bounced once
`
    const { rows } = await readAList(text)
    expect(rows).toMatchObject([
      { state: 'active', source: 'import unsubscribed.csv', fields: { note: 'bounced once' } },
    ])
  })

  test('the message says what to do, for every column at once', async () => {
    const text = 'email,Lead Status,consent\na@example.org,odd,maybe\n'
    await expect(readAList(text)).rejects.toMatchObject({
      message: expect.stringMatching(/'Lead Status'.*\n.*'consent'/),
      hint: expect.stringMatching(
        /--status-column 'Lead Status' --active odd[\s\S]*--ignore-column 'Lead Status'/,
      ),
    })
  })

  test('a person says which values are subscribed; what nobody named is not mailed', async () => {
    const text = column('Level', 'paid', 'free', 'unsubscribed', 'comp', '')
    const given = { statusColumn: 'level', active: ['Paid', 'free'] }
    expect(await statesOf(text, given)).toEqual(['active', 'active', 'unsubscribed', 'pending', 'pending'])
    await expect(readAList(text, { ...given, active: ['unsubscribed'] })).rejects.toThrow(/not subscribed/)
    await expect(readAList(text, { statusColumn: 'nope' })).rejects.toThrow(/no column 'nope'/)
  })

  test('a column that is ignored is a field like any other, and what it would have said is counted', async () => {
    const { columns, rows } = await readAList(column('status', 'gone', 'bounced', 'odd'), {
      ignored: ['STATUS'],
    })
    expect(rows).toMatchObject([{ state: 'active', fields: { status: 'gone' } }, {}, { state: 'active' }])
    expect(columns.overruled).toEqual([{ title: 'status', rows: 2 }])
  })

  test('a file whose name says what no column does', async () => {
    for (const file of [
      'unsubscribed.csv',
      'unsubs-2024.csv',
      'bounces.csv',
      'cleaned_x.csv',
      'Abgemeldete.csv',
    ]) {
      await expect(readAList('email\na@example.org\n', { file }), file).rejects.toThrow(/its name speaks/)
    }
    const given = { file: 'unsubscribed.csv' }
    expect(await statesOf('email\na@example.org\n', { ...given, everybody: 'unsubscribed' })).toEqual([
      'unsubscribed',
    ])
    expect(await statesOf('email\na@example.org\n', { ...given, everybody: 'active' })).toEqual(['active'])
    expect(await statesOf('email,unsubscribed\na@example.org,yes\n', given)).toEqual(['unsubscribed'])
  })

  test('a title of the addresses that says it of everybody', async () => {
    expect(await statesOf('Bounced email\na@example.org\n')).toEqual(['bounce'])
    expect(await statesOf('Unsubscribed address,Name\na@example.org,A\n')).toEqual(['unsubscribed'])
  })

  test('a column of newsletters with none of ours', async () => {
    await expect(readAList('email,lists\na@example.org,Customers\n')).rejects.toThrow(/names no newsletter/)
  })
})

describe('nobody becomes active whom a column calls otherwise', () => {
  const gone = fc.constantFrom(
    ...[
      'unsubscribed',
      'Unsub',
      'opted out',
      'BOUNCED',
      'hard bounce',
      'cleaned',
      'blocked',
      'blacklisted',
      'spam',
    ],
    ...[
      'complained',
      'pending',
      'unconfirmed',
      'inactive',
      'disabled',
      'deleted',
      'abgemeldet',
      'désabonné',
      'baja',
    ],
  )
  const active = fc.constantFrom('active', 'Subscribed', 'confirmed', 'enabled')
  const part = fc.constantFrom('', 'email ', 'Mail_', 'user', 'is_', 'Newsletter ', 'contact-')
  const cased = (title: fc.Arbitrary<string>) =>
    fc.tuple(part, title, fc.boolean()).map(([before, name, isUpper]) => {
      const whole = before + name
      return isUpper ? whole.toUpperCase() : whole
    })

  /** The states of the rows, or none when the import stops. */
  const statesOrStop = (title: string, values: readonly string[]) =>
    statesOf(column(title, ...values)).catch((error: Error) => {
      expect(error.message).toMatch(/not all of it is understood|mean the same|names no newsletter/)
      return undefined
    })

  test('words, under any title that speaks of a state', async () => {
    const titles = cased(
      fc.constantFrom('status', 'state', 'Subscription', 'subscribed', 'consent', 'confirmed'),
    )
    await fc.assert(
      fc.asyncProperty(
        titles,
        fc.array(fc.oneof(gone, active, fc.string()), { minLength: 1 }),
        gone,
        async (title, values, bad) => {
          const all = [...values.map(value => value.replace(/[\r\n]/g, ' ')), bad]
          const states = await statesOrStop(title, all)
          if (states) expect(states.at(-1)).not.toBe('active')
        },
      ),
    )
  })

  test('words, under any title at all', async () => {
    const strong = fc.constantFrom(
      'unsubscribed',
      'bounced',
      'opted out',
      'blacklisted',
      'abgemeldet',
      'désabonné',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1 }),
        fc.array(fc.oneof(active, fc.string())),
        strong,
        async (name, values, bad) => {
          const title = `${name.replace(/["\r\n\0]/g, 'x').replace(/^[\s=+\-@']+/, 'x')}z`
          const states = await statesOrStop(title, [
            ...values.map(value => value.replace(/[\r\n\0]/g, ' ')),
            bad,
          ])
          if (states) expect(states.at(-1)).not.toBe('active')
        },
      ),
    )
  })

  test('yes and times, under any title that says somebody is gone', async () => {
    const titles = cased(
      fc.constantFrom(
        ...[
          'unsubscribed',
          'unsubscribed_at',
          'unsub_time',
          'opt out',
          'blacklisted',
          'blocked',
          'bounced',
          'bounced at',
        ],
        ...[
          'do not contact',
          'disabled',
          'deleted_at',
          'complained',
          'suppressed',
          'abgemeldet',
          'désabonné le',
          'inactive',
        ],
      ),
    )
    const yes = fc.constantFrom(
      'true',
      'YES',
      '1',
      'x',
      'ja',
      'oui',
      '2024-01-02',
      '2024-01-02 03:04:05',
      '1/2/2024',
      '1704164645',
      'because',
    )
    await fc.assert(
      fc.asyncProperty(
        titles,
        fc.array(fc.constantFrom('', 'no', '0', 'false')),
        yes,
        async (title, values, bad) => {
          const states = await statesOrStop(title, [...values, bad])
          if (states) expect(states.at(-1)).not.toBe('active')
        },
      ),
    )
  })

  test('no, under any title that says somebody agreed', async () => {
    const titles = cased(
      fc.constantFrom(
        'subscribed',
        'active',
        'confirmed',
        'verified',
        'opt in',
        'optin',
        'consent',
        'accepts marketing',
        'enabled',
        'abonné',
      ),
    )
    const no = fc.constantFrom('false', 'NO', '0', 'nein', 'non', '')
    await fc.assert(
      fc.asyncProperty(
        titles,
        fc.array(fc.constantFrom('yes', '1', 'true', '')),
        no,
        async (title, values, bad) => {
          const states = await statesOrStop(title, [...values, bad])
          if (states) expect(states.at(-1)).not.toBe('active')
        },
      ),
    )
  })
})
