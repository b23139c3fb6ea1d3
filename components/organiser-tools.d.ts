/** Where the file of the organisers' tools is, put there by the build (scripts/vite-plugin-organiser-tools.ts). */
declare module "virtual:mimi-organiser-tools" {
  /** Relative to this script. */
  export const path: string;
  /** Of the file (Subresource Integrity); "" where it is built anew with every change. */
  export const integrity: string;
}
