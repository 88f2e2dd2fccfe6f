// The preview's page in a browser: forms that show at once what they ask for, and pages that follow the folder. Without it
// the page is the same after a reload.

const live = document.getElementById('live')
const ENDED = 'The preview has ended: run broadsheet preview again'
document.documentElement.classList.add('scripted')

// ─── Following the folder ───────────────────────────────────────────────────────────────────────────────────────────

const events = new EventSource('/events')
events.addEventListener('changed', () => update(true))
// What was saved while nobody listened is caught up with.
let wasLost = false
events.addEventListener('open', () => {
  if (wasLost) update(true)
  wasLost = false
  say('Follows what you save')
})
events.addEventListener('error', () => {
  wasLost = true
  say(ENDED)
})

function say(text) {
  if (live.textContent !== text) live.textContent = text
}

let asked = 0

/** @param changed whether what is in the frames may be another */
async function update(changed) {
  const number = ++asked
  // The frames need not wait for the page around them.
  const before = changed ? framesOf(document) : []
  for (const frame of before) reload(frame)
  const response = await fetch(location.href)
  const text = await response.text()
  if (number !== asked) return
  const next = new DOMParser().parseFromString(text, 'text/html')
  document.title = next.title
  replace('troubles', next)
  replaceView(next)
}

function replace(id, next) {
  const [old, fresh] = [document.getElementById(id), next.getElementById(id)]
  if (old && fresh && old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML
}

/** Part by part: what is the same stays, with its focus, its place and its frames. */
function replaceView(next) {
  const [old, fresh] = [document.getElementById('view'), next.getElementById('view')]
  if (!old || !fresh) return
  morph(old, fresh)
}

function morph(old, fresh) {
  if (old.tagName === 'IFRAME') return morphFrame(old, fresh)
  syncAttributes(old, fresh)
  const olds = [...old.childNodes].filter(isShown)
  const news = [...fresh.childNodes]
  for (const [at, node] of news.entries()) {
    const was = olds[at]
    if (!was) old.append(document.importNode(node, true))
    else if (was.nodeType !== node.nodeType || was.nodeName !== node.nodeName)
      was.replaceWith(document.importNode(node, true))
    else if (node.nodeType === Node.ELEMENT_NODE) morph(was, node)
    else if (was.data !== node.data) was.data = node.data
  }
  for (const was of olds.slice(news.length)) was.remove()
}

function isShown(node) {
  return !(node.nodeName === 'IFRAME' && node.classList.contains('coming'))
}

function syncAttributes(old, fresh) {
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && name !== 'open') old.removeAttribute(name)
  for (const { name, value } of fresh.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  if (old === document.activeElement) return
  if (old.tagName === 'INPUT') {
    old.checked = fresh.hasAttribute('checked')
    if (old.type !== 'checkbox') old.value = fresh.getAttribute('value') ?? ''
  }
  if (old.tagName === 'OPTION') old.selected = fresh.hasAttribute('selected')
}

function morphFrame(old, fresh) {
  old.title = fresh.title
  // A new address in the same frame would be a step for the button that leads back.
  if (old.getAttribute('src') !== fresh.getAttribute('src')) reload(old, fresh.getAttribute('src'))
}

function framesOf(root) {
  return [...root.querySelectorAll('iframe:not(.coming)')]
}

/** The new one takes the place of the old when it is loaded, where that was scrolled to: nothing flickers. */
function reload(frame, address = addressIn(frame)) {
  for (const unfinished of frame.parentNode.querySelectorAll('iframe.coming')) unfinished.remove()
  const next = frame.cloneNode()
  next.classList.add('coming')
  next.addEventListener('load', () => {
    const [x, y] = placeIn(frame)
    next.contentWindow.scrollTo(x, y)
    const hadFocus = document.activeElement === frame
    frame.remove()
    next.classList.remove('coming')
    if (hadFocus) next.focus()
    watchLinks(next)
  }, { once: true })
  next.setAttribute('src', address)
  frame.after(next)
}

function placeIn(frame) {
  try {
    return [frame.contentWindow.scrollX, frame.contentWindow.scrollY]
  } catch {
    return [0, 0]
  }
}

/** Where somebody went by a link inside of it, it stays. */
function addressIn(frame) {
  try {
    const { origin, pathname, search } = frame.contentWindow.location
    if (origin === location.origin) return pathname + search
  } catch {}
  return frame.getAttribute('src')
}

// ─── Links in frames ────────────────────────────────────────────────────────────────────────────────────────────────

for (const frame of framesOf(document)) watchLinks(frame)
document.addEventListener('load', event => event.target.tagName === 'IFRAME' && watchLinks(event.target), true)

/** What leads out of the publication is named, and not followed. */
function watchLinks(frame) {
  try {
    frame.contentDocument.addEventListener('click', event => {
      const link = event.target.closest?.('a[href]')
      if (!link || link.origin === location.origin) return
      event.preventDefault()
      say(`That link leads to ${link.href}`)
    })
  } catch {}
}

// ─── Forms and buttons ──────────────────────────────────────────────────────────────────────────────────────────────

document.addEventListener('change', event => {
  const form = event.target.form
  if (form?.matches('form[data-live]')) show(form)
})
document.addEventListener('submit', event => {
  if (!event.target.matches('form[data-live]')) return
  event.preventDefault()
  show(event.target)
})

function show(form) {
  const address = new URL(form.getAttribute('action') ?? location.pathname, location.href)
  const wanted = new URLSearchParams(new FormData(form))
  // What other forms of the page say stays.
  const own = new Set([...form.elements].map(({ name }) => name).concat('page'))
  if (address.pathname === location.pathname)
    for (const [name, value] of new URLSearchParams(location.search)) if (!own.has(name)) wanted.append(name, value)
  address.search = wanted.toString()
  history.pushState(null, '', address)
  update(false)
}
addEventListener('popstate', () => update(false))

document.addEventListener('submit', async event => {
  if (event.target.id !== 'open') return
  event.preventDefault()
  const body = new URLSearchParams(new FormData(event.target, event.submitter))
  const response = await fetch('/open', { method: 'POST', body }).catch(() => undefined)
  if (!response) return say(ENDED)
  say(response.ok ? `Opened ${body.get('place')}` : await response.text())
})

document.addEventListener('click', async event => {
  const button = event.target.closest?.('button[data-copy]')
  if (!button) return
  const place = button.dataset.copy
  try {
    await navigator.clipboard.writeText(place)
    say(`Copied ${place}`)
  } catch {
    // Where a browser does not let pages copy, the text is selected for whoever presses the keys for it.
    getSelection().selectAllChildren(button.previousElementSibling)
    say('Press Ctrl-C to copy')
  }
})
