// What belongs together lights up together, under the pointer and under the focus.

export class Links {
  #groups = new Map()
  #keys = new WeakMap()
  #lit

  /** Forgets every element. */
  clear() {
    this.#groups.clear()
    this.#lit = undefined
  }

  add(part, name, element) {
    const key = `${part}\n${name}`
    if (!this.#groups.has(key)) this.#groups.set(key, [])
    this.#groups.get(key).push(element)
    this.#keys.set(element, key)
  }

  /** Follows pointer and focus within these elements. */
  follow(...roots) {
    for (const root of roots) {
      for (const event of ['pointerover', 'focusin']) root.addEventListener(event, ({ target }) => this.#light(this.#keyOf(target, root)))
      for (const event of ['pointerleave', 'focusout']) root.addEventListener(event, () => this.#light(undefined))
    }
  }

  #keyOf(element, root) {
    for (let at = element; at !== root && at !== null; at = at.parentElement) {
      if (this.#keys.has(at)) return this.#keys.get(at)
    }
    return undefined
  }

  #light(key) {
    if (key === this.#lit) return
    for (const element of this.#groups.get(this.#lit) ?? []) element.classList.remove('lit')
    for (const element of this.#groups.get(key) ?? []) element.classList.add('lit')
    this.#lit = key
  }
}
