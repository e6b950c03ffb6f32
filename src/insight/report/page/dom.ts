// Elements from plain calls. Whatever is shown goes in as text; nothing here ever reads markup.

type Child = Node | string | undefined | false | readonly Child[]
type Attributes = Record<string, string | boolean | undefined | ((event: Event) => void)>

/** An element with attributes, listeners (`onclick`) and children. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  return put(document.createElement(name), attributes, children)
}

/** The same for a picture. */
export function s(name: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  return put(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children)
}

function put<Kind extends Element>(element: Kind, attributes: Attributes, children: readonly Child[]): Kind {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...flat(children))
  return element
}

function flat(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) => {
    if (child === undefined || child === false) return []
    return typeof child === 'object' && !(child instanceof Node) ? flat(child) : [child as Node | string]
  })
}

/** The element of an id, which the page has. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`the page has no #${id}`)
  return element
}
