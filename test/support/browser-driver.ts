/** What a test needs from a browser engine, small enough that DevTools, BiDi and WebDriver all give it. */

export type EngineName = "chromium" | "firefox" | "webkit";

/** A key as `KeyboardEvent.key` names it. */
export type Key = "Enter" | "Tab" | "Escape" | "Backspace" | "Space" | "ArrowUp" | "ArrowDown" | "Home" | "End";

export interface EngineDriver {
  readonly engine: EngineName;
  readonly version: string;
  /** A profile of its own: storage, locks, channels and connections shared with no other. */
  newProfile(options: ProfileOptions): Promise<ProfileDriver>;
  close(): Promise<void>;
}

export interface ProfileOptions {
  /** Every request of the profile goes through this HTTP proxy. */
  readonly proxy: string;
  /** Where downloads are kept. */
  readonly downloads: string;
}

export interface ProfileDriver {
  newPage(): Promise<PageDriver>;
  close(): Promise<void>;
}

export interface PageDriver {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  bringToFront(): Promise<void>;
  /** Runs `source`, the body of an async function with the parameter `args`; its result is plain data. */
  run(source: string, args: readonly unknown[]): Promise<unknown>;
  click(x: number, y: number): Promise<void>;
  type(text: string): Promise<void>;
  press(key: Key, shift: boolean): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  /** Gives the file input that `source` returns a file. */
  upload(source: string, args: readonly unknown[], path: string): Promise<void>;
  screenshot(): Promise<Uint8Array>;
  /** What went wrong so far in this page's console, as the engine tells it. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}
