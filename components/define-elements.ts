/** Elements by their names. */
export type Elements = Readonly<Record<string, CustomElementConstructor>>;

/** Registers elements that are not registered yet: one of the same name that was there first stays. */
export function define(registry: CustomElementRegistry, named: Elements): void {
  for (const [name, element] of Object.entries(named)) {
    if (registry.get(name) === undefined) registry.define(name, element);
  }
}
