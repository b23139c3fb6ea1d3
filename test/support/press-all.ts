/** Everything that a selector finds in the open shadow roots beneath an element. */
export function deepAll<Found extends HTMLElement>(element: Element, selector: string): Found[] {
  const root = element.shadowRoot;
  if (root === null) return [];
  return [...root.querySelectorAll("*")].flatMap((child) => [
    ...(child.matches(selector) ? [child as Found] : []),
    ...deepAll<Found>(child, selector),
  ]);
}

/** Clicks the first element that fits each selector, one after the other, each as soon as it is there. */
export async function pressAll(element: Element, selectors: readonly string[]): Promise<void> {
  for (const selector of selectors) {
    const [found] = await appear(element, selector);
    found?.click();
  }
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
}

/** Resolves with what a selector finds, once it finds something; throws when it does not within a few seconds. */
export async function appear(element: Element, selector: string): Promise<HTMLElement[]> {
  const deadline = performance.now() + 5_000;
  while (performance.now() < deadline) {
    const found = deepAll(element, selector);
    if (found.length > 0) return found;
    await new Promise(requestAnimationFrame);
  }
  throw new Error(`${selector} does not appear`);
}
