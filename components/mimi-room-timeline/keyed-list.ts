/**
 * The children of a list, each under a key: what stays keeps its element. Not by lit's `repeat`, which leaves a comment
 * behind for every item that goes (lit-html 3.3.1 to 3.3.3, lit issue 5298): a page that is open for a week had one for
 * every message of it.
 */
export class KeyedList<Item extends { readonly key: string }> {
  readonly #make: (item: Item) => HTMLElement;
  readonly #draw: (item: Item, element: HTMLElement) => void;
  #elements = new Map<string, HTMLElement>();

  /** `make` makes the element of a new key; `draw` draws what is in it, each time. */
  constructor(make: (item: Item) => HTMLElement, draw: (item: Item, element: HTMLElement) => void) {
    this.#make = make;
    this.#draw = draw;
  }

  /** Makes `items`, whose keys differ, all that is in `list`, in their order. */
  show(list: HTMLElement, items: readonly Item[]): void {
    const before = this.#elements;
    this.#elements = new Map(items.map((item) => [item.key, before.get(item.key) ?? this.#make(item)]));
    for (const [key, element] of before) if (!this.#elements.has(key)) element.remove();
    let next = list.firstElementChild;
    for (const item of items) {
      const element = this.#elements.get(item.key);
      if (element === undefined) continue;
      if (element === next) next = next.nextElementSibling;
      else list.insertBefore(element, next);
      this.#draw(item, element);
    }
  }
}
