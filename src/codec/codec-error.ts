/** Bytes or text that are not what the format says; `path` names the field, "" for the whole. */
export class CodecError extends Error {
  override readonly name = "CodecError";
  readonly code = "malformed";
  readonly path: string;

  constructor(path: string, reason: string) {
    super(path === "" ? reason : `${path}: ${reason}`);
    this.path = path;
  }
}

/** What `read` gives, or undefined where it finds something malformed: for those who decide instead of failing. */
export function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
