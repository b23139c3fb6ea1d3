import { type Codec, opaque, uint16 } from "../../codec/tls.js";

/** Credential type `basic` (RFC 9420, 17.5). */
export const CREDENTIAL_BASIC = 1;

/** A basic credential: the identity is the client's URI, for an external sender the provider's. */
export interface BasicCredential {
  readonly identity: Uint8Array;
}

/** `struct { CredentialType credential_type; opaque identity<V>; } Credential` (RFC 9420, 5.3), of type basic only. */
export const basicCredential: Codec<BasicCredential> = {
  write(writer, { identity }) {
    uint16.write(writer, CREDENTIAL_BASIC);
    opaque.write(writer, identity);
  },
  read(reader) {
    const type = uint16.read(reader);
    if (type !== CREDENTIAL_BASIC) throw reader.error(`${type} is not the type of a basic credential`);
    return { identity: opaque.read(reader) };
  },
};
