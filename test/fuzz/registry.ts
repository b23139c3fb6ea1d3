import type { Decoder } from "./decoder.js";
import { codecDecoders } from "./decoders/codec.js";
import { componentDecoders } from "./decoders/components.js";
import { contentDecoders } from "./decoders/content.js";
import { engineDecoders } from "./decoders/engine.js";
import { mlsStateDecoders } from "./decoders/mls-state.js";
import { mlsWireDecoders } from "./decoders/mls-wire.js";
import { providerDecoders } from "./decoders/provider.js";
import { providerStreamDecoders } from "./decoders/provider-stream.js";
import { transportDecoders } from "./decoders/transport.js";

/** Every decoder that takes octets or text from somebody else. */
export const registry: readonly Decoder[] = [
  ...codecDecoders,
  ...contentDecoders,
  ...mlsWireDecoders,
  ...mlsStateDecoders,
  ...transportDecoders,
  ...engineDecoders,
  ...providerDecoders,
  ...providerStreamDecoders,
  ...componentDecoders,
];
