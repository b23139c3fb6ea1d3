/** How a test finds an element in the page: all that is given must fit. Open shadow roots are searched too. */
export interface Query {
  /** The ARIA role, given or implied by the tag. */
  readonly role?: string;
  /** The accessible name: a part of it, letter case aside; or with `exact` all of it. */
  readonly name?: string;
  readonly exact?: boolean;
  /** One of the names in the element's `part` attribute. */
  readonly part?: string;
  /** A CSS selector that the element itself matches. */
  readonly css?: string;
  /** Text that the element shows somewhere inside. */
  readonly text?: string;
}

export type DomLibrary = ReturnType<typeof domLibrary>;

/**
 * Helpers that run in the page. The function's source is sent there, so it stands alone: it uses nothing from this
 * module's scope.
 */
export function domLibrary() {
  const roles: Record<string, string> = {
    A: "link",
    ARTICLE: "article",
    ASIDE: "complementary",
    BUTTON: "button",
    DIALOG: "dialog",
    FORM: "form",
    H1: "heading",
    H2: "heading",
    H3: "heading",
    LI: "listitem",
    OL: "list",
    SELECT: "combobox",
    TEXTAREA: "textbox",
    UL: "list",
  };
  const inputRoles: Record<string, string> = {
    checkbox: "checkbox",
    radio: "radio",
    button: "button",
    submit: "button",
  };

  /** Every element below `root`, in tree order, shadow trees before light children. */
  function* deep(root: ParentNode): Generator<Element> {
    for (const element of root.children) {
      yield element;
      if (element.shadowRoot) yield* deep(element.shadowRoot);
      yield* deep(element);
    }
  }

  function role(element: Element): string {
    const given = element.getAttribute("role");
    if (given) return given;
    if (element instanceof HTMLInputElement) return inputRoles[element.type] ?? "textbox";
    return roles[element.tagName] ?? "";
  }

  /** The text that a person sees in the element: slots filled, shadow trees opened, hidden parts left out. */
  function text(node: Node): string {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? "";
    if (!(node instanceof Element) || ["STYLE", "SCRIPT", "TEMPLATE"].includes(node.tagName)) return "";
    // A slot has no box of its own.
    if (node instanceof HTMLSlotElement) {
      const filled = node.assignedNodes();
      return (filled.length > 0 ? filled : [...node.childNodes]).map(text).join("");
    }
    if (!node.checkVisibility()) return "";
    const block = getComputedStyle(node).display.startsWith("inline") ? "" : "\n";
    return block + [...(node.shadowRoot ?? node).childNodes].map(text).join("") + block;
  }

  const tidy = (value: string): string => value.replace(/\s+/g, " ").trim();

  function name(element: Element): string {
    const scope = element.getRootNode() as Document | ShadowRoot;
    const by = element.getAttribute("aria-labelledby");
    if (by)
      return tidy(
        by
          .split(/\s+/)
          .map((id) => scope.getElementById(id)?.textContent ?? "")
          .join(" "),
      );
    const label = element.getAttribute("aria-label");
    if (label) return tidy(label);
    const labels = (element as HTMLInputElement).labels;
    if (labels && labels.length > 0) return tidy([...labels].map(text).join(" "));
    return tidy(text(element)) || tidy(element.getAttribute("placeholder") ?? element.getAttribute("title") ?? "");
  }

  function fits(element: Element, query: Query): boolean {
    if (query.css !== undefined && !element.matches(query.css)) return false;
    if (query.part !== undefined && !element.part.contains(query.part)) return false;
    if (query.role !== undefined && role(element) !== query.role) return false;
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    if (query.name !== undefined) {
      const actual = name(element).toLowerCase();
      const wanted = query.name.toLowerCase();
      if (query.exact ? actual !== wanted : !actual.includes(wanted)) return false;
    }
    return query.text === undefined || tidy(text(element)).includes(query.text);
  }

  function all(query: Query, root: ParentNode = document): Element[] {
    const found: Element[] = [];
    for (const element of deep(root)) if (fits(element, query)) found.push(element);
    return found;
  }

  function find(query: Query, root: ParentNode = document): Element | undefined {
    for (const element of deep(root)) if (fits(element, query)) return element;
    return undefined;
  }

  /** The focused element, however deep. */
  function focused(): Element | null {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element;
  }

  const disabled = (element: Element): boolean =>
    element.matches(":disabled") || element.getAttribute("aria-disabled") === "true";

  /** Where a person would click the element; undefined while it is disabled, moving or covered. */
  async function point(element: Element): Promise<{ x: number; y: number } | undefined> {
    if (disabled(element)) return undefined;
    element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
    const before = element.getBoundingClientRect();
    await frame();
    const { left, top, width, height } = element.getBoundingClientRect();
    if (left !== before.left || top !== before.top || width === 0 || height === 0) return undefined;
    const x = left + width / 2;
    const y = top + height / 2;
    let hit = document.elementFromPoint(x, y);
    while (hit?.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    for (let node: Node | null = hit; node; node = node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null) {
      if (node === element) return { x, y };
    }
    // Text that is slotted into the element belongs to the host, and so is hit there.
    const host = (element.getRootNode() as Partial<ShadowRoot>).host;
    return hit !== null && hit === host && element.querySelector("slot") ? { x, y } : undefined;
  }

  /** The next frame; a page in the background paints none, so a timer stands in for it. */
  function frame(): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, 50);
      requestAnimationFrame(() => {
        clearTimeout(late);
        resolve();
      });
    });
  }

  const expectation = globalThis as { mimiTestClick?: { arrived: boolean } };

  /** Begins to watch for a click on the element. */
  function expectClick(element: Element): void {
    const expected = { arrived: false };
    expectation.mimiTestClick = expected;
    element.addEventListener("click", () => (expected.arrived = true), { once: true, capture: true });
  }

  /** Whether the element was clicked since; a page that went away was left by the click. */
  const clickArrived = (): boolean => expectation.mimiTestClick?.arrived ?? true;

  return { all, clickArrived, deep, disabled, expectClick, find, fits, focused, frame, name, point, role, text, tidy };
}
