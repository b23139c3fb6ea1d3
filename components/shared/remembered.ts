/**
 * Small things that this browser keeps for its user on this site: the nickname, an unsent draft, how far was read.
 * Where the site has no storage nothing is kept, and nothing else changes.
 */
export interface Remembered {
  get(): string;
  /** Keeps `value`; an empty one forgets. */
  set(value: string): void;
}

/** @param key - Names the thing; the same key is the same thing in every tab of the site. */
export function remembered(key: string): Remembered {
  const name = `mimi-room/1/${key}`;
  return {
    get() {
      try {
        return localStorage.getItem(name) ?? "";
      } catch {
        return "";
      }
    },
    set(value) {
      try {
        if (value === "") localStorage.removeItem(name);
        else localStorage.setItem(name, value);
      } catch {
        // Storage is full or forbidden: the value lives as long as the page.
      }
    },
  };
}
