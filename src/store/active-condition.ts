// A fragment of SQL: may this reader be written to, now? Used wherever a delivery takes a step towards the wire.

/**
 * Joins to a row `d` that has a `subscriber`; `$1` is the edition's name. The answer is `why`: NULL for yes, or the
 * reason for no. An erased subscriber has no row any more.
 */
export const WHY = `CASE
    WHEN s.id IS NULL THEN 'erased'
    WHEN x.hash IS NOT NULL THEN 'suppressed'
    WHEN s.state <> 'active' OR n.state IS NULL OR n.state <> 'active' THEN 'unsubscribed'
  END AS why`

export const STANDING = `LEFT JOIN subscribers s ON s.id = d.subscriber
    LEFT JOIN suppressions x ON x.hash = s.hash
    LEFT JOIN subscriptions n ON n.subscriber = d.subscriber
      AND n.newsletter = (SELECT newsletter FROM editions WHERE name = $1)`

/** The id of the edition `$1` while it may be sent: neither cancelled nor paused. */
export const SENDING = `SELECT id FROM editions WHERE name = $1 AND state = 'sending'
    AND NOT EXISTS (SELECT 1 FROM pauses WHERE pauses.edition = $1)`
