import { keyVectorChecks } from "./key-vectors.js";
import { memberVectorChecks } from "./member-vectors.js";
import { messageVectorChecks } from "./message-vectors.js";
import { treeVectorChecks } from "./tree-vectors.js";
import type { VectorCheck } from "./vector-check.js";

/** All that is checked of the MLS working group's vectors, through src/mls alone. */
export const vectorChecks: readonly VectorCheck[] = [
  ...keyVectorChecks,
  ...treeVectorChecks,
  ...messageVectorChecks,
  ...memberVectorChecks,
];
