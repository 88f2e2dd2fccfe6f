// Whether texts may take the fast paths, which give what the libraries give in less time. One switch for all of them: with
// BROADSHEET_PLAIN=1 a build goes through the libraries alone, so that the two can be compared.

let allowed = true

/** Each fast path asks this first. */
export function fastPathsAllowed(): boolean {
  return allowed
}

/** Once for a process, and for each of its threads. */
export function allowFastPaths(yes: boolean): void {
  allowed = yes
}
