import type { ReactiveController, ReactiveControllerHost } from "lit";

/** This near to the end, in pixels, is at the end. */
const NEAR = 48;

interface Place {
  readonly row: HTMLElement;
  readonly offset: number;
}

interface ScrollHost extends ReactiveControllerHost {
  readonly scroller: HTMLElement | null;
  /** Whether there is more below the content, which is not drawn. */
  readonly hasBelow: boolean;
  /** Whoever reads came to the end, or went from it; or more rows are wanted above or below. */
  scrolled(): void;
}

/**
 * Keeps a scroller's place while its content changes: at the end it stays at the end; elsewhere the row that is at the
 * top stays where it is, whatever comes above it. (Browsers differ in anchoring; this one is the same everywhere.)
 */
export class ScrollPlace implements ReactiveController {
  readonly #host: ScrollHost;
  readonly #sizes = new ResizeObserver(() => this.#restore());
  #place: Place | "end" = "end";
  #height = 0;
  #told = 0;
  #settling = 0;

  constructor(host: ScrollHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Whether the newest row is in sight. */
  get atEnd(): boolean {
    return this.#place === "end";
  }

  /** Shows the newest row. */
  toEnd(): void {
    this.#place = "end";
    this.#restore();
  }

  /** How much of the content is above what is seen, in pixels. */
  get above(): number {
    return this.#host.scroller?.scrollTop ?? 0;
  }

  /** How much of the content is below what is seen, in pixels. */
  get below(): number {
    const scroller = this.#host.scroller;
    return scroller === null ? 0 : scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
  }

  hostConnected(): void {
    if (this.#host.scroller !== null) this.#observe();
  }

  hostDisconnected(): void {
    cancelAnimationFrame(this.#told);
    cancelAnimationFrame(this.#settling);
    this.#settling = 0;
    this.#sizes.disconnect();
  }

  hostUpdated(): void {
    if (this.#height === 0) this.#observe();
    else this.#settle();
  }

  /** To be called on every scroll event. */
  readonly moved = (): void => {
    const scroller = this.#host.scroller;
    // The content has grown since: this event tells of a position before that, and says nothing about the reader.
    if (scroller === null || scroller.scrollHeight !== this.#height || this.#settling !== 0) return;
    const isEnd = this.below <= NEAR && !this.#host.hasBelow;
    this.#place = isEnd ? "end" : (topRow(scroller) ?? "end");
    this.#host.scrolled();
  };

  #observe(): void {
    const scroller = this.#host.scroller;
    if (scroller === null) return;
    this.#sizes.disconnect();
    this.#sizes.observe(scroller);
    for (const child of scroller.children) this.#sizes.observe(child);
    this.#restore();
  }

  /**
   * As many rows may have come above as went below, and what shrank may have grown again: no size tells of that, and the scroll
   * event of the moment between says nothing about the reader. By the next frame they are drawn.
   */
  #settle(): void {
    cancelAnimationFrame(this.#settling);
    this.#settling = requestAnimationFrame(() => this.#restore());
  }

  #restore(): void {
    cancelAnimationFrame(this.#settling);
    this.#settling = 0;
    const scroller = this.#host.scroller;
    if (scroller === null) return;
    if (this.#place === "end") {
      scroller.scrollTop = scroller.scrollHeight;
    } else if (this.#place.row.isConnected) {
      const moved = offsetIn(scroller, this.#place.row) - this.#place.offset;
      if (moved !== 0) scroller.scrollTop += moved;
    } else {
      this.#place = topRow(scroller) ?? "end";
    }
    this.#height = scroller.scrollHeight;
    this.look();
  }

  /** Tells the host of its place, in the next frame. */
  look(): void {
    // What the host draws in answer may change sizes again, which an observer must not do within its own round.
    cancelAnimationFrame(this.#told);
    this.#told = requestAnimationFrame(() => this.#host.scrolled());
  }
}

function topRow(scroller: HTMLElement): Place | undefined {
  for (const row of scroller.querySelectorAll<HTMLElement>("[data-row]")) {
    const offset = offsetIn(scroller, row);
    if (offset + row.offsetHeight > 0) return { row, offset };
  }
  return undefined;
}

function offsetIn(scroller: HTMLElement, row: HTMLElement): number {
  return row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}
