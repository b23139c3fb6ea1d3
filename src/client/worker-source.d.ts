/** The whole bundle of src/worker/worker.ts as text, put there by the build (scripts/vite-plugin-worker-source.ts). */
declare module "virtual:mimi-worker-source" {
  const source: string;
  export default source;
}
