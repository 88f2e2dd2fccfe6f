// Name of a day of the week → its number, as ISO 8601 counts.

/** 'friday', 'Fri', '5' → 5; Monday is 1. */
export function weekday(name: string): number | undefined {
  const at = weekdays.findIndex(day => name.length >= 3 && day.startsWith(name.trim().toLowerCase()))
  return at === -1 ? undefined : at + 1
}
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
